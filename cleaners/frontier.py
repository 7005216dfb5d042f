"""The words of a crawl's frontier: what spiders put into it and get out of it, and what the store keeps.

Plain data; they stand here because both packages above need them and neither imports the other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final


class Role(StrEnum):
    """What an address is for."""

    SEED = "seed"
    LISTING = "listing"
    SECTION = "section"
    ARTICLE = "article"


class Outcome(StrEnum):
    """How an address ended when it was last requested.

    An alias was not requested: a page of another address says that it is the same.
    """

    ARTICLE = "article"
    SECTION = "section"
    LISTING = "listing"
    REDIRECT = "redirect"
    ALIAS = "alias"
    REJECTED = "rejected"
    FAILED = "failed"
    GONE = "gone"


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundUrl:
    """An address that a page or a listing names.

    `key` is what all addresses of one page share. `depth` counts the links from a seed, `lastmod` is the time
    that the listing gives for the last change. `again` has it requested even where nothing says it changed.
    """

    key: str
    url: str
    site: str
    role: Role
    discovered_by: str
    depth: int = 0
    lastmod: datetime | None = None
    again: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DueUrl:
    """An address to request now. `etag` and `last_modified` are the validators of what is held of it."""

    key: str
    url: str
    role: Role
    discovered_by: str
    depth: int = 0
    lastmod: datetime | None = None
    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """How a request ended. Without an outcome the page is the same as before."""

    key: str
    outcome: Outcome | None = None
    reason: str | None = None
    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True, slots=True)
class Admitted:
    """What came of addresses that were found: how many this pass had not seen, and how many of them need
    no request because nothing changed there. `wanted` holds the keys of the others."""

    new: int = 0
    unchanged: int = 0
    wanted: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Begun:
    """How a pass over sites began: how many addresses wait from before, and, where it goes on with a pass
    that was cut short, the keys that it has seen."""

    waiting: int = 0
    resumed: bool = False
    seen: Sequence[str] = ()


class SiteHeldError(Exception):
    """Another run is crawling a site; the message says which."""


RESUMED_STAT: Final = "thresher/resumed"
"""Statistic of a run that goes on with one that was cut short."""

LEASE_LOST: Final = "lease-lost"
"""How a run ends that was not heard of for so long that others may crawl its sites."""

LEASE_LOST_STAT: Final = "thresher/lease_lost"
"""Statistic of a run that ended so."""


class LeaseLostError(Exception):
    """A run was not heard of for so long that others may crawl its sites; it must not go on."""
