from __future__ import annotations

import pytest

from spiders.discovery import MAX_URL_LENGTH, Kind, judge, normalise


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("http://A.example/x?utm_source=a&id=3&fbclid=b#top", "http://a.example/x?id=3"),
        ("http://a.example", "http://a.example/"),
        ("http://a.example/?b=2&a=1", "http://a.example/?b=2&a=1"),
        ("http://a.example/x?UTM_Campaign=q", "http://a.example/x"),
        ("http://a.example/größe", "http://a.example/gr%C3%B6%C3%9Fe"),
        ("javascript:alert(1)", None),
        ("mailto:x@a.example", None),
        ("http://[broken/", None),
        ("http://", None),
        ("http://a.example/" + "x" * MAX_URL_LENGTH, None),
    ],
)
def test_normalise(url: str, expected: str | None) -> None:
    assert normalise(url) == expected


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/", Kind.SECTION),
        ("", Kind.SECTION),
        ("/news/", Kind.UNKNOWN),
        ("/2024/05/17/storm", Kind.ARTICLE),
        ("/2024/05/storm-hits/", Kind.ARTICLE),
        ("/news/2024-05-17-storm", Kind.ARTICLE),
        ("/2024/05/", Kind.SECTION),
        ("/2024/05/17/", Kind.SECTION),
        ("/storm-hits-the-harbour", Kind.ARTICLE),
        ("/storm_hits_the_harbour.html", Kind.ARTICLE),
        ("/about-us", Kind.UNKNOWN),
        ("/news/article/1234567", Kind.ARTICLE),
        ("/story-98765.html", Kind.ARTICLE),
        ("/?p=123", Kind.ARTICLE),
        ("/story.php?id=9", Kind.ARTICLE),
        ("/category/storm-in-the-harbour", Kind.SECTION),
        ("/tag/x", Kind.SECTION),
        ("/news/page/2/", Kind.SECTION),
        ("/feed/", Kind.SKIP),
        ("/wp-json/wp/v2/posts", Kind.SKIP),
        ("/login?next=/", Kind.SKIP),
        ("/2024/05/17/storm/?replytocom=7", Kind.SKIP),
        ("/2024/05/17/storm.jpg", Kind.SKIP),
        ("/sitemap.xml", Kind.SKIP),
        ("/новости/буря-накрыла-гавань-ночью", Kind.ARTICLE),
    ],
)
def test_judge(path: str, kind: Kind) -> None:
    verdict = judge(f"http://a.example{path}")
    assert verdict.kind is kind
    assert verdict.reason
