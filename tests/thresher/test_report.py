from __future__ import annotations

from pathlib import Path

from rich.console import Console

from cleaners import Article, Block, BlockType, Rejection
from thresher.report import UNKNOWN_SITE, CrawlReport, print_report


def article(site: str, *kinds: BlockType) -> Article:
    blocks = [Block(text="three words here", type=kind, confidence=1.0, reason="test") for kind in kinds]
    return Article(url=f"http://www.{site}/x", text="three words here", blocks=blocks)


def printed(report: CrawlReport) -> str:
    console = Console(width=110, record=True, file=None, quiet=False)
    with console.capture() as capture:
        print_report(report, console)
    return capture.get()


def test_counts_by_site() -> None:
    report = CrawlReport(Path("out"))
    assert not report.ok
    report.count(article("a.example", BlockType.BODY, BlockType.TITLE, BlockType.DONATION))
    report.count(article("b.example", BlockType.BODY))
    report.count(Rejection(url="http://a.example/y", reason="no-text", detail="empty", status=200))
    report.count(Rejection(url="http://a.example/z", reason="http-404", detail="gone", status=404))
    report.count(Rejection(url=None, reason="not-a-post", detail="odd"))
    report.count("something else")
    a = report.sites["a.example"]
    assert (a.pages, a.articles, a.rejects, a.words_kept, a.words_removed) == (2, 1, 2, 6, 3)
    assert set(report.sites) == {"a.example", "b.example", UNKNOWN_SITE}
    assert report.total.pages == 3
    assert report.total.blocks[BlockType.BODY] == 2
    assert report.ok


def test_what_went_wrong_is_not_ok() -> None:
    report = CrawlReport(Path("out"))
    report.count(article("a.example", BlockType.BODY))
    report.interrupted = True
    assert not report.ok
    report.interrupted = False
    report.errors.append("a file could not be written")
    assert not report.ok


def test_prints_what_pages_say_as_text() -> None:
    report = CrawlReport(Path("out"), files={"Articles": Path("/tmp/[red]x[/red]")})
    report.count(article("a.example", BlockType.BODY))
    report.count(Rejection(url="http://a.example/z", reason="[bold]odd[/bold]", detail="x"))
    report.errors.append("lost [link=http://evil.example]this[/link]")
    text = printed(report)
    assert "[bold]odd[/bold] 1" in text
    assert "[link=http://evil.example]this[/link]" in text
    assert "/tmp/[red]x[/red]" in text


def test_folds_many_sites_into_one_column() -> None:
    report = CrawlReport(Path("out"))
    for number in range(12):
        report.count(article(f"site{number:02}.example", BlockType.BODY))
    text = printed(report)
    assert "site11.example" in text
    header = next(line for line in text[text.index("Blocks by type") :].splitlines() if "Type" in line)
    assert header.replace("┃", " ").split() == ["Type", "1", "2", "3", "4", "5", "6", "others", "All"]


def test_an_empty_report_prints() -> None:
    assert "All" in printed(CrawlReport(Path("out")))
