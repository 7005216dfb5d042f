"""What an item's text must be to count as the whole article, and the page that is made of it."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaners import clean
from cleaners.article import BlockType
from cleaners.wordpress import parse_post
from spiders.posts import MIN_SUMMARY_WORDS, MIN_WORDS, Post, cut_short, lines_of, post_page

SENTENCES = (
    "The harbour council voted on Tuesday to rebuild the northern breakwater before the winter.",
    "Storms of the last three years have torn gaps into the old wall, and two boats were lost there in March.",
    "The new wall will be four metres higher and rest on blocks of granite from the quarry at Stonehaven.",
    "Fishermen had asked for it since the spring, when the water stood in the sheds for the second time.",
    "“We have waited long enough,” said Marit Olsen, who keeps the last smokehouse on the quay.",
    "The work is to cost nine million crowns, of which the county pays a third and the state the rest.",
    "Until it is done, a line of old barges will lie across the mouth of the harbour at night.",
    "Ferries keep to their times, but the evening boat from the islands may arrive up to an hour late.",
    "A first layer of stone is to be sunk in September, weather and money permitting.",
    "The council meets again in a month, when it will hear what the divers have found at the foot of the wall.",
)
PARAGRAPHS = tuple(
    f"<p>{one} {other}</p>" for one, other in zip(SENTENCES[::2], SENTENCES[1::2], strict=True)
)
WHOLE = "\n".join(PARAGRAPHS)
LONG = "".join(f"<p>On day {day} of the storm: {sentence}</p>" for day in range(2) for sentence in SENTENCES)
TITLE = "Council votes for a higher breakwater"
CLOSING = (
    '<p>The post <a href="https://farm.example/wall/">Council votes</a> appeared first on '
    '<a href="https://farm.example">The Farm</a>.</p>'
)


def words(html: str) -> int:
    return len(" ".join(lines_of(html)).split())


def test_the_samples_are_as_long_as_they_should_be() -> None:
    assert MIN_WORDS < words(WHOLE) < MIN_SUMMARY_WORDS < words(LONG)


@pytest.mark.parametrize(
    ("html", "reason"),
    [
        (WHOLE, None),
        (WHOLE + CLOSING, None),
        ("".join(PARAGRAPHS[:1]), "only 35 words"),
        ("".join(PARAGRAPHS[:1]) + CLOSING, "only 35 words"),
        ("", "only 0 words"),
        (WHOLE + "<p>The divers go down in […]</p>", "it ends in an ellipsis"),
        (WHOLE + "<p>The divers go down in [&#8230;]</p>" + CLOSING, "it ends in an ellipsis"),
        (WHOLE + "<p>The divers go down in&hellip;</p>", "it ends in an ellipsis"),
        (WHOLE + "<p>The divers go down in ... »</p>", "it ends in an ellipsis"),
        (WHOLE + "<p>The divers go <a href='/wall/#more-7'>(more&hellip;)</a></p>", "it ends in an ellipsis"),
        (WHOLE + "<p><a href='/wall/'>Read more</a></p>", "it ends with a link to the rest"),
        (WHOLE + "<p><a href='/wall/'>Read More →</a></p>" + CLOSING, "it ends with a link to the rest"),
        (WHOLE + f"<p><a>Continue reading {TITLE}</a></p><p>Share</p>", "it ends with a link to the rest"),
        (WHOLE + "<p>The divers go down <a>Read the full article</a></p>", "it ends with a link to the rest"),
        (WHOLE + f"<p><a>Read more: {TITLE}</a></p>", "it ends with a link to the rest"),
        (WHOLE + "<p>Weiterlesen</p>", "it ends with a link to the rest"),
        (WHOLE + "<p>Lire la suite »</p>", "it ends with a link to the rest"),
        (WHOLE + "<p>続きを読む</p>", "it ends with a link to the rest"),
        (WHOLE + "<p>Subscribe to the Gazette to keep reading.</p>", "it ends at a paywall"),
        # None of these goes on elsewhere.
        (WHOLE + "<p><a href='/other/'>Read more: Two boats lost in March</a></p>", None),
        ("<p>It was […] a long night</p>" + WHOLE, None),
        ("<p>Read more about it below.</p>" + WHOLE, None),
        (WHOLE.replace("</p>", "</p><p></p>") + "<p>&nbsp;</p><!-- Read more -->", None),
        (WHOLE + "<script>'Read more'</script>", None),
    ],
)
def test_the_end_of_a_text_tells_whether_it_is_whole(html: str, reason: str | None) -> None:
    assert cut_short(html, title=TITLE) == reason


def test_a_closing_line_is_no_proof_either_way() -> None:
    teaser = "".join(PARAGRAPHS[:1])
    assert cut_short(teaser) == cut_short(teaser + CLOSING)
    assert cut_short(WHOLE) is cut_short(WHOLE + CLOSING) is None


def test_a_text_that_is_the_summary_must_be_longer_and_end_with_a_sentence() -> None:
    assert cut_short(WHOLE, summary=PARAGRAPHS[0]) is None
    same = f"the summary, of {words(WHOLE)} words"
    assert cut_short(WHOLE, summary=WHOLE) == same
    assert cut_short(WHOLE + CLOSING, summary=" ".join(lines_of(WHOLE))) == same
    assert cut_short(LONG, summary=LONG) is None
    broken = LONG + "<p>The divers go down to the</p>"
    assert cut_short(broken, summary=broken) == "the summary, which ends within a sentence"


def test_words_of_scripts_without_spaces_are_longer_than_one_character() -> None:
    sentence = "港の理事会は冬の前に北の防波堤を建て直すことを決めた。"
    assert cut_short(f"<p>{sentence * 5}</p>") == "only 65 words"
    assert cut_short(f"<p>{sentence * 12}</p>") is None


def test_lines_are_the_blocks_without_tags() -> None:
    html = (
        "<div>One <b>two</b><br/>three<p>four&nbsp;&amp; 5 < 6 <style>p{}</style></p>\n\n</div><!-- <p>seven"
    )
    assert lines_of(html) == ["One two", "three", "four & 5 < 6"]


@given(
    st.text(max_size=200)
    | st.lists(st.sampled_from(["<p>", "&#", "9" * 5000, "…", "<!--", "<"])).map("".join)
)
def test_any_text_has_an_answer(text: str) -> None:
    assert cut_short(text, title=text, summary=text)


@pytest.mark.parametrize(
    "piece", ["<script ", "<!--", "<", "[", "... ", "read more ", "&#1", "<p>", "originally "]
)
def test_hostile_texts_take_no_time(piece: str) -> None:
    began = time.process_time()  # not the clock's, as other programs take their time too
    cut_short(WHOLE + piece * (1_000_000 // len(piece)), title=TITLE)
    assert time.process_time() - began < 2


def post() -> Post:
    return Post(
        link="https://Farm.example/2024/05/wall/?utm_source=rss#top",
        title="Council votes for <higher> walls & more",
        html=WHOLE + CLOSING,
        published=datetime(2024, 5, 1, 12, 30, tzinfo=timezone(timedelta(hours=2))),
        modified=datetime(2024, 5, 2, 8, 0, 1, 5, tzinfo=UTC),
        authors=("Ann Lee", "Bo Å. Ström"),
        categories=("Harbour & sea",),
    )


def test_the_page_has_the_shape_of_a_wordpress_post() -> None:
    fetched = datetime(2024, 5, 3, tzinfo=UTC)
    page = post_page(post(), by="feed", fetched_at=fetched, status=200)
    assert (page.url, page.content_type) == ("https://farm.example/2024/05/wall/", "application/json")
    assert (page.fetched_at, page.status, page.discovered_by) == (fetched, 200, "feed")
    assert page.lastmod == datetime(2024, 5, 2, 8, 0, 1, 5, tzinfo=UTC)
    assert json.loads(page.body) == {
        "link": "https://farm.example/2024/05/wall/",
        "title": {"rendered": "Council votes for &lt;higher&gt; walls &amp; more"},
        "content": {"rendered": WHOLE + CLOSING},
        "date_gmt": "2024-05-01T10:30:00",
        "modified_gmt": "2024-05-02T08:00:01",
        "_thresher": {"authors": ["Ann Lee", "Bo Å. Ström"], "categories": ["Harbour & sea"]},
    }


def test_the_page_gives_the_article() -> None:
    article = clean(post_page(post(), by="feed", fetched_at=datetime(2024, 5, 3, tzinfo=UTC), status=200))
    assert article.url == "https://farm.example/2024/05/wall/"
    assert article.title == "Council votes for <higher> walls & more"
    assert (article.authors, article.categories) == (["Ann Lee", "Bo Å. Ström"], ["Harbour & sea"])
    assert article.published == datetime(2024, 5, 1, 10, 30, tzinfo=UTC)
    assert article.modified == datetime(2024, 5, 2, 8, 0, 1, tzinfo=UTC)
    assert article.text.split("\n\n") == lines_of(WHOLE)
    assert [block.text for block in article.blocks if block.type is BlockType.ATTRIBUTION] == [
        "The post Council votes appeared first on The Farm."
    ]


def test_a_bare_post_makes_a_page_too() -> None:
    bare = Post(link="https://farm.example/wall/", title=None, html=WHOLE)
    page = post_page(bare, by="feed", fetched_at=datetime(2024, 5, 3, tzinfo=UTC), status=None)
    assert page.lastmod is None
    parsed = parse_post(page.body)
    assert parsed
    assert (parsed.title, parsed.published, parsed.modified, parsed.authors) == (None, None, None, [])
    assert clean(page).text.split("\n\n") == lines_of(WHOLE)
