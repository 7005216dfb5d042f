from __future__ import annotations

import json
from pathlib import Path

import pytest
import typer

from benchmarks import types
from benchmarks.data import TypedPage, typed_pages
from benchmarks.pictures import draw_types
from benchmarks.typed import (
    MISSING,
    TypedResult,
    block_labels,
    compare,
    confusion,
    figures,
    grouped,
    reliability,
)
from cleaners.article import Article, Block, BlockType
from tests.benchmarks.folders import BLOCKS, TRUTH, write_typed


def article(*blocks: tuple[str, BlockType, float]) -> Article:
    return Article(blocks=[Block(text, kind, confidence, "") for text, kind, confidence in blocks])


def page(*blocks: tuple[str, str]) -> TypedPage:
    return TypedPage("1", None, "<html lang=en>", list(blocks), "forum")


def result(
    *pairs: tuple[str, str], kind: str = "article", decisions: tuple[tuple[float, bool], ...] = ()
) -> TypedResult:
    return TypedResult("1", kind, "en", list(pairs), 10, 1, 0.5, list(decisions))


def test_an_annotated_block_has_the_type_that_most_of_its_words_were_given(shared_data: Path) -> None:
    write_typed(shared_data, "1")
    found = compare(
        page(("one two three four", "body"), ("five six", "related"), ("seven", "other")),
        article(("one two three", BlockType.BODY, 0.9), ("four five six", BlockType.CAPTION, 0.4)),
    )
    assert found.pairs == [("body", "body"), ("related", "caption"), ("other", MISSING)]
    assert (found.words, found.missing) == (7, 1)
    assert found.kept_f1 == pytest.approx(2 * 4 / (4 + 6))
    assert found.decisions == [(0.9, True), (0.4, False)]
    assert (found.kind, found.language) == ("forum", "en")


def test_our_blocks_without_annotated_words_decide_nothing(shared_data: Path) -> None:
    write_typed(shared_data, "1")
    assert block_labels([("one two", "body")], ["one", "…", "three", "two"]) == ["body", None, None, "body"]


def test_figures_by_type() -> None:
    found = figures(
        [result(("body", "body"), ("body", "other")), result(("other", "other"), ("title", MISSING))]
    )
    assert found["types"]["body"] == {"precision": 1, "recall": 0.5, "f1": 0.6667, "support": 2}
    assert found["types"]["other"] == {"precision": 0.5, "recall": 1, "f1": 0.6667, "support": 1}
    assert found["types"]["title"] == {"precision": 0, "recall": 0, "f1": 0, "support": 1}
    assert list(found["types"]) == ["title", "body", "other"]
    assert found["macro_f1"] == pytest.approx(0.4445, abs=1e-4)
    assert (found["accuracy"], found["kept_f1"], found["missing"], found["blocks"]) == (0.5, 0.5, 0.1, 4)


def test_no_pages_give_no_figures() -> None:
    assert figures([])["macro_f1"] == 0
    assert reliability([]) == {"bins": [], "expected_calibration_error": 0}


def test_groups_come_largest_first() -> None:
    results = [result(("body", "body"), kind="forum"), result(("body", "other")), result(("body", "body"))]
    found = grouped(results, "kind")
    assert [(name, one["accuracy"]) for name, one in found.items()] == [("article", 0.5), ("forum", 1)]


def test_confidences_are_compared_with_the_share_that_is_right() -> None:
    decisions = ((0.05, False), (0.91, True), (0.95, True), (1.0, True), (0.98, False))
    found = reliability([result(decisions=decisions)])
    assert found["bins"] == [
        {"from": 0, "blocks": 1, "confidence": 0.05, "right": 0},
        {"from": 0.9, "blocks": 4, "confidence": 0.96, "right": 0.75},
    ]
    assert found["expected_calibration_error"] == pytest.approx((0.05 + 4 * 0.21) / 5)


def test_the_command_measures_the_annotated_pages(
    shared_data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_typed(shared_data, "1", url="https://moorherald.example/pool")
    write_typed(shared_data, "2", kind="forum")
    for text in (False, True):
        types.main(text=text, json=tmp_path / "types.json")
        record = json.loads((tmp_path / "types.json").read_text(encoding="utf-8"))
        assert record["pages"] == 2
        assert record["missing"] == 0
        assert record["types"]["body"]["f1"] == 1
        assert set(record["by_kind"]) == {"article", "forum"}
        assert record["confusion"]["body"] == {"body": 4}
        assert f"2 pages as {'text' if text else 'html'}" in capsys.readouterr().out


def test_missing_data_is_a_wrong_call(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("THRESHER_SHARED", str(tmp_path / "nowhere"))
    with pytest.raises(typer.BadParameter, match="nowhere"):
        types.main()


def test_pages_keep_their_kind(shared_data: Path) -> None:
    for name in ("1", "2", "3", "4"):
        write_typed(shared_data, name, kind="forum")
    first, second = typed_pages(limit=2)
    assert (first.name, first.kind, first.blocks) == ("1", "forum", BLOCKS)
    assert second.name == "3"
    assert TRUTH[:20] in first.html


def test_the_confusion_is_a_picture(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    counts = confusion([result(("body", "body"), ("title", MISSING))])
    matrix = [[counts[true, given] for given in ("title", "body", MISSING)] for true in ("title", "body")]
    draw_types(["title", "body"], matrix, [{"confidence": 0.9, "right": 0.8}], tmp_path / "types.png")
    assert (tmp_path / "types.png").read_bytes().startswith(b"\x89PNG")
