"""The page of one article in a real browser: filters, keyboard, reports, hostile text, changes."""

from __future__ import annotations

import json
import re
import time
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from audit.assets import asset
from audit.explained.difference import compare
from audit.explained.record import MAX_BLOCKS, ArticleRecord
from audit.explained.view import MOST_OF_A_BLOCK, MOST_OF_THE_REST, explanation_page
from cleaners.article import BlockType
from tests.audit.explained_records import PAGE, article, block
from tests.browser import PHONE, opened

GROUNDS = ("ground", "surface", "sunken")
LEAST_CONTRAST = 4.5  # WCAG 2.2, 1.4.3


def written(path: Path, record: ArticleRecord, other: ArticleRecord | None = None) -> Path:
    difference = compare(other, record) if other else None
    path.write_text(explanation_page(record, difference, "9.9"), encoding="utf-8")
    return path


def shown(page: Page) -> list[str]:
    return [one for one in page.locator(".block:visible .text").all_inner_texts() if one]


def status(page: Page) -> Locator:
    return page.get_by_role("status")


@pytest.fixture
def plain(tmp_path: Path) -> Path:
    return written(tmp_path / "plain.html", article())


def test_the_page_asks_for_nothing_and_shows_each_block_with_its_reason(
    browser: Browser, plain: Path
) -> None:
    with opened(browser, plain) as it:
        assert (it.problems, it.requests) == ([], [])
        assert shown(it.page) == [text for text, _, _ in PAGE]
        for number, (_, kind, confidence) in enumerate(PAGE, 1):
            row = it.page.locator(f"#b{number}")
            expect(row.locator(".type")).to_have_text(kind)
            expect(row.locator(".confidence")).to_contain_text(f"{confidence:.2f}")
            expect(row.locator(".reason")).to_have_text(f"rule for {kind}")
        expect(it.page.locator("#b4 .confidence")).to_contain_text("unsure")
        expect(it.page.locator(".piece p")).to_have_text([PAGE[2][0], PAGE[3][0]])
        expect(it.page.locator(".facts")).to_contain_text("pub-1234567890123456")
        expect(it.page.get_by_role("img")).to_have_accessible_name(re.compile("body 59 %"))


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, PHONE["width"]])
def test_nothing_serious_stands_in_anybodys_way(
    browser: Browser, tmp_path: Path, scheme: Any, width: int
) -> None:
    every = [(f"A block of {kind.value}, and of no other.", kind.value, 0.6) for kind in BlockType]
    path = written(tmp_path / "every.html", article(every), article(PAGE, title="Other"))
    with opened(browser, path, width=width, scheme=scheme) as it:
        assert it.serious() == []
        assert it.page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_type_can_be_left_out_and_the_counts_say_so(browser: Browser, plain: Path) -> None:
    with opened(browser, plain) as it:
        assert status(it.page).get_attribute("aria-live") == "polite"
        expect(status(it.page)).to_have_text("6 of 6 blocks shown, 32 of 32 words")
        it.page.get_by_role("checkbox", name="body").uncheck()
        expect(status(it.page)).to_have_text("4 of 6 blocks shown, 13 of 32 words")
        assert shown(it.page) == [text for text, kind, _ in PAGE if kind != "body"]


@pytest.mark.parametrize(
    ("button", "wanted"),
    [("All", 6), ("None", 0), ("Only kept", 3), ("Only boilerplate", 3)],
)
def test_types_are_chosen_together(browser: Browser, plain: Path, button: str, wanted: int) -> None:
    with opened(browser, plain) as it:
        it.page.get_by_role("checkbox", name="title").uncheck()
        it.page.get_by_role("button", name=button, exact=True).click()
        assert len(shown(it.page)) == wanted
        expect(status(it.page)).to_contain_text(f"{wanted} of 6 blocks shown")


def test_unsure_decisions_and_text_are_found(browser: Browser, plain: Path) -> None:
    with opened(browser, plain) as it:
        it.page.get_by_role("combobox", name="Confidence").select_option("0.7")
        assert shown(it.page) == [PAGE[3][0]]
        it.page.get_by_role("combobox", name="Confidence").select_option("")
        it.page.get_by_role("searchbox").fill("VELM")
        expect(status(it.page)).to_contain_text("3 of 6 blocks shown")
        assert shown(it.page) == [PAGE[1][0], PAGE[2][0], PAGE[5][0]]


