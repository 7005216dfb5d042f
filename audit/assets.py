"""What every page that we write is made of: templates, styles and scripts put into the page, and its policy.

A page holds all that it shows, asks for nothing, and runs no script but its own: those whose hashes stand in
its content security policy (CSP Level 3). What comes from crawled pages is text, never markup; characters
that could make it look like something else are shown as what they are.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Sequence
from importlib import resources
from typing import Final
from urllib.parse import urlsplit

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

MOST_SHOWN: Final = 300
"""Characters of a title, name or address that a page shows: hostile ones have a million."""

MAX_LINK: Final = 2_000
"""Characters of an address that a page links to: what crawls take."""

_UNSEEN: Final = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff\ufff9-\ufffb]"
)
"""Controls, and what turns the direction of text or takes no room; joiners (U+200C, U+200D), which Persian,
the scripts of India and emoji are written with, stay."""


def shown(text: str, most: int | None = MOST_SHOWN) -> str:
    """`text` as a page shows it: characters that nobody sees become U+FFFD, and what is beyond `most` "…"."""
    cut = text if most is None or len(text) <= most else text[:most].rstrip() + "…"
    return _UNSEEN.sub("\ufffd", cut)


def linked(url: str | None) -> str | None:
    """`url` if a page may link to it: an absolute one of the web, of usual length; else `None`."""
    if url is None or len(url) > MAX_LINK or _UNSEEN.search(url):
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return url if parts.scheme in {"http", "https"} and parts.hostname else None


def asset(package: str, path: str) -> str:
    """The text of a file beside the modules of a package."""
    return resources.files(package).joinpath(path).read_text(encoding="utf-8")


def environment(package: str) -> Environment:
    """The templates of a package: everything escaped, and an undefined name is an error."""
    found = Environment(
        loader=PackageLoader(package),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    found.filters.update(shown=shown, linked=linked)
    return found


class Inlined:
    """Styles and scripts of a page, to be put into it, with the policy that lets only these run."""

    def __init__(self, styles: Sequence[str], scripts: Sequence[str]) -> None:
        """Take the texts of style sheets and scripts, in their order.

        Raises `ValueError` for one that would end the element that holds it.
        """
        for text, end in [*((style, "</style") for style in styles), *((one, "</script") for one in scripts)]:
            if end in text.lower() or "<!--" in text:
                raise ValueError(f"a style or script of a page must not hold {end} or <!--")
        self._styles, self._scripts = tuple(styles), tuple(scripts)

    @property
    def styles(self) -> Markup:
        """The style elements."""
        return Markup("\n").join(Markup(f"<style>{text}</style>") for text in self._styles)  # noqa: S704 - ours

    @property
    def scripts(self) -> Markup:
        """The script elements."""
        return Markup("\n").join(Markup(f"<script>{text}</script>") for text in self._scripts)  # noqa: S704

    def policy(self, connect: str = "'none'") -> str:
        """The content security policy; `connect` names what scripts may ask for."""
        return "; ".join(
            [
                "default-src 'none'",
                f"script-src {_hashes(self._scripts)}",
                f"style-src {_hashes(self._styles)}",
                "img-src data:",
                f"connect-src {connect}",
                "base-uri 'none'",
                "form-action 'none'",
            ]
        )


def _hashes(texts: Sequence[str]) -> str:
    digests = (hashlib.sha256(text.encode()).digest() for text in texts)
    return " ".join(f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests) or "'none'"
