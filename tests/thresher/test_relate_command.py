"""`thresher relate` as users call it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from sqlalchemy import text
from typer.testing import CliRunner, Result

from pipelines.store import Store
from tests.pipelines.reuse.made_up import article, edited, hours, state, story
from thresher.cli import app


def relate(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["relate", *arguments], catch_exceptions=False)


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """A folder with a crawl's outputs, of which nothing was compared."""
    with Store(f"sqlite:///{tmp_path}/thresher.db") as store:
        store.save(article("paper.example", story(1), published=hours(1)))
        store.save(article("copy.example", edited(story(1)), published=hours(2)))
        store.save(article("spinner.example", story(1), published=hours(3)))
        store.save(article("spinner.example", story(2), published=hours(3), path="2"))
    return tmp_path


def test_it_says_who_took_how_much_from_whom(corpus: Path) -> None:
    done = relate(str(corpus))
    assert done.exit_code == 0
    assert done.stdout.splitlines() == [
        "Compared   4 articles; 4 in all",
        "Clusters   1, 0 of them of unknown origin",
        "Relations  original 1, verbatim 1, edited 1",
        "Sources    copy.example took 1 from paper.example",
        "           spinner.example took 1 from paper.example",
    ]
    again = relate(str(corpus / "thresher.db"))
    assert again.stdout.splitlines()[0] == "Compared   0 articles; 4 in all"
    assert again.stdout.splitlines()[1:] == done.stdout.splitlines()[1:]


def test_one_article_is_accounted_for(corpus: Path) -> None:
    copy, paper = "https://copy.example/1", "https://paper.example/1"
    lines = relate(str(corpus), "--show", copy).stdout.splitlines()
    assert lines[:4] == [
        f"Article    {copy}",
        "Relation   edited",
        f"Origin     {paper}",
        "Site       paper.example",
    ]
    assert lines[4].startswith("Evidence   text: copied with changes: ")
    assert lines[4].endswith(f" ({copy})")
    assert lines[5].startswith("Figures    of later: 0.")
    assert lines[-2:] == [f"Cluster    original: {paper}", "           verbatim: https://spinner.example/1"]
    of_paper = relate(str(corpus), "--show", paper).stdout.splitlines()
    assert of_paper[4] == f"Evidence   time: the earliest: published 2026-01-01 01:01:00+00:00 ({paper})"
    assert of_paper[5:] == [
        "Cluster    edited: https://copy.example/1",
        "           verbatim: https://spinner.example/1",
    ]
    alone = relate(str(corpus), "--show", "https://spinner.example/2")
    assert alone.stdout == "Article    https://spinner.example/2\nRelation   no copies are known\n"


def test_an_article_that_is_not_there_is_said_so(corpus: Path) -> None:
    done = relate(str(corpus), "--show", "https://nobody.example/")
    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr == "Error: the database holds no article of https://nobody.example/\n"


def test_quiet_says_nothing(corpus: Path) -> None:
    done = relate(str(corpus), "--quiet")
    assert (done.exit_code, done.output) == (0, "")


def test_a_database_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    done = relate(str(tmp_path / "none.db"))
    assert done.exit_code == 2
    assert done.stderr == f"Error: {tmp_path / 'none.db'}: there is no such database\n"
    assert list(tmp_path.iterdir()) == []


def test_nothing_of_a_page_is_obeyed_by_the_terminal(tmp_path: Path) -> None:
    with Store(f"sqlite:///{tmp_path}/thresher.db") as store:
        for number, site in enumerate(("a.example", "\x1b[31mb.example")):
            entry = article("b.example", story(1), path=str(number), published=hours(number))
            entry.site = site
            store.save(entry)
    assert "\x1b" not in relate(str(tmp_path)).stdout


def test_ctrl_c_keeps_what_was_compared(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/thresher.db"
    with Store(url) as store:
        for number in range(1, 1_600):
            if number % 10:
                store.save(article(f"s{number % 7}.example", story(number, 60), path=str(number)))
    with subprocess.Popen(
        [sys.executable, "-m", "thresher", "relate", str(tmp_path)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as child:
        while not _compared(url):
            assert child.poll() is None
            time.sleep(0.02)
        os.kill(child.pid, signal.SIGINT)
        said = child.communicate(timeout=60)
    if child.returncode:  # it may have been done at the moment of the signal
        assert (child.returncode, said[0]) == (130, "")
        assert said[1] == "Error: stopped; the next call goes on\n"
    assert relate(str(tmp_path), "--quiet").exit_code == 0
    with Store(url) as store:
        assert state(store).waiting == 0


def _compared(url: str) -> int:
    with Store(url) as store, store.session() as session:
        return session.scalar(text("SELECT count(*) FROM articles WHERE compared")) or 0
