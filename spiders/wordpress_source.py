"""A site's posts through its WordPress REST API: those that changed, those that are new, those that are gone.

The list is read by the time of the last modification, the latest first. A cursor remembers up to where
everything is held, so that the next run asks only for what was modified since; `wordpress_numbers` tells
what such a list does not show.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from scrapy import Request
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK
from scrapy.spidermiddlewares.httperror import HttpError

from cleaners.article import Page
from cleaners.frontier import DueUrl, FoundUrl, Role
from spiders.discovery import identity
from spiders.moments import parse_moment
from spiders.outcomes import describe, failed, reason_of, refused
from spiders.rest import MAX_POSTS_A_REQUEST, RestApi, read_json
from spiders.settled import Settled
from spiders.wordpress_reading import UNKNOWN, WORDPRESS_API, Reading, header_of, modified_of, stamp

if TYPE_CHECKING:
    from twisted.python.failure import Failure

    from spiders.crawl import Output
    from spiders.memory import Memory
    from spiders.site_crawl import SiteCrawl

_SECOND: Final = timedelta(seconds=1)  # WordPress counts in whole seconds
_LEAST_POSTS: Final = 10  # posts a request, however few are wanted: some may turn out to be unwanted


class WordPressSource:
    """Reads posts for a crawl. Each is a `Page` whose body is the post's JSON; the names of its authors and
    categories stand under `_thresher`. A closed API is a rejection with the reason "wordpress-api-closed".
    """

    def __init__(self, crawl: SiteCrawl) -> None:
        """Read for a crawl."""
        self.crawl = crawl
        self.readings: list[Reading] = []

    @property
    def used(self) -> bool:
        """Whether an API gave posts."""
        return any(reading.open for reading in self.readings)

    async def open(self, home: str, roots: list[str], probe: dict[str, Any]) -> Request:
        """The request that begins to read the API of `home` at the first of `roots`."""
        args = self.crawl.args
        per_page = min(getattr(args, "per_page", MAX_POSTS_A_REQUEST), max(args.max_pages, _LEAST_POSTS))
        reading = Reading(RestApi(home, roots[0], per_page, roots_left=roots[1:]), probe)
        self.readings.append(reading)
        return await self._begin(reading)

    async def _begin(self, reading: Reading) -> Request:
        reading.cursor = await self.memory.cursor(reading.site, reading.name)
        newest, reached = reading.held_until, reading.cursor.get("reached")
        reading.queries.clear()
        reading.newest = newest
        if newest:
            reading.queries.append({"modified_after": stamp(newest - _SECOND)})
        if reached or newest is None:
            reading.queries.append({"modified_before": reached} if reached else {})
        return self._posts_request(reading, 1)

    @property
    def memory(self) -> Memory:
        """What the crawl remembers."""
        return self.crawl.frontier.memory

    def request(self, url: str, callback: Any, errback: Any, **arguments: Any) -> Request:
        """A request of the API, which the frontier does not hold."""
        due = DueUrl(key=identity(url), url=url, role=Role.LISTING, discovered_by=WORDPRESS_API)
        self.crawl.frontier.direct(due)
        return self.crawl.request(due, callback=callback, errback=errback, cb_kwargs=arguments)

    def _posts_request(self, reading: Reading, number: int) -> Request:
        url = reading.api.posts_url(number, **reading.queries[0])
        return self.request(url, self.parse_posts, self.on_posts_failure, reading=reading, number=number)

    async def parse_posts(
        self, response: Response, *, reading: Reading, number: int
    ) -> AsyncIterator[Output]:
        """One page of the list of posts."""
        posts = read_json(response.body)
        asked_before = bool(reading.cursor)
        if not isinstance(posts, list) or (number == 1 and not posts and not asked_before):
            problem = "the API lists no posts" if posts == [] else "the answer is no list of posts"
            async for output in self._unusable(response.request, reading, number, problem, response.status):
                yield output
            return
        reading.open = True
        self.crawl.frontier.settle(response.meta["due"], Settled.FETCHED)
        await self._move_cursor(reading)
        total = header_of(response, "X-WP-Total")
        if not total.isdigit():
            reading.total = UNKNOWN
        elif not reading.queries[0]:
            reading.total = int(total)
        reading.api.learn_pages(header_of(response, "X-WP-TotalPages"), len(posts), number)
        modified = [moment for post in posts if (moment := modified_of(post))]
        if after := parse_moment(reading.queries[0].get("modified_after")):
            # A WordPress before 5.7 does not know the bound and lists everything.
            posts = [post for post in posts if (modified_of(post) or after) > after]
        async for output in self.offer(response, reading, posts):
            yield output
        async for output in self._go_on(reading, number, posts, modified):
            yield output

    async def _go_on(
        self, reading: Reading, number: int, posts: list[Any], modified: list[datetime]
    ) -> AsyncIterator[Output]:
        """The next page of the list, or the next of the lists."""
        reading.newest = max([*modified, *([reading.newest] if reading.newest else [])], default=None)
        if not self.crawl.frontier.room:
            return  # the cursor stays, and the next run reads from there
        if "modified_after" not in reading.queries[0] and modified and reading.newest and not reading.damaged:
            reached = min(modified) + _SECOND  # others may have the same second
            reading.step = {"newest": stamp(reading.newest), "reached": stamp(reached)}
        if posts and number < reading.api.pages:
            yield self._posts_request(reading, number + 1)
            return
        reading.queries.popleft()
        reading.api.pages = 1
        if reading.queries:
            yield self._posts_request(reading, 1)
        else:
            reading.complete = not reading.damaged
            self.crawl.note_source("wordpress", 1)

    async def _move_cursor(self, reading: Reading) -> None:
        """Remember how far back the list was read, if the posts so far have all been dealt with."""
        if reading.step and await self.memory.move_cursor(
            reading.site, reading.name, reading.step, after=reading.held
        ):
            reading.held, reading.step = [], {}

    async def offer(
        self, response: Response, reading: Reading, posts: Iterable[Any]
    ) -> AsyncIterator[Output]:
        """The posts that are new or changed, as pages."""
        await self._learn_names(reading.api, posts)
        found: dict[str, tuple[FoundUrl, dict[str, Any]]] = {}
        for post in posts:
            if not isinstance(post, dict) or not isinstance(post.get("link"), str):
                detail = f"an entry of the list is {describe(post)}"
                yield refused(response.request, "not-a-post", detail, status=response.status)
                continue
            entry = self.crawl.addresses.posted(post["link"], WORDPRESS_API, modified_of(post))
            if entry:
                again = entry.lastmod is not None and entry.lastmod == reading.held_until
                found[entry.key] = (replace(entry, again=again), post)
        entries = [entry for entry, _ in found.values()]
        wanted = await self.crawl.frontier.offer(entries, via=None)
        reading.held += wanted
        for key in wanted:
            entry, post = found[key]
            yield self._page(response, reading.api, entry, post)

    def _page(self, response: Response, api: RestApi, entry: FoundUrl, post: dict[str, Any]) -> Page:
        body = {key: value for key, value in post.items() if key not in {"_embedded", "_links"}}
        body["_thresher"] = api.names_of(post)
        text = json.dumps(body, ensure_ascii=False)
        self.crawl.frontier.accept(None, len(text))
        return Page(
            url=post["link"],
            body=text,
            content_type="application/json",
            fetched_at=datetime.now(UTC),
            status=response.status,
            discovered_by=WORDPRESS_API,
            lastmod=entry.lastmod,
            key=entry.key,
        )

    # Failures

    async def on_posts_failure(self, failure: Failure) -> AsyncIterator[Output]:
        """The API refused a page of posts, or could not be reached."""
        request: Request = failure.request  # type: ignore[attr-defined]
        reading, number = request.cb_kwargs["reading"], request.cb_kwargs["number"]
        error = failure.value
        assert error is not None
        status = error.response.status if isinstance(error, HttpError) else None
        answer = read_json(error.response.body) if isinstance(error, HttpError) else None
        code = answer.get("code") if isinstance(answer, dict) else None
        if code == "rest_post_invalid_page_number" and number > 1:
            self.crawl.logger.info(
                "%s has no page %d of posts; the list ended before it", reading.api.home, number
            )
            self.crawl.frontier.settle(request.meta["due"], Settled.FAILED)
            async for output in self._go_on(reading, number, [], []):
                yield output
        elif code == "rest_invalid_param" and number == 1 and reading.api.ask_for_less():
            self.crawl.logger.info(
                "%s gives fewer posts a page; asking for %d", reading.api.home, reading.api.per_page
            )
            self.crawl.frontier.settle(request.meta["due"], Settled.FAILED)
            yield self._posts_request(reading, 1)
        elif number == 1 and not reading.open:
            async for output in self._unusable(request, reading, number, reason_of(error), status):
                yield output
        else:
            yield self.crawl.reject(failed(request, error), request)
            async for output in self._pass_over(reading, number):
                yield output

    async def _pass_over(self, reading: Reading, number: int) -> AsyncIterator[Output]:
        """Go on behind a page of the list that cannot be had; the next run asks for it again."""
        reading.damaged, reading.step = True, {}
        if number < reading.api.pages and self.crawl.frontier.room:
            yield self._posts_request(reading, number + 1)

    async def _unusable(
        self, request: Request | None, reading: Reading, number: int, problem: str, status: int | None
    ) -> AsyncIterator[Output]:
        """No posts in an answer: try the next place of the API, or give it up."""
        assert request is not None
        if number > 1 or reading.open:
            yield self.crawl.reject(refused(request, "bad-listing", problem, status=status), request)
            async for output in self._pass_over(reading, number):
                yield output
        elif reading.api.roots_left and status in {200, 404}:
            # A site that says no (401, 403, robots.txt) is not asked again by another door.
            self.crawl.frontier.settle(request.meta["due"], Settled.FAILED)
            reading.api = reading.api.at_next_root()
            yield await self._begin(reading)
        else:
            further = self.crawl.without_api
            self.crawl.logger.warning(
                "The WordPress API of %s is closed (%s): %s", reading.api.home, problem, further
            )
            detail = f"the WordPress API gives no posts ({problem}); {further}"
            closed = refused(request, "wordpress-api-closed", detail, status=status)
            yield self.crawl.reject(closed, request)
            await self.crawl.on_api_closed(reading.api.home, reading.probe)

    async def close(self) -> None:
        """Nothing is under way any more: remember what is held."""
        for reading in self.readings:
            if not reading.complete or reading.newest is None:
                continue
            known = len(await self.memory.articles_from(WORDPRESS_API))
            counted = reading.total is not None and reading.total >= 0
            surplus = (reading.total or 0) - known if counted else reading.cursor.get("surplus")
            value = {"newest": stamp(reading.newest), "reached": None, "surplus": surplus}
            await self.memory.move_cursor(reading.site, reading.name, value)

    async def _learn_names(self, api: RestApi, posts: Iterable[Any]) -> None:
        """Ask for the names that the posts did not bring along; a closed list of users costs only names."""
        for route, ids in api.unknown_names(posts).items():
            request = Request(api.names_url(route, ids), callback=NO_CALLBACK)
            try:
                response = await self.crawl.crawler.engine.download_async(request)
            except Exception as error:
                # Whatever it was, the posts themselves are here and must not be lost for it.
                self.crawl.logger.info("No names of %s at %s: %s", route, api.home, reason_of(error))
                api.close_route(route)
                continue
            if not api.learn(route, read_json(response.body)):
                self.crawl.logger.info("No names of %s at %s: status %d", route, api.home, response.status)
