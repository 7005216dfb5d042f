"""The `files` spider: `scrapy crawl files -a path=pages/`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import ConfigDict
from scrapy_spider_metadata import Args  # type: ignore[attr-defined]

from spiders.documents import read_page, read_stream
from spiders.params import check
from spiders.saved import PathParam, SavedPages

__all__ = ["FilesParams", "FilesSpider", "read_page", "read_stream"]


class FilesParams(PathParam):
    """Arguments of the `files` spider."""

    model_config = ConfigDict(extra="forbid")


class FilesSpider(Args[FilesParams], SavedPages):
    """Reads saved pages: HTML, WordPress posts, text, JSON lines and WARC archives, told by their content."""

    name = "files"

    @classmethod
    def check_arguments(cls, arguments: Mapping[str, Any]) -> None:
        """Raise `ValueError` with a readable message if the spider could not run with these arguments."""
        check(FilesParams, arguments)
