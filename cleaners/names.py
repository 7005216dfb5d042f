"""What class, id and role names of elements say about the text inside them.

The vocabulary is the web's own: theme and plugin authors call things what they are. A name is split
into its words ("relatedPosts", "post-related-items") and each word, or pair of words, looked up.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from cleaners.article import BlockType

_WORDS: Final = re.compile(r"[A-Z]?[a-z]+|[A-Z]+")

_VOCABULARY: Final[Mapping[BlockType, str]] = {
    # The order is the precedence among words of one element: the rarer and more telling types first.
    BlockType.CONSENT: "cookie cookies consent gdpr ccpa onetrust didomi cookiebot cookieconsent cookiebanner "
    "cookielaw cookienotice cmplz usercentrics borlabs iubenda revoke",
    BlockType.COMMENTS: "comments comment commentlist commentform commentary respond disqus livefyre "
    "replies commento reviews",
    BlockType.AUTHOR_BIO: "bio biography authorbio authorbox author+bio author+box author+info author+about "
    "about+author author+description author+card author+profile author+content author+footer",
    BlockType.DISCLAIMER: "disclaimer disclaimers disclosure",
    BlockType.COPYRIGHT: "copyright copyrights colophon+info site+info copy+right",
    BlockType.DONATION: "donate donation donations donor donorbox spenden spende kofi patreon contribute+box",
    BlockType.PAYWALL: "paywall regwall metered paidcontent subscriber+only premium+wall piano+container",
    BlockType.NEWSLETTER: "newsletter newsletters newslettersignup subscribe subscribeform mailchimp mailing "
    "optin signup+form email+signup mailpoet hustle convertkit",
    BlockType.SHARING: "share sharing shares social socials sharedaddy sharebar addtoany addthis shariff sociable "
    "facebook twitter whatsapp linkedin pinterest tumblr telegram reddit mastodon flipboard bluesky instagram "
    "xing sharethis jetpack+likes",
    BlockType.RELATED: "related relatedposts relatednews recommended recommendation recommendations recirc "
    "recirculation teaser teasers recent recentposts latest trending popular mostread most+read most+viewed "
    "read+more read+next read+also up+next upnext more+from more+stories more+news outbrain taboola also+like "
    "similar next+article post+navigation yarpp",
    BlockType.ADVERTISEMENT: "ad ads adv advert adverts advertisement advertising adslot adsense adunit sponsor "
    "sponsored sponsors promo promos promotion promoted commercial dfp cta adbox adblock billboard",
    BlockType.CAPTION: "caption figcaption captions wp+caption image+credit photo+credit img+credit",
    BlockType.MEDIA: "player jwplayer podcast+player audio+player video+player lightbox video+js mejs plyr",
    BlockType.BYLINE: "byline bylines dateline timestamp pubdate postmeta article+meta entry+meta post+meta "
    "author authors post+date entry+date publish+date published+date publication+date article+date "
    "published updated post+info article+info reading+time read+time",
    BlockType.TITLE: "headline entry+title post+title article+title page+title",
    BlockType.NAVIGATION: "nav navbar navigation menu menus menubar menuitem submenu megamenu breadcrumb "
    "breadcrumbs crumb crumbs hamburger burger topbar masthead sitemap pagination pager paging flyout subnav "
    "offcanvas drawer switcher searchform search searchbox skip login logout signin register footer toolbar "
    "tablist tabs tags tagcloud taglist kategorien categories cat+links",
    BlockType.OTHER: "address signature calendar weather spinner rating ratings loading",
}
"""Words of names by the type they speak for; "a+b" stands for both words in one element's names."""

WEAK_NAMES: Final = frozenset(
    {"tags", "tabs", "footer", "register", "author", "authors", "comment", "popular", "recent", "latest", "updated"}
    | {"published", "social", "search", "skip", "subscribe", "headline", "similar", "reviews", "promo", "cta"}
    | {"promotion", "commercial", "share", "teaser", "toolbar", "login", "rating", "ratings", "loading"}
)
"""Words that are also used for an article's own parts or for whole pages: they decide only for short text."""


@dataclass(frozen=True, slots=True)
class NameHint:
    """The type that an element's names speak for, and the word that says so."""

    type: BlockType
    word: str

    @property
    def weak(self) -> bool:
        """Whether the word also names ordinary parts of articles."""
        return self.word in WEAK_NAMES


@lru_cache(maxsize=1)
def _index() -> tuple[dict[str, tuple[int, NameHint]], dict[str, list[tuple[str, int, NameHint]]]]:
    """Single words, and pairs by their first word, each with its rank in the vocabulary."""
    single: dict[str, tuple[int, NameHint]] = {}
    pairs: dict[str, list[tuple[str, int, NameHint]]] = {}
    for rank, (kind, entries) in enumerate(_VOCABULARY.items()):
        for entry in entries.split():
            first, _, second = entry.partition("+")
            if second:
                hint = NameHint(kind, f"{first} {second}")
                pairs.setdefault(first, []).append((second, rank, hint))
            else:
                single[first] = (rank, NameHint(kind, first))
    return single, pairs


@lru_cache(maxsize=50_000)
def hint_of(names: str) -> NameHint | None:
    """The type that the class, id and role names of one element speak for, or `None`."""
    words = {word.lower() for word in _WORDS.findall(names)}
    if not words:
        return None
    single, pairs = _index()
    found = [single[word] for word in words if word in single]
    for word in words:
        found += [(rank, hint) for second, rank, hint in pairs.get(word, ()) if second in words]
    return min(found, key=lambda entry: (entry[0], entry[1].word))[1] if found else None
