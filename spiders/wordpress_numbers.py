"""Removed posts, and posts dated back, told by the numbers of a WordPress site's posts.

The list by modification shows neither: a removed post is listed nowhere, and one that was imported or
scheduled bears an old date. Both show in the numbers of the latest posts and in how many there are; only
where that is not the expected number are the numbers of all posts read.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Set
from typing import TYPE_CHECKING

from scrapy import Request
from scrapy.http import Response

from spiders.discovery import identity
from spiders.outcomes import failed, refused
from spiders.rest import MAX_POSTS_A_REQUEST, read_json
from spiders.settled import Settled
from spiders.wordpress_reading import UNKNOWN, WORDPRESS_API, Reading, header_of

if TYPE_CHECKING:
    from twisted.python.failure import Failure

    from spiders.crawl import Output
    from spiders.wordpress_source import WordPressSource


class PostNumbers:
    """Compares the numbers of a site's posts with the articles that are held."""

    def __init__(self, source: WordPressSource) -> None:
        """Compare for a source of posts."""
        self._source = source

    async def check(self) -> list[Request]:
        """Once all posts are dealt with: the requests for the latest numbers, and how many there are."""
        due = [reading for reading in self._source.readings if reading.complete and reading.total is None]
        return [self._ids_request(reading, 1) for reading in due]

    def _ids_request(self, reading: Reading, number: int) -> Request:
        url = reading.api.ids_url(number)
        return self._source.request(
            url, self.parse_ids, self.on_check_failure, reading=reading, number=number
        )

    async def parse_ids(self, response: Response, *, reading: Reading, number: int) -> AsyncIterator[Output]:
        """A page of the numbers and addresses of all posts, the latest first.

        The first page is enough where its posts are known, or new, and the number of all is as expected.
        """
        answer = read_json(response.body)
        self._source.crawl.frontier.settle(response.meta["due"], Settled.FETCHED)
        if not isinstance(answer, list):
            reading.total = UNKNOWN
            yield refused(response.request, "bad-listing", "the answer is no list of posts")
            return
        for post in answer:
            if (
                isinstance(post, dict)
                and isinstance(post.get("id"), int)
                and isinstance(post.get("link"), str)
            ):
                reading.listed[post["id"]] = post["link"]
        pages, total = header_of(response, "X-WP-TotalPages"), header_of(response, "X-WP-Total")
        reading.total = int(total) if total.isdigit() else UNKNOWN
        more = pages.isdigit() and number < int(pages)
        if number > 1 and more:
            yield self._ids_request(reading, number + 1)
            return
        known = await self._source.memory.articles_from(WORDPRESS_API)
        missing = self._missing(reading, known)
        expected = len(known) + len(missing) + (reading.cursor.get("surplus") or 0)
        if number == 1 and reading.total in {UNKNOWN, expected}:
            self._source.crawl.frontier.find_unchanged(known)
            for request in self._chosen_requests(reading, missing):
                yield request
        elif more:
            yield self._ids_request(reading, number + 1)
        else:
            async for output in self._compare(reading, known, missing):
                yield output

    def _missing(self, reading: Reading, known: Set[str]) -> list[int]:
        """The numbers of listed posts that are wanted and not held."""
        entries = (
            (number, self._source.crawl.addresses.posted(link, WORDPRESS_API))
            for number, link in reading.listed.items()
        )
        return [number for number, entry in entries if entry and entry.key not in known]

    def _chosen_requests(self, reading: Reading, numbers: list[int]) -> Iterator[Request]:
        for start in range(0, len(numbers), MAX_POSTS_A_REQUEST):
            url = reading.api.chosen_url(numbers[start : start + MAX_POSTS_A_REQUEST])
            yield self._source.request(url, self.parse_chosen, self.on_check_failure, reading=reading)

    async def _compare(self, reading: Reading, known: Set[str], missing: list[int]) -> AsyncIterator[Output]:
        """All posts are known by number: mark those that are gone, ask for those that are missing."""
        keys = {identity(link) for link in reading.listed.values()}
        gone = await self._source.memory.gone(sorted(known - keys))
        self._source.crawl.frontier.find_unchanged(known & keys)
        self._source.crawl.logger.info(
            "%s: %d posts are gone, %d were missing", reading.api.home, gone, len(missing)
        )
        for request in self._chosen_requests(reading, missing):
            yield request

    async def parse_chosen(self, response: Response, *, reading: Reading) -> AsyncIterator[Output]:
        """Posts that were asked for by their numbers."""
        self._source.crawl.frontier.settle(response.meta["due"], Settled.FETCHED)
        posts = read_json(response.body)
        async for output in self._source.offer(response, reading, posts if isinstance(posts, list) else []):
            yield output

    async def on_check_failure(self, failure: Failure) -> AsyncIterator[Output]:
        """The check could not be made; the next run makes it."""
        request: Request = failure.request  # type: ignore[attr-defined]
        assert failure.value is not None
        request.cb_kwargs["reading"].total = UNKNOWN
        yield self._source.crawl.reject(failed(request, failure.value), request)
