"""The phrase data is well formed, and matching finds exactly the phrases that stand in a text."""

from __future__ import annotations

import json
import re
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from importlib import resources

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cleaners.article import BlockType
from cleaners.lexicon import (
    LANGUAGES,
    MAX_PHRASE_TOKENS,
    MAX_UNSPACED_TOKENS,
    TYPED_GROUPS,
    WORD_GROUPS,
    Lexicon,
    Match,
    load_lexicon,
    read_phrases,
    tokenize,
)
from cleaners.lexicon.tokens import first_token, is_unspaced, join_tokens, split_phrase

CORE_TYPES = [t.value for t in BlockType if t not in (BlockType.TITLE, BlockType.BODY)]
CLOSED_TYPES = ["comments", "consent", "donation", "newsletter", "paywall"]
HEADED_TYPES = [*CLOSED_TYPES, "advertisement", "author_bio", "byline", "disclaimer", "media", "navigation"]
HEADED_TYPES += ["related", "sharing"]

FUNCTION_WORDS = {
    "ar": "في من على إلى عن أن إن كان هذا هذه التي الذي مع لا ما و",
    "cs": "a i v na se je že o s z do to jako ale by po pro k tak si",
    "da": "og i at det er en til på af for med som den der ikke han de",
    "de": "der die das und in zu den mit von ist auf für im dem nicht ein eine",
    "el": "και το να του η της με που την από για είναι στο τον θα οι ο",
    "en": "the of and to in a is that for it as was with on be at by this have",
    "es": "de la que el en y a los se del las un por con no una su para es",
    "fi": "ja on ei se että oli hän kun mutta niin ovat joka tai myös",
    "fr": "de la le et les des en un du une que est pour qui dans a par au",
    "he": "של את על לא זה עם הוא כי גם היא או יותר אל כל",
    "hi": "के में की है और से का को पर यह कि हैं ने एक नहीं",
    "hu": "a az és hogy nem is egy ez de meg volt csak mint már",
    "id": "yang dan di untuk dengan dari ini itu dalam tidak pada akan ke",
    "it": "di e che la il un a per in è una non con del da sono le",
    "ja": "の に は を が と で た し て も な する いる ある こと",
    "ko": "이 그 및 등 수 것 는 은 를 을 에 의 있다 했다",
    "nl": "de het een en van in is dat op te zijn met voor niet aan",
    "no": "og i det er en på til som av for med at den ikke han de",
    "pl": "w i na z się do nie to że jest o a jak po co",
    "pt": "de a o que e do da em um para com não uma os no se na",
    "ro": "de și în a la cu pe că nu o din este un care mai pentru",
    "ru": "и в не на я что с он как это по но из у к за",
    "sv": "och i att det en som på är av för med den till inte han de",
    "tr": "ve bir bu da de için ile çok ama olarak olan daha gibi ne",
    "uk": "і в на не що з до та як це за від у по про є",
    "vi": "và của là có cho không được trong một các với này đã để",
    "zh": "的 是 在 了 和 有 我 他 这 不 人 就 也 這 個",
}
"""What running text is full of."""


@lru_cache
def phrases_of(language: str) -> dict[str, list[str]]:
    return read_phrases(language)


def found(text: str, *languages: str) -> list[tuple[str, str, str]]:
    lexicon = load_lexicon(languages or None)
    return [(m.group, m.phrase, m.language) for m in lexicon.match(tokenize(text))]


# --- the data ---


def test_there_is_one_file_for_each_language_and_no_other() -> None:
    files = {entry.name for entry in resources.files("cleaners.lexicon").iterdir()}
    assert {name for name in files if name.endswith(".json")} == {f"{lang}.json" for lang in LANGUAGES}


@pytest.mark.parametrize("language", LANGUAGES)
def test_file_names_its_language_and_nothing_else(language: str) -> None:
    text = resources.files("cleaners.lexicon").joinpath(f"{language}.json").read_text(encoding="utf-8")
    record = json.loads(text)
    assert set(record) == {"language", "phrases"}
    assert record["language"] == language


@pytest.mark.parametrize("language", LANGUAGES)
def test_groups_are_known(language: str) -> None:
    assert set(phrases_of(language)) <= TYPED_GROUPS | WORD_GROUPS


