"""A folder of shared data that is made up, in the place of the real one; logging as it was."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.data import scorer


@pytest.fixture
def shared_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty folder that the benchmarks take for the shared data."""
    folder = tmp_path / "shared"
    folder.mkdir()
    monkeypatch.setenv("THRESHER_SHARED", str(folder))
    scorer.cache_clear()
    yield folder
    scorer.cache_clear()


@pytest.fixture(autouse=True)
def _loud_again() -> Iterator[None]:
    """Peers are silenced for the rest of a process; other tests read log lines."""
    yield
    logging.disable(logging.NOTSET)
