"""The classifier that comes with the package, on pages that are in no data."""

from __future__ import annotations

import json
from pathlib import Path
from threading import Thread
from typing import Any

import numpy as np
import pytest
from threadpoolctl import ThreadpoolController, threadpool_info, threadpool_limits

from cleaners import BlockType, Favor, clean
from cleaners.arrays import Floats
from cleaners.lexicon import LexiconError
from cleaners.model import network
from cleaners.model.layers import normalise
from cleaners.model.weights import read_weights

PARAGRAPHS = [
    "The town council of Aldermoor voted on Monday to keep the swimming pool open for another two years.",
    "Twelve of the nineteen members supported the plan, which will cost the town about 300,000 crowns a year.",
    "The pool was built in 1974 and needs a new roof, new pumps and a lift for visitors in wheelchairs.",
    "“Every child in this valley learned to swim there,” the mayor told the meeting before the vote was taken.",
    "Work on the roof is to begin in spring, and the town will look for a firm that can finish it by autumn.",
]
PAGE = f"""<html lang="en"><head><title>Aldermoor keeps its swimming pool - The Moor Herald</title>
<meta property="og:title" content="Aldermoor keeps its swimming pool"></head><body>
<header><nav><ul><li><a href="/">Home</a></li><li><a href="/sport">Sport</a></li></ul></nav></header>
<main><article><h1>Aldermoor keeps its swimming pool</h1><p class="byline">By Ada Quill, March 4, 2025</p>
{"".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS)}
<p>This post appeared first on moorherald.example</p></article>
<div class="newsletter-signup"><h3>Subscribe to our newsletter</h3><p>The valley in your inbox, each Friday.</p>
<input type="email" placeholder="Your e-mail"><button>Sign up</button></div>
<section class="related-posts"><h2>Related Posts</h2><ul><li><a href="/mill">Roof of the old mill falls in</a></li>
<li><a href="/bridge">Bridge to be closed until the spring</a></li></ul></section></main>
<footer><p>Copyright © 2025 The Moor Herald. All rights reserved.</p></footer></body></html>"""


def types(page: str, **options: object) -> dict[str, BlockType]:
    return {block.text: block.type for block in clean(page, **options).blocks}  # type: ignore[arg-type]


def test_a_news_page() -> None:
    found = types(PAGE)
    assert [text for text, kind in found.items() if kind is BlockType.BODY] == PARAGRAPHS
    assert {text: kind.value for text, kind in found.items() if kind is not BlockType.BODY} == {
        "Home": "navigation",
        "Sport": "navigation",
        "Aldermoor keeps its swimming pool": "title",
        "By Ada Quill, March 4, 2025": "byline",
        "This post appeared first on moorherald.example": "attribution",
        "Subscribe to our newsletter": "newsletter",
        "The valley in your inbox, each Friday.": "newsletter",
        "Your e-mail": "newsletter",
        "Sign up": "newsletter",
        "Related Posts": "related",
        "Roof of the old mill falls in": "related",
        "Bridge to be closed until the spring": "related",
        "Copyright © 2025 The Moor Herald. All rights reserved.": "copyright",
    }


def test_the_same_article_as_a_post_and_as_text() -> None:
    content = "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS)
    post = {
        "title": {"rendered": "Aldermoor keeps its pool"},
        "content": {"rendered": content},
        "slug": "pool",
    }
    text = "\n".join(["Aldermoor keeps its pool", *PARAGRAPHS, "Subscribe to our newsletter"])
    for source in (json.dumps(post), text):
        article = clean(source)
        assert article.text.split("\n\n") == PARAGRAPHS
        assert article.blocks[0].type is BlockType.TITLE


@pytest.mark.parametrize("content", ["", "<p> </p>"])
def test_a_posts_title_is_no_body_even_where_it_stands_alone(content: str) -> None:
    post = {"title": {"rendered": "Members only: the pool"}, "content": {"rendered": content}, "slug": "pool"}
    (block,) = clean(json.dumps(post)).blocks
    assert (block.type, block.confidence, block.reason) == (BlockType.TITLE, 1.0, "the post's title")


def test_the_dial_goes_from_less_text_to_more() -> None:
    lengths = [len(clean(PAGE, favor=favor).text) for favor in ("precision", Favor.BALANCED, "recall")]
    assert lengths == sorted(lengths)
    thresholds = read_weights().facts["thresholds"]
    assert thresholds["precision"] > thresholds["balanced"] > thresholds["recall"]
    with pytest.raises(ValueError, match="'most' is not a valid Favor"):
        clean(PAGE, favor="most")


def test_a_users_phrases_count(tmp_path: Path) -> None:
    phrases = tmp_path / "mine.json"
    phrases.write_text(
        json.dumps({"language": "en", "phrases": {"donation": ["throw a crown in the well"]}}),
        encoding="utf-8",
    )
    page = PAGE.replace("<p>This post", "<p>Throw a crown in the well</p><p>This post")
    (block,) = [b for b in clean(page, phrases=[phrases]).blocks if b.text == "Throw a crown in the well"]
    assert (block.type, block.reason) == (BlockType.DONATION, "phrase: throw a crown in the well")
    phrases.with_name("bad.json").write_text(
        '{"language": "en", "phrases": {"gifts": ["a"]}}', encoding="utf-8"
    )
    with pytest.raises(LexiconError, match="gifts"):
        clean(page, phrases=[tmp_path / "bad.json"])


def test_every_block_has_a_reason_and_a_confidence() -> None:
    for block in clean(PAGE).blocks:
        assert block.reason
        assert 0 < block.confidence <= 1


def test_only_our_own_weights_are_read(tmp_path: Path) -> None:
    other = tmp_path / "other.npz"
    np.savez(other, a=np.zeros(3))
    with pytest.raises(ValueError, match=r"other\.npz holds no weights"):
        read_weights(other)


def test_word_lists_of_a_user_decide_nothing(tmp_path: Path) -> None:
    words = {"money_words": ["the", "of", "to", "and"], "months": ["in", "by"]}
    phrases = tmp_path / "words.json"
    phrases.write_text(json.dumps({"language": "en", "phrases": words}))
    assert types(PAGE, phrases=[phrases]) == types(PAGE)


def test_a_users_heading_opens_a_group(tmp_path: Path) -> None:
    phrases = tmp_path / "own.json"
    phrases.write_text(
        json.dumps({"language": "en", "phrases": {"donation_heading": ["a word from the well"]}})
    )
    box = "<div><h3>A word from the well</h3><p>Crowns are welcome.</p><p>Thank you, says the well.</p></div>"
    found = types(PAGE.replace("<footer>", f"{box}<footer>"), phrases=[phrases])
    assert [kind for text, kind in found.items() if text in box] == [BlockType.DONATION] * 3


def test_threads_that_clean_at_a_time_leave_products_as_they_were() -> None:
    with threadpool_limits(2, user_api="blas"):
        before = [found["num_threads"] for found in threadpool_info()]
        threads = [Thread(target=lambda: [clean(PAGE) for _ in range(5)]) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert [found["num_threads"] for found in threadpool_info()] == before


def test_the_networks_products_are_made_on_one_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    def threads() -> set[int]:
        return {found["num_threads"] for found in ThreadpoolController().select(user_api="blas").info()}

    used: list[set[int]] = []

    def watched(*arguments: Any) -> Floats:
        used.append(threads())
        return normalise(*arguments)

    monkeypatch.setattr(network, "normalise", watched)
    with threadpool_limits(2, user_api="blas"):
        before = threads()
        clean(PAGE)
        assert threads() == before
    assert used == [{1}]
