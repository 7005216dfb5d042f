"""robots.txt as RFC 9309 has it, against real servers."""

from __future__ import annotations

import re
import time
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import pytest
from scrapy.robotstxt import ProtegoRobotParser

from spiders.robots import MAX_SIZE, RobotsMiddleware, _Verdict, rules_for
from tests.crawling import Crawled, crawl
from tests.mockserver import (
    PARAGRAPHS,
    Handler,
    Query,
    Route,
    Server,
    article_html,
    cut_short,
    hang,
    page,
    redirect,
)

AGENT = "Thresher/0.1.0"
Runs = tuple[Crawled, Crawled, str]


def allowed(text: str, path: str, agent: str = AGENT) -> bool:
    rules = ProtegoRobotParser(rules_for(agent, text.encode()), None)
    return rules.allowed(f"https://a.example{path}", "anybody")


@pytest.mark.parametrize(
    ("text", "forbidden"),
    [
        ("User-agent: *\nDisallow: /x", True),
        ("User-agent: thresher\nDisallow: /x", True),
        ("User-agent: Thresher/0.1.0\nDisallow: /x", True),
        ("User-agent: Thresher*\nDisallow: /x", True),
        ("User-agent Thresher # ours\nDisallow /x", True),
        ("\ufeffuseragent: THRESHER\r\nDisallow: /x", True),
        ("User-agent: OtherBot\nUser-agent: Thresher\nDisallow: /x", True),
        ("User-agent: Thresher\nAllow: /\n\nUser-agent: Thresher\nDisallow: /x", True),
        ("User-agent: OtherBot\nDisallow: /x", False),
        ("User-agent: thresh\nDisallow: /x\n\nUser-agent: thresher\nAllow: /", False),
        ("User-agent: resher\nDisallow: /x", False),
        ("User-agent: *\nDisallow: /x\n\nUser-agent: Thresher\nDisallow: /y", False),
        ("User-agent: *\nUser-agent: Thresher\nAllow: /\n\nUser-agent: *\nDisallow: /x", False),
        ("Disallow: /x", False),
        ("User-agent:\nDisallow: /x", False),
        ("", False),
    ],
)
def test_chooses_the_group_that_names_us_best(text: str, forbidden: bool) -> None:
    assert allowed(text, "/x") is not forbidden


def test_an_agent_may_be_named_within_a_longer_one() -> None:
    browser = "Mozilla/5.0 (compatible; Foobot/1.0)"
    assert not allowed("User-agent: foobot\nDisallow: /x", "/x", browser)
    assert allowed("User-agent: oobot\nDisallow: /x", "/x", browser)


def test_sitemaps_outside_and_inside_of_groups_are_kept() -> None:
    text = "Sitemap: https://a.example/1\nUser-agent: Other\nDisallow: /\nSitemap: https://a.example/2\n"
    rules = ProtegoRobotParser(rules_for(AGENT, text.encode()), None)
    assert list(rules.rp.sitemaps) == ["https://a.example/1", "https://a.example/2"]


@pytest.mark.parametrize("name", ["bot{}", "t*h{}", "thresher", "th{}resher", "*"])
def test_thousands_of_names_before_thousands_of_rules_are_no_bomb(name: str) -> None:
    lines = MAX_SIZE // 40
    names = "".join(f"User-agent: {name.format(number)}\n" for number in range(lines))
    text = names + "".join(f"Disallow: /{number}\n" for number in range(lines))
    started = time.process_time()
    allowed(text, "/x")
    assert time.process_time() - started < 3  # without the choice of a group, minutes and gigabytes


def test_rules_of_endless_hosts_do_not_fill_the_memory() -> None:
    middleware = RobotsMiddleware.__new__(RobotsMiddleware)
    reading: dict[str, Any] = {f"http://{number}.example": Future() for number in range(20)}
    for number, done in enumerate(reading.values()):
        if number != 1:
            done.set_result(_Verdict(size=MAX_SIZE if number else 0))
    middleware._reading = reading
    middleware._make_room(MAX_SIZE)
    # The first has no rules, the second is still being read; of the others, seven fit in beside the new one.
    assert list(reading) == [f"http://{number}.example" for number in (0, 1, *range(13, 20))]


