"""Who signs the articles of a site, and which of the names are nobody's."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from importlib import resources
from typing import Final

from audit.findings.model import AuditedArticle, AuthorFindings
from cleaners.claims import Outlet
from cleaners.strings import squash

MOST_AUTHORS: Final = 50
"""Names of a site that are listed: those of a large newsroom that publish every day."""

_DIGITS: Final = "0123456789"


class GenericNames:
    """Names that stand for a role, an account or a desk ("admin", "Redaktion"), from a list by language.

    Case, spaces and punctuation do not count, nor do digits at the end ("admin2").
    """

    def __init__(self) -> None:
        """Read the list."""
        source = resources.files(__package__).joinpath("generic_authors.json")
        languages: dict[str, list[str]] = json.loads(source.read_text(encoding="utf-8"))
        self._names = frozenset(squash(name) for names in languages.values() for name in names)

    def holds(self, name: str, outlet: Outlet) -> bool:
        """Whether a name is generic, or that of the site that it stands on."""
        return self.names_nobody(name) or outlet.is_name(name)

    def names_nobody(self, name: str) -> bool:
        """Whether a name is generic, wherever it stands."""
        bare = squash(name)
        return (bare.rstrip(_DIGITS) or bare) in self._names


def authors_of(
    articles: Sequence[AuditedArticle], outlet: Outlet, generic: GenericNames
) -> tuple[tuple[AuthorFindings, ...], int]:
    """The names that a site's articles are signed with, the most frequent first, and how many articles are
    signed with generic names alone."""
    signed = Counter(name for article in articles for name in set(article.authors))
    nobody = {name for name in signed if generic.holds(name, outlet)}
    ranked = sorted(signed, key=lambda name: (-signed[name], name))[:MOST_AUTHORS]
    found = (AuthorFindings(name=name, articles=signed[name], generic=name in nobody) for name in ranked)
    return tuple(found), sum(bool(one.authors) and nobody.issuperset(one.authors) for one in articles)
