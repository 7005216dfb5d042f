"""The whole audit of a corpus: what its sites republish, and which of them belong together."""

from __future__ import annotations

from collections.abc import Callable, Collection
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from audit.comparison import Comparisons
from audit.findings import find
from audit.findings.model import Findings
from audit.network import find_network
from audit.report import write_report
from audit.report.page import TEXTS_BUDGET


def audit(session: Session, sites: Collection[str] | None = None) -> Findings:
    """All findings of a corpus, or of some of its sites; reads only.

    Raises `LookupError` for a site that the corpus has no article of.
    """
    return find(session, sites, network=find_network(session, sites))


def write_audit(
    session: Session,
    findings: Findings,
    folder: Path,
    *,
    texts_budget: int = TEXTS_BUDGET,
    compared: Callable[[], object] = lambda: None,
) -> Path:
    """Write the report of `findings` into `folder`, with the texts of their stories, and give its path.

    `compared` is called for each story. Raises `OSError` where the folder cannot be written.
    """
    comparisons = Comparisons(session)

    def texts(story: int) -> dict[str, Any] | None:
        compared()
        return comparisons.of(story)

    return write_report(findings, texts, folder, texts_budget=texts_budget)
