from __future__ import annotations

import base64
import hashlib
import json
import re
from html import unescape
from pathlib import Path

import pytest
import typer
from lxml import html

from benchmarks import errors
from benchmarks.data import BenchmarkPage, TypedPage, benchmark_truths
from benchmarks.mistakes import Mistakes, Shown, Truth, of_benchmark, of_typed
from benchmarks.ours import Thresher
from benchmarks.report import HUES, Part, render, runs
from cleaners.article import Article, Block, BlockType
from tests.benchmarks.folders import write_page, write_typed

BODY, RELATED = BlockType.BODY, BlockType.RELATED


def article(*blocks: tuple[str, BlockType]) -> Article:
    made = [Block(text, kind, 0.5, "because") for text, kind in blocks]
    return Article(blocks=made, text="\n\n".join(block.text for block in made if block.type is BODY))


def test_words_lacking_and_words_wrongly_kept_are_both_lost(shared_data: Path) -> None:
    write_typed(shared_data, "1")
    page = BenchmarkPage("1", None, "article", b"", "one two three\n\nfour five six\n")
    found = of_benchmark(
        page,
        article(("one two three", BODY), ("four five six", RELATED), ("seven eight", BODY), ("…", RELATED)),
    )
    assert (found.lost, found.words) == (5, 6)
    assert found.summary == "3 words lacking, 2 wrongly kept, of 6"
    assert [shown.fault for shown in found.blocks] == ["", "wrongly removed", "wrongly kept", ""]
    assert [(piece.text, piece.fault) for piece in found.truth] == [
        ("one two three", ""),
        ("four five six", "not in our text"),
    ]


@pytest.mark.parametrize(
    ("truth", "faults"),
    [
        ("one two three\n\nfour five six", ["", "", ""]),
        ("four five six\n\none two three", ["", "", ""]),
        ("one two three\n\nfour five six\n\none two three", ["", "", "wrongly removed"]),
        ("seven", ["wrongly kept", "wrongly kept", ""]),
    ],
)
def test_a_repeat_is_not_in_our_text(shared_data: Path, truth: str, faults: list[str]) -> None:
    write_typed(shared_data, "1")
    blocks = [
        Block("one two three", BODY, 0.5, "because"),
        Block("four five six", BODY, 0.5, "because"),
        Block("one two three", BODY, 0.5, "because", repeats=0),
    ]
    found = of_benchmark(BenchmarkPage("1", None, "article", b"", truth), Article(blocks=blocks))
    assert [shown.fault for shown in found.blocks] == faults
    assert ("not in our text" in [piece.fault for piece in found.truth[2:]]) == bool(faults[2])


def test_words_under_another_type_are_lost(shared_data: Path) -> None:
    write_typed(shared_data, "1")
    blocks = [("one two three", "body"), ("four five", "title"), ("six", "other"), ("—", "other")]
    found = of_typed(
        TypedPage("1", None, "", blocks), article(("one two three four", BODY), ("five", BlockType.TITLE))
    )
    assert (found.lost, found.words) == (2, 6)
    assert [shown.fault for shown in found.blocks] == ["", ""]
    assert [(piece.type, piece.fault) for piece in found.truth] == [
        ("body", ""),
        ("title", "we said body"),
        ("other", "we said missing"),
        ("other", ""),
    ]
    other = of_typed(TypedPage("1", None, "", blocks[:1]), article(("one two three", RELATED)))
    assert [shown.fault for shown in other.blocks] == ["is body"]


def hostile(text: str) -> str:
    page = Mistakes(
        name=text,
        url=text,
        kind=text,
        lost=1,
        words=2,
        summary="1 of 2",
        blocks=[Shown(Block(text, BODY, 0.5, text), text), Shown(Block("fine", RELATED, 0.25, "a reason"))],
        truth=[Truth(text, text, text), Truth(text)],
    )
    return render([Part("Pages", "Words.", 10, [page])])


