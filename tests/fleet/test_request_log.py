"""The checks of the web's log, with logs that were made up: each must be able to fail."""

from __future__ import annotations

import json
from math import inf
from pathlib import Path

from tests.fleet.request_log import (
    AGAIN,
    Loss,
    Request,
    overlaps,
    read_log,
    repeats,
    shortest_gap,
    unexplained,
)

ONE, TWO, THREE = "10.79.0.11", "10.79.0.12", "10.79.0.13"
HOST = "town00.example"


def asked(begin: float, end: float, *, client: str = ONE, host: str = HOST, path: str = "/a") -> Request:
    return Request(begin=begin, end=end, client=client, host=host, path=path, status=200)


def loss(client: str, at: float, *paths: str) -> Loss:
    return Loss(client, at, frozenset({HOST}), frozenset(f"http://{HOST}{path}" for path in paths))


def test_a_log_is_read_in_the_order_of_the_requests(tmp_path: Path) -> None:
    lines = [
        {"n": 0, "begin": 1.0, "client": ONE, "host": HOST, "path": "/a"},
        {"n": 1, "begin": 1.5, "client": TWO, "host": HOST, "path": "/b"},
        {"n": 1, "end": 1.6, "status": 404},
        {"n": 0, "end": 2.0, "status": 200},
        {"n": 2, "begin": 3.0, "client": ONE, "host": HOST, "path": "/c"},
    ]
    log = tmp_path / "log"
    log.write_text("".join(json.dumps(line) + "\n" for line in lines) + '{"n": 3, "beg', encoding="utf-8")
    assert read_log(log) == [
        Request(1.0, 2.0, ONE, HOST, "/a", 200),
        Request(1.5, 1.6, TWO, HOST, "/b", 404),
        Request(3.0, inf, ONE, HOST, "/c", 0),
    ]


def test_requests_one_after_the_other_do_not_overlap() -> None:
    assert overlaps([asked(1.0, 2.0), asked(2.0, 3.0, client=TWO), asked(3.5, 4.0)]) == []


def test_requests_to_different_sites_may_overlap() -> None:
    assert overlaps([asked(1.0, 2.0), asked(1.5, 3.0, host="town01.example")]) == []


def test_requests_by_one_host_that_overlap_are_found() -> None:
    first, second = asked(1.0, 2.0), asked(1.9, 3.0)
    assert overlaps([second, first]) == [(first, second)]


def test_requests_by_different_hosts_that_overlap_are_found() -> None:
    first, second = asked(1.0, 2.0), asked(1.9, 3.0, client=TWO)
    assert overlaps([first, second]) == [(first, second)]


def test_all_requests_within_a_long_one_are_found() -> None:
    long, second, third = asked(1.0, 9.0), asked(2.0, 3.0), asked(4.0, 5.0)
    assert overlaps([long, second, third, asked(9.0, 9.5)]) == [(long, second), (long, third)]


def test_a_request_that_was_never_answered_overlaps_all_that_come_after() -> None:
    hanging, second = asked(1.0, inf), asked(100.0, 101.0, client=TWO)
    assert overlaps([hanging, second]) == [(hanging, second)]


def test_the_shortest_gap_is_that_between_requests_to_one_site() -> None:
    elsewhere = asked(2.1, 2.2, host="town01.example")
    assert shortest_gap([asked(1.0, 2.0), elsewhere, asked(2.5, 3.0), asked(4.0, 5.0)]) == 0.5
    assert shortest_gap([asked(1.0, 2.0), elsewhere]) == inf


def test_what_is_asked_for_twice_is_found() -> None:
    first, second = asked(1.0, 2.0), asked(5.0, 6.0, client=TWO)
    (found,) = repeats([first, asked(3.0, 4.0, path="/b"), second])
    assert (found.url, found.requests) == (f"http://{HOST}/a", (first, second))


def test_what_every_run_asks_for_may_be_left_out() -> None:
    twice = [asked(1.0, 2.0, path="/robots.txt"), asked(3.0, 4.0, path="/robots.txt")]
    assert [repeat.url for repeat in repeats(twice)] == [f"http://{HOST}/robots.txt"]
    assert repeats(twice, but=AGAIN) == []


def test_the_same_path_of_two_sites_is_no_repeat() -> None:
    assert repeats([asked(1.0, 2.0), asked(3.0, 4.0, host="town01.example")]) == []


def test_a_loss_explains_what_was_under_way_in_it() -> None:
    found = repeats([asked(1.0, 2.0, client=TWO), asked(9.0, 9.5)])
    assert unexplained(found, [loss(TWO, 1.5, "/a")]) == []
    assert unexplained(found, [loss(TWO, 2.5, "/a")]) == []  # answered, and not yet stored


def test_a_repeat_without_a_loss_is_unexplained() -> None:
    found = repeats([asked(1.0, 2.0), asked(9.0, 9.5)])
    assert unexplained(found, []) == found


def test_the_loss_of_another_host_explains_nothing() -> None:
    found = repeats([asked(1.0, 2.0), asked(9.0, 9.5, client=TWO)])
    assert unexplained(found, [loss(TWO, 1.5, "/a")]) == found


def test_what_the_database_knew_to_be_done_is_not_explained() -> None:
    found = repeats([asked(1.0, 2.0, client=TWO), asked(9.0, 9.5)])
    assert unexplained(found, [loss(TWO, 2.5, "/b")]) == found


def test_a_request_that_came_after_the_loss_is_not_explained_by_it() -> None:
    """A host that was cut off and came back must not go on with what is no longer its own."""
    found = repeats([asked(9.0, 9.5), asked(10.0, 10.5, client=THREE)])
    assert unexplained(found, [loss(THREE, 5.0, "/a")]) == found
    found = repeats([asked(10.0, 10.5, client=THREE), asked(11.0, 11.5)])
    assert unexplained(found, [loss(THREE, 5.0, "/a")]) == found


def test_one_loss_explains_one_request() -> None:
    thrice = repeats([asked(1.0, 2.0, client=TWO), asked(3.0, 4.0, client=THREE), asked(9.0, 9.5)])
    both = [loss(TWO, 2.0, "/a"), loss(THREE, 4.0, "/a")]
    assert unexplained(thrice, both) == []
    assert unexplained(thrice, both[:1]) == thrice
    same = repeats([asked(1.0, 2.0, client=TWO), asked(3.0, 4.0, client=TWO), asked(9.0, 9.5)])
    assert unexplained(same, [loss(TWO, 4.0, "/a")]) == same
