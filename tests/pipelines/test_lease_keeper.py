"""A run that cannot renew its leases stops before they end."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress

import pytest
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from pipelines.store.lease_keeper import LeaseKeeper

LEASE = 0.4  # seconds


async def kept(
    write: Callable[[Callable[[Session], int]], Awaitable[int]], held: int = 1
) -> tuple[list[str], float]:
    """The reasons why leases were lost, and when that was, after at most three times their length."""
    why: list[str] = []
    lost = asyncio.Event()
    began = time.monotonic()

    async def lose(reason: str) -> None:
        why.append(reason)
        lost.set()

    keeper = LeaseKeeper("me", LEASE, write, lambda: held, lose)
    keeper.start()
    keeper.start()  # once is enough
    with suppress(TimeoutError):
        await asyncio.wait_for(lost.wait(), 3 * LEASE)
    keeper.stop()
    return why, time.monotonic() - began


def test_leases_that_are_renewed_are_kept() -> None:
    renewals: list[Callable[[Session], int]] = []

    async def write(function: Callable[[Session], int]) -> int:
        renewals.append(function)
        return 1

    why, _ = asyncio.run(kept(write))
    assert why == []
    assert len(renewals) >= 8


def test_a_database_that_is_silent_ends_the_run_before_the_lease_ends() -> None:
    async def write(_function: Callable[[Session], int]) -> int:
        await asyncio.sleep(60)
        return 1

    why, seconds = asyncio.run(kept(write))
    assert why == ["its leases could not be renewed for 0.3 seconds"]
    assert seconds < LEASE


def test_errors_are_tried_again_until_it_is_too_late(caplog: pytest.LogCaptureFixture) -> None:
    async def write(_function: Callable[[Session], int]) -> int:
        raise OperationalError("renew", {}, Exception("gone"))

    why, seconds = asyncio.run(kept(write))
    assert why == ["its leases could not be renewed for 0.3 seconds"]
    assert seconds < LEASE + 0.1
    assert "The leases were not renewed, which is tried again" in caplog.text


def test_a_lease_that_another_run_took_over_ends_the_run() -> None:
    async def write(_function: Callable[[Session], int]) -> int:
        return 1

    why, _ = asyncio.run(kept(write, held=2))
    assert why == ["another run took over its sites, as it was not heard of for too long"]
