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
from typing import Any


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


@dataclass(frozen=True, slots=True)
class TypedPage:
    """An annotated page: its source and its blocks with their types."""

    name: str
    url: str | None
    html: str
    blocks: list[tuple[str, str]]


def typed_pages() -> Iterator[TypedPage]:
    """The annotated pages, in order of their names."""
    for path in sorted((shared_folder() / "gold" / "typed").glob("*.json")):
        record: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        html = gzip.decompress(path.with_name(record["id"] + ".html.gz").read_bytes())
        blocks = [(text, kind) for text, kind in record["blocks"]]
        yield TypedPage(record["id"], record.get("url"), html.decode("utf-8", "replace"), blocks)


def typed_checksum() -> str:
    """SHA-256 of the annotated pages, so that figures can say what they were measured on."""
    digest = hashlib.sha256()
    for page in typed_pages():
        digest.update(json.dumps([page.name, page.url, page.html, page.blocks]).encode("ascii"))
    return digest.hexdigest()


def benchmark_pages(limit: int | None = None) -> Iterator[tuple[str, bytes]]:
    """Name and bytes of the pages of the public benchmark's development half, in order of their names."""
    for path in sorted((shared_folder() / "wcxb" / "dev" / "html").glob("*.html.gz"))[:limit]:
        yield path.name.removesuffix(".html.gz"), gzip.decompress(path.read_bytes())
