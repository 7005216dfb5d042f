"""Page -> article: the one call that users make, and the order in which the other modules work."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from html import escape
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Final

from lxml import etree

from cleaners.article import Article, Block, BlockType, Fingerprint, Page, to_text
from cleaners.byline import byline_authors, byline_date
from cleaners.claims import claimed_source
from cleaners.classifier import Classifier, Document, Verdict
from cleaners.fingerprints import MAX_FINGERPRINTS, MAX_USERS, find_fingerprints
from cleaners.language import detect_language
from cleaners.language_tags import language_of
from cleaners.metadata import Metadata, extract_metadata
from cleaners.model import Favor, load_classifier
from cleaners.parse import decode, parse_html
from cleaners.plaintext import segment_text
from cleaners.render import to_markdown
from cleaners.repeats import mark_repeats
from cleaners.segment import Segments
from cleaners.sniff import SourceKind, binary_format, sniff
from cleaners.strings import unique
from cleaners.urls import absolute, site_of
from cleaners.walk import segment
from cleaners.wordpress import WordPressPost, parse_post

SAMPLE_WORDS: Final = 8
"""Blocks of fewer words are left out where the language is guessed from the page before it is cleaned."""

MARKDOWN_TYPES: Final = frozenset({BlockType.TITLE, BlockType.BODY})
"""What the article's Markdown holds: its text under its title."""


@dataclass(slots=True)
class _Reading:
    """A source, read: its blocks, and what it says of itself."""

    segments: Segments
    metadata: Metadata
    root: etree._Element | None = None
    known: dict[int, Verdict] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)
    categories: list[str] = field(default_factory=list)
    fingerprints: list[Fingerprint] = field(default_factory=list)


def clean(
    source: bytes | str | Page,
    *,
    url: str | None = None,
    content_type: str | None = None,
    site: str | None = None,
    favor: Favor | str = Favor.BALANCED,
    phrases: str | Traversable | Sequence[str | Traversable] = (),
    classifier: Classifier | None = None,
) -> Article:
    """Give the article in `source`, with every block of the page typed.

    `source` is HTML, a WordPress REST API post's JSON, or text that was extracted already; which of
    them is told by its content, and by `content_type` where that is not plain. `url` and `site` (a
    registrable domain) say where it comes from; a `Page` carries its own `url`.

    `favor` is a dial between clean text and whole text: "precision" keeps only what is surely body,
    "recall" all that may be. `phrases` are files, or folders of files, of a user's own phrases, one or
    several (`str`, `pathlib.Path`, see `cleaners.lexicon.extension`). `classifier` takes the place of the
    built-in one, `favor` and `phrases` with it.

    Never raises on a bad page: one without text gives an article with no blocks and a warning that says
    why. Raises `TypeError` when `source` is neither bytes, str nor a `Page`, `ValueError` for an unknown
    `favor` and `cleaners.lexicon.LexiconError` for a file of phrases that cannot be used.
    """
    if not isinstance(source, (bytes, str, Page)):
        raise TypeError(f"source must be bytes, str or a Page, not {type(source).__name__}")
    classifier = classifier or load_classifier(Favor(favor), _phrase_files(phrases))
    page = source if isinstance(source, Page) else Page(url=url, body=source, content_type=content_type)
    page = replace(page, url=url or page.url, content_type=content_type or page.content_type)
    reading = _read(page)
    article = _assemble(reading, page, classifier)
    article.site = site or site_of(page.url) or site_of(article.canonical_url)
    return article


def _phrase_files(phrases: str | Traversable | Sequence[str | Traversable]) -> tuple[Traversable, ...]:
    if isinstance(phrases, (tuple, list)):  # to tell what is `Traversable` takes long
        files: Sequence[str | Traversable] = phrases
    else:
        files = (phrases,) if isinstance(phrases, (str, Traversable)) else phrases
    return tuple(Path(file) if isinstance(file, str) else file for file in files)


def _read(page: Page) -> _Reading:
    """Decode, tell the kind, cut into blocks."""
    if isinstance(page.body, bytes) and (format_name := binary_format(page.body)):
        return _nothing(f"not text: the source is a {format_name} file")
    source = decode(page.body, page.content_type)
    kind = sniff(source.text, page.content_type)
    if kind is SourceKind.BINARY:
        return _nothing("not text: the source is a binary file")
    if kind is SourceKind.JSON:
        post = parse_post(source.text)
        if post is None:
            return _nothing("the JSON is not one WordPress post, which has a title and content")
        reading = _read_post(post, page.url)
    elif kind is SourceKind.HTML:
        reading = _read_html(source.utf8 or source.text, page.url)
    else:
        reading = _Reading(segment_text(source.text), Metadata())
    reading.warnings[:0] = source.warnings
    reading.warnings += reading.segments.warnings
    if not reading.segments.text:
        reading.warnings.append("the page holds no text")
    return reading


