"""The contract of `clean`: what it takes, what it promises on any input, what it carries over."""

from __future__ import annotations

import json
import zipfile
from datetime import UTC, datetime
from importlib import resources
from pathlib import Path
from typing import Any

import pytest

from cleaners import Article, BlockType, Page, clean
from cleaners.classifier import Document, Verdict
from cleaners.lexicon import LexiconError
from cleaners.limits import MAX_BLOCKS

PROSE = (
    "The council voted on Tuesday to repair the old bridge before the winter storms arrive in the valley.",
    "Engineers had warned for years that its northern pier was sinking into the soft bed of the river.",
    "Work is to begin in the spring, and the crossing will stay open to people who walk or ride a bicycle.",
)
PAGE = f"""<!doctype html><html lang="en"><head><title>Old bridge saved | The Daily Bugle</title>
<meta property="og:site_name" content="The Daily Bugle"><meta name="author" content="Ann Lee">
<meta property="article:published_time" content="2025-02-11T12:00:00Z">
<meta property="article:modified_time" content="2025-02-12T12:00:00Z">
<link rel="canonical" href="/bridge"></head><body>
<nav><a href="/">Home</a> <a href="/world">World</a></nav>
<article><h1>Old bridge saved</h1>{"".join(f"<p>{text}</p>" for text in PROSE)}</article>
<footer>Copyright 2025 The Daily Bugle. All rights reserved.</footer></body></html>"""
URL = "https://www.bugle.example/2025/bridge"


def post(**changes: Any) -> dict[str, Any]:
    return {
        "id": 7,
        "date": "2025-02-11T13:00:00",
        "date_gmt": "2025-02-11T12:00:00",
        "modified_gmt": "2025-02-12T12:00:00",
        "link": "https://www.comet-farm.example/2025/02/bridge/",
        "title": {"rendered": "Bridge &#038; road <em>saved</em> &lt;soon&gt;"},
        "content": {"rendered": "".join(f"<p>{text}</p>\n" for text in PROSE), "protected": False},
        "_embedded": {
            "author": [{"name": "Ann Lee"}],
            "wp:term": [[{"taxonomy": "category", "name": "World"}]],
        },
        **changes,
    }


def text_of(article: Article) -> str:
    return "".join("".join(block.text for block in article.blocks).split())


@pytest.mark.parametrize("source", [None, 7, 1.5, [PAGE], {"body": PAGE}, bytearray(b"x"), memoryview(b"x")])
def test_other_types_than_bytes_text_and_pages_are_a_type_error(source: Any) -> None:
    with pytest.raises(TypeError, match=f"not {type(source).__name__}$"):
        clean(source)


def test_an_article_on_a_page_is_found_with_everything_around_it() -> None:
    article = clean(PAGE, url=URL)
    assert article.text == "\n\n".join(PROSE)
    assert article.markdown == "\n\n".join(["# Old bridge saved", *PROSE])
    assert (article.title, article.authors) == ("Old bridge saved", ["Ann Lee"])
    assert article.published == datetime(2025, 2, 11, 12, tzinfo=UTC)
    assert article.modified == datetime(2025, 2, 12, 12, tzinfo=UTC)
    assert (article.url, article.canonical_url) == (URL, "https://www.bugle.example/bridge")
    assert (article.site, article.language) == ("bugle.example", "en")
    assert (article.claimed_source, article.warnings, article.categories) == (None, [], [])
    assert [(block.type, block.markup) for block in article.blocks] == [
        (BlockType.NAVIGATION, "nav"),
        (BlockType.TITLE, "h1"),
        *[(BlockType.BODY, "p")] * 3,
        (BlockType.COPYRIGHT, "footer"),
    ]
    assert article.blocks[2].path == "html > body > article > p"


def test_every_block_has_a_reason_and_a_confidence() -> None:
    for block in clean(PAGE).blocks:
        assert block.reason
        assert 0 <= block.confidence <= 1


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_bytes_give_what_text_gives(encoding: str) -> None:
    page = PAGE.replace("Ann Lee", "Ann Léé")
    label = "text/html; charset=windows-1252"
    expected = clean(page, url=URL, content_type=label).to_record()
    assert clean(page.encode(encoding), url=URL, content_type=label).to_record() == expected


