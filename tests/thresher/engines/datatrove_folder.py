"""A folder of all that `thresher clean` reads, sound and broken, and what the command makes of it."""

from __future__ import annotations

import gzip
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import zstandard

from tests.mockserver import PARAGRAPHS, article_html, wp_post
from tests.spiders.archives import gzipped, info, response, zstandard_packed

RUSSIAN = "Городской совет решил сохранить бассейн ещё на два года, и жители города этому рады. " * 4
_REJECTED = re.compile(r"(?P<url>\S+): (?P<detail>.*) \[(?P<reason>[a-z-]+)\]")


def fill(folder: Path) -> None:
    """Write the files."""
    story = article_html("A story", *PARAGRAPHS)
    old = article_html("Старая история", RUSSIAN).replace("utf-8", "windows-1251").encode("cp1251")
    answers = [
        response("https://press.example/utf-8", story.encode()),
        response("https://press.example/cyrillic", old, {"Content-Type": "text/html; charset=windows-1251"}),
        response("https://press.example/lies", old, {"Content-Type": "text/html; charset=utf-8"}),
        response(
            "https://press.example/packed",
            gzip.compress(article_html("Packed", *PARAGRAPHS).encode()),
            {"Content-Type": "text/html", "Content-Encoding": "gzip"},
        ),
        response("https://press.example/empty", b"<html><title>Nothing</title><nav>Home</nav></html>"),
    ]
    (folder / "sub").mkdir()
    (folder / "a.warc.gz").write_bytes(gzipped([info(), *answers[:2], b"junk\n", *answers[2:]]))
    (folder / "b.warc").write_bytes(info() + b"".join(answers[:1]) + answers[1][:-200])
    (folder / "c.warc.zst").write_bytes(zstandard_packed([info(), *answers[2:4]]))
    (folder / "d.html").write_bytes(old)
    posts = [wp_post(number, "https://farm.example") for number in (1, 2)]
    (folder / "e.json").write_text(json.dumps(posts), encoding="utf-8")
    lines = [{"url": f"https://lines.example/{name}", "text": "\n\n".join(PARAGRAPHS)} for name in "ab"]
    page = {"url": "https://lines.example/c", "html": story, "date": "2024-05-17"}
    packed = "\n".join(map(json.dumps, [*lines, page])) + "\nbroken\n"
    (folder / "sub" / "f.jsonl.zst").write_bytes(zstandard.compress(packed.encode()))
    (folder / "sub" / "g.txt").write_text("\n\n".join(PARAGRAPHS), encoding="utf-8")
    (folder / "sub" / "h.html.gz").write_bytes(gzip.compress(story.encode())[:-20])
    (folder / ".hidden.html").write_text(story, encoding="utf-8")


def command(folder: Path) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The articles and the rejects of `thresher clean`, each in order."""
    done = subprocess.run(
        [sys.executable, "-m", "thresher", "clean", "--format", "jsonl", str(folder)],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 1, done.stderr
    found = map(_REJECTED.fullmatch, done.stderr.splitlines())
    return [json.loads(line) for line in done.stdout.splitlines()], [one.groupdict() for one in found if one]


def record(document: dict[str, Any]) -> dict[str, Any]:
    """The article's record in a written document, without what the step adds to it."""
    added = {"words", "text_digest", "content_type", "status", "file_path"}
    fields = {name: value for name, value in document["metadata"].items() if name not in added}
    return fields | {"text": document["text"]}


def reject(document: dict[str, Any]) -> dict[str, Any]:
    """What the command says of a reject, of a written document."""
    return {name: document["metadata"][name] for name in ("url", "detail", "reason")}


def written(folder: Path) -> list[dict[str, Any]]:
    """The documents of a folder of JSON lines, in the order of the files that they were read from."""
    found = []
    for path in sorted(folder.glob("*.jsonl*")):
        raw = path.read_bytes()
        text = gzip.decompress(raw) if path.suffix == ".gz" else raw
        found += [json.loads(line) for line in text.splitlines()]
    return sorted(found, key=_place)


def _place(document: dict[str, Any]) -> tuple[str, int]:
    path, _, number = document["id"].rpartition("/")
    return path, int(number)
