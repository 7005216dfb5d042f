"""What a crawl remembers (`spiders.memory.Memory`), in the database: frontier, leases, cursors."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final, Self, TypeVar

from scrapy import signals
from sqlalchemy import select
from sqlalchemy.orm import Session

from cleaners.article import Article, Rejection
from cleaners.frontier import (
    LEASE_LOST,
    LEASE_LOST_STAT,
    Admitted,
    Begun,
    DueUrl,
    Ended,
    FoundUrl,
    Outcome,
    Role,
)
from pipelines.store import frontier
from pipelines.store.aliases import stand_for
from pipelines.store.articles import mark_checked, mark_gone, take_over
from pipelines.store.crawl_schema import StoredCursor, StoredPage, StoredSite
from pipelines.store.lease_keeper import LeaseKeeper
from pipelines.store.leases import acquire, new_holder, now_of, release, require
from pipelines.store.pipeline import StorePipeline
from pipelines.store.writer import StoreWriter

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

_T = TypeVar("_T")
_AT_ONCE: Final = 50  # articles in memory while those of a killed run are written


class StoreMemory:
    """The memory of one crawl in the database of its `StorePipeline`; without one, in memory for this run.

    Every method is one transaction. All but `begin` need the lease that `begin` takes, for as many seconds as
    the setting `THRESHER_LEASE` says, and raise `LeaseLostError` where another run has taken it over.
    """

    def __init__(self, crawler: Crawler) -> None:
        """Find the database."""
        self._crawler = crawler
        self._holder = new_holder()
        self._passes: dict[str, int] = {}
        self._lease = crawler.settings.getfloat("THRESHER_LEASE")
        self._keeper = LeaseKeeper(
            self._holder, self._lease, self._write_beside, lambda: len(self._passes), self._leave
        )
        pipeline = crawler.get_item_pipeline(StorePipeline)
        self._own = None if pipeline else StoreWriter("sqlite://")
        if pipeline:
            pipeline.at_the_end(lambda session: release(session, self._holder))
            pipeline.require(self._require)
            self._run_id: int | None = pipeline.run_id
            self._write_to: Any = pipeline
        else:
            self._run_id, self._write_to = None, self._own
            crawler.signals.connect(self._on_item, signals.item_scraped)
        crawler.signals.connect(self._on_closed, signals.spider_closed)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Build the memory of a crawler."""
        return cls(crawler)

    async def begin(self, sites: Collection[str]) -> Begun:
        """Take the leases of sites and begin a pass over them, or go on with one that was cut short.

        Raises `SiteHeldError` where another run crawls one of them.
        """

        def run(session: Session) -> Begun:
            begun = [self._begin_site(session, site) for site in sorted(sites)]
            return Begun(
                waiting=sum(one.waiting for one in begun),
                resumed=any(one.resumed for one in begun),
                seen=[key for one in begun for key in one.seen],
            )

        begun = await self._write_any(run)
        self._keeper.start()
        return begun

    def _begin_site(self, session: Session, name: str) -> Begun:
        now = _now()
        site = session.get(StoredSite, name, with_for_update=True)
        if site is None:
            site = StoredSite(site=name, pass_id=0, pass_began=now, pass_open=False)
            session.add(site)
            session.flush()
        acquire(session, site, self._holder, now_of(session), self._lease)
        begun = frontier.begin_pass(session, site, now)
        self._passes[name] = site.pass_id
        return begun

    async def unwritten(self) -> Sequence[Article]:
        """Some of the articles that killed runs stored; they go into this run's files. Empty at the end."""
        run_id = self._run_id
        if run_id is None:
            return ()
        return await self._write(lambda session: take_over(session, self._passes, run_id, _AT_ONCE))

    async def seed(self, found: FoundUrl) -> tuple[DueUrl, bool]:
        """An address to begin with, to be requested now whatever is remembered of it, and whether it was
        among those that waited."""

        def run(session: Session) -> tuple[DueUrl, bool]:
            page = select(StoredPage).where(StoredPage.key == found.key)
            row = session.scalar(page)
            waited = row is not None and row.state == frontier.PENDING
            self._admit(session, [found], None, frontier.TAKEN)
            return frontier.due_of(session.scalars(page).one()), waited

        return await self._write(run)

    async def admit(self, found: Sequence[FoundUrl], *, via: str | None, offered: bool = False) -> Admitted:
        """Put addresses that `via` names into the frontier. `offered`: their text is there already, and the
        caller deals at once with those that are wanted."""
        state = frontier.OFFERED if offered else frontier.PENDING
        return await self._write(lambda session: self._admit(session, found, via, state))

    async def take(self, limit: int, *, sections: bool = True) -> list[DueUrl]:
        """The next addresses to request, at most `limit`; without sections where they are not wanted."""
        return await self._write(
            lambda session: frontier.take(session, self._passes, limit, sections=sections)
        )

    async def end(self, ended: Ended, found: Sequence[FoundUrl] = ()) -> Admitted:
        """Note how a request ended, and what it named, in one."""

        def run(session: Session) -> Admitted:
            frontier.end(session, ended, _now())
            return self._admit(session, found, ended.key, frontier.PENDING)

        return await self._write(run)

    async def same(self, key: str) -> Admitted:
        """A page or listing was not modified: all that it named is found again."""

        def run(session: Session) -> Admitted:
            row = frontier.end(session, Ended(key=key), _now())
            if row is not None and row.outcome == Outcome.ARTICLE:
                mark_checked(session, row.url, _now())
            return self._admit(session, frontier.named_by(session, key), key, frontier.PENDING)

        return await self._write(run)

    async def redirect(self, key: str, target: FoundUrl) -> Admitted:
        """An address redirects to another, which is requested at once if it is wanted."""

        def run(session: Session) -> Admitted:
            frontier.end(session, Ended(key=key, outcome=Outcome.REDIRECT), _now())
            return self._admit(session, [target], key, frontier.TAKEN)

        return await self._write(run)

    async def alias(self, target: FoundUrl, by: str, *, lost: bool) -> bool:
        """Whether a page is to be the article of what it calls its canonical address; `lost`: that was asked
        for in vain. If so, the canonical address is not requested."""
        return await self._write(
            lambda session: stand_for(session, target, by, self._passes, _now(), lost=lost)
        )

    async def recheck(self, sources: Collection[str]) -> Admitted:
        """Put into the frontier the articles that this pass has not met and that may have changed or gone,
        those that came from `sources` left out."""

        def run(session: Session) -> Admitted:
            missed = [
                entry
                for site, pass_id in self._passes.items()
                for entry in frontier.unseen_articles(session, site, pass_id, sources)
            ]
            return self._admit(session, missed, None, frontier.PENDING)

        return await self._write(run)

    async def articles_from(self, source: str) -> frozenset[str]:
        """The keys of the articles that came from a source and are not gone."""
        return await self._write(lambda session: frontier.articles_from(session, self._passes, source))

    async def gone(self, keys: Collection[str]) -> int:
        """Note that the pages of articles were removed; gives how many were there until now."""

        def run(session: Session) -> int:
            return sum(self._lose(session, key) for key in keys)

        number = await self._write(run)
        if number:
            self._crawler.stats.inc_value("thresher/articles/gone", number)
        return number

    def _lose(self, session: Session, key: str) -> bool:
        row = frontier.end(session, Ended(key=key, outcome=Outcome.GONE, reason="unlisted"), _now())
        return row is not None and mark_gone(session, row.url, _now())

    async def cursor(self, site: str, name: str) -> dict[str, Any]:
        """Where a source of a site was left; empty where nothing is remembered."""

        def run(session: Session) -> dict[str, Any]:
            row = session.get(StoredCursor, (site, name))
            return dict(row.value) if row else {}

        return await self._write(run)

    async def move_cursor(
        self, site: str, name: str, value: dict[str, Any], *, after: Sequence[str] = ()
    ) -> bool:
        """Remember where a source was left, but only if all pages `after` have ended: false otherwise."""

        def run(session: Session) -> bool:
            if frontier.count_offered(session, after):
                return False
            session.merge(StoredCursor(site=site, name=name, value=value, changed_at=_now()))
            return True

        return await self._write(run)

    async def finish(self) -> None:
        """End the pass: everything that it found was dealt with, or left to the next on purpose."""

        def run(session: Session) -> None:
            for name in self._passes:
                site = session.get(StoredSite, name)
                assert site is not None
                site.pass_open = False

        await self._write(run)

    async def left(self) -> int:
        """How many addresses wait for another run."""
        return await self._write_any(lambda session: frontier.count_left(session, self._passes))

    def _admit(self, session: Session, found: Sequence[FoundUrl], via: str | None, state: str) -> Admitted:
        total = frontier.admit(session, found, self._passes, _now(), via=via, state=state)
        # What a listing that did not change names is found again without reading it.
        same = [entry.key for entry in found if entry.role is Role.LISTING and entry.key not in total.wanted]
        for key in same:
            more = frontier.admit(session, frontier.named_by(session, key), self._passes, _now(), via=key)
            total = Admitted(
                total.new + more.new, total.unchanged + more.unchanged, total.wanted | more.wanted
            )
        return total

    async def _write(self, function: Callable[[Session], _T]) -> _T:
        """What a function gives, if the sites are still this run's. Raises `LeaseLostError`."""

        def run(session: Session) -> _T:
            self._require(session)
            return function(session)

        return await self._write_any(run)

    async def _write_any(self, function: Callable[[Session], _T]) -> _T:
        result: _T = await self._write_to.write(function)
        return result

    async def _write_beside(self, function: Callable[[Session], int]) -> int:
        # Somebody who was cut off in the middle of a write keeps all others waiting for a while.
        renewed: int = await self._write_to.write_beside(function)
        return renewed

    def _require(self, session: Session) -> None:
        require(session, self._holder, self._passes.keys())

    async def _leave(self, _why: str) -> None:
        self._crawler.stats.set_value(LEASE_LOST_STAT, 1)
        await self._crawler.engine.close_spider_async(reason=LEASE_LOST)

    async def _on_item(self, item: Any) -> None:
        """Without a pipeline that stores the items, note how their pages ended."""
        if isinstance(item, Article | Rejection) and item.key is not None:
            outcome = Outcome.ARTICLE if isinstance(item, Article) else Outcome.REJECTED
            key = item.key
            await self._write(
                lambda session: bool(frontier.end(session, Ended(key=key, outcome=outcome), _now()))
            )

    def _on_closed(self) -> None:
        self._keeper.stop()
        if self._own is not None:
            self._own.close()


def _now() -> datetime:
    return datetime.now(UTC)
