"""What the demonstration's web server answers to each request: pages, feeds, sitemaps, robots.txt.

Pure: a request's host and target go in, a response comes out, and the same request always gets the
same answer.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import format_datetime
from typing import Final
from urllib.parse import urlsplit

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from markupsafe import Markup, escape

from thresher.demo.press import Press, Site, Story
from thresher.demo.wordpress_api import JsonAnswer, answer_api, api_target

HTML: Final = "text/html; charset=utf-8"
XML: Final = "application/xml; charset=utf-8"
RSS: Final = "application/rss+xml; charset=utf-8"
TEXT: Final = "text/plain; charset=utf-8"
ICON: Final = "image/svg+xml"
JSON: Final = "application/json; charset=UTF-8"


@dataclass(frozen=True, slots=True)
class Response:
    """One answer of the server."""

    status: int
    content_type: str
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)


class Renderer:
    """Answers requests for the sites of a press. `origin` gives the scheme, host and port of a host."""

    def __init__(self, press: Press, origin: Callable[[str], str]) -> None:
        """Answer for the sites of `press`, whose pages name each other by `origin`."""
        self._press = press
        self._origin = origin
        self._templates = Environment(
            loader=PackageLoader("thresher.demo"),
            autoescape=select_autoescape(("html", "svg", "xml")),
            trim_blocks=True,
            lstrip_blocks=True,
            undefined=StrictUndefined,
        )
        self._templates.filters.update(
            linked=linked, instance=instance, day=day, clock=clock, rfc822=format_datetime
        )
        self._stories = {(story.host, story.path): story for story in press.stories()}

    def respond(self, host: str, target: str) -> Response:
        """The answer to `GET target` on the virtual host `host` (without its port)."""
        site = self._press.sites.get(host.lower())
        if site is None:
            return Response(421, TEXT, f"This server does not answer for {host}.\n".encode())
        if site.api and (route := api_target(target)) is not None:
            return _json(answer_api(site, route, self._origin(site.host), self._post_content))
        path = urlsplit(target).path
        if path == "/robots.txt":
            return self._robots(site)
        if path == "/ads.txt" and site.ads_txt is not None:
            return Response(200, TEXT, "".join(f"{line}\n" for line in site.ads_txt).encode())
        if path == "/favicon.ico" and site.favicon:
            return Response(200, ICON, self._render("favicon.svg", site))
        if path == site.feed:
            return Response(200, RSS, self._render("feed.xml", site, stories=_newest(site.stories)))
        if path == site.sitemap:
            return Response(200, XML, self._render("sitemap.xml", site, stories=_newest(site.stories)))
        return self._page(site, path)

    def _robots(self, site: Site) -> Response:
        if site.disallow is None:
            return self._not_found(site)
        return Response(200, TEXT, self._render("robots.txt", site))

    def _page(self, site: Site, path: str) -> Response:
        headers = {}
        if site.api:
            headers["Link"] = f'<{self._origin(site.host)}/wp-json/>; rel="https://api.w.org/"'
        story = self._stories.get((site.host, path))
        if story:
            return Response(200, HTML, self._story(site, story), headers)
        page = site.page(path)
        if page:
            return Response(200, HTML, self._render("page.html", site, path=path, page=page), headers)
        section = next((section for section in site.sections if section.path == path), None)
        if section is None and path != "/":
            return self._not_found(site)
        stories = [s for s in site.stories if s.section == section.slug] if section else site.front_stories
        body = self._render(
            f"{site.theme}/list.html", site, path=path, section=section, stories=_newest(stories)
        )
        return Response(200, HTML, body, headers)

    def _story(self, site: Site, story: Story) -> bytes:
        newest = _newest(site.stories)
        place = newest.index(story)
        body = self._render(
            f"{site.theme}/story.html",
            site,
            path=story.path,
            story=story,
            section=site.section(story.section),
            others=[other for other in newest if other is not story],
            newer=newest[place - 1] if place else None,
            older=newest[place + 1] if place + 1 < len(newest) else None,
        )
        if story.cut_after is None:
            return body
        # A connection that broke off: the page ends inside a tag, after the last whole paragraph.
        last = str(escape(story.body[-1])).encode()
        end = body.index(b"<p", body.index(last))
        return body[: end + len(b'<p class="')]

    def _post_content(self, site: Site, story: Story) -> str:
        return self._render(f"{site.theme}/content.html", site, story=story).decode()

    def _not_found(self, site: Site) -> Response:
        return Response(404, HTML, self._render("not_found.html", site))

    def _render(self, template: str, site: Site, **values: object) -> bytes:
        text = self._templates.get_template(template).render(site=site, origin=self._origin, **values)
        return text.encode()


def linked(text: str, links: Mapping[str, str]) -> Markup:
    """`text` escaped, with each phrase of `links` that stands in it made a link."""
    html = escape(text)
    for phrase, target in links.items():
        anchor = Markup('<a href="{}">{}</a>').format(target, phrase)
        html = Markup(html.replace(escape(phrase), anchor, 1))  # noqa: S704 (both sides are escaped)
    return html


def instance(text: str) -> str:
    """A component number as the outlet's publishing system gives one to each paragraph."""
    return "hg" + hashlib.blake2s(text.encode(), digest_size=11).hexdigest()


def day(moment: datetime) -> str:
    """A date as English-language sites print it, whatever the machine's locale: February 3, 2025."""
    months = "January February March April May June July August September October November December"
    return f"{months.split()[moment.month - 1]} {moment.day}, {moment.year}"


def clock(moment: datetime) -> str:
    """The time of day, 24 hours."""
    return f"{moment.hour:02}:{moment.minute:02}"


def _newest(stories: Iterable[Story]) -> list[Story]:
    return sorted(stories, key=lambda story: story.published, reverse=True)


def _json(answer: JsonAnswer) -> Response:
    return Response(answer.status, JSON, answer.body, answer.headers)
