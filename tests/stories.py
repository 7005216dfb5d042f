"""Stories of an invented newspaper, each about something else, for tests of what a site repeats."""

from __future__ import annotations

from cleaners.article import Article, Block, BlockType, to_text

SITE = "lantern.example"
PLACES = ("Aldermoor", "Brackwater", "Cinderford", "Dunmallow", "Eskerby", "Fallowend", "Gorsehill", "Hexley")
PEOPLE = ("Quillan", "Rothbury", "Sandoval", "Tremayne", "Underhill", "Vasquez", "Wetherby", "Yarrow")
THINGS = (
    "lighthouse", "swimming pool", "tannery", "observatory", "vineyard", "viaduct", "brass band", "apiary",
    "ropewalk", "windmill", "ice rink", "printing press", "cemetery", "glasshouse", "ferry", "planetarium",
)  # fmt: skip

ABOUT = (
    "Nine people and a cat called Biscuit write this paper in a net loft, and whoever reads it owns a part."
)
ABOUT_HEADING = "Who we are"
PLEA = "Every evening somebody here counts coins in a jar, so that tomorrow there is paper, ink and a lamp."


def story(number: int) -> tuple[str, list[str]]:
    """The title and the paragraphs of a story; each number has a subject of its own."""
    place, person = PLACES[number % 8], PEOPLE[(number // 8 + number) % 8]
    thing, code = THINGS[number % 16], f"{'abcdefghij'[number % 10]}{'klmnopqrst'[number // 10 % 10]}arno"
    return f"The {thing} of {place} and the {code}", [
        f"{person} walked to the {thing} of {place} on the first morning, and found the {code} gone.",
        f"“I had never seen a {thing} without its {code},” {person} told this paper, “and {place} had neither.”",
        f"The council of {place} votes on {code} number {number} in spring; the {thing} stays shut till then.",
        f"Since {1700 + number} nobody in {place} had asked who owned the {thing}, nor what the {code} cost.",
    ]


def article(path: str, title: str, *paragraphs: str | Block) -> Article:
    """An article as the cleaner would give it, of texts or of blocks."""
    blocks = [block(title, BlockType.TITLE, "h1")]
    blocks += [block(entry) if isinstance(entry, str) else entry for entry in paragraphs]
    markdown = "\n\n".join([f"# {title}", *(b.text for b in blocks if b.type is BlockType.BODY)])
    return Article(
        url=f"http://{SITE}/{path}",
        site=SITE,
        title=title,
        blocks=blocks,
        text=to_text(blocks),
        markdown=markdown,
        language="en",
    )


def block(text: str, kind: BlockType = BlockType.BODY, markup: str = "p") -> Block:
    """A block of a type."""
    return Block(text=text, type=kind, confidence=0.9, reason="inside the content root", markup=markup)


def stories(*numbers: int, end: tuple[str | Block, ...] = ()) -> list[Article]:
    """The stories of some numbers, each with the same end."""
    return [
        article(f"{number}", title, *texts, *end) for number in numbers for title, texts in [story(number)]
    ]
