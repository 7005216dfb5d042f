"""What runs brought from a site, and what is wrong with the latest one in the light of those before.

A crawl can go on for weeks without an error and bring nothing: the site was redesigned, put its articles
behind a paywall, or answers every address with an empty page. The figures of earlier runs tell.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from pipelines.store.crawl_schema import SiteRun
from pipelines.store.schema import Run, indexable

INTERRUPTED: Final = frozenset({"shutdown"})
"""Outcomes of runs that somebody ended. What they brought says nothing of the site."""

RUNS_COMPARED: Final = 10
"""Earlier runs, or bunches of runs, that the latest is compared with. The usual value is their median, so
that a lasting change is the rule again after half as many."""

RUNS_READ: Final = 200
"""Earlier runs with new pages that are read: a run every five minutes may see one new page, and bunches of
them are compared."""

ENOUGH_PAGES: Final = 20
"""Pages that a share of rejects is taken of, at the least; one page more or less is then 5 %. A run that left
addresses must have dealt with as many before it counts as one that found nothing."""

ENOUGH_RUNS: Final = 3
"""Earlier runs that tell what is usual, where the kinds of runs differ. A site's first run sees all of it and
the second only what is new, so that neither says what the other should be like."""

FINDS_LITTLE: Final = 0.1
"""Share of the usual number of addresses below which a site no longer shows its articles, though those that
are known still answer. The number moves by a few from run to run: a front page has its number of places."""

REJECTS_JUMP: Final = 0.3
"""Rise of the share of rejects over its usual value. Of 20 pages it varies by 0.1 (the standard deviation for
a share of a quarter, which galleries and videos can make); this is three times as much. A template that the
cleaner cannot read or a wall against robots takes the share near 1."""

ENOUGH_ARTICLES: Final = 10
"""Articles, in the latest runs and in those before, that a median length is taken of."""

COLLAPSE: Final = 1 / 3
"""Share of the usual median length below which articles are cut short. What a paywall or a teaser leaves is a
tenth to a quarter of an article; a day of short notices about halves the median."""

MISFIT: Final = "figures do not add up"
"""What an alarm says of figures that contradict each other."""

_REASONS_NAMED: Final = 3  # the commonest reasons of rejects are enough to see what happened


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What one run brought from one site (or from the sites of one crawl, joined with spaces).

    The counts are those of `SiteRun`; `source` says what the crawl took its addresses from. `partial` holds
    for a run that somebody ended, and for one that goes on with what another run left.
    """

    site: str
    discovered: int = 0
    fetched: int = 0
    unchanged: int = 0
    refused: int = 0
    failed: int = 0
    left: int = 0
    articles: int = 0
    revised: int = 0
    unchanged_articles: int = 0
    gone: int = 0
    received_bytes: int = 0
    median_words: int | None = None
    statuses: Mapping[str, int] = field(default_factory=dict)
    reasons: Mapping[str, int] = field(default_factory=dict)
    source: str = ""
    partial: bool = False

    @property
    def rejects(self) -> int:
        """Addresses that gave no article, for whatever reason."""
        return sum(self.reasons.values())

    @property
    def ended(self) -> int:
        """Addresses that were dealt with: all but those that were left."""
        return self.fetched + self.unchanged + self.refused + self.failed

    @property
    def given(self) -> int:
        """Articles written, and what was found unchanged: a site where nothing is new gives as well."""
        return self.articles + self.unchanged_articles + self.unchanged

    @property
    def lists_changes(self) -> bool:
        """Whether the WordPress API answered, which gives an empty list where nothing changed."""
        return "wordpress" in self.source

    @property
    def seen(self) -> int:
        """Pages that were looked at, and addresses that gave no page to look at."""
        return self.articles + self.unchanged_articles + self.rejects


def keep(session: Session, run_id: int, now: Figures) -> list[str]:
    """Write the figures of a run's site as a `SiteRun`; gives the alarms that it was written with."""
    found = alarms(now, history(session, now.site, before=run_id))
    names = (
        "discovered fetched unchanged refused failed left articles revised unchanged_articles gone "
        "rejects received_bytes median_words"
    )
    session.add(
        SiteRun(
            run_id=run_id,
            site=indexable(now.site),
            **{name: getattr(now, name) for name in names.split()},
            statuses=dict(now.statuses),
            reasons=dict(now.reasons),
            alarms=found,
        )
    )
    return found


def history(session: Session, site: str, *, before: int) -> list[Figures]:
    """The figures of the site's earlier runs that ended by themselves, the latest first.

    The last `RUNS_COMPARED` that gave something, however long ago: they say what the site used to give. And
    the last `RUNS_READ` that saw new pages: they say how those were.
    """
    ended = (
        select(SiteRun)
        .join(Run, Run.id == SiteRun.run_id)
        .where(
            SiteRun.site == indexable(site),
            SiteRun.run_id < before,
            Run.outcome.is_not(None),
            Run.outcome.not_in(INTERRUPTED),
        )
        .order_by(SiteRun.run_id.desc())
    )
    seen = SiteRun.articles + SiteRun.unchanged_articles
    gave = ended.where(seen + SiteRun.unchanged > 0).limit(RUNS_COMPARED)
    saw = ended.where(seen + SiteRun.rejects > 0).limit(RUNS_READ)
    rows = {row.run_id: row for query in (gave, saw) for row in session.scalars(query)}
    return [_figures(rows[run_id]) for run_id in sorted(rows, reverse=True)]


