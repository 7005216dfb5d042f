"""Record batches: a row for a row, the same articles as `thresher clean`, and no process left behind."""

from __future__ import annotations

import json
import os
import pickle
import re
import subprocess
import sys
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psutil
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from cleaners import Article, Favor, Page, clean
from pipelines.cleaner import Cleaner
from pipelines.records import record_of
from thresher.engines import arrow
from thresher.engines.arrow import CleanBatches, WrongColumnsError

ROOT = Path(__file__).resolve().parents[3]
SENTENCE = "The council of the harbour town voted on Monday to keep both of its ferries running this year."
STORY = f"<html><body><h1>Ferries stay</h1><p>{SENTENCE}</p><p>{SENTENCE[:-1]} too.</p></body></html>"
POST = {
    "id": 1,
    "link": "https://a.example/post",
    "title": {"rendered": "Roof \ud800 falls in"},
    "content": {"rendered": f"<p>{SENTENCE}</p>"},
    "date_gmt": "2025-03-04T05:06:07",
}
BODIES = {
    "0-story.html": STORY.encode(),
    "1-latin.html": STORY.replace("Ferries", "Fähren").encode("latin-1"),
    "2-menu.html": b"<nav><a href=/>Home</a></nav>",
    "3-post.json": json.dumps(POST).encode(),
    "4-extracted.txt": f"Ferries stay\n\n{SENTENCE}\n{SENTENCE}\n".encode(),
    "5-empty.html": b"",
    "6-picture.html": b"\x89PNG\r\n\x1a\n" + bytes(300),
    "7-dated.html": STORY.replace("<p>", "<time datetime='2025-03-04T05:06+02:00'></time><p>", 1).encode(),
}
DEFAULT = CleanBatches()


@dataclass(frozen=True)
class Odd:
    """A cleaner that does what the page says: ends its process, never ends, or fails."""

    def __call__(self, page: Page) -> Article:
        if page.body == b"die":
            os._exit(7)
        if page.body == b"never":
            if page.url is not None:
                Path(page.url).touch()
            re.match("(a+)+$", "a" * 60 + "b")  # no thread of Python's own gets a turn meanwhile
        return clean(page)


def table(bodies: list[Any], kind: pa.DataType | None = None, **columns: pa.Array) -> pa.Table:
    return pa.table({"body": pa.array(bodies, kind or pa.binary()), **columns})


def test_a_row_for_a_row_in_order() -> None:
    urls = [f"https://a.example/{number}" for number in range(40)]
    pages = table([STORY.encode() if number % 3 else b"" for number in range(40)], url=pa.array(urls))
    cleaned = DEFAULT(pages)
    cleaned.validate(full=True)
    assert cleaned.schema.equals(DEFAULT.output_schema(pages.schema), check_metadata=True)
    assert cleaned["url"].to_pylist() == urls
    assert cleaned["reject_reason"].to_pylist() == [None if n % 3 else "no-text" for n in range(40)]
    assert record_of(cleaned.to_pylist()[1]) == clean(STORY.encode(), url=urls[1]).to_record()
    assert cleaned["reject_detail"][0].as_py() == "the page holds no text"
    assert cleaned["text"][0].as_py() is None
    assert cleaned["blocks"][0].as_py() is None


@pytest.mark.parametrize(
    "kind",
    [
        pa.string(), pa.large_string(), pa.string_view(), pa.large_binary(), pa.binary_view(),
        pa.dictionary(pa.int32(), pa.string()),
    ],
)  # fmt: skip
def test_every_kind_of_text_and_bytes(kind: pa.DataType) -> None:
    body = STORY.encode() if "binary" in str(kind) else STORY
    cleaned = DEFAULT(table([body, None], kind, url=pa.array(["https://a.example/1"] * 2, pa.large_string())))
    assert cleaned["title"].to_pylist() == ["Ferries stay", None]
    assert cleaned.schema.field("url").type == pa.string()


def test_a_record_batch_and_an_empty_one() -> None:
    pages = table([STORY.encode()], url=pa.array(["https://a.example/1"]))
    (batch,) = pages.to_batches()
    assert DEFAULT(batch).equals(DEFAULT(pages))
    schema = DEFAULT.output_schema(pages.schema)
    for empty in (pages.slice(0, 0), batch.slice(0, 0), pages.schema.empty_table()):
        assert (len(DEFAULT(empty)), DEFAULT(empty).schema) == (0, schema)
    streamed = list(DEFAULT.stream(iter([batch.slice(0, 0), batch, batch])))
    assert pa.Table.from_batches(streamed, schema).num_rows == 2
    assert all(isinstance(one, pa.RecordBatch) for one in streamed)


