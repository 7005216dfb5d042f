"""Databases of older programs are upgraded without loss, those of newer ones left alone."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, create_engine, event, inspect, select, text
from sqlalchemy.exc import OperationalError

from cleaners import Article, Block, BlockType, ClaimedSource
from pipelines.store import Store, upgrade
from pipelines.store.articles import Saved, article_of
from pipelines.store.engine import WrongDatabaseError, open_engine
from pipelines.store.schema import Run, StoredArticle, StoredRejection, StoredRevision
from pipelines.store.tables import METADATA
from pipelines.store.upgrade import steps

ROOT: Final = Path(__file__).resolve().parents[2]
OLD: Final = sorted((Path(__file__).parent / "old_schemas").glob("*.sql"))
FIRST, _, CRAWL, REUSE = OLD
URL: Final = "http://a.example/2024/05/01/a-story"
FETCHED: Final = "2024-05-01 10:00:00.000000"
TIME_LIMIT: Final = 60  # seconds
IN_POSTGRESQL: Final = {
    "DATETIME": "TIMESTAMP WITH TIME ZONE",
    "    id INTEGER": "    id SERIAL",
    "DOUBLE": "DOUBLE PRECISION",
    "BLOB": "BYTEA",
    " WITHOUT ROWID": "",
    "compared = 0": "NOT compared",
    "settled = 0": "NOT settled",
}


@pytest.fixture
def engine(empty_database: str) -> Iterator[Engine]:
    opened = open_engine(empty_database)
    yield opened
    opened.dispose()


@contextmanager
def opened(url: str) -> Iterator[Engine]:
    engine = open_engine(url)
    yield engine
    engine.dispose()


def statements(path: Path, connection: Connection) -> list[str]:
    """An old program's schema in a database's own words."""
    schema = path.read_text(encoding="utf-8")
    if connection.dialect.name == "postgresql":
        for ours, theirs in IN_POSTGRESQL.items():
            schema = schema.replace(ours, theirs)
    return [statement for statement in schema.split(";") if statement.strip()]


def insert(connection: Connection, table: str, **values: Any) -> None:
    names = ", ".join(values)
    places = ", ".join(f":{name}" for name in values)
    connection.execute(text(f"INSERT INTO {table} ({names}) VALUES ({places})"), values)


def old_database(engine: Engine, path: Path) -> None:
    """A database as an old program left it, with an article, a rejection, and a run that wrote them."""
    later = path not in OLD[:2]  # since there is the crawl
    with engine.begin() as connection:
        for statement in statements(path, connection):
            connection.exec_driver_sql(statement)
        more: dict[str, Any] = {"outcome": "finished"} if later else {}
        insert(connection, "runs", spider="site", arguments="{}", started=FETCHED, finished=FETCHED, **more)
        more = {}
        if later:
            more = {"revision": 2, "revised_at": FETCHED, "checked_at": FETCHED, "digest": digest_then()}
        if path == REUSE:
            more["compared"] = True
        insert(
            connection, "articles", run_id=1, schema_version=1, url=URL, site="a.example", title="A storm",
            authors='["Ada Quill"]', text="One.\n\nTwö.", markdown="# A storm", categories="[]",
            claimed_domain="cnn.com", claimed_kind="attribution line", claimed_evidence="first on CNN",
            boilerplate="{}", warnings="[]", fetched_at=FETCHED, discovered_by="link", **more,
        )  # fmt: skip
        for position, line in enumerate(("One.", "Twö.")):
            insert(
                connection, "blocks", article_id=1, position=position, text=line, type="body", confidence=0.9,
                reason="test", markup="p", path="p", kept=True,
            )  # fmt: skip
        insert(connection, "rejections", run_id=1, url=f"{URL}/x", reason="timeout", detail="late")
        if later:
            insert(
                connection, "revisions", article_id=1, revision=1, run_id=1, replaced_at=FETCHED,
                record=json.dumps({"title": "Before"}),
            )  # fmt: skip
            insert(connection, "sites", site="a.example", pass_id=3, pass_began=FETCHED, pass_open=True)


def the_article(**more: Any) -> Article:
    """The article of an old database, as the present program has it from the same page."""
    blocks = [Block(line, BlockType.BODY, 0.9, "test", path="p") for line in ("One.", "Twö.")]
    return Article(
        url=URL, site="a.example", title="A storm", authors=["Ada Quill"], text="One.\n\nTwö.",
        markdown="# A storm", blocks=blocks, fetched_at=datetime(2024, 5, 1, 10, tzinfo=UTC),
        claimed_source=ClaimedSource("cnn.com", None, "attribution line", "first on CNN"),
        discovered_by="link", **more,
    )  # fmt: skip


def digest_then() -> str:
    return "2f2e7e8b8c7b6f0b7d4b8a3a0a7c2b7c"  # whatever it was: it is kept


def catalogue(engine: Engine) -> dict[str, Any]:
    """Everything that the database says of its tables, the order of the columns aside."""
    with engine.connect() as connection:
        if engine.dialect.name == "postgresql":
            constraints = connection.exec_driver_sql(
                "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint "
                "WHERE connamespace = 'public'::regnamespace"
            )
            indexes = connection.exec_driver_sql(
                "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'"
            )
        else:
            constraints = connection.exec_driver_sql("PRAGMA table_list")
            indexes = connection.exec_driver_sql("SELECT sql FROM sqlite_master WHERE type = 'index'")
        inspector = inspect(connection)
        tables = {
            name: {
                "columns": sorted(
                    (one["name"], str(one["type"]), one["nullable"], one["default"])
                    for one in inspector.get_columns(name)
                ),
                "key": inspector.get_pk_constraint(name),
                "references": sorted(inspector.get_foreign_keys(name), key=str),
                "unique": sorted(inspector.get_unique_constraints(name), key=str),
            }
            for name in inspector.get_table_names()
        }
        # A table's number of columns is told above.
        listed = {"constraints": sorted(map(str, constraints)), "indexes": sorted(map(str, indexes))}
        return tables | listed


def differences(engine: Engine) -> list[Any]:
    """What Alembic would change to make the database like the models."""

    def of_this_database(_item: Any, name: str | None, kind: str, reflected: bool, _other: Any) -> bool:
        one_row = engine.dialect.name == "postgresql" and kind == "unique_constraint" and not reflected
        return not (one_row and str(name) in {"uq_articles_url", "uq_rejections_url"})  # it has another form

    with engine.connect() as connection:
        options = {"compare_type": True, "include_object": of_this_database}
        return list(compare_metadata(MigrationContext.configure(connection, opts=options), METADATA))


def test_the_steps_follow_each_other() -> None:
    script = ScriptDirectory(str(Path(upgrade.__file__).parent / "migrations"))
    walked = [step.revision for step in script.walk_revisions()]
    assert tuple(reversed(walked)) == steps()
    assert script.get_heads() == [steps()[-1]]
    assert {version for _, _, version in upgrade._LANDMARKS} <= set(steps())


def test_a_new_database_is_like_the_models(empty_database: str) -> None:
    Store(empty_database).close()
    with opened(empty_database) as engine:
        assert differences(engine) == []


def test_the_steps_lead_to_the_models(new_database: Callable[..., str]) -> None:
    stepped, made = new_database(empty=True), new_database()
    Store(made).close()
    with opened(stepped) as engine, opened(made) as other:
        with upgrade._alone(engine) as connection:
            upgrade._migrate(connection)
        assert differences(engine) == []
        assert catalogue(engine) == catalogue(other)


def test_a_difference_would_be_seen(database: str) -> None:
    Store(database).close()
    with opened(database) as engine:
        with engine.begin() as connection:
            connection.exec_driver_sql("ALTER TABLE runs ADD COLUMN mood TEXT")
        ((change, _, table, column),) = differences(engine)
        assert (change, table, column.name) == ("remove_column", "runs", "mood")


@pytest.mark.parametrize("path", OLD, ids=lambda path: path.stem)
def test_an_old_database_is_upgraded_without_loss(
    engine: Engine, path: Path, new_database: Callable[..., str]
) -> None:
    old_database(engine, path)
    with Store(engine.url.render_as_string(hide_password=False)) as store, store.session() as session:
        (article,) = session.scalars(select(StoredArticle))
        later = path not in OLD[:2]
        revision = 2 if later else 1
        assert article_of(article) == the_article(revision=revision)
        assert (article.run_id, article.revision, article.compared) == (1, revision, False)
        assert article.revised_at == article.checked_at == article.fetched_at
        assert session.scalars(select(Run)).one().finished == article.fetched_at
        assert session.scalars(select(StoredRejection)).one().detail == "late"
        kept = [row.record for row in session.scalars(select(StoredRevision))]
        assert kept == ([{"title": "Before"}] if later else [])
        session.close()
        assert store.save(the_article()) is (Saved.REVISED if later else Saved.UNCHANGED)
        with store.write() as writing:
            writing.execute(text("DELETE FROM articles"))  # and with it its blocks
            assert writing.execute(text("SELECT count(*) FROM blocks")).scalar() == 0
    made = new_database()
    Store(made).close()
    with opened(made) as other:
        assert differences(engine) == []
        assert catalogue(engine) == catalogue(other)


@pytest.mark.parametrize("path", [FIRST, CRAWL], ids=lambda path: path.stem)
def test_a_database_that_a_newer_program_made_tables_in_is_upgraded(engine: Engine, path: Path) -> None:
    """Before there were migrations, opening a database made the tables that were missing, and no columns."""
    old_database(engine, path)
    with engine.begin() as connection:
        there = set(inspect(connection).get_table_names())
        for statement in statements(REUSE, connection):
            kind, _, name = statement.split()[:3]
            table = (
                name if kind == "CREATE" and "TABLE" in statement else statement.split(" ON ")[1].split()[0]
            )
            if table not in there:
                connection.exec_driver_sql(statement)
    Store(engine.url.render_as_string(hide_password=False)).close()
    assert differences(engine) == []


def test_a_database_of_a_newer_program_is_left_alone(database: str) -> None:
    Store(database).close()
    with opened(database) as engine:
        with engine.begin() as connection:
            connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
        before = catalogue(engine)
        with pytest.raises(WrongDatabaseError) as caught:
            Store(database)
        assert str(caught.value) == (
            "it was written by a newer Thresher (its schema is 9999, this program knows those up to "
            f"{steps()[-1]}); upgrade the program, or name another database"
        )
        assert catalogue(engine) == before


def test_a_database_of_another_program_is_left_alone(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE articles (id INTEGER, price INTEGER)")
    with pytest.raises(WrongDatabaseError, match="of another program; name another database"):
        Store(engine.url.render_as_string(hide_password=False))
    assert inspect(engine).get_table_names() == ["articles"]


DIES: Final = (
    "import os, sys; from pipelines.store import Store, upgrade;"
    "upgrade._check_references = lambda connection: os.kill(os.getpid(), 9); Store(sys.argv[1])"
)
OPENS: Final = "import sys; from pipelines.store import Store; input(); Store(sys.argv[1]).close()"


def run(code: str, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", code, *arguments],
        cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


@pytest.mark.parametrize("path", [FIRST, CRAWL], ids=lambda path: path.stem)
def test_an_upgrade_that_is_killed_changes_nothing(engine: Engine, path: Path) -> None:
    old_database(engine, path)
    before = catalogue(engine)
    url = engine.url.render_as_string(hide_password=False)
    with run(DIES, url) as child:
        child.communicate(timeout=TIME_LIMIT)
    assert child.returncode == -9
    assert catalogue(engine) == before
    with Store(url) as store, store.session() as session:
        assert session.scalars(select(StoredArticle.title)).all() == ["A storm"]


def test_an_upgrade_that_fails_changes_nothing(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_connection: Connection) -> None:
        raise WrongDatabaseError("no")

    old_database(engine, FIRST)
    before = catalogue(engine)
    monkeypatch.setattr(upgrade, "_check_references", fail)
    url = engine.url.render_as_string(hide_password=False)
    for _ in range(2):
        with pytest.raises(WrongDatabaseError, match=r"\Ano\Z"):
            Store(url)
    assert catalogue(engine) == before


@pytest.mark.parametrize("old", [True, False], ids=["old", "new"])
def test_programs_that_open_a_database_at_once_wait_for_each_other(engine: Engine, old: bool) -> None:
    if old:
        old_database(engine, FIRST)
    url = engine.url.render_as_string(hide_password=False)
    children = [run(OPENS, url) for _ in range(3)]
    for child in children:
        assert child.stdin is not None
        child.stdin.write("\n")
        child.stdin.flush()
    for child in children:
        with child:
            _, said = child.communicate(timeout=TIME_LIMIT)
        assert (child.returncode, said) == (0, "")
    assert differences(engine) == []


def test_an_upgrade_waits_for_who_writes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """SQLite's own wait is cut into pieces, so that Ctrl-C is heard."""
    url = f"sqlite:///{tmp_path}/old.db"
    with opened(url) as engine, engine.connect() as connection:
        old_database(engine, FIRST)
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        monkeypatch.setattr(upgrade, "_WAIT_SECONDS", 1)
        with pytest.raises(OperationalError, match="locked"):
            Store(url)
        monkeypatch.undo()
        with ThreadPoolExecutor(1) as thread:
            waiting = thread.submit(lambda: Store(url).close())
            with pytest.raises(TimeoutError):
                waiting.result(timeout=1.5)
            connection.rollback()
            waiting.result(timeout=TIME_LIMIT)
        assert differences(engine) == []


