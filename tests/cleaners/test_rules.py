"""What the rules decide, on pages written for one rule each."""

from __future__ import annotations

import pytest

from cleaners import BlockType, clean
from cleaners.rules import RuleClassifier
from cleaners.rules.decision import UNMEASURED_CONFIDENCE

PARAGRAPHS = [
    "The town council of Aldermoor voted on Monday to keep the swimming pool open for another two years.",
    "Twelve of the nineteen members supported the plan, which will cost the town about 300,000 crowns a year.",
    "The pool was built in 1974 and needs a new roof, new pumps and a lift for visitors in wheelchairs.",
    "“Every child in this valley learned to swim there,” the mayor told the meeting before the vote was taken.",
]
ARTICLE = "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS)
HEAD = "<title>Aldermoor keeps its pool - The Moor Herald</title>"


def types_of(markup: str) -> dict[str, str]:
    page = clean(
        f"<html><head>{HEAD}</head><body>{markup}</body></html>",
        content_type="text/html",
        classifier=RuleClassifier(),
    )
    return {block.text: block.type.value for block in page.blocks}


def types_of_text(*lines: str) -> list[tuple[str, str]]:
    page = clean("\n".join(lines), content_type="text/plain", classifier=RuleClassifier())
    return [(block.text, block.type.value) for block in page.blocks]


@pytest.mark.parametrize(
    ("markup", "text", "kind"),
    [
        ("<nav><ul><li><a href='/a'>Sport</a></li></ul></nav>{}", "Sport", "navigation"),
        ("{}<div class='related-posts'><a href='/b'>Bridge to be closed until the spring</a></div>",
         "Bridge to be closed until the spring", "related"),
        ("{}<form class='newsletter-form'><p>Our letter to you, each Friday</p></form>",
         "Our letter to you, each Friday", "newsletter"),
        ("{}<div id='cookie-banner'><button>Fine by me</button></div>", "Fine by me", "consent"),
        ("{}<section id='comments'><h3>3 voices</h3></section>", "3 voices", "comments"),
        ("<article><h1>Aldermoor keeps its pool</h1>{}</article>", "Aldermoor keeps its pool", "title"),
        ("<article><h1>Aldermoor keeps its pool</h1><div>By Ada Quill | 4 March 2025</div>{}</article>",
         "By Ada Quill | 4 March 2025", "byline"),
        ("<article>{}<figure><img src=x><figcaption>The pool in 1975</figcaption></figure></article>",
         "The pool in 1975", "caption"),
        ("{}<footer><p>© 2025 Moor Herald Ltd</p></footer>", "© 2025 Moor Herald Ltd", "copyright"),
        ("<article>{}<p>Originally published on moorherald.example</p></article>",
         "Originally published on moorherald.example", "attribution"),
        ("{}<div class='author-bio'>Ada Quill writes about water.</div>", "Ada Quill writes about water.", "author_bio"),
        ("{}<div class='share-bar'><a href='#'>Tell a friend</a></div>", "Tell a friend", "sharing"),
        ("<article>{}<div class='appeal'><p>Help us keep going: donate now.</p></div></article>",
         "Help us keep going: donate now.", "donation"),
    ],
)  # fmt: skip
def test_a_box_has_its_type_and_the_article_stays_body(markup: str, text: str, kind: str) -> None:
    found = types_of(markup.format(ARTICLE))
    assert found[text] == kind
    assert [found[paragraph] for paragraph in PARAGRAPHS] == ["body"] * 4


def test_the_heading_of_a_list_gives_its_type_to_the_list() -> None:
    found = types_of(
        f"<article>{ARTICLE}</article><div class='x'><h3>You may also like</h3><div>Roof of the mill falls in</div>"
        "<div>March 2, 2025</div></div>"
    )
    assert [found[text] for text in ("You may also like", "Roof of the mill falls in", "March 2, 2025")] == [
        "related"
    ] * 3


def test_a_headline_in_the_list_of_related_articles_is_no_title() -> None:
    found = types_of(
        f"<article><h1>Aldermoor keeps its pool</h1>{ARTICLE}</article>"
        "<div><h3>Most read</h3><h4><a href='#'>Aldermoor keeps its pool</a></h4><span>March 4, 2025</span></div>"
    )
    assert found["March 4, 2025"] == "related"


@pytest.mark.parametrize("text", ["Newsletter", "Donate", "Cookie settings", "Subscribe"])
def test_menu_links_are_navigation_whatever_they_say(text: str) -> None:
    found = types_of(
        f"<nav><a href='/x'>{text}</a></nav><article>{ARTICLE}</article><footer><div class='menu'></div></footer>"
    )
    assert found[text] == "navigation"


def test_names_of_the_whole_page_say_nothing_of_a_block() -> None:
    found = types_of(
        f"<div class='has-comments newsletter-open cookie-consent'><article>{ARTICLE}</article></div>"
    )
    assert set(found.values()) == {"body"}


@pytest.mark.parametrize(
    "sentence",
    [
        "The charity said that readers may donate now, subscribe to its newsletter and share the page with friends.",
        "The chart by some old pilots shows the ford where the road to Aldermoor once crossed the river in summer.",
        "Ministers want cookies to need consent, and all rights reserved by the state to lapse after twenty years.",
    ],
)
def test_an_article_may_write_about_anything(sentence: str) -> None:
    found = types_of(f"<article><p>{PARAGRAPHS[0]}</p><p>{sentence}</p><p>{PARAGRAPHS[1]}</p></article>")
    assert found[sentence] == "body"