@pytest.mark.parametrize(
    ("source", "warning"),
    [
        ("", "the page holds no text"),
        (b"", "the page holds no text"),
        (" \n\t\u2003", "the page holds no text"),
        ("\0\0", "the page holds no text"),
        ("\ufeff", "the page holds no text"),
        ("<html><body></body></html>", "the page holds no text"),
        ("<!-- a comment -->", "the page holds no text"),
        ("<script>var text</script><style>p {}</style>", "the page holds no text"),
        (b"%PDF-1.7 text", "not text: the source is a PDF file"),
        (b"PK\x03\x04", "not text: the source is a ZIP file"),
        (bytes(range(256)) * 20, "not text: the source is a binary file"),
        ("\x01\x02\x03", "not text: the source is a binary file"),
    ],
)
def test_a_source_without_text_gives_no_blocks_and_says_why(source: bytes | str, warning: str) -> None:
    article = clean(source, url=URL)
    assert (article.blocks, article.text, article.markdown) == ([], "", "")
    assert article.warnings == [warning]
    assert (article.url, article.site, article.language) == (URL, "bugle.example", None)


@pytest.mark.parametrize(
    "data",
    [
        {},
        [],
        {"a": "b"},
        [post(), post()],
        {"code": "rest_no_route", "data": {"status": 404}},
        post(content=7),
    ],
)
def test_json_that_is_no_post_gives_no_blocks_and_says_so(data: Any) -> None:
    article = clean(json.dumps(data))
    assert article.blocks == []
    assert [warning.partition(":")[0] for warning in article.warnings] == [
        "the JSON is not one WordPress post, which has a title and content"
    ]


def test_truncated_json_of_a_labelled_answer_is_no_post() -> None:
    article = clean(json.dumps(post())[:-9], content_type="application/json")
    assert article.blocks == []
    assert len(article.warnings) == 1


@pytest.mark.parametrize("cut", [400, 700, 900, 1_100])
def test_a_truncated_page_keeps_the_text_that_came(cut: int) -> None:
    whole, part = text_of(clean(PAGE)), text_of(clean(PAGE[:cut]))
    assert whole.startswith(part.partition("<")[0])


def test_a_hundred_thousand_open_elements_lose_nothing() -> None:
    words = [f"w{number}" for number in range(100_000)]
    article = clean("<!doctype html>" + "".join(f"<div>{word} " for word in words))
    assert text_of(article) == "".join(words)
    assert article.warnings == [
        "elements nested deeper than 1,000 were flattened",
        f"more than {MAX_BLOCKS:,} blocks: the last one holds all text after them",
    ]


@pytest.mark.parametrize("source", ["<p>The bridge stands.</p>" * 60_000, "The bridge stands.\n" * 60_000])
def test_more_blocks_than_are_told_apart_lose_nothing(source: str) -> None:
    article = clean(source)
    assert text_of(article) == "Thebridgestands." * 60_000
    assert article.warnings == [f"more than {MAX_BLOCKS:,} blocks: the last one holds all text after them"]


def test_what_was_assumed_of_the_charset_is_a_warning() -> None:
    article = clean("<p>Café René</p>".encode("cp1252"))
    assert article.warnings == ["the charset is not declared truly; windows-1252 assumed"]
    assert article.blocks[0].text == "Café René"


def test_text_in_inert_elements_is_flagged() -> None:
    blocks = clean("<p>a</p><noscript><p>b</p></noscript><template>c</template>").blocks
    assert [(block.text, block.hidden_in) for block in blocks] == [
        ("a", None),
        ("b", "noscript"),
        ("c", "template"),
    ]


