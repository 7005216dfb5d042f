"""Archives in, a corpus out: cleaned, filtered, without near-duplicates, as Parquet.

    python examples/datatrove_corpus.py INPUT OUTPUT [--tasks 4] [--workers 2] [--executor local|ray]

INPUT is a folder with anything that `thresher clean` reads, also a remote one (`s3://…`), OUTPUT a local or
shared one. A run that was ended, however it was, goes on when the same command is given again.
`docs/datatrove.md` says what stands where in OUTPUT.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Annotated, Any, Final

import typer
from datatrove.data import Document
from datatrove.executor.base import PipelineExecutor
from datatrove.executor.local import LocalPipelineExecutor
from datatrove.io import get_datafolder
from datatrove.pipeline.base import PipelineStep
from datatrove.pipeline.dedup import MinhashDedupCluster, MinhashDedupFilter, MinhashDedupSignature
from datatrove.pipeline.dedup.minhash import MinhashConfig, MinhashDedupBuckets
from datatrove.pipeline.filters import LambdaFilter
from datatrove.pipeline.readers import JsonlReader
from datatrove.pipeline.writers import JsonlWriter
from datatrove.utils.hashing import HashConfig

from thresher import __version__
from thresher.engines.datatrove import (
    ArticleParquetWriter,
    ThresherCleaner,
    ThresherReader,
    ThresherWords,
    run_to_the_end,
)
from thresher.engines.datatrove.executing import UnfinishedError

OBJECT_STORE_BYTES: Final = 100 * 1024 * 1024
"""Memory that a Ray of our own shares between its processes: nothing goes through it but the pipeline."""


class Executor(StrEnum):
    """What runs the tasks."""

    LOCAL = "local"
    RAY = "ray"


def main(
    source: Annotated[str, typer.Argument(metavar="INPUT")],
    output: Annotated[Path, typer.Argument(metavar="OUTPUT")],
    tasks: Annotated[int, typer.Option(min=1, help="Parts that the files are divided into.")] = 4,
    workers: Annotated[int, typer.Option(min=1, help="Tasks at a time.")] = 2,
    executor: Annotated[
        Executor, typer.Option(help="Ray takes the cluster that RAY_ADDRESS names.")
    ] = Executor.LOCAL,
    language: Annotated[
        list[str] | None, typer.Option(help="Keep articles in it alone; may be repeated.")
    ] = None,
    min_words: Annotated[int, typer.Option(min=0, help="Words of the shortest article that is kept.")] = 50,
) -> None:
    """Make a corpus, or go on with one that was begun."""
    output = output.absolute()
    try:
        begin(
            output,
            {"source": source, "tasks": tasks, "language": sorted(language or []), "min_words": min_words},
        )
        if (output / "corpus").exists():
            typer.echo("It was complete before.")
        else:
            run = partial(run_stage, output, executor, workers)
            make_corpus(run, source, output, tasks, Wanted(language, min_words))
    except (UnfinishedError, ValueError) as error:
        sys.exit(f"Error: {error}")
    typer.echo(f"The corpus is in {output / 'corpus'}")


def begin(output: Path, options: dict[str, Any]) -> None:
    """Note what a corpus is made of. Raises `ValueError` where the folder holds one of anything else."""
    folder = get_datafolder(options["source"])
    files = {name: folder.size(name) for name in folder.list_files()}
    said = json.dumps({"thresher": __version__, **options, "files": files}, indent=1) + "\n"
    note = output / "run.json"
    if note.exists() and note.read_text(encoding="utf-8") != said:
        raise ValueError(f"{output} was begun with other files or options ({note.name}); take another folder")
    if not files:
        raise ValueError(f"there is no file in {options['source']}")
    output.mkdir(parents=True, exist_ok=True)
    unfinished = note.with_suffix(".part")
    unfinished.write_text(said, encoding="utf-8")
    unfinished.replace(note)


class Wanted:
    """Which articles are kept, and why not: a function for `LambdaFilter`."""

    def __init__(self, languages: Sequence[str] | None, min_words: int) -> None:
        """Take the languages (ISO 639-1, none for any) and the least words."""
        self.languages = frozenset(languages or ())
        self.min_words = min_words

    def __call__(self, document: Document) -> bool | tuple[bool, str]:
        """Whether a document is kept, or the reason why it is not."""
        if self.languages and document.metadata["language"] not in self.languages:
            return False, "language"
        return document.metadata["words"] >= self.min_words or (False, "short")


def make_corpus(run: Any, source: str, output: Path, tasks: int, wanted: Wanted) -> None:
    """The stages, each of which begins when the one before is complete."""
    place = {name: str(output / name) for name in ("cleaned", "rejects", "filtered", "duplicates")}
    signatures, buckets, removed = (
        str(output / "minhash" / name) for name in ("signatures", "buckets", "remove")
    )
    config = MinhashConfig(hash_config=HashConfig(hash_fc="sha1"))  # of the standard library
    clean = [
        ThresherReader(source),
        ThresherCleaner(exclusion_writer=JsonlWriter(place["rejects"])),
        LambdaFilter(wanted, exclusion_writer=JsonlWriter(place["filtered"])),
        JsonlWriter(place["cleaned"]),
    ]
    run("1-clean", clean, tasks, outputs=[place["cleaned"], place["rejects"], place["filtered"]])
    if not list(Path(place["cleaned"]).glob("*")):
        raise ValueError(f"no article was found; {place['rejects']} and {place['filtered']} say why")
    cleaned = JsonlReader(place["cleaned"], add_file_path=False)
    run("2-signatures", [cleaned, MinhashDedupSignature(signatures, config, language=ThresherWords())], tasks)
    run("3-buckets", [MinhashDedupBuckets(signatures, buckets, config=config)], config.num_buckets)
    run("4-clusters", [MinhashDedupCluster(buckets, removed, config=config)], 1)
    unfinished = output / "corpus.part"
    corpus = [
        cleaned,
        MinhashDedupFilter(removed, exclusion_writer=JsonlWriter(place["duplicates"])),
        ArticleParquetWriter(str(unfinished)),
    ]
    run("5-corpus", corpus, tasks, outputs=[str(unfinished), place["duplicates"]])
    unfinished.replace(output / "corpus")


def run_stage(
    output: Path,
    kind: Executor,
    workers: int,
    name: str,
    steps: list[PipelineStep],
    tasks: int,
    outputs: Sequence[str] = (),
) -> None:
    """Run a stage's tasks that are not complete. Raises `UnfinishedError` where some were left undone."""
    logs = str(output / "logs" / name)
    run_to_the_end(_executor(kind, steps, tasks, min(workers, tasks), logs), outputs)


def _executor(
    kind: Executor, steps: list[PipelineStep], tasks: int, workers: int, logs: str
) -> PipelineExecutor:
    if kind is Executor.LOCAL:
        return LocalPipelineExecutor(steps, tasks=tasks, workers=workers, logging_dir=logs)
    import ray  # noqa: PLC0415  # only where it is asked for
    from datatrove.executor.ray import RayPipelineExecutor  # noqa: PLC0415

    if not ray.is_initialized():
        if os.environ.get("RAY_ADDRESS"):
            ray.init()
        else:
            ray.init(num_cpus=workers, include_dashboard=False, object_store_memory=OBJECT_STORE_BYTES)
    return RayPipelineExecutor(steps, tasks=tasks, workers=workers, logging_dir=logs, mem_per_cpu_gb=1)


if __name__ == "__main__":
    typer.run(main)
