"""Articles that a listing holds itself: whether an item's text is the whole article, and its `Page`.

A feed may carry articles in full or only their beginnings, and nothing in it says which. What is doubtful
counts as a beginning: the article's own page is fetched then, which costs one request and loses nothing.
"""

from __future__ import annotations

import html
import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from cleaners.article import Page, count_words
from cleaners.claim_phrases import FIRST
from cleaners.strings import squash, unescape
from spiders.discovery import normalise

MIN_WORDS: Final = 100
"""Words of a text that counts as whole. WordPress cuts its excerpts after 55; longer summaries mostly end
below this, and so do few articles."""

MIN_SUMMARY_WORDS: Final = 250
"""The same where the text stands in the field of the summary, or is the same as it: no summary that an
editor writes is this long, but some sites put whole articles there."""

_END_LINES: Final = 5
"""Last lines of a text in which it may say that it goes on elsewhere: a link, a plea, who published it."""

_MAX_CLOSING: Final = 500  # characters of a line such as "The post … appeared first on …", its title included
_CHARS_A_WORD: Final = 2  # of scripts that write no spaces: a Chinese word has about so many

_UNREAD: Final = re.compile(
    r"<!--(?:.*?-->|.*)|<(script|style|template|svg)\b(?:.*?</\1\s*>|.*)", re.IGNORECASE | re.DOTALL
)
_BREAK: Final = re.compile(
    r"</?(?:p|div|br|hr|li|ul|ol|dl|dt|dd|h[1-6]|blockquote|pre|table|tr|td|th|figure|figcaption|section|"
    r"article|header|footer|aside|nav)\b[^<>]*>",
    re.IGNORECASE,
)
_TAG: Final = re.compile(r"</?[a-zA-Z][^<>]*>")
_UNSPACED: Final = re.compile(r"[぀-ヿ㐀-鿿฀-๿]")
_CUT: Final = re.compile(r"[\[(]\s*(?:more\s*)?(?:…|\.\.\.)\s*[\])]\W*$", re.IGNORECASE)
_TRAILS_OFF: Final = re.compile(r"(?:…|\.\.\.)[\s»›→>]*$")
_ENDED: Final = re.compile(r"[.!?。！？।؟…][\"'”’»«“)\]\s]*$")
_MORE_PHRASES: Final = (
    r"(?:click (?:here )?to )?(?:(?:continue|keep) reading|read (?:on|more)|"
    r"(?:read|see|view) (?:the )?(?:full|whole|entire|original|rest of the) (?:article|post|story))",
    r"weiterlesen|weiter lesen|mehr lesen|(?:zum|den) (?:ganzen|vollständigen )?artikel(?: lesen)?",
    r"lire la suite|lire plus|lire l['’]article|en savoir plus|continuer la lecture",
    r"leer más|lee más|seguir leyendo|sigue leyendo|continuar leyendo|continúa leyendo",
    r"leggi tutto|leggi di più|leggi l['’]articolo|continua a leggere|continua la lettura",
    r"lees verder|lees meer|verder lezen",
    r"czytaj dalej|czytaj więcej|czytaj całość",
    r"leia mais|ler mais|continue lendo|continuar lendo|continuar a ler",
    r"читать далее|читать дальше|читать полностью|читати далі|читати більше|подробнее|докладніше",
    r"läs mer|läs hela|les mer|les videre|læs mere|læs videre|lue lisää|jatka lukemista",
    r"číst dále|celý článek|tovább olvasom|devamını oku|citește mai mult|baca selengkapnya|đọc tiếp|xem thêm",
    r"διαβάστε περισσότερα|اقرأ المزيد|קרא עוד|המשך קריאה|और पढ़ें",
    r"続きを読む|もっと読む|더 보기|더 읽기|계속 읽기|阅读更多|阅读全文|继续阅读|閱讀更多|閱讀全文|繼續閱讀",
)
_MORE: Final = re.compile(rf"\W*(?:{'|'.join(_MORE_PHRASES)})(?!\w)", re.IGNORECASE)
_ENDS_WITH_MORE: Final = re.compile(rf"(?<!\w)(?:{'|'.join(_MORE_PHRASES)})\W*$", re.IGNORECASE)
_WALL: Final = re.compile(
    r"(?:subscribe|sign up|log in|register|upgrade|become a \w+)\b.{0,80}\bto (?:continue|keep|read|unlock|"
    r"access)|for (?:paid|paying) (?:subscribers|members)|nur für abonnenten|réservé aux abonnés|"
    r"(?:solo|exclusivo) para suscriptores",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """An article as a listing holds it. `title` is plain text, `html` the whole article's HTML."""

    link: str
    title: str | None
    html: str
    published: datetime | None = None
    modified: datetime | None = None
    authors: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()


def lines_of(markup: str) -> list[str]:
    """The lines of text in a piece of HTML, cheaply: what stands in blocks of its own, without tags."""
    text = _TAG.sub("", _BREAK.sub("\n", _UNREAD.sub("", markup)))
    lines = (" ".join(line.split()) for line in unescape(text).split("\n"))
    return [line for line in lines if line]


def cut_short(markup: str, *, title: str | None = None, summary: str | None = None) -> str | None:
    """Why an item's HTML is not taken for the whole article, or `None` if it is.

    `summary` is what the item gives as its summary, in HTML: the text itself where it gives nothing else.
    """
    body = _body(markup)
    words = sum(map(_words, body))
    if words < MIN_WORDS:
        return f"only {words} words"
    is_summary = bool(summary) and _same(body, summary or "")
    if is_summary and words < MIN_SUMMARY_WORDS:
        return f"the summary, of {words} words"
    if is_summary and not _ENDED.search(body[-1]):
        return "the summary, which ends within a sentence"
    return _goes_on(body, title)


def _goes_on(lines: list[str], title: str | None) -> str | None:
    """How a text's last lines say that there is more of it."""
    last = lines[-_END_LINES:]
    if any(_CUT.search(line) for line in last) or _TRAILS_OFF.search(lines[-1]):
        return "it ends in an ellipsis"
    if any(_WALL.search(line) for line in last):
        return "it ends at a paywall"
    leads_on = any(_leads_on(line, title) for line in last) or _ENDS_WITH_MORE.search(lines[-1])
    return "it ends with a link to the rest" if leads_on else None


def _leads_on(line: str, title: str | None) -> bool:
    """Whether a line is a link to the rest of the article, not to another ("Read more: Storm in the bay")."""
    match = _MORE.match(line) if len(line) <= _MAX_CLOSING else None
    if match is None:
        return False
    rest = line[match.end() :].strip()
    return not rest.startswith(("：", ":")) or bool(title and squash(title) in squash(rest))


def _body(markup: str) -> list[str]:
    """The lines of a text, without a last one that names its publisher.

    WordPress's feeds close with "The post … appeared first on …", whole texts and cut ones alike.
    """
    lines = lines_of(markup)
    while lines and len(lines[-1]) <= _MAX_CLOSING and FIRST.search(lines[-1]):
        lines.pop()
    return lines


def _same(lines: list[str], summary: str) -> bool:
    return squash("".join(lines)) == squash("".join(_body(summary)))


def _words(text: str) -> int:
    unspaced = len(_UNSPACED.findall(text))
    return count_words(text) - unspaced + unspaced // _CHARS_A_WORD


def post_page(post: Post, *, by: str, fetched_at: datetime, status: int | None) -> Page:
    """The item that spiders give for a post: JSON in the shape of the WordPress REST API's answer.

    `by` is what led to it ("feed"). All sources of posts give the same `Page` for the same article, which
    `cleaners.wordpress` reads.
    """
    link = normalise(post.link) or post.link
    body: dict[str, Any] = {
        "link": link,
        "title": {"rendered": html.escape(post.title or "", quote=False)},
        "content": {"rendered": post.html},
    }
    for name, moment in (("date_gmt", post.published), ("modified_gmt", post.modified)):
        if moment:
            body[name] = moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="seconds")
    body["_thresher"] = {"authors": list(post.authors), "categories": list(post.categories)}
    return Page(
        url=link,
        body=json.dumps(body, ensure_ascii=False),
        content_type="application/json",
        fetched_at=fetched_at,
        status=status,
        discovered_by=by,
        lastmod=post.modified or post.published,
    )
