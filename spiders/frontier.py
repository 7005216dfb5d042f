"""The frontier of one crawl: what to request next, within the budgets, and an account of every address.

Every address that is found is counted as discovered, and ends as exactly one of fetched, unchanged, refused,
failed, or left to the next run.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Collection, Iterable, Sequence
from typing import TYPE_CHECKING, Final

from scrapy.utils.misc import build_from_crawler, load_object

from cleaners.frontier import LEASE_LOST_STAT, RESUMED_STAT, Admitted, DueUrl, Ended, FoundUrl, Outcome, Role
from spiders.memory import Memory
from spiders.settled import Settled

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.http import Response

    from spiders.params import BudgetParams

logger = logging.getLogger(__name__)

_AHEAD: Final = 16  # requests taken before they can be sent: a host must never wait for the database
_UNCLEANED: Final = 16  # pages at the cleaner at which no more are taken; as many keep several workers busy


class Frontier:
    """What one crawl has to request, kept in its `Memory`.

    `listed` counts the articles that listings named, `pages` those that were accepted. `resumed` tells a
    crawl that goes on with one that was cut short.
    """

    def __init__(self, crawler: Crawler, budget: BudgetParams) -> None:
        """Build the memory that the settings name."""
        self.memory: Memory = build_from_crawler(load_object(crawler.settings["THRESHER_MEMORY"]), crawler)
        self.listed = 0
        self.resumed = False
        self.pages = 0
        self._stats = crawler.stats
        self._run_budget = crawler.settings.get("THRESHER_BUDGET")
        self._budget = budget
        self._sections = 0
        self._seen: set[int] = set()  # hashes of keys: a tenth of the memory of the keys
        self._rejected: set[int] = set()
        self._under_way: dict[str, DueUrl] = {}
        self._direct: set[str] = set()
        self._at_cleaner: set[str] = set()
        self._cleaner_has_room = asyncio.Event()
        self._cleaner_has_room.set()
        self._taking = asyncio.Lock()
        self._aliasing = asyncio.Lock()

    async def begin(self, sites: Collection[str]) -> None:
        """Begin with sites. Raises `SiteHeldError` where another run crawls one of them."""
        begun = await self.memory.begin(sites)
        self._seen.update(hash(key) for key in begun.seen)
        self._count("discovered", begun.waiting)
        self.resumed |= begun.resumed
        if begun.resumed:
            self._stats.set_value(RESUMED_STAT, 1)
            logger.info("Going on with a crawl that was cut short: %d addresses wait", begun.waiting)

    # What was found

    async def seed(self, found: FoundUrl) -> DueUrl:
        """An address to begin with."""
        self._seen.add(hash(found.key))
        due, waited = await self.memory.seed(found)
        self._count("discovered", 0 if waited else 1)
        self._under_way[due.key] = due
        return due

    def direct(self, due: DueUrl) -> DueUrl:
        """Account for a request that the frontier does not hold, a page of an API for one."""
        self._count("discovered", 1)
        self._under_way[due.key] = due
        self._direct.add(due.key)
        return due

    async def admit(self, found: Iterable[FoundUrl], *, via: str | None, offered: bool = False) -> Admitted:
        """Put what is new into the frontier."""
        fresh = self._fresh(found)
        if not fresh:
            return Admitted()
        return self._admitted(await self.memory.admit(fresh, via=via, offered=offered))

    async def offer(self, found: Sequence[FoundUrl], *, via: str | None) -> list[str]:
        """The keys of those articles out of a list, text and all, that are new or changed, in order.

        No more than the budget has room for; the others are not taken notice of.
        """
        keys: list[str] = []
        rest = list(found)
        while rest and (room := self.room - len(keys)) > 0:
            admitted = await self.admit(rest[:room], via=via, offered=True)
            keys += [entry.key for entry in rest[:room] if entry.key in admitted.wanted]
            rest = rest[room:]
        return keys

    def find_unchanged(self, keys: Iterable[str]) -> None:
        """Account for articles that a source says are there and unchanged, without naming them one by one."""
        number = sum(map(self._is_new, keys))
        self._admitted(Admitted(new=number, unchanged=number))

    def _fresh(self, found: Iterable[FoundUrl]) -> list[FoundUrl]:
        return [entry for entry in found if self._is_new(entry.key)]

    def _is_new(self, key: str) -> bool:
        """Whether this crawl meets a key for the first time; from now on it has."""
        mark = hash(key)
        if mark in self._seen:
            return False
        self._seen.add(mark)
        return True

    def _admitted(self, admitted: Admitted) -> Admitted:
        self._count("discovered", admitted.new)
        self._count(Settled.UNCHANGED, admitted.unchanged)
        return admitted

    # What to request

    async def take(self) -> list[DueUrl]:
        """What to request now: enough to keep the hosts busy, none beyond the budgets.

        Waits while the cleaner has enough to do: what a fast site sends would pile up before it.
        """
        await self._cleaner_has_room.wait()
        async with self._taking:
            busy = len(self._under_way)
            room = min(_AHEAD, self._budget.max_pages - self.pages) - busy
            if self.spent or room <= 0 or busy > _AHEAD // 2:
                return []
            due = await self.memory.take(room, sections=self._sections < self._budget.max_pages)
            self._sections += sum(entry.role is Role.SECTION for entry in due)
            self._under_way.update((entry.key, entry) for entry in due)
            return due

    @property
    def spent(self) -> str | None:
        """The name of the budget that is used up."""
        if self.pages >= self._budget.max_pages:
            return "max_pages"
        if self._budget.max_bytes and self._received >= self._budget.max_bytes:
            return "max_bytes"
        if self._run_budget is not None and self._run_budget.exhausted:
            return "run_budget"
        return None

    @property
    def _received(self) -> int:
        return int(self._stats.get_value("downloader/response_bytes", 0))

    def under_way(self, key: str) -> DueUrl:
        """An address that is being requested. Raises `KeyError` where it is not."""
        return self._under_way[key]

    # How it ended

    def settle(self, due: DueUrl, how: Settled) -> None:
        """Account for the end of a request; only the first end counts."""
        if self._under_way.pop(due.key, None) is not None:
            self._count(how, 1)

    def reject(self, due: DueUrl, how: Settled) -> None:
        """Account for a request that gave no article."""
        self._rejected.add(hash(due.key))
        self.settle(due, how)

    def give_back(self, due: DueUrl) -> None:
        """A request that the end of the crawl overtook: it counts among those that are left."""
        self._under_way.pop(due.key, None)

    async def end(
        self, due: DueUrl, outcome: Outcome, response: Response, found: Iterable[FoundUrl] = ()
    ) -> Admitted:
        """A page that is no article was fetched, and names others."""
        etag, modified = (response.headers.get(name) for name in ("ETag", "Last-Modified"))
        ended = Ended(
            key=due.key,
            outcome=outcome,
            etag=etag.decode("latin-1") if etag else None,
            last_modified=modified.decode("latin-1") if modified else None,
        )
        admitted = self._admitted(await self.memory.end(ended, self._fresh(found)))
        self.settle(due, Settled.FETCHED)
        return admitted

    async def same(self, due: DueUrl) -> Admitted:
        """A page or listing was not modified, nor was what it names by its own account."""
        admitted = self._admitted(await self.memory.same(due.key))
        self.settle(due, Settled.UNCHANGED)
        if due.role is Role.LISTING:
            self.listed += admitted.new
        return admitted

    async def recheck(self, sources: Collection[str]) -> None:
        """Ask again for articles that no source names any more, those of some sources left out."""
        self._admitted(await self.memory.recheck(sources))

    async def leave_out(self, due: DueUrl) -> None:
        """An address that waited and is not wanted any more, as the crawl was told otherwise since."""
        await self.memory.end(Ended(key=due.key, outcome=Outcome.REJECTED, reason="excluded"))
        self.settle(due, Settled.REFUSED)

    async def fail(self, due: DueUrl, reason: str) -> None:
        """An address that nobody named is not there."""
        await self.memory.end(Ended(key=due.key, outcome=Outcome.REJECTED, reason=reason))
        self.settle(due, Settled.FAILED)

    async def redirected(self, due: DueUrl, target: FoundUrl) -> Admitted:
        """A redirect was answered; its target is under way if it is wanted.

        Where the target is known already, the request has not ended: it is for the caller to say how it does.
        """
        admitted = Admitted()
        if self._fresh([target]):
            admitted = self._admitted(await self.memory.redirect(due.key, target))
            self.settle(due, Settled.FETCHED)
        if target.key in admitted.wanted:
            self._under_way[target.key] = DueUrl(
                key=target.key,
                url=target.url,
                role=target.role,
                discovered_by=target.discovered_by,
                depth=target.depth,
                lastmod=target.lastmod,
            )
        return admitted

    async def alias(self, target: FoundUrl, due: DueUrl) -> bool:
        """Whether a page is to be the article of what it calls its canonical address, of which it is a copy
        otherwise; then that is found by it."""
        mark = hash(target.key)
        async with self._aliasing:  # of two that name each other, one must see that the other was rejected
            if await self.memory.alias(target, due.key, lost=mark in self._rejected):
                self._seen.add(mark)
                return True
            self._rejected.add(hash(due.key))
        await self.admit([target], via=due.key)
        return False

    async def drop_lost(self) -> None:
        """Account for requests that nobody answered for, when nothing is under way any more."""
        for due in list(self._under_way.values()):
            logger.error("The request of %s went missing; the next run asks again", due.url)
            await self.memory.end(Ended(key=due.key, outcome=Outcome.FAILED, reason="lost"))
            self.settle(due, Settled.FAILED)

    async def count_left(self) -> int:
        """Set how many addresses are left to another run."""
        if self._stats.get_value(LEASE_LOST_STAT):  # the memory tells of the run that has taken over
            ended = sum(self._counted(how) for how in Settled)
            left = max(self._counted("discovered") - ended, 0)
        else:
            left = await self.memory.left() + len(self._direct & self._under_way.keys())
        self._stats.set_value("thresher/urls/left", left)
        return left

    def accept(self, due: DueUrl | None, size: int) -> None:
        """Count a page of `size` bytes that goes to the cleaner; one out of a list was not due itself."""
        self.pages += 1
        if self._run_budget is not None:
            self._run_budget.spend(pages=1, size=size)
        if due is None:
            self._count(Settled.FETCHED, 1)
        else:
            self.settle(due, Settled.FETCHED)
            self._at_cleaner.add(due.key)
            if len(self._at_cleaner) >= _UNCLEANED:
                self._cleaner_has_room.clear()

    def left_cleaner(self, key: str) -> None:
        """A page that was accepted has become an article, or is known to be none."""
        self._at_cleaner.discard(key)
        if len(self._at_cleaner) < _UNCLEANED:
            self._cleaner_has_room.set()

    @property
    def room(self) -> int:
        """How many more pages may be accepted."""
        return 0 if self.spent else self._budget.max_pages - self.pages

    def _count(self, name: str, number: int) -> None:
        if number:
            self._stats.inc_value(f"thresher/urls/{name}", number)

    def _counted(self, name: str) -> int:
        return int(self._stats.get_value(f"thresher/urls/{name}", 0))
