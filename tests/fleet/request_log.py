"""What the web's log says: which requests overlapped, and which addresses were asked for more than once."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import inf
from pathlib import Path
from typing import Final

AGAIN: Final = frozenset({"/robots.txt", "/"})
"""What every run asks a site for: its rules, and the page that the crawl begins with."""


@dataclass(frozen=True)
class Request:
    """One request, in seconds of the monotonic clock; `end` is infinite while it is not answered."""

    begin: float
    end: float
    client: str
    host: str
    path: str
    status: int = 200

    @property
    def url(self) -> str:
        """The address that was asked for."""
        return f"http://{self.host}{self.path}"


@dataclass(frozen=True)
class Repeat:
    """An address that was asked for more than once, in the order of the requests."""

    url: str
    requests: tuple[Request, ...]


def read_log(file: Path) -> list[Request]:
    """The requests in the order in which they came. A last line that is still being written is left out."""
    begun: dict[int, dict[str, str]] = {}
    moments: dict[int, tuple[float, float, int]] = {}
    for line in file.read_text(encoding="utf-8").splitlines(keepends=True):
        if not line.endswith("\n"):
            break
        entry = json.loads(line)
        number = entry["n"]
        if "begin" in entry:
            begun[number] = {name: entry[name] for name in ("client", "host", "path")}
            moments[number] = (entry["begin"], inf, 0)
        else:
            moments[number] = (moments[number][0], entry["end"], entry["status"])
    return [
        Request(begin=moments[n][0], end=moments[n][1], status=moments[n][2], **begun[n])
        for n in sorted(begun)
    ]


def overlaps(requests: Iterable[Request]) -> list[tuple[Request, Request]]:
    """Pairs of requests to one site of which the second came before the first was answered.

    Of a request that others overlap, the one that ends last counts: a long request with two others in it
    gives two pairs.
    """
    found = []
    for of_site in _by_site(requests).values():
        longest = of_site[0]
        for request in of_site[1:]:
            if request.begin < longest.end:
                found.append((longest, request))
            longest = max(longest, request, key=lambda one: one.end)
    return found


def shortest_gap(requests: Iterable[Request]) -> float:
    """Seconds between the end of a request and the beginning of the next one to the same site, at the least."""
    return min(
        (
            after.begin - before.end
            for of_site in _by_site(requests).values()
            for before, after in pairwise(of_site)
        ),
        default=inf,
    )


def repeats(requests: Iterable[Request], *, but: frozenset[str] = frozenset()) -> list[Repeat]:
    """The addresses that were asked for more than once, those left out whose path is in `but`."""
    by_url: dict[str, list[Request]] = defaultdict(list)
    for request in requests:
        if request.path not in but:
            by_url[request.url].append(request)
    return [Repeat(url, tuple(asked)) for url, asked in sorted(by_url.items()) if len(asked) > 1]


@dataclass(frozen=True)
class Loss:
    """A host that was lost, with what the database knew just then: the sites that it held, and the addresses
    of theirs whose outcome was not stored. What it asks for after `at` is not excused."""

    client: str
    at: float
    sites: frozenset[str]
    under_way: frozenset[str]


def unexplained(found: Sequence[Repeat], losses: Sequence[Loss]) -> list[Repeat]:
    """The repeats that no loss explains.

    At most once and at least once together are impossible for a request whose outcome dies with the host. So
    a repeat is explained if each request but the last was made by a host that was lost after it, and the
    database held the address as under way when that happened; one loss explains one request.
    """
    return [repeat for repeat in found if not _is_explained(repeat, losses)]


def _is_explained(repeat: Repeat, losses: Sequence[Loss]) -> bool:
    left = list(losses)
    for request in repeat.requests[:-1]:
        why = next(
            (
                loss
                for loss in left
                if loss.client == request.client and request.begin <= loss.at and repeat.url in loss.under_way
            ),
            None,
        )
        if why is None:
            return False
        left.remove(why)
    return True


def _by_site(requests: Iterable[Request]) -> dict[str, list[Request]]:
    sites: dict[str, list[Request]] = defaultdict(list)
    for request in sorted(requests, key=lambda one: one.begin):
        sites[request.host].append(request)
    return sites
