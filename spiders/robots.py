"""robots.txt as RFC 9309 has it: read anew in each run, kept for the run, obeyed when it cannot be had.

| robots.txt gives | what holds (RFC 9309, section 2.3.1) |
|---|---|
| its text | its rules; the first 500 KiB of it are read |
| another status below 500, too many redirects | no restrictions |
| 429 or 500 and above, a timeout, a broken connection | nothing may be fetched in this run |
| no address of the host, no connection | the page fails for that reason itself |
"""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from scrapy import Request, signals
from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadConnectionRefusedError,
    StopDownload,
)
from scrapy.http.request import NO_CALLBACK
from scrapy.robotstxt import RobotParser, decode_robotstxt
from scrapy.utils.httpobj import urlparse_cached
from scrapy.utils.misc import build_from_crawler

from spiders.outcomes import reason_of
from spiders.redirects import RedirectRefused
from spiders.refusals import Refused
from spiders.throttle import HostThrottle

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.http import Response

logger = logging.getLogger(__name__)

MAX_SIZE: Final = 500 * 1024
"""Bytes of a robots.txt that are read: what RFC 9309, section 2.5, asks for at least, and no more."""

_MAX_REDIRECTS: Final = 5  # RFC 9309, section 2.3.1.2
_MAX_KEPT: Final = 4 * 1024 * 1024  # bytes of text whose rules are kept; parsed, they take thirty times that
_MARK: Final = "thresher_robots"  # the key of `Request.meta` under which a request carries its `_Fetch`
_CONTACT: Final = re.compile(r"\(\+[^)]*\)")  # "(+https://bot.example/)" tells whom to ask, not who comes
_GROUP_LINE: Final = re.compile(r"user(?:-|\s*)agent(?:\s*:|\s)\s*", re.IGNORECASE)
_ANYBODY: Final = "anybody"


@dataclass(slots=True)
class _Fetch:
    """A robots.txt on its way: where it was asked for, redirects included, and bytes of the last answer."""

    urls: list[str] = field(default_factory=list)
    size: int = 0


@dataclass(frozen=True, slots=True)
class _Verdict:
    """What holds for a host: the rules, or the exception that any request to it is to fail with."""

    rules: RobotParser | None = None
    problem: Exception | None = None
    size: int = 0


