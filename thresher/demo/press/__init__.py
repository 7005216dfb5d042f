"""The fictional press of the demonstration: its sites, its stories and what a clean copy of each holds.

Every word was written for this purpose; the people, places, papers and companies do not exist. The
stories stand in the JSON files beside this module, one file a site. A content farm's file names the
stories that it republishes, so that the two texts cannot drift apart.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from importlib import resources
from typing import Any, Final

from thresher.demo.press.model import (
    Appeal,
    ExpectedArticle,
    Figure,
    Part,
    Press,
    Section,
    Site,
    StaticPage,
    Story,
    User,
)

__all__ = [
    "API_FARM_HOST",
    "CAPTION_HOST",
    "FARM_HOST",
    "OUTLET_HOST",
    "PLEA_HOST",
    "TRANSLATION_HOST",
    "Appeal",
    "ExpectedArticle",
    "Figure",
    "Part",
    "Press",
    "Section",
    "Site",
    "StaticPage",
    "Story",
    "User",
    "load_press",
]

OUTLET_HOST: Final = "harbour-gazette.example"
"""The paper whose stories the other sites republish, report again or translate."""

FARM_HOST: Final = "marketlantern.example"
"""A content farm of the classic kind, read as HTML; its WordPress API is closed."""

API_FARM_HOST: Final = "northstarwealth.example"
"""A content farm that is read through its WordPress REST API."""

PLEA_HOST: Final = "the-weir.example"
"""An independent outlet that ends its articles with a plea for donations."""

CAPTION_HOST: Final = "estuarypost.example"
"""An independent outlet whose theme prints each caption twice and leaves a placeholder standing."""

TRANSLATION_HOST: Final = "globalpulse24.example"
"""A site of machine translations."""

_FILES: Final = (
    "harbour_gazette.json",  # the originals come first: the farms' files refer to them
    "market_lantern.json",
    "northstar_wealth.json",
    "the_weir.json",
    "estuary_post.json",
    "globalpulse.json",
)


def load_press() -> Press:
    """The whole press, read from the files beside this module."""
    folder = resources.files(__name__)
    sites: dict[str, Site] = {}
    originals: dict[str, Story] = {}
    for name in _FILES:
        record = json.loads((folder / name).read_text(encoding="utf-8"))
        site = _site(record, originals)
        sites[site.host] = site
        originals.update({story.slug: story for story in site.stories if site.host == OUTLET_HOST})
    return Press(sites)


def _site(record: Mapping[str, Any], originals: Mapping[str, Story]) -> Site:
    disallow = record["disallow"]
    appeal, ads_txt = record.get("appeal"), record.get("ads_txt")
    return Site(
        host=record["host"],
        name=record["name"],
        tagline=record["tagline"],
        theme=record["theme"],
        language=record["language"],
        sections=tuple(
            Section(entry["slug"], entry["name"], entry["path"], entry.get("id", 0))
            for entry in record["sections"]
        ),
        stories=tuple(_story(entry, record["host"], originals) for entry in record["stories"]),
        pages=tuple(
            StaticPage(entry["path"], entry["title"], tuple(entry["paragraphs"])) for entry in record["pages"]
        ),
        front=tuple(record.get("front", ())),
        feed=record["feed"],
        sitemap=record["sitemap"],
        disallow=None if disallow is None else tuple(disallow),
        api=record.get("api"),
        users=tuple(User(entry["id"], entry["name"], entry["slug"]) for entry in record.get("users", ())),
        appeal=_appeal(appeal) if appeal else None,
        caption_placeholder=record.get("caption_placeholder"),
        members_teaser=record.get("members_teaser"),
        dead_links=tuple(record.get("dead_links", ())),
        operator=record.get("operator"),
        adsense=record.get("adsense"),
        ads_txt=None if ads_txt is None else tuple(ads_txt),
        favicon=record.get("favicon"),
    )


def _appeal(record: Mapping[str, Any]) -> Appeal:
    return Appeal(
        record["heading"],
        tuple(record["paragraphs"]),
        tuple(record["amounts"]),
        record["button"],
        record["question"],
        record["later"],
    )


def _story(record: Mapping[str, Any], host: str, originals: Mapping[str, Story]) -> Story:
    original = originals[record["reprint"]] if "reprint" in record else None
    figure = record.get("figure")
    published = datetime.fromisoformat(record["published"])
    return Story(
        host=host,
        path=record["path"],
        slug=original.slug if original else record["slug"],
        section=record["section"],
        title=original.title if original else record["title"],
        authors=tuple(record["authors"]),
        published=published,
        modified=datetime.fromisoformat(record["modified"]) if "modified" in record else published,
        parts=original.parts if original else _parts(record["paragraphs"]),
        number=record.get("id", 0),
        bio=record.get("bio", ""),
        figure=Figure(**figure) if figure else None,
        links=record.get("links", {}),
        comments=tuple((author, text) for author, text in record.get("comments", ())),
        original=original,
        translated=originals[record["translates"]] if "translates" in record else None,
        event=originals[record["same_event_as"]] if "same_event_as" in record else None,
        cut_after=record.get("cut_after"),
    )


def _parts(entries: Sequence[str | Mapping[str, str]]) -> tuple[Part, ...]:
    parts = []
    for entry in entries:
        if isinstance(entry, str):
            parts.append(Part("p", entry))
        else:
            parts.extend(Part(kind, text) for kind, text in entry.items())
    return tuple(parts)
