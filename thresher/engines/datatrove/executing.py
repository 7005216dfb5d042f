"""Running a pipeline so that tasks which were ended are noticed, and leave nothing behind.

datatrove's local executor has a pool of processes, which waits for ever for a task whose process was ended;
its executor for Ray goes on without tasks that failed.
"""

from __future__ import annotations

import json
import os
import re
import threading
from collections import deque
from collections.abc import Iterable
from pathlib import PurePosixPath
from typing import Any, Final

import multiprocess
from datatrove.executor.base import PipelineExecutor
from datatrove.executor.local import LocalPipelineExecutor
from datatrove.io import DataFolderLike, get_datafolder
from datatrove.utils.stats import PipelineStats
from loguru import logger
from multiprocess.connection import wait

_RANK: Final = re.compile(r"(?<!\d)\d{5,}(?!\d)")  # as datatrove's writers set it into names of files


class UnfinishedError(RuntimeError):
    """A run that left tasks undone; the same call does those, and those alone."""


def run_to_the_end(executor: PipelineExecutor, outputs: Iterable[DataFolderLike] = ()) -> None:
    """Run a pipeline's tasks that are not complete, and those that it depends on.

    `outputs` are folders with files that have their task's rank in their names, as all of datatrove's writers
    set it there: what a task that did not complete left in them is removed before it begins anew.

    A task that fails does not stop the others. In the end `UnfinishedError` is raised where tasks were left
    undone, because they failed or because their process was ended from without (by the system for want of
    memory, for one). With one worker, what a task raises is raised.
    """
    if executor.depends:
        run_to_the_end(executor.depends)
    undone = executor.get_incomplete_ranks()
    for output in outputs:
        _remove_files(output, set(undone))
    if isinstance(executor, LocalPipelineExecutor) and executor.workers > 1:
        _run_processes(executor)
    else:
        executor.run()
    if missing := executor.get_incomplete_ranks(_ranks(executor), skip_completed=True):
        ranks = ", ".join(map(str, missing))
        raise UnfinishedError(f"tasks that did not complete: {ranks}; the logs say why. Start it again.")


def _remove_files(output: DataFolderLike, ranks: set[int]) -> None:
    folder = get_datafolder(output)
    for name in folder.list_files() if folder.exists("") else []:
        found = _RANK.findall(PurePosixPath(name).name)
        if found and int(found[-1]) in ranks:
            folder.rm(name)


def _ranks(executor: PipelineExecutor) -> range:
    """The tasks that an executor is to run: of a local one maybe a part of all."""
    if isinstance(executor, LocalPipelineExecutor):
        return range(executor.local_rank_offset, executor.local_rank_offset + executor.local_tasks)
    return range(executor.world_size)


def _run_processes(executor: LocalPipelineExecutor) -> None:
    """Run a local executor's tasks in a process each, as many at a time as it has workers."""
    waiting = deque(executor.get_incomplete_ranks(_ranks(executor)))
    if not waiting:
        return
    executor.save_executor_as_json()
    context = multiprocess.get_context(executor.start_method)
    free = deque(range(executor.workers))  # of which the first logs to the terminal
    running: dict[Any, tuple[int, int, Any]] = {}
    try:
        while waiting or running:
            while waiting and free:
                rank, place = waiting.popleft(), free.popleft()
                process = context.Process(target=_run_task, args=(executor, rank, place), daemon=True)
                process.start()
                running[process.sentinel] = rank, place, process
            for sentinel in wait(list(running)):
                rank, place, process = running.pop(sentinel)
                process.join()
                free.append(place)
                if process.exitcode:
                    logger.error("The process of task {} ended with exit code {}", rank, process.exitcode)
    finally:
        for _, _, process in running.values():
            process.kill()
    _save_statistics(executor)


def _run_task(executor: LocalPipelineExecutor, rank: int, place: int) -> None:
    threading.Thread(target=_end_with_parent, daemon=True).start()
    executor._run_for_rank(rank, place)


def _end_with_parent() -> None:
    """End this process when the one that started it is gone, before another run begins its task anew."""
    wait([multiprocess.parent_process().sentinel])
    os._exit(1)


def _save_statistics(executor: LocalPipelineExecutor) -> None:
    """The sum of the statistics of all tasks that are complete, of earlier runs too."""
    total = PipelineStats()
    for rank in _ranks(executor):
        if executor.logging_dir.isfile(f"completions/{rank:05d}"):
            with executor.logging_dir.open(f"stats/{rank:05d}.json", "r") as stream:
                total += PipelineStats.from_json(json.load(stream))
    with executor.logging_dir.open("stats.json", "wt") as stream:
        total.save_to_disk(stream)
