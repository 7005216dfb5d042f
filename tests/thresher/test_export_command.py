"""`thresher export` as users call it: what is written and said, what is refused, the exit status."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from pipelines.export.card import Card
from pipelines.store import Store
from tests.pipelines.corpora import fill, story
from tests.pipelines.test_export import PRESS, contents, rows
from tests.thresher.test_cli import thresher
from thresher.cli import app


@pytest.fixture
def press(tmp_path: Path) -> Path:
    """A folder with a crawl's outputs, as far as an export reads them."""
    with Store(f"sqlite:///{tmp_path / 'out' / 'thresher.db'}") as store:
        fill(store, PRESS)
    return tmp_path


def called(monkeypatch: pytest.MonkeyPatch, folder: Path, *arguments: str) -> Result:
    """The command in this process, where a new one each time would take most of the time."""
    monkeypatch.chdir(folder)
    return CliRunner().invoke(app, ["export", *arguments], catch_exceptions=False)


def card(folder: Path) -> Card:
    return Card.model_validate_json((folder / "card.json").read_bytes())


def test_the_defaults_go_with_those_of_a_crawl(press: Path) -> None:
    done = thresher("export", folder=press)
    said = done.stdout.decode().splitlines()
    assert done.returncode == 0
    assert said[0].startswith("Written     8 of 8 articles, 28 words, about ")
    assert len(said) == 2
    assert said[1].startswith("Files       1, ")
    assert said[1].endswith(" in export; README.md there says more")
    assert done.stderr.decode() == (
        "Warning: 1 of 8 articles have not been compared with the others yet (thresher relate does it): copies of them may be in the corpus.\n"
    )
    assert sorted(contents(press / "export")) == ["README.md", "card.json", "part-00000.parquet"]


@pytest.mark.parametrize("database", ["out", "out/thresher.db", "sqlite:///out/thresher.db"])
def test_a_database_has_several_names(press: Path, monkeypatch: pytest.MonkeyPatch, database: str) -> None:
    assert called(monkeypatch, press, database, "--out", "e", "--quiet").exit_code == 0
    assert len(rows(press / "e")) == 8


def test_all_options_at_once(press: Path) -> None:
    done = thresher(
        *("export", "out", "-o", "e", "-f", "jsonl", "--language", "EN", "--language", "und"),
        *("--min-words", "2", "--max-words", "90", "--min-kept-share", "0.5"),
        *("--site", "a.example", "--site", "https://www.b.example/x", "--site", "c.example"),
        *(
            "--exclude-site",
            "d.example",
            "--relation",
            "original",
            "--relation",
            "edited",
            "--relation",
            "verbatim",
        ),
        *("--dedup", "--dedup-relation", "verbatim", "--file-size", "1 MB"),
        folder=press,
    )
    assert (done.returncode, done.stderr.decode()) == (0, "")
    assert done.stdout.decode().splitlines()[1:3] == [
        "Duplicates  1 (verbatim 1)",
        "Refused     5 (site 3, relation 2)",
    ]
    asked = card(press / "e").asked
    assert asked.model_dump(mode="json") == {
        "form": "jsonl",
        "languages": ["en", "und"],
        "min_words": 2,
        "max_words": 90,
        "min_kept_share": 0.5,
        "sites": ["a.example", "b.example", "c.example"],
        "excluded_sites": ["d.example"],
        "relations": ["edited", "original", "verbatim"],
        "dedup": ["verbatim"],
    }
    assert [row["url"] for row in rows(press / "e")] == ["https://a.example/origin", "https://c.example/edit"]


def test_quiet_says_only_what_speaks_against_the_export(press: Path) -> None:
    done = thresher(
        "export", "--quiet", "--dedup", "--site", "b.example", "--site", "typo.example", folder=press
    )
    assert (done.returncode, done.stdout) == (0, b"")
    assert done.stderr.decode().splitlines() == [
        "Warning: 1 of 3 articles have not been compared with the others yet (thresher relate does it): copies of them may be in the corpus.",
        "Warning: The database has no article of typo.example.",
    ]


