"""WordPress plugins that fill a site from others' feeds and pages, by the folder that their files lie in."""

from __future__ import annotations

from typing import Final

IMPORTERS: Final = frozenset(
    {
        "auto-robot", "autoblogging", "cyberseo", "cyberseo-suite", "echo-rss-plugin", "feedwordpress",
        "feedzy-rss-feeds", "newsomatic-news-post-generator", "rss-post-importer",
        "rss-feed-post-generator-echo", "syndicate-press", "wp-automatic", "wp-rss-aggregator",
        "wp-rss-multi-importer", "wpematico", "crawlomatic-multipage-scraper-post-generator",
    }
)  # fmt: skip
"""A page of a site that has one may be an import; it is not taken for an origin while another may be."""
