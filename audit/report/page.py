"""The report's page: one file that holds all it shows, or the same page served, which asks for its data."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from audit.assets import Inlined, asset, environment
from audit.findings.model import Findings
from audit.report import summary
from audit.report.data import compact
from audit.report.texts import Stories, Texts, packed, packed_texts

TEXTS_BUDGET: Final = 9_000_000
"""Bytes of texts in a page: with the findings of 20,000 articles it stays below 15 MB, and can be mailed."""

SCRIPTS: Final = (
    "dom",
    "format",
    "corpus",
    "source",
    "route",
    "lists",
    "bars",
    "overview",
    "habits",
    "sites",
    "heatmap",
    "signs",
    "network",
    "timeline",
    "stories",
    "filters",
    "fields",
    "articles",
    "align",
    "comparison",
    "texts",
    "article",
    "views",
    "main",
)
"""Our scripts in the order in which they are put together."""

STYLES: Final = (
    "page",
    "summary",
    "tables",
    "charts",
    "sites",
    "heatmap",
    "network",
    "stories",
    "articles",
    "comparison",
    "print",
)
"""Our styles in the order in which they apply."""

VENDORED: Final = ("d3.min.js", "diff.min.js")

_PACKAGE: Final = "audit.report"


def script() -> str:
    """All our scripts as one that leaves a single name behind, `Thresher`."""
    parts = [asset(_PACKAGE, f"static/{name}.js") for name in SCRIPTS]
    return (
        '"use strict";\nconst Thresher = (() => {\n'
        + "\n".join(parts)
        + "\nreturn { start };\n})();\nThresher.start();\n"
    )


@dataclass(frozen=True, slots=True)
class Page:
    """A page and its content security policy, which also stands in it."""

    html: str
    policy: str


def page(findings: Findings, texts: Texts) -> Page:
    """The report as a page that holds all data and asks for nothing."""
    data = packed(compact(findings, texts.places))
    return _rendered(
        "'none'",
        totals=findings.totals,
        figures=summary.figures(findings),
        sentences=summary.sentences(findings),
        segments=summary.segments(findings.totals.statuses, **summary.audited(findings)),
        sites=summary.site_rows(findings),
        data=data,
        texts=texts,
    )


def live_page() -> Page:
    """The report as a server gives it: without data, which it asks the server for.

    It asks for `data/findings` (`compact`), `data/story/NUMBER` (`story_record`, 404 where there is none) and
    `search?q=WORDS` (`total` and `hits`, each with `article`, `before`, `found` and `after`).
    """
    return _rendered("'self'", totals=None)


def _rendered(connect: str, **given: Any) -> Page:
    inlined = Inlined(
        [asset("audit", "static/base.css"), *(asset(_PACKAGE, f"static/{name}.css") for name in STYLES)],
        [*(asset(_PACKAGE, f"vendor/{name}") for name in VENDORED), script()],
    )
    policy = inlined.policy(connect)
    template = environment(_PACKAGE).get_template("report.html")
    html = template.render(
        inlined=inlined,
        policy=policy,
        meanings=summary.MEANINGS,
        percent=summary.percent,
        number=summary.number,
        span=summary.span,
        view=summary.view,
        **given,
    )
    return Page(html, policy)


def write_report(
    findings: Findings, stories: Stories, folder: Path, *, texts_budget: int = TEXTS_BUDGET
) -> Path:
    """Write the report into `folder` as `index.html`, one file that holds all it shows, and give its path.

    `stories` gives the texts of a story (`story_record`); they are put in, stories of the most sites first,
    until `texts_budget` bytes are full. The page says where texts were left out. Raises `OSError` where the
    folder cannot be written.
    """
    texts = packed_texts((story.id for story in findings.stories), stories, texts_budget)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "index.html"
    unfinished = path.with_name(f"{path.name}.part")
    unfinished.write_text(page(findings, texts).html, encoding="utf-8")
    return unfinished.replace(path)  # whoever looks meanwhile sees the one before, and never a half
