from __future__ import annotations

import json
from pathlib import Path

import pytest
import typer

from benchmarks import quality
from benchmarks.comparison import OURS, PageResult, contestants, measure, summary
from benchmarks.data import BenchmarkPage
from benchmarks.pictures import draw_curve
from benchmarks.words import Score
from tests.benchmarks.folders import ARTICLE, TRUTH, write_page


def page(name: str = "0001", kind: str = "article", truth: str = TRUTH) -> BenchmarkPage:
    return BenchmarkPage(
        name, None, kind, ARTICLE.encode(), truth, ("town  council",), ("Home", "Moor Herald")
    )


def broken(_: str, __: str | None) -> str:
    raise RecursionError("too deep")


def test_ours_comes_first_and_every_peer_is_a_contestant() -> None:
    names = list(contestants({"whole": lambda html, _: html}))
    assert names[0] == OURS
    assert names[-1] == "whole"


def test_a_peer_that_raises_gave_no_text_and_is_reported() -> None:
    result = measure(page(), contestants({"broken": broken, "right": lambda *_: TRUTH}))
    assert result.failed == {"broken": "RecursionError"}
    assert result.scores["broken"] == Score(0, 0, 0)
    assert result.scores["right"] == Score(1, 1, 1)
    figures = summary([result])["contestants"]["broken"]
    assert (figures["failed"], figures["failures"]) == (1, {"RecursionError": 1})


def test_snippets_are_looked_for_without_regard_to_white_space() -> None:
    runners = contestants({"right": lambda *_: TRUTH, "whole": lambda *_: "Home \n" + TRUTH})
    result = measure(page(), runners)
    assert (result.held["right"], result.kept_out["right"]) == (1, 1)
    assert (result.held["whole"], result.kept_out["whole"]) == (1, 0.5)


def test_a_peer_gets_decoded_text_and_the_address() -> None:
    seen: list[tuple[str, str | None]] = []

    def spy(html: str, url: str | None) -> str:
        seen.append((html, url))
        return ""

    measure(
        BenchmarkPage("1", "https://a.example/", "article", "<p>Füße".encode("cp1252"), ""),
        contestants({"spy": spy}),
    )
    assert seen == [("<p>Füße", "https://a.example/")]


def test_means_are_taken_over_pages_by_kind_and_language() -> None:
    results = [
        PageResult("1", "forum", "en", {OURS: Score(1, 1, 1), "peer": Score(1, 0.5, 0.6)}),
        PageResult("2", "article", "en", {OURS: Score(0.5, 0.5, 0.5), "peer": Score(0, 0, 0)}),
        PageResult(
            "3", "article", "ja", {OURS: Score(0, 0, 0), "peer": Score(1, 1, 1)}, {OURS: 0.8, "peer": 1}
        ),
    ]
    record = summary(results)
    ours, peer = record["contestants"][OURS], record["contestants"]["peer"]
    assert record["kinds"] == {"article": 2, "forum": 1}
    assert (ours["f1"], ours["precision"], peer["recall"]) == (0.5, 0.5, 0.5)
    assert ours["f1_by_kind"] == {"article": 0.25, "forum": 1}
    assert peer["f1_by_language"] == {"en": 0.3, "ja": 1}
    assert ours["f1_of_articles"] == {"cjk": 0, "rest": 0.5}
    assert ours["f1_by_character_of_cjk_articles"] == 0.8
    assert record["ours_ahead"]["peer"]["mean"] == pytest.approx(-0.0333, abs=1e-4)
    assert record["ours_ahead"]["peer"]["low"] <= record["ours_ahead"]["peer"]["high"]


def test_the_command_measures_a_folder_and_writes_the_record(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_page(tmp_path, "0001", kind="forum")
    write_page(tmp_path, "0002")
    file = tmp_path / "quality.json"
    quality.main(data=tmp_path, peers="none", json=file)
    record = json.loads(file.read_text(encoding="utf-8"))
    assert record["contestants"][OURS]["f1"] == 1
    assert [one["name"] for one in record["by_page"]] == ["0001", "0002"]
    assert record["out_of_fold"] is False
    assert "Word F1 by kind of page, 2 pages" in capsys.readouterr().out


def test_what_is_not_there_is_a_wrong_call(tmp_path: Path) -> None:
    write_page(tmp_path, "0001")
    with pytest.raises(typer.BadParameter, match="trafilatre"):
        quality.main(data=tmp_path, peers="trafilatre")
    with pytest.raises(typer.BadParameter, match=r"fold-0\.npz"):
        quality.main(data=tmp_path, folds=tmp_path)
    with pytest.raises(typer.BadParameter, match="nowhere"):
        quality.main(data=tmp_path / "nowhere")


def test_missing_peers_stand_in_the_tables(capsys: pytest.CaptureFixture[str]) -> None:
    record = summary([measure(page(), contestants({}))])
    quality.show({**record, "not_installed": {"ghost": "not installed (it needs a ghost)"}})
    out = capsys.readouterr().out
    assert "ghost" in out
    assert "it needs a ghost" in out


def test_the_curve_is_a_picture(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    result = measure(page(), contestants({"whole": lambda html, _: html}))
    draw_curve(summary([result]), tmp_path / "curve.png")
    assert (tmp_path / "curve.png").read_bytes().startswith(b"\x89PNG")
