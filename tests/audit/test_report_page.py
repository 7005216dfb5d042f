"""The report in a real browser."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from audit.report import compact, live_page, story_record, write_report
from tests.audit.hostile_sample import hostile_findings, hostile_stories
from tests.audit.sample import (
    FARM,
    GAZETTE,
    sample_findings,
    sample_stories,
)
from tests.browser import PHONE, Opened, opened

HIT = {"article": 13, "before": "the ", "found": "<b>keepers</b>", "after": " &"}
VIEWS = {
    "overview": "",
    "site": f"#sites?site={FARM}",
    "copies": "#copies",
    "network": f"#network?site={FARM}",
    "story": "#stories?story=1",
    "articles": "#articles",
    "comparison": "#article=12",
}


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_report(sample_findings(), sample_stories, tmp_path_factory.mktemp("report"))


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_report(hostile_findings(), hostile_stories, tmp_path_factory.mktemp("hostile"))


@pytest.fixture
def found(browser: Browser, report: Path) -> Iterator[Opened]:
    """The sample, ready; what went wrong with it fails the test in the end."""
    with opened(browser, report) as found:
        ready(found.page)
        yield found
        assert (found.problems, found.requests) == ([], [])


def ready(page: Page) -> None:
    page.wait_for_selector("html[data-ready]")


def go(page: Page, to: str) -> None:
    page.evaluate("to => { location.hash = to; }", to)


def rows(page: Page) -> list[str]:
    return page.locator(".articles tbody .title").all_inner_texts()


def settled(page: Page) -> None:
    """Wait until no text is being read any more."""
    expect(page.locator("#article")).not_to_contain_text("Loading")


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("kind", ["light", "dark", "phone"])
def test_every_view_is_sound(browser: Browser, report: Path, view: str, kind: str) -> None:
    size = PHONE if kind == "phone" else {}
    address = report.absolute().as_uri() + VIEWS[view]
    with opened(browser, address, scheme="dark" if kind == "dark" else "light", **size) as found:
        ready(found.page)
        settled(found.page)
        assert found.serious() == []
        width, room = found.page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
        assert width <= room
        assert (found.problems, [one for one in found.requests if not one.startswith("file:")]) == ([], [])


@pytest.mark.parametrize(
    "view", ["", "#sites", "#copies", "#network", "#stories", "#articles", "#article=1", "#article=2"]
)
def test_pages_that_mean_harm_do_none(browser: Browser, hostile: Path, view: str) -> None:
    with opened(browser, hostile.absolute().as_uri() + view) as found:
        ready(found.page)
        settled(found.page)
        links = found.page.eval_on_selector_all("a[href]", "all => all.map(one => one.getAttribute('href'))")
        assert [one for one in links if not one.startswith(("#", "https://ok.example/"))] == []
        assert found.page.locator("main img, main iframe, main script").count() == 0
        width, room = found.page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
        assert width <= room
        assert (found.problems, [one for one in found.requests if not one.startswith("file:")]) == ([], [])


def test_the_policy_holds(found: Opened) -> None:
    found.page.evaluate(
        "const one = document.createElement('script'); one.textContent = 'window.ran = 1'; document.body.append(one)"
    )
    assert found.page.evaluate("window.ran") is None
    assert len(found.problems) == 1
    found.problems.clear()


def test_figures_lead_to_the_articles_behind_them(found: Opened) -> None:
    page = found.page
    page.get_by_role("link", name="Republished").first.click()
    expect(page.get_by_role("status").filter(has_text="of 17")).to_have_text("7 articles of 17")
    assert page.evaluate("location.hash") == "#articles?status=republished"
    expect(page.locator("#filter-status")).to_have_value("republished")
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.locator("#view-articles")).to_be_hidden()


def test_every_status_counts_what_its_link_shows(found: Opened) -> None:
    page = found.page
    for status, count in sample_findings().totals.statuses.items():
        go(page, f"articles?status={status.value}")
        expect(page.locator(".count")).to_have_text(f"{count} article{'' if count == 1 else 's'} of 17")


def test_filters_are_in_the_address_and_work_together(found: Opened) -> None:
    page = found.page
    go(page, "articles")
    page.get_by_label("Site", exact=True).select_option(FARM)
    expect(page.locator(".count")).to_have_text("4 articles of 17")
    page.get_by_label("Says of its source").select_option("wrong")
    expect(page.locator(".count")).to_have_text("1 article of 17")
    page.get_by_label("Title or address").fill("STORY-6")
    expect(page).to_have_url(
        f"{page.url.partition('#')[0]}#articles?site={FARM}&attribution=wrong&text=STORY-6"
    )
    expect(page.locator(".articles tbody .title")).to_have_text(["Night toll on the bridge struck down"])
    page.get_by_label("Title or address").fill("nothing of the kind")
    expect(page.locator(".count")).to_have_text("0 articles of 17")
    page.get_by_role("button", name="Clear").click()
    expect(page.locator(".count")).to_have_text("17 articles of 17")


def test_tables_are_sorted_by_their_headings(found: Opened) -> None:
    page = found.page
    go(page, "articles")
    page.get_by_role("button", name="Words").click()
    expect(page.get_by_role("columnheader", name="Words")).to_have_attribute("aria-sort", "descending")
    expect(page.locator(".articles tbody .words").first).to_have_text("217")
    page.get_by_role("button", name="Words").click()
    expect(page.get_by_role("columnheader", name="Words")).to_have_attribute("aria-sort", "ascending")
    page.get_by_role("button", name="Lag").click()
    expect(page.locator(".articles tbody .late").first).to_have_text("2 days after")
    expect(page.locator(".articles tbody .late").last).to_have_text("")
    page.go_back()
    expect(page.get_by_role("columnheader", name="Words")).to_have_attribute("aria-sort", "ascending")
    go(page, "sites")
    expect(page.locator("#site-table tbody th").first).to_have_text("mirror.example")
    page.locator("#site-table").get_by_role("button", name="Articles").click()
    expect(page.locator("#site-table tbody th").first).to_have_text(FARM)


def test_a_comparison_by_mouse(found: Opened) -> None:
    page = found.page
    go(page, "articles")
    page.get_by_role("link", name="Guardians go back to the beacons").click()
    expect(page.locator(".counts")).to_have_text("same 2changed 1moved 1only here 1left out 2")
    assert page.locator(".pairs del").all_inner_texts() == ["keepers", "lamps"]
    assert page.locator(".pairs ins").all_inner_texts() == ["guards", "beacons"]
    assert page.locator(".pairs tbody th").all_inner_texts() == [
        "changed", "moved", "same", "only here", "left out", "left out", "same", "moved",
    ]  # fmt: skip
    page.get_by_label("Show only what changed").check()
    expect(page.locator(".pairs .gap")).to_have_count(2)
    expect(page.locator(".pairs tr.k-same")).to_have_count(0)
    page.go_back()
    expect(page.get_by_role("link", name="Guardians go back to the beacons")).to_be_focused()


def test_a_comparison_by_keyboard_alone(found: Opened) -> None:
    page = found.page
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    go(page, "articles")
    expect(page.locator("#articles-heading")).to_be_focused()
    link = page.get_by_role("link", name="Guardians go back to the beacons")
    for _ in range(40):
        page.keyboard.press("Tab")
        if link.evaluate("one => one === document.activeElement"):
            break
    page.keyboard.press("Enter")
    expect(page.locator("#article-heading")).to_be_focused()
    expect(page.locator(".pairs")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#view-article")).to_be_hidden()
    expect(link).to_be_focused()


def test_escape_leads_back_to_the_filtered_table(found: Opened) -> None:
    page = found.page
    go(page, f"articles?site={FARM}")
    page.get_by_label("Title or address").fill("story-6")
    expect(page.locator(".count")).to_have_text("1 article of 17")
    page.locator(".articles tbody a").click()
    expect(page.locator(".back a")).to_have_attribute("href", f"#articles?site={FARM}&text=story-6")
    page.keyboard.press("Escape")
    expect(page.locator(".count")).to_have_text("1 article of 17")
    expect(page.get_by_label("Title or address")).to_have_value("story-6")


def test_an_origin_shows_its_text_and_leads_to_its_copies(found: Opened) -> None:
    page = found.page
    go(page, "article=1")
    expect(page.locator("#article")).to_contain_text("others were made from it")
    expect(page.locator(".alone")).to_contain_text("The keepers of Orrin went back")
    assert page.locator(".alone p").count() == 2
    assert page.locator("#article .text li").count() == 4


def test_a_translation_is_shown_without_marks_on_words(found: Opened) -> None:
    go(found.page, "article=11")
    expect(found.page.locator(".pairs tbody tr").first).to_contain_text("translated")
    expect(found.page.locator(".pairs tbody tr").first).to_contain_text("Die Wärter von Orrin")
    assert found.page.locator(".pairs ins, .pairs del").count() == 0


def test_texts_that_found_no_room_are_said_to_be_elsewhere(browser: Browser, tmp_path: Path) -> None:
    path = write_report(sample_findings(), sample_stories, tmp_path, texts_budget=0)
    with opened(browser, path) as found:
        ready(found.page)
        expect(found.page.locator(".lede")).to_contain_text("The texts of 4 stories found no room")
        go(found.page, "article=12")
        expect(found.page.locator("#article .text")).to_contain_text("thresher serve shows them all")
        assert found.problems == []


def test_the_map_leads_to_the_copies(found: Opened) -> None:
    page = found.page
    go(page, "copies")
    cells = page.locator(".heat tbody td[class^=heat]")
    expect(cells).to_have_text(["3", "2", "2"])
    page.get_by_role(
        "link", name=f"{FARM} took 3 from {GAZETTE}, 75 % of its own, median 12 hours after"
    ).click()
    expect(page.locator(".count")).to_have_text("3 articles of 17")


def test_the_network_says_what_it_rests_on(found: Opened) -> None:
    page = found.page
    go(page, "network")
    expect(page.locator(".network .node")).to_have_count(3)
    assert page.locator(".network .ground").count() == 1
    line = page.locator(".network .edge").first
    line.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#network-choice")).to_be_focused()
    expect(page.locator(".panel")).to_contain_text("pub-1234567890123456")
    expect(page.locator(".panel")).to_contain_text("1 sign in common, and 1 that say nothing")
    expect(page.locator(".panel a.out")).to_have_count(2)
    assert page.locator(".panel a.out").first.get_attribute("rel") == "noopener noreferrer nofollow"
    expect(page.locator("#network .card").last).to_contain_text("says nothing of who runs them")


def test_the_network_is_drawn_the_same_every_time(browser: Browser, report: Path) -> None:
    pictures = []
    for _ in range(2):
        with opened(browser, report.absolute().as_uri() + "#network") as found:
            ready(found.page)
            pictures.append(found.page.locator("svg.network").evaluate("one => one.outerHTML"))
    assert pictures[0] == pictures[1]


def test_a_story_has_a_mark_for_every_article(found: Opened) -> None:
    page = found.page
    go(page, "stories")
    expect(page.locator(".timeline .point")).to_have_count(5)
    expect(page.locator(".timeline .point.origin")).to_have_count(1)
    assert page.locator(".as-table tbody tr").count() == 5
    page.get_by_role("link", name="Markets at noon").first.click()
    expect(page.locator(".story h3")).to_be_focused()
    expect(page.locator(".timeline")).to_contain_text("no date")
    page.get_by_label("Find a story").fill("barley")
    expect(page.locator(".story-list li")).to_have_count(1)
    go(page, "stories?story=1")
    mark = page.locator(".timeline .point").last
    mark.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#view-article")).to_be_visible()


def test_a_scorecard_says_what_was_found(found: Opened) -> None:
    page = found.page
    go(page, f"sites?site={FARM}")
    card = page.locator(".card[open]").filter(has_text=FARM).last
    expect(card).to_contain_text("4 articles, 75 % republished")
    expect(card).to_contain_text("1 names another source")
    expect(card).to_contain_text("generic")
    expect(card.get_by_role("img", name="half of them 11 hours to 21 hours, median 12 hours")).to_be_visible()
    card.get_by_text("newsletter").first.click()
    expect(card.get_by_text("The valley in your inbox")).to_be_visible()
    card.get_by_role("link", name="admin 4").click()
    expect(page.locator(".count")).to_have_text("4 articles of 17")
    page.get_by_role("button", name="signed admin").click()
    expect(page.locator(".chip")).to_have_count(0)


def test_without_script_the_overview_and_the_sites_are_read(browser: Browser, report: Path) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(report.absolute().as_uri())
    assert page.get_by_role("heading", level=1).is_visible()
    assert page.locator("#site-table tbody tr").count() == 6
    assert page.locator("noscript p").is_visible()
    context.close()


def test_paper_holds_every_part(found: Opened) -> None:
    page = found.page
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    for part in ("#site-table", ".heat", "svg.network", ".timeline", ".articles"):
        assert page.locator(part).is_visible(), part
    assert page.locator(".top").is_hidden()
    assert page.locator(".card[open] .card-body h4").count() == 6 * 6
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.locator(".card[open]:has(.columns)").count() == 1
    assert page.locator("#view-copies").is_hidden()


def test_a_served_page_asks_its_server_and_searches(browser: Browser) -> None:
    findings = sample_findings()
    asked = []
    context = browser.new_context()
    page = context.new_page()

    def answer(path: str) -> str:
        asked.append(path)
        if path == "/data/findings":
            return json.dumps(compact(findings))
        if path.startswith("/data/story/"):
            story = sample_stories(int(path.rpartition("/")[2]))
            return json.dumps(story and story_record(story))
        if path.startswith("/search"):
            return json.dumps({"total": 9, "hits": [HIT, {**HIT, "article": 1}]})
        return ""

    def serve(route: object) -> None:
        path = route.request.url.removeprefix("http://report.example")  # type: ignore[attr-defined]
        body = live_page().html if path == "/" else answer(path)
        kind = "text/html; charset=utf-8" if path == "/" else "application/json"
        route.fulfill(status=200, body=body, content_type=kind)  # type: ignore[attr-defined]

    page.route("**/*", serve)
    problems: list[str] = []
    page.on("console", lambda message: problems.append(message.text))
    page.goto("http://report.example/")
    ready(page)
    expect(page.locator(".figures a").nth(2)).to_have_text("Republished 41 % 7 articles made from others")
    expect(page.locator(".brief li")).to_have_count(6)
    page.get_by_role("searchbox").first.fill("keepers & lamps")
    page.keyboard.press("Enter")
    expect(page.locator(".count")).to_have_text("2 articles of 17, 7 more found; search for more words")
    assert rows(page)[0] == "What the keepers say\nthe <b>keepers</b> &"
    assert page.locator(".snippet mark").first.inner_text() == "<b>keepers</b>"
    go(page, "sites")
    expect(page.locator("#site-table tbody tr")).to_have_count(6)
    go(page, "article=12")
    expect(page.locator(".pairs")).to_be_visible()
    assert asked == ["/data/findings", "/search?q=keepers%20%26%20lamps", "/data/story/1"]
    assert problems == []
    context.close()
