"""The real WordPress of the tests: what spiders may rely on when it speaks of changes, and what not."""

from __future__ import annotations

import json
from datetime import timedelta
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import pytest

from tests import wordpress_site
from tests.spiders.farm_posts import drafts
from tests.wordpress_site import WordPress, wordpress

POSTS: Final = 25


def ask(site: WordPress, path: str, **headers: str) -> tuple[HTTPResponse, bytes]:
    """A request past the crawler; header names are written with underscores."""
    where = urlsplit(site.url)
    connection = HTTPConnection("127.0.0.1", where.port, timeout=10)
    try:
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request("GET", path, headers={"Host": where.netloc, **sent})
        response = connection.getresponse()
        return response, response.read()
    finally:
        connection.close()


def test_what_feeds_say_of_changes(tmp_path: Path) -> None:
    with wordpress(tmp_path) as site:
        posts = site.create_all(drafts(POSTS))
        _, old, *_, newest = posts
        first, _ = ask(site, "/feed/")
        known = {"If_None_Match": first.headers["ETag"], "If_Modified_Since": first.headers["Last-Modified"]}
        assert ask(site, "/feed/", **known)[0].status == 304
        assert ask(site, "/feed/", If_None_Match=f"W/{known['If_None_Match']}")[0].status == 200
        site.delete(old.id)
        assert ask(site, "/feed/", **known)[0].status == 304  # although a post is gone
        site.trash(newest.id)
        assert ask(site, "/feed/", If_Modified_Since=known["If_Modified_Since"])[0].status == 304
        assert ask(site, "/feed/", **known)[0].status == 200
        site.edit(posts[0].id, title="Another title")
        site.mark()
        assert ask(site, "/feed/", **known)[0].status == 200
        (logged,) = site.requests
        assert (logged.method, logged.path, logged.status, logged.conditional) == ("GET", "/feed/", 200, True)
        assert logged.validators.keys() == {"etag", "last-modified"}


def test_what_the_api_says_of_changes(tmp_path: Path) -> None:
    def listed(query: str) -> list[int]:
        response, body = ask(site, f"/wp-json/wp/v2/posts?_fields=id&per_page=100&{query}")
        assert "ETag" not in response.headers
        assert "Last-Modified" not in response.headers
        numbers = [post["id"] for post in json.loads(body)]
        assert response.headers["X-WP-Total"] == str(len(numbers))
        return numbers

    written = drafts(POSTS)
    with wordpress(tmp_path, timezone_string="America/New_York") as site:
        numbers = [post.id for post in site.create_all(written)]
        newest = max(draft.date for draft in written if draft.date)
        mark = f"{newest:%Y-%m-%dT%H:%M:%S}"
        one_earlier = newest - timedelta(seconds=1)
        assert listed(f"modified_after={mark}Z") == []  # after, not at
        assert listed(f"modified_after={one_earlier:%Y-%m-%dT%H:%M:%S}Z") == numbers[-1:]
        there = newest - timedelta(hours=4)  # without a zone it is the site's own time
        assert listed(f"modified_after={there:%Y-%m-%dT%H:%M:%S}") == []
        assert listed(f"modified_after={one_earlier - timedelta(hours=4):%Y-%m-%dT%H:%M:%S}") == numbers[-1:]
        back_dated = site.create("Back-dated", ["Long ago."], date=newest - timedelta(days=900))
        assert listed(f"modified_after={mark}Z") == []
        assert listed("orderby=id&order=desc")[0] == back_dated.id
        site.edit(numbers[3], title="Another title")
        site.trash(numbers[4])
        site.delete(numbers[5])
        assert listed(f"modified_after={mark}Z") == [numbers[3]]
        assert sorted(listed(f"include={','.join(map(str, numbers))}")) == numbers[:4] + numbers[6:]
        assert ask(site, f"/wp-json/wp/v2/posts/{numbers[4]}")[0].status == 401
        assert ask(site, f"/wp-json/wp/v2/posts/{numbers[5]}")[0].status == 404


@pytest.mark.parametrize(("ci", "outcome"), [("", pytest.skip.Exception), ("true", pytest.fail.Exception)])
def test_without_its_packages(
    ci: str, outcome: type[BaseException], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CI", ci)
    monkeypatch.setattr(wordpress_site, "NEEDED_COMMANDS", ("no-such-command",))
    with (
        pytest.raises(outcome, match=r"no no-such-command: run tests/wordpress_install.sh"),
        wordpress(tmp_path),
    ):
        pass
