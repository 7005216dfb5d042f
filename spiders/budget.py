"""The bounds of one run: pages and bytes that all its crawls may use up together."""

from __future__ import annotations

from typing import Any, Final, Self


class RunBudget:
    """What the crawls of one process may use up between them; the setting `THRESHER_BUDGET` holds it.

    `max_pages` counts pages that were taken for articles, `max_bytes` their sizes; without a number there is
    no bound. All crawls of a process run in one thread, so nothing is locked. A crawl asks before each
    request; what is under way when the budget runs out may go a little beyond it.
    """

    def __init__(self, max_pages: int | None = None, max_bytes: int | None = None) -> None:
        """Set the bounds. Raises `ValueError` for one below 1."""
        for name, bound in (("max_pages", max_pages), ("max_bytes", max_bytes)):
            if bound is not None and bound < 1:
                raise ValueError(f"{name} of a budget must be at least 1, not {bound}")
        self.max_pages: Final = max_pages
        self.max_bytes: Final = max_bytes
        self.pages = 0
        self.size = 0

    def __deepcopy__(self, _memo: dict[int, Any]) -> Self:
        """The budget itself."""
        # Scrapy deep-copies settings; a copy of a setting that names this budget means the same one.
        return self

    def spend(self, *, pages: int = 0, size: int = 0) -> None:
        """Count pages, and their bytes."""
        self.pages += pages
        self.size += size

    @property
    def exhausted(self) -> bool:
        """Whether one of the bounds is reached."""
        pages_gone = self.max_pages is not None and self.pages >= self.max_pages
        return pages_gone or (self.max_bytes is not None and self.size >= self.max_bytes)
