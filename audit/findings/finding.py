"""All findings of an audit."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Final

from sqlalchemy.orm import Session

from audit.findings.articles import audited_articles
from audit.findings.copies import taken
from audit.findings.model import (
    FINDINGS_VERSION,
    AuditedArticle,
    Findings,
    Network,
    SiteFindings,
    StoryFindings,
    Totals,
)
from audit.findings.pairs import pairs_of
from audit.findings.reading import Read, read
from audit.findings.sites import sites_of, statuses_of
from audit.findings.stories import stories_of

NO_NETWORK: Final = Network(signs=(), links=(), groups=())
"""The network of sites of which nobody looked for one."""


def find(session: Session, sites: Collection[str] | None = None, network: Network = NO_NETWORK) -> Findings:
    """What a database tells of some of its sites; of all without any.

    With `sites`, findings are of these: their articles, totals and boilerplate. Beside them stand the
    articles that they refer to, of whatever site: all of their stories, and those that tell of the same
    events with their own stories. Only reads; a session of `Store.snapshot` sees one state throughout.

    Raises `LookupError` for a site that the database has no article of.
    """
    found = read(session, frozenset(sites) if sites else None)
    articles = audited_articles(found)
    of_sites = sites_of(session, found, articles)
    stories = stories_of(articles.values())
    return Findings(
        schema_version=FINDINGS_VERSION,
        totals=_totals(found, articles, of_sites, stories),
        sites=of_sites,
        pairs=pairs_of(taken(articles.values()), found.audited),
        network=network,
        stories=stories,
        articles=tuple(articles.values()),
    )


def _totals(
    found: Read,
    articles: Mapping[int, AuditedArticle],
    sites: Collection[SiteFindings],
    stories: Collection[StoryFindings],
) -> Totals:
    """The numbers of the audited sites together."""
    own = [article for article in articles.values() if article.site in found.audited]
    dates = [article.published for article in own if article.published is not None]
    republished = sum(site.republished for site in sites)
    told = {article.story for article in own}
    return Totals(
        sites=len(sites),
        articles=len(own),
        stories=sum(story.id in told for story in stories),
        republished=republished,
        republished_share=republished / len(own) if own else 0.0,
        statuses=statuses_of(own),
        first_published=min(dates, default=None),
        last_published=max(dates, default=None),
        not_compared=sum(not found.rows[article.id].compared for article in own),
    )
