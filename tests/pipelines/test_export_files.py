"""The files of an export: how large they get, and that nothing unfinished ever looks like an export."""

from __future__ import annotations

import hashlib
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from pipelines.export import parts
from pipelines.export.card import Card
from pipelines.export.corpus import export
from pipelines.export.folder import new_folder
from pipelines.export.options import Form, Options
from pipelines.store import Store
from pipelines.store.together import Save, save_together
from tests.pipelines.corpora import article, fill, story
from tests.pipelines.test_export import PRESS, contents, rows

EXPORT = """
import resource, sys, time
from pathlib import Path
from pipelines.export.corpus import export
from pipelines.export.options import Form, Options
from pipelines.store import Store

def report(what, done, total):
    print(what, done, total, flush=True)
    if what == "Writing" and done >= 500 and "wait" in sys.argv:
        while True:  # `signal.pause` would miss a signal that comes just before it
            time.sleep(0.01)
    if what == "Writing" and sys.argv[-1].isdigit():  # the database's own files are open by now
        resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[-1]),) * 2)

with Store(sys.argv[1]) as store:
    export(store, Path(sys.argv[2]), Options(form=Form(sys.argv[3]), file_size=300_000), report=report)
"""


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A database of 2,000 articles whose texts do not compress well, 6 MB in all."""
    drawn = random.Random(1)
    words = ["".join(drawn.choices("abcdefghijklmnopqrstuvwxyz", k=6)) for _ in range(30_000)]
    url = f"sqlite:///{tmp_path_factory.mktemp('large') / 'thresher.db'}"
    with Store(url) as store, store.write() as session:
        items = [
            article(story(f"{number % 7}.example/{number}", " ".join(drawn.choices(words, k=220))))
            for number in range(2_000)
        ]
        save_together(session, [Save(item, None) for item in items])
    return url


@pytest.mark.parametrize("form", Form)
def test_a_new_file_begins_when_one_is_large_enough(large: str, tmp_path: Path, form: Form) -> None:
    with Store(large) as store:
        card = export(store, tmp_path / "small", Options(form=form, file_size=300_000))
        whole = export(store, tmp_path / "whole", Options(form=form))
    assert [file.rows for file in whole.files] == [2_000]
    assert [file.rows for file in card.files] == [500] * 4  # rows come 250 at a time
    assert all(300_000 <= file.bytes < 900_000 for file in card.files)
    assert sum(file.rows for file in card.files) == 2_000
    assert rows(tmp_path / "small") == rows(tmp_path / "whole")
    for number, file in enumerate(card.files):
        data = (tmp_path / "small" / file.name).read_bytes()
        assert file.name == f"part-{number:05}.{'parquet' if form is Form.PARQUET else 'jsonl.zst'}"
        assert (file.bytes, file.sha256) == (len(data), hashlib.sha256(data).hexdigest())


def test_row_groups_have_a_bounded_number_of_rows(
    large: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parts, "ROW_GROUP_ROWS", 750)
    with Store(large) as store:
        export(store, tmp_path / "out", Options())
    metadata = pq.ParquetFile(tmp_path / "out" / "part-00000.parquet").metadata
    assert [metadata.row_group(number).num_rows for number in range(metadata.num_row_groups)] == [
        750,
        750,
        500,
    ]


def test_one_long_text_is_a_row_group_of_its_own(tmp_path: Path) -> None:
    with Store("sqlite://") as store:
        fill(store, [story("a.example/1"), story("a.example/2", "long " * 4_000_000), story("a.example/3")])
        export(store, tmp_path / "out", Options())
    assert sorted(row["characters"] for row in rows(tmp_path / "out"))[-1] == 20_000_000


def test_an_export_is_replaced_only_when_asked_to(tmp_path: Path) -> None:
    out = tmp_path / "deep" / "out"
    with Store("sqlite://") as store:
        fill(store, PRESS)
        export(store, out, Options())
        before = contents(out)
        store.save(article(story("z.example/new")))
        with pytest.raises(FileExistsError, match="is there already; name another folder, or overwrite it"):
            export(store, out, Options())
        assert contents(out) == before
        export(store, out, Options(form=Form.JSONL), overwrite=True)
    assert sorted(contents(out)) == ["README.md", "card.json", "part-00000.jsonl.zst"]
    assert [path.name for path in out.parent.iterdir()] == ["out"]
    assert Card.model_validate_json((out / "card.json").read_bytes()).written.articles == len(PRESS) + 1


def test_an_empty_folder_is_taken(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    with Store("sqlite://") as store:
        fill(store, PRESS)
        export(store, tmp_path / "out", Options())
    assert len(rows(tmp_path / "out")) == len(PRESS)


@pytest.mark.parametrize("where", ["out", "out.partial", "out.before"])
def test_what_no_export_wrote_is_never_removed(tmp_path: Path, where: str) -> None:
    (tmp_path / where).mkdir()
    (tmp_path / where / "thesis.tex").write_text("years of work", encoding="utf-8")
    with Store("sqlite://") as store:
        fill(store, PRESS)
        with pytest.raises(FileExistsError, match=r"holds thesis\.tex, which no export wrote"):
            export(store, tmp_path / "out", Options(), overwrite=True)
    assert (tmp_path / where / "thesis.tex").read_text(encoding="utf-8") == "years of work"
    assert [path.name for path in tmp_path.iterdir()] == [where]


def test_a_file_in_the_way(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("x", encoding="utf-8")
    with pytest.raises(FileExistsError, match="out is a file"), new_folder(tmp_path / "out", overwrite=True):
        pass


def test_a_folder_that_cannot_be_renamed() -> None:
    with pytest.raises(FileExistsError, match="cannot be replaced as a whole"), new_folder(Path("/")):
        pass


def test_two_exports_into_one_place(tmp_path: Path) -> None:
    with new_folder(tmp_path / "out") as first:
        (first / "card.json").write_text("{}", encoding="utf-8")
        with pytest.raises(OSError, match="another export is writing"), new_folder(tmp_path / "out"):
            pass
    assert [path.name for path in tmp_path.iterdir()] == ["out"]
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["card.json"]


def test_a_kill_between_the_two_renames_is_mended(tmp_path: Path) -> None:
    for name in ("out.before", "out.partial"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "card.json").write_text(name, encoding="utf-8")
    with pytest.raises(FileExistsError), new_folder(tmp_path / "out"):
        pass
    assert (tmp_path / "out" / "card.json").read_text(encoding="utf-8") == "out.before"


def child(large: str, out: Path, form: Form, *more: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-W", "error", "-c", EXPORT, large, str(out), form.value, *more],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def wait_until_it_writes(process: subprocess.Popen[str]) -> None:
    assert process.stdout is not None
    while not process.stdout.readline().startswith("Writing 500"):
        assert process.poll() is None


@pytest.mark.parametrize("form", Form)
def test_a_killed_export_leaves_nothing_that_looks_finished(large: str, tmp_path: Path, form: Form) -> None:
    out = tmp_path / "out"
    with child(large, out, form, "wait") as process:
        wait_until_it_writes(process)
        process.kill()
    assert [path.name for path in tmp_path.iterdir()] == ["out.partial"]
    assert not (tmp_path / "out.partial" / "card.json").exists()
    with child(large, out, form) as process:
        assert process.wait() == 0, process.communicate()
    assert [path.name for path in tmp_path.iterdir()] == ["out"]
    assert len(rows(out)) == 2_000


@pytest.mark.parametrize("form", Form)
def test_ctrl_c_leaves_nothing(large: str, tmp_path: Path, form: Form) -> None:
    with child(large, tmp_path / "out", form, "wait") as process:
        wait_until_it_writes(process)
        time.sleep(0.05)  # until it waits; it leaves nothing in either case
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate()
    assert errors.splitlines()[-1] == "KeyboardInterrupt"
    assert "ignored" not in errors
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("form", Form)
@pytest.mark.parametrize("limit", [2_000, 150_000])
def test_a_disk_that_is_full_leaves_nothing(large: str, tmp_path: Path, form: Form, limit: int) -> None:
    with child(large, tmp_path / "out", form, str(limit)) as process:
        _, errors = process.communicate()
    assert process.returncode == 1
    assert errors.splitlines()[-1].startswith("OSError: [Errno 27] ")
    assert "ignored" not in errors
    assert list(tmp_path.iterdir()) == []


def test_an_earlier_export_outlives_one_that_fails(large: str, tmp_path: Path) -> None:
    def fail(what: str, done: int, _total: int) -> None:
        if what == "Writing" and done:
            raise OSError(28, os.strerror(28))

    with Store(large) as store:
        export(store, tmp_path / "out", Options(file_size=100_000))
        before = contents(tmp_path / "out")
        with pytest.raises(OSError, match="No space left"):
            export(store, tmp_path / "out", Options(), overwrite=True, report=fail)
    assert contents(tmp_path / "out") == before
    assert [path.name for path in tmp_path.iterdir()] == ["out"]
