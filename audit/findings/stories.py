"""Stories: articles made from one another, and how far and how fast they spread."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

from audit.findings.model import AuditedArticle, Status, StoryFindings

_NEVER: Final = datetime.max.replace(tzinfo=UTC)
_HOUR: Final = timedelta(hours=1)


def stories_of(articles: Iterable[AuditedArticle]) -> tuple[StoryFindings, ...]:
    """The stories of articles: those that reached the most sites first, then those of the most articles."""
    told: defaultdict[int, list[AuditedArticle]] = defaultdict(list)
    for article in articles:
        if article.story is not None:
            told[article.story].append(article)
    stories = (_story(number, members) for number, members in told.items())
    return tuple(sorted(stories, key=lambda story: (-story.sites, -len(story.articles), story.id)))


def _story(number: int, members: Sequence[AuditedArticle]) -> StoryFindings:
    spread = sorted(members, key=lambda article: (article.published or _NEVER, article.id))
    origin = next((article for article in spread if article.status is Status.ORIGINAL), None)
    dates = [article.published for article in spread if article.published is not None]
    return StoryFindings(
        id=number,
        title=(origin or spread[0]).title,
        origin=origin.id if origin else None,
        origin_site=next((one.origin_site for one in spread if one.origin_site is not None), None),
        articles=tuple(article.id for article in spread),
        sites=len({article.site for article in spread}),
        first_published=dates[0] if dates else None,
        hours=(dates[-1] - dates[0]) / _HOUR if dates else None,
    )
