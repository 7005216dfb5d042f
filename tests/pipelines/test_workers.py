"""The cleaning workers: whatever a page does to one, the answer is an item and the pool goes on."""

from __future__ import annotations

import asyncio
import copy
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from cleaners import Article, Page, Rejection, clean
from pipelines.workers import CleaningPool

MIB = 1 << 20
ROOT = Path(__file__).resolve().parents[2]


def behave(page: Page) -> Article:
    """A cleaner that does what the page's address says."""
    assert page.url is not None
    action = page.url.rpartition("/")[2]
    if action == "sleep":
        time.sleep(60)
    elif action == "eat":
        eaten = bytearray(2_000 * MIB)
        eaten[-1] = 1
    elif action == "exit":
        os._exit(7)
    elif action == "crash":
        os.kill(os.getpid(), signal.SIGSEGV)
    elif action == "raise":
        raise ValueError("a fault in the cleaner")
    elif action == "recurse":
        return behave(page)
    elif action == "slow":
        time.sleep(0.2)
    elif action == "pid":
        return Article(url=page.url, text=str(os.getpid()))
    return Article(url=page.url, text=action)


def page(action: str) -> Page:
    return Page(url=f"http://a.example/{action}", body="", status=200, discovered_by="link")


@pytest.fixture(scope="module")
def pool() -> Iterator[CleaningPool[Article]]:
    with CleaningPool(workers=2, time_limit=0.8, memory_limit=256 * MIB, function=behave) as running:
        yield running


def test_gives_the_article(pool: CleaningPool[Article]) -> None:
    outcome = pool.clean(page("fine"))
    assert isinstance(outcome, Article)
    assert outcome.text == "fine"


@pytest.mark.parametrize(
    ("action", "reason", "detail"),
    [
        ("sleep", "worker-timeout", "cleaning took longer than 0.8 seconds"),
        ("eat", "worker-memory", "cleaning needed more than 256 MiB of memory"),
        ("exit", "worker-died", "the cleaning process ended with exit code 7"),
        ("crash", "worker-died", "the cleaning process ended with exit code -11"),
        ("raise", "worker-error", "cleaning failed with ValueError: a fault in the cleaner"),
    ],
)
def test_rejects_with_the_reason(pool: CleaningPool[Article], action: str, reason: str, detail: str) -> None:
    assert pool.clean(page(action)) == Rejection(
        url=f"http://a.example/{action}", reason=reason, detail=detail, status=200, discovered_by="link"
    )
    assert isinstance(pool.clean(page("after")), Article)


def test_endless_recursion_is_an_error_of_the_page(pool: CleaningPool[Article]) -> None:
    outcome = pool.clean(page("recurse"))
    assert isinstance(outcome, Rejection)
    assert outcome.detail.startswith("cleaning failed with RecursionError")


def test_map_keeps_the_order_and_takes_no_more_than_it_can_hold(pool: CleaningPool[Article]) -> None:
    taken: list[str] = []

    def pages() -> Iterator[Page]:
        for action in ["slow", "fine", "exit", "raise", *(f"n{number}" for number in range(30))]:
            taken.append(action)
            yield page(action)

    results = pool.map(pages())
    first = next(results)
    assert first.url == "http://a.example/slow"
    assert len(taken) <= pool.in_flight + 1
    rest = list(results)
    assert [outcome.url for outcome in rest] == [f"http://a.example/{action}" for action in taken[1:]]
    assert [type(outcome) for outcome in rest[:3]] == [Article, Rejection, Rejection]
    assert all(isinstance(outcome, Article) for outcome in rest[3:])


def test_map_passes_what_was_rejected_before(pool: CleaningPool[Article]) -> None:
    unread = Rejection(url="b.html", reason="unreadable", detail="permission denied")
    first, second, third = pool.map([page("slow"), unread, page("fine")])
    assert isinstance(first, Article)
    assert second is unread
    assert isinstance(third, Article)


def test_many_dying_workers_lose_nothing(pool: CleaningPool[Article]) -> None:
    actions = ["exit", "fine", "crash"] * 8
    outcomes = list(pool.map(page(action) for action in actions))
    assert [outcome.url for outcome in outcomes] == [f"http://a.example/{action}" for action in actions]
    for action, outcome in zip(actions, outcomes, strict=True):
        if action == "fine":
            assert isinstance(outcome, Article)
        else:
            assert isinstance(outcome, Rejection)
            assert outcome.reason == "worker-died"


def test_a_worker_is_replaced_after_its_pages_and_none_is_lost() -> None:
    with CleaningPool(workers=1, worker_life=3, function=behave) as pool:
        workers = [outcome.text for outcome in pool.map([page("pid")] * 9) if isinstance(outcome, Article)]
    assert [workers.count(worker) for worker in dict.fromkeys(workers)] == [3, 3, 3]


