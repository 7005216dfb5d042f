"""`ads.txt`: who may sell a site's advertisements, as the site declares it (IAB Tech Lab, ads.txt 1.1).

A line is a record (`ad system, account, DIRECT | RESELLER [, certification authority]`), a variable
(`NAME=value`) or a comment. The file is anyone's text: it is read to a bound, and what is no line of these
kinds is passed over, as the standard asks.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import islice
from typing import Final

from cleaners.article import Fingerprint
from cleaners.urls import site_of

MAX_BYTES: Final = 500_000
"""Bytes that are read: the files of publishers with a thousand resellers have about 150,000."""

MAX_LINES: Final = 10_000
"""Lines that are read: a hundred bytes a line fill the bytes with half as many."""

MAX_RECORDS: Final = 5_000
"""Records and variables that are kept of one file; large publishers list about 2,000."""

MAX_FIELD: Final = 200
"""Characters of an account or a variable; ids have up to 64."""

DIRECT: Final = "ads-txt-direct"
RESELLER: Final = "ads-txt-reseller"
OWNER: Final = "ads-txt-owner"
MANAGER: Final = "ads-txt-manager"
CONTACT: Final = "ads-txt-contact"

_RELATIONS: Final = {"DIRECT": DIRECT, "RESELLER": RESELLER}
_DOMAINS: Final = {"OWNERDOMAIN": OWNER, "MANAGERDOMAIN": MANAGER}
_VARIABLE: Final = re.compile(r"\s{0,99}([A-Za-z_-]{1,40})\s{0,99}=(.*)", re.DOTALL)
_HOST: Final = re.compile(r"(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.){1,8}[a-z][a-z0-9-]{1,30}", re.ASCII)
_ACCOUNT: Final = re.compile(r"[!-+\--:<-~]{1,200}")  # printable ASCII without the comma and the semicolon
_MARKUP: Final = re.compile(rb"\s{0,999}(?:<!--|<!doctype|<html|<head|<body|<script|<\?xml)", re.IGNORECASE)
_NOBODY: Final = "placeholder.example.com"  # section 3.2.1: a file that authorises nobody
_NO_ACCOUNTS: Final = re.compile(
    r"(.)\1{0,199}|12345(?:6(?:7(?:8(?:90?)?)?)?)?|pub-(\d)\2{15}|(?:your|my|publisher|account|seller)[-_]?\w{0,20}[-_]?id|"
    r"placeholder|example|tbd|none|null|n/?a",
    re.IGNORECASE,
)
"""What manuals print in the place of an account; it tells nothing of anyone."""


@dataclass(frozen=True, slots=True)
class AdsTxt:
    """What an `ads.txt` says: its records and variables as fingerprints, in order, each once.

    The value of a record is "ad system, account". `cut` tells that the file goes on behind a bound.
    """

    signs: tuple[Fingerprint, ...]
    cut: bool


def parse_ads_txt(body: bytes) -> AdsTxt | None:
    """The records of a file; `None` for an HTML page that a server gives in the place of one."""
    if _MARKUP.match(body):
        return None
    beginning = body[:MAX_BYTES]
    if len(body) > MAX_BYTES:
        beginning = beginning[: beginning.rfind(b"\n") + 1]  # half an account is another one
    text = beginning.decode("utf-8-sig", "replace")
    lines = re.split(r"\r\n|\r|\n", text)
    found: dict[Fingerprint, None] = {}
    owned = False
    for line in islice(lines, MAX_LINES):
        sign = _sign_of(line.partition("#")[0])
        if sign is None or (sign.kind == OWNER and owned):
            continue  # only the first owner counts
        owned |= sign.kind == OWNER
        found[sign] = None
    signs = tuple(islice(found, MAX_RECORDS))
    return AdsTxt(signs, cut=len(body) > MAX_BYTES or len(lines) > MAX_LINES or len(found) > MAX_RECORDS)


def _sign_of(line: str) -> Fingerprint | None:
    variable = _VARIABLE.fullmatch(line)
    if variable and "," not in variable[1]:
        return _of_variable(variable[1].upper(), variable[2].strip())
    fields = [field.strip() for field in line.partition(";")[0].split(",", 4)]  # behind ";" are extensions
    if len(fields) < 3:
        return None
    system, account, kind = fields[0].lower(), fields[1], _RELATIONS.get(fields[2].upper())
    if kind is None or system == _NOBODY or not _HOST.fullmatch(system) or not _ACCOUNT.fullmatch(account):
        return None
    if _NO_ACCOUNTS.fullmatch(account):
        return None
    if system == "google.com":
        account = account.lower()
    return Fingerprint(kind, f"{system}, {account}")


def _of_variable(name: str, value: str) -> Fingerprint | None:
    if name in _DOMAINS:
        domain = value.partition(",")[0].strip().lower()  # a manager may be followed by its country
        site = site_of(f"https://{domain}") if _HOST.fullmatch(domain) else None
        return Fingerprint(_DOMAINS[name], site) if site else None
    contact = " ".join(value.split())
    if name == "CONTACT" and 0 < len(contact) <= MAX_FIELD:
        return Fingerprint(CONTACT, contact)
    return None
