"""Where blocks begin and end, what they know of their place, and what is no text at all."""

from __future__ import annotations

import pytest
from lxml.html import document_fromstring

from cleaners import segment as segment_module
from cleaners import walk as walk_module
from cleaners.limits import MAX_CLASS_CHARS
from cleaners.parse import parse_html
from cleaners.segment import MAX_PATH_STEPS, Segments
from cleaners.walk import LONG_CELL_CHARS, segment


def cut(html: str) -> Segments:
    root = parse_html(html)
    assert root is not None
    return segment(root)


def table(*rows: str) -> str:
    return "<table>" + "".join(f"<tr>{row}</tr>" for row in rows) + "</table>"


LONG = "word " * (LONG_CELL_CHARS // 4)


@pytest.mark.parametrize(
    ("html", "texts"),
    [
        ("<p>a</p><p>b</p>", ["a", "b"]),
        ("<p>a <b>bold</b>, <i>and</i> <a href=x>link</a>ed</p>", ["a bold, and linked"]),
        ("<div>a<p>b</p>c</div>d", ["a", "b", "c", "d"]),
        ("<ul><li>a<ul><li>b</ul>c<li>d</ul>", ["a", "b", "c", "d"]),
        ("<dl><dt>a<dd>b</dl>", ["a", "b"]),
        ("<h1>a</h1>b<hr>c", ["a", "b", "c"]),
        ("<b>a<p>b</p>c</b>", ["a", "b", "c"]),
        ("<span><div>a</div><div>b</div></span>", ["a", "b"]),
        ("<button>a</button><label>b</label><textarea>c</textarea>", ["a", "b", "c"]),
        ("<custom-card>a</custom-card>b", ["a", "b"]),
        ("a<!-- comment -->b<?pi?>c", ["abc"]),
        ("<p> \n </p><p>&nbsp;</p><div></div>", []),
        ("<p>one\n  two&nbsp;three\u2003four\u3000five</p>", ["one two three four five"]),
        ("<p>漢<ruby>字<rt>kanji</rt></ruby></p>", ["漢字kanji"]),
    ],
)
def test_blocks_end_at_block_elements_and_nowhere_else(html: str, texts: list[str]) -> None:
    assert cut(html).text == texts


@pytest.mark.parametrize(
    ("html", "texts"),
    [
        ("a<br>b", ["a b"]),
        ("a<br><br>b", ["a", "b"]),
        ("a<br/> \n <br/>b", ["a", "b"]),
        ("a<br><!-- x --><br>b", ["a", "b"]),
        ("a<br><b></b><br>b", ["a", "b"]),
        ("a<br><b>b</b><br>c", ["a b c"]),
        ("<br><br><br>a<br><br><br><br>b<br>", ["a", "b"]),
    ],
)
def test_two_line_breaks_in_a_row_part_the_text_and_one_does_not(html: str, texts: list[str]) -> None:
    assert cut(html).text == texts


@pytest.mark.parametrize(
    ("rows", "texts"),
    [
        (["<th>Year<th>Cost", "<td>2024<td>5"], ["Year\tCost", "2024\t5"]),
        (["<td> a\n b\t<i>c</i> </td>\n<td>\nd<br>e</td>"], ["a b c\td e"]),
        (["<th></th><th>2023</th><th>2024</th>"], ["\t2023\t2024"]),
        (["<td>a</td><td></td><td>b</td><td></td>"], ["a\t\tb"]),
        (["<td>alone</td>", "<td></td><td>alone</td><td> </td>"], ["alone", "alone"]),
        (["<td></td><td>&nbsp;</td>"], []),
        (["<td>a<br></td><td><br>b</td>"], ["a\tb"]),
        (["<td>a</td>stray<td>b</td>"], ["a stray\tb"]),
    ],
)
def test_a_row_is_one_block_with_a_tab_between_its_cells(rows: list[str], texts: list[str]) -> None:
    segments = cut(table(*rows))
    assert segments.text == texts
    assert {segments.markup(block) for block in range(len(texts))} <= {"tr"}


@pytest.mark.parametrize(
    ("row", "texts"),
    [
        ("<td><p>a</p><p>b</p></td><td>c</td><td>d</td>", ["a", "b", "c\td"]),
        ("<td>a</td><td>b</td><td><div>c</div></td><td>d</td>", ["a\tb", "c", "d"]),
        ("<td>a<p>b</p>c</td><td>d</td>", ["a", "b", "c\td"]),
        ("<td>a<br><br>b</td><td>c</td>", ["a", "b\tc"]),
        (f"<td>a{table('<td>b<td>c')}d</td><td>e</td>", ["a", "b\tc", "d\te"]),
        ("<td><ul><li>a<li>b</ul></td><td><ul><li>c</ul></td>", ["a", "b", "c"]),
    ],
)
def test_cells_that_hold_blocks_are_cut_into_them(row: str, texts: list[str]) -> None:
    assert cut(table(row)).text == texts


def test_the_columns_of_a_page_laid_out_as_a_table_are_blocks() -> None:
    assert cut(table(f"<td>{LONG}</td><td>{LONG}</td><td>a</td><td>b</td>")).text == [
        LONG.strip(),
        LONG.strip(),
        "a\tb",
    ]


def test_the_options_of_a_list_are_one_block_with_spaces() -> None:
    assert cut("<select><option>a<option>b c</select><select><option>d</select>").text == ["a b c", "d"]


def test_white_space_in_preformatted_text_is_kept() -> None:
    segments = cut("<pre>def f():\n    return 1\n\n\n<br><br># <b>end</b>\n</pre><p>a  b</p>")
    assert segments.text == ["def f():\n    return 1\n\n\n\n\n# end", "a b"]
    assert [segments.markup(0), segments.markup(1)] == ["pre", "p"]


@pytest.mark.parametrize("tag", ["noscript", "template"])
def test_text_in_inert_elements_is_kept_and_flagged(tag: str) -> None:
    segments = cut(f"<p>a</p><{tag}><div><p>b</p></div>c</{tag}><p>d</p>")
    assert segments.text == ["a", "b", "c", "d"]
    assert [segments.nodes.inert[node] for node in segments.node] == [None, tag, tag, None]


@pytest.mark.parametrize("opening", ["<div hidden>", "<div style='color: red; Display : none'>"])
def test_text_in_hidden_elements_is_kept_and_flagged(opening: str) -> None:
    segments = cut(f"<p>a</p>{opening}<p>b</p>c</div><div style='display: block'>d</div>")
    assert segments.text == ["a", "b", "c", "d"]
    assert [segments.nodes.hidden[node] for node in segments.node] == [False, True, True, False]


def test_what_no_reader_is_shown_is_no_text() -> None:
    html = """<head><title>Tab</title><style>p {}</style><script>var a</script></head>
      <body>a<script>b</script><svg><title>c</title><g><text>d</text></g></svg><style>e</style> f</body>"""
    assert cut(html).text == ["a f"]


def test_comments_and_instructions_in_a_tree_are_no_text_and_part_nothing() -> None:
    root = document_fromstring("<p>a<!-- comment -->b<?pi x?>c</p><!-- after -->d")
    assert segment(root).text == ["abc", "d"]


def test_text_in_the_head_other_than_its_title_is_kept() -> None:
    assert cut("<head><title>Tab</title><noscript>a</noscript></head><body>b<title>c</title>").text == [
        "a",
        "b",
        "c",
    ]


def test_links_are_counted_by_characters_number_and_first_target() -> None:
    segments = cut("<p>see <a href=/one>this</a> or <a href=/two>that one</a></p><p>none</p><p><a>x</a></p>")
    assert segments.link_chars == [12, 0, 1]
    assert segments.links == [2, 0, 1]
    assert segments.href == ["/one", "", ""]


def test_a_link_around_blocks_counts_for_each_of_them() -> None:
    segments = cut("<a href=/card><div>headline</div><p>teaser</p></a><p>after</p>")
    assert segments.text == ["headline", "teaser", "after"]
    assert segments.link_chars == [8, 6, 0]
    assert segments.links == [1, 1, 0]
    assert segments.href == ["/card", "/card", ""]


@pytest.mark.parametrize(
    ("html", "media", "controls"),
    [
        ("<p>a<img></p><p>b</p>", [1, 0], [0, 0]),
        ("<p>a</p><img><p>b</p><img>", [0, 1], [0, 0]),
        ("<picture><source><img></picture><video></video><audio></audio>a", [3], [0]),
        (
            "<p>a<iframe></iframe>b<svg><image/></svg><embed><canvas></canvas><object></object>",
            [0, 4],
            [0, 0],
        ),
        ("<p>a<input><input TYPE=Hidden><input type=text>b</p>", [0], [2]),
        ("<p>a<input placeholder=Mail>b</p>", [0, 0, 0], [0, 1, 0]),
        ("a<select><option>b</select><textarea>c</textarea>d<button>e</button>", [0] * 5, [0, 1, 1, 0, 1]),
        ("<img><input><div> </div><p>a</p>", [1], [1]),
    ],
)
def test_pictures_and_controls_count_for_the_block_that_ends_next(
    html: str, media: list[int], controls: list[int]
) -> None:
    segments = cut(html)
    assert (segments.media, segments.controls) == (media, controls)


def test_emphasised_characters_are_counted() -> None:
    segments = cut(
        "<p>a <b>bold <i>both</i></b> <em>so</em> <strong>s</strong></p><b><div>c</div></b><p>d</p>"
    )
    assert segments.emphasis_chars == [12, 1, 0]


def test_names_of_inline_elements_belong_to_the_block_and_others_to_the_node() -> None:
    segments = cut("<div id=top class='post main'><p>x<span class=author>Ann</span></p><p>y</p></div>")
    assert segments.names == ["author", ""]
    nodes = segments.nodes
    assert nodes.tag == ["html", "body", "div", "p", "p"]
    assert nodes.names[2] == "post main top"


def test_long_class_attributes_are_cut() -> None:
    assert len(cut(f"<p class='{'x ' * 5_000}'>a</p>").nodes.names[-1]) <= MAX_CLASS_CHARS


def test_nodes_bound_their_descendants_and_their_blocks() -> None:
    segments = cut("<div><p>a</p><p>b</p></div><div><p>c</p></div>d")
    nodes = segments.nodes
    assert nodes.tag == ["html", "body", "div", "p", "p", "div", "p"]
    assert nodes.parent == [-1, 0, 1, 2, 2, 1, 5]
    assert nodes.end == [7, 7, 5, 4, 5, 7, 7]
    bounds = list(zip(nodes.first_block, nodes.last_block, strict=True))
    assert bounds == [(0, 4), (0, 4), (0, 2), (0, 1), (1, 2), (2, 3), (2, 3)]
    assert segments.node == [3, 4, 6, 1]


def test_the_path_names_elements_and_first_classes_from_the_outside() -> None:
    segments = cut("<main><div class='story big' id=s><p>a</p></div></main>")
    assert segments.path(0) == "html > body > main > div.story > p"
    deep = cut("<div>" * 20 + "a")
    assert deep.path(0).split(" > ") == ["div"] * MAX_PATH_STEPS


def test_text_past_the_last_block_is_kept_in_one_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(segment_module, "MAX_BLOCKS", 3)
    segments = cut("".join(f"<p>{word}</p>" for word in ("a", "b", "c", "d", "e")) + "<div><p>f</p></div>")
    assert segments.text == ["a", "b", "c", "d\ne\nf"]
    assert segments.warnings == ["more than 3 blocks: the last one holds all text after them"]
    columns = (
        *(segments.node, segments.names, segments.link_chars, segments.links, segments.href),
        *(segments.emphasis_chars, segments.media, segments.controls),
    )
    assert {len(column) for column in columns} == {4}
    assert segments.markup(3) == "html"
    assert segments.path(3) == "html"
    assert (segments.nodes.first_block[0], segments.nodes.last_block[0]) == (0, 4)


@pytest.mark.parametrize("limit", [2, 4, 5, 6, 7, 8, 9, 10, 12])
def test_text_past_the_last_element_is_kept_in_one_block(monkeypatch: pytest.MonkeyPatch, limit: int) -> None:
    monkeypatch.setattr(walk_module, "MAX_ELEMENTS", limit)
    head = "<head><title>t</title><script>x</script></head>"
    segments = cut(
        f"<html>{head}<body>a<p>b <i>c</i>d<br>e</p><svg><g>x</g></svg><input placeholder=f><ul><li>g<li>h</ul>"
        "<textarea placeholder=i>j</textarea><style>x</style></body></html>"
    )
    assert "".join("".join(segments.text).split()) == "abcdefghij"
    assert segments.warnings == [f"more than {limit} elements: the last block holds all text after them"]
    nodes = segments.nodes
    assert (nodes.end[0], nodes.first_block[0], nodes.last_block[0]) == (
        len(nodes.tag),
        0,
        len(segments.text),
    )
    assert all(node >= 0 for node in segments.node)


def test_as_many_elements_as_allowed_overflow_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(walk_module, "MAX_ELEMENTS", 4)
    segments = cut("<p>a</p><p>b</p>")
    assert (segments.text, segments.warnings) == (["a", "b"], [])


def test_as_many_blocks_as_allowed_overflow_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(segment_module, "MAX_BLOCKS", 2)
    segments = cut("<p>a</p><p>b</p>")
    assert (segments.text, segments.warnings) == (["a", "b"], [])


def test_ten_thousand_open_elements_are_walked() -> None:
    segments = cut("<div>" * 10_000 + "a" + "</div>" * 10_000 + "<p>b</p>")
    assert segments.text == ["a", "b"]


def test_what_form_controls_show_is_text() -> None:
    root = parse_html(
        "<p>Write to us<input type=text placeholder=' Your\n mail ' value=typed><input type=hidden value=token>"
        "<input TYPE=SUBMIT value='Send'> today</p><textarea placeholder='Your words'>old words</textarea>"
    )
    assert root is not None
    segments = segment(root)
    assert segments.text == ["Write to us", "Your mail", "Send", "today", "Your words", "old words"]
    assert [segments.markup(block) for block in range(6)] == [
        "p",
        "input",
        "input",
        "p",
        "textarea",
        "textarea",
    ]
