"""`thresher audit`: a table, JSON, a page; and what is said where that cannot be."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from typer.testing import CliRunner, Result

from pipelines.store import Store
from tests.pipelines.reuse.made_up import article, finish, hours, story
from thresher.cli import app

SCHEMA = json.loads((Path(__file__).resolve().parents[2] / "docs" / "audit.schema.json").read_text("utf-8"))


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """Two stories of one paper; a farm took both and says so of one. Another site stands alone."""
    path = tmp_path / "thresher.db"
    with Store(f"sqlite:///{path}") as store:
        for number in (1, 2):
            store.save(article("paper.example", story(number), path=str(number), published=hours(number)))
            store.save(
                article(
                    "farm.example",
                    story(number),
                    path=str(number),
                    published=hours(number + 5),
                    claims="paper.example" if number == 1 else None,
                )
            )
        store.save(article("alone.example", story(3), published=hours(0)))
        finish(store)
    return path


def run(*arguments: object) -> Result:
    return CliRunner(env={"COLUMNS": "120"}).invoke(app, ["audit", *map(str, arguments)])


def test_a_row_for_each_site(corpus: Path) -> None:
    done = run(corpus)
    assert done.exit_code == 0, done.output
    lines = [[cell.strip() for cell in line.split("│")] for line in done.stdout.splitlines() if "│" in line]
    assert lines == [
        ["farm.example", "2", "2 (100%)", "1 of 2", "paper.example (2)", "5.0 h"],
        ["alone.example", "1", "0 (0%)", "", "", ""],
        ["paper.example", "2", "0 (0%)", "", "", ""],
    ]
    assert not (corpus.parent / "report").exists()


def test_json_follows_its_schema(corpus: Path) -> None:
    done = run(corpus, "--json")
    assert done.exit_code == 0, done.output
    found = json.loads(done.stdout)
    Draft202012Validator(SCHEMA).validate(found)
    assert {one["site"]: one["republished"] for one in found["sites"]} == {
        "alone.example": 0,
        "farm.example": 2,
        "paper.example": 0,
    }
    assert run(corpus, "--json").stdout == done.stdout


def test_some_sites_only(corpus: Path) -> None:
    found = json.loads(run(corpus, "--json", "--site", "https://farm.example/1").stdout)
    assert [one["site"] for one in found["sites"]] == ["farm.example"]
    assert found["totals"]["articles"] == 2


def test_the_report_is_the_same_byte_for_byte(corpus: Path, tmp_path: Path) -> None:
    out = tmp_path / "report"
    done = run(corpus, "--out", out)
    assert done.exit_code == 0, done.output
    assert str(out / "index.html") in done.stdout
    assert [path.name for path in out.iterdir()] == ["index.html"]
    first = (out / "index.html").read_bytes()
    assert run(corpus, "--out", out, "--quiet").stdout == ""
    assert (out / "index.html").read_bytes() == first


def test_without_room_for_texts(corpus: Path, tmp_path: Path) -> None:
    with_texts, without = tmp_path / "with", tmp_path / "without"
    assert run(corpus, "--out", with_texts).exit_code == 0
    assert run(corpus, "--out", without, "--texts", "0").exit_code == 0
    assert "texts-0" in (with_texts / "index.html").read_text("utf-8")
    assert "texts-0" not in (without / "index.html").read_text("utf-8")
    assert "The texts of 2 stories found no room" in (without / "index.html").read_text("utf-8")


def test_what_was_not_compared_is_said(corpus: Path) -> None:
    with Store(f"sqlite:///{corpus}") as store:
        store.save(article("late.example", story(1), published=hours(9)))
    done = run(corpus)
    assert done.exit_code == 0
    assert "1 of 6 articles were not compared yet" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "status", "message"),
    [
        (["--site", "nobody.example"], 1, "the database has no article of nobody.example"),
        (["--texts", "-1"], 2, "--texts"),
    ],
)
def test_what_cannot_be_audited(corpus: Path, arguments: list[str], status: int, message: str) -> None:
    done = run(corpus, *arguments)
    assert (done.exit_code, message in done.stderr) == (status, True), done.output


def test_a_database_that_is_not_there(tmp_path: Path) -> None:
    done = run(tmp_path / "none.db")
    assert (done.exit_code, "there is no such database" in done.stderr) == (2, True)


def test_a_folder_that_cannot_be_written(corpus: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way", "utf-8")
    done = run(corpus, "--out", tmp_path / "file")
    assert done.exit_code == 1
    assert "file" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_corpus_without_articles(tmp_path: Path) -> None:
    path = tmp_path / "empty.db"
    Store(f"sqlite:///{path}").close()
    assert run(path).exit_code == 0
    assert json.loads(run(path, "--json").stdout)["totals"]["articles"] == 0
    assert run(path, "--out", tmp_path / "report").exit_code == 0
