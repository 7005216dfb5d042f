"""Articles of a crawl are compared with those of all runs: real crawls, real databases."""

from __future__ import annotations

from pathlib import Path

from pipelines.store import Store
from tests.crawling import crawl, interrupted
from tests.mockserver import Server, article_html, links_html, page
from tests.pipelines.reuse.made_up import State, edited, state, story


def serve(server: Server, host: str, *stories: str) -> tuple[str, dict[str, str]]:
    """Serve stories on a site of its own; gives the job that crawls it."""
    paths = {f"/2024/05/1{number}/a-story-of-the-harbour": told for number, told in enumerate(stories)}
    server.hosts[host] = {
        "/": page(links_html(*paths)),
        **{
            path: page(article_html(f"Story {path[-22]}", *told.split("\n\n")))
            for path, told in paths.items()
        },
    }
    return "links", {"url": server.url(host)}


def found(database: str) -> State:
    with Store(database) as store:
        return state(store)


def by_host(held: State) -> dict[str, str]:
    return {url.split("/")[2].partition(":")[0]: row["relation"] for url, row in held.origins.items()}


def test_copies_are_found_within_a_crawl_and_across_runs(
    server: Server, tmp_path: Path, database: str
) -> None:
    told = story(1)
    first = crawl(
        tmp_path,
        serve(server, "paper.example", told, story(2)),
        serve(server, "copy.example", edited(told)),
        THRESHER_DATABASE=database,
    )
    assert first.report["relations"] == {"original": 1, "edited": 1}
    before = found(database)
    assert before.waiting == 0
    assert set(by_host(before)) == {"paper.example", "copy.example"}

    crawl(tmp_path, serve(server, "late.example", told), THRESHER_DATABASE=database)
    after = found(database)
    assert set(by_host(after)) == {"paper.example", "copy.example", "late.example"}
    assert after.waiting == 0


def test_it_can_be_turned_off_and_is_made_up_for(server: Server, tmp_path: Path) -> None:
    told, database = story(1), f"sqlite:///{tmp_path}/thresher.db"
    jobs = serve(server, "one.example", told), serve(server, "other.example", told)
    off = crawl(tmp_path, jobs[0], THRESHER_DEDUPLICATE=False)
    assert "thresher/articles/compared" not in off.log
    assert found(database).waiting == 1
    on = crawl(tmp_path, jobs[1])
    assert "'thresher/articles/compared': 2" in on.log
    assert found(database).waiting == 0
    assert len(found(database).origins) == 2


def test_a_crawl_that_is_told_to_stop_leaves_the_rest_to_the_next(server: Server, tmp_path: Path) -> None:
    database = f"sqlite:///{tmp_path}/thresher.db"
    job = serve(server, "slow.example", *(story(number) for number in range(1, 10)))

    def three_came() -> bool:
        return len(server.asked("slow.example")) > 4

    interrupted(tmp_path, job, when=three_came, DOWNLOAD_DELAY=0.5)
    stopped = found(database)
    assert stopped.waiting > 0
    crawl(tmp_path, job)
    assert found(database).waiting == 0
