"""Finding out what a site repeats, and correcting its articles, in transactions that hold nobody up."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import Final, Protocol, TypeVar

from sqlalchemy.orm import Session

from cleaners.article import Article, Block
from cleaners.repetition_census import Census, Hearing, most_common
from cleaners.repetition_evidence import Occurrences, RepeatedText, pages_needed
from pipelines.store import repetition
from pipelines.store.passages import changed_articles, forget_pages, memory_id_of, note_pages, source_blocks

_T = TypeVar("_T")
Announce = Callable[[Article], Awaitable[None]]

_NOTED_AT_ONCE: Final = 500  # articles whose texts are counted in a transaction, half a second
_READ_AT_ONCE: Final = 100  # articles that are read to judge texts by them
_LOOKED_UP_AT_ONCE: Final = 20  # texts whose pages are looked up; one on 100,000 pages takes some ms
_SETTLED_AT_ONCE: Final = 20  # articles that are corrected in a transaction
_PAGES_A_PART: Final = 5_000  # of a site, so that its texts are counted in parts of a tenth of a second


class Write(Protocol):
    """Runs a function of a session in a transaction of its own."""

    async def __call__(self, function: Callable[[Session], _T], /) -> _T:
        """What the function gives, once the transaction is committed."""


async def learn(
    write: Write, site: str, *, run_id: int | None = None, announce: Announce | None = None
) -> int:
    """Find out what a site repeats, and correct its articles; gives how many say something else now.

    The same articles give the same, in whatever order they came and however often this is done. What was done
    of one that was cut short is not done again. `run_id` is the run that corrected articles belong to, and
    `announce` is given each of them.
    """
    changed = await write(lambda session: changed_articles(session, site))
    for start in range(0, len(changed), _NOTED_AT_ONCE):
        await write(partial(note_pages, site=site, ids=changed[start : start + _NOTED_AT_ONCE]))
    while await write(lambda session: forget_pages(session, site, _NOTED_AT_ONCE)):
        pass
    memory_id = await write(lambda session: memory_id_of(session, site))
    changes = await write(lambda session: repetition.unjudged(session, memory_id))
    if changes is not None:
        verdicts = await _judge(write, memory_id)
        await write(lambda session: repetition.keep_verdicts(session, memory_id, verdicts, changes))
    corrected, looked_at = 0, 1
    while looked_at:
        looked_at, articles = await write(
            lambda session: repetition.settle_pages(session, site, run_id, _SETTLED_AT_ONCE)
        )
        corrected += len(articles)
        if announce:
            for article in articles:
                await announce(article)
    return corrected


async def _judge(write: Write, memory_id: int) -> dict[int, RepeatedText]:
    census, ids = await _take_census(write, memory_id)
    hearing = Hearing(census)
    pages = sorted(census.pages)
    for start in range(0, len(pages), _READ_AT_ONCE):
        some = pages[start : start + _READ_AT_ONCE]
        read = partial(source_blocks, ids=[ids[page] for page in some])
        blocks = await write(read)
        await asyncio.to_thread(_hear, hearing, {page: blocks.get(ids[page], []) for page in some})
    return await asyncio.to_thread(hearing.verdicts)


def _hear(hearing: Hearing, pages: Mapping[int, list[Block]]) -> None:
    for page, blocks in pages.items():
        hearing.read(page, Article(blocks=blocks))


async def _take_census(write: Write, memory_id: int) -> tuple[Census, dict[int, int]]:
    """The census of a site, and the articles of the pages that it names."""
    site_pages = await write(lambda session: repetition.count_pages(session, memory_id))
    parts = 1 + site_pages // _PAGES_A_PART
    counts: dict[int, int] = {}
    for part in range(parts):
        counts |= await write(partial(repetition.count_texts, memory_id=memory_id, part=part, parts=parts))
    needed = pages_needed(site_pages)
    judged = most_common({key: count for key, count in counts.items() if count >= needed})
    ids = await write(lambda session: repetition.sample_pages(session, memory_id))
    others = list(ids)
    found: list[Occurrences] = []
    holders: dict[int, list[int]] = {}
    for start in range(0, len(judged), _LOOKED_UP_AT_ONCE):
        keys = judged[start : start + _LOOKED_UP_AT_ONCE]
        for text, pages in await write(partial(_look_up, memory_id=memory_id, keys=keys)):
            found.append(text)
            holders[text.key] = list(pages)
            ids |= pages
    return Census(site_pages, frozenset(counts), found, holders, others), ids


def _look_up(session: Session, memory_id: int, keys: list[int]) -> list[tuple[Occurrences, dict[int, int]]]:
    return [repetition.occurrences_in(session, memory_id, key) for key in keys]
