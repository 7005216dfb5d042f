"""`thresher crawl` as users call it: what is refused, what is said, the exit status."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from pipelines.feeds import read_records
from tests.thresher.test_cli import PAGE, thresher
from thresher.crawl_command import _ended
from thresher.report import CrawlReport, SiteReport

CONFIG = '[[site]]\nname = "gazette"\nurl = "https://gazette.example/"\n'


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["crawl"], "name what to crawl: URLs, archives or folders, or a --config FILE"),
        (
            ["crawl", "a.example", "--config", "good.toml"],
            "URL|PATH does not go with --config: the file says it",
        ),
        (
            ["crawl", "--config", "good.toml", "--delay", "1"],
            "--delay does not go with --config: the file says it",
        ),
        (["crawl", "a.example", "--dry-run"], "--dry-run needs --config FILE"),
        (["crawl", "a.example", "--site", "gazette"], "--site needs --config FILE"),
        (
            ["crawl", "a.example", "--max-bytes", "much"],
            "'much' is not a number of bytes or a size such as '200 MB'",
        ),
        (["crawl", "a.example", "--max-bytes", ""], "'' is not a number of bytes or a size such as '200 MB'"),
        (["crawl", "a.example", "--include", "("], "missing ), unterminated subpattern in '('"),
        (["crawl", "--config", "good.toml", "--site", "post"], "the site 'post' is none of gazette"),
        (["crawl", "--config", "none.toml"], "none.toml: cannot be read: No such file or directory"),
        (["schedule"], "thresher.toml: cannot be read: No such file or directory"),
        (
            ["schedule", "--config", "good.toml"],
            'no site has a schedule, such as schedule = "*/15 * * * *" under [defaults]',
        ),
        (["schedule", "--config", "bad.toml"], "bad.toml: is not TOML: Invalid value (at line 1, column 5)"),
    ],
)
def test_a_wrong_call_of_crawl_is_said_in_one_line(
    tmp_path: Path, arguments: list[str], message: str
) -> None:
    (tmp_path / "good.toml").write_text(CONFIG, encoding="utf-8")
    (tmp_path / "bad.toml").write_text("a = =", encoding="utf-8")
    done = thresher(*arguments, folder=tmp_path)
    assert (done.returncode, done.stdout, done.stderr.decode()) == (2, b"", f"Error: {message}\n")
    assert {path.name for path in tmp_path.iterdir()} == {"good.toml", "bad.toml"}


def test_all_that_is_wrong_with_a_configuration_is_said_a_line_each(tmp_path: Path) -> None:
    (tmp_path / "c.toml").write_text("favour = 'x'\n" + CONFIG + "delay = -1\n", encoding="utf-8")
    done = thresher("crawl", "--config", "c.toml", folder=tmp_path)
    assert done.returncode == 2
    assert done.stderr.decode().splitlines() == [
        "Error: c.toml: site[1].delay (gazette): -1 is not a number of seconds from 0 to 3600, such as 1.0",
        'Error: c.toml: favour: is no key; did you mean "favor"?',
    ]


def test_a_database_that_cannot_be_used_is_said_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "thresher.db").write_bytes(
        b"no database at all, but long enough for SQLite to look at it" * 99
    )
    (tmp_path / "rejects.jsonl").touch()
    done = thresher("crawl", "a.example", "--output", ".", folder=tmp_path)
    assert (done.returncode, done.stderr) == (1, b"Error: the database: file is not a database\n")
    assert {path.name for path in tmp_path.iterdir()} == {"thresher.db", "rejects.jsonl"}  # not set aside


def test_a_folder_is_crawled_like_a_site(tmp_path: Path) -> None:
    folder = tmp_path / "saved pages"
    folder.mkdir()
    (folder / "page.html").write_text(PAGE, encoding="utf-8")
    done = thresher("crawl", folder, "--output", tmp_path / "out", "--quiet", "--database", "")
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
    (record,) = read_records(tmp_path / "out" / "articles.jsonl.zst")
    assert record["title"] == "Crane falls at Velm"
    assert {path.name for path in (tmp_path / "out").iterdir()} == {
        "articles.jsonl.zst",
        "rejects.jsonl",
        "crawl.log",
    }


def articles(**more: Any) -> CrawlReport:
    return CrawlReport(Path("out"), sites={"a.example": SiteReport(articles=1)}, **more)


@pytest.mark.parametrize(
    ("report", "status", "said"),
    [
        (articles(), 0, ""),
        (CrawlReport(Path("out")), 1, "nothing came\n"),
        (
            articles(interrupted=True, files={"Log": Path("x.log")}),
            1,
            "the crawl was interrupted\nlog: x.log\n",
        ),
        (
            CrawlReport(Path("out"), sites={"a.example": SiteReport(failed=2)}, reasons=Counter({"dns": 2})),
            1,
            "a.example: no page was had\nrejects: dns 2\n",
        ),
        (articles(errors=["disk \x1b[31mfull"]), 1, "disk \ufffd[31mfull\n"),
        (articles(alarms=["a.example gave 0 articles"]), 3, "a.example gave 0 articles\n"),
        (articles(alarms=["odd"], errors=["bad"]), 3, "odd\nbad\n"),
        (articles(errors=["lost:\nAlarm"]), 1, "lost: Alarm\n"),
        (CrawlReport(Path("out"), held=["a", "b"]), 75, ""),
        (articles(held=["b"]), 0, ""),
        (CrawlReport(Path("out"), held=["a", "b"], errors=["bad"]), 1, "bad\n"),
    ],
)
def test_how_a_crawl_ended_is_the_exit_status(
    report: CrawlReport, status: int, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _ended(report, 2, quiet=True).exit_code == status
    assert capsys.readouterr() == ("", said)
    assert _ended(report, 2, quiet=False).exit_code == status
    assert capsys.readouterr().out


def test_crawl_refuses_what_is_no_address(tmp_path: Path) -> None:
    done = thresher("crawl", "ftp://example.org/", "--output", tmp_path / "out")
    assert done.returncode == 2
    assert done.stderr.startswith(b"Error: ")
    assert not (tmp_path / "out").exists()
