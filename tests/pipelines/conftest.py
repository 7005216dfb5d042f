from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from pipelines.store import Store


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    with Store(f"sqlite:///{tmp_path / 'crawl.db'}") as store, store.write() as opened:
        yield opened
