"""Where the data lie that are too large, or not ours, to be kept in the project."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

import pytest

SHARED: Final = Path(
    os.environ.get("THRESHER_SHARED") or Path(__file__).resolve().parent.parent.parent / "shared"
)
"""The folder beside the repository, or the one that `THRESHER_SHARED` names."""


def shared(*names: str) -> Path:
    """A file or folder of the shared data; skips the test where it is absent, and fails it in CI."""
    path = SHARED.joinpath(*names)
    if path.exists():
        return path
    reason = f"no {path}; set THRESHER_SHARED to the folder with the shared data"
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)
