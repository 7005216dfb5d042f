"""A made-up press in which every status, kind of attribution and gap in what is known occurs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from cleaners.article import Article
from pipelines.store import Store
from tests.pipelines.reuse.made_up import article, edited, finish, hours, part, reworded, story

_COUPLES = ["Berrow Dunmore", "Eskerby Fallowend", "Gretel Hawksmoor", "Ilmar Jessop", "Keld Lorimer"]
ONE_EVENT = " ".join(f"That {couple} would come was known to every shop in town." for couple in _COUPLES)
OTHER_WORDS = " ".join(
    f"Nobody had asked why {couple} should mind the rain." for couple in reversed(_COUPLES)
)


def fill(url: str, articles: Sequence[Article], waiting: Sequence[Article] = ()) -> None:
    """Store articles and compare them; those that wait are stored afterwards."""
    with Store(url) as store:
        for entry in articles:
            store.save(entry)
        finish(store)
        for entry in waiting:
            store.save(entry)


def press() -> list[Article]:
    """The articles, in the order of the numbers that a new database gives them: from 1 on."""
    told = story(1)
    german = replace(article("german.example", reworded(told, seed=3), published=hours(9)), language="de")
    return [
        # Copies of one story, of each kind, among them one of the paper's own.
        article("paper.example", told, published=hours(0)),
        article("paper.example", told, path="again", published=hours(50)),
        article("copy.example", told, published=hours(2), claims="paper.example"),
        article("cut.example", edited(told), published=hours(5), claims="elsewhere.example"),
        article("teaser.example", part(told), published=hours(6.5)),
        article("spun.example", reworded(told), published=None),
        german,
        # A story of an agency that the corpus has no article of.
        article("copy.example", story(2), path="2", published=hours(20), claims="agency.example"),
        article("cut.example", story(2), path="2", published=hours(30), claims="agency.example"),
        # Undated copies that nothing decides between, one site with two of them.
        article("copy.example", story(3), path="3", published=None),
        article("cut.example", story(3), path="3", published=None),
        article("cut.example", story(3), path="3-again", published=None),
        article("spun.example", story(3), path="3", published=None),
        # One event in two ways; texts that share nothing; sources that nobody can check.
        article("paper.example", ONE_EVENT, path="event", published=hours(0)),
        article("other.example", OTHER_WORDS, path="event", published=hours(3), claims="agency.example"),
        article("other.example", story(4), path="4", published=hours(4)),
        article("other.example", story(5), path="5", published=hours(5), claims="other.example"),
    ]


def late() -> list[Article]:
    """An article that nobody compared yet."""
    return [article("other.example", "Nobody read this yet.", path="late", published=None)]