def test_threads_that_upgrade_different_databases(new_database: Callable[..., str]) -> None:
    """Alembic's operations belong to the whole process."""
    urls = [new_database(empty=True) for _ in range(4)]
    for url in urls:
        with opened(url) as engine:
            old_database(engine, FIRST)
    code = (
        "import sys; from concurrent.futures import ThreadPoolExecutor; from pipelines.store import Store;"
        "list(ThreadPoolExecutor(4).map(lambda url: Store(url).close(), sys.argv[1:]))"
    )
    with run(code, *urls) as child:
        _, said = child.communicate(timeout=TIME_LIMIT)
    assert (child.returncode, said) == (0, "")
    for url in urls:
        with opened(url) as engine:
            assert differences(engine) == []


def test_opening_a_database_that_is_up_to_date_costs_one_query(database: str) -> None:
    Store(database).close()
    asked: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        asked.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        Store(database).close()
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    ours = [statement for statement in asked if "pg_catalog" not in statement and "show" not in statement]
    assert [statement.split() for statement in ours] == [
        ["SELECT", "alembic_version.version_num", "FROM", "alembic_version"]
    ]


def test_alembic_is_loaded_for_upgrades_only(tmp_path: Path) -> None:
    code = (
        "import sys; from pipelines.store import Store; Store(sys.argv[1]).close(); Store(sys.argv[1]).close();"
        "print('alembic' in sys.modules)"
    )
    with run(code, f"sqlite:///{tmp_path}/new.db") as child:
        said, _ = child.communicate(timeout=TIME_LIMIT)
    assert said == "False\n"


def test_rows_that_refer_to_nothing_stop_an_upgrade(tmp_path: Path) -> None:
    """PostgreSQL never lets them in; SQLite did where another program wrote."""
    url = f"sqlite:///{tmp_path}/old.db"
    with opened(url) as engine:
        old_database(engine, FIRST)
    plain = create_engine(url)  # without our settings, no foreign keys are kept
    with plain.begin() as connection:
        connection.execute(text("DELETE FROM runs"))
    plain.dispose()
    with pytest.raises(WrongDatabaseError, match="of its table articles refers to a row of runs"):
        Store(url)


def test_a_program_in_a_folder_of_any_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In Alembic's settings % has a meaning."""
    folder = tmp_path / "50% off %(here)s"
    shutil.copytree(upgrade._MIGRATIONS, folder)
    monkeypatch.setattr(upgrade, "_MIGRATIONS", folder)
    url = f"sqlite:///{tmp_path}/old.db"
    with opened(url) as engine:
        old_database(engine, FIRST)
        Store(url).close()
        assert differences(engine) == []
