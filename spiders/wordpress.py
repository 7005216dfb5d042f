"""The `wordpress` spider: `scrapy crawl wordpress -a url=https://blog.example`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from scrapy import Request
from scrapy_spider_metadata import Args  # type: ignore[attr-defined]

from spiders.params import WordPressParams, check
from spiders.rest import candidate_roots
from spiders.site_crawl import SiteCrawl


class WordPressSpider(Args[WordPressParams], SiteCrawl):
    """Reads sites' posts through their WordPress REST API; crawls a site whose API is closed like any other.

    Other than `site` it asks at the usual places of the API where the site does not name it.
    """

    name = "wordpress"
    args: WordPressParams

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Check the arguments. Raises pydantic's `ValidationError` if they are wrong."""
        self._ways = frozenset({"wordpress"})
        super().__init__(*args, **kwargs)

    @classmethod
    def check_arguments(cls, arguments: Mapping[str, Any]) -> None:
        """Raise `ValueError` with a readable message if the spider could not run with these arguments."""
        check(WordPressParams, arguments)

    @property
    def ways(self) -> frozenset[str]:
        """The API alone; once it is closed, whatever the site offers."""
        return self._ways

    @property
    def holds_links(self) -> bool:
        """Whether the links of the seeds may be needed later."""
        return self.args.fallback

    async def open_ways(self, home: str, probe: dict[str, Any]) -> list[Request]:
        """Ask the API that the front page names, or where APIs are."""
        return [await self.wordpress.open(home, candidate_roots(home, probe.get("api")), probe)]

    @property
    def without_api(self) -> str:
        """What comes where the API is closed, as a phrase."""
        return "going on as an ordinary site crawl" if self.args.fallback else "nothing more to do"

    async def on_api_closed(self, home: str, probe: dict[str, Any]) -> None:
        """Go on as an ordinary crawl, if that is wanted."""
        if self.args.fallback:
            self._ways = frozenset()
            await super().on_api_closed(home, probe)
