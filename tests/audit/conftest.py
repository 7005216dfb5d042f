"""One browser for all tests of pages, and what the demonstration leaves for all that need a corpus."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from pipelines.feeds import DATABASE
from tests.browser import running_browser
from tests.conftest import DemoRun


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """A headless browser; while it runs, no test of its thread can start an event loop."""
    with running_browser() as browser:
        yield browser


@pytest.fixture(scope="session")
def demo_folder(demo_run: DemoRun) -> Path:
    """What the demonstration leaves behind; to be read only."""
    return demo_run.folder


@pytest.fixture(scope="session")
def demo_database(demo_folder: Path) -> Path:
    """The database of a crawl of the demonstration; to be read only."""
    return demo_folder / DATABASE