@pytest.mark.parametrize("language", LANGUAGES)
def test_phrases_are_written_as_the_tokenizer_reads_them(language: str) -> None:
    for group, phrases in phrases_of(language).items():
        assert phrases, group
        for phrase in phrases:
            assert join_tokens(tokenize(phrase)) == phrase, (group, phrase)
            assert unicodedata.is_normalized("NFC", phrase), (group, phrase)
            assert phrase == phrase.lower(), (group, phrase)
            assert split_phrase(phrase) == tokenize(phrase), (group, phrase)
            assert first_token(phrase) == tokenize(phrase)[0], (group, phrase)


@pytest.mark.parametrize("language", LANGUAGES)
def test_phrases_are_short(language: str) -> None:
    for phrases in phrases_of(language).values():
        for phrase in phrases:
            tokens = tokenize(phrase)
            allowed = MAX_UNSPACED_TOKENS if any(map(is_unspaced, tokens)) else MAX_PHRASE_TOKENS
            assert 1 <= len(tokens) <= allowed, phrase


@pytest.mark.parametrize("language", LANGUAGES)
def test_only_languages_without_spaces_have_phrases_without_spaces(language: str) -> None:
    unspaced = [
        phrase
        for group, phrases in phrases_of(language).items()
        for phrase in phrases
        if any(map(is_unspaced, tokenize(phrase)))
    ]
    names = {"日本語", "中文"}  # as links to other editions say
    assert (set(unspaced) <= names) == (language not in ("ja", "zh"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_phrase_that_decides_is_what_any_text_holds(language: str) -> None:
    common = set(FUNCTION_WORDS[language].split())
    deciding = TYPED_GROUPS - {group for group in TYPED_GROUPS if group.endswith("_weak")}
    for group in deciding & phrases_of(language).keys():
        assert [phrase for phrase in phrases_of(language)[group] if set(tokenize(phrase)) <= common] == []


@pytest.mark.parametrize("language", ["ja", "zh"])
def test_single_characters_only_stand_before_a_colon(language: str) -> None:
    single = {group for group, phrases in phrases_of(language).items() if any(len(p) == 1 for p in phrases)}
    assert single <= {"picture_label"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_phrase_stands_in_one_group_once(language: str) -> None:
    groups: dict[str, str] = {}
    for group, phrases in phrases_of(language).items():
        for phrase in phrases:
            assert phrase not in groups, (phrase, group, groups[phrase])
            groups[phrase] = group


@pytest.mark.parametrize("language", LANGUAGES)
def test_groups_are_sorted(language: str) -> None:
    for group, phrases in phrases_of(language).items():
        assert phrases == sorted(phrases), group


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_type_has_strong_and_weak_phrases(language: str) -> None:
    phrases = phrases_of(language)
    wanted = {f"{block_type}{strength}" for block_type in CORE_TYPES for strength in ("", "_weak")}
    assert wanted - phrases.keys() == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_types_that_come_in_groups_have_headings_and_closings(language: str) -> None:
    headings = {f"{block_type}_heading" for block_type in HEADED_TYPES}
    closings = {f"{block_type}_closing" for block_type in CLOSED_TYPES}
    assert (headings | closings) - phrases_of(language).keys() == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_word_lists_are_there(language: str) -> None:
    phrases = phrases_of(language)
    assert set(phrases) >= WORD_GROUPS
    assert len(phrases["months"]) >= 12
    assert len(phrases["weekdays"]) >= 7


@pytest.mark.parametrize("language", ["ru", "uk"])
def test_cyrillic_phrases_hold_no_latin_lookalikes(language: str) -> None:
    mixed = re.compile(r"[a-z][а-яёіїєґ]|[а-яёіїєґ][a-z]")
    for phrases in phrases_of(language).values():
        assert [phrase for phrase in phrases if mixed.search(phrase)] == []


def test_greek_phrases_hold_no_latin_lookalikes() -> None:
    mixed = re.compile(r"[a-z][\u0370-\u03ff\u1f00-\u1fff]|[\u0370-\u03ff\u1f00-\u1fff][a-z]")
    assert [
        phrase for phrases in phrases_of("el").values() for phrase in phrases if mixed.search(phrase)
    ] == []


@pytest.mark.parametrize(
    ("text", "group", "language"),
    [
        ("This post appeared first on Example", "attribution", "en"),
        ("ALL RIGHTS RESERVED", "copyright", "en"),
        ("Remind me later.", "donation_closing", "en"),
        ("Support our journalism", "donation_heading", "en"),
        ("Dear readers,", "donation_heading", "en"),
        ("Related posts", "related_heading", "en"),
        ("Editors' Picks", "related_heading", "en"),
        ("Skip to content", "navigation", "en"),
        ("Das könnte Sie auch interessieren", "related_heading", "de"),
        ("Alle Rechte vorbehalten.", "copyright", "de"),
        ("À lire aussi :", "related_heading", "fr"),
        ("Article réservé aux abonnés", "paywall_heading", "fr"),
        ("Todos los derechos reservados", "copyright", "es"),
        ("Noticias relacionadas", "related_heading", "es"),
        ("Czytaj także:", "related_heading", "pl"),
        ("Leggi anche", "related_heading", "it"),
        ("Leia também", "related_heading", "pt"),
        ("Lees ook", "related_heading", "nl"),
        ("Читайте также", "related_heading", "ru"),
        ("Читайте також", "related_heading", "uk"),
        ("Související články", "related_heading", "cs"),
        ("Všechna práva vyhrazena.", "copyright", "cs"),
        ("Článek je pouze pro předplatitele", "paywall", "cs"),
        ("Läs också:", "related_heading", "sv"),
        ("Vi använder cookies på vår sajt", "consent", "sv"),
        ("Les også:", "related_heading", "no"),
        ("Meld deg på vårt nyhetsbrev", "newsletter", "no"),
        ("LÆS OGSÅ", "related_heading", "da"),
        ("Artiklen fortsætter under annoncen", "advertisement", "da"),
        ("Lue myös:", "related_heading", "fi"),
        ("Kaikki oikeudet pidätetään", "copyright", "fi"),
        ("İLGİLİ HABERLER", "related_heading", "tr"),
        ("İçeriğe geç", "navigation", "tr"),
        ("YAZARIN DİĞER YAZILARI", "author_bio", "tr"),
        ("EN ÇOK OKUNANLAR", "related_heading", "tr"),
        ("Citește și", "related_heading", "ro"),
        ("Citeşte şi", "related_heading", "ro"),
        ("Articole similare", "related_heading", "ro"),
        ("Iratkozzon fel hírlevelünkre!", "newsletter", "hu"),
        ("Minden jog fenntartva", "copyright", "hu"),
        ("Διαβάστε επίσης:", "related_heading", "el"),
        ("ΔΕΊΤΕ ΕΠΊΣΗΣ", "related_heading", "el"),
        ("اقرأ أيضًا:", "related_heading", "ar"),
        ("اقــرأ أيضاً", "related_heading", "ar"),
        ("جَمِيع الحُقوق مَحفُوظة ©", "copyright", "ar"),
        ("اشترك في نشرتنا البريدية", "newsletter", "ar"),
        ("כל הזכויות שמורות לידיעות", "copyright", "he"),
        ("כתבות נוספות בנושא", "related_heading", "he"),
        ("הירשמו לניוזלטר שלנו", "newsletter", "he"),
        ("צילום: ראובן", "picture_label", "he"),
        ("יש לך כתובת דוא״ל?", "newsletter_weak", "he"),
        ("यह भी पढ़ें:", "related_heading", "hi"),
        ("सर्वाधिकार सुरक्षित", "copyright", "hi"),
        ("हम कुकीज़ का उपयोग करते हैं।", "consent", "hi"),
        ("Baca juga:", "related_heading", "id"),
        ("Hak cipta dilindungi undang-undang", "copyright", "id"),
        ("Bài viết liên quan", "related_heading", "vi"),
        ("Đăng ký nhận bản tin", "newsletter", "vi"),
        ("相关阅读：", "related_heading", "zh"),
        ("相關閱讀", "related_heading", "zh"),
        ("责任编辑：王某", "author_bio_weak", "zh"),
        ("來源：中央社", "source_label", "zh"),
        ("本网站的免责声明", "disclaimer_weak", "zh"),
        ("版权所有 © 某某网，转载请注明出处。", "copyright", "zh"),
        ("發布於 2024年3月5日", "byline", "zh"),
        ("続きを読む", "related", "ja"),
        ("【関連記事】", "related_heading", "ja"),
        ("会員登録はこちら", "paywall_weak", "ja"),
        ("本サイトの記事・写真の無断転載を禁じます。", "copyright", "ja"),
        ("この記事をシェアする", "sharing_heading", "ja"),
        ("2024年12月5日 更新", "months", "ja"),
        ("관련기사", "related_heading", "ko"),
        ("많이 본 뉴스", "related_heading", "ko"),
        ("ⓒ 신문사, 무단전재 및 재배포 금지", "copyright", "ko"),
        ("댓글을 남겨주세요", "comments", "ko"),
    ],
)
def test_ordinary_lines_are_recognised(text: str, group: str, language: str) -> None:
    assert (group, language) in {(g, lang) for g, _, lang in found(text)}


# --- tokens ---


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("", []),
        (" \n\t—…!", []),
        ("Editors’ Picks: DON’T miss", ["editors", "picks", "don't", "miss"]),
        ("‘You’re in’", ["you're", "in"]),
        ("e-mail_address 2x", ["e", "mail", "address", "2x"]),
        ("Daten\u00adschutz", ["datenschutz"]),
        ("Me\u0301dias", ["médias"]),
        ("Ім\u02bcя", ["ім'я"]),
        ("À L’AFFICHE", ["à", "l'affiche"]),
        ("İlgili İÇERİK", ["ilgili", "içerik"]),
        ("来源：新华社", ["来", "源", "新", "华", "社"]),
        ("2024年3月5日", ["2024", "年", "3", "月", "5", "日"]),
        ("下载APP", ["下", "载", "app"]),
        ("AI生成の画像・ﾆｭｰｽ", ["ai", "生", "成", "の", "画", "像", "ﾆ", "ｭ", "ｰ", "ｽ"]),
        ("ニュースを読む々〆", ["ニ", "ュ", "ー", "ス", "を", "読", "む", "々", "〆"]),
        ("か\u3099", ["が"]),
        ("𠮷野家", ["𠮷", "野", "家"]),
        ("don't在", ["don't", "在"]),
        ("관련기사 더보기", ["관련기사", "더보기"]),
        ("हिन्दी में पढ़ें।", ["हिन्दी", "में", "पढ़ें"]),
        ("क्\u200dया", ["क्या"]),
        ("أَيْضًا أيضاً مـــصر", ["أيضا", "أيضا", "مصر"]),
        ("שָׁלוֹם בֵּית־הספר", ["שלום", "בית", "הספר"]),
        ("ไทย", ["ไทย"]),
    ],
)
def test_tokenize(text: str, tokens: list[str]) -> None:
    assert tokenize(text) == tokens


WESTERN = st.characters(
    codec="utf-8", max_codepoint=0x58F, exclude_characters="\u0130\u0345", exclude_categories=["Cs"]
) | st.sampled_from("'‘’ʼ′`´＇_ -—…\u00ad\u0301")


@settings(max_examples=60)
@given(st.text(alphabet=WESTERN, max_size=30))
def test_texts_in_latin_greek_and_cyrillic_are_read_word_by_word(text: str) -> None:
    plain = unicodedata.normalize("NFC", text.replace("\u00ad", ""))
    plain = re.sub("[‘’ʼ′`´＇]", "'", plain) if not text.isascii() else plain
    assert tokenize(text) == re.findall(r"[^\W_]+(?:'[^\W_]+)*", plain.lower())


@settings(max_examples=60)
@given(st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=30))
def test_tokens_read_again_are_the_same(text: str) -> None:
    tokens = tokenize(text)
    assert all(tokens)
    assert not any(is_unspaced(token) and len(token) > 1 for token in tokens)


