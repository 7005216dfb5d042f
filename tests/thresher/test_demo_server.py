from __future__ import annotations

import http.client
import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.robotparser import RobotFileParser

import pytest
from lxml import etree, html

from thresher.demo.press import (
    API_FARM_HOST,
    CAPTION_HOST,
    FARM_HOST,
    OUTLET_HOST,
    PLEA_HOST,
    TRANSLATION_HOST,
)
from thresher.demo.server import PressServer

POSTS = "/wp-json/wp/v2/posts"


@pytest.fixture(scope="module")
def server() -> Iterator[PressServer]:
    with PressServer() as running:
        yield running


def fetch(
    server: PressServer, host: str, path: str, method: str = "GET"
) -> tuple[http.client.HTTPResponse, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
    try:
        connection.request(method, path, headers={"Host": f"{host}:{server.port}", "User-Agent": "test"})
        response = connection.getresponse()
        return response, response.read()
    finally:
        connection.close()


def fetch_json(server: PressServer, path: str, host: str = API_FARM_HOST) -> tuple[int, dict[str, str], Any]:
    response, body = fetch(server, host, path)
    return response.status, dict(response.getheaders()), json.loads(body)


def words(element: Any) -> str:
    return " ".join(element.text_content().split())


def test_the_port_exists_only_inside_the_context() -> None:
    with pytest.raises(RuntimeError, match="with block"):
        _ = PressServer().port


def test_requests_are_recorded(server: PressServer) -> None:
    before = len(server.requests)
    fetch(server, PLEA_HOST, "/about")
    fetch(server, PLEA_HOST, "/nothing")

    first, second = server.requests[before:]
    assert (first.host, first.path, first.user_agent, first.status) == (PLEA_HOST, "/about", "test", 200)
    assert second.status == 404
    assert second.at >= first.at


def test_an_unknown_host_gets_no_site(server: PressServer) -> None:
    response, _ = fetch(server, "elsewhere.example", "/")
    assert response.status == 421


def test_head_has_no_body(server: PressServer) -> None:
    response, body = fetch(server, OUTLET_HOST, "/", "HEAD")
    assert response.status == 200
    assert int(response.headers["Content-Length"]) > 0
    assert body == b""


def test_the_same_request_gets_the_same_bytes(server: PressServer) -> None:
    path = server.press.sites[OUTLET_HOST].stories[0].path
    assert fetch(server, OUTLET_HOST, path)[1] == fetch(server, OUTLET_HOST, path)[1]


def test_robots_forbids_the_members_room_that_the_front_page_links_to(server: PressServer) -> None:
    robots = RobotFileParser()
    robots.parse(fetch(server, OUTLET_HOST, "/robots.txt")[1].decode().splitlines())
    links = html.fromstring(fetch(server, OUTLET_HOST, "/")[1]).xpath("//a/@href")
    forbidden = [link for link in links if not robots.can_fetch("Thresher", link)]

    assert forbidden
    assert all(link.startswith("/members/") for link in forbidden)
    assert robots.site_maps() == [server.url(OUTLET_HOST, "/sitemap.xml")]


def test_a_site_may_have_no_robots_txt(server: PressServer) -> None:
    assert fetch(server, TRANSLATION_HOST, "/robots.txt")[0].status == 404


def test_feed_and_sitemap_list_every_story(server: PressServer) -> None:
    site = server.press.sites[OUTLET_HOST]
    addresses = [server.url(OUTLET_HOST, story.path) for story in site.stories]
    feed = etree.fromstring(fetch(server, OUTLET_HOST, "/feeds/news.rss")[1])
    sitemap = etree.fromstring(fetch(server, OUTLET_HOST, "/sitemap.xml")[1])
    front = html.fromstring(fetch(server, OUTLET_HOST, "/")[1])

    assert feed.xpath("//item/link/text()") == addresses
    assert sitemap.xpath("//*[local-name()='loc']/text()") == addresses
    assert front.xpath("//link[@type='application/rss+xml']/@href") == [
        server.url(OUTLET_HOST, "/feeds/news.rss")
    ]
    assert len(front.xpath("//div[@class='gz-card']")) == 4  # one is found elsewhere only


def test_every_link_within_a_site_leads_somewhere_but_the_dead_one(server: PressServer) -> None:
    dead = set()
    for host in server.press.sites:
        waiting, seen = ["/"], {"/"}
        while waiting:
            path = waiting.pop()
            response, body = fetch(server, host, path)
            if response.status == 404:
                dead.add((host, path))
            elif response.headers["Content-Type"].startswith("text/html"):
                links = {link for link in html.fromstring(body).xpath("//a/@href") if link[0] == "/"}
                waiting += links - seen
                seen |= links

    assert dead == {(PLEA_HOST, server.press.sites[PLEA_HOST].dead_links[0]["path"])}


def test_every_story_page_shows_its_paragraphs_captions_and_plea(server: PressServer) -> None:
    for expected in server.press.expected():
        response, body = fetch(server, expected.host, expected.path)
        page = html.fromstring(body.decode())
        text = words(page)
        assert response.status == 200
        place = 0
        for paragraph in (*expected.captions, *expected.body, *expected.donation):
            place = text.find(paragraph, place)
            assert place >= 0, (expected.path, paragraph)
        assert page.xpath("//h1")
        assert page.xpath("//link[@rel='canonical']/@href") == [server.url(expected.host, expected.path)]


def test_text_is_escaped(server: PressServer) -> None:
    path = server.press.sites[OUTLET_HOST].stories[0].path
    _, body = fetch(server, OUTLET_HOST, path)
    assert b"Pell &amp; Harrow Mutual" in body
    assert b"Pell & Harrow" not in body

    farm = server.press.sites[API_FARM_HOST].stories[-1]
    assert b"prices of &lt; 8 crowns" in fetch(server, API_FARM_HOST, farm.path)[1]
    _, _, post = fetch_json(server, f"{POSTS}/{farm.number}")
    assert post["title"]["rendered"] == "Why plumbers watch the price of copper &#038; you should too"
    assert "prices of &lt; 8 crowns" in post["content"]["rendered"]


def test_structured_data_is_valid_json(server: PressServer) -> None:
    story = server.press.sites[OUTLET_HOST].stories[2]
    page = html.fromstring(fetch(server, OUTLET_HOST, story.path)[1])
    data = json.loads(page.xpath("//script[@type='application/ld+json']/text()")[0])

    assert data["@type"] == "NewsArticle"
    assert [author["name"] for author in data["author"]] == list(story.authors)


def test_the_broken_page_ends_inside_a_tag(server: PressServer) -> None:
    story = next(story for story in server.press.sites[CAPTION_HOST].stories if story.cut_after)
    _, body = fetch(server, CAPTION_HOST, story.path)

    assert body.endswith(b'<p class="')
    assert story.parts[story.cut_after or 0].text.encode() not in body


def test_the_api_pages_through_all_posts(server: PressServer) -> None:
    found: list[int] = []
    for page in (1, 2, 3):
        status, headers, posts = fetch_json(
            server, f"{POSTS}?per_page=2&page={page}&_fields=id,title.rendered"
        )
        assert status == 200
        assert (headers["X-WP-Total"], headers["X-WP-TotalPages"]) == ("5", "3")
        assert ('rel="next"' in headers.get("Link", "")) == (page < 3)
        assert all(set(post) == {"id", "title"} and set(post["title"]) == {"rendered"} for post in posts)
        found += [post["id"] for post in posts]

    assert found == [story.number for story in server.press.sites[API_FARM_HOST].stories]


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        (f"{POSTS}?per_page=2&page=4", 400, "rest_post_invalid_page_number"),
        (f"{POSTS}?per_page=101", 400, "rest_invalid_param"),
        (f"{POSTS}?page=none", 400, "rest_invalid_param"),
        (f"{POSTS}/999999", 404, "rest_post_invalid_id"),
        ("/wp-json/wp/v2/users/77", 404, "rest_user_invalid_id"),
        ("/wp-json/wp/v2/widgets", 404, "rest_no_route"),
    ],
)
def test_the_api_answers_errors_with_wordpress_s_codes(
    server: PressServer, path: str, status: int, code: str
) -> None:
    got, _, error = fetch_json(server, path)
    assert (got, error["code"], error["data"]["status"]) == (status, code, status)


