from __future__ import annotations

from itertools import pairwise

from thresher.demo.press import (
    API_FARM_HOST,
    CAPTION_HOST,
    FARM_HOST,
    OUTLET_HOST,
    PLEA_HOST,
    TRANSLATION_HOST,
    load_press,
)


def test_the_press_has_all_its_sites_under_the_reserved_domain() -> None:
    press = load_press()

    assert set(press.sites) == {
        OUTLET_HOST,
        FARM_HOST,
        API_FARM_HOST,
        PLEA_HOST,
        CAPTION_HOST,
        TRANSLATION_HOST,
    }
    assert all(host.endswith(".example") for host in press.sites)


def test_farms_hold_the_originals_word_for_word() -> None:
    press = load_press()
    originals = {story.slug: story for story in press.sites[OUTLET_HOST].stories}

    for host, reprints in ((FARM_HOST, 3), (API_FARM_HOST, 4)):
        copies = [story for story in press.sites[host].stories if story.original]
        assert len(copies) == reprints
        for copy in copies:
            assert copy.body == originals[copy.slug].body
            assert copy.published > originals[copy.slug].published


def test_original_stories_are_of_an_article_s_length() -> None:
    for story in load_press().sites[OUTLET_HOST].stories:
        assert 250 <= sum(len(text.split()) for text in story.body) <= 450, story.slug


def test_addresses_are_unique_and_stories_in_order_of_the_files() -> None:
    for site in load_press().sites.values():
        paths = [story.path for story in site.stories] + [page.path for page in site.pages]
        assert len(paths) == len(set(paths))
        assert all(newer.published >= older.published for newer, older in pairwise(site.stories))


def test_expected_articles_say_what_each_page_must_give() -> None:
    expected = load_press().expected()
    by_host = {host: [entry for entry in expected if entry.host == host] for host in load_press().sites}

    assert {entry.claimed_source for entry in by_host[OUTLET_HOST]} == {None}
    assert [entry.claimed_source for entry in by_host[FARM_HOST]] == [OUTLET_HOST] * 3 + [None] * 2
    assert all(entry.donation[-1] == "Remind me later" for entry in by_host[PLEA_HOST])
    doubled = by_host[CAPTION_HOST][0].captions
    assert doubled[0] == doubled[1] != doubled[2]
    assert len(by_host[CAPTION_HOST][2].body) == 3  # the page breaks off before the fourth paragraph
