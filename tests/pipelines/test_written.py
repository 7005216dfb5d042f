"""Articles as workers write them."""

from __future__ import annotations

import json
import pickle

import pytest

from cleaners import BlockType, Page, Rejection, clean
from pipelines.cleaner import Cleaner
from pipelines.written import WrittenCleaner

SENTENCE = "The council of the harbour town voted on Monday to keep both of its ferries running this year."
PAGE = Page(
    url="http://a.example/1", body=f"<h1>Ferries stay</h1><p>{SENTENCE}</p><p>{SENTENCE[:-1]} too.</p>"
)


@pytest.mark.parametrize(
    ("form", "types", "written"),
    [
        ("text", None, f"{SENTENCE}\n\n{SENTENCE[:-1]} too."),
        ("text", (BlockType.TITLE,), "Ferries stay"),
        ("markdown", None, f"# Ferries stay\n\n{SENTENCE}\n\n{SENTENCE[:-1]} too."),
        ("markdown", (BlockType.TITLE,), "# Ferries stay"),
    ],
)
def test_text_and_markdown(form: str, types: tuple[BlockType, ...] | None, written: str) -> None:
    assert WrittenCleaner(Cleaner(), form, types)(PAGE) == written


@pytest.mark.parametrize(("form", "lines"), [("jsonl", 1), ("json", None)])
def test_records(form: str, lines: int | None) -> None:
    written = WrittenCleaner(Cleaner(), form)(PAGE)
    assert isinstance(written, str)
    assert json.loads(written) == clean(PAGE).to_record()
    assert lines is None or len(written.splitlines()) == lines


def test_what_gives_no_text_is_a_rejection() -> None:
    outcome = WrittenCleaner(Cleaner(), "text")(Page(url="http://a.example/2", body="<p></p>"))
    assert isinstance(outcome, Rejection)
    assert outcome.reason == "no-text"


def test_it_goes_to_workers_as_it_is() -> None:
    cleaner = WrittenCleaner(Cleaner(), "text", frozenset({BlockType.BODY}))
    assert pickle.loads(pickle.dumps(cleaner)) == cleaner
