"""Which sites' times have come, as jobs of the queue."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

from procrastinate import App

from thresher.cron import cron_trigger, next_time
from thresher.fleet.queue import put
from thresher.fleet.runs import latest_run
from thresher.turns import Turn, turns

if TYPE_CHECKING:
    from thresher.config import Config

_RECENT: Final = timedelta(days=1)  # nearly every schedule has a time in it, and none more than 1,440
_MOST_TIMES: Final = 10_000  # of a schedule that are looked at, from a run that was long ago


async def plan(app: App, config: Config) -> list[str]:
    """Put the sites whose times have come into the queue; gives their names.

    However many workers do this at the same time, a time of a site's schedule makes one job at most.
    """
    now = datetime.now(UTC)
    scheduled = [site for site in config.enabled if site.schedule]
    if not scheduled:
        return []
    after = await asyncio.to_thread(latest_run, config.database)
    standing = await asyncio.to_thread(turns, config, scheduled, now)
    return [
        turn.site.name
        for turn in standing
        if turn.due and await put(app, turn.site, after, due=_time_of(turn, config, now))
    ]


def _time_of(turn: Turn, config: Config, now: datetime) -> int:
    """The latest time of a site's schedule that has come, in seconds since 1970.

    A site that was never crawled is due at once: its time is the day.
    """
    trigger = cron_trigger(turn.site.schedule, config.zone)
    latest = None
    for since in filter(None, (now - _RECENT, turn.last)):
        found = next_time(trigger, since)
        for _ in range(_MOST_TIMES):
            if found is None or found > now:
                break
            latest = found
            found = next_time(trigger, found)
        if latest is not None:
            return int(latest.timestamp())
    return int(now.replace(hour=0, minute=0, second=0, microsecond=0).timestamp())