def test_the_keyboard_filters_and_goes_from_a_block_to_the_article_and_back(
    browser: Browser, plain: Path
) -> None:
    with opened(browser, plain) as it:
        it.page.get_by_role("checkbox", name="title").focus()
        it.page.keyboard.press("Space")
        expect(status(it.page)).to_contain_text("5 of 6")
        it.page.locator("#b3 a.number").focus()
        it.page.keyboard.press("Enter")
        expect(it.page.locator("#a3")).to_be_focused()
        it.page.keyboard.press("Tab")
        expect(it.page.locator("#a3 a.number")).to_be_focused()
        it.page.keyboard.press("Enter")
        expect(it.page.locator("#b3")).to_be_focused()


def test_a_click_on_the_article_shows_the_block_though_it_was_left_out(browser: Browser, plain: Path) -> None:
    with opened(browser, plain) as it:
        it.page.get_by_role("button", name="None").click()
        assert shown(it.page) == []
        it.page.locator("#a4 p").click()
        assert shown(it.page) == [PAGE[3][0]]
        it.page.locator("#b4 .text").click()
        expect(it.page.locator("#a4")).to_be_focused()


def test_without_script_all_is_there_and_no_filter(browser: Browser, plain: Path) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(plain.as_uri())
    assert page.locator(".block:visible").count() == len(PAGE)
    assert page.locator("button:visible, input:visible, select:visible").count() == 0
    assert page.locator(".chip:visible").count() == 5
    context.close()


def test_on_paper_all_is_there_and_no_filter(browser: Browser, plain: Path) -> None:
    with opened(browser, plain, scheme="dark") as it:
        it.page.emulate_media(media="print", color_scheme="dark")
        assert it.page.locator("button:visible, input:visible, select:visible").count() == 0
        colour = it.page.locator("#b3 .text").evaluate("one => getComputedStyle(one).color")
        assert colour == "rgb(61, 107, 18)"  # the light page's


EXPECTED_REPORT = {
    "url": "https://velm.example/crane",
    "path": "body > div.body > p",
    "text": PAGE[3][0],
    "type": "body",
    "confidence": 0.55,
    "reason": "rule for body",
    "version": "9.9",
}


def test_a_block_is_copied_as_a_report(browser: Browser, plain: Path) -> None:
    with opened(browser, plain) as it:
        it.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        it.page.get_by_role("button", name="Copy as report, block 4").click()
        expect(status(it.page)).to_have_text("Block 4 was copied as a report.")
        assert json.loads(it.page.evaluate("navigator.clipboard.readText()")) == EXPECTED_REPORT
        assert it.page.locator("textarea").count() == 0


def test_a_report_is_selected_where_there_is_no_clipboard(browser: Browser, plain: Path) -> None:
    with opened(browser, plain) as it:
        it.page.evaluate("Object.defineProperty(navigator, 'clipboard', {value: undefined})")
        it.page.get_by_role("button", name="Copy as report, block 4").click()
        area = it.page.get_by_role("textbox", name="Report of block 4")
        expect(area).to_be_focused()
        assert json.loads(it.page.evaluate("String(getSelection())") or area.input_value()) == EXPECTED_REPORT
        assert area.evaluate("one => one.selectionEnd - one.selectionStart") == len(area.input_value())
        expect(status(it.page)).to_contain_text("copy it with Ctrl+C")


HOSTILE = '"><script>alert(1)</script><img src=x onerror=alert(2)>{{ 7 * 7 }}\x00\u202eevil\x1b[2J\ufeff'


def test_a_hostile_page_is_text(browser: Browser, tmp_path: Path) -> None:
    nasty = article(
        [
            block(HOSTILE, "body", 0.9, reason=HOSTILE, path=HOSTILE, markup="script"),
            block("x" * 1_000_000, "body", 0.9),
            block(HOSTILE, "related", 0.9),
        ],
        url="javascript:alert(3)",
        canonical_url="https://velm.example/\u202egpj.exe",
        title=HOSTILE,
        authors=[HOSTILE],
        published=HOSTILE,
        language='en" onclick="alert(4)',
        claimed_source={"domain": HOSTILE, "name": None, "kind": HOSTILE, "evidence": HOSTILE},
        warnings=[HOSTILE],
        fingerprints=[{"kind": HOSTILE, "value": HOSTILE}],
    )
    path = written(tmp_path / "hostile.html", nasty, article([(HOSTILE, "body", 0.1)], title=HOSTILE + "!"))
    with opened(browser, path) as it:
        for button in it.page.get_by_role("button", name="Only").all():
            button.click()
        assert (it.problems, it.requests) == ([], [])
        assert it.page.locator("body script").count() == 1
        assert it.page.locator("img, iframe, [onclick], [onerror], [style]").count() == 0
        links = {one.get_attribute("href") for one in it.page.locator("a").all()}
        assert {link for link in links if link and not link.startswith("#")} == set()
        said = it.page.locator("#b1 .text").text_content()
        assert said == HOSTILE.translate(dict.fromkeys(map(ord, "\x00\u202e\x1b\ufeff"), "\ufffd"))
        assert len(it.page.locator("#b2 .text").text_content() or "") == MOST_OF_A_BLOCK
        expect(it.page.locator("#b2 .left-out")).to_have_text("995,000 characters more are not shown.")
        assert it.serious() == []


