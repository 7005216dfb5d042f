from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

from spiders.rest import RestApi, candidate_roots, read_json


def test_addresses_with_and_without_pretty_permalinks() -> None:
    pretty = RestApi("http://a.example/", "http://a.example/wp-json/", 50)
    assert pretty.posts_url(2).startswith("http://a.example/wp-json/wp/v2/posts?per_page=50&page=2&")
    plain = RestApi("http://a.example/", "http://a.example/index.php?rest_route=/", 50)
    query = parse_qs(urlsplit(plain.posts_url(1)).query)
    assert query["rest_route"] == ["/wp/v2/posts"]
    assert query["per_page"] == ["50"]
    since = parse_qs(urlsplit(pretty.posts_url(1, modified_after="2024-05-02T11:30:00Z")).query)
    assert (since["orderby"], since["modified_after"]) == (["modified"], ["2024-05-02T11:30:00Z"])


def test_where_the_api_may_be() -> None:
    assert candidate_roots("http://a.example/", None) == [
        "http://a.example/wp-json/",
        "http://a.example/?rest_route=/",
    ]
    assert candidate_roots("http://a.example/blog", None)[0] == "http://a.example/blog/wp-json/"
    assert candidate_roots("http://a.example/index.html", None)[0] == "http://a.example/wp-json/"
    assert candidate_roots("http://a.example/", "http://a.example/api/") == ["http://a.example/api/"]


def test_names_from_posts_and_answers() -> None:
    api = RestApi("http://a.example/", "http://a.example/wp-json/", 50)
    post = {
        "author": 1,
        "categories": [2, 3],
        "_embedded": {
            "author": [{"id": 1, "name": "Ada"}],
            "wp:term": [
                [{"id": 2, "name": "Town", "taxonomy": "category"}],
                [{"id": 9, "taxonomy": "post_tag"}],
            ],
        },
    }
    assert api.unknown_names([post, "no post", {"author": "x", "categories": None}]) == {"categories": [3]}
    assert api.learn("categories", [{"id": 3, "name": "Harbour"}, "odd"])
    assert api.unknown_names([post]) == {}
    assert api.names_of(post) == {"authors": ["Ada"], "categories": ["Town", "Harbour"]}


def test_a_closed_route_is_asked_once() -> None:
    api = RestApi("http://a.example/", "http://a.example/wp-json/", 50)
    assert not api.learn("users", {"code": "rest_user_cannot_view"})
    assert api.unknown_names([{"author": 5}]) == {}


def test_asks_for_less_until_it_cannot() -> None:
    api = RestApi("http://a.example/", "http://a.example/wp-json/", 100)
    sizes = []
    while api.ask_for_less():
        sizes.append(api.per_page)
    assert sizes == [50, 20, 10]


def test_what_is_no_json() -> None:
    assert read_json(b"<html>") is None
    assert read_json(b"\xff\xfe\x00") is None
    assert read_json(b"[" * 100_000) is None
