"""The thread that writes for all crawls of a process."""

from __future__ import annotations

import asyncio
import copy
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from pipelines.store import begin_run
from pipelines.store.schema import Run
from pipelines.store.writer import StoreWriter, Write

NOW = datetime(2026, 3, 1, tzinfo=UTC)


def add(session: Session) -> int:
    return begin_run(session, "site", {}, NOW)


def count(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(Run)) or 0


def fail(session: Session) -> None:
    add(session)
    raise ValueError("no")


def write(writer: StoreWriter, function: Write) -> Any:
    async def run() -> Any:
        return await writer.write(function)

    return asyncio.run(run())


@pytest.fixture
def url(database: str) -> str:
    return database


def test_writes_are_done_in_order_and_answered(url: str) -> None:
    async def run() -> list[int]:
        with StoreWriter(url) as writer:
            return await asyncio.gather(*(writer.write(add) for _ in range(250)))

    assert asyncio.run(run()) == list(range(1, 251))
    with StoreWriter(url) as writer:
        assert write(writer, count) == 250


def test_one_failure_takes_no_other_write_along(url: str) -> None:
    async def run() -> list[object]:
        with StoreWriter(url) as writer:
            work = [add, fail, add, fail, add]
            return await asyncio.gather(*(writer.write(one) for one in work), return_exceptions=True)

    results = asyncio.run(run())
    assert [type(result) for result in results] == [int, ValueError, int, ValueError, int]
    with StoreWriter(url) as writer:
        assert write(writer, count) == 3


def test_who_gives_up_waiting_holds_nobody_up(url: str) -> None:
    with StoreWriter(url) as writer:

        async def give_up() -> None:
            waiting = asyncio.create_task(writer.write(add))
            await asyncio.sleep(0)
            waiting.cancel()

        asyncio.run(give_up())  # and its event loop is closed when the answer comes
        assert write(writer, add) == 2
        assert write(writer, count) == 2


def test_a_database_that_cannot_be_opened_is_said_to_each_writer(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    with StoreWriter(f"sqlite:///{tmp_path / 'folder'}") as writer:
        for _ in range(2):
            with pytest.raises(OperationalError):
                write(writer, add)


def test_a_closed_writer_says_so(url: str) -> None:
    writer = StoreWriter(url)
    assert write(writer, add) == 1
    writer.close()
    writer.close()
    with pytest.raises(RuntimeError, match="closed"):
        write(writer, add)


def test_a_copy_of_the_settings_means_the_same_writer(url: str) -> None:
    with StoreWriter(url) as writer:
        assert copy.deepcopy({"writer": writer})["writer"] is writer
