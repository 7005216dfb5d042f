"""The renewal of a run's leases while it lives, and its end when it could not renew them in time."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from typing import Final

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from cleaners.frontier import LeaseLostError
from pipelines.store.leases import RENEWALS, now_of, renew

GIVEN_UP: Final = 0.75
"""Share of a lease's time after which a run that could not renew it stops: what it requests then has the rest
of the time to end before another run may begin."""

Write = Callable[[Callable[[Session], int]], Awaitable[int]]

logger = logging.getLogger(__name__)


class LeaseKeeper:
    """Renews the leases of a holder, `lease` seconds each, until it is stopped or they are lost.

    `write` runs a function in a transaction, `held` gives how many leases there are to be, and `lose` is
    called once with the reason when they are lost, or may be for all that is known here: whoever is cut off
    from the database must stop before its leases end, which it cannot see.
    """

    def __init__(
        self,
        holder: str,
        lease: float,
        write: Write,
        held: Callable[[], int],
        lose: Callable[[str], Awaitable[object]],
    ) -> None:
        """Take what is needed; `start` begins."""
        self._holder, self._lease = holder, lease
        self._write, self._held, self._lose = write, held, lose
        self._renewal: asyncio.Task[None] | None = None
        self._losing = False

    def start(self) -> None:
        """Begin to renew, once; the leases were taken just now."""
        if self._renewal is None:
            self._renewal = asyncio.create_task(self._keep(time.monotonic()))

    def stop(self) -> None:
        """Renew no more."""
        if self._renewal is not None and not self._losing:  # what `lose` began may end by calling this
            self._renewal.cancel()

    async def _keep(self, renewed: float) -> None:
        try:
            while True:
                await asyncio.sleep(self._lease / RENEWALS)
                renewed = await self._renew(renewed)
        except LeaseLostError as error:
            self._losing = True
            logger.error("The crawl of this run ends: %s", error)
            await self._lose(str(error))

    async def _renew(self, renewed: float) -> float:
        """When the leases were renewed last. Raises `LeaseLostError`."""
        began = time.monotonic()
        patience = GIVEN_UP * self._lease
        left = renewed + patience - began
        try:
            if left <= 0:
                raise TimeoutError
            async with asyncio.timeout(left):
                held = await self._write(
                    lambda session: renew(session, self._holder, now_of(session), self._lease)
                )
        except TimeoutError:
            raise LeaseLostError(f"its leases could not be renewed for {patience:g} seconds") from None
        except SQLAlchemyError as error:
            logger.warning("The leases were not renewed, which is tried again: %s", error)
            return renewed
        if held < self._held():
            raise LeaseLostError("another run took over its sites, as it was not heard of for too long")
        return began
