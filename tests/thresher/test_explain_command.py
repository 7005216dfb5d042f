"""`thresher explain` as users call it: the page that it writes, what changed, a page of the web, refusals."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.mockserver import Server, page, redirect, robots, serve
from tests.thresher.test_cli import PAGE, STORY, thresher
from thresher import __version__

HERE = "127.0.0.1"
ALLOWED = ("--allow-network", "127.0.0.0/8")
CONTACT = ("--contact", "ada@velm.example")


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    path = tmp_path / "page.html"
    path.write_text(PAGE, encoding="utf-8")
    return path


@pytest.fixture
def server() -> Iterator[Server]:
    with serve() as server:
        server.hosts[HERE] = {"/story": page(PAGE)}
        yield server


def earlier(saved: Path, folder: Path, **changes: Any) -> Path:
    """A record of the page as another version of the cleaner might have made it."""
    record = json.loads(thresher("explain", saved, "--json").stdout) | changes
    for block in record["blocks"]:
        if block["text"] == STORY[1]:
            block |= {"type": "related", "kept": False, "confidence": 0.6}
    record["text"] = f"{STORY[0]}\n\n{STORY[2]}"
    path = folder / "earlier.json"
    path.write_text(json.dumps(record), encoding="utf-8")
    return path


def test_html_is_written_with_every_block(saved: Path, tmp_path: Path) -> None:
    done = thresher("explain", saved, "--html", "out.html", folder=tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
    html = (tmp_path / "out.html").read_text(encoding="utf-8")
    assert all(paragraph.replace("’", "’") in html for paragraph in STORY)
    assert "heading repeats the page&#39;s title" in html
    assert f"Thresher {__version__}." in html


def test_diff_says_what_changed(saved: Path, tmp_path: Path) -> None:
    other = earlier(saved, tmp_path, title="A crane")
    done = thresher("explain", saved, "--diff", other)
    lines = [" ".join(line.split()) for line in done.stdout.decode().splitlines()]
    assert (done.returncode, done.stderr) == (0, b"")
    assert lines[:4] == [
        "Changed type 1; 5 the same",
        "Crossed 1 now kept, 0 now removed",
        "Words 38 then, 57 now: 19 came, 0 went",
        "Title A crane → Crane falls at Velm",
    ]
    assert lines[7].startswith("type │ related 0.60 ")
    assert lines[8].startswith("now kept │")
    assert all(STORY[number] not in done.stdout.decode() for number in (0, 2))


def test_diff_as_json_and_as_html(saved: Path, tmp_path: Path) -> None:
    other = earlier(saved, tmp_path)
    found = json.loads(thresher("explain", saved, "--diff", other, "--json").stdout)
    assert (found["schema_version"], found["kinds"], found["facts"]) == (1, {"type": 1}, [])
    assert [(one["crossed"], one["text"]) for one in found["changes"]] == [("kept", STORY[1])]
    done = thresher("explain", saved, "--diff", other, "--html", tmp_path / "out.html")
    assert done.returncode == 0
    assert "Only what changed (1)" in (tmp_path / "out.html").read_text(encoding="utf-8")


def test_diff_shows_only_the_types_asked_for(saved: Path, tmp_path: Path) -> None:
    other = earlier(saved, tmp_path)
    assert (
        b"now kept"
        in thresher("explain", saved, "--diff", other, "--type", "related").stdout.split(b"Change ")[1]
    )
    assert b"Change " not in thresher("explain", saved, "--diff", other, "--type", "media").stdout


def test_a_record_never_moves_the_terminal(saved: Path, tmp_path: Path) -> None:
    other = earlier(saved, tmp_path, title="\x1b]0;owned\x07\x9b2J")
    printed = thresher("explain", saved, "--diff", other).stdout.decode()
    assert "\ufffd]0;owned" in printed
    assert not {"\x07", "\x9b"} & set(printed)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["page.html", "--diff", "none.json"], "none.json: cannot be read: No such file or directory"),
        (
            ["page.html", "--diff", "old.json"],
            "old.json: is a record of schema_version 7, and only 1 can be read: make it again with a Thresher "
            "that writes that version",
        ),
        (
            ["page.html", "--html", "x.html", "--json"],
            "--html shows all there is; it does not go with --json, --type and --full",
        ),
        (["page.html", *ALLOWED], "--allow-network goes with a page of the web only"),
        (
            ["https://velm.example/", "--url", "https://velm.example/"],
            "--url is the address of a saved page; this one has its own",
        ),
    ],
)
def test_a_wrong_call_is_said_in_one_line(
    saved: Path, tmp_path: Path, arguments: list[str], message: str
) -> None:
    (tmp_path / "old.json").write_text('{"schema_version": 7}', encoding="utf-8")
    done = thresher("explain", *arguments, folder=saved.parent)
    assert (done.returncode, done.stdout, done.stderr.decode()) == (2, b"", f"Error: {message}\n")


def test_a_page_that_cannot_be_written_is_said_in_one_line(saved: Path) -> None:
    done = thresher("explain", saved, "--html", saved.parent)
    assert (done.returncode, done.stdout) == (1, b"")
    assert done.stderr.decode() == f"Error: {saved.parent}: cannot be written: Is a directory\n"


def test_a_page_of_the_web_is_fetched_as_crawls_do(server: Server) -> None:
    server.hosts[HERE]["/old"] = redirect("/story")
    done = thresher("explain", server.url(HERE, "/old"), "--json", *ALLOWED, *CONTACT)
    assert (done.returncode, done.stderr) == (0, b"")
    record = json.loads(done.stdout)
    assert record["text"] == "\n\n".join(STORY)
    assert (record["url"], record["discovered_by"]) == (server.url(HERE, "/story"), "seed")
    assert record["fetched_at"] is not None
    assert server.asked(HERE) == ["/robots.txt", "/old", "/story"]
    assert {agent for _, agent in server.agents} == {f"Thresher/{__version__} (+ada@velm.example)"}


def test_who_does_not_say_who_asks_is_told(server: Server) -> None:
    done = thresher("explain", server.url(HERE, "/story"), *ALLOWED)
    assert (done.returncode, STORY[0][:40] in done.stdout.decode()) == (0, True)
    assert done.stderr.decode() == (
        "No --contact and no THRESHER_CONTACT: the webmaster cannot tell who asks\n"
    )


def refused(url: str, *arguments: str) -> tuple[int, bytes, str]:
    done = thresher("explain", url, *CONTACT, *arguments)
    return done.returncode, done.stdout, done.stderr.decode()


def test_robots_are_obeyed(server: Server) -> None:
    server.hosts[HERE]["/robots.txt"] = robots("Disallow: /story")
    url = server.url(HERE, "/story")
    assert refused(url, *ALLOWED) == (
        1,
        b"",
        f"Error: {url}: robots.txt forbids this address [robots-txt]\n",
    )
    assert server.asked(HERE) == ["/robots.txt"]


def test_private_addresses_are_not_asked(server: Server) -> None:
    url = server.url(HERE, "/story")
    status, _, said = refused(url)
    assert status == 1
    assert said.startswith(f"Error: {url}: 127.0.0.1 is no public address (loopback)")
    assert said.endswith("[address-refused]\n")
    assert server.log == []


def test_why_there_is_no_page_is_said(server: Server) -> None:
    server.hosts[HERE]["/image"] = page(b"\x89PNG\r\n\x1a\n" + b"\x00" * 200, content_type="image/png")
    url = server.url(HERE, "/none")
    assert refused(url, *ALLOWED) == (1, b"", f"Error: {url}: the server answered 404 [http-404]\n")
    url = server.url(HERE, "/image")
    status, printed, said = refused(url, *ALLOWED)
    assert (status, printed) == (1, b"")
    assert said == f"Error: {url}: the server sent image/png, not a page of text [not-html]\n"


@pytest.mark.parametrize(
    ("url", "arguments", "message"),
    [
        (
            "http://",
            (),
            "Error: http://: is no address of the web; write one such as https://example.org/story\n",
        ),
        ("http://a.example:x/", (), "Error: http://a.example:x/: Port could not be cast to integer"),
        ("http://[::1", (), "Error: http://[::1: "),
        (
            "http://velm.example/",
            ("--allow-network", "x"),
            "Error: http://velm.example/: THRESHER_ALLOWED_NETWORKS",
        ),
    ],
)
def test_what_is_no_address_is_a_wrong_call(url: str, arguments: tuple[str, ...], message: str) -> None:
    status, printed, said = refused(url, *arguments)
    assert (status, printed) == (2, b"")
    assert said.startswith(message)
    assert said.count("\n") == 1