def test_plain_text_has_line_numbers_and_its_own_title() -> None:
    article = clean("Old bridge saved by the council\n\n" + "\n".join(PROSE), content_type="text/plain")
    assert article.title == "Old bridge saved by the council"
    assert article.text == "\n\n".join(PROSE)
    assert [block.path for block in article.blocks] == ["line 1", "line 3", "line 4", "line 5"]


def test_the_label_decides_between_markup_and_text_about_markup() -> None:
    source = "Use <b>bold</b> with care."
    assert clean(source).blocks[0].text == "Use bold with care."
    assert clean(source, content_type="text/plain").blocks[0].text == source


def test_what_a_page_carries_is_carried_over() -> None:
    moment = datetime(2025, 3, 1, tzinfo=UTC)
    lastmod = datetime(2025, 2, 28, tzinfo=UTC)
    page = Page(
        url=URL,
        body=PAGE.encode(),
        content_type="text/html; charset=utf-8",
        fetched_at=moment,
        status=200,
        discovered_by="sitemap",
        lastmod=lastmod,
    )
    article = clean(page)
    assert (article.url, article.site) == (URL, "bugle.example")
    assert (article.fetched_at, article.discovered_by, article.lastmod) == (moment, "sitemap", lastmod)
    assert article.text == clean(PAGE, url=URL).text


def test_arguments_win_over_what_the_page_carries() -> None:
    page = Page(url=URL, body="a <b>tag</b>", content_type="text/html")
    article = clean(page, url="https://herald.example/a", content_type="text/plain", site="farm.example")
    assert (article.url, article.site) == ("https://herald.example/a", "farm.example")
    assert article.blocks[0].text == "a <b>tag</b>"


@pytest.mark.parametrize("url", [None, "file:///pages/bridge.html"])
def test_the_site_is_the_canonical_ones_where_the_address_tells_none(url: str | None) -> None:
    page = PAGE.replace('href="/bridge"', 'href="https://www.bugle.example/bridge"')
    article = clean(page, url=url)
    assert (article.site, article.claimed_source) == ("bugle.example", None)


@pytest.mark.parametrize("form", [json.dumps(post()), json.dumps([post()]), json.dumps(post()).encode()])
def test_a_wordpress_post_is_its_title_and_content(form: bytes | str) -> None:
    article = clean(form)
    assert article.title == "Bridge & road saved <soon>"
    assert [block.text for block in article.blocks] == ["Bridge & road saved <soon>", *PROSE]
    assert [block.type for block in article.blocks] == [BlockType.TITLE, *[BlockType.BODY] * 3]
    assert article.text == "\n\n".join(PROSE)
    assert (article.authors, article.categories) == (["Ann Lee"], ["World"])
    assert article.published == datetime(2025, 2, 11, 12, tzinfo=UTC)
    assert article.modified == datetime(2025, 2, 12, 12, tzinfo=UTC)
    assert article.canonical_url == "https://www.comet-farm.example/2025/02/bridge/"
    assert (article.site, article.language, article.warnings) == ("comet-farm.example", "en", [])


def test_a_posts_own_canonical_address_comes_before_its_link_and_is_a_claim() -> None:
    canonical = "https://www.bugle.example/bridge"
    article = clean(json.dumps(post(yoast_head_json={"canonical": canonical})), url=post()["link"])
    assert article.canonical_url == canonical
    assert article.claimed_source is not None
    assert (article.claimed_source.domain, article.claimed_source.kind) == ("bugle.example", "canonical link")


def test_a_post_behind_a_password_says_so() -> None:
    article = clean(json.dumps(post(content={"rendered": "", "protected": True})))
    assert article.warnings == ["the post is behind a password"]


@pytest.mark.parametrize("source", ["<h1>Bridge</h1><p>It stands.</p>", "Bridge\n\nIt stands.", ""])
def test_a_short_text_has_no_language(source: str) -> None:
    assert clean(source).language is None


SOURCES = (PAGE, json.dumps(post()), "\n\n".join(PROSE), "<p>Kurz.</p>", "", b"%PDF-", "<div>" * 5_000 + "x")