# --- matching ---

SMALL = Lexicon(
    {
        "en": {"related": ["read more", "read more about", "read"], "media": ["more about this"]},
        "de": {"related": ["read more"], "media": ["read"], "sharing": ["teilen"]},
    }
)


def test_all_matches_by_position_and_longest_first() -> None:
    assert SMALL.match(["please", "read", "more", "about", "this"]) == [
        Match("related", "read more about", "en", 1, 3),
        Match("related", "read more", "en", 1, 2),
        Match("related", "read", "en", 1, 1),
        Match("media", "read", "de", 1, 1),
        Match("media", "more about this", "en", 2, 3),
    ]


def test_a_phrase_shared_by_languages_matches_once_for_each_group() -> None:
    matches = [m for m in SMALL.match(["read", "more"]) if m.phrase == "read more"]
    assert matches == [Match("related", "read more", "en", 0, 2)]


@pytest.mark.parametrize("tokens", [[], ["more", "about"], ["nothing", "here"], ["Teilen"]])
def test_no_match(tokens: list[str]) -> None:
    assert SMALL.match(tokens) == []


def test_a_phrase_may_end_the_text_or_be_cut_by_it() -> None:
    assert SMALL.match(["jetzt", "teilen"]) == [Match("sharing", "teilen", "de", 1, 1)]
    assert [m.phrase for m in SMALL.match(["read", "more"])] == ["read more", "read", "read"]
    assert SMALL.match(["more", "about"]) == []


