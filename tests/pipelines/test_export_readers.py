"""Exports as the tools of the field read them: DuckDB and `datasets`, which here may not use the network."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from pipelines.export.corpus import export
from pipelines.export.options import Form, Options
from pipelines.store import Store
from tests.pipelines.corpora import fill
from tests.pipelines.test_export import ALL, PRESS

# A process of its own, as `datasets` reads its settings once, when it is imported.
LOAD = """
import sys
from pathlib import Path
from datasets import Sequence, Value, load_dataset

folder = Path(sys.argv[1])
kind = sys.argv[2]
files = sorted(str(path) for path in folder.glob("part-*"))
named = load_dataset("json" if kind == "jsonl" else "parquet", data_files=files, split="train")
found = load_dataset(str(folder), split="train")
chosen = load_dataset(str(folder), "duplicates", split="train")
assert found.column_names == named.column_names
print(len(named), len(found), len(chosen))
print(*sorted(found["url"]))
print(*sorted(chosen["removed_url"]))
if kind == "parquet":
    types = {name: str(kind) for name, kind in found.features.items()}
    for name in ("url", "published", "words", "kept_share", "authors", "boilerplate", "claimed_source"):
        print(name, types[name])
    print(found[0]["published"].isoformat(), found[0]["boilerplate"], found[0]["claimed_source"])
    streamed = load_dataset("parquet", data_files=files, split="train", streaming=True)
    print(sum(1 for _ in streamed))
"""


@pytest.fixture(params=Form)
def folder(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    with Store("sqlite://") as store:
        fill(store, PRESS)
        export(store, tmp_path / "out", Options(dedup=ALL, form=request.param))
    return tmp_path / "out"


@pytest.mark.parametrize("folder", [Form.PARQUET], indirect=True)
def test_duckdb_reads_parquet_with_its_types(folder: Path) -> None:
    with duckdb.connect() as connection:
        table = f"'{folder}/part-*.parquet'"
        types = dict(
            connection.sql(f"SELECT column_name, column_type FROM (DESCRIBE FROM {table})").fetchall()
        )
        assert types["published"] == "TIMESTAMP WITH TIME ZONE"
        assert (types["authors"], types["words"], types["kept_share"]) == ("VARCHAR[]", "INTEGER", "DOUBLE")
        assert types["boilerplate"] == 'STRUCT("type" VARCHAR, blocks INTEGER, words INTEGER)[]'
        count = connection.sql(
            f"SELECT count(*), sum(words) FROM {table} WHERE site = 'd.example'"
        ).fetchall()
        assert count == [(1, 3)]
        joined = connection.sql(
            f"SELECT d.removed_url FROM '{folder}/duplicates.parquet' d JOIN {table} a ON a.id = d.kept_id "
            "WHERE d.relation = 'verbatim'"
        )
        assert joined.fetchall() == [("https://b.example/copy",)]


@pytest.mark.parametrize("folder", [Form.JSONL], indirect=True)
def test_duckdb_reads_json_lines(folder: Path) -> None:
    with duckdb.connect() as connection:
        query = f"SELECT count(*), sum(words) FROM read_json('{folder}/part-*.jsonl.zst', compression='zstd')"
        assert connection.sql(query).fetchall() == [(5, 15)]


def test_datasets_read_files_and_folder(folder: Path, tmp_path: Path) -> None:
    kind = "parquet" if list(folder.glob("*.parquet")) else "jsonl"
    lines = loaded(folder, kind, tmp_path / "cache")
    assert lines[0] == "5 5 3"
    assert lines[1].split() == sorted(
        f"https://{name}" for name in
        ("a.example/origin", "a.example/older", "b.example/alone", "b.example/new", "d.example/right")
    )  # fmt: skip
    assert lines[2].split() == ["https://b.example/copy", "https://c.example/edit", "https://d.example/left"]
    if kind == "parquet":
        assert lines[3:] == [
            "url Value('string')",
            "published Value('timestamp[us, tz=UTC]')",
            "words Value('int32')",
            "kept_share Value('float64')",
            "authors List(Value('string'))",
            "boilerplate List({'type': Value('string'), 'blocks': Value('int32'), 'words': Value('int32')})",
            "claimed_source {'domain': Value('string'), 'name': Value('string'), 'kind': Value('string'), "
            "'evidence': Value('string')}",
            "2024-05-01T12:00:00+00:00 [] None",
            "5",
        ]


def loaded(folder: Path, kind: str, cache: Path) -> list[str]:
    """What the loading program prints."""
    environment = {
        "HF_HOME": str(cache), "HF_HUB_OFFLINE": "1", "HF_DATASETS_OFFLINE": "1", "HOME": str(cache),
        "HF_DATASETS_DISABLE_PROGRESS_BARS": "1", "PATH": "/usr/bin:/bin",
    }  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-c", LOAD, str(folder), kind],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()
