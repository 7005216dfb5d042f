"""A site's posts through its WordPress REST API: those that changed, those that are new, those that are gone.

The list is read by the time of the last modification, the latest first. A cursor remembers up to where
everything is held, so that the next run asks only for what was modified since. WordPress dates a post back
that was imported or scheduled, and a removed one is listed nowhere; both show in the number of posts, and
only where that is not the expected one are the numbers of all posts read.
"""

from __future__ import annotations

import json
from collections import deque
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from scrapy import Request
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK
from scrapy.spidermiddlewares.httperror import HttpError

from cleaners.article import Page
from cleaners.frontier import DueUrl, FoundUrl, Role
from cleaners.urls import site_of
from spiders.discovery import identity
from spiders.listings import parse_moment
from spiders.outcomes import describe, failed, reason_of, refused
from spiders.rest import RestApi, read_json
from spiders.settled import Settled

if TYPE_CHECKING:
    from twisted.python.failure import Failure

    from spiders.crawl import Output
    from spiders.memory import Memory
    from spiders.site_crawl import SiteCrawl

WORDPRESS_API: Final = "wordpress-api"
"""What led to a page that is a post of the API."""

_LEAST_POSTS: Final = 10  # posts a request, however few are wanted: some may turn out to be unwanted
_UNKNOWN: Final = -1  # the number of posts, where the API does not tell it
_CHOSEN: Final = 100  # the most posts that WordPress gives by their numbers


