"""Posts about a fictional farming valley: as many as are wanted, every paragraph different."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random
from typing import Final

from tests.wordpress_site import Draft

AUTHORS: Final = ("Ada Quill", "Tomás Brandt")
CATEGORIES: Final = ("Fields", "Markets")
FIRST_DAY: Final = datetime(2024, 3, 4, 9, 30, tzinfo=UTC)

_PLACES: Final = (
    "Hollow Lane",
    "the Upper Meadow",
    "Stone Bridge",
    "Larkfield",
    "the old mill",
    "Withy Farm",
)
_PEOPLE: Final = ("Marta Oake", "the miller", "old Mr Penhale", "the vet", "Ines Dray", "the parish clerk")
_CROPS: Final = ("barley", "winter wheat", "broad beans", "rye", "hops", "sugar beet", "clover", "potatoes")
_OPENERS: Final = (
    "Rain kept everybody out of {place} for {number} days, and the {crop} stood in water up to the first leaf.",
    "When {person} opened the gate at {place} on Monday, {number} sheep were already standing in the {crop}.",
    "A load of {crop} from {place} fetched {number} crowns at the market, more than anyone had hoped for.",
    "“We have not seen {crop} like this in {number} years,” said {person}, leaning on the wall at {place}.",
    "The new drain at {place} is {number} metres long, and the {crop} beside it has never looked better.",
)
_FOLLOWERS: Final = (
    "Neighbours came over with {number} sacks and two tractors, and by evening most of the {crop} was safe.",
    "{person} wrote the figures down in a notebook: {number} for the {crop}, and the rest for the fences.",
    "Nobody at {place} expects the price of {crop} to hold, which is why {number} families are selling now.",
    "The county sent an inspector, who walked the {crop} with {person} and counted {number} damaged rows.",
    "Further down, past {place}, the soil is lighter, and {number} loads of {crop} came in before noon.",
    "It took {number} people to lift the beam & set it straight, as {person} remembered afterwards.",
    "Whether the {crop} will pay for it is another question; {person} puts the cost at {number} crowns.",
)
_TITLES: Final = (
    "What {number} days of rain did to the {crop}", "{number} crowns a load: {crop} at the spring market",
    "The {crop} at {place} and its {number} neighbours", "How {person} saved {number} rows of {crop}",
    "{number} metres of drain & a field of {crop}",
)  # fmt: skip


def drafts(count: int) -> list[Draft]:
    """`count` posts, three days apart, by two authors in two categories; the same at every call."""
    random = Random(25)
    return [
        Draft(
            title=_filled(random, random.choice(_TITLES)),
            paragraphs=paragraphs(random),
            date=FIRST_DAY + timedelta(days=3 * number),
            author=AUTHORS[number % 2],
            category=CATEGORIES[number // 2 % 2],
        )
        for number in range(count)
    ]


def paragraphs(random: Random) -> list[str]:
    """The text of a post: some paragraphs, each of an opening and up to three sentences after it."""
    return [
        " ".join(
            _filled(random, sentence)
            for sentence in (random.choice(_OPENERS), *random.sample(_FOLLOWERS, random.randint(1, 3)))
        )
        for _ in range(random.randint(4, 7))
    ]


def _filled(random: Random, sentence: str) -> str:
    text = sentence.format(
        place=random.choice(_PLACES), person=random.choice(_PEOPLE), crop=random.choice(_CROPS),
        number=random.randint(3, 980),
    )  # fmt: skip
    return text[0].upper() + text[1:]
