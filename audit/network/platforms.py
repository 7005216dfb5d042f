"""Whose ids say nothing of who runs a site: those of platforms, services and sales houses."""

from __future__ import annotations

from typing import Final

PLATFORM_IDS: Final = {
    ("adsense", "pub-1556223355139109"): "Blogger, which hosts the advertisements of its blogs",
    ("facebook-app", "249643311490"): "WordPress.com, whose plugin Jetpack writes it into every site",
    ("facebook-app", "542599432471018"): "Medium, for all that it publishes",
    ("facebook-app", "87741124305"): "YouTube, for its videos",
    ("facebook-app", "966242223397117"): "Facebook, which gives it to those that have none of their own",
}
"""Ids by kind and value, and whose they are."""

SALES_HOUSES: Final = frozenset(
    {
        "33across.com", "adapex.io", "adthrive.com", "cafemedia.com", "clickio.com", "ezoic.com",
        "freestar.com", "freestar.io", "intergi.com", "intowow.com", "journeymv.com", "mediavine.com",
        "monumetric.com", "newormedia.com", "optidigital.com", "playwire.com", "publift.com", "raptive.com",
        "setupad.com", "snigel.com", "sortable.com", "taboola.com", "venatus.com", "yieldlove.com",
    }
)  # fmt: skip
"""Domains of those who sell the advertisements of many owners: naming one as owner or contact ties nobody."""

SERVICES: Final = frozenset(
    {
        # tools that write their own address into sites
        "addtoany.com", "automattic.com", "cloudflare.com", "cookiebot.com", "disqus.com", "elementor.com",
        "facebook.com", "feedburner.com", "google.com", "gravatar.com", "mailchimp.com", "onetrust.com",
        "sentry.io", "wix.com", "wordpress.com", "wordpress.org", "wpengine.com",
        # wires, whose addresses stand under what they send out
        "accesswire.com", "afp.com", "ap.org", "apnews.com", "businesswire.com", "dpa.com",
        "einpresswire.com", "globenewswire.com", "ipdistribution.com", "issuewire.com", "newsfilecorp.com",
        "prnewswire.com", "prweb.com", "reuters.com", "thomsonreuters.com", "upi.com",
        # what forms and manuals print in the place of one's own
        "domain.com", "example.com", "example.net", "example.org", "mysite.com",
        "website.com", "yourdomain.com", "yoursite.com",
    }
)  # fmt: skip
"""Domains whose e-mail addresses stand on sites of strangers."""

AGENCIES: Final = frozenset(
    {
        "afp", "agency", "ansa", "ap", "apnews", "associatedpress", "bloomberg", "businesswire", "dpa", "efe",
        "globenewswire", "prnewswire", "reuters", "tass", "theassociatedpress", "theconversation", "upi",
        "xinhua",
    }
)  # fmt: skip
"""Users that stand for an agency whose reports a site carries, as `cleaners.strings.squash` writes them."""