def test_batches_of_batches_are_made_when_texts_are_long(monkeypatch: pytest.MonkeyPatch) -> None:
    pages = table([STORY.encode(), b"", STORY.encode()], id=pa.array([1, 2, 3]))
    whole = DEFAULT(pages)
    monkeypatch.setattr(arrow, "_CHARACTERS_AT_A_TIME", 1)
    parts = DEFAULT(pages)
    assert parts["text"].num_chunks == 2
    assert parts.equals(whole)
    assert [len(batch) for batch in DEFAULT.stream(pages.to_batches())] == [1, 2]


def test_other_columns_go_along() -> None:
    pages = table([STORY.encode(), b""], id=pa.array([7, 8]), tags=pa.array([["a"], None]))
    assert DEFAULT(pages).column_names[:2] == ["id", "tags"]
    assert DEFAULT(pages)["tags"].to_pylist() == [["a"], None]
    assert "tags" not in CleanBatches(keep=["id"])(pages).column_names
    assert CleanBatches(keep=())(pages).column_names[0] == "schema_version"


def test_what_the_row_says_of_its_page() -> None:
    moments = pa.array([1_741_064_767_000_000_001] * 2, pa.timestamp("ns", "Europe/Oslo"))
    pages = table(
        [SENTENCE.encode(), b""],
        url=pa.array(["https://a.example/1", "https://a.example/2"]),
        content_type=pa.array(["text/plain", None]),
        fetched_at=moments,
        lastmod=moments.cast(pa.timestamp("s"), safe=False),
        discovered_by=pa.array(["feed", "link"]),
    )
    article, rejected = DEFAULT(pages).to_pylist()
    fetched, lastmod = (datetime(2025, 3, 4, 5, 6, 7, tzinfo=UTC),) * 2
    page = Page(
        url="https://a.example/1",
        body=SENTENCE.encode(),
        content_type="text/plain",
        fetched_at=fetched,
        discovered_by="feed",
        lastmod=lastmod,
    )
    assert record_of(article) == clean(page).to_record()
    assert article["content_type"] == "text/plain"
    known = ("url", "fetched_at", "lastmod", "discovered_by", "fetched_at_iso", "reject_reason")
    iso = "2025-03-04T05:06:07+00:00"
    assert [rejected[name] for name in known] == [
        "https://a.example/2", fetched, lastmod, "link", iso, "no-text",
    ]  # fmt: skip


@pytest.mark.parametrize("ticks", [-(2**62), 2**62])
def test_a_time_that_no_calendar_has_costs_its_row_only(ticks: int) -> None:
    moments = pa.array([ticks, 0, None], pa.timestamp("us"))
    cleaned = DEFAULT(table([STORY.encode()] * 3, fetched_at=moments)).to_pylist()
    assert [row["reject_reason"] for row in cleaned] == ["invalid-row", None, None]
    assert cleaned[0]["reject_detail"] == "fetched_at is a time before the year 1 or after the year 9999"
    assert [row["fetched_at"] for row in cleaned[1:]] == [datetime(1970, 1, 1, tzinfo=UTC), None]


def test_a_row_without_a_body() -> None:
    (row,) = DEFAULT(table([None], url=pa.array(["https://a.example/1"]))).to_pylist()
    assert (row["url"], row["reject_reason"]) == ("https://a.example/1", "invalid-row")
    assert row["reject_detail"] == "the row has no page: its body is null"


@pytest.mark.parametrize(
    ("pages", "options", "message"),
    [
        ({"html": ["x"]}, {}, r"no column 'body' holds the pages \(there are: html\): rename .* by `body`"),
        ({"body": [1]}, {}, "the column 'body' is of int64: cast it to binary or string"),
        ({"body": ["x"], "url": [1]}, {}, "the column 'url' is of int64: cast it to string"),
        ({"body": ["x"], "fetched_at": ["x"]}, {}, "'fetched_at' is of string: cast it to timestamp"),
        ({"body": ["x"], "text": ["x"], "site": ["x"]}, {}, "the columns site, text have names .*`keep`"),
        ({"body": ["x"]}, {"keep": ["id"]}, "`keep` names columns that are not there: id"),
    ],
)
def test_wrong_columns(pages: dict[str, list[Any]], options: dict[str, Any], message: str) -> None:
    with pytest.raises(WrongColumnsError, match=message):
        CleanBatches(**options)(pa.table(pages))


def test_two_columns_of_one_name() -> None:
    pages = pa.table([pa.array(["x"]), pa.array(["x"])], names=["body", "body"])
    with pytest.raises(WrongColumnsError, match="two columns have the same name"):
        DEFAULT(pages)


def test_the_body_may_have_another_name() -> None:
    pages = pa.table({"text": [SENTENCE], "title": ["of the row"]})
    cleaned = CleanBatches(body="text", keep=())(pages)
    assert cleaned["text"].to_pylist() == [SENTENCE]


def test_one_bad_page_costs_itself_only() -> None:
    odd = CleanBatches(cleaner=Odd(), time_limit=1.0)  # type: ignore[arg-type]
    cleaned = odd(table([STORY.encode(), b"never", b"die", STORY.encode()]))
    assert cleaned["reject_reason"].to_pylist() == [None, "worker-timeout", "worker-died", None]


