"""What happens to a fleet: nothing, or a host is killed and another one cut off; and what must be true after it."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from tests.fleet.evidence import fed_articles, wrong_articles
from tests.fleet.fleet import Fleet
from tests.fleet.machines import Machine
from tests.fleet.request_log import AGAIN, Loss, Repeat, Request, overlaps, repeats, shortest_gap, unexplained
from tests.fleet.sites import Site

MOST_UNDER_WAY: Final = 8
"""Requests of one site whose answers one lost host may take along: the one that is under way and the pages that
its cleaning processes have not given back, which are the most while these are only just starting."""

_LATER: Final = 4  # each so many sites are queued only when the host that was cut off is back

_REPEATED: Final = 28.0  # seconds after which TCP sends once more what was lost: 0.2, 0.6, 1.4 … 12.6, 25.4


@dataclass(frozen=True)
class Outcome:
    """What the log, the database and the files say in the end."""

    requests: Sequence[Request]
    repeated: Sequence[Repeat]
    complaints: Sequence[str]
    statuses: dict[str, int]
    fed_twice: Sequence[str]
    seconds: float


def calm(fleet: Fleet, limit: float) -> Outcome:
    """All workers start at once on a database without tables, and live to the end."""
    began = time.monotonic()
    for host in fleet.net.hosts:
        fleet.start(host)
    fleet.queue(fleet.sites)
    fleet.wait_for("the end", lambda: fleet.finished(fleet.sites), limit)
    return _outcome(fleet, began)


def rough(fleet: Fleet, limit: float) -> Outcome:
    """One host is killed when it has just begun a request, another is cut off between two and comes back.

    So the latter sends its next request into a network that is cut, where TCP keeps it for later.
    """
    began = time.monotonic()
    *_, killed, cut = fleet.net.hosts
    _begin(fleet, limit)
    fleet.wait_for_request(killed, limit)
    fleet.lose(killed, type(killed).kill)
    fleet.wait_for_answer(cut, limit)
    loss = fleet.lose(cut, fleet.net.cut)
    fleet.wait_for("others take over what the host held", lambda: _taken_over(fleet, loss), limit)
    fleet.net.mend(cut)
    return _end(fleet, cut, began, limit)


def without_database(fleet: Fleet, limit: float) -> Outcome:
    """A host loses the database, but not the web, and has it again when others crawl its sites."""
    began = time.monotonic()
    *_, cut = fleet.net.hosts
    _begin(fleet, limit)
    fleet.wait_for_request(cut, limit)
    loss = fleet.lose(cut, fleet.net.cut_database, asks_on=fleet.lost_after)
    fleet.wait_for("others take over what the host held", lambda: _taken_over(fleet, loss), limit)
    fleet.net.mend_database(cut)
    return _end(fleet, cut, began, limit)


def cut_between(fleet: Fleet, limit: float) -> Outcome:
    """The host that crawls the only site is cut off between two requests, and is back when another has the site.

    Neither may the request arrive that it sent meanwhile, nor may it put the site into the queue again.
    """
    began = time.monotonic()
    (site,) = fleet.sites
    fleet.queue(fleet.sites)
    for host in fleet.net.hosts:
        fleet.start(host)
    fleet.wait_for("a crawl", lambda: bool(_crawling(fleet, site)), limit)
    (cut,) = _crawling(fleet, site)
    fleet.wait_for_answer(cut, limit)
    loss = fleet.lose(cut, fleet.net.cut)
    fleet.wait_for("another host has the site", lambda: cut not in (_crawling(fleet, site) or [cut]), limit)
    fleet.net.mend(cut)
    fleet.wait_for("all that is repeated has come", lambda: time.monotonic() > loss.at + _REPEATED, limit)
    fleet.wait_for("the end", lambda: fleet.finished(fleet.sites), limit)
    return _outcome(fleet, began)


def _crawling(fleet: Fleet, site: Site) -> list[Machine]:
    return [host for host in fleet.net.hosts if site.host in fleet.evidence.held_by(host.name)]


def _begin(fleet: Fleet, limit: float) -> None:
    """Work until a third is done of what is queued; some sites are not queued yet."""
    at_first = [site for site in fleet.sites if site.number % _LATER]
    fleet.queue(at_first)
    for host in fleet.net.hosts:
        fleet.start(host)
    fleet.wait_for("a third", lambda: len(fleet.evidence.done()) * 3 >= len(at_first), limit)


def _end(fleet: Fleet, returned: Machine, began: float, limit: float) -> Outcome:
    """Queue the other sites; the host that has returned must crawl one of them at least."""
    back = time.monotonic()
    fleet.queue([site for site in fleet.sites if not site.number % _LATER])
    fleet.wait_for("the host works again", lambda: _asks(fleet, returned.address, back), limit)
    fleet.wait_for("the end", lambda: fleet.finished(fleet.sites), limit)
    return _outcome(fleet, began)


def complaints(
    fleet: Fleet, requests: Sequence[Request], repeated: Sequence[Repeat], statuses: dict[str, int]
) -> list[str]:
    """What is not as it has to be."""
    found = [f"overlap: {one} and {other}" for one, other in overlaps(requests)]
    found += [f"asked for again: {repeat}" for repeat in unexplained(repeated, fleet.losses)]
    for loss in fleet.losses:
        for site in sorted(loss.sites):
            amount = sum(repeat.requests[0].host == site for repeat in repeated)
            if amount > MOST_UNDER_WAY:
                found.append(f"asked for again of {site}: {amount} addresses")
    found += wrong_articles(fleet.sites, fleet.evidence)
    found += [f"given up: {site}" for site in fleet.evidence.failed()]
    expected = {url for site in fleet.sites for url in site.articles}
    fed = fed_articles(fleet.folder_of(host) for host in fleet.net.hosts)
    found += [f"in no file: {url}" for url in sorted(expected - fed.keys())]
    found += [f"in a file, and nowhere else: {url}" for url in sorted(fed.keys() - expected)]
    return found + [
        f"the worker of {name} ended with {status}" for name, status in statuses.items() if status
    ]


def _outcome(fleet: Fleet, began: float) -> Outcome:
    seconds = time.monotonic() - began
    statuses = fleet.stop()
    requests = fleet.requests()
    repeated = repeats(requests, but=AGAIN)
    fed = fed_articles(fleet.folder_of(host) for host in fleet.net.hosts)
    return Outcome(
        requests=requests,
        repeated=repeated,
        complaints=complaints(fleet, requests, repeated, statuses),
        statuses=statuses,
        fed_twice=sorted(url for url, times in fed.items() if times > 1),
        seconds=seconds,
    )


def summary(fleet: Fleet, outcome: Outcome) -> dict[str, object]:
    """The figures of a run; moments are seconds since the first request."""
    requests = outcome.requests
    first = requests[0].begin
    articles = {url for site in fleet.sites for url in site.articles}
    return {
        "sites": len(fleet.sites),
        "articles": len(articles),
        "seconds": round(outcome.seconds, 1),
        "requests": len(requests),
        "requests_by_host": {
            host.name: sum(one.client == host.address for one in requests) for host in fleet.net.hosts
        },
        "overlaps": len(overlaps(requests)),
        "shortest_gap_ms": round(shortest_gap(requests) * 1000),
        "lost": [
            {"host": loss.client, "at": round(loss.at - first, 2), "sites": sorted(loss.sites)}
            for loss in fleet.losses
        ],
        "asked_for_again": [
            {
                "url": repeat.url,
                "by": [one.client for one in repeat.requests],
                "at": [round(one.begin - first, 2) for one in repeat.requests],
            }
            for repeat in outcome.repeated
        ],
        "runs": dict(fleet.evidence.runs()),
        "in_two_files": len(outcome.fed_twice),
        "complaints": list(outcome.complaints),
    }


def _taken_over(fleet: Fleet, loss: Loss) -> bool:
    """Whether each site that a lost host held has been asked by another one since."""
    others = {one.host for one in fleet.requests() if one.begin > loss.at and one.client != loss.client}
    return loss.sites <= others


def _asks(fleet: Fleet, client: str, since: float) -> bool:
    """Whether a client has begun with a site since: a late answer to what it asked before is not enough."""
    return any(
        one.client == client and one.begin > since and one.path == "/robots.txt" for one in fleet.requests()
    )