# Plain text

FARM = {
    "en": ("previous post", "Related Posts", "This article was originally published on moorherald.example",
           "Subscribe to our newsletter", "All rights reserved"),
    "de": ("Vorheriger Beitrag", "Ähnliche Beiträge", "Dieser Artikel erschien zuerst auf moorherald.example",
           "Newsletter abonnieren", "Alle Rechte vorbehalten"),
    "fr": ("Article précédent", "Articles similaires", "Cet article est paru initialement sur moorherald.example",
           "Abonnez-vous à notre newsletter", "Tous droits réservés"),
    "es": ("Entrada anterior", "Artículos relacionados", "Publicado originalmente en moorherald.example",
           "Suscríbete a nuestro boletín", "Todos los derechos reservados"),
    "pl": ("Poprzedni wpis", "Podobne artykuły", "Artykuł pierwotnie opublikowany na moorherald.example",
           "Zapisz się do newslettera", "Wszelkie prawa zastrzeżone"),
    "it": ("Articolo precedente", "Articoli correlati", "Pubblicato originariamente su moorherald.example",
           "Iscriviti alla newsletter", "Tutti i diritti riservati"),
    "pt": ("Artigo anterior", "Artigos relacionados", "Publicado originalmente em moorherald.example",
           "Assine a nossa newsletter", "Todos os direitos reservados"),
    "nl": ("Vorig bericht", "Gerelateerde artikelen", "Oorspronkelijk gepubliceerd op moorherald.example",
           "Schrijf je in voor onze nieuwsbrief", "Alle rechten voorbehouden"),
    "ru": ("Предыдущая запись", "Похожие статьи", "Впервые опубликовано на moorherald.example",
           "Подпишитесь на рассылку", "Все права защищены"),
    "uk": ("Попередній запис", "Схожі статті", "Вперше опубліковано на moorherald.example",
           "Підпишіться на розсилку", "Усі права захищено"),
}  # fmt: skip


@pytest.mark.parametrize("language", FARM)
def test_what_a_farm_leaves_in_extracted_text_is_known_in_ten_languages(language: str) -> None:
    previous, related, attribution, newsletter, rights = FARM[language]
    found = types_of_text(
        "Aldermoor keeps its swimming pool", *PARAGRAPHS, attribution, previous, related,
        "Roof of the old mill falls in", newsletter, rights,
    )  # fmt: skip
    assert [kind for _, kind in found] == [
        "title", "body", "body", "body", "body", "attribution", "navigation", "related", "related", "newsletter",
        "copyright",
    ]  # fmt: skip


def test_a_headline_stands_above_the_article_and_may_be_doubled() -> None:
    found = types_of_text(
        "Home", "Sport", "The Moor Herald", "Council of Aldermoor votes for its swimming pool", "by admin March 4, 2025",
        "Council of Aldermoor votes for its swimming pool", *PARAGRAPHS,
    )  # fmt: skip
    assert [kind for _, kind in found[:6]] == ["navigation"] * 3 + ["title", "byline", "title"]


def test_a_plea_runs_from_its_greeting_to_its_last_button() -> None:
    plea = [
        "A message from the Moor Herald:",
        "Dear readers,",
        "Our printer has closed, and the next one is ninety miles away over a road that is shut in winter.",
        "Without advertising from the mine we have to ask those who read us. If you can, please support us with a "
        "monthly contribution of 2 crowns.",
        "Continue",
        "Not ready to support us today?",
        "Remind me later.",
    ]
    found = types_of_text("Aldermoor keeps its swimming pool", *PARAGRAPHS, *plea)
    assert [kind for _, kind in found] == ["title"] + ["body"] * 4 + ["donation"] * 7


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("The pool in its first summer. Foto: Archiv Aldermoor", "caption"),
        ("Photo: Ada Quill", "caption"),
        ("Source: Moor Herald", "attribution"),
        ("Source code: Lib/functools.py", "body"),
        ("Sources say more: wait", "body"),
        ("Originally published on 4 March 2025", "byline"),
    ],
)
def test_lines_of_credit_are_told_apart(line: str, kind: str) -> None:
    found = types_of(f"<article><h1>Aldermoor keeps its pool</h1><p>{line}</p>{ARTICLE}</article>")
    assert found[line] == kind


def test_a_source_inside_a_figure_is_the_pictures() -> None:
    found = types_of(f"<article>{ARTICLE}<div class='wp-caption'><p>Source: Moor Herald</p></div></article>")
    assert found["Source: Moor Herald"] == "caption"


def test_the_confidence_is_the_rules_measured_precision() -> None:
    page = clean(f"<nav><a href='/'>Home</a></nav><article>{ARTICLE}</article>")
    assert all(0 < block.confidence < 1 for block in page.blocks)
    assert {block.confidence for block in page.blocks} != {UNMEASURED_CONFIDENCE}
    body = [block for block in page.blocks if block.type is BlockType.BODY]
    assert [block.reason for block in body] == [
        f"inside the content root, {len(block.text.split())} words, no links" for block in body
    ]
