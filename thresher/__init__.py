"""Thresher strips and types boilerplate: `clean` and the words its answers are made of.

Importing this loads no Scrapy; the command line and the crawls are in the modules below.
"""

from cleaners import (
    Article,
    Block,
    BlockType,
    BoilerplateCount,
    ClaimedSource,
    Favor,
    Page,
    Rejection,
    clean,
)

__version__ = "0.1.0"

__all__ = [
    "Article",
    "Block",
    "BlockType",
    "BoilerplateCount",
    "ClaimedSource",
    "Favor",
    "Page",
    "Rejection",
    "clean",
]