def test_nothing_of_a_page_is_markup_in_the_report() -> None:
    report = hostile("<script>alert(1)</script><img src=x onerror=alert(1)>\"'><style>a</style>\x1b\u202e")
    root = html.fromstring(report)
    assert not list(root.iter("script", "img", "iframe", "link", "form"))
    assert len(list(root.iter("style"))) == 1
    assert "<script>" not in report
    assert "\x1b" not in report
    assert "\u202e" not in report
    attributes = {name for element in root.iter() for name in element.attrib}
    assert attributes <= {"lang", "charset", "http-equiv", "content", "name", "class", "href", "id", "open"}
    assert all(link.startswith("#") for _, _, link, _ in root.iterlinks())


def test_the_policy_lets_the_style_sheet_through_and_nothing_else() -> None:
    report = hostile("text")
    style = re.search(r"<style>(.*?)</style>", report, re.S)
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', report)
    assert style is not None
    assert policy is not None
    digest = base64.b64encode(hashlib.sha256(style.group(1).encode("utf-8")).digest()).decode("ascii")
    assert unescape(policy.group(1)).split("; ") == [
        "default-src 'none'",
        "script-src 'none'",
        f"style-src 'sha256-{digest}'",
        "img-src data:",
        "connect-src 'none'",
        "base-uri 'none'",
        "form-action 'none'",
    ]


def test_a_block_has_its_type_confidence_and_reason() -> None:
    report = " ".join(hostile("text").split())
    assert '<div class="block type-related"> <small>related · 0.25 · a reason</small> <p>fine</p>' in report
    assert '<div class="block type-body wrong">' in report


def test_long_runs_of_right_pieces_are_folded_up() -> None:
    pieces = [Truth(str(number), fault="lost" if number in (5, 8) else "") for number in range(20)]
    found = [(folded, [piece.text for piece in run]) for folded, run in runs(pieces)]
    assert [(folded, len(run)) for folded, run in found] == [
        (True, 5),
        (False, 1),
        (False, 2),
        (False, 1),
        (True, 11),
    ]
    assert [text for _, run in found for text in run] == [piece.text for piece in pieces]


def test_every_type_has_a_colour_of_its_own() -> None:
    assert set(HUES) == set(BlockType)
    assert len(set(HUES.values())) == len(HUES)


def test_the_worst_pages_come_first_and_right_ones_are_left_out(shared_data: Path) -> None:
    write_typed(shared_data, "1")
    folder = shared_data / "wcxb" / "dev"
    write_page(folder, "right")
    write_page(folder, "bad", truth="entirely other words stand here")
    write_page(folder, "worse", truth="entirely other words stand here, and more of them")
    found = errors.find_worst(benchmark_truths(folder), Thresher(), of_benchmark, 5)
    assert [page.name for page in found] == ["worse", "bad"]
    assert len(errors.find_worst(benchmark_truths(folder), Thresher(), of_benchmark, 1)) == 1


def test_the_command_writes_one_file(
    shared_data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_typed(shared_data, "typed", blocks=[("The pool stays open", "related")])
    write_page(shared_data / "wcxb" / "dev", "0001", truth="other words")
    out = tmp_path / "report" / "errors"
    errors.main(out=out, json=tmp_path / "errors.json")
    assert [path.name for path in out.iterdir()] == ["index.html"]
    report = (out / "index.html").read_text(encoding="utf-8")
    assert "we said title" in report
    assert "wrongly kept" in report
    record = json.loads((tmp_path / "errors.json").read_text(encoding="utf-8"))
    assert [page["name"] for page in record["Public benchmark"]] == ["0001"]
    assert [page["lost"] for page in record["Annotated pages"]] == [4]
    assert "Report: " in capsys.readouterr().out


def test_missing_data_is_a_wrong_call(shared_data: Path) -> None:
    with pytest.raises(typer.BadParameter, match="no benchmark data"):
        errors.main(out=shared_data / "out")
