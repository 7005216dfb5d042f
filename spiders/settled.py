"""How an address ended, as it is counted."""

from __future__ import annotations

from enum import StrEnum


class Settled(StrEnum):
    """How an address ended, as it is counted (`thresher/urls/…`)."""

    FETCHED = "fetched"
    UNCHANGED = "unchanged"
    REFUSED = "refused"
    FAILED = "failed"
