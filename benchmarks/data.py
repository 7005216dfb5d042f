"""Where the benchmark data is, and how it is read."""

from __future__ import annotations

import gzip
import hashlib
import importlib.util
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any, Final

from cleaners.urls import site_of

FOLDS: Final = 5
"""Parts that the pages are divided into where a model is measured on pages that it did not see."""


def shared_folder() -> Path:
    """The folder with the benchmark data: `THRESHER_SHARED`, else `shared` beside the checkout.

    Raises `FileNotFoundError` where there is none.
    """
    beside = Path(__file__).resolve().parents[2] / "shared"
    folder = Path(os.environ.get("THRESHER_SHARED") or beside)
    if not folder.is_dir():
        raise FileNotFoundError(f"no benchmark data in {folder}; set THRESHER_SHARED to its folder")
    return folder


@cache
def scorer() -> ModuleType:
    """The typed pages' scorer, `tools/typedscore.py` of the data folder."""
    spec = importlib.util.spec_from_file_location("typedscore", shared_folder() / "tools" / "typedscore.py")
    if spec is None or spec.loader is None:
        raise FileNotFoundError("tools/typedscore.py is missing from the benchmark data")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def fold_of(url: str | None, name: str) -> int:
    """The fold that a page is in, 0 to 4; pages of one site are in one fold.

    A page without an address, or with one that names no site, goes by its name.
    """
    return int(hashlib.sha256((site_of(url) or name).encode("utf-8")).hexdigest(), 16) % FOLDS


@dataclass(frozen=True, slots=True)
class TypedPage:
    """An annotated page: its source and its blocks with their types.

    `kind` is what the page is ("article", "forum" …).
    """

    name: str
    url: str | None
    html: str
    blocks: list[tuple[str, str]]
    kind: str = "unknown"


def typed_pages(limit: int | None = None) -> Iterator[TypedPage]:
    """The annotated pages, in order of their names; with a limit, spread evenly over them."""
    for path in _typed_paths(limit):
        record: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        html = gzip.decompress(path.with_name(record["id"] + ".html.gz").read_bytes())
        blocks = [(text, kind) for text, kind in record["blocks"]]
        yield TypedPage(
            record["id"],
            record.get("url"),
            html.decode("utf-8", "replace"),
            blocks,
            record.get("kind") or "unknown",
        )


def count_typed(limit: int | None = None) -> int:
    """How many pages `typed_pages` gives."""
    return len(_typed_paths(limit))


def _typed_paths(limit: int | None) -> list[Path]:
    return _spread(sorted((shared_folder() / "gold" / "typed").glob("*.json")), limit)


def typed_checksum() -> str:
    """SHA-256 of the annotated pages, so that figures can say what they were measured on."""
    digest = hashlib.sha256()
    for page in typed_pages():
        digest.update(json.dumps([page.name, page.url, page.kind, page.html, page.blocks]).encode("ascii"))
    return digest.hexdigest()


@dataclass(frozen=True, slots=True)
class BenchmarkPage:
    """A page of the public benchmark with its true main content.

    `kind` is what the page is ("article", "forum", "product" …). `with_snippets` are phrases that the
    extracted text must hold, `without_snippets` phrases that it must not.
    """

    name: str
    url: str | None
    kind: str
    html: bytes
    truth: str
    with_snippets: tuple[str, ...] = ()
    without_snippets: tuple[str, ...] = ()


def benchmark_truths(folder: Path | None = None, limit: int | None = None) -> Iterator[BenchmarkPage]:
    """The pages of a folder in the public benchmark's format, in order of their names.

    The folder holds `html/NAME.html.gz` and `ground-truth/NAME.json`; without one, it is the
    benchmark's development half. A page without a record is left out. With a limit the pages are
    spread evenly over the folder, whose order goes by kind.
    """
    for path in _with_truth(folder, limit):
        record: dict[str, Any] = json.loads(_truth_path(path).read_text(encoding="utf-8"))
        truth = record["ground_truth"]
        yield BenchmarkPage(
            name=_name(path),
            url=record.get("url") or None,
            kind=_kind(record),
            html=gzip.decompress(path.read_bytes()),
            truth=truth.get("main_content") or "",
            with_snippets=tuple(truth.get("with") or ()),
            without_snippets=tuple(truth.get("without") or ()),
        )


def count_truths(folder: Path | None = None, limit: int | None = None) -> int:
    """How many pages `benchmark_truths` gives."""
    return len(_with_truth(folder, limit))


def _with_truth(folder: Path | None, limit: int | None) -> list[Path]:
    folder = folder or shared_folder() / "wcxb" / "dev"
    if not folder.is_dir():
        raise FileNotFoundError(f"no benchmark data in {folder}")
    return _spread([path for path in _named_html(folder) if _truth_path(path).exists()], limit)


def _spread(paths: list[Path], limit: int | None) -> list[Path]:
    number = len(paths) if limit is None else min(limit, len(paths))
    return [paths[place * len(paths) // number] for place in range(number)]


def _kind(record: dict[str, Any]) -> str:
    page_type = (record.get("_internal") or {}).get("page_type") or {}
    return page_type.get("primary") or "unknown"


def benchmark_pages() -> Iterator[tuple[str, bytes]]:
    """Name and bytes of the pages of the public benchmark's development half, in order of their names."""
    for path in _named_html(shared_folder() / "wcxb" / "dev"):
        yield _name(path), gzip.decompress(path.read_bytes())


def _named_html(folder: Path) -> list[Path]:
    return sorted((folder / "html").glob("*.html.gz"))


def _name(path: Path) -> str:
    return path.name.removesuffix(".html.gz")


def _truth_path(page: Path) -> Path:
    return page.parents[1] / "ground-truth" / f"{_name(page)}.json"


def benchmark_checksum() -> str:
    """SHA-256 of the public benchmark's development half, as `typed_checksum`."""
    digest = hashlib.sha256()
    for page in benchmark_truths():
        digest.update(page.html)
        digest.update(json.dumps([page.name, page.url, page.kind, page.truth]).encode("ascii"))
    return digest.hexdigest()
