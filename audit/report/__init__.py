"""The report: what an audit found, as a page that people look at."""

from audit.report.data import compact, story_record
from audit.report.page import Page, live_page, page, write_report
from audit.report.texts import Texts, packed_texts

__all__ = [
    "Page",
    "Texts",
    "compact",
    "live_page",
    "packed_texts",
    "page",
    "story_record",
    "write_report",
]
