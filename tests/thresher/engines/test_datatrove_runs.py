"""Whole runs with datatrove's executors: the same result however it came about, killed tasks included."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import psutil
import pyarrow.parquet as pq
import pytest

pytest.importorskip("datatrove")

from tests.mockserver import PARAGRAPHS, article_html
from tests.spiders.archives import gzipped, info, response
from tests.thresher.engines.datatrove_folder import record, reject, written

ROOT = Path(__file__).resolve().parents[3]
EXAMPLE = ROOT / "examples" / "datatrove_corpus.py"
TIMEOUT = 240  # seconds; a tenth is enough, the rest is for a busy machine

_RUN = """
import os, signal, sys
from pathlib import Path
from datatrove.executor.local import LocalPipelineExecutor
from datatrove.pipeline.base import PipelineStep
from datatrove.pipeline.writers import JsonlWriter
from thresher.engines.datatrove import ThresherCleaner, ThresherReader, run_to_the_end
from thresher.engines.datatrove.executing import UnfinishedError

class Killed(PipelineStep):
    "Ends its process in the middle of a task, the first time."
    def __init__(self, mark):
        super().__init__()
        self.mark = mark
    def run(self, data, rank=0, world_size=1):
        for number, document in enumerate(data):
            if (rank, number) == (1, 1) and self.mark and not Path(self.mark).exists():
                Path(self.mark).touch()
                os.kill(os.getpid(), signal.SIGKILL)
            yield document

if __name__ == "__main__":
    source, output, tasks, workers, executor, mark = sys.argv[1:]
    rejects, out, logs = (f"{output}/{name}" for name in ("rejects", "out", "logs"))
    steps = [
        ThresherReader(source),
        ThresherCleaner(exclusion_writer=JsonlWriter(rejects, compression=None)),
        JsonlWriter(out, compression=None),
        Killed(mark),
    ]
    if executor == "ray":
        import ray
        from datatrove.executor.ray import RayPipelineExecutor as Executor
        ray.init(num_cpus=2, include_dashboard=False, object_store_memory=100 << 20)
        more = {"mem_per_cpu_gb": 0.5}
    else:
        Executor, more = LocalPipelineExecutor, {}
    run = Executor(steps, tasks=int(tasks), workers=int(workers), logging_dir=logs, **more)
    if not mark:
        run.run()
        sys.exit()
    try:
        run_to_the_end(run, [out, rejects])
    except UnfinishedError as error:
        sys.exit(f"Unfinished: {error}")
