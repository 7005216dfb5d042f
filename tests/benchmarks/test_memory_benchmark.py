from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
import typer

from benchmarks import memory
from tests.benchmarks.folders import write_page


def test_the_data_comes_again_and_again(tmp_path: Path) -> None:
    write_page(tmp_path, "1")
    write_page(tmp_path, "2")
    assert [page.name for page in memory.endless(tmp_path, 5)] == ["1", "2", "1", "2", "1"]
    assert len(list(memory.endless(tmp_path, 4))) == 4


def test_milestones_end_with_the_last_page() -> None:
    assert memory.milestones(100_000) == [1_000, 2_000, 5_000, 10_000, 20_000, 50_000, 100_000]
    assert memory.milestones(3_000) == [1_000, 2_000, 3_000]
    assert memory.milestones(7) == [7]


def test_memory_is_looked_at_at_the_stops(tmp_path: Path) -> None:
    write_page(tmp_path, "1")
    figures = iter((100.0, 130.04))
    rows = memory.watch(memory.endless(tmp_path, 4), {2, 4}, lambda: next(figures))
    assert rows == [(2, 100.0), (4, 130.0)]


@pytest.mark.parametrize(("last", "stays"), [(150.0, True), (90.0, True), (150.1, False)])
def test_growth_since_the_first_stop_decides(last: float, stays: bool) -> None:
    assert memory.verdict([(1_000, 100.0), (2_000, last)])["stays"] is stays


def test_memory_that_fell_again_has_grown_in_between() -> None:
    found = memory.verdict([(1_000, 100.0), (2_000, 170.0), (5_000, 101.0)])
    assert (found["growth_mb"], found["stays"]) == (70, False)


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_the_command_says_whether_memory_stays(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    write_page(tmp_path, "1")
    monkeypatch.setattr(memory, "FIRST_MILESTONE", 1)
    memory.main(data=tmp_path, pages=3, json=tmp_path / "memory.json")
    record = json.loads((tmp_path / "memory.json").read_text(encoding="utf-8"))
    assert list(record["resident_mb"]) == ["1", "2", "3"]
    assert record["stays"] is True
    assert "Memory stays within 50 MB of the figure at 1 pages" in capsys.readouterr().out
    memory.main(data=tmp_path, pages=1)
    assert "Too few pages to tell" in capsys.readouterr().out


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_memory_that_grows_is_a_failure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_page(tmp_path, "1")
    monkeypatch.setattr(memory, "ALLOWED_GROWTH_MB", -1.0)
    with pytest.raises(SystemExit) as stopped:
        memory.main(data=tmp_path, pages=2)
    assert stopped.value.code == 1


def test_a_folder_without_pages_is_a_wrong_call(tmp_path: Path) -> None:
    with pytest.raises(typer.BadParameter, match="no pages in"):
        memory.main(data=tmp_path)
