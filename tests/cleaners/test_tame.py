"""What is taken from pages before they are parsed: only what no page needs, and never their text."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from lxml import etree

from cleaners import tame as tame_module
from cleaners.limits import MAX_ATTRIBUTES
from cleaners.parse import parse_html
from cleaners.tame import flattened, tame, untagged


def tree(html: str) -> tuple[etree._Element, list[str]]:
    warnings: list[str] = []
    root = parse_html(html, warnings)
    assert root is not None
    return root, warnings


def attributes(number: int, pattern: str) -> str:
    return "".join(pattern.replace("#", str(n)) for n in range(number))


@pytest.mark.parametrize(
    "pattern",
    [" a#=x", " a#", " a#='>'", ' a#=">"', "/a#", ' a#="<b> c"', " a# = '\"'", ' a#=""', " a#=b/", "\n<#"],
)
@pytest.mark.parametrize("number", [8_000, 30_000])
def test_a_crowd_of_attributes_is_cut_with_a_warning(pattern: str, number: int) -> None:
    root, warnings = tree(f"<p>before<p id='i'{attributes(number, pattern)}>in<b class=c>bold</b></p>after")
    assert "".join(map(str, root.itertext())) == "beforeinboldafter"
    assert warnings == [f"attributes after the first {MAX_ATTRIBUTES} of an element were dropped"]
    crowded = root.findall(".//p")[1]
    assert crowded.get("id") == "i"
    assert 1 < len(crowded.keys()) <= MAX_ATTRIBUTES
    assert root.find(".//b[@class='c']") is not None


def test_each_of_many_crowds_is_cut() -> None:
    page = "".join(f"<p{attributes(2_000, f' a{n}x#')}>{n}</p>" for n in range(100))
    root, _ = tree(page)
    assert "".join(map(str, root.itertext())) == "".join(map(str, range(100)))
    assert max(len(element.keys()) for element in root.iter()) <= MAX_ATTRIBUTES


@pytest.mark.parametrize(
    "html", [f"<p>a<p{attributes(30_000, ' a#=b')}", f"<p>a<p{attributes(30_000, ' a#')} x='"]
)
def test_a_crowd_that_never_ends_is_cut(html: str) -> None:
    root, _ = tree(html)
    assert "".join(map(str, root.itertext())) == "a"


@pytest.mark.parametrize(
    "page",
    [
        "<script>" + "if (a < b) { c = 'd e f'; } " * 3_000 + "</script><p>text",
        "<style>" + "a b c { d : e ; } " * 3_000 + "</style><p>text",
        "<!-- " + "a b c d " * 5_000 + "--><p>text",
        "<p>" + "word and word " * 5_000,
        f"<p data-json='{{{'a: b, c: d ' * 5_000}}}'>text",
        f"<img srcset='{'/a.jpg 100w, ' * 5_000}'>text",
        f"<p {attributes(MAX_ATTRIBUTES - 10, ' a#=b')}>text" + "word and word " * 5_000,
    ],
)
def test_what_only_looks_like_a_crowd_is_left_alone(page: str) -> None:
    for padding in ("", "<p>a</p>" * 70_000):
        raw = (page + padding).encode()
        warnings: list[str] = []
        assert tame(raw, warnings) == raw
        assert warnings == []


def test_after_the_last_tag_only_text_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tame_module, "MAX_TAGS", 4)
    late = "<p class='>'>c &amp; d</p><script>x<y</script><!-- <p>z --><svg><g>s</g></svg>e<3<br>f<p"
    root, warnings = tree(f"<p>a</p><p>b</p>{late}")
    assert " ".join("".join(f"{text} " for text in root.itertext()).split()) == "a b c & d e<3 f"
    assert warnings == ["more than 4 tags: of what follows only the text was kept"]


@pytest.mark.parametrize(
    "page", ["<p>a</p><ul><li>b<li>c</ul>", "<script>a<b</script><svg><g></g></svg>d<!-- e -->f"]
)
def test_shallow_pages_stay_as_they_are_but_for_drawings(page: str) -> None:
    assert flattened(page.encode()).decode() == page.replace("<svg><g></g></svg>", "")


TAGS = ("<p", "</p>", "<!--", "-->", "<script>", "</script>", "<svg", "<style", "<!", "<?", " x=", "é", "\n")
PIECES = st.sampled_from([*"<>/='\"-!? ap", *TAGS])


@given(st.lists(PIECES, max_size=40).map("".join))
def test_no_markup_raises(text: str) -> None:
    raw = text.encode()
    tame_module._thinned(raw)
    flattened(raw)
    assert len(untagged(raw)) <= len(raw)


@example("<svg\n=")
@example(f"<p {'=' * 300} = >")
@given(st.lists(PIECES, max_size=40).map("".join))
def test_thinning_changes_no_page_without_a_crowd(text: str) -> None:
    assert tame_module._thinned(text.encode()) == text.encode()
