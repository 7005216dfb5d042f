"""Which sites are due, by the runs that the database knows and by the sites' schedules."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import TYPE_CHECKING, Final

from rich.console import Console
from rich.table import Table
from sqlalchemy import func, make_url, select

from pipelines.store import Store
from pipelines.store.schema import Run
from thresher.cron import cron_trigger, next_time

if TYPE_CHECKING:
    from thresher.config import Config, Site

_LONG_AGO: Final = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Turn:
    """Where a site stands: when it was crawled last, when it will be next, whether it is due now."""

    site: Site
    last: datetime | None
    next: datetime | None
    due: bool


def turns(config: Config, sites: Iterable[Site], now: datetime) -> list[Turn]:
    """Where sites stand by the database; what waits longest comes first.

    A site is due if it was never crawled, if it has no schedule, or if one of its times came after its last
    run began. However many times were missed, it is due once. Raises SQLAlchemy's errors if the database
    cannot be read.
    """
    wanted = list(sites)
    began = last_runs(config.database, [site.name for site in wanted])
    found = [_turn(site, began.get(site.name), config.zone, now) for site in wanted]
    return sorted(found, key=lambda turn: turn.last or _LONG_AGO)


def _turn(site: Site, last: datetime | None, zone: tzinfo, now: datetime) -> Turn:
    if not site.schedule:
        return Turn(site, last, None, due=True)
    trigger = cron_trigger(site.schedule, zone)
    since = next_time(trigger, last) if last else now
    due = since is not None and since <= now
    return Turn(site, last, next_time(trigger, now), due=due)


def last_runs(database: str, names: Sequence[str]) -> dict[str, datetime]:
    """When the last run of each job began; jobs that never ran, or were only held up, are left out.

    Raises SQLAlchemy's errors if the database cannot be read.
    """
    url = make_url(database)
    if url.get_backend_name() == "sqlite" and not Path(url.database or "").exists():
        return {}  # asking must not make it
    did_run = Run.outcome.is_(None) | (Run.outcome != "held")
    query = select(Run.job, func.max(Run.started)).where(Run.job.in_(names), did_run).group_by(Run.job)
    with Store(database) as store, store.session() as session:
        return {job: started for job, started in session.execute(query) if job}


def print_turns(standing: Iterable[Turn], config: Config, console: Console) -> None:
    """Print where sites stand, in the time zone of the configuration."""
    table = Table(title=f"Sites and their times ({config.timezone})", title_justify="left")
    for heading in ("Site", "Kind", "Last run", "Next time", "Due"):
        table.add_column(heading, overflow="fold")
    for turn in standing:
        last, following = (
            f"{moment.astimezone(config.zone):%Y-%m-%d %H:%M}" if moment else "-"
            for moment in (turn.last, turn.next)
        )
        table.add_row(turn.site.name, turn.site.kind, last, following, "yes" if turn.due else "no")
    console.print(table)