def _figures(row: SiteRun) -> Figures:
    names = (
        "site discovered fetched unchanged refused failed left articles revised unchanged_articles gone "
        "received_bytes median_words statuses reasons"
    )
    return Figures(**{name: getattr(row, name) for name in names.split()})


def alarms(now: Figures, history: Sequence[Figures]) -> list[str]:
    """What is wrong with a run, one sentence each; `history` holds the site's earlier runs, latest first.

    Without earlier runs nothing is odd, and nothing is said of a run that saw a part of the site, except
    where its figures do not add up, which is an error of ours.
    """
    found = [misfit(now)]
    if history and not now.partial:
        none = _gives_none(now, history)
        checks = (_finds_little, _rejects_jump, _texts_collapse)
        found += [none] if none else [check(now, history) for check in checks]
    return [sentence for sentence in found if sentence]


def misfit(now: Figures) -> str | None:
    """A sentence on figures that do not add up: every address must have ended in one way."""
    total = now.ended + now.left
    if total == now.discovered:
        return None
    return (
        f"{now.site}: {MISFIT}: {now.discovered} discovered, but {now.fetched} fetched, "
        f"{now.unchanged} unchanged, {now.refused} refused, {now.failed} failed and {now.left} left "
        f"are {total}"
    )


def _gives_none(now: Figures, history: Sequence[Figures]) -> str | None:
    earlier = [run.given for run in history if run.given][:RUNS_COMPARED]
    cut_short = now.left and now.ended < ENOUGH_PAGES
    if not earlier or now.given or not now.ended or cut_short or now.lists_changes:
        return None
    runs = "the last run with any" if len(earlier) == 1 else f"the last {len(earlier)} runs with any"
    return (
        f"{now.site} gave 0 articles: {_what_happened(now)}; {runs} gave {_range(earlier)}, new or unchanged"
    )


def _what_happened(now: Figures) -> str:
    if not now.fetched:
        return f"nothing could be fetched, {now.failed} failed and {now.refused} refused{_why([now])}"
    if not now.rejects:
        return f"it answered, but nothing was found ({now.fetched} fetched)"
    return f"{now.fetched} fetched, {now.rejects} rejected{_why([now])}"


def _finds_little(now: Figures, history: Sequence[Figures]) -> str | None:
    earlier = [run.discovered for run in history if run.given][:RUNS_COMPARED]
    if not now.given or now.left or now.lists_changes or len(earlier) < ENOUGH_RUNS:
        return None
    usual = median(earlier)
    if usual < ENOUGH_PAGES or now.discovered > FINDS_LITTLE * usual:
        return None
    return (
        f"{now.site} shows {now.discovered} addresses; the last {len(earlier)} runs found {_range(earlier)}"
    )


def _rejects_jump(now: Figures, history: Sequence[Figures]) -> str | None:
    if not now.rejects:
        return None
    latest, *earlier = _bunches([now, *history], lambda run: run.seen, ENOUGH_PAGES) or [[]]
    if len(earlier) < ENOUGH_RUNS:
        return None
    share, usual = _reject_share(latest), [_reject_share(bunch) for bunch in earlier]
    if share - median(usual) < REJECTS_JUMP:
        return None
    rejects, seen = sum(run.rejects for run in latest), sum(run.seen for run in latest)
    return (
        f"{now.site} rejected {rejects} of {seen} addresses{_runs(latest)}{_why(latest)}; "
        f"before, the share was {_range(usual, '.0%')}"
    )


def _reject_share(bunch: Sequence[Figures]) -> float:
    return sum(run.rejects for run in bunch) / sum(run.seen for run in bunch)


def _texts_collapse(now: Figures, history: Sequence[Figures]) -> str | None:
    if not now.articles:
        return None
    runs = [run for run in (now, *history) if run.median_words is not None]
    latest, *earlier = _bunches(runs, lambda run: run.articles, ENOUGH_ARTICLES) or [[]]
    if not earlier:
        return None
    length, usual = _median_words(latest), [_median_words(bunch) for bunch in earlier]
    if length >= COLLAPSE * median(usual):
        return None
    articles = sum(run.articles for run in latest)
    return (
        f"{now.site}: the median length of {articles} articles{_runs(latest)} is {length:.0f} words; "
        f"before, it was {_range(usual, '.0f')}"
    )


def _median_words(bunch: Sequence[Figures]) -> float:
    return median(run.median_words for run in bunch if run.median_words is not None)


def _bunches(runs: Sequence[Figures], size: Callable[[Figures], int], enough: int) -> list[Sequence[Figures]]:
    """Consecutive runs taken together until there is enough in each bunch; what is left over is left out."""
    bunches: list[Sequence[Figures]] = []
    bunch: list[Figures] = []
    for run in runs:
        if size(run):
            bunch.append(run)
        if sum(map(size, bunch)) >= enough:
            bunches.append(bunch)
            bunch = []
        if len(bunches) > RUNS_COMPARED:
            break
    return bunches


def _range(values: Sequence[float], form: str = "d") -> str:
    low, high = format(min(values), form), format(max(values), form)
    return low if low == high else f"{low} to {high}"


def _runs(bunch: Sequence[Figures]) -> str:
    return f" in the last {len(bunch)} runs" if len(bunch) > 1 else ""


def _why(bunch: Sequence[Figures]) -> str:
    reasons: Counter[str] = Counter()
    for run in bunch:
        reasons.update(run.reasons)
    named = ", ".join(f"{reason} {count}" for reason, count in reasons.most_common(_REASONS_NAMED))
    return f" ({named})" if named else ""
