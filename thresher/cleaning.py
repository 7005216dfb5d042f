"""`thresher clean`: saved documents in, articles out, in the order of their paths, on all cores."""

from __future__ import annotations

import sys
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from cleaners import BlockType, Rejection
from pipelines.cleaner import Cleaner
from pipelines.workers import TIME_LIMIT, CleaningPool
from pipelines.written import WrittenCleaner
from spiders.documents import holds_many, list_files, read_pages, read_stream_pages
from thresher.terminal import printable

Write = Callable[[str], object]
"""Takes the next piece of the output."""

FEW_FILES: Final = 1
"""Up to this many files, no progress and no summary is shown."""


@dataclass(frozen=True, slots=True)
class CleaningRun:
    """What one call of the command asks for. `form` is "json", "jsonl", "text", "markdown" or `None`."""

    form: str | None = None
    types: Collection[BlockType] | None = None
    workers: int | None = None
    time_limit: float | None = None
    cleaner: Cleaner = field(default_factory=Cleaner)

    def run(self, paths: list[Path], *, output: Path | None, url: str | None) -> int:
        """Clean everything and write it; give the number of documents that gave no article.

        Raises `FileNotFoundError` for a path that does not exist and `ValueError` for arguments that do
        not go together.
        """
        files = self._files(paths)
        many = files is not None and (len(files) != 1 or holds_many(files[0]))
        if url and many:
            raise ValueError("--url names one document's address, but there are several documents")
        form = self.form or ("jsonl" if many else "text")
        results = self._results(files, url, form)
        with _writer(output) as write:
            return self._write(results, write, form, total=len(files) if files is not None else 1)

    @staticmethod
    def _files(paths: list[Path]) -> list[Path] | None:
        """The files to clean, or `None` for standard input."""
        if _is_stdin(paths):
            return None
        for path in paths:
            if not path.exists():
                raise FileNotFoundError(f"{path} does not exist")
        files = list_files(paths)
        if not files:
            raise FileNotFoundError("there is no file in " + ", ".join(map(str, paths)))
        return files

    def _results(self, files: list[Path] | None, url: str | None, form: str) -> Iterator[str | Rejection]:
        """The articles, written out, and the rejections, in order."""
        pages = read_pages(files, url=url) if files is not None else read_stream_pages(sys.stdin.buffer, url)
        function = WrittenCleaner(self.cleaner, form, self.types)
        time_limit = self.time_limit or TIME_LIMIT
        with CleaningPool(function=function, workers=self.workers, time_limit=time_limit) as pool:
            yield from pool.map(pages)

    def _write(self, results: Iterable[str | Rejection], write: Write, form: str, *, total: int) -> int:
        rejected = written = 0
        errors = Console(stderr=True)
        opening, joint, closing = _FRAMES[form]
        write(opening)
        with _progress(errors, shown=total > FEW_FILES) as progress:
            task = progress.add_task("Cleaning", total=total)
            for result in results:
                if isinstance(result, Rejection):
                    rejected += 1
                    _print_rejection(result, progress.console)
                else:
                    write((joint if written else "") + result)
                    written += 1
                done = written + rejected
                progress.update(task, completed=done, total=max(total, done))  # a file may hold many posts
        if written or form == "json":
            write(closing)
        if total > FEW_FILES:
            errors.print(f"{written} articles, {rejected} rejected", highlight=False)
        return rejected


_FRAMES: Final = {
    "jsonl": ("", "\n", "\n"),
    "json": ("[\n", ",\n", "\n]\n"),
    "text": ("", "\n\n\n", "\n"),
    "markdown": ("", "\n\n---\n\n", "\n"),
}
"""What opens, parts and closes the documents of each form."""


def _is_stdin(paths: list[Path]) -> bool:
    return [str(path) for path in paths] == ["-"]


def _print_rejection(rejection: Rejection, console: Console) -> None:
    message = f"{rejection.url or 'standard input'}: {rejection.detail} [{rejection.reason}]"
    console.print(printable(message), style="yellow", markup=False, highlight=False, soft_wrap=True)


def _progress(console: Console, *, shown: bool) -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=console,
        disable=not (shown and console.is_terminal),
    )


@contextmanager
def _writer(output: Path | None) -> Iterator[Write]:
    """Where the articles go. A file takes its name only when it is complete."""
    if output is None:
        shown = sys.stdout.isatty()  # a terminal shows strangers' text and must not obey it
        yield lambda text: sys.stdout.write(printable(text) if shown else text)
        return
    output.parent.mkdir(parents=True, exist_ok=True)
    unfinished = output.with_name(output.name + ".part")
    with unfinished.open("w", encoding="utf-8", newline="\n") as stream:
        yield stream.write
    unfinished.replace(output)