class RobotsMiddleware(RobotsTxtMiddleware):
    """Obeys robots.txt, its Crawl-delay and its Request-rate.

    Refused requests fail with `Refused`: "robots-txt" for what the rules forbid, "robots-unreachable" for
    hosts whose rules could not be read. A delay longer than `THRESHER_MAX_CRAWL_DELAY` is cut to that.
    """

    def __init__(self, crawler: Crawler) -> None:
        """Read the settings. Raises `NotConfigured` where `ROBOTSTXT_OBEY` is off."""
        super().__init__(crawler)
        self._agent = _CONTACT.sub("", self._robotstxt_useragent or self._default_useragent).strip()
        self._max_delay = crawler.settings.getfloat("THRESHER_MAX_CRAWL_DELAY")
        self._reading: dict[str, asyncio.Future[_Verdict]] = {}  # by origin, the oldest first
        crawler.signals.connect(self._on_bytes, signals.bytes_received)

    async def process_request(self, request: Request) -> None:  # type: ignore[override]
        """Raise `Refused` if the request must not be made."""
        fetch: _Fetch | None = request.meta.get(_MARK)
        if fetch is not None:
            fetch.urls.append(request.url)
            fetch.size = 0
        parts = urlparse_cached(request)
        if request.meta.get("dont_obey_robotstxt") or parts.scheme not in {"http", "https"}:
            return
        verdict = await self._verdict(f"{parts.scheme}://{parts.netloc}", request)
        if isinstance(verdict.problem, Refused):
            raise Refused(verdict.problem.reason, verdict.problem.detail)
        if verdict.problem is not None:
            request.meta["dont_retry"] = True  # robots.txt was tried as often as the page would be
            raise type(verdict.problem)(*verdict.problem.args)
        if verdict.rules and not verdict.rules.allowed(request.url, _ANYBODY):
            self._stats.inc_value("robotstxt/forbidden")
            raise Refused("robots-txt", "robots.txt forbids this address")

    async def _verdict(self, origin: str, request: Request) -> _Verdict:
        if origin not in self._reading:
            self._reading[origin] = asyncio.ensure_future(self._read(origin, request))
        reading = self._reading[origin]
        verdict = await reading
        passing = verdict.problem is not None and not isinstance(verdict.problem, Refused)
        if passing and self._reading.get(origin) is reading:
            del self._reading[origin]  # the host may be there the next time
        return verdict

    async def _read(self, origin: str, request: Request) -> _Verdict:
        fetch = _Fetch()
        meta = {
            _MARK: fetch,
            "dont_obey_robotstxt": True,
            "dont_cache": True,
            "redirect_ttl": _MAX_REDIRECTS,
            "give_up_log_level": "DEBUG",  # it is said below
        }
        wanted = Request(f"{origin}/robots.txt", meta=meta, callback=NO_CALLBACK)
        self._stats.inc_value("robotstxt/request_count")
        try:
            response = await self.crawler.engine.download_async(wanted)
            return await self._judge(response, origin, request)
        except RedirectRefused as error:
            logger.info("No robots.txt at %s: %s", origin, error)
            return _Verdict()
        except Exception as error:
            # Whatever it was, a host whose rules are not known must not be asked for pages.
            logger.debug("No robots.txt at %s", origin, exc_info=True)
            return self._problem(error, origin, fetch)

    async def _judge(self, response: Response, origin: str, request: Request) -> _Verdict:
        self._stats.inc_value("robotstxt/response_count")
        self._stats.inc_value(f"robotstxt/response_status_count/{response.status}")
        if response.status == 429 or response.status >= 500:
            return self._unreachable(origin, f"answered {response.status}")
        found = 200 <= response.status < 300
        text = rules_for(self._agent, _beginning(response.body)) if found else b""
        rules: RobotParser = build_from_crawler(self._parserimpl, self.crawler, text)
        self._keep_delay(rules, origin, request)
        await self.crawler.signals.send_catch_log_async(
            signals.robots_parsed, robotparser=rules, request=request
        )
        self._make_room(len(text))
        return _Verdict(rules=rules, size=len(text))

    def _problem(self, error: Exception, origin: str, fetch: _Fetch) -> _Verdict:
        if isinstance(error, Refused):
            return _Verdict(problem=error)
        at_home = all(url.startswith(f"{origin}/") for url in fetch.urls)
        if at_home and isinstance(error, CannotResolveHostError | DownloadConnectionRefusedError):
            return _Verdict(problem=error)
        self._stats.inc_value(f"robotstxt/exception_count/{type(error)}")
        return self._unreachable(origin, f"could not be fetched ({reason_of(error)})")

    def _unreachable(self, origin: str, what: str) -> _Verdict:
        detail = f"robots.txt of {origin} {what}, so nothing of the host may be fetched in this run"
        logger.warning("%s", detail)
        return _Verdict(problem=Refused("robots-unreachable", detail))

    def _keep_delay(self, rules: RobotParser, origin: str, request: Request) -> None:
        asked = max(rules.crawl_delay(_ANYBODY) or 0.0, _rate_delay(rules))
        if asked > self._max_delay:
            logger.warning(
                "%s asks for %g s between requests; THRESHER_MAX_CRAWL_DELAY makes that %g s",
                origin, asked, self._max_delay,
            )  # fmt: skip
        HostThrottle.of(self.crawler).keep(
            HostThrottle.of(self.crawler).host_of(request), min(asked, self._max_delay)
        )

    def _make_room(self, size: int) -> None:
        """Forget the oldest rules where those of endless hosts would fill the memory; they are read again."""
        kept = {origin: reading.result().size for origin, reading in self._reading.items() if reading.done()}
        size += sum(kept.values())
        for origin, text in kept.items():
            if text and size > _MAX_KEPT:
                del self._reading[origin]
                size -= text

    def _on_bytes(self, data: bytes, request: Request) -> None:
        fetch: _Fetch | None = request.meta.get(_MARK)
        if fetch is not None:
            fetch.size += len(data)
            if fetch.size > MAX_SIZE:
                raise StopDownload(fail=False)


def rules_for(agent: str, body: bytes) -> bytes:
    """A robots.txt in which the group for `agent`, a product token or a whole user agent, is that of "*".

    The group that names the longest part of `agent` is chosen, else that of "*" (RFC 9309, section 2.2.1);
    all others become groups for nobody. It is done beforehand because Protego copies each rule to every name
    of its group: 2,000 names before 2,000 rules, a file of 56 kB, took it 4 seconds and 300 MB.
    """
    lines = [line.strip() for line in decode_robotstxt(body, None).splitlines()]
    names = [_group_name(line) for line in lines]
    ours = max(_named(agent, {name for name in names if name}), key=len, default="*")
    return "\n".join(
        line if name is None else f"User-agent: {'*' if name == ours else '-'}"
        for line, name in zip(lines, names, strict=True)
    ).encode()


def _group_name(line: str) -> str | None:
    """Whom a group's first line names, in lower case; `None` for any other line."""
    found = _GROUP_LINE.match(line)
    if not found:
        return None
    name = line[found.end() :].partition("#")[0].strip().lower()
    return name if name == "*" else name.replace("*", "")


def _named(agent: str, names: Iterable[str]) -> Iterator[str]:
    """Those of the names that stand in `agent`, at the beginning of a word."""
    agent = agent.lower()
    return (name for name in names if name in agent and re.search(rf"(?<![\w-]){re.escape(name)}", agent))


def _beginning(body: bytes) -> bytes:
    """As much of a robots.txt as is read; half a rule would forbid more than the whole one."""
    return body if len(body) <= MAX_SIZE else body[: body.rfind(b"\n", 0, MAX_SIZE) + 1]


def _rate_delay(rules: RobotParser) -> float:
    """Seconds between requests by the Request-rate ("1/10" is ten), which only some parsers read."""
    ask: Any = getattr(getattr(rules, "rp", None), "request_rate", None)
    rate = ask(_ANYBODY) if ask else None
    return rate.seconds / rate.requests if rate else 0.0
