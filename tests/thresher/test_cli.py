"""The command line, run as users run it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

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


def test_an_output_that_cannot_be_written_is_said_in_one_line(page: Path) -> None:
    done = thresher("clean", page, "--output", page / "corpus.jsonl")
    message = f"Error: [Errno 17] File exists: '{page}'\n"
    assert (done.returncode, done.stdout, done.stderr.decode()) == (1, b"", message)


def test_help_loads_no_crawler_and_no_database() -> None:
    code = (
        "import sys; from thresher.cli import app; app(['crawl', '--help'], standalone_mode=False); "
        "print([name for name in ('scrapy', 'twisted', 'sqlalchemy', 'apscheduler') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "--dry-run" in done.stdout
    assert done.stdout.splitlines()[-1] == "[]"


def test_help_names_the_commands() -> None:
    printed = thresher("--help").stdout.decode()
    assert all(name in printed for name in ("demo", "crawl", "schedule", "clean", "explain"))


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
