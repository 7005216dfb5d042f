"""Which addresses a crawl wants: of its sites, not excluded, no deeper than allowed."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qsl, urlsplit

from cleaners.frontier import FoundUrl, Role
from cleaners.urls import site_of
from spiders.discovery import Kind, identity, judge, normalise, variant_of

if TYPE_CHECKING:
    from spiders.params import CrawlParams

_PAGE_QUERY: Final = frozenset({"page", "paged", "pg"})


class Addresses:
    """Tells which addresses are wanted, as entries of the frontier. `sites` are those that are crawled."""

    def __init__(self, args: CrawlParams) -> None:
        """Take the spider's arguments."""
        self.sites: set[str] = set()
        self._args = args

    def same_site(self, url: str) -> bool:
        """Whether an address belongs to one of the sites that are crawled."""
        return site_of(url) in self.sites

    def excluded(self, url: str) -> bool:
        """Whether the crawl was told to leave an address out."""
        return bool(self._args.exclude and self._args.exclude.search(url))

    def included(self, url: str) -> bool:
        """Whether an article's address is one of those that were asked for."""
        return not self._args.include or bool(self._args.include.search(url))

    def asked_for(self, url: str) -> bool:
        """Whether an article's address is included and not excluded."""
        return self.included(url) and not self.excluded(url)

    def unwanted(self, url: str) -> str | None:
        """Why the address that a page redirects to is no page that was asked for: a login, a form, a file."""
        if self.excluded(url):
            return "the crawl was told to leave it out"
        verdict = judge(url)
        return verdict.reason if verdict.kind is Kind.SKIP else None

    def entry(self, url: str, role: Role, by: str, depth: int = 0) -> FoundUrl:
        """An address as an entry of the frontier, whatever it looks like."""
        return self._found(normalise(url) or url, role, by, depth)

    def listing(self, url: str, by: str, lastmod: datetime | None = None) -> FoundUrl | None:
        """A sitemap or feed, if it belongs to the sites."""
        clean = normalise(url)
        if clean is None or not self.same_site(clean):
            return None
        return self._found(clean, Role.LISTING, by, 0, lastmod)

    def listed(self, url: str, by: str, lastmod: datetime | None = None) -> FoundUrl | None:
        """An article that a sitemap, a feed or an API names."""
        clean = self._wanted(url)
        if clean is None or judge(clean).kind in {Kind.SECTION, Kind.SKIP} or not self.included(clean):
            return None
        return self._found(clean, Role.ARTICLE, by, 0, lastmod)

    def posted(self, url: str, by: str, lastmod: datetime | None = None) -> FoundUrl | None:
        """An article whose text came with a list: the shape of its address does not matter."""
        clean = self._wanted(url)
        return self._found(clean, Role.ARTICLE, by, 0, lastmod) if clean and self.included(clean) else None

    def linked(self, url: str, depth: int) -> FoundUrl | None:
        """A page that another page links to."""
        clean = self._wanted(url)
        if clean is None or (self._args.max_depth and depth > self._args.max_depth):
            return None
        kind = judge(clean).kind
        if kind is Kind.ARTICLE:
            return self._found(clean, Role.ARTICLE, "link", depth) if self.included(clean) else None
        if kind is Kind.SKIP or not _is_plain_section(clean):
            return None
        return self._found(clean, Role.SECTION, "link", depth)

    def _wanted(self, url: str) -> str | None:
        clean = normalise(url)
        clean = clean and (variant_of(clean) or clean)
        return clean if clean and self.same_site(clean) and not self.excluded(clean) else None

    @staticmethod
    def _found(url: str, role: Role, by: str, depth: int, lastmod: datetime | None = None) -> FoundUrl:
        return FoundUrl(
            key=identity(url),
            url=url,
            site=site_of(url) or url,
            role=role,
            discovered_by=by,
            depth=depth,
            lastmod=lastmod,
        )


def _is_plain_section(url: str) -> bool:
    # Sorted and filtered lists repeat the plain ones.
    query = parse_qsl(urlsplit(url).query, keep_blank_values=True)
    return all(name in _PAGE_QUERY and value.isdigit() for name, value in query)
