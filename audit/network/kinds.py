"""What a sign of each kind says of who runs the sites that share it, and why.

The tiers follow those of the Information Laundromat (Alliance for Securing Democracy): ids of accounts and
proofs are "typically unique or highly indicative", the rest supports them or tells nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from audit.findings.model import Tier
from cleaners.adstxt import CONTACT, DIRECT, MANAGER, OWNER, RESELLER

EMAIL: Final = "email"
TEXT: Final = "text"
"""Ending of the kinds of texts, which begin with the type of their block: "disclaimer-text"."""
NAMED_TEXT: Final = "named-text"
"""Ending of the kinds of texts that differ by the name of the site alone."""
PART_SET: Final = "wordpress-parts"

_CONCLUSIVE: Final = Tier.CONCLUSIVE
_ASSOCIATIVE: Final = Tier.ASSOCIATIVE
_NOTHING: Final = Tier.NO_EVIDENCE


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of signs: its tier, the sentence why, and the tier that is left of it where a site's only pages
    that carry the sign are copies of articles of another site that carries it too."""

    tier: Tier
    why: str
    copied: Tier = Tier.NO_EVIDENCE


def _account(why: str) -> Kind:
    return Kind(_CONCLUSIVE, why, copied=_ASSOCIATIVE)


def _proof(service: str) -> Kind:
    return _account(f"the proof by which one account of {service} claims the sites as its own")


KINDS: Final[Mapping[str, Kind]] = {
    "adsense": _account("the account that Google pays for the advertisements of the sites"),
    "google-analytics": _account("one account of Google Analytics counts the visitors of the sites"),
    "google-analytics-property": _account("one property of Google Analytics counts the sites' visitors"),
    "google-analytics-4": _account("one data stream of Google Analytics counts the visitors of the sites"),
    "google-tag-manager": _account("who owns the container can put any script into the sites"),
    "google-ads": _account("one account advertises the sites and counts who came"),
    "yandex-metrica": _account("one counter of Yandex counts the visitors of the sites"),
    "clarity": _account("one project of Microsoft Clarity records the visits to the sites"),
    "facebook-pixel": _account("one account of Facebook follows the visitors of the sites"),
    # Embedded posts and links to shops are part of an article's own markup, and go where it goes.
    "facebook-app": Kind(_CONCLUSIVE, "the sites are one application to Facebook"),
    "amazon-associate": Kind(_CONCLUSIVE, "one account is paid for what the sites' readers buy at Amazon"),
    "mgid": _account("one widget of MGID earns on the sites"),
    "taboola": _account("one publisher's account of Taboola earns on the sites"),
    "outbrain": _account("one publisher's account of Outbrain earns on the sites"),
    "google-site-verification": _proof("Google"),
    "bing-site-verification": _proof("Bing"),
    "yandex-verification": _proof("Yandex"),
    "facebook-domain-verification": _proof("Facebook"),
    "pinterest-verification": _proof("Pinterest"),
    DIRECT: Kind(_CONCLUSIVE, "the sites declare that they control this account of an ad system themselves"),
    OWNER: Kind(_CONCLUSIVE, "ads.txt names this domain as that of the sites' owner, or it is one of them"),
    EMAIL: Kind(_CONCLUSIVE, "the address stands in what the sites put around their articles"),
    NAMED_TEXT: Kind(_CONCLUSIVE, "word for word the same but for the site's own name, so it was adapted"),
    TEXT: Kind(_ASSOCIATIVE, "word for word the same around articles of the sites; texts are copied, too"),
    PART_SET: Kind(_ASSOCIATIVE, "WordPress with the same theme and plugins, all of them"),
    "wordpress-user": Kind(_ASSOCIATIVE, "a user of this name writes on the sites; others may bear it"),
    "favicon": Kind(_ASSOCIATIVE, "the same icon, byte for byte; designers and platforms give it to many"),
    # Whose server it is tells the address, and it may be that of a host or an agency.
    "matomo": Kind(_ASSOCIATIVE, "the sites report to one server, which may serve its host's customers"),
    CONTACT: Kind(_ASSOCIATIVE, "ads.txt names this contact, who may be a sales house"),
    RESELLER: Kind(_NOTHING, "resellers sell for thousands of sites that have nothing else in common"),
    MANAGER: Kind(_NOTHING, "a sales house manages the advertisements of many owners"),
    "generator": Kind(_NOTHING, "many sites are made with the same program"),
    "wordpress-theme": Kind(_NOTHING, "a theme alone is used by many"),
    "wordpress-plugin": Kind(_NOTHING, "a plugin alone is used by many"),
}
"""The kinds that are looked at. Of texts the ending of their kind stands here."""


def kind_of(name: str) -> Kind:
    """The kind of a sign. Raises `KeyError` for one that is not looked at."""
    if name in KINDS:
        return KINDS[name]
    ending = NAMED_TEXT if name.endswith(f"-{NAMED_TEXT}") else TEXT if name.endswith(f"-{TEXT}") else name
    return KINDS[ending]


TIER_ORDER: Final = {tier: number for number, tier in enumerate(Tier)}
"""The tiers by weight, the weightiest first."""
