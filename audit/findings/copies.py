"""Articles that were made from those of another site, and how long after them they appeared."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from statistics import quantiles

from audit.findings.model import AuditedArticle, Copies, Lag, Status

Taken = Mapping[tuple[str, str], Sequence[AuditedArticle]]
"""The articles that one site took from another, by the two: who took them, and from whom."""


def taken_from(article: AuditedArticle) -> str | None:
    """The site that an article was taken from, where that is known and another one."""
    if article.status is Status.ORIGINAL or article.origin_site == article.site:
        return None
    return article.origin_site


def is_republished(article: AuditedArticle, articles: Mapping[int, AuditedArticle]) -> bool:
    """Whether an article was made from one of another site.

    Where the evidence leaves two candidates for its origin, both have to be of other sites. A site's copies
    of its own articles are none.
    """
    if taken_from(article) is not None:
        return True
    if not article.status.republished or article.origin_site is not None:
        return False
    candidates = [articles[number] for number in (article.origin, article.rival) if number is not None]
    return all(candidate.site != article.site for candidate in candidates)


def taken(articles: Iterable[AuditedArticle]) -> Taken:
    """The articles that sites took from each other; those of unknown origin are left out."""
    found: defaultdict[tuple[str, str], list[AuditedArticle]] = defaultdict(list)
    for article in articles:
        site = taken_from(article)
        if site is not None:
            found[article.site, site].append(article)
    return dict(found)


def copies_of(articles: Sequence[AuditedArticle]) -> Copies:
    """What one site took from another, in numbers."""
    relations = Counter(article.status for article in articles)
    return Copies(
        articles=len(articles),
        relations={status: relations[status] for status in Status if relations[status]},
        lag=lag_of(articles),
    )


def lag_of(articles: Iterable[AuditedArticle]) -> Lag | None:
    """The quartiles of the lags that are known, interpolated between the values; `None` where none is."""
    hours = [article.lag_hours for article in articles if article.lag_hours is not None]
    if not hours:
        return None
    single = len(hours) == 1
    lower, median, upper = hours * 3 if single else quantiles(hours, n=4, method="inclusive")
    return Lag(articles=len(hours), lower_hours=lower, median_hours=median, upper_hours=upper)
