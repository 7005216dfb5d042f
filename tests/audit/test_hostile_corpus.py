"""A corpus of pages that mean harm, from the database to the browser: nothing of theirs runs, all is shown."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from audit.auditing import audit, write_audit
from cleaners.article import Article, Block, BlockType, ClaimedSource, Fingerprint
from pipelines.store import Store
from tests.audit.test_serve import serving
from tests.browser import Opened, opened
from tests.pipelines.reuse.made_up import BEGINNING, finish, story

SCRIPT = "<script>window.hurt = 1</script>"
HANDLER = '"><img src=x onerror="window.hurt = 2">'
ENTITY = "&lt;script&gt;window.hurt=3&lt;/script&gt;</script><!--<script>"
TURNED = "\u202egpj.exe\u2066 \u200f\u0000"
TEMPLATE = "{{ 7 * 7 }}{% raw %} ${7*7} `--> ]]>"
MARKS = (SCRIPT, HANDLER, ENTITY, TURNED, TEMPLATE)
URLS = (
    "javascript:window.hurt=4//",
    "JAVASCRIPT:alert(5)",
    "data:text/html,<script>window.hurt = 6</script>",
    "https://ok.example/a?b=<script>window.hurt=7</script>",
    "https://ok.example/\u202ecod.exe",
    "//host.example/without-scheme",
)
VIEWS = ("overview", "sites", "copies", "network", "stories", "articles")


def article(number: int, text: str, site: str, claims: str | None = None) -> Article:
    mark = MARKS[number % len(MARKS)]
    return Article(
        url=URLS[number] if number < len(URLS) else f"https://{site}/{number}",
        site=site,
        title=f"{mark} number {number}",
        authors=[mark, "admin"],
        language="en",
        text=text,
        published=BEGINNING + timedelta(hours=number),
        fetched_at=BEGINNING + timedelta(days=9),
        claimed_source=ClaimedSource(claims, mark, "attribution line", f"{mark} first on {claims}") if claims else None,
        blocks=[
            Block(f"Nothing here is advice. {mark} {HANDLER} is no adviser " + "of anybody " * 20, BlockType.DISCLAIMER, 0.9, mark),
            Block(mark, BlockType.NEWSLETTER, 0.9, SCRIPT),
            Block(text, BlockType.BODY, 0.9, "body"),
        ],
        fingerprints=[Fingerprint("adsense", f"pub-1234567890123456{HANDLER}"), Fingerprint(SCRIPT, TURNED)],
        categories=[mark],
    )  # fmt: skip


def corpus() -> list[Article]:
    hostile = "\n\n".join([*MARKS, story(1), f"{SCRIPT} {'very ' * 200_000}long."])
    sites = [
        f"{name}{mark}" for name, mark in zip("abcde", ("", HANDLER, TURNED, SCRIPT, ".example"), strict=True)
    ]
    found = [article(number, hostile, sites[number % 5], "a" if number else None) for number in range(8)]
    found.append(replace(article(8, story(2), sites[1]), title=f"{SCRIPT}{'x' * 1_000_000}"))
    found.append(replace(article(9, story(2), sites[2], "b"), title=TURNED * 1_000, url=None))
    return found


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("hostile") / "thresher.db"
    with Store(f"sqlite:///{path}") as store:
        for one in corpus():
            store.save(one)
        finish(store)
    return path


@pytest.fixture(scope="module")
def report(database: Path) -> Path:
    with Store(f"sqlite:///{database}") as store, store.snapshot() as session:
        findings = audit(session)
        return write_audit(session, findings, database.parent / "report")


def test_the_report_is_small(report: Path) -> None:
    assert report.stat().st_size < 2_000_000


def addresses(page: str) -> Iterator[str]:
    yield from (f"{page}#{view}" for view in VIEWS)
    yield from (f"{page}#article={number}" for number in (1, 2, 9, 10))


def unharmed(found: Opened, own: str) -> None:
    found.page.wait_for_selector("html[data-ready]")
    expect(found.page.locator("#article")).not_to_contain_text("Loading")
    assert found.problems == []
    assert [one for one in found.requests if not one.startswith(own)] == []
    assert found.page.evaluate("window.hurt") is None
    assert (
        found.page.locator("main img, main iframe, main script, main object, main form[action]").count() == 0
    )
    links = found.page.eval_on_selector_all("a[href]", "all => all.map(one => one.getAttribute('href'))")
    assert [one for one in links if not one.startswith(("#", "https://"))] == []
    shown = found.page.locator("body").inner_text()
    assert not set(shown) & set("\u202e\u2066\u200f\0")
    width, room = found.page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    assert width <= room


def test_nothing_of_theirs_runs_from_disk(browser: Browser, report: Path) -> None:
    own = report.absolute().as_uri()
    for address in addresses(own):
        with opened(browser, address) as found:
            unharmed(found, own)


def test_nothing_of_theirs_runs_when_it_is_served(browser: Browser, database: Path) -> None:
    with serving(database) as served:
        for view in ("", "#article=2", "#articles?search=script"):
            address = f"{served.url}{view}"
            with opened(browser, address) as found:
                unharmed(found, served.url)


def test_their_words_are_shown(browser: Browser, report: Path) -> None:
    with opened(browser, f"{report.absolute().as_uri()}#articles") as found:
        found.page.wait_for_selector(".articles tbody tr")
        text = found.page.locator(".articles").inner_text()
        assert SCRIPT in text
        assert HANDLER in text
        assert "\ufffdgpj.exe" in text
        assert found.serious() == []
