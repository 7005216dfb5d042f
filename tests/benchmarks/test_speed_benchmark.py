from __future__ import annotations

import json
import time
from pathlib import Path

import pytest
import typer

from benchmarks import speed
from benchmarks.data import benchmark_truths
from benchmarks.stages import REST, STAGES, Clock, stage_names, watched
from cleaners import assemble, clean
from cleaners.rules import RuleClassifier
from tests.benchmarks.folders import ARTICLE, write_page


def busy(seconds: float) -> None:
    end = time.process_time() + seconds
    while time.process_time() < end:
        pass


def test_a_function_has_its_own_time_only() -> None:
    clock = Clock()
    inner = clock.timed("inner", lambda: busy(0.02))

    def both() -> None:
        busy(0.01)
        inner()
        inner()

    clock.timed("outer", both)()
    assert clock.seconds["inner"] == pytest.approx(0.04, abs=0.01)
    assert clock.seconds["outer"] == pytest.approx(0.01, abs=0.008)


def test_time_is_counted_when_a_function_raises() -> None:
    clock = Clock()

    def broken() -> None:
        busy(0.005)
        raise ValueError("too deep")

    with pytest.raises(ValueError, match="too deep"):
        clock.timed("broken", broken)()
    assert clock.seconds["broken"] >= 0.005


def test_stages_are_timed_and_the_functions_put_back() -> None:
    pipeline = vars(assemble)
    before = pipeline["segment"], RuleClassifier.classify
    with watched(clean) as (run, clock):
        assert run(ARTICLE).to_record() == clean(ARTICLE).to_record()
        assert pipeline["segment"] is not before[0]
    assert (pipeline["segment"], RuleClassifier.classify) == before
    assert {"parse", "segment", "metadata", "language", "predict", REST} <= set(clock.seconds)


def test_every_stage_has_a_function_today_unless_it_is_the_trained_classifiers() -> None:
    """A function that is renamed would drop out of the table unseen."""
    with watched(clean) as (run, clock):
        run(ARTICLE)
    assert set(stage_names()) - set(clock.seconds) <= {"features"}
    assert stage_names()[-1] == REST
    assert len(stage_names()) < len(STAGES)


def test_all_contestants_are_timed_on_every_page(tmp_path: Path) -> None:
    for name in ("1", "2", "3"):
        write_page(tmp_path, name)

    def broken(_: str, __: str | None) -> str:
        raise RecursionError

    times, failed = speed.time_all(
        benchmark_truths(tmp_path), {"whole": lambda html, _: html, "broken": broken}
    )
    assert {name: len(values) for name, values in times.items()} == dict.fromkeys(
        (speed.FLOOR, speed.OURS, "whole", "broken"), 3
    )
    assert failed == {speed.FLOOR: 0, speed.OURS: 0, "whole": 0, "broken": 3}


def test_the_ratio_is_that_of_the_means() -> None:
    found = speed.figures("peer", {speed.FLOOR: [1, 1], speed.OURS: [2, 4], "peer": [10, 2]})
    assert (found["mean"], found["times_parse"], found["times_ours"], found["p99"]) == (6, 6, 2, 10)
    low, high = found["times_ours_interval"]
    assert (low, high) == (0.5, 5)


def test_the_command_times_a_folder_and_writes_the_record(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_page(tmp_path, "1")
    write_page(tmp_path, "2")
    speed.main(data=tmp_path, peers="none", start=False, json=tmp_path / "speed.json")
    record = json.loads((tmp_path / "speed.json").read_text(encoding="utf-8"))
    assert list(record["contestants"]) == [speed.FLOOR, speed.OURS]
    assert list(record["stages"]) == stage_names()
    assert record["start_seconds"] is None
    assert "CPU ms a page, 2 pages" in capsys.readouterr().out
    with pytest.raises(typer.BadParameter, match="nowhere"):
        speed.main(data=tmp_path / "nowhere")


def test_start_up_is_what_an_interpreter_takes_longer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(speed, "STARTS", 1)
    found = speed.start_seconds()
    assert 0.01 < found["median"] < 60
    assert found["least"] == found["most"] == found["median"]
