"""Findings and texts as the page's script reads them: compact, every text of a crawled page cut and cleaned.

Articles stand in columns, with what they repeat (sites, names, claims, reasons) in lists of their own, so
that twenty thousand of them are decoded at once. `static/corpus.js` is the other side of this.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, date, datetime
from typing import Any, Final

from pydantic import BaseModel

from audit.assets import MAX_LINK, linked, shown
from audit.findings.copies import is_republished, taken_from
from audit.findings.model import Attribution, AuditedArticle, Evidence, Findings, Status
from audit.report.summary import figures, sentences

MOST_SENTENCE: Final = 2_000
"""Characters of a sentence that are shown; "sentences" of hostile pages have a million."""

MOST_SENTENCES: Final = 1_500
"""Sentences of a text that are shown: 30,000 words and more, longer than articles are."""

MOST_LISTED: Final = 200
"""Authors and articles of the same event that are listed with one article; hostile ones name thousands."""


class Interned:
    """Values that repeat, each listed once and named by its place in the list."""

    def __init__(self) -> None:
        """Start with none."""
        self.values: list[Any] = []
        self._places: dict[Any, int] = {}

    def __call__(self, value: Any) -> int | None:
        """The place of `value`, `None` for `None`."""
        if value is None:
            return None
        place = self._places.setdefault(value, len(self.values))
        if place == len(self.values):
            self.values.append(value)
        return place


def address(url: str | None) -> str:
    """`url` as the page has it: whole where it may be linked to, else cut and never linked to."""
    return linked(url) or shown(url or "")


def plain(value: Any) -> Any:
    """Records as JSON takes them: times as seconds of the epoch, texts without characters nobody sees."""
    if isinstance(value, str):
        return shown(value, MAX_LINK)
    if isinstance(value, datetime):
        return seconds(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, BaseModel):
        return {name: plain(getattr(value, name)) for name in type(value).model_fields}
    if isinstance(value, Mapping):
        return {shown(str(key)): plain(one) for key, one in value.items()}
    if isinstance(value, Sequence):
        return [plain(one) for one in value]
    return value


def seconds(moment: datetime | None) -> int | None:
    """`moment` in seconds of the epoch; without a zone it is in UTC."""
    if moment is None:
        return None
    return int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp())


def compact(findings: Findings, texts: Mapping[int, int] | None = None) -> dict[str, Any]:
    """`findings` for the page; `texts` tells in which chunk of the page a story's texts are.

    Without `texts` the page asks its server for every story, and finds the summary here.
    """
    return {
        "version": findings.schema_version,
        "statuses": [status.value for status in Status],
        "attributions": [attribution.value for attribution in Attribution],
        "totals": plain(findings.totals),
        "sites": plain(findings.sites),
        "pairs": plain(findings.pairs),
        "network": plain(findings.network),
        "stories": [
            [
                story.id,
                shown(story.title or ""),
                story.origin,
                story.origin_site and shown(story.origin_site),
                list(story.articles),
                story.sites,
                seconds(story.first_published),
                story.hours,
            ]
            for story in findings.stories
        ],
        "articles": _columns(findings.articles),
        "texts": None if texts is None else {str(story): chunk for story, chunk in texts.items()},
        "summary": _summary(findings) if texts is None else None,
    }


def _summary(findings: Findings) -> dict[str, Any]:
    return {
        "figures": [asdict(figure) for figure in figures(findings)],
        "sentences": [asdict(sentence) for sentence in sentences(findings)],
    }


def _columns(articles: Sequence[AuditedArticle]) -> dict[str, Any]:
    names, claims, words = Interned(), Interned(), Interned()
    rows = {article.url: place for place, article in enumerate(articles) if article.url}
    by_number = {one.id: one for one in articles}
    columns: dict[str, Any] = {
        "id": [one.id for one in articles],
        "url": [address(one.url) for one in articles],
        "title": [shown(one.title or "") for one in articles],
        "site": [names(shown(one.site)) for one in articles],
        "authors": [[names(shown(name)) for name in one.authors[:MOST_LISTED]] for one in articles],
        "language": [names(one.language and shown(one.language)) for one in articles],
        "published": [seconds(one.published) for one in articles],
        "first_seen": [seconds(one.first_seen) for one in articles],
        "words": [one.words for one in articles],
        "boilerplate_words": [one.boilerplate_words for one in articles],
        "status": [_STATUSES[one.status] for one in articles],
        "story": [one.story for one in articles],
        "origin": [one.origin for one in articles],
        "rival": [one.rival for one in articles],
        "origin_site": [names(one.origin_site and shown(one.origin_site)) for one in articles],
        "source": [names(source and shown(source)) for source in map(taken_from, articles)],
        "republished": [int(is_republished(one, by_number)) for one in articles],
        "lag_hours": [None if one.lag_hours is None else round(one.lag_hours, 2) for one in articles],
        "claim": [claims(_claim(one)) for one in articles],
        "attribution": [one.attribution and _ATTRIBUTIONS[one.attribution] for one in articles],
        "reason": [words(shown(one.reason) or None) for one in articles],
        "evidence": [_evidence(one.evidence, rows, names, words) for one in articles],
        "same_event": [list(one.same_event[:MOST_LISTED]) for one in articles],
    }
    return {"names": names.values, "claims": claims.values, "words": words.values, "columns": columns}


_STATUSES: Final = {status: place for place, status in enumerate(Status)}
_ATTRIBUTIONS: Final = {attribution: place for place, attribution in enumerate(Attribution)}


def _claim(article: AuditedArticle) -> tuple[str | None, ...] | None:
    claim = article.claim
    if claim is None:
        return None
    return tuple(
        None if text is None else shown(text)
        for text in (claim.domain, claim.name, claim.kind, claim.evidence)
    )


def _evidence(
    evidence: Iterable[Evidence], rows: Mapping[str, int], names: Interned, words: Interned
) -> list[list[Any]]:
    """Each as tier, origin, article that shows it, detail; addresses of the corpus by their article's row."""
    found = []
    for one in list(evidence)[:MOST_LISTED]:
        origin, shower = (rows.get(url, address(url)) for url in (one.origin, one.shown_by))
        found.append([names(shown(one.tier)), origin, shower, words(shown(one.detail))])
    return found


def story_record(record: Mapping[str, Any]) -> dict[str, Any]:
    """A story's texts and comparisons with every sentence cut and cleaned for a page.

    `record` has `texts` (by number: `sentences`, `paragraphs`, the first sentence of each) and `articles` (by
    number: `text`, `against`, `pairs` of a later sentence, an earlier one, and what the one is to the other:
    "same", "changed", "moved" or "translated"): see `audit.comparison.Comparisons`.
    """
    texts = {str(number): _text(text) for number, text in record["texts"].items()}
    articles = {str(number): _article(article) for number, article in record["articles"].items()}
    return {"texts": texts, "articles": articles}


def _text(text: Mapping[str, Any]) -> dict[str, Any]:
    sentences = [shown(one, MOST_SENTENCE) for one in text["sentences"][:MOST_SENTENCES]]
    found: dict[str, Any] = {
        "sentences": sentences,
        "paragraphs": [first for first in text["paragraphs"] if first < len(sentences)],
    }
    if beyond := len(text["sentences"]) - len(sentences):
        found["beyond"] = beyond
    return found


def _article(article: Mapping[str, Any]) -> dict[str, Any]:
    pairs = [
        [later, earlier, kind]
        for later, earlier, kind in article["pairs"]
        if later < MOST_SENTENCES and earlier < MOST_SENTENCES
    ]
    return {"text": article["text"], "against": article["against"], "pairs": pairs}
