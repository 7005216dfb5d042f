"""Everything that `thresher clean` reads, as datatrove's documents."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import Any, Final

from datatrove.data import Document
from datatrove.io import DataFileLike, DataFolderLike
from datatrove.pipeline.readers.base import BaseDiskReader

from cleaners import Rejection
from spiders.documents import read_pages
from thresher.engines.datatrove.pages import document_of

_NOT_OURS: Final = frozenset({"adapter", "text_key", "id_key"})


class ThresherReader(BaseDiskReader):  # type: ignore[misc]  # datatrove has no types
    """Reads pages: WARC archives, HTML, JSON lines, WordPress posts, text; plain, gzip or zstd.

    What a file holds is told by its content (`spiders.documents`). A document's `id` is its file's path below
    `data_folder` and its number in the file, from 0. It carries the page as it is, for `ThresherCleaner`.
    What cannot be read is a document too, which carries the reason, and counts as one.

    Files of a local folder are read in place; those of others are copied into a temporary file one after the
    other, as archives are read twice. Hidden files and folders are left out, unless a paths file names them.

    `limit` and `skip` count documents of each task. The options are those of datatrove's readers of folders
    (`glob_pattern`, `recursive`, `default_metadata` …) without `adapter`, `text_key` and `id_key`.
    """

    name = "🌾 Thresher"

    def __init__(
        self,
        data_folder: DataFolderLike,
        paths_file: DataFileLike | None = None,
        limit: int = -1,
        skip: int = 0,
        **options: Any,
    ) -> None:
        """Take the folder; files are listed when a task runs. Raises `TypeError` for unknown options."""
        if unknown := options.keys() & _NOT_OURS:
            raise TypeError(
                f"ThresherReader tells by content what a file holds: it knows no {sorted(unknown)}"
            )
        super().__init__(data_folder, paths_file, limit, skip, **options)

    def read_file(self, filepath: str) -> Iterator[Document]:
        """The documents of a file. Raises `OSError` where a file of a remote folder cannot be fetched."""
        if not self.paths_file and _is_hidden(filepath):
            self.stat_update("hidden_files")
            return
        with self._local(filepath) as (path, address):
            pages = read_pages([path], url=address)
            number = 0
            while True:
                with self.track_time():
                    found = next(pages, None)
                if found is None:
                    return
                if isinstance(found, Rejection):
                    self.stat_update(f"unread/{found.reason}")
                yield self._completed(document_of(found, f"{filepath}/{number}", filepath), filepath)
                number += 1

    def _completed(self, document: Document, filepath: str) -> Document:
        """The document with what its reader adds to all."""
        if self.default_metadata:
            document.metadata = self.default_metadata | document.metadata
        if self.add_file_path:
            document.metadata.setdefault("file_path", self.data_folder.resolve_paths(filepath))
        return document

    @contextmanager
    def _local(self, filepath: str) -> Iterator[tuple[Path, str | None]]:
        """Where a file of the folder can be read on this machine, and its address if that is a copy."""
        if self.data_folder.is_local():
            yield Path(self.data_folder.resolve_paths(filepath)), None
            return
        with tempfile.TemporaryDirectory(prefix="thresher-") as folder:
            copy = Path(folder) / PurePosixPath(filepath).name  # the name may say what the file holds
            self.data_folder.get_file(filepath, str(copy))
            yield copy, self.data_folder.resolve_paths(filepath)


def _is_hidden(filepath: str) -> bool:
    return any(part.startswith(".") for part in PurePosixPath(filepath).parts)
