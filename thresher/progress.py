"""What a person sees while crawls run: a line a crawl, kept up by Scrapy's signals."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self
from urllib.parse import urlsplit

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TaskID, TextColumn
from scrapy import signals

from cleaners.article import Rejection

if TYPE_CHECKING:
    from scrapy.crawler import Crawler


class CrawlProgress:
    """A live display of several crawls. A context manager; shows nothing where there is no terminal."""

    def __init__(self, console: Console) -> None:
        """Draw on `console`."""
        self._progress = Progress(
            SpinnerColumn(finished_text="✓"),
            TextColumn("{task.description}", markup=False),
            BarColumn(bar_width=12),
            TextColumn("{task.completed:.0f}/{task.total:.0f} requests", markup=False),
            TextColumn("{task.fields[articles]} articles", style="green", markup=False),
            TextColumn("{task.fields[rejects]} rejects", style="yellow", markup=False),
            console=console,
            disable=not console.is_terminal,
        )
        self._lines: list[_Line] = []  # Scrapy's signals hold their receivers weakly

    def __enter__(self) -> Self:
        """Begin to draw."""
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Leave the last state on the screen."""
        self._progress.stop()

    def watch(self, crawler: Crawler, label: str) -> None:
        """Add a line for a crawl that is about to start."""
        task = self._progress.add_task(label, total=1, articles=0, rejects=0)
        self._lines.append(_Line(self._progress, task, crawler))


class _Line:
    """One crawl's line. The bar is the share of the requests known so far that are done."""

    def __init__(self, progress: Progress, task: TaskID, crawler: Crawler) -> None:
        self._progress = progress
        self._task = task
        self._crawler = crawler
        self._articles = 0
        self._rejects = 0
        crawler.signals.connect(self._on_item, signals.item_scraped)
        crawler.signals.connect(self._show, signals.response_received)
        crawler.signals.connect(self._show, signals.request_scheduled)
        crawler.signals.connect(self._on_closed, signals.spider_closed)

    def _on_item(self, item: Any) -> None:
        if isinstance(item, Rejection):
            self._rejects += 1
        else:
            self._articles += 1
        self._show()

    def _show(self) -> None:
        stats = self._crawler.stats
        known, begun = stats.get_value("scheduler/enqueued", 0), stats.get_value("scheduler/dequeued", 0)
        self._progress.update(
            self._task,
            total=max(known, 1),
            completed=max(begun - 1, 0),
            articles=self._articles,
            rejects=self._rejects,
        )

    def _on_closed(self) -> None:
        begun = max(self._crawler.stats.get_value("scheduler/dequeued", 0), 1)
        self._progress.update(
            self._task, total=begun, completed=begun, articles=self._articles, rejects=self._rejects
        )


def label_of(spider: str, url: str) -> str:
    """A short name of a crawl for its line."""
    return f"{spider} {urlsplit(url).hostname or url}"[:36]
