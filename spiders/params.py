"""Spider arguments, checked before a crawl starts: one mix-in an argument, composed by the spiders."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final, Literal
from urllib.parse import urlsplit

from pydantic import (
    AliasChoices,
    BaseModel,
    ByteSize,
    ConfigDict,
    Field,
    ValidationError,
    field_validator,
    model_validator,
)

from spiders.rest import MAX_POSTS_A_REQUEST

Discovery = Literal["wordpress", "sitemap", "feed", "links"]
"""Ways to find a site's articles."""

# A comma may be part of an address, so it parts two of them only where the second begins with its scheme.
_BETWEEN_URLS: Final = re.compile(r"\s*,\s*(?=https?://)|\s+", re.IGNORECASE)


class SpiderParams(BaseModel):
    """What the arguments of all spiders have in common: unknown ones are refused."""

    model_config = ConfigDict(extra="forbid")

    @model_validator(mode="before")
    @classmethod
    def _without_job(cls, given: Any) -> Any:
        if not isinstance(given, dict):
            return given
        # scrapyd gives each spider the number of its job.
        return {name: value for name, value in given.items() if name != "_job"}


class UrlParam(BaseModel):
    """`url` (or `urls`): the addresses to begin with, separated by white space (or ", https://…")."""

    url: list[str] = Field(validation_alias=AliasChoices("url", "urls"), min_length=1)

    @field_validator("url", mode="before")
    @classmethod
    def _split_urls(cls, value: Any) -> Any:
        return [part for part in _BETWEEN_URLS.split(value) if part] if isinstance(value, str) else value

    @field_validator("url")
    @classmethod
    def _check_urls(cls, urls: list[str]) -> list[str]:
        return list(dict.fromkeys(_web_address(url) for url in urls))


class MaxPagesParam(BaseModel):
    """`max_pages`: after so many pages the crawl ends."""

    max_pages: int = Field(default=1_000, ge=1)


class BudgetParams(MaxPagesParam):
    """`max_pages`, and `max_bytes` ("200 MB"): after so many bytes the crawl ends; 0 is no bound."""

    max_bytes: ByteSize = Field(default=ByteSize(0), ge=0)


class MaxDepthParam(BaseModel):
    """`max_depth`: links followed from a seed at most, one after the other; 0 means no bound.

    Four reach an article from the front page through a section and its second and third page, and keep
    a crawl out of calendars without end.
    """

    max_depth: int = Field(default=4, ge=0)


class PatternsParam(BaseModel):
    """`include` and `exclude`: regular expressions that an article's address must and must not match."""

    include: re.Pattern[str] | None = None
    exclude: re.Pattern[str] | None = None

    @field_validator("include", "exclude", mode="before")
    @classmethod
    def _compile_pattern(cls, value: Any) -> Any:
        if value == "":
            return None
        if isinstance(value, str):
            try:
                return re.compile(value)
            except re.error as error:
                raise ValueError(f"not a regular expression: {error}") from error
        return value


class DiscoverParam(BaseModel):
    """`discover`: how articles are found, a list of wordpress, sitemap, feed, links.

    Without it the crawl finds out: the WordPress API where it is open, else sitemaps and feeds, else links.
    """

    discover: list[Discovery] | None = Field(default=None, min_length=1)

    @field_validator("discover", mode="before")
    @classmethod
    def _split_ways(cls, value: Any) -> Any:
        return value.replace(",", " ").split() or None if isinstance(value, str) else value


class SiteFilesParam(BaseModel):
    """`site_files`: ask each site for its `ads.txt` and favicon too, which tell of who runs it."""

    site_files: bool = False


class PerPageParam(BaseModel):
    """`per_page`: posts in one answer of the API; lowered when a site does not give as many."""

    per_page: int = Field(default=MAX_POSTS_A_REQUEST, ge=1, le=MAX_POSTS_A_REQUEST)


class FallbackParam(BaseModel):
    """`fallback`: go on as an ordinary crawl of the site where the API is closed."""

    fallback: bool = True


class CrawlParams(SpiderParams, UrlParam, BudgetParams, MaxDepthParam, PatternsParam, SiteFilesParam):
    """Arguments of all spiders of the web."""


class SiteParams(CrawlParams, DiscoverParam, PerPageParam):
    """Arguments of the `site` spider."""


class WordPressParams(CrawlParams, PerPageParam, FallbackParam):
    """Arguments of the `wordpress` spider."""


def check(params: type[BaseModel], arguments: Mapping[str, Any]) -> BaseModel:
    """The checked arguments. Raises `ValueError` with one readable line an error."""
    try:
        return params(**arguments)
    except ValidationError as error:
        lines = (
            f"{'.'.join(map(str, entry['loc'])) or 'arguments'}: {entry['msg']}" for entry in error.errors()
        )
        raise ValueError("; ".join(lines)) from error


def _web_address(url: str) -> str:
    """The address with a scheme and a path. Raises `ValueError` if it is none of the web."""
    complete = url if "://" in url else f"https://{url}"
    try:
        parts = urlsplit(complete)
        usable = parts.scheme in {"http", "https"} and parts.hostname and (parts.port is None or parts.port)
    except ValueError:
        usable = None
    if not usable:
        raise ValueError(f"not a web address: {url!r}")
    return complete if parts.path else parts._replace(path="/").geturl()
