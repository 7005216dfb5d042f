"""What a site repeats is boilerplate; what its articles say for good reason stays."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaners.article import Article, Block, BlockType
from cleaners.passages import MIN_WORDS, is_long, subject_words, text_key
from cleaners.repetition import MAX_REMOVED, FirstVerdict, SiteMemory, correct, fit, transform
from cleaners.repetition_evidence import MIN_PAGES, RepeatedText
from tests.stories import ABOUT, ABOUT_HEADING, PEOPLE, PLEA, article, block, stories, story

LETTER = "The council has asked everyone who was there that night to write down whatever they remember of it."


def repeated(articles: list[Article]) -> set[int]:
    return set(fit(articles).texts)


def in_the_middle(text: str | Block, *numbers: int) -> list[Article]:
    found = []
    for number in numbers:
        title, texts = story(number)
        found.append(article(f"{number}", title, *texts[:2], text, *texts[2:]))
    return found


# What is boilerplate


def test_a_text_that_closes_unrelated_articles_is_boilerplate() -> None:
    articles = [*stories(*range(5), end=(ABOUT,)), *stories(*range(5, 60))]
    memory = fit(articles)
    assert memory == SiteMemory({text_key(ABOUT): RepeatedText(BlockType.OTHER, 5, 60, 5)})
    first = articles[0]
    corrected = transform(first, memory)
    assert corrected is not None
    assert corrected.text == "\n\n".join(story(0)[1])
    assert ABOUT not in corrected.markdown
    typed = corrected.blocks[-1]
    assert (typed.text, typed.type, typed.kept) == (ABOUT, BlockType.OTHER, False)
    assert (typed.confidence, typed.reason) == (0.857, "stands on 5 of this site's 60 pages")
    assert corrected.boilerplate[BlockType.OTHER].blocks == 1
    assert corrected.first == {5: FirstVerdict(BlockType.BODY, 0.9, "inside the content root")}


def test_on_fewer_pages_it_is_not() -> None:
    assert repeated([*stories(*range(MIN_PAGES - 1), end=(ABOUT,)), *stories(*range(5, 60))]) == set()


def test_on_a_large_site_more_pages_are_asked_for() -> None:
    def site(holders: int) -> list[Article]:
        return [*stories(*range(holders), end=(ABOUT,)), *stories(*range(holders, 1_000))]

    assert repeated(site(9)) == set()
    assert repeated(site(10)) == {text_key(ABOUT)}


def test_a_text_on_much_of_a_site_is_boilerplate_wherever_it_stands() -> None:
    few, many = in_the_middle(PLEA, *range(17)), in_the_middle(PLEA, *range(18))
    assert repeated([*few, *stories(*range(17, 60))]) == set()
    assert repeated([*many, *stories(*range(18, 60))]) == {text_key(PLEA)}


def test_a_heading_and_texts_that_come_together_are_boilerplate_together() -> None:
    articles = [*stories(*range(8), end=(ABOUT_HEADING, ABOUT, PLEA)), *stories(*range(8, 40))]
    memory = fit(articles)
    assert set(memory.texts) == {text_key(ABOUT), text_key(PLEA)}
    corrected = transform(articles[0], memory)
    assert corrected is not None
    assert corrected.text == "\n\n".join(story(0)[1])
    assert corrected.blocks[-3].reason == "beside a text that stands on 8 of this site's 40 pages"


def test_the_same_line_elsewhere_in_the_article_stays() -> None:
    title, texts = story(0)
    articles = [*stories(*range(1, 9), end=(ABOUT_HEADING, ABOUT)), *stories(*range(9, 40))]
    own = article("own", title, ABOUT_HEADING, *texts, ABOUT_HEADING, ABOUT)
    corrected = transform(own, fit([*articles, own]))
    assert corrected is not None
    assert corrected.text == "\n\n".join([ABOUT_HEADING, *texts])


def test_the_type_is_what_the_cleaner_says_elsewhere_on_the_site() -> None:
    known = block(ABOUT, BlockType.DONATION)
    articles = [
        *stories(*range(3), end=(known,)),
        *stories(*range(3, 9), end=(ABOUT,)),
        *stories(*range(9, 40)),
    ]
    assert fit(articles).texts[text_key(ABOUT)].type is BlockType.DONATION


def test_else_what_its_phrases_say() -> None:
    asks = "Subscribe to our newsletter and the lamp keeper will write to you from the loft on Fridays."
    articles = [*stories(*range(6), end=(asks,)), *stories(*range(6, 40))]
    assert fit(articles).texts[text_key(asks)].type is BlockType.NEWSLETTER


def test_what_the_cleaner_calls_boilerplate_on_most_pages_is_so_on_the_others() -> None:
    known = in_the_middle(block(PLEA, BlockType.DONATION), *range(3))
    articles = [*known, *in_the_middle(PLEA, 3, 4), *stories(*range(5, 60))]
    assert fit(articles).texts[text_key(PLEA)].type is BlockType.DONATION
    other = [*known[:2], *in_the_middle(PLEA, 2, 3, 4), *stories(*range(5, 60))]
    assert repeated(other) == set()


# What is not


def test_what_a_story_says_in_all_its_versions_is_body() -> None:
    title, texts = story(0)
    searched = (
        "searched the lighthouse of Aldermoor for the akarno on this day, with dogs and a lamp, in vain."
    )
    updates = [
        article(f"day-{n}", title, f"{PEOPLE[n % 8]} and {n} others {searched}", *texts) for n in range(12)
    ]
    assert repeated([*updates, *stories(*range(12, 40))]) == set()


def test_copies_and_versions_of_one_article_are_one_witness() -> None:
    title, texts = story(0)
    copies = [article(f"copy-{n}", title, *texts, ABOUT) for n in range(8)]
    assert repeated([*copies, *stories(*range(1, 40))]) == set()
    updates = [article(f"update-{n}", title, *texts, *story(40 + n)[1][:2], ABOUT) for n in range(4)]
    assert repeated([*copies[:4], *updates, *stories(*range(1, 40))]) == set()
    assert repeated([*copies, *stories(*range(1, 5), end=(ABOUT,)), *stories(*range(5, 40))]) == set()
    assert repeated([*copies, *stories(*range(1, 6), end=(ABOUT,)), *stories(*range(6, 40))]) == {
        text_key(ABOUT)
    }


def test_the_background_of_an_affair_is_body() -> None:
    background = "Marlow Vane sank the steamer Orabel off Tarn Head in 1911 and was never tried for it."
    tells = (
        "Divers from Tarn Head brought up the bell of the Orabel and named it the proof of what Vane had done.",
        "A grandson of Marlow Vane said on Friday that the steamer Orabel had gone down in a storm.",
        "In the archive of Tarn Head a letter turned up in which Vane asks what the Orabel is insured for.",
        "The film about the Orabel, with a steamer of plywood, opens the week at Tarn Head; Vane is the hero.",
        "Marlow Vane had debts, says the new book on Tarn Head, and the Orabel was the only steamer he owned.",
        "Anglers found planks of a steamer at Tarn Head, too young for the Orabel, which Vane had built of oak.",
    )  # fmt: skip
    affair = [article(f"affair-{n}", f"Part {n}", text, background) for n, text in enumerate(tells)]
    assert repeated([*affair, *stories(*range(54))]) == set()
    elsewhere = [*stories(*range(6), end=(background,)), *stories(*range(6, 60))]
    assert repeated(elsewhere) == {text_key(background)}


@pytest.mark.parametrize(
    "text",
    [
        f"“{LETTER}”",
        f"«{LETTER}»",
        block(LETTER, markup="blockquote"),
        block(LETTER, markup="pre"),
        "Ingredients for four people, bought fresh today",
        block(LETTER, BlockType.CAPTION),
    ],
)
def test_quotes_short_lines_and_captions_stay(text: str | Block) -> None:
    assert repeated(stories(*range(30), end=(text,))) == set()


@pytest.mark.parametrize(
    "text", ["Which of the things that you have made would you show to somebody who knows none of them?"]
)
def test_questions_of_a_series_of_interviews_stay(text: str) -> None:
    assert repeated(in_the_middle(text, *range(30))) == set()
    assert repeated(in_the_middle(block(text.rstrip("?"), markup="h3"), *range(30))) == set()
    assert repeated(in_the_middle(text.rstrip("?"), *range(30))) == {text_key(text.rstrip("?"))}


def test_other_figures_are_another_text() -> None:
    texts = [
        f"The paper was printed {n} times this week and every copy found somebody who read it."
        for n in range(9)
    ]
    articles = [one for n, text in enumerate(texts) for one in stories(n, end=(text,))]
    assert repeated(articles) == set()


def test_a_page_that_says_nothing_else_is_no_witness() -> None:
    empty = [article(f"{n}", story(n)[0], ABOUT) for n in range(30)]
    assert repeated(empty) == set()


# What is made of articles


def test_an_article_is_never_emptied() -> None:
    memory = SiteMemory(
        {text_key(text): RepeatedText(BlockType.OTHER, 9, 9, 9) for text in (ABOUT, PLEA, LETTER)}
    )
    short = "A ferry to Hexley is late."
    assert transform(article("a", "A", ABOUT), memory) is None
    assert transform(article("a", "A", short, ABOUT, PLEA, LETTER), memory) is None
    kept = transform(article("a", "A", *story(1)[1], ABOUT, PLEA, LETTER), memory)
    assert kept is not None
    assert kept.text == "\n\n".join(story(1)[1])
    words = sum(b.words for b in kept.blocks[-3:])
    assert words <= MAX_REMOVED * (words + sum(b.words for b in kept.blocks[1:-3]))


def test_an_articles_own_title_stays() -> None:
    memory = SiteMemory({text_key(ABOUT): RepeatedText(BlockType.OTHER, 9, 9, 9)})
    assert transform(article("a", ABOUT.upper(), *story(1)[1], ABOUT), memory) is None


def test_only_body_is_typed_anew() -> None:
    memory = SiteMemory({text_key(ABOUT): RepeatedText(BlockType.OTHER, 9, 9, 9)})
    kinds = (BlockType.CAPTION, BlockType.NEWSLETTER, BlockType.BYLINE)
    assert transform(article("a", "A", *story(1)[1], *(block(ABOUT, kind) for kind in kinds)), memory) is None


def test_the_first_verdicts_give_the_article_back() -> None:
    for end in (
        (ABOUT,),
        (ABOUT_HEADING, ABOUT),
        (*story(50)[1][:2], ABOUT),
        (ABOUT, *story(50)[1][:1], ABOUT),
    ):
        articles = [*stories(*range(12), end=end), *stories(*range(12, 30))]
        before = [replace(one, blocks=[replace(each) for each in one.blocks]) for one in articles]
        memory = fit(articles)
        corrected = [transform(one, memory) for one in articles]
        assert corrected.count(None) == 18
        assert articles == before
        for one, other in zip(articles, corrected, strict=True):
            if other is not None:
                assert correct(other, other.first, SiteMemory()) == one
                assert correct(other, other.first, memory) is None
                assert correct(one, {}, memory) == other


def test_repeats_within_the_article_are_found_anew() -> None:
    memory = SiteMemory({text_key(ABOUT): RepeatedText(BlockType.OTHER, 9, 9, 9)})
    title, texts = story(1)
    twice = transform(article("a", title, ABOUT, *texts, *texts), memory)
    assert twice is not None
    assert [each.repeats for each in twice.blocks] == [None] * 6 + [2, 3, 4, 5]
    assert twice.text == "\n\n".join(texts)


def test_the_language_is_that_of_what_is_left() -> None:
    memory = SiteMemory({text_key(ABOUT): RepeatedText(BlockType.OTHER, 9, 9, 9)})
    german = "Der Hafen bleibt geschlossen, bis die Brücke im Frühjahr wieder geöffnet werden kann, sagte die Stadt."
    corrected = transform(article("a", "A", ABOUT, german, german[::-1]), memory)
    assert corrected is not None
    assert corrected.language == "de"


# Whatever the order


@given(st.permutations(range(24)), st.integers(0, 23))
def test_the_order_of_the_articles_says_nothing(order: list[int], twice: int) -> None:
    articles = [
        *stories(*range(8), end=(ABOUT_HEADING, ABOUT)),
        *in_the_middle(PLEA, *range(8, 16)),
        *stories(*range(16, 24), end=(block(PLEA, BlockType.DONATION), ABOUT)),
    ]
    memory = fit(articles)
    assert set(memory.texts) == {text_key(ABOUT), text_key(PLEA)}
    shuffled = [articles[place] for place in order]
    assert fit(shuffled) == memory
    assert fit([*shuffled, articles[twice]]) == memory  # an article that is met twice counts once


def test_what_is_given_is_gone_through_twice() -> None:
    class Kept:
        times = 0

        def __iter__(self):  # type: ignore[no-untyped-def]
            self.times += 1
            return iter(stories(*range(30), end=(ABOUT,)))

    kept = Kept()
    assert set(fit(kept).texts) == {text_key(ABOUT)}
    assert kept.times == 2


@pytest.mark.parametrize("articles", [[], [Article()], [Article(url="http://a.example/")] * 9])
def test_where_there_is_nothing_nothing_is_repeated(articles: list[Article]) -> None:
    assert fit(articles) == SiteMemory()


# Texts


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Who we are", "  who\n WE are ", True),
        ("ＡＢＣ company", "abc company", True),
        ("up by 3 %", "up by 4 %", False),
        ("up by 3 %", "up by 3 %.", False),
        ("\ud800 and \0", "\ud800 and \0", True),
    ],
)
def test_which_texts_are_the_same(one: str, other: str, same: bool) -> None:
    assert (text_key(one) == text_key(other)) is same


def test_a_key_is_a_signed_number_of_64_bits_that_never_changes() -> None:
    assert text_key("Who we are") == 3593483260053031523
    assert all(-(1 << 63) <= text_key(str(n)) < 1 << 63 for n in range(1_000))


@pytest.mark.parametrize(
    ("text", "counted"),
    [
        (" ".join(["word"] * MIN_WORDS), True),
        (" ".join(["word"] * (MIN_WORDS - 1)), False),
        ("港町の議会は月曜日に二隻の渡し船", True),
        ("港町の議会は月", False),
    ],
)
def test_which_texts_are_counted(text: str, counted: bool) -> None:
    assert is_long(text) is counted


@pytest.mark.parametrize(
    ("one", "other", "shared"),
    [
        ("Ukraine's", "UKRAINIAN", 1),
        ("the and für не", "the and für не", 0),
        ("議会は", "議会", 1),
        ("2024", "2024", 0),
    ],
)
def test_which_words_tell_a_subject(one: str, other: str, shared: int) -> None:
    assert len(set(subject_words(one)) & set(subject_words(other))) == shared