def test_the_api_names_users_and_categories(server: PressServer) -> None:
    _, _, users = fetch_json(server, "/wp-json/wp/v2/users?include=4")
    _, _, categories = fetch_json(server, "/?rest_route=/wp/v2/categories")
    _, _, posts = fetch_json(server, f"{POSTS}?_embed=1")

    assert [user["name"] for user in users] == ["Wire Desk"]
    assert [category["name"] for category in categories] == ["World", "Money &#038; Matters"]
    assert sum(category["count"] for category in categories) == len(posts)
    assert posts[2]["_embedded"]["author"][0]["name"] == "Wire Desk"


def test_posts_keep_the_outlet_s_markup_and_name_it(server: PressServer) -> None:
    _, _, post = fetch_json(server, f"{POSTS}/3744")
    content = post["content"]["rendered"]

    assert len(re.findall(r'data-uri="cms\.harbour-gazette\.example/_components/paragraph/', content)) == 14
    assert f"<div>This post appeared first on {OUTLET_HOST}</div>" in content


def test_pages_lead_to_the_api(server: PressServer) -> None:
    response, body = fetch(server, API_FARM_HOST, "/")
    root = server.url(API_FARM_HOST, "/wp-json/")

    assert response.headers["Link"] == f'<{root}>; rel="https://api.w.org/"'
    assert html.fromstring(body).xpath("//link[@rel='https://api.w.org/']/@href") == [root]
    assert fetch_json(server, "/wp-json/")[2]["namespaces"] == ["oembed/1.0", "wp/v2"]


def test_the_classic_farm_s_api_is_closed(server: PressServer) -> None:
    status, _, error = fetch_json(server, POSTS, FARM_HOST)
    assert (status, error["code"]) == (401, "rest_cannot_access")
