"""Signs in what sites put around their articles: texts that they share, and addresses for e-mail.

A text tells something where it stands on several pages of a site; what stands on one may belong to its
article. Texts that differ by the name of the site alone were adapted by whoever put them there.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any, Final

from sqlalchemy import Select, false, func, or_, select
from sqlalchemy.orm import Session

from audit.network.carried import Candidate, Carried, pages_read
from audit.network.kinds import EMAIL, NAMED_TEXT, TEXT
from cleaners.article import BlockType, count_words
from cleaners.urls import domain_label, site_of
from pipelines.store.schema import StoredArticle, StoredBlock

FEWEST_WORDS: Final = 8
"""Words of a text that is compared: shorter ones ("All rights reserved") are said alike by strangers."""

FEWEST_NAMED_WORDS: Final = 20
"""Words of a text that is the same but for the name: short ones ("Welcome to …") have one form."""

FEWEST_PAGES: Final = 2
"""Pages of a site that a text or address has to stand on, or all if there is only one."""

MOST_CHARACTERS: Final = 10_000
"""Characters of a text; the longest disclaimers have about 6,000."""

SHORTEST_NAME: Final = 4
"""Letters and digits of a domain's name that is looked for as a word: "ap" stands in many texts."""

PLACEHOLDER: Final = "[site]"
"""What stands in the place of a site's name."""

_COMPARED: Final = (
    BlockType.ADVERTISEMENT,
    BlockType.AUTHOR_BIO,
    BlockType.CONSENT,
    BlockType.COPYRIGHT,
    BlockType.DISCLAIMER,
    BlockType.DONATION,
    BlockType.NEWSLETTER,
    BlockType.OTHER,
    BlockType.PAYWALL,
)
"""Types that an operator writes. Who names the same source as another took from it, as the other did;
navigation, headlines and comments are links and others' words."""

_FILLED_IN: Final = frozenset({BlockType.CONSENT, BlockType.COPYRIGHT})
"""Types that programs fill the name of a site into: dialogues of consent, footers of themes."""

_MOST_EMAILS: Final = 20  # of one block; lists of all staff are no footer
_EMAIL: Final = re.compile(
    r"(?<![\w.%+-])[A-Za-z0-9][\w.%+-]{0,63}@(?:[A-Za-z0-9-]{1,63}\.){1,4}[A-Za-z][A-Za-z0-9-]{1,23}(?![\w-])",
    re.ASCII,
)

_SAMPLES: Final = frozenset(
    {
        "abc", "email", "example", "jane.doe", "janedoe", "john.doe", "johndoe", "name", "someone", "test",
        "user", "username", "xyz", "you", "your", "your-email", "your.name", "youremail", "yourname",
    }
)  # fmt: skip
"""What forms show in the place of a name."""

_SITE: Final = StoredArticle.site

BySite = defaultdict[str, defaultdict[str, Carried]]


def texts(session: Session) -> Iterator[Candidate]:
    """Texts that several sites put around their articles, as they are and but for the sites' names."""
    same: BySite = defaultdict(lambda: defaultdict(Carried))
    named: BySite = defaultdict(lambda: defaultdict(Carried))
    worded: defaultdict[str, set[str]] = defaultdict(set)
    types: dict[str, str] = {}
    patterns: dict[str, re.Pattern[str]] = {}
    for row in session.execute(_repeated()):
        words = count_words(row.text)
        if words < FEWEST_WORDS:
            continue
        _note(types, row.text, row.type)
        same[row.text][row.site].add(row.pages, (row.source, row.rival), (row.first, row.last))
        if words < FEWEST_NAMED_WORDS or row.type in _FILLED_IN:
            continue
        if row.site not in patterns:
            patterns[row.site] = _name_pattern(row.site)
        general, changes = patterns[row.site].subn(PLACEHOLDER, row.text)
        if changes and count_words(general) >= FEWEST_NAMED_WORDS:
            _note(types, general, row.type)
            worded[general].add(row.text)
            # A text that names its site did not come with a copy of another's article.
            named[general][row.site].add(row.pages, (), (row.first, row.last))
    yield from _candidates(same, types, TEXT)
    differing = {text: carried for text, carried in named.items() if len(worded[text]) > 1}
    yield from _candidates(differing, types, NAMED_TEXT)