@dataclass(slots=True)
class _Reading:
    """How far the reading of one API is.

    `cursor` is where it was left: `newest` is the time up to which changes are held, `reached` how far back
    the first reading has come if it did not end, `surplus` the posts that give no article. `queries` are the
    bounds of what is still to be read, the one under way first; `newest` is the latest time seen, `held` the
    keys of posts that were offered and may not have ended, `step` the cursor's next value once they have.
    `damaged` tells that a page of the list is missing, so that the cursor must stay. `total` is the number of
    posts, as far as the API tells it, `listed` holds the links of all posts by number.
    """

    api: RestApi
    probe: dict[str, Any]
    cursor: dict[str, Any] = field(default_factory=dict)
    queries: deque[dict[str, str]] = field(default_factory=deque)
    newest: datetime | None = None
    held: list[str] = field(default_factory=list)
    step: dict[str, Any] = field(default_factory=dict)
    open: bool = False
    complete: bool = False
    damaged: bool = False
    total: int | None = None
    listed: dict[int, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The name of the cursor."""
        return f"wordpress {self.api.root}"

    @property
    def site(self) -> str:
        """The site of the API."""
        return site_of(self.api.home) or self.api.home


class WordPressSource:
    """Reads posts for a crawl. Each is a `Page` whose body is the post's JSON; the names of its authors and
    categories stand under `_thresher`. A closed API is a rejection with the reason "wordpress-api-closed".
    """

    def __init__(self, crawl: SiteCrawl) -> None:
        """Read for a crawl."""
        self._crawl = crawl
        self._readings: list[_Reading] = []

    @property
    def used(self) -> bool:
        """Whether an API gave posts."""
        return any(reading.open for reading in self._readings)

    async def open(self, home: str, roots: list[str], probe: dict[str, Any]) -> Request:
        """The request that begins to read the API of `home` at the first of `roots`."""
        args = self._crawl.args
        per_page = min(getattr(args, "per_page", _CHOSEN), max(args.max_pages, _LEAST_POSTS))
        reading = _Reading(RestApi(home, roots[0], per_page, roots_left=roots[1:]), probe)
        self._readings.append(reading)
        return await self._begin(reading)

    async def _begin(self, reading: _Reading) -> Request:
        reading.cursor = await self._memory.cursor(reading.site, reading.name)
        newest, reached = reading.cursor.get("newest"), reading.cursor.get("reached")
        reading.queries.clear()
        if newest:
            reading.newest = parse_moment(newest)
            reading.queries.append({"modified_after": newest})
        if reached or not newest:
            reading.queries.append({"modified_before": reached} if reached else {})
        return self._posts_request(reading, 1)

    @property
    def _memory(self) -> Memory:
        return self._crawl.frontier.memory

    def _request(self, url: str, callback: Any, errback: Any, **arguments: Any) -> Request:
        due = DueUrl(key=identity(url), url=url, role=Role.LISTING, discovered_by=WORDPRESS_API)
        self._crawl.frontier.direct(due)
        return self._crawl.request(due, callback=callback, errback=errback, cb_kwargs=arguments)

    def _posts_request(self, reading: _Reading, number: int) -> Request:
        url = reading.api.posts_url(number, **reading.queries[0])
        return self._request(url, self.parse_posts, self.on_posts_failure, reading=reading, number=number)

    async def parse_posts(
        self, response: Response, *, reading: _Reading, number: int
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
        self._crawl.frontier.settle(response.meta["due"], Settled.FETCHED)
        await self._move_cursor(reading)
        total = _header(response, "X-WP-Total")
        if not total.isdigit():
            reading.total = _UNKNOWN
        elif not reading.queries[0]:
            reading.total = int(total)
        reading.api.learn_pages(_header(response, "X-WP-TotalPages"), len(posts), number)
        modified = [moment for post in posts if (moment := _modified(post))]
        if after := parse_moment(reading.queries[0].get("modified_after")):
            # A WordPress before 5.7 does not know the bound and lists everything.
            posts = [post for post in posts if (_modified(post) or after) > after]
        async for output in self._offer(response, reading, posts):
            yield output
        async for output in self._go_on(reading, number, posts, modified):
            yield output

    async def _go_on(
        self, reading: _Reading, number: int, posts: list[Any], modified: list[datetime]
    ) -> AsyncIterator[Output]:
        """The next page of the list, or the next of the lists."""
        reading.newest = max([*modified, *([reading.newest] if reading.newest else [])], default=None)
        if not self._crawl.frontier.room:
            return  # the cursor stays, and the next run reads from there
        if "modified_after" not in reading.queries[0] and modified and reading.newest and not reading.damaged:
            reached = min(modified) + timedelta(seconds=1)  # others may have the same second
            reading.step = {"newest": _stamp(reading.newest), "reached": _stamp(reached)}
        if posts and number < reading.api.pages:
            yield self._posts_request(reading, number + 1)
            return
        reading.queries.popleft()
        reading.api.pages = 1
        if reading.queries:
            yield self._posts_request(reading, 1)
        else:
            reading.complete = not reading.damaged
            self._crawl.note_source("wordpress", 1)

    async def _move_cursor(self, reading: _Reading) -> None:
        """Remember how far back the list was read, if the posts so far have all been dealt with."""
        if reading.step and await self._memory.move_cursor(
            reading.site, reading.name, reading.step, after=reading.held
        ):
            reading.held, reading.step = [], {}

    async def _offer(
        self, response: Response, reading: _Reading, posts: Iterable[Any]
    ) -> AsyncIterator[Output]:
        """The posts that are new or changed, as pages."""
        await self._learn_names(reading.api, posts)
        found: dict[str, tuple[FoundUrl, dict[str, Any]]] = {}
        for post in posts:
            if not isinstance(post, dict) or not isinstance(post.get("link"), str):
                detail = f"an entry of the list is {describe(post)}"
                yield refused(response.request, "not-a-post", detail, status=response.status)
                continue
            entry = self._crawl.addresses.posted(post["link"], WORDPRESS_API, _modified(post))
            if entry:
                found[entry.key] = (entry, post)
        entries = [entry for entry, _ in found.values()]
        wanted = await self._crawl.frontier.offer(entries, via=None)
        reading.held += wanted
        for key in wanted:
            entry, post = found[key]
            yield self._page(response, reading.api, entry, post)

    def _page(self, response: Response, api: RestApi, entry: FoundUrl, post: dict[str, Any]) -> Page:
        body = {key: value for key, value in post.items() if key not in {"_embedded", "_links"}}
        body["_thresher"] = api.names_of(post)
        text = json.dumps(body, ensure_ascii=False)
        self._crawl.frontier.accept(None, len(text))
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
            self._crawl.logger.info(
                "%s has no page %d of posts; the list ended before it", reading.api.home, number
            )
            self._crawl.frontier.settle(request.meta["due"], Settled.FAILED)
            async for output in self._go_on(reading, number, [], []):
                yield output
        elif code == "rest_invalid_param" and number == 1 and reading.api.ask_for_less():
            self._crawl.logger.info(
                "%s gives fewer posts a page; asking for %d", reading.api.home, reading.api.per_page
            )
            self._crawl.frontier.settle(request.meta["due"], Settled.FAILED)
            yield self._posts_request(reading, 1)
        elif number == 1 and not reading.open:
            async for output in self._unusable(request, reading, number, reason_of(error), status):
                yield output
        else:
            yield self._crawl.reject(failed(request, error), request)
            async for output in self._pass_over(reading, number):
                yield output

    async def _pass_over(self, reading: _Reading, number: int) -> AsyncIterator[Output]:
        """Go on behind a page of the list that cannot be had; as the cursor stays, the next run asks again."""
        reading.damaged, reading.step = True, {}
        if number < reading.api.pages and self._crawl.frontier.room:
            yield self._posts_request(reading, number + 1)

    async def _unusable(
        self, request: Request | None, reading: _Reading, number: int, problem: str, status: int | None
    ) -> AsyncIterator[Output]:
        """No posts in an answer: try the next place of the API, or give it up."""
        assert request is not None
        if number > 1 or reading.open:
            yield self._crawl.reject(refused(request, "bad-listing", problem, status=status), request)
            async for output in self._pass_over(reading, number):
                yield output
        elif reading.api.roots_left and status in {200, 404}:
            # A site that says no (401, 403, robots.txt) is not asked again by another door.
            self._crawl.frontier.settle(request.meta["due"], Settled.FAILED)
            reading.api = reading.api.at_next_root()
            yield await self._begin(reading)
        else:
            further = self._crawl.without_api
            self._crawl.logger.warning(
                "The WordPress API of %s is closed (%s): %s", reading.api.home, problem, further
            )
            detail = f"the WordPress API gives no posts ({problem}); {further}"
            closed = refused(request, "wordpress-api-closed", detail, status=status)
            yield self._crawl.reject(closed, request)
            await self._crawl.on_api_closed(reading.api.home, reading.probe)

    # Removed posts, and those dated back

    async def check(self) -> list[Request]:
        """Once all posts are dealt with: the requests for the latest numbers, and how many there are."""
        due = [reading for reading in self._readings if reading.complete and reading.total is None]
        return [self._ids_request(reading, 1) for reading in due]

    def _ids_request(self, reading: _Reading, number: int) -> Request:
        url = reading.api.ids_url(number)
        return self._request(url, self.parse_ids, self.on_check_failure, reading=reading, number=number)

    async def parse_ids(self, response: Response, *, reading: _Reading, number: int) -> AsyncIterator[Output]:
        """A page of the numbers and addresses of all posts, the latest first.

        The first page is enough where its posts are known, or new, and the number of all is as expected.
        """
        answer = read_json(response.body)
        self._crawl.frontier.settle(response.meta["due"], Settled.FETCHED)
        if not isinstance(answer, list):
            reading.total = _UNKNOWN
            yield refused(response.request, "bad-listing", "the answer is no list of posts")
            return
        for post in answer:
            if (
                isinstance(post, dict)
                and isinstance(post.get("id"), int)
                and isinstance(post.get("link"), str)
            ):
                reading.listed[post["id"]] = post["link"]
        known = await self._memory.articles_from(WORDPRESS_API)
        missing = self._missing(reading, known)
        pages, total = _header(response, "X-WP-TotalPages"), _header(response, "X-WP-Total")
        reading.total = int(total) if total.isdigit() else _UNKNOWN
        expected = len(known) + len(missing) + reading.cursor.get("surplus", 0)
        if number == 1 and reading.total in {_UNKNOWN, expected}:
            for request in self._chosen_requests(reading, missing):
                yield request
        elif pages.isdigit() and number < int(pages):
            yield self._ids_request(reading, number + 1)
        else:
            async for output in self._compare(reading, known, missing):
                yield output

    def _missing(self, reading: _Reading, known: Mapping[str, str]) -> list[int]:
        """The numbers of listed posts that are wanted and not held."""
        entries = (
            (number, self._crawl.addresses.posted(link, WORDPRESS_API))
            for number, link in reading.listed.items()
        )
        return [number for number, entry in entries if entry and entry.key not in known]

    def _chosen_requests(self, reading: _Reading, numbers: list[int]) -> Iterator[Request]:
        for start in range(0, len(numbers), _CHOSEN):
            url = reading.api.chosen_url(numbers[start : start + _CHOSEN])
            yield self._request(url, self.parse_chosen, self.on_check_failure, reading=reading)

    async def _compare(
        self, reading: _Reading, known: Mapping[str, str], missing: list[int]
    ) -> AsyncIterator[Output]:
        """All posts are known by number: mark those that are gone, ask for those that are missing."""
        keys = {identity(link) for link in reading.listed.values()}
        gone = await self._memory.gone([key for key in known if key not in keys])
        self._crawl.logger.info(
            "%s: %d posts are gone, %d were missing", reading.api.home, gone, len(missing)
        )
        for request in self._chosen_requests(reading, missing):
            yield request

    async def parse_chosen(self, response: Response, *, reading: _Reading) -> AsyncIterator[Output]:
        """Posts that were asked for by their numbers."""
        self._crawl.frontier.settle(response.meta["due"], Settled.FETCHED)
        posts = read_json(response.body)
        async for output in self._offer(response, reading, posts if isinstance(posts, list) else []):
            yield output

    async def on_check_failure(self, failure: Failure) -> AsyncIterator[Output]:
        """The check could not be made; the next run makes it."""
        request: Request = failure.request  # type: ignore[attr-defined]
        assert failure.value is not None
        request.cb_kwargs["reading"].total = _UNKNOWN
        yield self._crawl.reject(failed(request, failure.value), request)

    async def close(self) -> None:
        """Nothing is under way any more: remember what is held."""
        for reading in self._readings:
            if not reading.complete or reading.newest is None:
                continue
            known = len(await self._memory.articles_from(WORDPRESS_API))
            counted = reading.total is not None and reading.total >= 0
            surplus = (reading.total or 0) - known if counted else reading.cursor.get("surplus")
            value = {"newest": _stamp(reading.newest), "reached": None, "surplus": surplus}
            await self._memory.move_cursor(reading.site, reading.name, value)

    async def _learn_names(self, api: RestApi, posts: Iterable[Any]) -> None:
        """Ask for the names that the posts did not bring along; a closed list of users costs only names."""
        for route, ids in api.unknown_names(posts).items():
            request = Request(api.names_url(route, ids), callback=NO_CALLBACK)
            try:
                response = await self._crawl.crawler.engine.download_async(request)
            except Exception as error:
                # Whatever it was, the posts themselves are here and must not be lost for it.
                self._crawl.logger.info("No names of %s at %s: %s", route, api.home, reason_of(error))
                api.close_route(route)
                continue
            if not api.learn(route, read_json(response.body)):
                self._crawl.logger.info("No names of %s at %s: status %d", route, api.home, response.status)


def _header(response: Response, name: str) -> str:
    return (response.headers.get(name) or b"").decode("latin-1")


def _modified(post: Any) -> datetime | None:
    value = post.get("modified_gmt") if isinstance(post, dict) else None
    return parse_moment(value) if isinstance(value, str) else None


def _stamp(moment: datetime) -> str:
    """A time as WordPress takes it; without its zone it would be taken for the site's own."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
