"""What a crawl changes in its process, and puts back at its end."""

from __future__ import annotations

import gc
import logging
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

_COLLECTED_AFTER: Final = 5_000
"""Objects made and not yet gone after which Python looks for cycles among them. With its own 700 it looks
every other page, and at everything there is every few hundred: a tenth of a crawl's time."""


@contextmanager
def cycles_sought_less_often() -> Iterator[None]:
    """Let the garbage collector begin later, and look at the oldest objects more seldom."""
    kept = gc.get_threshold()
    gc.set_threshold(_COLLECTED_AFTER, *(2 * number for number in kept[1:]))
    try:
        yield
    finally:
        gc.set_threshold(*kept)


@contextmanager
def messages_from(level: int | str) -> Iterator[None]:
    """Let no message be made that is below a level.

    Scrapy sets its own logger's level, and the root logger's again with every crawl, so that every message is
    made and only then looked at whether it is written.
    """
    kept = logging.root.manager.disable
    logging.disable(logging.NullHandler(level).level - 1)
    try:
        yield
    finally:
        logging.disable(kept)


@contextmanager
def signal_handlers_kept() -> Iterator[None]:
    """Put back the handlers that Scrapy replaces, so that Ctrl-C works as before after the crawl."""
    kept = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in kept.items():
            signal.signal(number, handler)
