"""Page -> typed blocks -> article: pure functions that know nothing of Scrapy, disk or network."""

from cleaners.article import (
    Article,
    Block,
    BlockType,
    BoilerplateCount,
    ClaimedSource,
    Page,
    Rejection,
)
from cleaners.assemble import clean

__all__ = [
    "Article",
    "Block",
    "BlockType",
    "BoilerplateCount",
    "ClaimedSource",
    "Page",
    "Rejection",
    "clean",
]
