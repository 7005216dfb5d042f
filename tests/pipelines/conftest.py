from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy.orm import Session

from pipelines.store import Store


@pytest.fixture
def session(database: str) -> Iterator[Session]:
    with Store(database) as store, store.write() as opened:
        yield opened
