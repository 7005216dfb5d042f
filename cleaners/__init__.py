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
from cleaners.model import Favor

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