def test_the_whole_page_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("audit.explained.view.MOST_OF_A_PAGE", 1_500)
    html = explanation_page(article([("x" * 1_000, "other", 0.9)] * 3), None, "9.9")
    assert [len(run) for run in re.findall("x{50,}", html)] == [1_000, 1_000, MOST_OF_THE_REST]


def test_a_page_without_text_says_so(browser: Browser, tmp_path: Path) -> None:
    path = written(tmp_path / "empty.html", article([], title=None, url=None, warnings=["no text"]))
    with opened(browser, path) as it:
        expect(it.page.locator("#page")).to_contain_text("The page holds no text.")
        expect(it.page.locator("#article")).to_contain_text("No text of the page is taken for the article’s.")
        expect(status(it.page)).to_have_text("0 of 0 blocks shown, 0 of 0 words")
        assert (it.problems, it.serious()) == ([], [])


def test_what_changed_is_shown_and_nothing_else(browser: Browser, tmp_path: Path) -> None:
    text, kind, _ = PAGE[2]
    other = [
        PAGE[0],
        PAGE[1],
        (text, "related", 0.7),
        PAGE[3],
        ("Only the other record has this.", "related", 0.8),
        ("Subscribe to", kind, 0.9),
        ("our newsletter", "newsletter", 0.9),
        PAGE[5],
    ]
    path = written(tmp_path / "changed.html", article(), article(other, title="Another title"))
    with opened(browser, path) as it:
        summary = it.page.locator(".difference")
        expect(summary).to_contain_text("type 1, joined 1, gone 1; 1 now kept, 1 now removed; 4 the same.")
        assert [" ".join(row.split()) for row in summary.locator("tbody tr").all_inner_texts()] == [
            "title Another title Crane falls at Velm"
        ]
        assert it.page.locator(".note").count() == 3
        expect(it.page.locator("#b3 .note")).to_have_text(
            re.compile(r"now kept\s+was: related 0\.70, removed \(rule for related\)")
        )
        it.page.get_by_label("Only what changed (3)").check()
        assert shown(it.page) == [text, "Only the other record has this.", PAGE[4][0]]
        expect(status(it.page)).to_have_text(
            "2 of 6 blocks shown, 16 of 32 words, and 1 that is only in the other record"
        )
        assert (it.problems, it.serious()) == ([], [])


def test_as_many_blocks_as_there_may_be_open_in_seconds(browser: Browser, tmp_path: Path) -> None:
    kinds = ("body", "related", "navigation")
    many = [
        (f"Block {number} of very many on one page.", kinds[number % 3], 0.9) for number in range(MAX_BLOCKS)
    ]
    path = written(tmp_path / "many.html", article(many))
    started = time.monotonic()
    with opened(browser, path) as it:
        it.page.locator("#b1 .text").wait_for()
        assert time.monotonic() - started < 15  # it takes two; each block laid out by itself took over 30
        it.page.locator("[data-choose=kept]").click()  # by role, the test itself would take long
        expect(it.page.locator("output")).to_contain_text("6,667 of 20,000 blocks shown")


def test_colours_of_types_can_be_read_on_every_ground() -> None:
    base, types = asset("audit", "static/base.css"), asset("audit", "static/types.css")
    for scheme in (0, 1):  # as they stand in the files: light, dark
        grounds = [re.findall(rf"--{name}: (#\w+)", base)[scheme] for name in GROUNDS]
        for kind in BlockType:
            colour = re.findall(rf"--type-{kind.value}: (#\w+)", types)[scheme]
            assert min(contrast(colour, ground) for ground in grounds) >= LEAST_CONTRAST, (kind, scheme)


def test_contrast_is_that_of_the_standard() -> None:
    assert round(contrast("#000000", "#ffffff"), 2) == 21
    assert round(contrast("#777777", "#ffffff"), 2) == 4.48


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (x / 12.92 if x <= 0.04045 else ((x + 0.055) / 1.055) ** 2.4 for x in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
