"""The quality card: its figures, and the Markdown that people and `datasets` read."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from cleaners import BlockType
from pipelines.export.card import (
    Amount,
    BoilerplateAmount,
    Card,
    Counted,
    LanguageAmount,
    Quantiles,
    SiteAmount,
    Span,
)
from pipelines.export.corpus import export
from pipelines.export.duplicates import Why
from pipelines.export.options import Filter, Filters, Form, Options, Relation
from pipelines.export.parts import WrittenFile
from pipelines.export.schema import EVIDENCE, articles_schema, duplicates_schema
from pipelines.export.tally import Tally
from pipelines.store import Store
from tests.pipelines.corpora import DAY, fill, story
from tests.pipelines.test_export import ALL, ORIGIN, PRESS

MIXED = (
    story("a.example/1", "Four words stand here", boilerplate=[(BlockType.NAVIGATION, "Home Sport")] * 3),
    story("a.example/2", "Two words", boilerplate=[(BlockType.NEWSLETTER, "Sign up now please")],
          more={"warnings": ["page cut at 10,000 of 12,345 characters", "odd"]}),
    story("b.example/1", "市議会は月曜日に", more={"language": "ja", "published": DAY + timedelta(days=2),
          "warnings": ["page cut at 10,000 of 777 characters"]}),
    story("c.example/1", "Совет решил", more={"language": "ru", "published": None, "fetched_at": None}),
)  # fmt: skip


@pytest.fixture
def card(tmp_path: Path) -> Card:
    return made(tmp_path, MIXED)


def made(folder: Path, entries: tuple[object, ...], options: Options = Options()) -> Card:  # noqa: B008
    with Store("sqlite://") as store:
        fill(store, entries)  # type: ignore[arg-type]
        return export(store, folder / "out", options)


def readme(folder: Path) -> str:
    return (folder / "out" / "README.md").read_text(encoding="utf-8")


def test_the_figures(card: Card) -> None:
    assert card.written == Amount(articles=4, words=16, characters=49, bytes=75, tokens=17)
    assert card.languages == [
        LanguageAmount(language="ja", articles=1, words=8, characters=8, bytes=24, tokens=6),
        LanguageAmount(language="en", articles=2, words=6, characters=30, bytes=30, tokens=7),
        LanguageAmount(language="ru", articles=1, words=2, characters=11, bytes=21, tokens=4),
    ]
    assert card.sites == 3
    assert card.largest_sites[0] == SiteAmount(site="b.example", articles=1, words=8)
    assert card.boilerplate == [
        BoilerplateAmount(type="navigation", blocks=3, words=6, share=round(6 / 26, 4)),
        BoilerplateAmount(type="newsletter", blocks=1, words=4, share=round(4 / 26, 4)),
    ]
    assert card.words == Quantiles(least=2, p5=2, p25=2, p50=2, p75=4, p95=8, greatest=8)
    assert card.kept_share == Quantiles(
        least=0.3333, p5=0.3333, p25=0.3333, p50=0.4, p75=1, p95=1, greatest=1
    )
    assert card.relations == {Relation.SINGLE: 4}
    assert (card.published.first, card.published.last, card.published.without) == (
        DAY,
        DAY + timedelta(days=2),
        1,
    )
    assert card.fetched.without == 1
    assert card.warnings == [
        Counted(name="page cut at N of N characters", articles=2),
        Counted(name="odd", articles=1),
    ]


def test_the_card_reads_back_from_its_file(card: Card, tmp_path: Path) -> None:
    data = (tmp_path / "out" / "card.json").read_bytes()
    assert Card.model_validate_json(data) == card
    assert set(json.loads(data)) == set(Card.model_fields)


def test_every_article_is_accounted_for(tmp_path: Path) -> None:
    filters = Filters(excluded_sites=frozenset({"d.example"}), languages=frozenset({"en"}))
    card = made(tmp_path, PRESS, Options(dedup=ALL, filters=filters))
    assert card.considered == 8
    assert (card.refused, card.removed) == (
        {"language": 1, "excluded_site": 2},
        {"verbatim": 1, "edited": 1},
    )
    assert card.considered == sum(card.refused.values()) + sum(card.removed.values()) + card.written.articles
    text = readme(tmp_path)
    assert "| refused by excluded site (d.example) | 2 |" in text.replace("\\", "")
    assert "| left out as verbatim duplicates | 1 |" in text


def test_the_front_matter_names_the_files(tmp_path: Path) -> None:
    made(tmp_path, MIXED, Options(dedup=ALL, form=Form.JSONL))
    front = readme(tmp_path).split("---\n")[1]
    assert front == (
        'language:\n- "ja"\n- "en"\n- "ru"\nsize_categories:\n- n<1K\nconfigs:\n'
        "- config_name: articles\n  default: true\n  data_files:\n  - split: train\n"
        '    path: "part-*.jsonl.zst"\n'
        "- config_name: duplicates\n  data_files:\n  - split: train\n"
        '    path: "duplicates.jsonl.zst"\n'
    )


@pytest.mark.parametrize(
    ("options", "said", "unsaid"),
    [
        (Options(), "Duplicates were not left out", "only these"),
        (Options(dedup=ALL), "1 of 5 articles have not been compared", "Duplicates were not"),
        (
            Options(dedup=frozenset({Relation.EDITED})),
            "Of duplicates only these were left out: edited",
            "gone",
        ),
        (
            Options(),
            "Articles with copies whose origin is not known, or not in the database: 2.",
            "removed from their sites",
        ),
        (
            Options(filters=Filters(sites=frozenset({"a.example", "zz.example"}))),
            "The database has no article of zz.example.",
            "compared",
        ),
    ],
)
def test_what_a_reader_must_know(tmp_path: Path, options: Options, said: str, unsaid: str) -> None:
    made(tmp_path, PRESS, options)
    text = readme(tmp_path).replace("\\", "")
    assert said in text
    assert unsaid not in text


def test_names_from_pages_cannot_break_the_page(tmp_path: Path) -> None:
    bad = "x | <script>alert(1)</script>\n# [a](b)\x1b[2J\u202e"
    made(
        tmp_path, (story("a.example/1", more={"site": bad, "warnings": [bad * 50], "language": "en\nx: y"}),)
    )
    text = readme(tmp_path)
    assert "<script>" not in text
    assert not set("\x1b\u202e") & set(text)
    assert "\nx: y" not in text.split("---\n")[1]
    lines = [line for line in text.splitlines() if "<script" in line]
    assert len(lines) == 2
    assert all(len(line) < 500 for line in lines)


def test_warnings_of_their_own_words_are_counted_together_at_last(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipelines.export.tally._MOST_WARNINGS", 2)
    tally = Tally()
    row: dict[str, Any] = {
        "relation": "single", "gone_at": None, "language": None, "site": None, "words": 1, "published": None,
        "fetched_at": None, "boilerplate": [], "page_words": 1, "kept_share": 1.0, "text": "x",
    }  # fmt: skip
    tally.add([{**row, "warnings": [name]} for name in ("a", "b", "c", "d", "a")])
    assert tally.figures()["warnings"] == [
        Counted(name="a", articles=2), Counted(name="others", articles=2), Counted(name="b", articles=1),
    ]  # fmt: skip


def test_the_documentation_names_every_column_and_field() -> None:
    said = (Path(__file__).parents[2] / "docs" / "export.md").read_text(encoding="utf-8")
    names = {
        *articles_schema().names, *duplicates_schema().names, *Card.model_fields, *Amount.model_fields,
        *WrittenFile.model_fields, *Span.model_fields, *Filter, *Relation, *Why, *EVIDENCE,
    }  # fmt: skip
    assert {name for name in names if f"`{name}`" not in said} == set()


def test_pages_that_are_gone_are_said(tmp_path: Path) -> None:
    from cleaners import Rejection  # noqa: PLC0415 - the one test that needs it

    with Store("sqlite://") as store:
        fill(store, PRESS)
        store.save(Rejection(url=ORIGIN, reason="http-410", detail="gone"))
        card = export(store, tmp_path / "out", Options())
    assert card.gone == 1
    assert "Articles whose pages have since been removed from their sites: 1." in readme(tmp_path)
