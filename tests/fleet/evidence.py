"""What a fleet left behind: articles in the database, jobs in the queue, files on the hosts."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

from sqlalchemy import Engine, create_engine, text

from pipelines.feeds import ARTICLES, read_records
from tests.fleet.sites import Site

_WAITING: Final = (
    "SELECT count(*) FROM procrastinate_jobs WHERE status IN ('todo', 'doing') AND queue_name = :queue"
)
_QUEUE: Final = "thresher:crawl"


class Evidence:
    """Questions to the database of a fleet, each in a transaction of its own."""

    def __init__(self, url: str) -> None:
        """Take the address of the database."""
        self._engine: Engine = create_engine(url)

    def close(self) -> None:
        """Hold no connection any more."""
        self._engine.dispose()

    def done(self) -> set[str]:
        """The names of the sites of which a run went to its end."""
        return {row[0] for row in self._rows("SELECT DISTINCT job FROM runs WHERE outcome = 'finished'")}

    def waiting(self) -> int:
        """How many crawls are in the queue or under way."""
        return int(self._rows(_WAITING, queue=_QUEUE)[0][0])

    def writers(self) -> int:
        """How many transactions hold, or wait for, the turn to write."""
        return int(self._rows("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'")[0][0])

    def failed(self) -> list[str]:
        """Sites whose crawl was given up."""
        query = "SELECT args->>'site' FROM procrastinate_jobs WHERE status = 'failed' AND queue_name = :queue"
        return [row[0] for row in self._rows(query, queue=_QUEUE)]

    def held_by(self, name: str) -> set[str]:
        """The sites that a host of this name holds by a lease."""
        rows = self._rows("SELECT site, holder FROM sites WHERE holder IS NOT NULL")
        return {site for site, holder in rows if json.loads(holder)["host"] == name}

    def under_way(self, sites: Iterable[str]) -> frozenset[str]:
        """The addresses of sites whose request the database holds as begun and not ended."""
        query = "SELECT url FROM pages WHERE state IN ('taken', 'offered') AND site = ANY(:sites)"
        return frozenset(row[0] for row in self._rows(query, sites=list(sites)))

    def articles(self) -> Counter[tuple[str, int]]:
        """How often each article is there, by its address and its revision."""
        return Counter(
            (url, int(revision)) for url, revision in self._rows("SELECT url, revision FROM articles")
        )

    def revisions(self) -> int:
        """How many earlier revisions of articles are kept."""
        return int(self._rows("SELECT count(*) FROM revisions")[0][0])

    def runs(self) -> Counter[str]:
        """How many runs ended how; "" for those of which no end is known."""
        return Counter(row[0] or "" for row in self._rows("SELECT outcome FROM runs"))

    def text_of(self, url: str) -> str:
        """The text of an article."""
        return str(self._rows("SELECT text FROM articles WHERE url = :url", url=url)[0][0])

    def _rows(self, query: str, **values: object) -> Sequence[tuple[str, ...]]:
        with self._engine.begin() as connection:
            return [tuple(row) for row in connection.execute(text(query), values)]


def fed_articles(folders: Iterable[Path]) -> Counter[str]:
    """How many files of articles in the folders of hosts hold each address.

    A run that is killed leaves parts of files only, which do not count.
    """
    files = [file for folder in folders for file in sorted(folder.glob(f"corpus/runs/*/{ARTICLES}"))]
    return Counter(str(record["url"]) for file in files for record in read_records(file))


def wrong_articles(sites: Sequence[Site], evidence: Evidence) -> list[str]:
    """What is wrong with the articles in the database: empty if each is there once, as it was first written."""
    expected = Counter({(url, 1): 1 for site in sites for url in site.articles})
    found = evidence.articles()
    wrong = [f"missing: {url}, revision {revision}" for url, revision in sorted(expected - found)]
    wrong += [f"too many: {url}, revision {revision}" for url, revision in sorted(found - expected)]
    if evidence.revisions():
        wrong.append(f"earlier revisions: {evidence.revisions()}")
    return wrong
