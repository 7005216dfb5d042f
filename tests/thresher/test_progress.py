from __future__ import annotations

import io
import threading
import time
from typing import Any

import pytest
from rich.cells import cell_len
from rich.console import Console
from scrapy import Spider
from scrapy.crawler import Crawler
from scrapy.statscollectors import MemoryStatsCollector

from thresher.progress import CrawlProgress, label_of

HEADING = ["Found", "Fetched", "Unchanged", "Articles", "Rejects", "Bytes", "Pages/s"]
DEADLINE = 20  # seconds that a frame may take to come on a busy machine; one comes in a quarter of one


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


def waiting() -> Crawler:
    """A crawler whose crawl has not begun."""
    return Crawler(Spider)


def begun(**urls: int) -> Crawler:
    crawler = waiting()
    crawler.stats = MemoryStatsCollector(crawler)
    crawler.stats.set_stats(
        {"start_time": 1, **{f"thresher/urls/{name}": count for name, count in urls.items()}}
    )
    return crawler


def terminal(width: int = 100, height: int = 24) -> Console:
    return Console(
        file=io.StringIO(),
        force_terminal=True,
        force_interactive=True,
        width=width,
        height=height,
        color_system=None,
    )


def drawn(progress: CrawlProgress) -> list[str]:
    return progress.draw().plain.splitlines()


@pytest.fixture
def clock() -> Clock:
    return Clock()


def test_a_line_a_crawl_and_a_total(clock: Clock) -> None:
    progress = CrawlProgress(terminal(), clock=clock)
    first = begun(discovered=1_234, fetched=50, unchanged=7)
    more = {
        "thresher/articles": 40, "thresher/rejected/http-404": 6, "thresher/rejected/no-text": 3,
        "downloader/response_bytes": 4_500_000,
    }  # fmt: skip
    first.stats.set_stats({**first.stats.get_stats(), **more})
    progress.watch(first, "gazette.example (site)")
    progress.watch(begun(discovered=10, fetched=2), "b.example (site)")
    progress.watch(waiting(), "c.example (site)")
    assert [line.split() for line in drawn(progress)] == [
        HEADING,
        ["▸", "gazette.example", "(site)", "1,234", "50", "7", "40", "9", "4.5", "MB"],
        ["▸", "b.example", "(site)", "10", "2", "0", "0", "0", "0", "B"],
        ["·", "c.example", "(site)", "0", "0", "0", "0", "0", "0", "B"],
        ["All", "3", "1,244", "52", "7", "40", "9", "4.5", "MB"],
    ]


def test_one_crawl_needs_no_total(clock: Clock) -> None:
    progress = CrawlProgress(terminal(), clock=clock)
    assert drawn(progress) == []
    progress.watch(begun(), "a.example (site)")
    assert len(drawn(progress)) == 2


def test_the_rate_is_that_of_the_last_seconds(clock: Clock) -> None:
    progress = CrawlProgress(terminal(), clock=clock)
    crawler = begun()
    progress.watch(crawler, "a.example (site)")

    def rate_after(seconds: float, pages: int) -> str:
        clock.now += seconds
        crawler.stats.inc_value("thresher/urls/fetched", pages)
        crawler.stats.inc_value("thresher/urls/unchanged", pages)
        return drawn(progress)[1].split()[-1]

    assert rate_after(0, 0) == "B"  # none yet
    assert rate_after(2, 5) == "5.0"
    assert rate_after(2, 15) == "10.0"
    assert rate_after(8, 0) == "3.0"  # 30 pages since the frame ten seconds ago
    assert rate_after(10, 0) == "B"


def test_a_crawl_that_has_ended_keeps_its_figures_and_is_let_go(clock: Clock) -> None:
    progress = CrawlProgress(terminal(), clock=clock)
    crawler = begun(fetched=5)
    progress.watch(crawler, "a.example (site)")
    crawler.stats.set_value("finish_reason", "finished")
    before = drawn(progress)
    assert before[1].startswith("✓ a.example (site)")
    crawler.stats.clear_stats()
    assert drawn(progress) == before


def test_of_many_crawls_the_busiest_are_shown_in_their_order(clock: Clock) -> None:
    progress = CrawlProgress(terminal(height=10), clock=clock)
    crawlers = [begun(discovered=number) for number in range(100)]
    for number, crawler in enumerate(crawlers):
        progress.watch(crawler, f"site{number:02}")
    drawn(progress)
    clock.now += 1
    for number in (40, 20, 60):
        crawlers[number].stats.inc_value("thresher/urls/fetched")
    crawlers[99].stats.set_value("finish_reason", "finished")
    lines = drawn(progress)
    assert len(lines) == 9  # and the line of the cursor
    assert [line.split()[1] for line in lines[1:7]] == [
        "site20",
        "site40",
        "site60",
        "site96",
        "site97",
        "site98",
    ]
    assert lines[7].split()[:4] == ["All", "100", "4,950", "3"]
    assert lines[8] == "  94 more are not shown; 1 have ended"


@pytest.mark.parametrize("width", [80, 100, 200])
def test_lines_fit_the_terminal(width: int, clock: Clock) -> None:
    progress = CrawlProgress(terminal(width), clock=clock)
    for label in ("a-very-long-name-of-a-site-that-nobody-has.example (wordpress)", "新聞" * 30):
        progress.watch(begun(discovered=99_999, fetched=99_999, unchanged=99_999), label)
    lines = drawn(progress)
    assert len({cell_len(line) for line in lines}) <= 2  # a rate may be missing at the end
    assert max(cell_len(line) for line in lines) <= width
    assert all("…" in line for line in lines[1:3])


def test_labels_are_shown_never_obeyed(clock: Clock) -> None:
    progress = CrawlProgress(terminal(), clock=clock)
    progress.watch(begun(), "\x1b[2J[red]a\nb\t")
    assert drawn(progress)[1].startswith("▸ \ufffd[2J[red]a b")


def test_draws_by_itself_while_the_statistics_change() -> None:
    drawing = threading.Event()

    class Watched(MemoryStatsCollector):
        def get_stats(self, *_: Any) -> dict[str, Any]:
            drawing.set()
            return self._stats

    console, crawler = terminal(), begun()
    output = console.file
    assert isinstance(output, io.StringIO)
    crawler.stats = Watched(crawler)
    crawler.stats.set_value("start_time", 1)
    with CrawlProgress(console) as progress:
        progress.watch(crawler, "a.example (site)")
        assert drawing.wait(DEADLINE)  # nobody asked for a frame
        end = time.monotonic() + 0.6  # two frames or so
        number = 0
        while time.monotonic() < end:
            number += 1
            crawler.stats.inc_value(f"thresher/rejected/{number}")
    last = output.getvalue().rsplit("▸", 1)[1]
    assert last.split()[:7] == ["a.example", "(site)", "0", "0", "0", "0", f"{number:,}"]


@pytest.mark.parametrize("options", [{}, {"force_terminal": True, "_environ": {"TERM": "dumb"}}])
def test_shows_nothing_where_nobody_can_see_it_live(options: dict[str, Any]) -> None:
    output = io.StringIO()
    with CrawlProgress(Console(file=output, **options)) as progress:
        progress.watch(begun(), "a.example (site)")
    assert output.getvalue() == ""


def test_a_label_names_the_host_first() -> None:
    assert label_of("wordpress", "https://a.example/x") == "a.example (wordpress)"
    assert label_of("files", "pages/") == "pages/ (files)"
