"""Who crawls, for the webmasters of the sites."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scrapy.settings import BaseSettings

logger = logging.getLogger(__name__)


def say_who_asks(settings: BaseSettings) -> None:
    """Add the operator's contact to the user agent of a crawl; warn where there is none."""
    if contact := settings["THRESHER_CONTACT"]:
        settings.set("USER_AGENT", f"{settings['USER_AGENT']} (+{contact})", priority="spider")
    else:
        logger.warning("THRESHER_CONTACT is not set: webmasters cannot tell who crawls their sites")
