"""The step of a pipeline that cleans: documents with pages in, documents with articles out."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Final, Literal

from datatrove.data import Document
from datatrove.pipeline.base import PipelineStep
from datatrove.pipeline.writers.disk_base import DiskWriter
from datatrove.utils.typeshelper import StatHints

from cleaners import BlockType, Favor, Rejection
from cleaners.article import KEPT_TYPES
from pipelines.cleaner import Cleaner
from pipelines.workers import MEMORY_LIMIT, TIME_LIMIT
from thresher.engines.datatrove.maker import Cleaned, Maker, read_cleaned, valid
from thresher.engines.datatrove.pages import REJECTED, found_in, page_medium
from thresher.engines.datatrove.sandbox import Sandbox

KEPT: Final = frozenset(kind.value for kind in KEPT_TYPES)


class ThresherCleaner(PipelineStep):  # type: ignore[misc]  # datatrove has no types
    """Cleans each document's page as `thresher clean` does, and gives the article's text with its record.

    The page is what `ThresherReader` put into the document; of other readers' documents the text is the page
    (HTML, a WordPress post's JSON, or text), and the metadata's `url_key` its address, `fetched_at_key` the
    time when it was fetched (ISO 8601), `content_type` what it is.

    `text` is what the document's text becomes: the article's "text" or its "markdown"; of the blocks of
    `types` where any are given. The metadata become the article's record (`docs/record.md`) with `words` and
    `text_digest`, which texts are compared by; what else stood there stays. `blocks` and `markdown` say
    whether the record keeps the fields of these names, which are the largest.

    `favor` and `phrases` are those of `cleaners.clean`. A page may take `time_limit` seconds and
    `memory_limit` bytes. What gives no article goes to `exclusion_writer`, with `reason` and `detail` in its
    metadata.

    Raises `ValueError` for an unknown `text` or `favor` and for a bound that is none, `FileNotFoundError` and
    `cleaners.lexicon.LexiconError` for files of phrases that cannot be used.
    """

    type = "🛢 - EXTRAC"
    name = "🌾 Thresher"

    def __init__(  # noqa: PLR0913  # a step's options, each by its name
        self,
        *,
        text: Literal["text", "markdown"] = "text",
        types: Collection[BlockType | str] | None = None,
        blocks: bool = True,
        markdown: bool = True,
        favor: Favor | str = Favor.BALANCED,
        phrases: Collection[str | Path] = (),
        time_limit: float = TIME_LIMIT,
        memory_limit: int = MEMORY_LIMIT,
        url_key: str = "url",
        fetched_at_key: str = "fetched_at",
        exclusion_writer: DiskWriter | None = None,
    ) -> None:
        """Check the arguments; the process that cleans starts when a task runs."""
        super().__init__()
        if text not in {"text", "markdown"}:
            raise ValueError(f"text can be 'text' or 'markdown', but not {text!r}")
        if time_limit <= 0 or memory_limit <= 0:
            raise ValueError("time_limit (seconds) and memory_limit (bytes) must be more than 0")
        self.maker = Maker(
            cleaner=Cleaner(Favor(favor), tuple(Path(path).absolute() for path in phrases)),
            markdown=text == "markdown",
            types=frozenset(map(BlockType, types)) if types else None,
            blocks=blocks,
            with_markdown=markdown,
        )
        self.time_limit = time_limit
        self.memory_limit = memory_limit
        self.url_key = url_key
        self.fetched_at_key = fetched_at_key
        self.exclusion_writer = exclusion_writer

    def run(
        self,
        data: Iterable[Document] | None,
        rank: int = 0,
        world_size: int = 1,  # noqa: ARG002  # the interface
    ) -> Iterator[Document]:
        """Clean a task's documents, in their order."""
        with ExitStack() as stack:
            writer = stack.enter_context(self.exclusion_writer) if self.exclusion_writer else None
            sandbox = stack.enter_context(
                Sandbox(self.maker, time_limit=self.time_limit, memory_limit=self.memory_limit)
            )
            for document in data or ():
                self.stat_update(StatHints.total)
                with self.track_time():
                    outcome = self._outcome(document, sandbox)
                if isinstance(outcome, Rejection):
                    self._reject(document, outcome)
                    if writer is not None:
                        writer.write(document, rank)
                else:
                    self._forward(document, outcome)
                    yield document

    def _outcome(self, document: Document, sandbox: Sandbox[bytes | Rejection]) -> Cleaned | Rejection:
        found = found_in(document, url_key=self.url_key, fetched_at_key=self.fetched_at_key)
        made = found if isinstance(found, Rejection) else sandbox(found)
        return made if isinstance(made, Rejection) else read_cleaned(made)

    def _reject(self, document: Document, rejection: Rejection) -> None:
        self.stat_update(StatHints.dropped, f"rejected/{rejection.reason}")
        document.metadata.pop(REJECTED, None)
        document.metadata |= valid(rejection.to_record())

    def _forward(self, document: Document, cleaned: Cleaned) -> None:
        page = page_medium(document)
        document.media = [medium for medium in document.media if medium is not page]
        document.text = cleaned.text
        document.metadata |= cleaned.metadata
        self.stat_update(StatHints.forwarded)
        for kind, (blocks, words) in cleaned.counts.items():
            area = "kept" if kind in KEPT else "removed"
            self.stat_update(f"{area}/{kind}/blocks", value=blocks)
            self.stat_update(f"{area}/{kind}/words", value=words)
        self.update_doc_stats(document)
