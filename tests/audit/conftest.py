"""One browser for all tests of pages, one crawl of the demonstration for all that need a corpus."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import Browser

from pipelines.feeds import DATABASE
from tests.browser import running_browser

_TIME_LIMIT: Final = 120  # seconds; a few are enough, the rest is for a busy machine


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """A headless browser; while it runs, no test of its thread can start an event loop."""
    with running_browser() as browser:
        yield browser


@pytest.fixture(scope="session")
def demo_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the demonstration leaves behind; to be read only."""
    folder = tmp_path_factory.mktemp("demo") / "corpus"
    done = subprocess.run(
        [sys.executable, "-m", "thresher", "demo", "--output", str(folder)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=_TIME_LIMIT,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


@pytest.fixture(scope="session")
def demo_database(demo_folder: Path) -> Path:
    """The database of a crawl of the demonstration; to be read only."""
    return demo_folder / DATABASE
