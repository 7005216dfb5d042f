"""What is printed of a report."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rich.console import Console

from cleaners import BlockType, Rejection
from tests.thresher.test_report import ALARM, article, reject, report_of, urls
from thresher.report import CrawlReport
from thresher.report_tables import print_report


def printed(report: CrawlReport, width: int = 80, **options: Any) -> str:
    console = Console(width=width, **options)
    with console.capture() as capture:
        print_report(report, console)
    return capture.get()


def lines(report: CrawlReport) -> list[str]:
    return [line.rstrip() for line in printed(report).splitlines()]


def test_prints_a_report() -> None:
    report = CrawlReport(Path("out"), seconds=72.8, files={"Articles": Path("out/articles.jsonl.zst")})
    report.count(article("harbour-gazette.example", BlockType.BODY, BlockType.NAVIGATION))
    report.count(reject("harbour-gazette.example", "http-404"))
    stats = {
        **urls(fetched=1, failed=1, refused=2, unchanged=3),
        "thresher/source": "wordpress",
        "thresher/alarms": [ALARM],
        "thresher/articles/unchanged": 1,
        "downloader/response_bytes": 1_234_567,
        "downloader/response_status_count/200": 3,
        "downloader/response_status_count/404": 1,
        "downloader/response_status_count/304": 3,
        "retry/count": 2,
        "robotstxt/forbidden": 2,
    }
    report.add_stats("site", {"harbour-gazette.example"}, stats)
    report.held.append("busy.example")
    report.errors.append("a file could not be written")
    assert lines(report) == [
        f"Alarm       {ALARM}",
        "Held        busy.example: another run is crawling there",
        "Crawled in 73 s",
        "# Site                    Found Fetched Unchanged Failed Articles Rejects   MB",
        "──────────────────────────────────────────────────────────────────────────────",
        "1 harbour-gazette.example     7       1         3      3        1       1 1.23",
        "──────────────────────────────────────────────────────────────────────────────",
        "  All                         7       1         3      3        1       1 1.23",
        "",
        "Blocks by type and site (# as above)",
        "Type        1  All",
        "──────────────────",
        "body        1    1",
        "navigation  1    1",
        "",
        "Words       3 kept, 3 removed",
        "Sources     wordpress (# 1)",
        "Statuses    304 3, 404 1, retries 2",
        "robots.txt  2 refused",
        "Unchanged   1 (fetched, the same text as before)",
        "Rejects     http-404 1",
        "Error       a file could not be written",
        "Articles    out/articles.jsonl.zst",
    ]


def test_sources_of_many_sites_are_counted() -> None:
    report = CrawlReport(Path("out"))
    for number in range(12):
        source = "feed" if number == 3 else "sitemap, feed"
        stats = {**urls(fetched=1), "thresher/source": source}
        report.add_stats("site", {f"site{number:02}.example"}, stats)
    assert "Sources     sitemap, feed (11 sites); feed (# 4)" in lines(report)


def test_the_widest_table_fits_eighty_characters() -> None:
    stats = urls(fetched=12_345, unchanged=12_345, refused=1_234, failed=1_234, left=12_345)
    report = report_of({**stats, "downloader/response_bytes": 987_654_321}, "harbour-gazette.example")
    for _ in range(3):
        report.count(reject("harbour-gazette.example", "http-404"))
    assert max(map(len, lines(report))) <= 80
    header, figures = (next(line for line in lines(report) if word in line) for word in ("Site", "2,468"))
    assert header.split() == [
        "#",
        "Site",
        "Found",
        "Fetched",
        "Unchanged",
        "Failed",
        "Left",
        "Articles",
        "Rejects",
        "MB",
    ]
    assert figures.split()[2:] == ["39,503", "12,345", "12,345", "2,468", "12,345", "0", "3", "987.7"]


def test_prints_what_pages_say_as_text() -> None:
    report = CrawlReport(Path("out"), files={"Articles": Path("/tmp/[red]x[/red]")})
    report.count(article("a.example", BlockType.BODY))
    report.count(Rejection(url="http://a.example/z", reason="[bold]odd[/bold]", detail="x"))
    report.errors.append("lost [link=http://evil.example]this[/link]\nAlarm  not one")
    hostile = {"thresher/source": "\x1b[2Jfeed", "thresher/alarms": ["[red]\x1b]0;title\x07"]}
    report.add_stats("site", {"\x9b2Jb.example"}, {**urls(fetched=1), **hostile})
    text = printed(report)
    assert "[bold]odd[/bold] 1" in text
    assert "[link=http://evil.example]this[/link] Alarm  not one\n" in text
    assert "/tmp/[red]x[/red]" in text
    assert "[red]\ufffd]0;title\ufffd\n" in text
    assert "\ufffd2Jb.example" in text
    assert "\ufffd[2Jfeed (# 2)" in text
    assert not {"\x1b", "\x07", "\x9b"} & set(text)


def test_alarms_come_first_in_bold_red() -> None:
    report = report_of({**urls(fetched=1), "thresher/alarms": [ALARM]})
    text = printed(report, force_terminal=True, color_system="standard", width=120)
    assert text.startswith("\x1b[1;31mAlarm       \x1b[0ma.example gave 0 articles")


def test_folds_many_sites_into_one_column() -> None:
    report = CrawlReport(Path("out"))
    for number in range(12):
        report.count(article(f"site{number:02}.example", BlockType.BODY))
    text = printed(report)
    assert "site11.example" in text
    header = next(line for line in text[text.index("Blocks by type") :].splitlines() if "Type" in line)
    assert header.split() == ["Type", "1", "2", "3", "4", "5", "6", "others", "All"]


def test_the_sites_of_an_archive_do_not_fill_the_screen() -> None:
    report = CrawlReport(Path("out"))
    for number in range(130):
        report.count(reject(f"site{number:03}.example", "no-text"))
    found = lines(report)
    assert sum("site" in line for line in found) == 100
    assert any(line.split() == ["and", "30", "more"] for line in found)
    assert any(line.split() == ["All", "0", "130"] for line in found)


def test_an_empty_report_prints() -> None:
    assert "All" in printed(CrawlReport(Path("out")))
