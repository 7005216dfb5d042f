"""The `files` spider: `scrapy crawl files -a path=pages/`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from scrapy_spider_metadata import Args  # type: ignore[attr-defined]

from spiders.params import SpiderParams, check
from spiders.saved import PathParam, SavedPages


class FilesParams(SpiderParams, PathParam):
    """Arguments of the `files` spider."""


class FilesSpider(Args[FilesParams], SavedPages):
    """Reads saved pages: HTML, WordPress posts, text, JSON lines and WARC archives, told by their content."""

    name = "files"

    @classmethod
    def check_arguments(cls, arguments: Mapping[str, Any]) -> None:
        """Raise `ValueError` with a readable message if the spider could not run with these arguments."""
        check(FilesParams, arguments)