def test_languages_without_spaces_match_inside_a_line() -> None:
    lexicon = Lexicon({"ja": {"related": ["関連記事"]}, "zh": {"related_weak": ["关连", "app下载"]}})
    tokens = tokenize("注目の関連記事はこちら")
    assert lexicon.match(tokens) == [Match("related", "関連記事", "ja", 3, 4)]
    assert tokens[3:7] == list("関連記事")
    assert lexicon.match(tokenize("免费 App 下载")) == [Match("related_weak", "app下载", "zh", 2, 3)]


def test_repeated_phrases_match_each_time() -> None:
    assert [m.start for m in SMALL.match(["teilen", "teilen", "x", "teilen"])] == [0, 1, 3]


def test_any_sequence_of_tokens_is_taken() -> None:
    assert SMALL.match(("teilen",)) == SMALL.match(["teilen"])


def test_every_phrase_of_the_data_is_found() -> None:
    lexicon = load_lexicon()
    for language in LANGUAGES:
        for group, phrases in phrases_of(language).items():
            for phrase in phrases:
                tokens = tokenize(phrase)
                whole = [m for m in lexicon.match(tokens) if m.length == len(tokens)]
                assert group in {m.group for m in whole}, (language, phrase)
                assert all(m.phrase == phrase and m.start == 0 for m in whole)


