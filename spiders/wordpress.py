"""The `wordpress` spider: `scrapy crawl wordpress -a url=https://blog.example`."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from scrapy import Request
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK
from scrapy.spidermiddlewares.httperror import HttpError
from scrapy_spider_metadata import Args  # type: ignore[attr-defined]

from cleaners.article import Page, Rejection
from cleaners.urls import site_of
from spiders.crawl import Output, SiteCrawl
from spiders.discovery import normalise
from spiders.listings import parse_moment
from spiders.outcomes import answers, describe, failed, reason_of, refused
from spiders.params import WordPressParams, check
from spiders.rest import RestApi, candidate_roots, read_json

if TYPE_CHECKING:
    from twisted.python.failure import Failure

_BY: Final = "wordpress-api"
_LEAST_POSTS: Final = 10  # posts a request, however few are wanted: some may turn out to be unwanted


class WordPressSpider(Args[WordPressParams], SiteCrawl):
    """Reads sites' posts through their WordPress REST API; crawls a site whose API is closed like any other.

    Each post is a `Page` whose body is the post's JSON; the names of its authors and categories stand
    under `_thresher`. A closed API is a rejection with the reason "wordpress-api-closed".
    """

    name = "wordpress"
    args: WordPressParams

    @classmethod
    def check_arguments(cls, arguments: Mapping[str, Any]) -> None:
        """Raise `ValueError` with a readable message if the spider could not run with these arguments."""
        check(WordPressParams, arguments)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Check the arguments. Raises pydantic's `ValidationError` if they are wrong."""
        super().__init__(*args, **kwargs)
        self._homes: dict[str, Response] = {}

    async def start(self) -> AsyncIterator[Any]:
        """The sites' front pages, which say where the API is."""
        for url in self.args.url:
            clean = normalise(url) or url
            self._sites.add(site_of(clean))
            if not self.seen(clean):
                yield Request(
                    clean,
                    self.parse_home,
                    errback=self.on_home_failure,
                    meta={"discovered_by": "seed"},
                    cb_kwargs={"home": clean},
                )

    def parse_home(self, response: Response, *, home: str) -> Iterator[Output]:
        """The front page: ask the API that it names, or where APIs are."""
        self._sites.add(site_of(response.url))
        self._homes[home] = response
        yield self._first_posts(home, candidate_roots(response.url, response))

    def on_home_failure(self, failure: Failure) -> Iterator[Output]:
        """No front page; if the site answers at all, its API may be open."""
        request: Request = failure.request  # type: ignore[attr-defined]
        yield from self.on_failure(failure)
        if answers(failure.value):
            yield self._first_posts(request.cb_kwargs["home"], candidate_roots(request.url, None))

    def _first_posts(self, home: str, roots: list[str]) -> Request:
        per_page = min(self.args.per_page, max(self.args.max_pages, _LEAST_POSTS))
        return self._posts_request(RestApi(home, roots[0], per_page, roots_left=roots[1:]), 1)

    def _posts_request(self, api: RestApi, number: int) -> Request:
        return Request(
            api.posts_url(number),
            self.parse_posts,
            errback=self.on_posts_failure,
            meta={"discovered_by": _BY},
            cb_kwargs={"api": api, "number": number},
        )

    async def parse_posts(self, response: Response, *, api: RestApi, number: int) -> AsyncIterator[Output]:
        """One page of the list of posts."""
        posts = read_json(response.body)
        assert response.request is not None
        if not isinstance(posts, list) or (number == 1 and not posts):
            problem = "the API lists no posts" if posts == [] else "the answer is no list of posts"
            for output in self._unusable(response.request, api, number, problem, response.status):
                yield output
            return
        api.learn_pages(
            (response.headers.get("X-WP-TotalPages") or b"").decode("latin-1"), len(posts), number
        )
        await self._learn_names(api, posts)
        for post in posts:
            found = self._post(response, api, post)
            if found:
                yield found
        self.close_when_full()
        for request in self._next_page(api, number):
            yield request

    def on_posts_failure(self, failure: Failure) -> Iterator[Output]:
        """The API refused a page of posts, or could not be reached."""
        request: Request = failure.request  # type: ignore[attr-defined]
        api, number, error = request.cb_kwargs["api"], request.cb_kwargs["number"], failure.value
        assert error is not None
        status = error.response.status if isinstance(error, HttpError) else None
        answer = read_json(error.response.body) if isinstance(error, HttpError) else None
        code = answer.get("code") if isinstance(answer, dict) else None
        if code == "rest_post_invalid_page_number" and number > 1:
            self.logger.info("%s has no page %d of posts; the list ended before it", api.home, number)
        elif code == "rest_invalid_param" and number == 1 and api.ask_for_less():
            self.logger.info("%s gives fewer posts a page; asking for %d", api.home, api.per_page)
            yield self._posts_request(api, 1)
        elif number == 1:
            yield from self._unusable(request, api, number, reason_of(error), status)
        else:
            yield failed(request, error)
            yield from self._next_page(api, number)

    def _unusable(
        self, request: Request, api: RestApi, number: int, problem: str, status: int | None
    ) -> Iterator[Output]:
        """No posts in an answer: try the next place of the API, or give it up."""
        if number > 1:
            yield refused(request, "bad-listing", problem, status=status)
            yield from self._next_page(api, number)
        elif api.roots_left and status in {200, 404}:
            # A site that says no (401, 403, robots.txt) is not asked again by another door.
            yield self._posts_request(api.at_next_root(), 1)
        else:
            yield from self._closed(request, api, problem, status)

    def _closed(self, request: Request, api: RestApi, problem: str, status: int | None) -> Iterator[Output]:
        further = "going on as an ordinary site crawl" if self.args.fallback else "nothing more to do"
        self.logger.warning("The WordPress API of %s is closed (%s): %s", api.home, problem, further)
        detail = f"the WordPress API gives no posts ({problem}); {further}"
        yield refused(request, "wordpress-api-closed", detail, status=status)
        if not self.args.fallback:
            return
        home = self._homes.get(api.home)
        yield from self.parse_seed(home) if home else self._listings(api.home)

    def _next_page(self, api: RestApi, number: int) -> Iterator[Request]:
        # One after the other, as only then is it known how many more posts are wanted.
        if number < api.pages:
            yield self._posts_request(api, number + 1)

    def _post(self, response: Response, api: RestApi, post: Any) -> Page | Rejection | None:
        assert response.request is not None
        if not isinstance(post, dict) or not isinstance(post.get("link"), str):
            return refused(response.request, "not-a-post", f"an entry of the list is {describe(post)}")
        link = post["link"]
        unwanted = self._excluded(link) or not self._included(link) or self._pages >= self.args.max_pages
        if unwanted or self.seen(link):
            return None
        body = {key: value for key, value in post.items() if key not in {"_embedded", "_links"}}
        body["_thresher"] = api.names_of(post)
        found = Page(
            url=link,
            body=json.dumps(body, ensure_ascii=False),
            content_type="application/json",
            fetched_at=datetime.now(UTC),
            status=response.status,
            discovered_by=_BY,
            lastmod=parse_moment(_string(post.get("modified_gmt"))),
        )
        return self.accept(response.request, found)

    async def _learn_names(self, api: RestApi, posts: Iterable[Any]) -> None:
        """Ask for the names that the posts did not bring along; a closed list of users costs only names."""
        for route, ids in api.unknown_names(posts).items():
            request = Request(api.names_url(route, ids), callback=NO_CALLBACK)
            try:
                response = await self.crawler.engine.download_async(request)
            except Exception as error:
                # Whatever it was, the posts themselves are here and must not be lost for it.
                self.logger.info("No names of %s at %s: %s", route, api.home, reason_of(error))
                api.close_route(route)
                continue
            if not api.learn(route, read_json(response.body)):
                self.logger.info("No names of %s at %s: status %d", route, api.home, response.status)


def _string(value: Any) -> str | None:
    return value if isinstance(value, str) else None
