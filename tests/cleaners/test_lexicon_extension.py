"""Files of phrases that users add to the built-in ones."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cleaners.lexicon import LANGUAGES, Lexicon, LexiconError, load_lexicon, tokenize


def write(path: Path, language: object = "en", **parts: object) -> Path:
    path.write_text(json.dumps({"language": language, **parts}, ensure_ascii=False), encoding="utf-8")
    return path


def found(lexicon: Lexicon, text: str) -> list[tuple[str, str, str]]:
    return [(match.group, match.phrase, match.language) for match in lexicon.match(tokenize(text))]


def refusal(*paths: Path) -> str:
    with pytest.raises(LexiconError) as raised:
        load_lexicon(extra=paths)
    return str(raised.value)


def test_a_phrase_is_added(tmp_path: Path) -> None:
    extra = write(tmp_path / "own.json", phrases={"related": ["Also in the Farm Gazette:"]})
    entry = ("related", "also in the farm gazette", "en")
    assert entry in found(load_lexicon(extra=[extra]), "ALSO in the Farm Gazette")
    assert entry not in found(load_lexicon(), "ALSO in the Farm Gazette")
    assert ("copyright", "rights reserved", "en") in found(load_lexicon(extra=[extra]), "All rights reserved")


def test_a_users_group_wins_over_the_built_in_one(tmp_path: Path) -> None:
    assert ("related_heading", "related posts", "en") in found(load_lexicon(), "related posts")
    extra = write(tmp_path / "own.json", phrases={"media": ["related posts"]})
    groups = {
        group
        for group, phrase, _ in found(load_lexicon(["en"], extra=[extra]), "related posts")
        if phrase == "related posts"
    }
    assert groups == {"media"}


def test_a_built_in_phrase_is_removed(tmp_path: Path) -> None:
    extra = write(tmp_path / "own.json", remove={"related_heading": ["Related Posts"]})
    assert "related posts" not in {
        phrase for _, phrase, _ in found(load_lexicon(extra=[extra]), "Related Posts")
    }
    assert "related posts" in {phrase for _, phrase, _ in found(load_lexicon(), "Related Posts")}


def test_a_phrase_may_be_moved_in_one_file(tmp_path: Path) -> None:
    extra = write(tmp_path / "own.json", phrases={"media": ["skip to"]}, remove={"navigation": ["skip to"]})
    assert found(load_lexicon(["en"], extra=[extra]), "skip to")[0] == ("media", "skip to", "en")


def test_languages_of_ones_own(tmp_path: Path) -> None:
    extra = write(tmp_path / "eo.json", "eo", phrases={"copyright": ["ĉiuj rajtoj rezervitaj"]})
    lexicon = load_lexicon(extra=[extra])
    assert lexicon.languages == (*LANGUAGES, "eo")
    assert found(lexicon, "Ĉiuj rajtoj rezervitaj.") == [("copyright", "ĉiuj rajtoj rezervitaj", "eo")]


def test_languages_are_chosen_among_all(tmp_path: Path) -> None:
    extra = write(tmp_path / "eo.json", "eo", phrases={"copyright": ["ĉiuj rajtoj rezervitaj"]})
    assert load_lexicon(["eo", "de"], extra=[extra]).languages == ("de", "eo")
    assert load_lexicon(["de"], extra=[extra]).languages == ("de",)
    with pytest.raises(ValueError, match="no phrases for language 'eo'"):
        load_lexicon(["eo"])
    with pytest.raises(ValueError, match=r"no phrases for language 'xx'; known are .*, eo$"):
        load_lexicon(["xx"], extra=[extra])


def test_folders_are_read_by_name_and_the_later_file_wins(tmp_path: Path) -> None:
    write(tmp_path / "b.json", phrases={"media": ["farm gazette"]})
    write(tmp_path / "a.json", phrases={"related": ["farm gazette", "barn door"]})
    (tmp_path / "notes.txt").write_text("not a file of phrases", encoding="utf-8")
    lexicon = load_lexicon(["en"], extra=[tmp_path])
    assert found(lexicon, "farm gazette") == [("media", "farm gazette", "en")]
    assert found(lexicon, "barn door") == [("related", "barn door", "en")]
    last = write(tmp_path / "last.txt", remove={"media": ["farm gazette"]})
    assert found(load_lexicon(["en"], extra=[tmp_path, last]), "farm gazette") == []


def test_spelling_is_that_of_the_tokenizer(tmp_path: Path) -> None:
    extra = write(tmp_path / "own.json", "ja", phrases={"related": ["あわせて 読みたい！", "E-Mail  App:"]})
    lexicon = load_lexicon(["ja"], extra=[extra])
    assert ("related", "あわせて読みたい", "ja") in found(lexicon, "【あわせて読みたい】")
    assert ("related", "e mail app", "ja") in found(lexicon, "e-mail app")


def test_the_same_choice_is_built_once(tmp_path: Path) -> None:
    extra = write(tmp_path / "own.json", phrases={"related": ["farm gazette"]})
    assert load_lexicon(extra=[extra]) is load_lexicon(extra=(extra,))
    assert load_lexicon(extra=[extra]) is not load_lexicon()
    assert load_lexicon(extra=[]) is load_lexicon()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("{", "is not JSON in UTF-8"),
        ("[]", 'expected {"language": …, "phrases": {…}, "remove": {…}}'),
        ('{"phrases": {}}', "expected"),
        ('{"language": "en", "phrase": {}}', "expected"),
        ('{"language": "EN", "phrases": {"media": ["x"]}}', "language 'EN': expected a code in lower case"),
        ('{"language": 3, "phrases": {"media": ["x"]}}', "language 3: expected a code"),
        ('{"language": "en"}', "holds no phrases, neither to add nor to remove"),
        ('{"language": "en", "phrases": ["x"]}', "phrases: expected {group: [phrase, …]}"),
        ('{"language": "en", "phrases": {"media": "x"}}', "phrases, group media: expected a list of phrases"),
        ('{"language": "en", "phrases": {"media": [3]}}', "phrases, group media: 3 is no phrase"),
        ('{"language": "en", "phrases": {"media": ["…"]}}', "phrases, group media: “…” has no words"),
        (
            '{"language": "en", "phrases": {"media": ["a b c d e f g h"]}}',
            "phrases, group media: “a b c d e f g h” has 8 words; at most 7 are allowed",
        ),
        (
            '{"language": "ja", "phrases": {"media": ["一二三四五六七八九十一二三四五六七"]}}',
            "phrases, group media: “一二三四五六七八九十一二三四五六七” has 17 words; at most 16 are allowed",
        ),
        (
            '{"language": "en", "phrases": {"body": ["x"]}}',
            "phrases, group body: no such group; a group is a block type (byline, caption, navigation,",
        ),
        (
            '{"language": "en", "phrases": {"newsleter_weak": ["x"]}}',
            "phrases, group newsleter_weak: no such group (did you mean newsletter_weak?); a group is",
        ),
        ('{"language": "en", "remove": {"medium": ["x"]}}', "remove, group medium: no such group"),
        (
            '{"language": "en", "phrases": {"media": ["Barn door"], "related": ["barn door!"]}}',
            "phrases, group related: “barn door” stands in media too",
        ),
        ('{"language": "en", "phrases": {"media": ["x"], "media": ["y"]}}', "“media” stands there twice"),
        (
            '{"language": "en", "remove": {"media": ["barn door"]}}',
            "remove, group media: en has no phrase “barn door” there",
        ),
        (
            '{"language": "en", "remove": {"media": ["Related posts"]}}',
            "remove, group media: en has no phrase “related posts” there; it stands in related_heading",
        ),
    ],
)
def test_errors_name_file_group_and_phrase(tmp_path: Path, content: str, message: str) -> None:
    path = tmp_path / "own.json"
    path.write_text(content, encoding="utf-8")
    assert refusal(path).startswith(f"{path}: {message}")


def test_files_that_are_not_there_or_no_text(tmp_path: Path) -> None:
    assert (
        refusal(tmp_path / "none.json")
        == f"{tmp_path / 'none.json'}: cannot be read: No such file or directory"
    )
    assert refusal(tmp_path) == f"{tmp_path}: the folder holds no .json file of phrases"
    (tmp_path / "bytes.json").write_bytes(b'{"language": "\xff"}')
    assert refusal(tmp_path / "bytes.json").startswith(f"{tmp_path / 'bytes.json'}: is not JSON in UTF-8")


def test_a_byte_order_mark_is_no_error(tmp_path: Path) -> None:
    path = write(tmp_path / "own.json", phrases={"related": ["farm gazette"]})
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert found(load_lexicon(["en"], extra=[path]), "farm gazette") == [("related", "farm gazette", "en")]
