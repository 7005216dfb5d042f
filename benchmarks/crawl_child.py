"""One contestant of `benchmarks.crawl`, in a process of its own: prints its figures as a line of JSON.

python -m benchmarks.crawl_child bare|thresher PORT HOSTS ARTICLES OUTPUT
"""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, Final

import scrapy
from rich.console import Console
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.http import Response

from benchmarks.crawl_server import article_path
from thresher.crawl import CrawlJob, run_crawl

SETTINGS: Final[dict[str, Any]] = {
    "TWISTED_DNS_RESOLVER": "tests.mockserver.LoopbackResolver",
    "HTTPPROXY_ENABLED": False,
    "AUTOTHROTTLE_ENABLED": False,
    "DOWNLOAD_DELAY": 0,
    "CONCURRENT_REQUESTS_PER_DOMAIN": 1,
    "TELNETCONSOLE_ENABLED": False,
    "REMOTE_CONTROL_ENABLED": False,
}
"""What both have in common: no delay, one request at a time to a host."""


class BareSpider(scrapy.Spider):
    """Fetches the addresses that it is given, and does nothing with them."""

    name = "bare"
    urls: tuple[str, ...] = ()
    fetched = 0

    async def start(self) -> AsyncIterator[Any]:
        """All addresses."""
        for url in self.urls:
            yield scrapy.Request(url)

    def parse(self, response: Response) -> None:  # noqa: ARG002 - Scrapy gives it
        """Count a page."""
        self.fetched += 1


def fetch_bare(port: int, hosts: int, articles: int, output: Path) -> int:
    """Fetch all articles with a bare spider; gives how many came."""
    urls = tuple(
        f"http://h{host}.example:{port}{article_path(number)}"
        for number in range(articles)
        for host in range(hosts)
    )
    process = AsyncCrawlerProcess(
        {**SETTINGS, "CONCURRENT_REQUESTS": hosts, "LOG_LEVEL": "INFO", "LOG_FILE": str(output / "bare.log")}
    )
    crawler = process.create_crawler(BareSpider)
    process.crawl(crawler, urls=urls)
    process.start()
    assert isinstance(crawler.spider, BareSpider)
    return crawler.spider.fetched


def crawl_all(port: int, hosts: int, articles: int, output: Path) -> int:
    """Crawl all hosts from their front pages, cleaning included; gives how many articles came."""
    jobs = [
        CrawlJob("site", {"url": f"http://h{host}.example:{port}/", "max_pages": str(articles)})
        for host in range(hosts)
    ]
    settings = {
        **SETTINGS,
        "THRESHER_ALLOWED_NETWORKS": "127.0.0.0/8",
        "THRESHER_CONTACT": "benchmark@press.example",
    }
    report = run_crawl(jobs, output, settings=settings, console=Console(quiet=True))
    return report.total.articles


def main() -> None:
    """Run one contestant."""
    name, port, hosts, articles, output = sys.argv[1:]
    run = {"bare": fetch_bare, "thresher": crawl_all}[name]
    started = time.perf_counter()
    pages = run(int(port), int(hosts), int(articles), Path(output))
    figures = {
        "pages": pages,
        "seconds": time.perf_counter() - started,
        "cpu": time.process_time(),
        "peak_rss": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
    }
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
