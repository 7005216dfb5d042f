from __future__ import annotations

import justext
import pytest

from benchmarks.peers import PEERS, STOPLISTS, Extract, Peer, choose, load, text_of_markup
from tests.benchmarks.folders import ARTICLE


def test_all_peers_are_chosen_unless_some_are_named() -> None:
    assert choose(None) == PEERS
    assert [peer.name for peer in choose("resiliparse, trafilatura")] == ["trafilatura", "resiliparse"]
    assert choose("none") == ()


def test_an_unknown_peer_is_named_with_those_there_are() -> None:
    with pytest.raises(ValueError, match=r"trafilatre; there are trafilatura, "):
        choose("trafilatre")


def test_a_peer_that_is_not_installed_is_said_to_be_so() -> None:
    def missing() -> Extract:
        raise ImportError("no such module")

    ready, reasons = load(
        [Peer("ghost", "ghost", missing, "it needs a ghost"), Peer("none", "none", missing)]
    )
    assert ready == {}
    assert reasons == {"ghost": "not installed (it needs a ghost)", "none": "not installed"}


def test_justext_reads_in_the_language_of_the_page() -> None:
    ready, _ = load(choose("justext"))
    for html in (ARTICLE, ARTICLE.replace('lang="en"', 'lang="zh"'), ARTICLE.replace(' lang="en"', "")):
        assert isinstance(ready["justext"](html, None), str)


def test_stop_lists_are_those_that_justext_has() -> None:
    assert set(STOPLISTS.values()) <= set(justext.get_stoplists())


def test_blocks_of_markup_are_parted_and_inline_elements_are_not() -> None:
    text = text_of_markup(
        "<div>one<p>t<b>w</b>o</p>three<br>four<script>five</script><style>six</style></div>"
    )
    assert text.split() == ["one", "two", "three", "four"]
    assert text_of_markup("") == ""
