"""What a page says about itself: headline, authors, times, canonical address, kind of page.

Read from JSON-LD, meta elements, the first heading and microdata, in one pass over the few elements
that can hold them. Nothing is guessed from running text.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from lxml import etree

from cleaners import jsonld
from cleaners.authors import first_authors
from cleaners.dates import first_date
from cleaners.head import Head, collect, language_hint
from cleaners.headline import find_titles
from cleaners.microdata import microdata, rel_authors
from cleaners.strings import unique
from cleaners.urls import absolute, domain_label

_PUBLISHED: Final = (
    "article:published_time",
    "og:article:published_time",
    "datepublished",
    "parsely-pub-date",
    "sailthru.date",
    "cxenseparse:recs:publishtime",
    "article.published",
    "pubdate",
    "publishdate",
    "publish-date",
    "publish_date",
    "published",
    "dcterms.issued",
    "dc.date.issued",
    "dcterms.created",
    "dcterms.date",
    "dc.date",
    "dc.date.created",
    "citation_publication_date",
    "citation_online_date",
    "date",
)
_MODIFIED: Final = (
    "article:modified_time",
    "og:updated_time",
    "datemodified",
    "dcterms.modified",
    "dc.date.modified",
    "article.updated",
    "lastmod",
    "last-modified",
    "revised",
)
_AUTHOR: Final = (
    "author",
    "article:author",
    "parsely-author",
    "sailthru.author",
    "article.author",
    "byl",
    "dcterms.creator",
    "dc.creator",
    "citation_author",
)


@dataclass(slots=True, kw_only=True)
class Metadata:
    """What the page says about itself. All strings have single spaces and no surrounding ones.

    `titles` holds every string that the page offers as its title, site suffixes on and off, for
    finding the blocks that repeat it. Times are in UTC where the page gives a zone, naive where it
    gives none. `language_hint` is the language tag that the page declares ("en-US"), which is often
    the template's and not the text's. `page_type` is what Open Graph says ("article"), else the
    JSON-LD type; `schema_types` are all JSON-LD types of the page's own entries.
    """

    title: str | None = None
    titles: list[str] = field(default_factory=list)
    authors: list[str] = field(default_factory=list)
    published: datetime | None = None
    modified: datetime | None = None
    canonical_url: str | None = None
    language_hint: str | None = None
    description: str | None = None
    page_type: str | None = None
    schema_types: list[str] = field(default_factory=list)


def extract_metadata(root: etree._Element, url: str | None) -> Metadata:
    """The metadata of a parsed page or fragment; `url` completes relative addresses."""
    head = collect(root)
    graph = list(jsonld.read_json_ld(head.scripts))
    main = jsonld.main_entry(graph)
    language = language_hint(root, head)
    base = absolute(head.base, url) or url
    canonical = absolute(head.canonical, base) or absolute(head.first("og:url"), base)
    site_name = head.first("og:site_name", "application-name") or jsonld.publisher_of(main)
    title, titles = find_titles(
        _declared_titles(head, main), head.headings, site_name, domain_label(canonical or url)
    )
    authors = first_authors(jsonld.authors_of(main, graph), head.all(_AUTHOR))
    published = first_date([*jsonld.dates_of(graph, main, "datePublished"), *head.all(_PUBLISHED)], language)
    modified = first_date([*jsonld.dates_of(graph, main, "dateModified"), *head.all(_MODIFIED)], language)
    if not authors or not published:  # these take a look at every element of the page
        micro = microdata(root)
        authors = authors or first_authors(micro.authors) or first_authors(rel_authors(root))
        published = published or first_date([*micro.published, *head.likely_time()], language)
        modified = modified or first_date(micro.modified, language)
    return Metadata(
        title=title,
        titles=titles,
        authors=authors,
        published=published,
        modified=modified,
        canonical_url=canonical,
        language_hint=language,
        description=head.first("og:description", "description", "twitter:description"),
        page_type=head.first("og:type") or next(iter(jsonld.strings_of(main.get("@type"))), None),
        schema_types=unique(kind for node in graph for kind in jsonld.strings_of(node.get("@type"))),
    )


def _declared_titles(head: Head, main: dict[str, Any]) -> list[str]:
    declared = jsonld.strings_of(main.get("headline")) + jsonld.strings_of(main.get("name"))
    declared += [*head.meta.get("og:title", [])[:1], *head.meta.get("twitter:title", [])[:1]]
    return [*declared, head.title] if head.title else declared
