"""Data that is too large, or not ours, to be kept in the project: there for benchmarks and some tests."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from benchmarks.data import shared_folder


def shared(*names: str) -> Path:
    """A file or folder of the shared data; skips the test where it is absent, and fails it in CI."""
    try:
        path = shared_folder().joinpath(*names)
        if path.exists():
            return path
        reason = f"no {'/'.join(names)} in the shared data"
    except FileNotFoundError as error:
        reason = str(error)
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)