@pytest.mark.parametrize("source", SOURCES)
def test_the_same_source_gives_the_same_record(source: bytes | str) -> None:
    assert clean(source, url=URL).to_record() == clean(source, url=URL).to_record()


def test_the_result_does_not_depend_on_calls_before() -> None:
    forward = [clean(source, url=URL).to_record() for source in SOURCES]
    backward = [clean(source, url=URL).to_record() for source in reversed(SOURCES)]
    assert forward == backward[::-1]


def test_the_record_is_plain_data() -> None:
    record = clean(PAGE, url=URL).to_record()
    assert json.loads(json.dumps(record)) == record


class _AllComments:
    def classify(self, document: Document) -> list[Verdict]:
        return [Verdict(BlockType.COMMENTS, 0.25, document.titles[0])] * len(document.segments.text)


def test_another_classifier_takes_the_place_of_the_built_in_one() -> None:
    article = clean(PAGE, classifier=_AllComments())
    assert {(block.type, block.confidence, block.reason) for block in article.blocks} == {
        (BlockType.COMMENTS, 0.25, "Old bridge saved")
    }
    assert article.text == ""


PHRASES = {"mine.json": "feed the harbour cat", "more.json": "ring the harbour bell"}


@pytest.fixture
def phrase_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder that runs the test, with files of phrases in it."""
    monkeypatch.chdir(tmp_path)
    for name, phrase in PHRASES.items():
        text = json.dumps({"language": "en", "phrases": {"donation": [phrase]}})
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def typed_donation(**options: Any) -> list[str]:
    page = PAGE.replace("</article>", "".join(f"<p>{text}</p>" for text in PHRASES.values()) + "</article>")
    return [block.text for block in clean(page, **options).blocks if block.type is BlockType.DONATION]


def test_a_users_phrases_are_files_or_names_of_files_one_or_several(phrase_files: Path) -> None:
    first, both = [PHRASES["mine.json"]], list(PHRASES.values())
    assert typed_donation() == typed_donation(phrases=[]) == []
    file = phrase_files / "mine.json"
    for one in ("mine.json", ["mine.json"], str(file), file, (file,), resources.files(__package__) / file):
        assert typed_donation(phrases=one) == first
    for several in (["mine.json", "more.json"], ["mine.json", phrase_files / "more.json"], str(phrase_files)):
        assert typed_donation(phrases=several) == both
    with pytest.raises(LexiconError, match=r"^nowhere\.json: cannot be read"):
        clean(PAGE, phrases="nowhere.json")


def test_phrases_may_stand_in_a_package_that_is_no_folder(phrase_files: Path) -> None:
    with zipfile.ZipFile(phrase_files / "packed.zip", "w") as packed:
        packed.write("mine.json")
    inside = zipfile.Path(str(phrase_files / "packed.zip"), "mine.json")
    assert typed_donation(phrases=inside) == typed_donation(phrases=[inside]) == [PHRASES["mine.json"]]


@pytest.mark.parametrize("favor", ["Precision", "", "most", None])
def test_an_unknown_point_of_the_dial_is_refused_with_all_there_are(favor: Any) -> None:
    message = f"{favor!r} is not a valid Favor: it is one of 'precision', 'balanced', 'recall'"
    with pytest.raises(ValueError, match=f"^{message}$"):
        clean(PAGE, favor=favor)


LONE = "\\ud800"


@pytest.mark.parametrize(
    "source",
    [
        '{"id": 1, "slug": "x", "title": {"rendered": "a'
        + LONE
        + 'b"}, "content": {"rendered": "<p>c'
        + LONE
        + 'd</p>"}}',
        '<html><script type="application/ld+json">{"@type": "NewsArticle", "headline": "a' + LONE + 'b",'
        ' "author": {"name": "Jo' + LONE + 'e Poe"}}</script><p>c</p></html>',
    ],
)
def test_surrogates_that_json_names_cannot_break_the_output(source: str) -> None:
    record = json.dumps(clean(source).to_record(), ensure_ascii=False)
    assert "a\ufffdb" in record
    assert record.encode("utf-8")
