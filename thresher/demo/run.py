"""The demonstration: the press is served on this machine and crawled with the real spiders."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from rich.console import Console
from rich.markup import escape

from audit.auditing import audit, write_audit
from pipelines.feeds import DATABASE
from pipelines.store import Store
from thresher.crawl import CrawlJob, run_crawl
from thresher.demo.press import API_FARM_HOST
from thresher.demo.server import PressServer
from thresher.report import CrawlReport
from thresher.report_tables import print_report

DEMO_SETTINGS: Final[Mapping[str, Any]] = MappingProxyType(
    {
        "TWISTED_DNS_RESOLVER": "thresher.demo.resolver.LoopbackResolver",
        "THRESHER_ALLOWED_NETWORKS": ["127.0.0.0/8"],
        # A proxy of the machine's would be asked for hosts that exist on this machine only.
        "HTTPPROXY_ENABLED": False,
        "THRESHER_CONTACT": "demo@localhost",
        # As polite as any crawl, robots.txt and all, but to a server that has nothing else to do.
        "DOWNLOAD_DELAY": 0.1,
        "AUTOTHROTTLE_START_DELAY": 0.1,
        "AUTOTHROTTLE_MAX_DELAY": 0.5,
    }
)
"""How the demonstration differs from an ordinary crawl."""

REPORT: Final = "report"
"""The folder of the audit's report in that of the outputs."""

_POSTS_A_REQUEST: Final = "2"  # so few that the farm's five posts take several pages of its API

_WAYS: Final = "links sitemap feed"  # all of them, so that links that are dead or forbidden show as well


def demo_jobs(server: PressServer) -> list[CrawlJob]:
    """One job for each site of the press: the WordPress API where it is the way in, else its pages."""
    jobs = []
    for host in server.press.sites:
        common = {"url": server.url(host), "site_files": "true"}
        if host == API_FARM_HOST:
            jobs.append(CrawlJob(spider="wordpress", arguments={**common, "per_page": _POSTS_A_REQUEST}))
        else:
            jobs.append(CrawlJob(spider="site", arguments={**common, "discover": _WAYS}))
    return jobs


def run_demo(output: Path, console: Console) -> CrawlReport:
    """Serve the press, crawl it into the folder `output`, and say what was found and where it lies."""
    with PressServer() as server:
        sites = ", ".join(f"[bold]{escape(site.name)}[/bold]" for site in server.press.sites.values())
        console.print(
            f"Serving {len(server.press.sites)} fictional sites on 127.0.0.1:{server.port}: {sites}."
        )
        report = run_crawl(demo_jobs(server), output, settings=dict(DEMO_SETTINGS), console=console)
    print_report(report, console)
    with Store(f"sqlite:///{output / DATABASE}") as store, store.snapshot() as session:
        page = write_audit(session, audit(session), output / REPORT)
    console.print(f"Audit       {page.absolute()}", markup=False, highlight=False, soft_wrap=True)
    return report