def test_does_not_block_the_event_loop(pool: CleaningPool[Article]) -> None:
    async def run() -> tuple[int, list[Article | Rejection]]:
        ticks = 0
        pages = [asyncio.create_task(pool.clean_async(page("slow"))) for _ in range(6)]
        while not all(task.done() for task in pages):
            ticks += 1
            await asyncio.sleep(0.01)
        return ticks, [task.result() for task in pages]

    ticks, outcomes = asyncio.run(run())
    assert ticks > 10
    assert all(isinstance(outcome, Article) for outcome in outcomes)


@pytest.mark.parametrize(
    ("action", "reason"),
    [("sleep", "worker-timeout"), ("exit", "worker-died"), ("raise", "worker-error"), ("fine", None)],
)
def test_answers_an_event_loop_as_it_does_a_thread(
    pool: CleaningPool[Article], action: str, reason: str | None
) -> None:
    outcome = asyncio.run(pool.clean_async(page(action)))
    assert outcome.url == f"http://a.example/{action}"
    assert getattr(outcome, "reason", None) == reason


def test_no_more_pages_of_an_event_loop_are_in_flight_than_there_is_room() -> None:
    with CleaningPool(workers=1, function=behave) as pool:
        most = 0

        async def watch(pages: list[asyncio.Task[Article | Rejection]]) -> None:
            nonlocal most
            while not all(task.done() for task in pages):
                most = max(most, len(pool._under_way))
                await asyncio.sleep(0.01)

        async def run() -> list[Article | Rejection]:
            pages = [asyncio.create_task(pool.clean_async(page("slow"))) for _ in range(10)]
            await watch(pages)
            return [task.result() for task in pages]

        assert all(isinstance(outcome, Article) for outcome in asyncio.run(run()))
        assert most == pool.in_flight


def test_a_page_that_is_given_up_makes_room() -> None:
    with CleaningPool(workers=1, time_limit=30, function=behave) as pool:

        async def run() -> Article | Rejection:
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(pool.clean_async(page("sleep")), 0.5)
            return await pool.clean_async(page("fine"))

        assert isinstance(asyncio.run(run()), Article)
        assert not pool._under_way


def test_closing_answers_an_event_loop() -> None:
    pool = CleaningPool(workers=1, time_limit=30, function=behave)

    async def run() -> list[Article | Rejection]:
        pages = [asyncio.create_task(pool.clean_async(page("sleep"))) for _ in range(8)]
        await asyncio.sleep(0.5)
        await asyncio.to_thread(pool.close)
        return [await task for task in pages]

    outcomes = asyncio.run(run())
    assert [getattr(outcome, "reason", None) for outcome in outcomes] == ["worker-stopped"] * 8


def test_copies_are_the_same_pool(pool: CleaningPool[Article]) -> None:
    assert copy.deepcopy({"pool": pool})["pool"] is pool


def test_closing_gives_up_what_is_under_way() -> None:
    pool = CleaningPool(workers=1, time_limit=30, function=behave)
    with ThreadPoolExecutor(1) as thread:
        future = thread.submit(pool.clean, page("sleep"))
        time.sleep(0.4)
        began = time.monotonic()
        pool.close()
        pool.close()
        outcome = future.result()
    assert isinstance(outcome, Rejection)
    assert outcome.reason == "worker-stopped"
    assert time.monotonic() - began < 5
    late = pool.clean(page("fine"))
    assert isinstance(late, Rejection)
    assert late.reason == "worker-stopped"


def test_the_real_cleaner_runs_in_it() -> None:
    html = (
        b"<html><body><article><p>" + b"A sentence about the harbour. " * 20 + b"</p></article></body></html>"
    )
    with CleaningPool(workers=1, function=clean) as pool:
        outcome = pool.clean(Page(url="http://a.example/", body=html, content_type="text/html"))
    assert isinstance(outcome, Article)
    assert "harbour" in outcome.text


_INTERRUPTED = """
import signal, sys
from cleaners import Page, clean
from pipelines.workers import CleaningPool
if __name__ == "__main__":
    signal.signal(signal.SIGINT, lambda *_: None)
    print("ready", flush=True)
    with CleaningPool(function=clean, workers=1) as pool:
        print(type(pool.clean(Page(url=None, body="<p>One two three.</p>"))).__name__)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="there is no fork server on Windows")
def test_ctrl_c_while_the_workers_start_costs_no_page(tmp_path: Path) -> None:
    """A terminal sends it to all processes, the fork server that is only beginning to start too."""
    (script := tmp_path / "interrupted.py").write_text(_INTERRUPTED, encoding="utf-8")
    child = subprocess.Popen(
        [sys.executable, str(script)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert child.stdout is not None
    assert child.stdout.readline() == "ready\n"
    while child.poll() is None:
        os.killpg(child.pid, signal.SIGINT)
        time.sleep(0.02)
    assert child.stdout.read() == "Article\n"
    child.stdout.close()
