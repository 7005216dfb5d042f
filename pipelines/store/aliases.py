"""Copies: which of several addresses of one page stands for it, in this run and in those to come.

The address that a page calls its canonical one becomes an alias of it, without being requested; the reason of
its row is the key of the page that stands for it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from sqlalchemy.orm import Session

from cleaners.frontier import Ended, FoundUrl, Outcome
from pipelines.store.frontier import DONE, TAKEN, admit, end, rows_of, standing

_LISTS: Final = frozenset({Outcome.SECTION, Outcome.LISTING})


def stand_for(
    session: Session,
    target: FoundUrl,
    by: str,
    passes: Mapping[str, int],
    now: datetime,
    *,
    lost: bool = False,
) -> bool:
    """Whether the page with the key `by`, whose canonical address is `target`, is to be that article.

    It is not where the canonical address holds the article itself or is going to be asked, nor where another
    page stands for it. `lost` says that this run asked for it in vain.
    """
    row = rows_of(session, [target.key]).get(target.key)
    if row is not None:
        if row.outcome in _LISTS:
            return True  # a page that is mistaken about its address
        if row.outcome == Outcome.ARTICLE or (row.state != DONE and not lost):
            return False
        if row.outcome == Outcome.ALIAS and row.reason != by and standing(session, [row]):
            return False
    admit(session, [target], passes, now, via=by, state=TAKEN)
    end(session, Ended(key=target.key, outcome=Outcome.ALIAS, reason=by), now)
    return True
