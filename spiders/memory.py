"""What a crawl remembers between requests and between runs, as the spiders see it.

The setting `THRESHER_MEMORY` names the class that does it (`pipelines.store.memory.StoreMemory`).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any, Protocol

from cleaners.article import Article
from cleaners.frontier import Admitted, Begun, DueUrl, Ended, FoundUrl


class Memory(Protocol):
    """The frontier of a crawl's sites. A run that is killed has done each step whole or not at all."""

    async def begin(self, sites: Collection[str]) -> Begun:
        """Take the leases of sites and begin a pass over them, or go on with one that was cut short.

        Raises `SiteHeldError` where another run crawls one of them.
        """

    async def unwritten(self) -> Sequence[Article]:
        """Some of the articles that killed runs stored; they go into this run's files. Empty at the end."""

    async def seed(self, found: FoundUrl) -> tuple[DueUrl, bool]:
        """An address to begin with, to be requested now whatever is remembered of it, and whether it was
        among those that waited."""

    async def admit(self, found: Sequence[FoundUrl], *, via: str | None, offered: bool = False) -> Admitted:
        """Put addresses that `via` names into the frontier. `offered`: their text is there already, and the
        caller deals at once with those that are wanted."""

    async def take(self, limit: int, *, sections: bool = True) -> list[DueUrl]:
        """The next addresses to request, at most `limit`; without sections where they are not wanted."""

    async def end(self, ended: Ended, found: Sequence[FoundUrl] = ()) -> Admitted:
        """Note how a request ended, and what it named, in one."""

    async def same(self, key: str) -> Admitted:
        """A page or listing was not modified: all that it named is found again."""

    async def redirect(self, key: str, target: FoundUrl) -> Admitted:
        """An address redirects to another, which is requested at once if it is wanted."""

    async def alias(self, target: FoundUrl, by: str, *, lost: bool) -> bool:
        """Whether a page is to be the article of what it calls its canonical address; `lost`: that was asked
        for in vain. If so, the canonical address is not requested."""

    async def recheck(self, sources: Collection[str]) -> Admitted:
        """Put into the frontier the articles that this pass has not met and that may have changed or gone,
        those that came from `sources` left out."""

    async def articles_from(self, source: str) -> frozenset[str]:
        """The keys of the articles that came from a source and are not gone."""

    async def gone(self, keys: Collection[str]) -> int:
        """Note that the pages of articles were removed; gives how many were there until now."""

    async def cursor(self, site: str, name: str) -> dict[str, Any]:
        """Where a source of a site was left; empty where nothing is remembered."""

    async def move_cursor(
        self, site: str, name: str, value: dict[str, Any], *, after: Sequence[str] = ()
    ) -> bool:
        """Remember where a source was left, but only if all pages `after` have ended: false otherwise."""

    async def finish(self) -> None:
        """End the pass: everything that it found was dealt with, or left to the next on purpose."""

    async def left(self) -> int:
        """How many addresses wait for another run."""
