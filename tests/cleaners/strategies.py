"""What hypothesis makes up for several tests: data, texts, pages."""

from __future__ import annotations

from hypothesis import strategies as st

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)

SAMPLES = (
    "word", "The bridge stands.", " ", "\n\n", "\t", "\xa0", "\u2003\u3000", "\u200b\ufeff", "\u2028", "\x85",
    "\x01", "\x0b\x0c", "\x1c\x1f", "\x7f", "&", "<", ">", "&amp;", "&nbsp;", "&#x4e2d;", "&#0;", "&#xD800;",
    "&nosuch;", "&lt;p&gt;", "漢字かな交じり文", "한국어",
    "👩‍👩‍👧‍👦🇵🇱", "שלום עולם", "مرحبا\u202e", "e\u0301", "ﬁ",
    "<", "</", "<!", "<3", "]]>", "-->", "|", "# ", "- ", "\\", "©", "A" * 200,
)  # fmt: skip
texts = st.lists(st.sampled_from(SAMPLES) | st.text(max_size=12), max_size=4).map("".join)
plain_words = st.text(
    st.characters(exclude_categories=("Cc", "Cs"), exclude_characters="<>&"), min_size=1, max_size=12
)

BLOCKS = (
    "p",
    "div",
    "h1",
    "h2",
    "ul",
    "ol",
    "li",
    "dl",
    "dt",
    "dd",
    "pre",
    "blockquote",
    "section",
    "article",
)
MORE = (
    "table",
    "tbody",
    "tr",
    "td",
    "th",
    "caption",
    "select",
    "option",
    "optgroup",
    "button",
    "label",
    "form",
)
INERT = ("noscript", "template", "figure", "figcaption", "custom-tag", "details", "summary", "title", "head")
INLINE = ("a", "b", "em", "span", "code", "sup", "font", "time", "ruby", "rt", "img", "wbr", "input")
UNSHOWN = ("script", "style", "svg")
ATTRIBUTES = ("", " class='ad'", " hidden", " style='display:none'", " href=/x", " id=a role=nav")
VOID = frozenset({"img", "wbr", "input"})

elements = st.sampled_from(BLOCKS + MORE + INERT + INLINE + INLINE)
attributes = st.sampled_from(ATTRIBUTES)
asides = st.sampled_from(
    (
        "<br>",
        "<br><br>",
        "<hr>",
        "<!-- comment -->",
        "<?pi x?>",
        "<br/>\n<br/>",
        "<input value=v>",
        "<input type=submit value='Send it'>",
        "<input placeholder='Your name'>",
        "<textarea placeholder='Say it'>said</textarea>",
        "</p>",
        "</div>",
    )
)
unshown = st.builds("<{0}>{1}</{0}>".format, st.sampled_from(UNSHOWN), plain_words)


def element(tag: str, attribute: str, inside: list[str]) -> str:
    return f"<{tag}{attribute}>" + ("" if tag in VOID else f"{''.join(inside)}</{tag}>")


def trees(leaves: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.recursive(
        leaves | asides | unshown,
        lambda inner: st.builds(element, elements, attributes, st.lists(inner, max_size=5)),
        max_leaves=25,
    )


def pages(leaves: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.lists(trees(leaves), max_size=6).map("".join)