def test_language_is_the_first_that_has_the_phrase_english_before_others() -> None:
    assert LANGUAGES[0] == "en"
    assert len(set(LANGUAGES)) == len(LANGUAGES) == 27
    assert ("newsletter_weak", "newsletter", "en") in found("newsletter")
    assert ("months", "august", "en") in found("august")
    assert ("months", "august", "de") in found("august", "de", "nl")


def test_loading_some_languages() -> None:
    assert found("Alle Rechte vorbehalten", "en") == []
    assert load_lexicon(["nl", "de", "de"]).languages == ("de", "nl")
    assert load_lexicon().languages == LANGUAGES


def test_loading_is_cached_whatever_the_order() -> None:
    assert load_lexicon() is load_lexicon()
    assert load_lexicon(["fr", "es"]) is load_lexicon(iter(["es", "fr"]))


@pytest.mark.parametrize("language", ["xx", "EN", "../en", ""])
def test_unknown_languages_are_refused(language: str) -> None:
    with pytest.raises(ValueError, match="no phrases for language"):
        load_lexicon([language])
    with pytest.raises(ValueError, match="no phrases for language"):
        read_phrases(language)


def test_matches_do_not_change() -> None:
    match = SMALL.match(["teilen"])[0]
    with pytest.raises(AttributeError):
        match.start = 3  # type: ignore[misc]


def test_matching_gives_the_same_again_and_from_any_thread() -> None:
    languages = ("de", "ru")
    phrases = {language: phrases_of(language) for language in languages}
    tokens = [
        tokenize(phrase) for groups in phrases.values() for group in groups.values() for phrase in group
    ]
    expected = [load_lexicon(languages).match(words) for words in tokens]
    fresh = Lexicon(phrases)
    with ThreadPoolExecutor(4) as threads:
        rounds = list(threads.map(lambda _: [fresh.match(words) for words in tokens], range(4)))
    assert all(found == expected for found in rounds)