# Against a server

STORY = "/2024/05/17/storm-hits-the-harbour"
SECRET = "/private/2024/05/18/what-nobody-may-read"
FORBID = page("User-agent: *\nDisallow: /private/\n", content_type="text/plain")


def hang_up(handler: Handler, _query: Query) -> None:
    handler.close_connection = True


def padded(rule_at: int) -> Route:
    """A robots.txt whose rule stands so many bytes from its beginning, and bytes enough after it."""
    head = "User-agent: *\n"
    filler = "# nothing\n" * ((rule_at - len(head)) // 10)
    rest = "# nothing at all\n" * 10_000
    return page(f"{head}{filler}Disallow: /private/\n{rest}", content_type="text/plain")


def endless(handler: Handler, _query: Query) -> None:
    """Rules, and then a comment until the client hangs up."""
    handler.send_response(200)
    handler.send_header("Connection", "close")
    handler.end_headers()
    handler.wfile.write(b"User-agent: *\nDisallow: /private/\n# ")
    while not handler.server.closing.is_set():
        handler.wfile.write(b"more and more and more " * 1_000)


# What robots.txt is, and the reasons that the article and the page under /private/ are rejected for.
CASES: dict[str, tuple[Route, str | None, str | None]] = {
    "forbids": (FORBID, None, "robots-txt"),
    "missing": (page("", status=404), None, None),
    "unauthorized": (page("", status=401), None, None),
    "denied": (page("", status=403), None, None),
    "gone-with-text": (
        page("User-agent: *\nDisallow: /\n", status=410, content_type="text/plain"),
        None,
        None,
    ),
    "broken": (page("", status=500), "robots-unreachable", "robots-unreachable"),
    "unavailable": (page("", status=503), "robots-unreachable", "robots-unreachable"),
    "too-many": (page("", status=429), "robots-unreachable", "robots-unreachable"),
    "hangs": (hang, "robots-unreachable", "robots-unreachable"),
    "hangs-up": (hang_up, "robots-unreachable", "robots-unreachable"),
    "cut-short": (cut_short("User-agent: *\nDisallow: /private/\n"), "robots-unreachable", "robots-unreachable"),
    "elsewhere": (redirect("http://forbids.example:{port}/robots.txt"), None, "robots-txt"),
    "nowhere": (redirect("http://gone.invalid/robots.txt"), "robots-unreachable", "robots-unreachable"),
    "loop": (
        lambda handler, query: handler.reply(
            b"", status=302, headers={"Location": f"/robots.txt?n={int(query.get('n', '0')) + 1}"}
        ),
        None,
        None,
    ),
    "long": (padded(MAX_SIZE - 1_000), None, "robots-txt"),
    "too-long": (padded(MAX_SIZE + 1_000), None, None),
    "endless": (endless, None, "robots-txt"),
    "for-us": (
        page("User-agent: *\nDisallow: /\n\nUser-agent: Thresher\nDisallow: /private/\n"),
        None,
        "robots-txt",
    ),
}  # fmt: skip


def _hosts(server: Server) -> list[str]:
    urls = []
    for name, (robots, _, _) in CASES.items():
        host = f"{name}.example"
        story = page(article_html(f"A story of {name}", *PARAGRAPHS))
        server.hosts[host] = {"/robots.txt": robots, STORY: story, SECRET: story}
        urls += [server.url(host, STORY), server.url(host, SECRET)]
    target = server.url("forbids.example", "/robots.txt")
    server.hosts["elsewhere.example"]["/robots.txt"] = redirect(target, 301)
    return urls


@pytest.fixture(scope="module")
def runs(server: Server, tmp_path_factory: pytest.TempPathFactory) -> Runs:
    """Two runs, and the first one's log; in between, one host recovers and one forbids what it allowed."""
    output = tmp_path_factory.mktemp("robots")
    dead = ["http://gone.invalid/x", "http://refuses.example:1/x"]
    arguments = {"url": " ".join([*_hosts(server), *dead]), "discover": "sitemap"}
    settings = {"DOWNLOAD_TIMEOUT": 1, "CONCURRENT_REQUESTS_PER_DOMAIN": 1, "RETRY_TIMES": 1}
    first = crawl(output, ("site", arguments), **settings)
    first_log, first_asked = first.log, list(server.log)
    server.hosts["broken.example"]["/robots.txt"] = FORBID
    server.hosts["missing.example"]["/robots.txt"] = page("User-agent: *\nDisallow: /\n")
    server.log.clear()
    arguments["url"] = " ".join(
        server.url(host, path) for host in ("broken.example", "missing.example") for path in (STORY, SECRET)
    )
    second = crawl(output, ("site", arguments), **settings)
    server.log[:] = first_asked
    return first, second, first_log


@pytest.mark.parametrize("name", CASES)
def test_obeys_what_robots_txt_gives(runs: Runs, server: Server, name: str) -> None:
    first, _, _ = runs
    _, story, secret = CASES[name]
    host = f"{name}.example"
    found = [first.reasons.get(server.url(host, path)) for path in (STORY, SECRET)]
    assert found == [story, secret]
    asked = [path.partition("?")[0] for path in server.asked(host)]
    assert (STORY in asked, SECRET in asked) == (story is None, secret is None)


def test_robots_txt_is_asked_for_once(runs: Runs, server: Server) -> None:
    assert runs
    asked = {name: server.asked(f"{name}.example").count("/robots.txt") for name in CASES}
    tried_again = {"broken", "unavailable", "too-many", "hangs", "hangs-up", "cut-short"}
    expected = {name: 2 if name in tried_again else 1 for name in CASES}
    expected["forbids"] += 1  # for "elsewhere"
    assert asked == expected
    assert len(server.asked("loop.example")) == 6 + len([STORY, SECRET, "/sitemap.xml"])


def test_says_once_a_host_that_robots_txt_cannot_be_had(runs: Runs) -> None:
    first, _, log = runs
    warnings = [line for line in log.splitlines() if "[spiders.robots] WARNING" in line]
    unreachable = [name for name, (_, story, _) in CASES.items() if story == "robots-unreachable"]
    assert len(warnings) == len(unreachable)
    assert all(any(f"//{name}.example" in line for line in warnings) for name in unreachable)
    assert "Traceback" not in log
    record = next(record for record in first.rejects if "//broken.example" in record["url"])
    assert record["detail"].endswith("answered 500, so nothing of the host may be fetched in this run")


def test_a_host_that_is_not_there_says_so_itself(runs: Runs) -> None:
    first, _, log = runs
    assert first.reasons["http://gone.invalid/x"] == "dns"
    assert first.reasons["http://refuses.example:1/x"] == "connection-refused"
    # It was tried for robots.txt as often as for any page, and the page no more.
    tried_again = dict(re.findall(r"retry/reason_count/scrapy\.exceptions\.(\w+)': (\d+)", log))
    assert tried_again["DownloadConnectionRefusedError"] == "1"
    assert tried_again["CannotResolveHostError"] == "2"  # the other is the host that "nowhere" redirects to


def test_each_run_reads_robots_txt_anew(runs: Runs, server: Server) -> None:
    _, second, _ = runs
    assert second.article_urls == {server.url("broken.example", STORY)}
    assert second.reasons == {
        server.url("broken.example", SECRET): "robots-txt",
        server.url("missing.example", STORY): "robots-txt",
        server.url("missing.example", SECRET): "robots-txt",
    }


def test_the_contact_is_no_name(server: Server, tmp_path: Path) -> None:
    host = "contact.example"
    server.hosts[host] = {
        "/robots.txt": page("User-agent: evilbot\nDisallow: /\n"),
        STORY: page(article_html("Storm", *PARAGRAPHS)),
    }
    arguments = {"url": server.url(host, STORY), "discover": "links"}
    crawled = crawl(tmp_path, ("site", arguments), THRESHER_CONTACT="https://evilbot.example/")
    assert len(crawled.articles) == 1