def test_nothing_of_the_processes_is_pickled() -> None:
    cleaning = CleanBatches(cleaner=Cleaner(Favor.RECALL))
    before = pickle.dumps(cleaning)
    pages = table([STORY.encode()])
    cleaned = cleaning(pages)
    assert pickle.dumps(cleaning) == before
    assert pickle.loads(before)(pages).equals(cleaned)


def test_processes_are_kept_between_calls() -> None:
    cleaning, pages = CleanBatches(), table([STORY.encode()])
    cleaning(pages)
    running = {child.pid for child in psutil.Process().children(recursive=True)}
    pickle.loads(pickle.dumps(cleaning))(pages)
    assert {child.pid for child in psutil.Process().children(recursive=True)} == running


KILLED = """
import sys
import pyarrow as pa
from pipelines import workers
from tests.thresher.engines.test_arrow import Odd
from thresher.engines import arrow

if __name__ == "__main__":
    workers.ORPHAN_GRACE = 8.0 - workers.TIME_LIMIT
    arrow.CleanBatches(cleaner=Odd())(pa.table({"body": [sys.argv[1].encode()], "url": [sys.argv[2]]}))
    open(sys.argv[2], "w").close()
    sys.stdin.read()
"""


@pytest.mark.parametrize("body", ["x", "never"])
def test_processes_end_with_the_one_that_was_killed(body: str, tmp_path: Path) -> None:
    """An engine kills its workers; one of ours that is idle ends at once, a busy one by its own alarm."""
    script, reached = tmp_path / "killed.py", tmp_path / "reached"
    script.write_text(KILLED, encoding="utf-8")
    with subprocess.Popen(
        [sys.executable, str(script), body, str(reached)],
        stdin=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    ) as engine:
        deadline = time.monotonic() + 60
        while not reached.exists() and time.monotonic() < deadline:
            time.sleep(0.02)
        children = psutil.Process(engine.pid).children(recursive=True)
        engine.kill()
    assert reached.exists()
    assert len(children) >= 2  # the fork server, and the worker
    _, alive = psutil.wait_procs(children, timeout=30)
    assert alive == []


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Pages in files, which are also the rows of a Parquet dataset in two files."""
    folder = tmp_path_factory.mktemp("saved")
    (folder / "files").mkdir()
    for name, body in BODIES.items():
        (folder / "files" / name).write_bytes(body)
    pages = table(
        list(BODIES.values()),
        id=pa.array(range(len(BODIES))),
        url=pa.array([(folder / "files" / name).as_uri() for name in BODIES]),
        discovered_by=pa.array(["file"] * len(BODIES)),
    )
    (folder / "pages").mkdir()
    pq.write_table(pages.slice(0, 5), folder / "pages" / "0.parquet")
    pq.write_table(pages.slice(5), folder / "pages" / "1.parquet")
    return folder


@pytest.fixture(scope="module")
def records(saved: Path) -> list[dict[str, Any]]:
    """What `thresher clean` makes of the files."""
    done = subprocess.run(
        [sys.executable, "-m", "thresher", "clean", str(saved / "files"), "--format", "jsonl"],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 1  # three give no article
    for name in ("2-menu.html", "5-empty.html", "6-picture.html"):
        assert name in done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def of(cleaned: pa.Table) -> list[dict[str, Any]]:
    """The records of a table's articles, and the ids in order."""
    rows = cleaned.to_pylist()
    assert [row["id"] for row in rows] == list(range(len(BODIES)))
    assert [row["id"] for row in rows if row["reject_reason"]] == [2, 5, 6]
    return [record_of(row) for row in rows if not row["reject_reason"]]


def test_the_documentation_names_every_column() -> None:
    documented = (ROOT / "docs" / "record_batches.md").read_text(encoding="utf-8")
    columns = DEFAULT.output_schema(pa.schema([("body", pa.binary())])).names
    assert [name for name in columns if f"`{name}`" not in documented] == []


def test_the_same_as_the_command(saved: Path, records: list[dict[str, Any]]) -> None:
    assert len(records) == 5
    assert of(DEFAULT(pq.read_table(saved / "pages"))) == records


def test_the_same_in_ray_data(saved: Path, records: list[dict[str, Any]], tmp_path: Path) -> None:
    """The example as a user runs it, with Ray's own processes."""
    pytest.importorskip("ray")
    done = subprocess.run(
        [
            sys.executable,
            "examples/ray_data.py",
            str(saved / "pages"),
            str(tmp_path / "out"),
            "--actors",
            "1",
        ],
        cwd=ROOT,
        env={**os.environ, "RAY_USAGE_STATS_ENABLED": "0", "RAY_DATA_DISABLE_PROGRESS_BARS": "1"},
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert {*done.stdout.splitlines()} >= {"articles 5", "no-text 3"}
    assert of(pq.read_table(tmp_path / "out").sort_by("id")) == records
