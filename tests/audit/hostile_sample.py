"""A made-up audit of pages that mean harm: every text, name and address is made to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from audit.findings.model import (
    Attribution,
    Claim,
    Evidence,
    Findings,
    Link,
    Network,
    SharedPages,
    SharedSign,
    SiteGroup,
    Status,
    Tier,
)
from tests.audit.sample import article, copy, findings_of

HARM: Final = (
    "</script><script>alert(1)</script><img src=x onerror=alert(2)>\u202egnp.exe\u0000\x1b[31m"
    "{{ 7 * 7 }} --><!-- ]]> 'quoted\" &amp; \u2066"
)


def hostile_findings() -> Findings:
    """The sample with every text, name and address made to do harm."""
    long = HARM + "A" * 1_000_000
    bad = article(
        1,
        f"{HARM}.example",
        url="javascript:alert(3)",
        title=long,
        authors=(HARM, long),
        language=HARM,
        story=1,
        status=Status.ORIGINAL,
    )
    evidence = (
        Evidence(
            tier=HARM,
            origin="javascript:alert(4)",
            shown_by="data:text/html,<script>alert(5)</script>",
            detail=long,
        ),
    )
    stolen = copy(
        2,
        f"{HARM}.two.example",
        bad,
        Status.VERBATIM,
        1,
        url="https://user:pass@evil.example/\u202e" + "x" * 100_000,
        title=long,
        reason=long,
        claim=Claim(domain=HARM, name=long, kind=HARM, evidence=long),
        attribution=Attribution.WRONG,
        evidence=evidence,
    )
    pages = (
        SharedPages(site=bad.site, pages=1, shown_by=("javascript:alert(6)", HARM)),
        SharedPages(site=stolen.site, pages=1, shown_by=("https://ok.example/",)),
    )
    network = Network(
        signs=(SharedSign(kind=HARM, value=long, tier=Tier.CONCLUSIVE, why=HARM, sites=pages),),
        links=(Link(one=bad.site, other=stolen.site, tier=Tier.CONCLUSIVE, signs=(0,)),),
        groups=(SiteGroup(sites=(bad.site, stolen.site), signs=(0,)),),
    )
    return findings_of([bad, stolen], network)


def hostile_stories(number: int) -> Mapping[str, Any] | None:
    """Texts that mean harm, and pairs that point nowhere."""
    sentences = [HARM, HARM + "B" * 1_000_000, "An ordinary sentence.", ""]
    return {
        "texts": {
            "1": {"sentences": sentences, "paragraphs": [0, 9, 2]},
            "2": {"sentences": sentences[:3], "paragraphs": []},
        },
        "articles": {
            str(number): {"text": 1, "against": None, "pairs": []},
            "2": {
                "text": 2,
                "against": 1,
                "pairs": [[0, 0, "same"], [1, 1, "changed"], [2, 77, "moved"], [2, 2, "?"]],
            },
        },
    }
