"""Text that a site repeats on many pages is boilerplate even where no rule knows it.

`fit` looks at a site's articles and gives what it repeats, `transform` types that text in any article of the
site. Both are pure: the same articles give the same whatever their order. Only texts of `MIN_WORDS` or more
are counted, as numbers; `repetition_evidence` says what speaks for and against one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Final, TypeVar

from cleaners.article import Article, Block, BlockType, to_text
from cleaners.assemble import MARKDOWN_TYPES
from cleaners.language import MAX_CHARACTERS, detect_language
from cleaners.passages import is_long, page_key, text_key
from cleaners.render import to_markdown
from cleaners.repeats import mark_repeats
from cleaners.repetition_census import Hearing, Tally
from cleaners.repetition_evidence import RepeatedText

MAX_REMOVED: Final = 0.75
"""Share of an article's words that may turn out to be boilerplate. Of a short notice under a long plea a
quarter is left; where less would be, the page is no article, or the cleaner did not see it, and it stays as
it is."""

_LANGUAGE_CHARACTERS: Final = 4 * MAX_CHARACTERS  # all that is read, white space and all


@dataclass(frozen=True, slots=True)
class FirstVerdict:
    """What the cleaner said of a block before the site's memory knew better."""

    type: BlockType
    confidence: float
    reason: str


@dataclass(slots=True, kw_only=True)
class RetypedArticle(Article):
    """An article some of whose blocks the site's memory typed; `first` is what the cleaner said, by place."""

    first: dict[int, FirstVerdict] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SiteMemory:
    """The texts that a site repeats, by their keys (`passages.text_key`)."""

    texts: Mapping[int, RepeatedText] = field(default_factory=dict)


def transform(article: Article, memory: SiteMemory) -> RetypedArticle | None:
    """The article with the text that its site repeats typed as such; `None` where nothing changes.

    `article` is as the cleaner gave it, and stays so. A block that says the page's title is left, and an
    article of which more than `MAX_REMOVED` would go, altogether.
    """
    known = _known_blocks(article, memory)
    return _retyped(article, known) if known else None


def correct(article: Article, first: Mapping[int, FirstVerdict], memory: SiteMemory) -> Article | None:
    """What an article should be by what its site's memory knows now; `None` where it is that already.

    `article` is as an earlier memory made it, and `first` what the cleaner said of the blocks that this one
    typed; without any it is as the cleaner gave it.
    """
    blocks = list(article.blocks)
    for place, verdict in first.items():
        kind, confidence, reason = verdict.type, verdict.confidence, verdict.reason
        blocks[place] = replace(blocks[place], type=kind, confidence=confidence, reason=reason)
    source = _copy(article, Article)
    source.blocks = _marked(blocks) if first else blocks
    known = _known_blocks(source, memory)
    if {place: kind for place, (kind, *_) in known.items()} == {
        place: article.blocks[place].type for place in first
    }:
        return None
    if known:
        return _retyped(source, known)
    _write(source)
    return source


_Known = dict[int, tuple[BlockType, float, str]]
_AnyArticle = TypeVar("_AnyArticle", bound=Article)


def _copy(article: Article, kind: type[_AnyArticle]) -> _AnyArticle:
    return kind(**{entry.name: getattr(article, entry.name) for entry in fields(Article)})


def _retyped(article: Article, known: _Known) -> RetypedArticle:
    retyped = _copy(article, RetypedArticle)
    blocks = list(article.blocks)
    for place, (kind, confidence, reason) in known.items():
        block = blocks[place]
        retyped.first[place] = FirstVerdict(block.type, block.confidence, block.reason)
        blocks[place] = replace(block, type=kind, confidence=confidence, reason=reason, repeats=None)
    retyped.blocks = _marked(blocks)
    _write(retyped)
    return retyped


def _marked(blocks: list[Block]) -> list[Block]:
    """Blocks whose types are others now, with their repeats found anew."""
    marked = [replace(block, repeats=None) if block.kept else block for block in blocks]
    mark_repeats(marked)
    return marked


def _write(article: Article) -> None:
    """Make anew what is made of an article's blocks."""
    before, article.text = article.text, to_text(article.blocks)
    article.markdown = to_markdown(article.blocks, MARKDOWN_TYPES)
    if article.text[:_LANGUAGE_CHARACTERS] != before[:_LANGUAGE_CHARACTERS]:
        article.language = detect_language(article.text)


def _known_blocks(article: Article, memory: SiteMemory) -> _Known:
    """The body blocks that the site repeats, by place, each with what it is; none where too much would go."""
    body = [place for place, block in enumerate(article.blocks) if block.type is BlockType.BODY]
    title = text_key(article.title) if article.title else None
    found: _Known = {}
    for rank, place in enumerate(body):
        text = article.blocks[place].text
        key = text_key(text) if is_long(text) else title
        known = memory.texts.get(key) if key is not None and key != title else None
        if known is None:
            continue
        found[place] = (known.type, known.confidence, known.reason)
        for near in (*body[max(rank - 1, 0) : rank], *body[rank + 1 : rank + 2]):
            line = article.blocks[near].text
            if known.beside and not is_long(line) and text_key(line) in known.beside:
                found[near] = (known.type, known.confidence, f"beside a text that {known.reason}")
    words = {place: article.blocks[place].words for place in body if article.blocks[place].repeats is None}
    removed = sum(count for place, count in words.items() if place in found)
    return found if removed <= MAX_REMOVED * sum(words.values()) else {}


def fit(articles: Iterable[Article]) -> SiteMemory:
    """What a site repeats. `articles` are the site's, as the cleaner gave them, and are gone through twice: a
    list, or something that reads them anew from where they are kept.

    Of a text it keeps 17 bytes, of a page 8, and of the pages that are looked at closely what is judged.
    """
    tally = Tally()
    for article in articles:
        tally.add(article)
    census = tally.close()
    hearing = Hearing(census)
    wanted = census.pages
    for article in articles:
        page = page_key(article)
        if page in wanted:
            hearing.read(page, article)
    return SiteMemory(hearing.verdicts())
