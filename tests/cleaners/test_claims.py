"""What a page claims as its source: wording in ten languages, leftover markup, canonical links."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml.html import HtmlElement, fragment_fromstring

from cleaners import clean
from cleaners.article import Block, BlockType, ClaimedSource
from cleaners.claims import claimed_source

URL = "https://www.comet-farm.example/2025/bridge"


def line(text: str, kind: BlockType = BlockType.ATTRIBUTION) -> Block:
    return Block(text, kind, 1.0, "test")


def claim(*texts: str, html: str | None = None, url: str | None = URL) -> ClaimedSource | None:
    return claimed_source([line(text) for text in texts], root=tree(html) if html else None, url=url)


def tree(html: str) -> HtmlElement:
    return fragment_fromstring(html, create_parent="div")


@pytest.mark.parametrize(
    ("text", "domain", "name"),
    [
        ("This post appeared first on cnn.com", "cnn.com", None),
        ("The post First published on a.com appeared first on cnn.com.", "cnn.com", None),
        ("Originally published at https://www.bugle.example/a/b?c", "bugle.example", None),
        ("This article originally appeared in The Daily Bugle.", None, "The Daily Bugle"),
        ("This story was first published by the U.S. Bugle on June 5, 2024.", None, "the U.S. Bugle"),
        ("Republished with permission from The Bugle under a free licence. Read more.", None, "The Bugle"),
        ("Source: Reuters", None, "Reuters"),
        ("Source : Le Clairon (Paris)", None, "Le Clairon (Paris)"),
        ("Der Beitrag Alte Brücke erschien zuerst auf Der Bote.", None, "Der Bote"),
        ("Ursprünglich veröffentlicht auf bote.de", "bote.de", None),
        ("Quelle: Der Bote, 3. Mai 2024", None, "Der Bote"),
        ("L’article Vieux pont est apparu en premier sur Le Clairon.", None, "Le Clairon"),
        ("Publié initialement dans clairon.fr", "clairon.fr", None),
        ("La entrada Puente viejo se publicó primero en El Heraldo.", None, "El Heraldo"),
        ("Fuente: heraldo.es", "heraldo.es", None),
        ("Artykuł Stary most pochodzi z serwisu Goniec.", None, "Goniec"),
        ("Źródło: goniec.pl", "goniec.pl", None),
        ("L'articolo Vecchio ponte proviene da Il Corriere.", None, "Il Corriere"),
        ("Fonte: corriere.it", "corriere.it", None),
        ("O post Ponte velha apareceu primeiro em O Correio.", None, "O Correio"),
        ("Publicado originalmente em correio.pt", "correio.pt", None),
        ("Het bericht Oude brug verscheen eerst op De Bode.", None, "De Bode"),
        ("Bron: bode.nl", "bode.nl", None),
        ("Сообщение Старый мост появились сначала на Вестник.", None, "Вестник"),
        ("Источник: vestnik.ru", "vestnik.ru", None),
        ("Запис Старий міст спершу з’явився на Вісник.", None, "Вісник"),
        ("Джерело: visnyk.ua", "visnyk.ua", None),
        ("(AFP)", None, "AFP"),
        ("(via The Bugle)", None, "The Bugle"),
    ],
)
def test_attribution_lines(text: str, domain: str | None, name: str | None) -> None:
    found = claim(text)
    assert found is not None
    assert (found.domain, found.name, found.kind, found.evidence) == (domain, name, "attribution line", text)


@pytest.mark.parametrize(
    "texts",
    [
        (),
        ("Source:",),
        ("View original",),
        ("With thanks to all",),
        ("doi: https://doi.org/10.1000/182",),
        ("Source: The Bugle", "Source: The Herald"),  # of two figures
        ("Source: www.comet-farm.example",),
        ("This post appeared first on Comet Farm.",),
        ("The post Bridge appeared first on The Comet Farm",),
    ],
)
def test_no_claim(texts: tuple[str, ...]) -> None:
    assert claim(*texts) is None


def test_only_attribution_blocks_claim() -> None:
    assert claimed_source([line("This post appeared first on cnn.com", BlockType.BODY)], url=URL) is None


def test_a_label_on_its_own_belongs_to_the_next_line() -> None:
    found = claim("Source", "The Daily Bugle")
    assert found is not None
    assert (found.name, found.evidence) == ("The Daily Bugle", "Source: The Daily Bugle")


def test_first_publication_is_stronger_than_a_label() -> None:
    found = claim("Source: Statistics Office", "First published by The Bugle.")
    assert found is not None
    assert found.name == "The Bugle"


def test_the_lines_own_link_gives_the_domain() -> None:
    html = """<nav><a href="https://else.example/">The Bugle</a> menu of many many many many words</nav>
      <p>This article is republished from <a href="https://www.bugle.example/x">The Bugle</a> under
      <a href="https://licence.example/by" rel="license">a licence</a>. <a href="https://z.example">Read</a></p>"""
    found = claim("This article is republished from The Bugle under a licence. Read", html=html)
    assert found is not None
    assert (found.domain, found.name) == ("bugle.example", "The Bugle")


def test_the_headlines_link_is_the_own_sites_and_the_outlets_is_not() -> None:
    html = f"""<p>The post <a href="{URL}">Bridge</a> appeared first on
      <a href="https://bugle.example">Bugle</a>.</p>"""
    found = claim("The post Bridge appeared first on Bugle.", html=html)
    assert found is not None
    assert found.domain == "bugle.example"
    own = html.replace("https://bugle.example", "https://comet-farm.example")
    assert claim("The post Bridge appeared first on Bugle.", html=own) is None


def paragraphs(*attributes: str) -> str:
    return "".join(f"<p {attribute}>text</p>" for attribute in attributes)


def test_leftover_markup() -> None:
    mark = 'data-uri="cms.cnn.com/_components/paragraph/instances/x@published"'
    found = claim(html=paragraphs(mark, mark, "class=a"))
    assert found == ClaimedSource("cnn.com", None, "leftover markup", mark)
    assert claim(html=paragraphs(mark), url="https://edition.cnn.com/a") is None


@pytest.mark.parametrize(
    "html",
    [
        '<p data-src="https://img.cnn.com/a">x</p>',
        '<p data-image-url="https://img.cnn.com/a.jpg">x</p>',
        '<p data-url="/relative/path">x</p>',
        '<p data-sourcepos="1:1-2:2">x</p>',
        '<p data-source="block">x</p>',
        '<div data-url="https://video.player.com/embed">x</div>',
        '<div data-video-url="https://video.player.com/embed">x</div>',
        '<img data-uri="https://img.cnn.com/a">',
        paragraphs('data-uri="one.com/a"', 'data-uri="two.com/a"'),
    ],
)
def test_markup_that_claims_nothing(html: str) -> None:
    assert claim(html=html) is None


@pytest.mark.parametrize(
    ("html", "domain", "kind"),
    [
        (
            '<meta name="syndication-source" content="https://bugle.example/a">',
            "bugle.example",
            "source meta",
        ),
        (
            '<meta name="Original-Source" content="https://www.bugle.example/a">',
            "bugle.example",
            "source meta",
        ),
        (
            '<img src="https://news.bugle.example/?republication-pixel=true&post=7">',
            "bugle.example",
            "republication pixel",
        ),
        (
            '<img src="https://counter.bugle.example/content/7/count.gif?distributor=republish-lightbox-basic">',
            "bugle.example",
            "republication pixel",
        ),
        (
            '<script async src="//pixel.bugle.example/pixel.js"></script>',
            "bugle.example",
            "republication pixel",
        ),
    ],
)
def test_sources_that_are_named_to_machines(html: str, domain: str, kind: str) -> None:
    text = (
        "The council voted on Monday to keep the bridge open for another two years, and to paint it green. "
    )
    page = f"<html><head>{html}</head><body><article><h1>Bridge</h1>{f'<p>{text * 3}</p>' * 4}{html}</article></body></html>"
    found = clean(page, url=URL).claimed_source
    assert found is not None
    assert (found.domain, found.name, found.kind) == (domain, None, kind)
    assert claim(html=html) == found
    assert claim(html=html, url="https://www.bugle.example/a") is None


@pytest.mark.parametrize(
    "html",
    [
        '<meta name="syndication-source" content="">',
        '<meta name="source" content="https://bugle.example/a">',
        '<meta name="original-source" content="Bugle">',
        '<img src="https://stats.bugle.example/count.gif?distributor=ads">',
        '<img src="/?republication-pixel=true">',
        '<script src="https://cdn.bugle.example/pixel.js"></script>',
        '<script src="https://example.bugle.example/?next=//pixel.x.example/pixel.js"></script>',
    ],
)
def test_what_names_no_source_to_machines(html: str) -> None:
    assert claim(html=html) is None


def test_boxes_need_a_clear_name() -> None:
    found = claim(html='<article data-original-url="https://bugle.example/a">x</article>')
    assert found is not None
    assert found.domain == "bugle.example"


@pytest.mark.parametrize(
    ("url", "canonical", "domain"),
    [
        (URL, "https://bugle.example/a", "bugle.example"),
        (URL, "https://comet-farm.example/b", None),
        (URL, "https://localhost-template/b", None),
        ("https://www.bbc.co.uk/a", "https://www.bbc.com/a", None),
        ("https://comet.portal.com/a", "https://m.comet.com/a", None),
        ("https://comet.com/a", "https://comet-com.staging-cluster.org/a", None),
        (None, "https://bugle.example/a", None),
        ("file:///pages/bridge.html", "https://bugle.example/a", None),
        (URL, None, None),
    ],
)
def test_canonical_links(url: str | None, canonical: str | None, domain: str | None) -> None:
    found = claimed_source([], url=url, canonical_url=canonical)
    assert (found.domain if found else None) == domain


@pytest.mark.parametrize("url", [None, "file:///pages/bridge.html"])
def test_where_the_address_is_no_web_address_the_canonical_one_is_the_pages_own(url: str | None) -> None:
    lines = [line("This post appeared first on The Daily Bugle."), line("Source: www.bugle.example")]
    html = tree(paragraphs('data-uri="cms.bugle.example/a"'))
    assert claimed_source(lines[1:], root=html, url=url, canonical_url="https://bugle.example/a") is None
    assert claimed_source(lines[:1], url=url, canonical_url="https://daily-bugle.example/a") is None
    found = claimed_source(lines[1:], url=url, canonical_url="https://herald.example/a")
    assert found == ClaimedSource("bugle.example", None, "attribution line", "Source: www.bugle.example")


def test_the_stronger_claim_wins() -> None:
    html = paragraphs('data-uri="cms.cnn.com/x"')
    found = claimed_source(
        [line("Source: Reuters")], root=tree(html), url=URL, canonical_url="https://bugle.example/a"
    )
    assert found is not None
    assert found.name == "Reuters"
    found = claimed_source([], root=tree(html), url=URL, canonical_url="https://bugle.example/a")
    assert found is not None
    assert found.kind == "leftover markup"


@given(st.lists(st.text(max_size=80), max_size=4), st.text(max_size=40))
def test_a_claim_on_any_text_names_a_domain_or_an_outlet(texts: list[str], url: str) -> None:
    blocks = [line(text) for text in texts] + [line("Source: " + text) for text in texts]
    root = tree("<p data-uri='x'><a href='http://['>Source</a></p>")
    claim = claimed_source(blocks, root=root, url=url, canonical_url=url)
    assert claim is None or ((claim.domain or claim.name) and claim.evidence)


def test_floods_end() -> None:
    html = "<p data-uri='a.com/x'><a href='https://b.com'>Source</a></p>" * 20_000
    blocks = [line("Source: " + "x " * 50_000) for _ in range(1_000)]
    found = claimed_source(blocks, root=tree(html), url=URL)
    assert found is not None