"""


def start(folder: Path, output: Path, tasks: int, workers: int, executor: str, mark: str) -> str:
    """What a run says on standard error."""
    script = output.with_name("run.py")
    script.write_text(_RUN, encoding="utf-8")
    arguments = [str(folder), str(output), str(tasks), str(workers), executor, mark]
    done = subprocess.run(
        [sys.executable, str(script), *arguments],
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=TIMEOUT,
        check=False,
    )
    return done.stderr


def result(output: Path) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    return [record(found) for found in written(output / "out")], [
        reject(found) for found in written(output / "rejects")
    ]


@pytest.mark.parametrize(("tasks", "workers", "executor"), [(3, 2, "local"), (2, 1, "local"), (2, 2, "ray")])
def test_an_executors_tasks_give_what_the_command_gives(
    folder: Path,
    expected: tuple[list[dict[str, Any]], list[dict[str, Any]]],
    tmp_path: Path,
    tasks: int,
    workers: int,
    executor: str,
) -> None:
    if executor == "ray":
        pytest.importorskip("ray")
    said = start(folder, tmp_path / "output", tasks, workers, executor, "")
    assert result(tmp_path / "output") == expected, said
    (_, stats, *_) = json.loads((tmp_path / "output" / "logs" / "stats.json").read_text(encoding="utf-8"))
    counted = stats["stats"]
    articles, rejects = expected
    assert [total(counted[name]) for name in ("total", "forwarded", "dropped")] == [19, 14, 5]
    bodies = [block for found in articles for block in found["blocks"] if block["type"] == "body"]
    assert total(counted["kept/body/blocks"]) == len(bodies)
    for reason in {found["reason"] for found in rejects}:
        times = sum(found["reason"] == reason for found in rejects)
        assert total(counted[f"rejected/{reason}"]) == times


def total(stat: Any) -> float:
    return float(stat["total"] if isinstance(stat, dict) else stat)


def test_a_killed_task_is_noticed_and_done_again(
    folder: Path, expected: tuple[list[dict[str, Any]], list[dict[str, Any]]], tmp_path: Path
) -> None:
    output, mark = tmp_path / "output", str(tmp_path / "mark")
    said = start(folder, output, 3, 2, "local", mark)
    assert said.splitlines()[-1] == (
        "Unfinished: tasks that did not complete: 1; the logs say why. Start it again."
    )
    assert "The process of task 1 ended with exit code -9" in said
    assert (output / "logs" / "completions" / "00002").exists()
    stale = output / "out" / "000_00001.jsonl"
    stale.write_text("half a li", encoding="utf-8")
    assert not (output / "logs" / "completions" / "00001").exists()
    said = start(folder, output, 3, 2, "local", mark)
    assert result(output) == expected, said
    assert not stale.exists()
    (_, stats, *_) = json.loads((output / "logs" / "stats.json").read_text(encoding="utf-8"))
    assert total(stats["stats"]["total"]) == 19


def wait_for_end(session: int) -> None:
    """Wait until no process of a session is left."""
    end = time.monotonic() + 30
    while session in map(session_of, psutil.pids()):
        assert time.monotonic() < end
        time.sleep(0.1)


def session_of(pid: int) -> int | None:
    try:
        return os.getsid(pid) if psutil.Process(pid).status() != psutil.STATUS_ZOMBIE else None
    except (ProcessLookupError, psutil.NoSuchProcess):
        return None


def corpus(source: Path, output: Path, *options: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, str(EXAMPLE), str(source), str(output), "--tasks", "2", *options],
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )


def rows(output: Path) -> list[dict[str, Any]]:
    return [row for path in sorted(output.glob("corpus/*")) for row in pq.read_table(path).to_pylist()]


@pytest.fixture
def press(tmp_path: Path) -> Path:
    """Archives with stories, one of which stands in both, slightly edited."""
    source = tmp_path / "press"
    source.mkdir()
    for number, name in enumerate(("a", "b")):
        shared = [*PARAGRAPHS, f"The editors added this line for edition number {number}."]
        own = [
            f"{name * 3} {place} repaints {name * 4} in {name * 5} every {name * 6}. " * 9
            for place in range(9)
        ]
        pages = [
            article_html("Shared", *shared),
            article_html(f"Own {number}", *own),
            article_html("Short", "No."),
        ]
        urls = [f"https://{name}.example/{place}" for place in range(3)]
        answers = [response(url, page.encode()) for url, page in zip(urls, pages, strict=True)]
        (source / f"{name}.warc.gz").write_bytes(gzipped([info(), *answers]))
    return source


def test_the_example_goes_on_after_everything_was_killed(press: Path, tmp_path: Path) -> None:
    calm, killed = tmp_path / "calm", tmp_path / "killed"
    with corpus(press, calm, "--workers", "2") as whole:
        said, _ = whole.communicate(timeout=TIMEOUT)
    assert whole.returncode == 0, said
    assert [row["url"] for row in rows(calm)] == [
        "https://a.example/0",
        "https://a.example/1",
        "https://b.example/1",
    ]
    (twin,) = written(calm / "duplicates")
    assert twin["metadata"]["url"] == "https://b.example/0"
    for sign in ("logs/1-clean/executor.json", "minhash/signatures", "corpus.part"):
        with corpus(press, killed, "--workers", "2") as part:
            wait_for(killed / sign, part)
            part.kill()  # all others follow
            wait_for_end(part.pid)
    with corpus(press, killed, "--workers", "1") as rest:
        said, _ = rest.communicate(timeout=TIMEOUT)
    assert rest.returncode == 0, said
    assert rows(killed) == rows(calm)
    for name in ("cleaned", "rejects", "filtered", "duplicates"):
        assert written(killed / name) == written(calm / name)
    with corpus(press, killed, "--min-words", "3") as other:
        said, _ = other.communicate(timeout=TIMEOUT)
    assert (other.returncode, said.splitlines()[-1]) == (
        1,
        f"Error: {killed} was begun with other files or options (run.json); take another folder",
    )


def wait_for(sign: Path, process: subprocess.Popen[str]) -> None:
    end = time.monotonic() + TIMEOUT
    while not sign.exists():
        assert process.poll() is None
        assert time.monotonic() < end
        time.sleep(0.01)
