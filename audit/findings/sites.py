"""What was found of each site."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy.orm import Session

from audit.findings.articles import Outlets
from audit.findings.authors import GenericNames, authors_of
from audit.findings.boilerplate import boilerplate_of, common_texts, other_words
from audit.findings.copies import Taken, copies_of, is_republished, lag_of, taken, taken_from
from audit.findings.model import (
    Attribution,
    AttributionFindings,
    AuditedArticle,
    SiteFindings,
    Source,
    Status,
    WrongClaim,
)
from audit.findings.reading import Read
from audit.findings.rhythm import rhythm_of
from pipelines.export.options import UNDETERMINED


def sites_of(
    session: Session, found: Read, articles: Mapping[int, AuditedArticle]
) -> tuple[SiteFindings, ...]:
    """The audited sites, by their names."""
    survey = _Survey(session, found, articles)
    return tuple(survey.site(session, site) for site in sorted(found.audited))


def statuses_of(articles: Iterable[AuditedArticle]) -> dict[Status, int]:
    """How many articles are of each status, those that none is included."""
    counts = Counter(article.status for article in articles)
    return {status: counts[status] for status in Status}


class _Survey:
    """What the findings of all sites are made of."""

    def __init__(self, session: Session, found: Read, articles: Mapping[int, AuditedArticle]) -> None:
        self._found = found
        self._articles = articles
        self._sources, self._takers = ranked_sources(taken(articles.values()), found.sizes)
        self._by_site: dict[str, list[AuditedArticle]] = {site: [] for site in found.audited}
        for article in articles.values():
            if article.site in found.audited:
                self._by_site[article.site].append(article)
        self._other_words = other_words(session, found.only)
        self._outlets = Outlets()
        self._generic = GenericNames()

    def site(self, session: Session, site: str) -> SiteFindings:
        """The findings of one site."""
        articles = self._by_site[site]
        republished = [article for article in articles if is_republished(article, self._articles)]
        words = sum(article.words for article in articles)
        counts = [self._found.rows[article.id].boilerplate for article in articles]
        page_words = words + sum(one.boilerplate_words for one in articles) + self._other_words.get(site, 0)
        authors, generic = authors_of(articles, self._outlets.of(site), self._generic)
        dates = sorted(article.published for article in articles if article.published is not None)
        return SiteFindings(
            site=site,
            articles=len(articles),
            first_published=dates[0] if dates else None,
            last_published=dates[-1] if dates else None,
            languages=_languages(articles),
            statuses=statuses_of(articles),
            republished=len(republished),
            republished_share=len(republished) / len(articles),
            sources=self._sources.get(site, ()),
            copied_by=self._takers.get(site, ()),
            lag=lag_of(republished),
            attribution=attribution_of(articles),
            words=words,
            page_words=page_words,
            boilerplate=boilerplate_of(counts, page_words, common_texts(session, site)),
            authors=authors,
            generic_author_articles=generic,
            rhythm=rhythm_of(dates),
        )


Ranked = dict[str, tuple[Source, ...]]
"""By site, the sites that articles went from or to, the most first."""


def ranked_sources(taken: Taken, sizes: Mapping[str, int]) -> tuple[Ranked, Ranked]:
    """The sites that each site took articles from, and those that took articles from it, the most first."""
    sources: defaultdict[str, list[Source]] = defaultdict(list)
    takers: defaultdict[str, list[Source]] = defaultdict(list)
    for (taker, origin), articles in taken.items():
        share, copies = len(articles) / sizes[taker], copies_of(articles)
        sources[taker].append(Source(site=origin, share=share, copies=copies))
        takers[origin].append(Source(site=taker, share=share, copies=copies))
    return _in_order(sources), _in_order(takers)


def _in_order(found: Mapping[str, list[Source]]) -> Ranked:
    return {
        site: tuple(sorted(sources, key=lambda source: (-source.copies.articles, source.site)))
        for site, sources in found.items()
    }


def _languages(articles: Iterable[AuditedArticle]) -> dict[str, int]:
    counts = Counter(article.language or UNDETERMINED for article in articles)
    return dict(sorted(counts.items(), key=lambda entry: (-entry[1], entry[0])))


def attribution_of(articles: Sequence[AuditedArticle]) -> AttributionFindings:
    """How many articles name their source, and how truly; claims that are wrong."""
    counts = Counter(article.attribution for article in articles)
    return AttributionFindings(
        true=counts[Attribution.TRUE],
        wrong=counts[Attribution.WRONG],
        none=counts[Attribution.NONE],
        unverified=counts[Attribution.UNVERIFIED],
        wrong_claims=_wrong_claims(articles),
    )


def _wrong_claims(articles: Iterable[AuditedArticle]) -> tuple[WrongClaim, ...]:
    """The claims that are wrong, those of the most articles first."""
    wrong: dict[tuple[str, str], list[int]] = {}
    for article in articles:
        site = taken_from(article)
        if article.attribution is Attribution.WRONG and article.claim is not None and site is not None:
            claimed = article.claim.domain or article.claim.name or ""
            wrong.setdefault((claimed, site), []).append(article.id)
    ranked = sorted(wrong.items(), key=lambda entry: (-len(entry[1]), entry[0]))
    return tuple(
        WrongClaim(claimed=claimed, found=site, articles=tuple(numbers))
        for (claimed, site), numbers in ranked
    )
