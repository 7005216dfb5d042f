"""The network of operators: which sites belong together, from the store alone."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from itertools import chain

from sqlalchemy import select, union
from sqlalchemy.orm import Session

from audit.findings.authors import GenericNames
from audit.findings.model import Network, SharedPages, SharedSign, Tier
from audit.network.carried import MOST_SHOWN
from audit.network.files import read_files, told_by_files
from audit.network.linking import MOST_LINKED, groups_of, links_of, listed
from audit.network.markup import marks
from audit.network.merging import merged
from audit.network.texts import emails, texts
from audit.network.weighing import Scales, Weighed
from pipelines.store.chunks import chunks
from pipelines.store.reuse_schema import StoredOrigin
from pipelines.store.schema import StoredArticle


def find_network(session: Session, sites: Collection[str] | None = None) -> Network:
    """The signs that sites share, and which sites these tie together (`docs/network.md`).

    `sites` are those that are asked about; without them all. What copies brought along is told by the whole
    store in any case.
    """
    files = read_files(session)
    every = frozenset(
        site for site in session.scalars(select(StoredArticle.site).distinct()) if site is not None
    )
    scales = Scales(
        None if sites is None else frozenset(sites), files, _named_sources(session), GenericNames()
    )
    candidates = merged(chain(marks(session), told_by_files(files, every), texts(session), emails(session)))
    found = listed(scales.weigh(candidates))
    addresses = _addresses(session, found)
    signs = tuple(_shared(sign, addresses) for sign in found)
    return Network(signs=signs, links=links_of(signs), groups=groups_of(signs))


def _named_sources(session: Session) -> frozenset[str]:
    """The sites that articles name as their source."""
    claimed = select(StoredArticle.claimed_domain).where(StoredArticle.claimed_domain.is_not(None))
    named = select(StoredOrigin.origin_site).where(StoredOrigin.origin_site.is_not(None))
    return frozenset(session.scalars(union(claimed, named)))


def _addresses(session: Session, signs: Iterable[Weighed]) -> dict[int, str]:
    numbers = {number for sign in signs for one in sign.carried.values() for number in one.articles}
    query = select(StoredArticle.id, StoredArticle.url).where(StoredArticle.url.is_not(None))
    return {
        number: url
        for some in chunks(sorted(numbers))
        for number, url in session.execute(query.where(StoredArticle.id.in_(some)))
        if url is not None
    }


def _shared(sign: Weighed, addresses: dict[int, str]) -> SharedSign:
    pages = []
    for site, one in sorted(sign.carried.items()):
        shown = [*sorted(one.files), *(addresses[n] for n in sorted(one.articles) if n in addresses)]
        pages.append(SharedPages(site=site, pages=one.count, shown_by=tuple(shown[:MOST_SHOWN])))
    why = sign.why
    if sign.tier is not Tier.NO_EVIDENCE and len(pages) > MOST_LINKED:
        why = f"{why}; of {len(pages)} sites each is linked with the first only"
    return SharedSign(kind=sign.kind, value=sign.value, tier=sign.tier, why=why, sites=tuple(pages))
