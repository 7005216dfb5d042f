"""A folder of pages in many forms, and what the command makes of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.thresher.engines.datatrove_folder import command, fill


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("pages")
    fill(made)
    return made


@pytest.fixture(scope="session")
def expected(folder: Path) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    return command(folder)
