"""The rows of an export: what they hold, which articles they are of, and that the same ones come again."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import JSON, text, type_coerce, update

from cleaners import Article, Block, BlockType, ClaimedSource
from pipelines.export.corpus import EmptyExportError, export
from pipelines.export.options import DUPLICATES, Filter, Filters, Form, Options, Relation
from pipelines.export.schema import articles_schema
from pipelines.feeds import read_records
from pipelines.store import Store
from pipelines.store.schema import StoredArticle
from tests.pipelines.corpora import DAY, Entry, article, fill, story
from tests.postgres_server import PostgresServer

ORIGIN = "https://a.example/origin"
ALL = frozenset(DUPLICATES)
PRESS = (
    story("a.example/origin", "One two three four five six.", cluster="c", relation="original", origin=ORIGIN),
    story("b.example/copy", "One two three four five six.", cluster="c", relation="verbatim", origin=ORIGIN),
    story("c.example/edit", "One two three four five.", cluster="c", relation="edited", origin=ORIGIN),
    story("d.example/left", "Left seven", cluster="d", relation="unknown", origin="https://d.example/right",
          rival="https://d.example/left"),
    story("d.example/right", "Right eight nine", cluster="d", relation="unknown",
          origin="https://d.example/right", rival="https://d.example/left"),
    story("b.example/alone", "Alone.", more={"published": None}),
    story("b.example/new", "Not looked at yet.", compared=False, more={"language": None}),
    story("a.example/older", "Older.", more={"published": DAY - timedelta(days=400), "site": None}),
)  # fmt: skip


def rows(folder: Path) -> list[dict[str, Any]]:
    """All rows of the articles of an export, in order."""
    found: list[dict[str, Any]] = []
    for path in sorted(folder.glob("part-*")):
        found += pq.read_table(path).to_pylist() if path.suffix == ".parquet" else read_records(path)
    return found


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def exported(database: str, folder: Path, options: Options = Options()) -> list[dict[str, Any]]:  # noqa: B008
    with Store(database) as store:
        export(store, folder, options)
    return rows(folder)


def test_a_row_holds_the_article(database: str, tmp_path: Path) -> None:
    blocks = [
        Block(text="The pool", type=BlockType.TITLE, confidence=1, reason="t"),
        Block(text="The town keeps its pool.", type=BlockType.BODY, confidence=1, reason="t"),
        Block(text="The town keeps its pool.", type=BlockType.BODY, confidence=1, reason="t", repeats=1),
        Block(text="Home Sport", type=BlockType.NAVIGATION, confidence=1, reason="t"),
        Block(text="Sign up now, please", type=BlockType.NEWSLETTER, confidence=1, reason="t"),
    ]
    item = Article(
        url="https://a.example/pool?x=1",
        canonical_url="https://a.example/pool",
        site="a.example",
        title="The pool",
        authors=["Ada Quill", "Bo Reed"],
        published=datetime(2024, 5, 1, 12, 30, 1, 250, tzinfo=timezone(timedelta(hours=2))),
        modified=datetime(1969, 12, 31),
        language="en",
        text="The town keeps its pool.",
        markdown="# The pool",
        blocks=blocks,
        categories=["Sport"],
        warnings=["odd"],
        claimed_source=ClaimedSource("o.example", None, "attribution line", "first on o.example"),
        discovered_by="feed",
        fetched_at=DAY,
    )
    with Store(database) as store:
        store.save(item)
        export(store, tmp_path / "out", Options())
    (row,) = rows(tmp_path / "out")
    assert row == {
        "id": hashlib.sha256(b"https://a.example/pool?x=1").hexdigest()[:32],
        "url": "https://a.example/pool?x=1",
        "canonical_url": "https://a.example/pool",
        "site": "a.example",
        "title": "The pool",
        "authors": ["Ada Quill", "Bo Reed"],
        "published": datetime(2024, 5, 1, 10, 30, 1, 250, tzinfo=UTC),
        "modified": datetime(1969, 12, 31, tzinfo=UTC),
        "language": "en",
        "text": "The town keeps its pool.",
        "markdown": "# The pool",
        "words": 5,
        "characters": 24,
        "page_words": 18,
        "kept_share": round(7 / 18, 4),
        "boilerplate": [
            {"type": "navigation", "blocks": 1, "words": 2},
            {"type": "newsletter", "blocks": 1, "words": 4},
        ],
        "categories": ["Sport"],
        "claimed_source": {
            "domain": "o.example", "name": None, "kind": "attribution line", "evidence": "first on o.example",
        },
        "relation": "uncompared",
        "cluster": None,
        "origin_url": None,
        "origin_site": None,
        "rival_url": None,
        "evidence": [],
        "warnings": ["odd"],
        "discovered_by": "feed",
        "fetched_at": DAY,
        "gone_at": None,
        "revision": 1,
    }  # fmt: skip


def test_the_schema_is_typed_and_says_its_version(database: str, tmp_path: Path) -> None:
    with Store(database) as store:
        fill(store, PRESS)
        export(store, tmp_path / "out", Options())
    file = pq.ParquetFile(tmp_path / "out" / "part-00000.parquet")
    assert file.schema_arrow.equals(articles_schema())
    assert file.schema_arrow.field("published").type == pa.timestamp("us", tz="UTC")
    assert file.metadata.metadata[b"thresher.export_version"] == b"1"
    column = file.metadata.row_group(0).column(0)
    assert column.compression == "ZSTD"
    order = [entry.column_index for entry in file.metadata.row_group(0).sorting_columns]
    assert [file.schema.column(index).path for index in order] == ["site", "published", "id"]


def test_how_articles_relate(database: str, tmp_path: Path) -> None:
    with Store(database) as store:
        fill(store, PRESS)
    found = {row["url"].removeprefix("https://"): row for row in exported(database, tmp_path / "out")}
    said = {url: (row["relation"], row["origin_url"], row["origin_site"]) for url, row in found.items()}
    right = "https://d.example/right"
    assert said == {
        "a.example/origin": ("original", ORIGIN, "a.example"),
        "b.example/copy": ("verbatim", ORIGIN, "a.example"),
        "c.example/edit": ("edited", ORIGIN, "a.example"),
        "d.example/left": ("unknown", right, "d.example"),
        "d.example/right": ("unknown", right, "d.example"),
        "b.example/alone": ("single", None, None),
        "b.example/new": ("uncompared", None, None),
        "a.example/older": ("single", None, None),
    }
    assert {row["cluster"] for url, row in found.items() if url[0] in "abc" and row["cluster"]} == {
        found["a.example/origin"]["id"]
    }
    both = [found["d.example/left"], found["d.example/right"]]
    assert {row["cluster"] for row in both} == {min(row["id"] for row in both)}
    assert both[0]["rival_url"] == "https://d.example/left"


def test_an_origin_that_the_corpus_does_not_have(database: str, tmp_path: Path) -> None:
    with Store(database) as store:
        fill(store, [
            story("b.example/near", "One.", cluster="c", relation="unknown", origin_site="o.example"),
            story("c.example/far", "One, two.", cluster="c", relation="edited", origin_site="o.example"),
        ])  # fmt: skip
    found = exported(database, tmp_path / "out")
    assert [(row["relation"], row["origin_url"], row["origin_site"]) for row in found] == [
        ("unknown", None, "o.example"),
        ("edited", None, "o.example"),
    ]


def test_the_evidence_is_told(database: str, tmp_path: Path) -> None:
    finding = {
        "tier": "claim",
        "origin": "a.example",
        "shown_by": "https://b.example/copy",
        "detail": "first on A",
    }
    with Store(database) as store:
        fill(store, [PRESS[0], replace(PRESS[1], evidence=[finding])])
    assert [row["evidence"] for row in exported(database, tmp_path / "out")] == [[], [finding]]


def test_what_was_known_of_an_earlier_text_is_not_said_of_a_new_one(database: str, tmp_path: Path) -> None:
    with Store(database) as store:
        fill(store, PRESS)
        store.save(article(story("b.example/copy", "Something else.")))
    (row,) = [row for row in exported(database, tmp_path / "out") if row["url"] == "https://b.example/copy"]
    assert (row["relation"], row["cluster"], row["origin_url"]) == ("uncompared", None, None)
    assert row["revision"] == 2


def test_an_article_whose_cluster_has_no_origin_yet(database: str, tmp_path: Path) -> None:
    with Store(database) as store:
        fill(store, [story("a.example/1", cluster="c"), story("b.example/2", cluster="c")])
    found = exported(database, tmp_path / "out")
    assert [row["relation"] for row in found] == ["unknown", "unknown"]
    assert len({row["cluster"] for row in found} - {None}) == 1


def test_the_order_is_by_site_then_time_then_id(database: str, tmp_path: Path) -> None:
    names = ["Zebra.example", "a-b.example", "a.example", "aa.example", "é.example", "ä.example"]
    entries = [
        story(
            f"x.example/{number}/{site}", more={"site": site, "published": DAY + timedelta(days=number % 3)}
        )
        for number, site in enumerate(names * 4)
    ]
    with Store(database) as store:
        fill(store, [*entries, *PRESS])
    found = exported(database, tmp_path / "out")
    keys = [
        (row["site"] is None, row["site"] or "", row["published"] is None, row["published"] or DAY, row["id"])
        for row in found
    ]
    assert keys == sorted(keys)
    assert found[0]["site"] == "Zebra.example"
    assert found[-1]["site"] is None


@pytest.mark.parametrize(
    ("filters", "refused", "left"),
    [
        (Filters(languages=frozenset({"en"})), {Filter.LANGUAGE: 1}, 7),
        (Filters(languages=frozenset({"und"})), {Filter.LANGUAGE: 7}, 1),
        (Filters(sites=frozenset({"a.example"})), {Filter.SITE: 7}, 1),
        (Filters(excluded_sites=frozenset({"d.example", "b.example"})), {Filter.EXCLUDED_SITE: 5}, 3),
        (Filters(relations=frozenset({Relation.SINGLE, Relation.ORIGINAL})), {Filter.RELATION: 5}, 3),
        (Filters(min_words=2), {Filter.MIN_WORDS: 2}, 6),
        (Filters(max_words=2), {Filter.MAX_WORDS: 5}, 3),
        (Filters(min_words=4, max_words=5), {Filter.MIN_WORDS: 4, Filter.MAX_WORDS: 2}, 2),
        (
            Filters(sites=frozenset({"b.example"}), languages=frozenset({"en"}), min_words=6),
            {Filter.LANGUAGE: 1, Filter.SITE: 5, Filter.MIN_WORDS: 1},
            1,
        ),
    ],
)
def test_filters(
    database: str, tmp_path: Path, filters: Filters, refused: dict[Filter, int], left: int
) -> None:
    with Store(database) as store:
        fill(store, PRESS)
        card = export(store, tmp_path / "out", Options(filters=filters))
    assert (card.considered, card.refused, card.written.articles) == (8, refused, left)
    assert len(rows(tmp_path / "out")) == left


def test_the_kept_share_as_a_filter(database: str, tmp_path: Path) -> None:
    menu = [(BlockType.NAVIGATION, "one two three")]
    with Store(database) as store:
        fill(store, [
            story("a.example/clean", "Five words are in here"),
            story("a.example/half", "Three are here", boilerplate=menu),
            story("a.example/less", "Two words", boilerplate=menu),
            story("a.example/none", "…"),
        ])  # fmt: skip
        card = export(store, tmp_path / "out", Options(filters=Filters(min_kept_share=0.5)))
    assert card.refused == {Filter.MIN_KEPT_SHARE: 2}
    assert sorted(row["kept_share"] for row in rows(tmp_path / "out")) == [0.5, 1.0]


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (
            lambda: Filters(languages=frozenset({"English"})),
            "the language 'English' is not a code such as 'en'",
        ),
        (lambda: Filters(min_words=5, max_words=4), "no text has 5 words or more and 4 or fewer"),
        (lambda: Filters(min_kept_share=1.5), "the kept share 1.5 is not between 0 and 1"),
        (
            lambda: Filters(sites=frozenset({"a"}), excluded_sites=frozenset({"a"})),
            "the site 'a' is both wanted and excluded",
        ),
        (lambda: Options(dedup=frozenset({Relation.SINGLE})), "'single' articles are duplicates of none"),
        (lambda: Options(file_size=0), "a file of 0 bytes holds nothing"),
    ],
)
def test_wrong_options(make: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        make()


def test_an_export_of_nothing_writes_nothing_and_says_why(database: str, tmp_path: Path) -> None:
    out = tmp_path / "out"
    with Store(database) as store:
        with pytest.raises(EmptyExportError, match="the database holds no article"):
            export(store, out, Options())
        fill(store, PRESS)
        export(store, out, Options())
        before = contents(out)
        nothing = Options(filters=Filters(languages=frozenset({"en"}), min_words=99))
        with pytest.raises(EmptyExportError, match=r"they refuse all \(language 1, min words 7\)"):
            export(store, out, nothing, overwrite=True)
    assert contents(out) == before
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith("out")] == ["out"]


@pytest.mark.parametrize("form", Form)
def test_both_databases_and_any_order_of_arrival_give_the_same_bytes(
    tmp_path: Path, postgres: PostgresServer, postgres_template: str, form: Form
) -> None:
    options = Options(dedup=ALL, form=form)
    with postgres.database(postgres_template) as name:
        for number, (url, entries) in enumerate(
            [
                (f"sqlite:///{tmp_path / '0.db'}", PRESS),
                (f"sqlite:///{tmp_path / '1.db'}", PRESS[::-1]),
                (postgres.url(name), PRESS[3:] + PRESS[:3]),
            ]
        ):
            with Store(url) as store:
                fill(store, entries)
                export(store, tmp_path / f"out{number}", options)
                export(store, tmp_path / f"again{number}", options)
    first = contents(tmp_path / "out0")
    ending = "parquet" if form is Form.PARQUET else "jsonl.zst"
    assert set(first) == {"README.md", "card.json", f"part-00000.{ending}", f"duplicates.{ending}"}
    for other in ("out1", "out2", "again0", "again1", "again2"):
        assert contents(tmp_path / other) == first
    with Store(f"sqlite:///{tmp_path / '0.db'}") as store:
        store.save(article(story("z.example/more")))
        export(store, tmp_path / "other", options)
    assert contents(tmp_path / "other") != first


ENTRIES = st.lists(
    st.builds(
        lambda host, words, cluster, known, day, language: (host, words, cluster, known, day, language),
        st.sampled_from("abc"),
        st.integers(1, 4),
        st.sampled_from([None, "p", "q"]),
        st.sampled_from(["original", "verbatim", "edited", "translated", "unknown", None]),
        st.sampled_from([None, 0, 1]),
        st.sampled_from(["en", "de", None]),
    ),
    min_size=1,
    max_size=9,
)


@settings(max_examples=25, deadline=None)
@given(drawn=ENTRIES, random=st.randoms(use_true_random=False))
def test_no_order_of_arrival_changes_a_byte(drawn: list[Any], random: Any) -> None:
    entries = made(drawn)
    shuffled = list(entries)
    random.shuffle(shuffled)
    wanted = Options(dedup=frozenset({Relation.VERBATIM, Relation.EDITED}))
    with tempfile.TemporaryDirectory() as folder:
        for name, order in (("one", entries), ("two", shuffled)):
            with Store("sqlite://") as store:
                fill(store, order)
                export(store, Path(folder, name), wanted)
        assert contents(Path(folder, "one")) == contents(Path(folder, "two"))


def made(drawn: Sequence[tuple[str, int, str | None, str | None, int | None, str | None]]) -> list[Entry]:
    """Entries of what was drawn; each cluster has one original, the first that was drawn to be it."""
    urls = [f"https://{host}.example/{number}" for number, (host, *_) in enumerate(drawn)]
    origins: dict[str, str] = {}
    for url, (_, _, cluster, known, _, _) in zip(urls, drawn, strict=True):
        if cluster and known == "original":
            origins.setdefault(cluster, url)
    entries = []
    for url, (_, words, cluster, known, day, language) in zip(urls, drawn, strict=True):
        origin = origins.get(cluster or "")
        relation = known if origin else known and "unknown"
        if relation == "original" and origin != url:
            relation = "edited"
        entries.append(
            Entry(
                url=url,
                text=" ".join([f"word{cluster}"] * words),
                cluster=cluster,
                relation=relation,
                origin=origin if relation != "unknown" else None,
                more={"published": None if day is None else DAY + timedelta(days=day), "language": language},
            )
        )
    return entries


def test_articles_without_an_address_have_ids_of_what_they_say(database: str, tmp_path: Path) -> None:
    with Store(database) as store:
        fill(store, [Entry(url=None, text="One."), Entry(url=None, text="Two."), story("a.example/x")])
    found = exported(database, tmp_path / "out")
    assert len({row["id"] for row in found}) == 3
    assert {len(row["id"]) for row in found} == {32}


def test_no_number_of_the_database_is_in_the_files(database: str, tmp_path: Path) -> None:
    with Store(database) as store:
        with store.write() as session:
            session.execute(text("INSERT INTO runs (id, spider, arguments, started) VALUES "
                                 "(7777777, 'x', '{}', '2024-01-01 00:00:00')"))  # fmt: skip
        fill(store, PRESS)
    exported(database, tmp_path / "one", Options(form=Form.JSONL, dedup=ALL))
    for record in read_records(tmp_path / "one" / "part-00000.jsonl.zst"):
        numbers = {name: value for name, value in record.items() if isinstance(value, int)}
        assert set(numbers) == {"words", "characters", "page_words", "revision"}
    for record in read_records(tmp_path / "one" / "duplicates.jsonl.zst"):
        assert not any(isinstance(value, int) for value in record.values())


def test_json_lines_say_the_same_as_parquet(database: str, tmp_path: Path) -> None:
    with Store(database) as store:
        fill(store, PRESS)
    tables = exported(database, tmp_path / "tables")
    lines = exported(database, tmp_path / "lines", Options(form=Form.JSONL))
    assert [list(row) for row in lines] == [list(articles_schema().names)] * len(PRESS)
    for row, line in zip(tables, lines, strict=True):
        plain = {
            name: value.isoformat() if isinstance(value, datetime) else value for name, value in row.items()
        }
        assert plain == line


def test_hostile_texts_come_out_as_they_were_stored(database: str, tmp_path: Path) -> None:
    title = "T" * 1_000_000
    nasty = "nul \0 lone \ud800 bidi \u202e\u2067 <b>&amp;\x1b[2J \U0001f600 e\u0301\r\n\t"
    huge = "word " * 4_000_000
    with Store(database) as store:
        fill(store, [story("a.example/1", nasty, more={"title": nasty, "authors": [nasty], "warnings": [nasty]}),
                     story("a.example/2", huge, more={"title": title}), story("a.example/3", "")])  # fmt: skip
        with store.write() as session:  # what another program wrote there
            nasty_json = update(StoredArticle).where(StoredArticle.url == "https://a.example/1")
            session.execute(nasty_json.values(categories=type_coerce(["\ud800"], JSON)))
    stored = nasty.replace("\0", "\ufffd").replace("\ud800", "\ufffd")
    found = {row["url"][-1]: row for row in exported(database, tmp_path / "out")}
    assert (found["1"]["text"], found["1"]["title"], found["1"]["authors"]) == (stored, stored, [stored])
    assert found["1"]["categories"] == ["\ufffd"]
    assert (found["2"]["text"], found["2"]["title"], found["2"]["words"]) == (huge, title, 4_000_000)
    readme = (tmp_path / "out" / "README.md").read_text(encoding="utf-8")
    assert not set("\0\x1b\u202e\u2067") & set(readme)
    assert "<b>" not in readme
    lines = exported(database, tmp_path / "lines", Options(form=Form.JSONL))
    assert [line["text"] for line in lines] == [row["text"] for row in rows(tmp_path / "out")]


def test_an_export_shows_one_state_while_a_crawl_goes_on(database: str, tmp_path: Path) -> None:
    with Store(database) as store, Store(database) as crawl:
        fill(store, PRESS)
        seen: list[str] = []

        def meanwhile(what: str, done: int, _total: int) -> None:
            if not done:
                seen.append(what)
            if what == "Writing" and not done:
                crawl.save(article(story("a.example/origin", "Changed in between.")))
                crawl.save(article(story("z.example/new", "New in between.")))

        export(store, tmp_path / "before", Options())
        card = export(store, tmp_path / "during", Options(), report=meanwhile)
        export(store, tmp_path / "after", Options())
    assert seen == ["Choosing", "Writing"]
    assert contents(tmp_path / "during") == contents(tmp_path / "before")
    assert (card.considered, len(rows(tmp_path / "after"))) == (8, 9)


def test_a_relation_that_is_none_is_said(database: str, tmp_path: Path) -> None:
    with Store(database) as store:
        fill(store, [story("a.example/1", cluster="c", relation="nephew", origin="https://a.example/1")])
        with pytest.raises(ValueError, match="'nephew' is not a valid Relation"):
            export(store, tmp_path / "out", Options())
    assert not (tmp_path / "out").exists()
