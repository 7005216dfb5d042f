"""Thresher in datatrove's pipelines: a reader of pages, the step that cleans them, typed Parquet.

`docs/datatrove.md` says how they are used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from thresher.engines.datatrove.columns import ArticleParquetWriter
    from thresher.engines.datatrove.executing import run_to_the_end
    from thresher.engines.datatrove.reader import ThresherReader
    from thresher.engines.datatrove.step import ThresherCleaner
    from thresher.engines.datatrove.words import ThresherWords

__all__ = ["ArticleParquetWriter", "ThresherCleaner", "ThresherReader", "ThresherWords", "run_to_the_end"]

_HOMES: Final = {
    "ArticleParquetWriter": "columns",
    "ThresherCleaner": "step",
    "ThresherReader": "reader",
    "ThresherWords": "words",
    "run_to_the_end": "executing",
}


def __getattr__(name: str) -> Any:
    # The process that cleans is started from this package, and needs nothing of datatrove.
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    try:
        return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] != "datatrove":
            raise
        raise ImportError(
            "datatrove's pipelines need the package datatrove: pip install 'thresher[datatrove]'"
        ) from error