def _nothing(warning: str) -> _Reading:
    return _Reading(Segments(), Metadata(), warnings=[warning])


def _read_html(document: str | bytes, url: str | None) -> _Reading:
    warnings: list[str] = []
    root = parse_html(document, warnings)
    if root is None:
        return _Reading(Segments(), Metadata(), warnings=warnings)
    return _Reading(
        segment(root),
        extract_metadata(root, url),
        root,
        warnings=warnings,
        fingerprints=find_fingerprints(root),
    )


def _read_post(post: WordPressPost, url: str | None) -> _Reading:
    """A post as the page that its theme would make of it: the title above the content."""
    title = escape(post.title or "", quote=False)
    markup = f"<body><article><h1>{title}</h1><div>{post.content_html}</div></article></body>"
    reading = _read_html(markup, url or post.link)
    reading.metadata = Metadata(
        title=post.title,
        titles=[post.title] if post.title else [],
        authors=list(post.authors),
        published=post.published,
        modified=post.modified,
        canonical_url=post.canonical or absolute(post.link, url),
        language_hint=post.language,
    )
    reading.categories = list(post.categories)
    users = [Fingerprint("wordpress-user", slug) for slug in post.users[:MAX_USERS]]
    reading.fingerprints = sorted({*reading.fingerprints, *users})[:MAX_FINGERPRINTS]
    if post.title and reading.segments.text:
        reading.known[0] = Verdict(BlockType.TITLE, 1.0, "the post's title")
    if post.protected:
        reading.warnings.append("the post is behind a password")
    return reading


def read_document(page: Page) -> Document:
    """What a classifier is given of a page: for training, and for measuring classifiers."""
    return _document(_read(page), page.url)


def _document(reading: _Reading, url: str | None) -> Document:
    metadata, segments = reading.metadata, reading.segments
    language = language_of(metadata.language_hint) or detect_language(_sample(segments))
    kinds = unique([metadata.page_type or "", *metadata.schema_types])
    return Document(
        segments,
        titles=tuple(metadata.titles),
        authors=tuple(metadata.authors),
        language=language,
        description=metadata.description,
        kinds=tuple(kind.lower() for kind in kinds if kind),
        url=url or metadata.canonical_url,
    )


def _assemble(reading: _Reading, page: Page, classifier: Classifier) -> Article:
    metadata, segments = reading.metadata, reading.segments
    document = _document(reading, page.url)
    verdicts = classifier.classify(document)
    for block, verdict in reading.known.items():
        verdicts[block] = verdict
    blocks = _blocks(segments, verdicts)
    mark_repeats(blocks)
    text = to_text(blocks)
    return Article(
        url=page.url,
        canonical_url=metadata.canonical_url,
        title=metadata.title or next((b.text for b in blocks if b.type is BlockType.TITLE), None),
        authors=metadata.authors or byline_authors(blocks),
        published=metadata.published or byline_date(blocks, document.language),
        modified=metadata.modified,
        language=detect_language(text),
        text=text,
        markdown=to_markdown(blocks, MARKDOWN_TYPES),
        blocks=blocks,
        claimed_source=claimed_source(
            blocks, root=reading.root, url=page.url, canonical_url=metadata.canonical_url
        ),
        warnings=reading.warnings,
        categories=reading.categories,
        fingerprints=reading.fingerprints,
        fetched_at=page.fetched_at,
        discovered_by=page.discovered_by,
        lastmod=page.lastmod,
        key=page.key,
        headers=page.headers,
    )


def _blocks(segments: Segments, verdicts: Sequence[Verdict]) -> list[Block]:
    nodes = segments.nodes
    return [
        Block(
            text=text,
            type=verdict.type,
            confidence=verdict.confidence,
            reason=verdict.reason,
            markup=segments.markup(index),
            path=segments.path(index),
            hidden_in=nodes.inert[segments.node[index]],
        )
        for index, (text, verdict) in enumerate(zip(segments.text, verdicts, strict=True))
    ]


def _sample(segments: Segments) -> str:
    """The page's longer blocks, for a first guess at its language: labels are often in English."""
    picked: Sequence[str] = [text for text in segments.text[:400] if text.count(" ") >= SAMPLE_WORDS]
    return "\n".join(picked or segments.text[:50])[:4_000]
