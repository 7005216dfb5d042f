"""A crawl of servers that do everything wrong, and a second one once some of them were mended."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NamedTuple

import pytest

from pipelines.store import Store
from pipelines.store.crawl_schema import StoredPage
from tests.crawling import Crawled, crawl
from tests.faults import (
    PACKERS,
    bomb,
    chain,
    chunked,
    dripping,
    first,
    halves,
    message,
    packed,
    refreshing,
    reset,
    stalling,
    wire,
)
from tests.mockserver import (
    PARAGRAPHS,
    Route,
    Server,
    article_html,
    hang,
    links_html,
    page,
    redirect,
    validated,
)

TEXTS: Final = (*PARAGRAPHS, "“Größer wird der Hafen nicht”, sagte die Bürgermeisterin – “aber schöner.”")
STORY: Final = article_html("A story of the harbour", *TEXTS)
UNDECLARED: Final = STORY.replace("<meta charset='utf-8'>", "")
ANSWER: Final = message(STORY)
SIZE: Final = len(STORY.encode())
FOLDER: Final = "/2024/05/01/"
ARTICLE: Final = "article"
ELSEWHERE: Final = "article at another address"
MAX_SIZE: Final = 2_000_000
FOR_A_MOMENT: Final = frozenset(
    {
        "connection-failed",
        "download-error",
        "http-202",
        "http-429",
        "http-500",
        "http-503",
        "timeout",
        "truncated",
    }
)
SETTINGS: Final = {
    "RETRY_TIMES": 1,
    "CONCURRENT_REQUESTS_PER_DOMAIN": 4,
    "DOWNLOAD_MAXSIZE": MAX_SIZE,
    "THRESHER_MAX_RETRY_AFTER": 60,
}


@dataclass(frozen=True)
class Fault:
    """A route that misbehaves, how its page ends, and whether it does so for good."""

    route: Route
    ends: str
    for_good: bool = False


def again(path: str) -> str:
    return FOLDER + path


def moved(target: str, *headers: tuple[str, str]) -> Route:
    return wire(message("", ("Location", target), *headers, status="302 Found"), keep=True)


FAULTS: Final[dict[str, Fault]] = {
    # Slow, silent, broken off
    "slow": Fault(dripping(ANSWER, pieces=5, seconds=0.5), ARTICLE),
    "hangs": Fault(hang, "timeout", for_good=True),
    "hangs-in-the-head": Fault(stalling(b"HTTP/1.1 200 OK\r\nContent-Ty"), "timeout", for_good=True),
    "hangs-in-the-body": Fault(stalling(ANSWER[:-300]), "timeout", for_good=True),
    "drips-for-ever": Fault(dripping(message(STORY * 9), pieces=200, seconds=40), "timeout", for_good=True),
    "reset": Fault(reset(), "connection-failed"),
    "reset-in-the-head": Fault(reset(ANSWER[:30]), "connection-failed"),
    "reset-in-the-body": Fault(reset(ANSWER[:-300]), "truncated"),
    "reset-at-first": Fault(first(1, reset(), page(STORY)), ARTICLE),
    "closed": Fault(wire(b""), "connection-failed"),
    "closed-in-the-head": Fault(wire(ANSWER[:30]), "connection-failed"),
    "closed-in-silence": Fault(wire(ANSWER), ARTICLE),
    # No HTTP, or an odd one
    "no-http": Fault(wire(b"\x00\x01\x02 what is this \xff\xfe\r\n\r\n"), "connection-failed"),
    "no-head": Fault(wire(STORY.encode()), "connection-failed"),
    "http-1.0": Fault(wire(message(STORY, version="HTTP/1.0")), ARTICLE),
    "http-1.0-without-length": Fault(wire(message(STORY, version="HTTP/1.0", length=None)), ARTICLE),
    "continues-for-ever": Fault(wire(b"HTTP/1.1 100 Continue\r\n\r\n" * 50), "connection-failed"),
    "early-hints": Fault(wire(b"HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n" + ANSWER), ARTICLE),
    # Statuses
    "fails-at-first": Fault(first(1, page("", status=500), page(STORY)), ARTICLE),
    "busy-at-first": Fault(first(1, page("", status=503), page(STORY)), ARTICLE),
    "asks-to-wait": Fault(first(1, page("", status=429, headers={"Retry-After": "1"}), page(STORY)), ARTICLE),
    "fails": Fault(page(STORY, status=500), "http-500"),
    "busy": Fault(page(STORY, status=503), "http-503"),
    "refuses": Fault(page(STORY, status=429), "http-429"),
    "not-yet": Fault(page(STORY, status=202), "http-202"),
    "nothing-to-say": Fault(wire(message("", status="204 No Content"), keep=True), "http-204"),
    "a-part": Fault(page(STORY, status=206, headers={"Content-Range": f"bytes 0-{SIZE}/99999"}), "http-206"),
    "not-modified": Fault(wire(message("", status="304 Not Modified", length=None), keep=True), "http-304"),
    "many-choices": Fault(page(STORY, status=300), "http-300"),
    "no-robots-please": Fault(page(STORY, status=999), "http-999"),
    "no-status": Fault(wire(message(STORY, status=f"1{'0' * 40} So many")), "bad-status"),
    "below-zero": Fault(wire(message(STORY, status="-1 Cold")), "bad-status"),
    # Redirects
    "to-itself": Fault(redirect(again("to-itself")), "redirect-loop"),
    "to-nothing": Fault(redirect(""), "redirect-loop"),
    "to-and": Fault(redirect(again("fro")), "redirect-loop"),
    "step": Fault(redirect("../01/relative?n=1"), ELSEWHERE),
    "five-steps": Fault(redirect("five-steps-1"), ELSEWHERE),
    "twenty-steps": Fault(redirect("twenty-steps-1"), "redirect-loop"),
    "without-location": Fault(page("", status=302), "http-302"),
    "to-ftp": Fault(redirect("ftp://files.example/a"), "http-302"),
    "to-a-script": Fault(redirect("javascript:alert(1)"), "http-302"),
    "to-a-mailbox": Fault(redirect("mailto:a@b.example"), "http-302"),
    "to-half-a-bracket": Fault(redirect("http://[half/"), "http-302"),
    "to-no-port": Fault(redirect("http://a.example:99999999/"), "http-302"),
    "cookie-wall": Fault(moved(again("cookie-wall"), ("Set-Cookie", "seen=1")), "redirect-loop"),
    "cookie-gate": Fault(moved(again("cookie-giver")), "redirect-loop"),
    "refreshes-itself": Fault(refreshing(STORY, again("refreshes-itself"), seconds=60), ARTICLE),
    "refreshes-its-top": Fault(refreshing(STORY, "#top"), ARTICLE),
    "refreshes-to-a-script": Fault(refreshing(STORY, "javascript:void(0)"), ARTICLE),
    "refreshes-late": Fault(refreshing(STORY, again("to-itself"), seconds=3600), ARTICLE),
    "refreshes-to-and": Fault(refreshing(STORY, "refreshes-fro"), "redirect-loop"),
    "refreshes-for-ever": Fault(
        lambda handler, query: refreshing(STORY, f"?n={int(query.get('n', '0')) + 1}")(handler, query),
        "redirect-loop",
    ),
    # Lengths and chunks
    "announces-more": Fault(wire(message(STORY, length=SIZE + 100)), "truncated"),
    "announces-less": Fault(wire(message(STORY, length=SIZE - 150), keep=True), ARTICLE),
    "announces-less-than-nothing": Fault(wire(message(STORY, length=-5)), "connection-failed"),
    "announces-nothing": Fault(wire(message(STORY, length=None)), ARTICLE),
    "announces-it-twice": Fault(wire(message(STORY, ("Content-Length", str(SIZE))), keep=True), ARTICLE),
    "announces-two-lengths": Fault(wire(message(STORY, ("Content-Length", "7"))), "connection-failed"),
    "chunks": Fault(wire(chunked(*halves(STORY)), keep=True), ARTICLE),
    "chunks-without-end": Fault(wire(chunked(*halves(STORY), end=b"")), "truncated"),
    "chunks-of-no-length": Fault(wire(chunked(*halves(STORY), end=b"zzz\r\n")), "truncated"),
    "chunks-of-endless-length": Fault(wire(chunked(*halves(STORY), end=b"F" * 17 + b"\r\nabc")), "truncated"),
    "chunks-cut-off": Fault(wire(chunked(*halves(STORY), end=b"400\r\nabc")), "truncated"),
    "no-transfer-encoding": Fault(wire(message(STORY, ("Transfer-Encoding", "?"))), "connection-failed"),
    # Packing
    **{f"{name}-packed": Fault(packed(STORY, name), ARTICLE) for name in PACKERS},
    **{f"{name}-bomb": Fault(bomb(name, 10 * MAX_SIZE), "too-large") for name in PACKERS},
    **{f"not-{name}": Fault(page(STORY, headers={"Content-Encoding": name}), "download-error") for name in PACKERS},
    "packed-twice": Fault(packed(STORY, "gzip", "br"), ARTICLE),
    "packed-by-nobody": Fault(page(STORY, headers={"Content-Encoding": "none"}), ARTICLE),
    # Headers and content
    "said-to-be-ascii": Fault(page(STORY, content_type="text/html; charset=ascii"), ARTICLE),
    "said-to-be-utf-8": Fault(page(UNDECLARED.encode("cp1252")), ARTICLE),
    "said-to-be-latin": Fault(page(UNDECLARED, content_type="text/html; charset=latin-1"), ARTICLE),
    "in-utf-16": Fault(page(UNDECLARED.encode("utf-16")), ARTICLE),
    "of-no-charset": Fault(page(STORY, content_type="text/html; charset=nobody-knows"), ARTICLE),
    "said-to-be-text": Fault(page(STORY, content_type="text/plain"), ARTICLE),
    "said-to-be-bytes": Fault(page(STORY, content_type="application/octet-stream"), ARTICLE),
    "said-to-be-an-image": Fault(page(STORY, content_type="image/png"), ARTICLE),
    "said-to-be-nothing": Fault(wire(message(STORY, kind=None), keep=True), ARTICLE),
    "said-to-be-two-things": Fault(wire(message(STORY, ("Content-Type", "image/png")), keep=True), ARTICLE),
    "an-image": Fault(page(b"\x89PNG\r\n\x1a\n" + bytes(2_000)), "not-html"),
    "nul-bytes": Fault(page(STORY.replace(" ", " \0")), ARTICLE),
    "long-header": Fault(page(STORY, headers={"X-Long": "a" * 30_000}), "connection-failed"),
    "many-headers": Fault(wire(message(STORY, *[("X-Many", "a" * 50)] * 600)), ARTICLE),
    "broken-header": Fault(wire(ANSWER.replace(b"\r\n", b"\r\nNo colon here\r\n", 1)), ARTICLE),
    "empty": Fault(page(""), "no-text"),
    "white-space": Fault(page("  \n \t "), "no-text"),
}  # fmt: skip
BEHIND: Final[dict[str, Route]] = {
    again("relative"): page(STORY),
    again("fro"): redirect(again("to-and")),
    again("cookie-giver"): moved(again("cookie-gate"), ("Set-Cookie", "seen=1")),
    again("refreshes-fro"): refreshing(STORY, "refreshes-to-and"),
    **chain(again("five-steps"), 5, page(STORY)),
    **chain(again("twenty-steps"), 20, page(STORY)),
}
"""Where redirects lead."""

LINKED: Final[dict[str, Route]] = {
    "/news/": page(links_html()),
    "/culture/": page(links_html("/2024/06/01/in-culture", "/moved", "/broken-part/")),
    "/empty-part/": page("<html><body>There is nothing here yet.</body></html>"),
    "/broken-part/": page("", status=503),
    "/moved": redirect("/2024/06/02/story"),
    "/moved-part/": redirect("/culture/"),
    "/2024/06/01/in-culture": page(STORY),
    "/2024/06/02/story": page(STORY),
    "/2024/06/03/gone": page("", status=410),
    "/2024/06/04/kept": validated(STORY, etag='"1"'),
}
"""Pages of a site that is crawled by its links."""


class Runs(NamedTuple):
    """Two crawls, their figures, what each asked for, and what the frontier held in between."""

    crawls: tuple[Crawled, Crawled]
    figures: tuple[dict[str, int], dict[str, int]]
    asked: tuple[list[str], list[str]]
    outcomes: dict[str, str | None]

    def told(self, number: int) -> dict[str, str]:
        """The end of each page of a run, by its address without the host."""
        crawled = self.crawls[number]
        found = [(url, ARTICLE) for url in (record["url"] for record in crawled.articles)]
        found += [(record["url"], record["reason"]) for record in crawled.rejects]
        told = {url.partition("//")[2].partition("/")[2]: end for url, end in found}
        assert len(told) == len(found), "a page was told of twice"
        return {f"/{path}": end for path, end in told.items()}


def sitemap(base: str, *paths: str) -> Route:
    lines = (f"<url><loc>{base}{path}</loc><lastmod>2024-05-01</lastmod></url>" for path in paths)
    return page(f"<urlset>{''.join(lines)}</urlset>", content_type="application/xml")


def closed_for(seconds: int) -> dict[str, Route]:
    route = page("", status=429, headers={"Retry-After": str(seconds)})
    return {f"/2024/07/0{day}/of-a-busy-host": route for day in range(1, 5)}


@pytest.fixture(scope="module")
def runs(server: Server, tmp_path_factory: pytest.TempPathFactory) -> Runs:
    wild, busy, linked = "faults.example", "busy.example", "linked.example"
    bases = {host: server.url(host)[:-1] for host in (wild, busy, linked)}
    server.hosts[wild] = {
        "/": page(links_html()),
        "/news/": page(links_html()),
        "/sitemap.xml": sitemap(bases[wild], *map(again, FAULTS)),
        **{again(name): fault.route for name, fault in FAULTS.items()},
        **BEHIND,
    }
    server.hosts[busy] = {
        "/": page(links_html()),
        "/news/": page(links_html()),
        "/sitemap.xml": sitemap(bases[busy], *closed_for(9_000)),
        **closed_for(9_000),
    }
    server.hosts[linked] = {"/": page(links_html(*LINKED)), **LINKED}
    output = tmp_path_factory.mktemp("faults")
    job = ("site", {"url": " ".join(bases.values()), "discover": "sitemap links"})
    before = crawl(output, job, **SETTINGS)
    figures_before, asked_before = before.urls, list(server.log)
    outcomes = outcomes_in(output)
    for name, fault in FAULTS.items():
        if fault.ends in FOR_A_MOMENT and not fault.for_good:
            server.hosts[wild][again(name)] = page(STORY)
    server.hosts[busy].update({path: page(STORY) for path in closed_for(0)})
    server.forget()
    after = crawl(output, job, **SETTINGS)
    return Runs((before, after), (figures_before, after.urls), (asked_before, list(server.log)), outcomes)


def outcomes_in(output: Path) -> dict[str, str | None]:
    """How the pages of the frontier ended, by their addresses."""
    with Store(f"sqlite:///{output / 'thresher.db'}") as store, store.session() as session:
        rows = session.query(StoredPage).all()
        assert {row.state for row in rows} == {"done"}
        return {row.url: row.outcome for row in rows}


def on(server: Server, host: str, paths: Iterable[str]) -> set[str]:
    return {server.url(host, path) for path in paths}


def told_of(end: str) -> str | None:
    return None if end == ELSEWHERE else end


@pytest.mark.parametrize("name", FAULTS)
def test_each_page_ends_as_it_should(runs: Runs, name: str) -> None:
    assert runs.told(0).get(again(name)) == told_of(FAULTS[name].ends)


def test_redirects_lead_to_their_end(runs: Runs) -> None:
    told = runs.told(0)
    assert (told[again("relative?n=1")], told[again("five-steps-5")]) == (ARTICLE, ARTICLE)


def test_articles_are_whole(runs: Runs) -> None:
    whole = "\n\n".join(TEXTS)
    texts = {record["url"].rpartition("/")[2]: record["text"] for record in runs.crawls[0].articles}
    cut = texts.pop("announces-less")
    assert whole.startswith(cut[:300])
    assert {name for name, text in texts.items() if text != whole} == set()


def test_every_address_is_accounted_for(runs: Runs, server: Server) -> None:
    """Each that was linked or listed is an article, a reject or a section, once, or led to another."""
    for crawled, figures in zip(runs.crawls, runs.figures, strict=True):
        assert figures["discovered"] == sum(figures.values()) - figures["discovered"]
        assert figures["left"] == 0
        assert crawled.report["reasons"] == Counter(record["reason"] for record in crawled.rejects)
    crawled = runs.crawls[0]
    assert runs.figures[0]["discovered"] == len(runs.outcomes)
    named = [record["url"] for record in (*crawled.articles, *crawled.rejects)]
    named += [url for url, outcome in runs.outcomes.items() if outcome == "section"]
    assert len(named) == len(set(named))
    moved = {url for url, outcome in runs.outcomes.items() if outcome == "redirect"}
    linked = on(server, "linked.example", LINKED)
    listed = on(server, "faults.example", map(again, FAULTS)) | on(server, "busy.example", closed_for(0))
    assert linked | listed <= {*named, *moved}


def test_asks_once_for_what_does_not_fail_for_a_moment(runs: Runs) -> None:
    asked = Counter(runs.asked[0])
    often = {name for name, fault in FAULTS.items() if asked[f"faults.example{again(name)}"] > 1}
    moment = {name for name, fault in FAULTS.items() if fault.ends in FOR_A_MOMENT}
    packing = {f"not-{name}" for name in PACKERS} | {"not-yet"}  # an answer came, so nothing is tried again
    assert often == moment - packing | {"reset-at-first", "fails-at-first", "busy-at-first", "asks-to-wait"}
    assert asked["linked.example/culture/"] == asked["linked.example/2024/06/02/story"] == 1


def test_a_host_that_asks_for_hours_is_left_alone(runs: Runs) -> None:
    assert {runs.told(0)[path] for path in closed_for(0)} == {"retry-later"}
    assert {runs.told(1)[path] for path in closed_for(0)} == {ARTICLE}


def test_the_second_run_asks_again_for_what_failed_for_a_moment(runs: Runs) -> None:
    asked = {entry.removeprefix("faults.example") for entry in runs.asked[1] if entry.startswith("faults.")}
    moment = {again(name) for name, fault in FAULTS.items() if fault.ends in FOR_A_MOMENT}
    unlisted = {again("relative?n=1"), again("five-steps-5")}  # so their age decides
    assert asked == {"/robots.txt", "/", "/sitemap.xml", "/news/"} | moment | unlisted
    told = {path: end for path, end in runs.told(1).items() if path.startswith(FOLDER)}
    assert told == {
        again(name): fault.ends if fault.for_good else ARTICLE
        for name, fault in FAULTS.items()
        if fault.ends in FOR_A_MOMENT
    }


def test_the_second_run_of_links(runs: Runs) -> None:
    assert {end for path, end in runs.told(1).items() if path.startswith("/2024/06/")} == {"http-410"}
    assert runs.told(1)["/broken-part/"] == "http-503"
    assert runs.figures[1]["unchanged"] == 1 + sum(
        fault.ends not in FOR_A_MOMENT for fault in FAULTS.values()
    )
