"""The command line, run as users run it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from pipelines.feeds import read_records
from thresher.cli import SpiderName, _ended, _jobs
from thresher.report import CrawlReport, SiteReport

STORY = [
    "The harbour at Velm was closed on Tuesday after a crane fell across the only working berth.",
    "Nobody was hurt, the harbour master said, but the ferry will not sail before the end of the week.",
    "Divers are to look at the quay wall on Thursday, and the crane’s owner has promised to pay for them.",
]
PAGE = (
    "<html><head><title>Crane falls at Velm - The Velm Post</title></head><body>"
    "<nav><a href='/'>Home</a> <a href='/news'>News</a></nav><article><h1>Crane falls at Velm</h1>"
    + "".join(f"<p>{paragraph}</p>" for paragraph in STORY)
    + "</article><footer>© 2025 The Velm Post</footer></body></html>"
)
POST = {
    "id": 7,
    "link": "https://copies.example/crane-falls/",
    "date_gmt": "2025-03-04T05:06:07",
    "slug": "crane-falls",
    "title": {"rendered": "Crane falls at Velm"},
    "content": {"rendered": "".join(f"<p>{paragraph}</p>" for paragraph in STORY)},
}


def thresher(
    *arguments: str | Path, stdin: bytes = b"", folder: Path | None = None
) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "thresher", *map(str, arguments)],
        input=stdin,
        capture_output=True,
        cwd=folder,
        env=os.environ | {"COLUMNS": "160"},
        timeout=120,
        check=False,
    )


@pytest.fixture
def page(tmp_path: Path) -> Path:
    path = tmp_path / "page.html"
    path.write_text(PAGE, encoding="utf-8")
    return path


def test_one_document_is_printed_as_text(page: Path) -> None:
    done = thresher("clean", page)
    assert done.returncode == 0
    assert done.stdout.decode() == "\n\n".join(STORY) + "\n"
    assert done.stderr == b""


def test_standard_input_is_a_document_too() -> None:
    done = thresher("clean", "-", "--format", "markdown", stdin=json.dumps(POST).encode())
    assert done.returncode == 0
    assert done.stdout.decode() == "\n\n".join(["# Crane falls at Velm", *STORY]) + "\n"


def test_json_is_the_documented_record(page: Path) -> None:
    done = thresher("clean", page, "-f", "json", "--url", "https://velmpost.example/crane")
    (record,) = json.loads(done.stdout)
    assert (record["schema_version"], record["url"], record["site"]) == (
        1,
        "https://velmpost.example/crane",
        "velmpost.example",
    )
    assert [block["type"] for block in record["blocks"]] == [
        "navigation",
        "title",
        "body",
        "body",
        "body",
        "copyright",
    ]


def test_a_user_chooses_what_his_text_holds(page: Path) -> None:
    done = thresher("clean", page, "--keep", "title", "--keep", "copyright")
    assert done.stdout.decode() == "Crane falls at Velm\n\n© 2025 The Velm Post\n"


@pytest.mark.usefixtures("page")
def test_a_folder_is_cleaned_in_the_order_of_the_paths_and_rejects_are_named(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(json.dumps(POST), encoding="utf-8")
    (tmp_path / "b.bin").write_bytes(b"%PDF-1.7 \x00\x01\x02")
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "c.txt").write_text("\n\n".join(STORY), encoding="utf-8")
    (tmp_path / ".hidden").write_text("left alone", encoding="utf-8")
    done = thresher("clean", tmp_path)
    records = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 1
    assert [record["url"].rpartition("/")[2] for record in records] == ["a.json", "page.html", "c.txt"]
    assert {record["text"] for record in records} == {"\n\n".join(STORY)}
    assert b"b.bin: not text: the source is a PDF file [no-text]" in done.stderr
    assert b"3 articles, 1 rejected" in done.stderr


@pytest.mark.parametrize("workers", ["1", "2"])
def test_the_number_of_processes_does_not_change_a_byte(tmp_path: Path, workers: str) -> None:
    for number in range(6):
        (tmp_path / f"{number}.html").write_text(PAGE.replace("Velm", f"Velm{number}"), encoding="utf-8")
    one = thresher("clean", tmp_path, "--workers", "1", folder=tmp_path)
    assert thresher("clean", tmp_path, "--workers", workers, folder=tmp_path).stdout == one.stdout
    assert len(one.stdout.splitlines()) == 6


def test_an_output_file_has_its_name_only_when_it_is_complete(tmp_path: Path, page: Path) -> None:
    target = tmp_path / "new" / "corpus.jsonl"
    assert thresher("clean", page, "-f", "jsonl", "-o", target).returncode == 0
    assert [json.loads(line)["title"] for line in target.read_text(encoding="utf-8").splitlines()] == [
        "Crane falls at Velm"
    ]
    assert [path.name for path in target.parent.iterdir()] == ["corpus.jsonl"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["clean", "missing.html"], b"Error: missing.html does not exist"),
        (["clean", "."], b"Error: there is no file in ."),
        (
            ["explain", "missing.html"],
            b"Error: missing.html: the file cannot be read: No such file or directory",
        ),
    ],
)
def test_a_wrong_call_is_said_in_one_line(tmp_path: Path, arguments: list[str], message: bytes) -> None:
    done = thresher(*arguments, folder=tmp_path)
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr.strip() == message


def test_a_url_names_one_document_only(tmp_path: Path, page: Path) -> None:
    done = thresher(
        "clean", page, page.parent / "page.html", tmp_path / "page.html", "--url", "https://a.example/"
    )
    assert done.returncode == 0  # the same file thrice is one document
    (tmp_path / "other.html").write_text(PAGE, encoding="utf-8")
    done = thresher("clean", tmp_path, "--url", "https://a.example/")
    assert done.returncode == 2
    assert b"--url names one document's address, but there are several documents" in done.stderr


@pytest.mark.parametrize("source", [b"", b"   \n", b"\x00\x01\x02\x03" * 50, b'{"a": 1}', b"\x89PNG\r\n"])
def test_what_holds_no_article_is_rejected_with_its_reason(source: bytes) -> None:
    done = thresher("clean", "-", stdin=source)
    assert (done.returncode, done.stdout) == (1, b"")
    assert done.stderr.startswith(b"standard input: ")
    assert done.stderr.rstrip().endswith(b"[no-text]")


def test_explain_shows_every_block_with_type_and_reason(page: Path) -> None:
    done = thresher("explain", page)
    printed = done.stdout.decode()
    assert done.returncode == 0
    assert "heading repeats the page's title" in printed
    for word in ("navigation", "title", "body", "copyright", "Crane falls at Velm"):
        assert word in printed


def test_explain_never_obeys_a_page(tmp_path: Path) -> None:
    hostile = tmp_path / "hostile.html"
    hostile.write_text(f"<h1>[red]x[/red] \x1b]0;owned\x07 \x9b2J</h1><p>{STORY[0]}</p>", encoding="utf-8")
    done = thresher("explain", hostile)
    assert done.returncode == 0
    assert b"[red]x[/red]" in done.stdout
    assert b"\x1b]0" not in done.stdout
    assert "\x9b" not in done.stdout.decode()


def test_explain_json_is_the_record(page: Path) -> None:
    record = json.loads(thresher("explain", page, "--json").stdout)
    assert record["text"] == "\n\n".join(STORY)


def test_help_names_the_commands() -> None:
    printed = thresher("--help").stdout.decode()
    assert all(name in printed for name in ("demo", "crawl", "schedule", "clean", "explain"))


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
    done = thresher("crawl", "a.example", "--output", ".", folder=tmp_path)
    assert (done.returncode, done.stderr) == (1, b"Error: the database: file is not a database\n")


@pytest.mark.parametrize(
    ("target", "spider"),
    [
        ("https://gazette.example/", "site"),
        ("gazette.example", "site"),  # though a folder of this name is here
        ("gazette.example/story", "site"),
        ("pages", "files"),
        ("./gazette.example", "files"),
        ("pages/one.html", "files"),
        ("old.warc.gz", "archive"),
        ("none/OLD.WARC.zst", "archive"),
        ("https://data.example/CC-NEWS/2024/05/warc.paths.gz?x=1", "archive"),
        ("https://pages.example/pages", "site"),
    ],
)
def test_what_to_crawl_is_told_by_its_looks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, target: str, spider: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / "one.html").write_text("x", encoding="utf-8")
    (tmp_path / "gazette.example").mkdir()
    (job,) = _jobs([target], None, {})
    assert job.spider == spider
    key = "path" if spider == "files" or (spider == "archive" and "://" not in target) else "url"
    assert job.arguments == {key: target if spider == "site" else [target]}


def test_what_is_named_together_is_crawled_by_kind_and_site() -> None:
    jobs = _jobs(
        ["a.example", "x.warc", "b.example", "a.example/x", "https://c.example/y.warc.gz"],
        None,
        {"max_pages": "3"},
    )
    assert [(job.spider, dict(job.arguments)) for job in jobs] == [
        ("site", {"url": "a.example a.example/x", "max_pages": "3"}),
        ("site", {"url": "b.example", "max_pages": "3"}),
        ("archive", {"path": ["x.warc"], "url": ["https://c.example/y.warc.gz"], "max_pages": "3"}),
    ]
    assert [job.spider for job in _jobs(["a.example", "pages"], SpiderName.FILES, {})] == ["files"]


def test_a_folder_is_crawled_like_a_site(tmp_path: Path, page: Path) -> None:
    folder = tmp_path / "saved pages"
    folder.mkdir()
    page.rename(folder / "page.html")
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


def test_a_users_phrases_decide_in_clean_and_explain(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text(
        PAGE.replace("</article>", "<p>Feed the harbour cat today</p></article>"), encoding="utf-8"
    )
    phrases = tmp_path / "mine.json"
    phrases.write_text(
        '{"language": "en", "phrases": {"donation": ["feed the harbour cat"]}}', encoding="utf-8"
    )
    done = thresher("explain", page, "--json", "--phrases", phrases)
    found = {block["text"]: block["type"] for block in json.loads(done.stdout)["blocks"]}
    assert found["Feed the harbour cat today"] == "donation"
    done = thresher("clean", page, "--phrases", phrases)
    assert done.stdout.decode() == "\n\n".join(STORY) + "\n"


@pytest.mark.parametrize("command", ["clean", "explain"])
def test_bad_phrases_and_points_of_the_dial_are_refused(tmp_path: Path, page: Path, command: str) -> None:
    done = thresher(command, page, "--phrases", tmp_path / "none.json")
    assert (done.returncode, b"there is no such file of phrases" in done.stderr) == (2, True)
    done = thresher(command, page, "--favor", "most")
    assert (done.returncode, b"precision" in done.stderr) == (2, True)


@pytest.mark.parametrize("favor", ["precision", "balanced", "recall"])
def test_the_dial_is_an_option(page: Path, favor: str) -> None:
    done = thresher("clean", page, "--favor", favor)
    assert (done.returncode, STORY[0] in done.stdout.decode()) == (0, True)
