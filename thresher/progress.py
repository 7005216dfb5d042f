"""What a person sees while crawls run: a line a crawl, drawn from the statistics a few times a second."""

from __future__ import annotations

import heapq
import time
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Self
from urllib.parse import urlsplit

from rich.cells import cell_len, set_cell_size
from rich.console import Console
from rich.filesize import decimal
from rich.live import Live
from rich.text import Text

from thresher.terminal import printable

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

_FRAMES_A_SECOND: Final = 4  # a crawl makes hundreds of requests a second, nobody reads hundreds of figures
_RATE_SECONDS: Final = 10.0  # the pace of the last seconds, not that of the whole crawl
_LEAST_LABEL: Final = 12  # characters of a label on the narrowest terminal
_MOST_LABEL: Final = 36
_KEPT_LINES: Final = 4  # heading, total, what is not shown, and the line of the cursor
_COLUMNS: Final = {
    "Found": 7, "Fetched": 8, "Unchanged": 10, "Articles": 9, "Rejects": 8, "Bytes": 9, "Pages/s": 8,
}  # fmt: skip
_REJECTED: Final = "thresher/rejected/"


@dataclass(slots=True)
class _Figures:
    """What a line shows, in the order of `_COLUMNS`. `begun` and `ended` say whether the crawl has."""

    discovered: int = 0
    fetched: int = 0
    unchanged: int = 0
    articles: int = 0
    rejects: int = 0
    received_bytes: int = 0
    rate: float = 0.0
    begun: bool = False
    ended: bool = False

    def add(self, other: _Figures) -> None:
        self.discovered += other.discovered
        self.fetched += other.fetched
        self.unchanged += other.unchanged
        self.articles += other.articles
        self.rejects += other.rejects
        self.received_bytes += other.received_bytes
        self.rate += other.rate


class CrawlProgress:
    """A live display of several crawls. A context manager; shows nothing where there is no terminal.

    Where the crawls do not fit the screen, the busiest are shown.
    """

    def __init__(self, console: Console, *, clock: Callable[[], float] = time.monotonic) -> None:
        """Draw on `console`; `clock` gives seconds."""
        self._console = console
        self._clock = clock
        self._lines: list[_Line] = []
        # Rich draws in a thread of its own, so a crawl pays for a frame with what Python's lock costs.
        self._live = Live(
            console=console, get_renderable=self.draw, refresh_per_second=_FRAMES_A_SECOND, transient=False
        )

    def __enter__(self) -> Self:
        """Begin to draw."""
        if self._console.is_interactive:
            self._live.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Leave the last state on the screen."""
        self._live.stop()

    def watch(self, crawler: Crawler, label: str) -> None:
        """Add a line for a crawl that is about to start."""
        self._lines.append(_Line(crawler, label))

    def draw(self) -> Text:
        """The display as it is now, no higher than the screen."""
        now = self._clock()
        lines = [(line, line.read(now)) for line in list(self._lines)]
        width, height = self._console.size
        shown = _busiest(lines, max(height - _KEPT_LINES, 1))
        room = width - sum(_COLUMNS.values()) - 2
        label_width = max(
            _LEAST_LABEL, min(room, _MOST_LABEL, max((cell_len(line.label) for line, _ in lines), default=0))
        )
        text = Text(no_wrap=True, overflow="crop")
        if lines:
            text.append(" " * (label_width + 2), "bold")
            text.append("".join(f"{name:>{size}}" for name, size in _COLUMNS.items()), "bold")
        for line, figures in shown:
            text.append(f"\n{_mark(figures)} {_fitted(line.label, label_width)}{_row(figures)}")
        if len(lines) > 1:
            total = _Figures()
            for _, figures in lines:
                total.add(figures)
            text.append(f"\n  {f'All {len(lines)}':<{label_width}}{_row(total)}", "bold")
        if len(shown) < len(lines):
            ended = sum(figures.ended for _, figures in lines)
            text.append(f"\n  {len(lines) - len(shown)} more are not shown; {ended} have ended", "dim")
        return text


class _Line:
    """One crawl, and how many pages it had at each frame of the last seconds."""

    def __init__(self, crawler: Crawler, label: str) -> None:
        self.label = printable(label).replace("\n", " ").replace("\t", " ")
        self._crawler: Crawler | None = crawler
        self._last = _Figures()
        self._frames: deque[tuple[float, int]] = deque()

    def read(self, now: float) -> _Figures:
        """The crawl's figures at a time, in seconds."""
        if self._crawler is None:
            return self._last
        figures = self._last = _read(_stats_of(self._crawler))
        if figures.ended:
            self._crawler = None  # of many crawls, those that have ended need not be kept in memory
        elif figures.begun:
            figures.rate = self._rate(now, figures.fetched + figures.unchanged)
        return figures

    def _rate(self, now: float, pages: int) -> float:
        self._frames.append((now, pages))
        while now - self._frames[0][0] > _RATE_SECONDS:
            self._frames.popleft()
        began, earlier = self._frames[0]
        return (pages - earlier) / (now - began) if now > began else 0.0


def _stats_of(crawler: Crawler) -> Mapping[str, Any]:
    """The crawler's statistics, copied in one go since the crawl goes on in another thread."""
    try:
        return dict(crawler.stats.get_stats())
    except RuntimeError:  # Scrapy has none before a crawl starts
        return {}


def _read(stats: Mapping[str, Any]) -> _Figures:
    return _Figures(
        discovered=stats.get("thresher/urls/discovered", 0),
        fetched=stats.get("thresher/urls/fetched", 0),
        unchanged=stats.get("thresher/urls/unchanged", 0),
        articles=stats.get("thresher/articles", 0),
        rejects=sum(count for name, count in stats.items() if name.startswith(_REJECTED)),
        received_bytes=stats.get("downloader/response_bytes", 0),
        begun="start_time" in stats,
        ended="finish_reason" in stats,
    )


def _busiest(lines: Iterable[tuple[_Line, _Figures]], number: int) -> list[tuple[_Line, _Figures]]:
    """The busiest lines in the order that they were added in, so that they do not jump about."""
    numbered = list(enumerate(lines))
    busiest = heapq.nlargest(number, numbered, key=lambda entry: (*_business(entry[1][1]), -entry[0]))
    return [line for _, line in sorted(busiest, key=lambda entry: entry[0])]


def _business(figures: _Figures) -> tuple[bool, bool, float, int]:
    return figures.begun and not figures.ended, figures.begun, figures.rate, figures.discovered


def _mark(figures: _Figures) -> str:
    if figures.ended:
        return "✓"
    return "▸" if figures.begun else "·"


def _fitted(label: str, width: int) -> str:
    return set_cell_size(label if cell_len(label) <= width else f"{set_cell_size(label, width - 1)}…", width)


def _row(figures: _Figures) -> str:
    cells = [
        f"{figures.discovered:,}",
        f"{figures.fetched:,}",
        f"{figures.unchanged:,}",
        f"{figures.articles:,}",
        f"{figures.rejects:,}",
        decimal(figures.received_bytes).replace("bytes", "B"),
        f"{figures.rate:.1f}" if figures.rate else "",
    ]
    return "".join(f"{cell:>{width}}" for cell, width in zip(cells, _COLUMNS.values(), strict=True))


def label_of(spider: str, url: str) -> str:
    """A short name of a crawl for its line, the host first, which a narrow terminal still shows."""
    return f"{urlsplit(url).hostname or url} ({spider})"
