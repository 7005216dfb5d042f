"""What the database knows of a site's runs: whether a crawl that was asked for is done, what it brought."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from sqlalchemy import Select, func, select

from cleaners.frontier import LEASE_LOST
from pipelines.store import Store
from pipelines.store.crawl_schema import SiteRun
from pipelines.store.history import INTERRUPTED
from pipelines.store.schema import Run

COUNTED: Final[Sequence[str]] = (
    "discovered", "fetched", "unchanged", "refused", "failed", "left",
    "articles", "revised", "gone", "rejects", "received_bytes",
)  # fmt: skip
"""The figures of a run that are added up, by their columns in `SiteRun`."""

_INCOMPLETE: Final = INTERRUPTED | {"held", "error", LEASE_LOST}


def latest_run(database: str) -> int:
    """The number of the latest run of the database, 0 where there is none.

    Numbers grow in the order in which runs begin, whatever the clocks of machines say.
    """
    with Store(database) as store, store.session() as session:
        return session.scalar(select(func.max(Run.id))) or 0


def was_crawled(database: str, job: str, after: int) -> bool:
    """Whether a run of a job with a higher number than `after` went to its end."""
    ends = _of(job, after).with_only_columns(Run.outcome)
    with Store(database) as store, store.session() as session:
        return any(outcome is not None and outcome not in _INCOMPLETE for outcome in session.scalars(ends))


def lost_its_site(database: str, job: str, after: int) -> bool:
    """Whether the latest run of a job, with a higher number than `after`, had to give its site up."""
    latest = _of(job, after).with_only_columns(Run.outcome).order_by(Run.id.desc()).limit(1)
    with Store(database) as store, store.session() as session:
        return session.scalar(latest) == LEASE_LOST


def figures_of_runs(database: str, job: str, after: int) -> dict[str, int]:
    """The figures of the runs of a job with higher numbers than `after`, added up."""
    sums = [func.coalesce(func.sum(getattr(SiteRun, name)), 0) for name in COUNTED]
    query = select(*sums).where(SiteRun.run_id.in_(_of(job, after)))
    with Store(database) as store, store.session() as session:
        return dict(zip(COUNTED, map(int, session.execute(query).one()), strict=True))


def _of(job: str, after: int) -> Select[int]:
    return select(Run.id).where(Run.job == job, Run.id > after)
