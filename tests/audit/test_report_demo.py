"""The report that the demonstration writes, in a browser: its figures are those of the press."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import PHONE, Opened, opened
from thresher.demo.press import OUTLET_HOST, Story, load_press
from thresher.demo.run import REPORT

PRESS = load_press()
STORIES = tuple(PRESS.stories())
VIEWS = ("overview", "sites", "copies", "network", "stories", "articles")


def source(story: Story) -> Story | None:
    return story.original or story.translated


COPIES = tuple(story for story in STORIES if source(story))
ORIGINALS = {(origin.host, origin.path) for story in COPIES if (origin := source(story))}
TAKEN = Counter(story.host for story in COPIES)


@pytest.fixture(scope="module")
def report(demo_folder: Path) -> Path:
    return demo_folder / REPORT / "index.html"


@pytest.fixture
def found(browser: Browser, report: Path) -> Iterator[Opened]:
    with opened(browser, report) as found:
        found.page.wait_for_selector("html[data-ready]")
        yield found
        assert (found.problems, found.requests) == ([], [])


def go(page: Page, to: str) -> None:
    page.evaluate("to => { location.hash = to; }", to)


def figure(page: Page, label: str) -> str:
    return (
        page.get_by_role("link", name=re.compile(f"^{label} "))
        .locator("b")
        .inner_text()
        .replace("\N{NO-BREAK SPACE}", " ")
    )


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("kind", ["light", "dark", "phone"])
def test_it_opens_from_disk(browser: Browser, report: Path, view: str, kind: str) -> None:
    size = PHONE if kind == "phone" else {}
    address = f"{report.absolute().as_uri()}#{view}"
    with opened(browser, address, scheme="dark" if kind == "dark" else "light", **size) as found:
        found.page.wait_for_selector("html[data-ready]")
        assert found.serious() == []
        assert found.problems == []
        assert [one for one in found.requests if not one.startswith(report.absolute().as_uri())] == []


def test_key_figures(found: Opened) -> None:
    groups = Counter(site.operator for site in PRESS.sites.values() if site.operator)
    assert {
        name: figure(found.page, name) for name in ("Articles", "Sites", "Republished", "Stories", "Groups")
    } == {
        "Articles": str(len(STORIES)),
        "Sites": str(len(PRESS.sites)),
        "Republished": f"{len(COPIES) / len(STORIES):.0%}".replace("%", " %"),
        "Stories": str(len(ORIGINALS)),
        "Groups": str(len(groups)),
    }


def test_articles_by_status(found: Opened) -> None:
    expected = {
        "original": len(ORIGINALS),
        "verbatim": sum(story.original is not None for story in STORIES),
        "rewritten": sum(story.translated is not None for story in STORIES),
        "independent": sum(story.event is not None for story in STORIES),
    }
    expected["unmatched"] = len(STORIES) - sum(expected.values())
    links = found.page.locator(".legend").first.locator("a")
    assert links.count() == len(expected)
    for status, count in expected.items():
        go(found.page, f"articles?status={status}")
        expect(found.page.locator(".count")).to_have_text(f"{count} articles of {len(STORIES)}")


@pytest.mark.parametrize("host", PRESS.sites)
def test_a_site_s_row(found: Opened, host: str) -> None:
    go(found.page, "sites")
    head = found.page.locator("th", has_text=host)
    row = found.page.locator("#site-table tbody tr").filter(has=head)
    stories = [story for story in STORIES if story.host == host]
    named = sum(story.original is not None for story in stories)  # the farms say so; the translator does not
    cells = [text.replace("\N{NO-BREAK SPACE}", " ") for text in row.locator("td").all_inner_texts()]
    share = round(100 * TAKEN[host] / len(stories))
    assert cells[0] == str(len(stories))
    assert cells[2] == f"{share} %"
    if TAKEN[host]:
        assert OUTLET_HOST in cells[3]
        assert cells[5] == f"{named} of {TAKEN[host]}"
    else:
        assert cells[3:6] == ["none", "–", "–"]


def test_the_map_of_copies(found: Opened) -> None:
    go(found.page, "copies")
    cells = found.page.locator(".heat tbody td[class^=heat]")
    assert sorted(map(int, cells.all_inner_texts())) == sorted(TAKEN.values())
    for host, count in TAKEN.items():
        found.page.get_by_role("link", name=f"{host} took {count} from {OUTLET_HOST}").first.click()
        expect(found.page.locator(".count")).to_have_text(f"{count} articles of {len(STORIES)}")
        assert len(found.page.locator(".articles tbody tr").all()) == count
        go(found.page, "copies")


def test_who_runs_whom(found: Opened) -> None:
    operators: dict[str, list[str]] = {}
    for site in PRESS.sites.values():
        if site.operator:
            operators.setdefault(site.operator, []).append(site.host)
    go(found.page, "network")
    text = found.page.locator("#network").inner_text()
    for operator, hosts in operators.items():
        assert operator in text
        for host in hosts:
            assert host in text
    edges = found.page.locator(".network .edge")
    names = [name or "" for name in (edge.get_attribute("aria-label") for edge in edges.all())]
    conclusive = [name for name in names if "conclusive" in name]
    assert len(conclusive) == 1
    assert all(host in conclusive[0] for host in operators["lanternmedia.example"])


def test_each_copy_stands_beside_its_origin(found: Opened) -> None:
    for copy in (next(one for one in COPIES if one.original), next(one for one in COPIES if one.translated)):
        origin = source(copy)
        assert origin is not None
        go(found.page, "articles")
        found.page.get_by_label("Title or address").fill(copy.path)
        expect(found.page.locator(".count")).to_have_text(f"1 article of {len(STORIES)}")
        found.page.locator(".articles tbody").get_by_role("link").first.click()
        pairs = found.page.locator(".pairs")
        expect(pairs).to_be_visible()
        shown = " ".join(pairs.inner_text().split())
        for text in (origin.body[0], copy.body[0]):
            assert text.split(".")[0] in shown
        kinds = set(pairs.locator("tbody th").all_inner_texts())
        assert kinds == {"same"} if copy.original else "changed" in kinds