@pytest.mark.parametrize(
    ("arguments", "status", "message"),
    [
        (["nowhere"], 2, "nowhere: there is no such database"),
        (["sqlite:///nowhere.db"], 2, "nowhere.db: there is no such database"),
        (["mysql://u:secret@h/d"], 1, "the database: "),
        (["--dedup-relation", "verbatim"], 2, "--dedup-relation needs --dedup"),
        (["--dedup", "--dedup-relation", "single"], 2, "'single' articles are duplicates of none; verbatim, edited"),
        (["--language", "English"], 2, "the language 'english' is not a code such as 'en', nor 'und' for unknown"),
        (["--min-words", "9", "--max-words", "8"], 2, "no text has 9 words or more and 8 or fewer"),
        (["--site", "a.example", "--exclude-site", "a.example"], 2, "the site 'a.example' is both wanted and excluded"),
        (["--file-size", "big"], 2, "'big' is not a number of bytes or a size such as '200 MB'"),
        (["--min-words", "99"], 1, "no article passes the filters: of 8 they refuse all (min words 8)"),
        (["--site", "typo.example"], 1, "no article passes the filters: of 8 they refuse all (site 8)"),
        (["--out", "out/thresher.db"], 2, "thresher.db is a file (--out, --overwrite)"),
        (["--out", "out"], 2, "out is there already; name another folder, or overwrite it (--out, --overwrite)"),
        (["--out", "out", "--overwrite"], 2, "out holds thresher.db, which no export wrote; name another folder"),
    ],
)  # fmt: skip
def test_what_is_refused_is_said_in_one_line(
    press: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], status: int, message: str
) -> None:
    before = contents(press / "out")["thresher.db"]
    done = called(monkeypatch, press, *arguments)
    (said,) = done.stderr.splitlines()
    assert (done.exit_code, done.stdout) == (status, "")
    assert said.startswith("Error: ")
    assert message in said
    assert "secret" not in said
    assert sorted(path.name for path in press.iterdir()) == ["out"]
    assert contents(press / "out")["thresher.db"] == before


def test_a_second_export_replaces_the_first_when_asked_to(
    press: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert called(monkeypatch, press, "--quiet").exit_code == 0
    first = contents(press / "export")
    assert called(monkeypatch, press, "--quiet").exit_code == 2
    assert contents(press / "export") == first
    assert called(monkeypatch, press, "--quiet", "--overwrite").exit_code == 0
    assert contents(press / "export") == first


def test_ctrl_c_is_said_in_a_line(press: Path) -> None:
    code = (
        "import sys, pipelines.export.corpus as corpus\n"
        "def stop(*_, **__): raise KeyboardInterrupt\n"
        "corpus.survey = stop\n"
        "from thresher.cli import app\n"
        "app()"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, "export"], cwd=press, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "Error: stopped; nothing was written\n")
    assert [path.name for path in press.iterdir()] == ["out"]


def test_a_damaged_database_is_said_in_a_line(tmp_path: Path) -> None:
    (tmp_path / "thresher.db").write_bytes(b"no database" * 999)
    done = thresher("export", "thresher.db", folder=tmp_path)
    assert done.returncode == 1
    assert done.stderr.decode() == "Error: the database: file is not a database\n"


def test_a_crawl_and_its_export(tmp_path: Path) -> None:
    """What real cleaning stored comes out, with the boilerplate that it found."""
    from tests.thresher.test_cli import PAGE, STORY  # noqa: PLC0415 - the one test that needs them

    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / "velm.html").write_text(PAGE, encoding="utf-8")
    assert thresher("crawl", "pages", "--output", "corpus", "--quiet", folder=tmp_path).returncode == 0
    assert thresher("export", "corpus", folder=tmp_path).returncode == 0
    (row,) = rows(tmp_path / "export")
    assert (row["title"], row["text"]) == ("Crane falls at Velm", "\n\n".join(STORY))
    assert {part["type"] for part in row["boilerplate"]} == {"navigation", "copyright"}
    assert 0.8 < row["kept_share"] < 1


def test_a_terminal_is_shown_nothing_that_it_would_obey(tmp_path: Path) -> None:
    with Store(f"sqlite:///{tmp_path / 'thresher.db'}") as store:
        fill(store, [story("a.example/1")])
    done = thresher(
        "export", "thresher.db", "--site", "a.example", "--site", "b\x1b[2J.example", folder=tmp_path
    )
    assert done.returncode == 0
    assert b"\x1b" not in done.stderr + done.stdout


def test_the_documentation_names_every_option() -> None:
    said = (Path(__file__).parents[2] / "docs" / "export.md").read_text(encoding="utf-8")
    command = typer.main.get_command(app).commands["export"]  # type: ignore[attr-defined]
    options = {name for parameter in command.params for name in parameter.opts if name.startswith("-")}
    assert {name for name in options - {"--help", "--output"} if f"`{name}`" not in said} == set()