def _candidates(
    found: Mapping[str, Mapping[str, Carried]], types: Mapping[str, str], ending: str
) -> Iterator[Candidate]:
    for text, carried in found.items():
        if len(carried) > 1:
            yield Candidate(f"{types[text]}-{ending}", text, carried)


def _note(types: dict[str, str], text: str, kind: str) -> None:
    """Of the types that sites' pages give one text the first in the alphabet."""
    types[text] = min(types.get(text, kind), kind)


def _repeated() -> Select[*tuple[Any, ...]]:
    """Texts by site and by what their articles may have been copied from, those on too few pages left out."""
    pages = pages_read()
    where = pages.c.site, StoredBlock.text, pages.c.source, pages.c.rival
    number = func.count(pages.c.id.distinct()).label("pages")
    ends = func.min(pages.c.id).label("first"), func.max(pages.c.id).label("last")
    # The index of types would lead to a third of all blocks one by one.
    kind = func.coalesce(StoredBlock.type, "")
    grouped = (
        select(*where, func.min(StoredBlock.type).label("type"), number, *ends)
        .select_from(pages)
        .join(StoredBlock, StoredBlock.article_id == pages.c.id)
        .where(kind.in_([kind.value for kind in _COMPARED]), StoredBlock.kept == false())
        .where(func.length(StoredBlock.text).between(FEWEST_WORDS, MOST_CHARACTERS))
        .group_by(*where)
        .subquery()
    )
    total = func.sum(grouped.c.pages).over(partition_by=(grouped.c.site, grouped.c.text)).label("total")
    counted = select(grouped, total).subquery()
    enough = or_(counted.c.total >= FEWEST_PAGES, counted.c.site.in_(_sites_of_one_page()))
    return select(counted).where(enough)


def _sites_of_one_page() -> Select[*tuple[Any, ...]]:
    return select(_SITE).where(_SITE.is_not(None)).group_by(_SITE).having(func.count() < FEWEST_PAGES)


def _name_pattern(site: str) -> re.Pattern[str]:
    """How a site's texts name it: its domain, or the domain's name with or without spaces."""
    forms = [rf"(?:https?://)?(?:www\.)?{re.escape(site)}"]
    letters = [character for character in domain_label(f"https://{site}") or "" if character.isalnum()]
    if len(letters) >= SHORTEST_NAME:
        forms.append(r"[\W_]{0,2}".join(map(re.escape, letters)))
    return re.compile(rf"(?<!\w)(?:{'|'.join(forms)})(?!\w)", re.IGNORECASE)


def emails(session: Session) -> Iterator[Candidate]:
    """Addresses for e-mail that stand around articles of several sites."""
    pages = pages_read()
    query = (
        select(pages, StoredBlock.text)
        .join(StoredBlock, StoredBlock.article_id == pages.c.id)
        .where(StoredBlock.kept == false(), StoredBlock.text.contains("@"))
        .where(func.length(StoredBlock.text) <= MOST_CHARACTERS)
        .order_by(pages.c.id, StoredBlock.position)
    )
    found: defaultdict[str, defaultdict[str, Carried]] = defaultdict(lambda: defaultdict(Carried))
    seen: tuple[int, set[str]] = (0, set())
    for number, site, source, rival, text in session.execute(query):
        if seen[0] != number:
            seen = number, set()
        for address in _addresses_in(text) - seen[1]:
            seen[1].add(address)
            found[address][site].add(1, (source, rival), (number,))
    single = set(session.scalars(_sites_of_one_page()))
    for address, carried in found.items():
        yield Candidate(EMAIL, address, _on_enough(carried, single))


def _on_enough(carried: Mapping[str, Carried], single: set[str]) -> Mapping[str, Carried]:
    return {site: one for site, one in carried.items() if one.count >= FEWEST_PAGES or site in single}


def _addresses_in(text: str) -> set[str]:
    found: set[str] = set()
    for match in _EMAIL.finditer(text):
        address = match[0].lower()
        if address.partition("@")[0] in _SAMPLES:
            continue
        if site_of(address.partition("@")[2]) is not None:  # of a known suffix: "icon@2x.png" is none
            found.add(address)
        if len(found) >= _MOST_EMAILS:
            break
    return found
