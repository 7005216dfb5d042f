"""A real crawl in a process of its own, as a reactor serves one process once."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import thresher.demo
from thresher.demo.press import API_FARM_HOST, OUTLET_HOST, PLEA_HOST
from thresher.demo.server import PressServer

CRAWL = """
import sys
import scrapy
from scrapy.crawler import AsyncCrawlerProcess

class Probe(scrapy.Spider):
    name = "probe"
    start_urls = sys.argv[2:]

    async def start(self):
        for url in self.start_urls:
            yield scrapy.Request(url, callback=self.parse, errback=self.failed)

    def parse(self, response):
        yield {"url": response.url, "status": response.status, "address": str(response.ip_address)}

    def failed(self, failure):
        yield {"url": failure.request.url, "error": failure.type.__name__}

process = AsyncCrawlerProcess({
    "TWISTED_DNS_RESOLVER": "thresher.demo.resolver.LoopbackResolver",
    "ROBOTSTXT_OBEY": True,
    "HTTPPROXY_ENABLED": False,
    "RETRY_ENABLED": False,
    "DOWNLOAD_DELAY": 0,
    "USER_AGENT": "probe/1.0",
    "REMOTE_CONTROL_ENABLED": False,
    "TELNETCONSOLE_ENABLED": False,
    "LOG_LEVEL": "ERROR",
    "FEEDS": {sys.argv[1]: {"format": "jsonlines"}},
})
process.crawl(Probe)
process.start()
"""


def test_a_crawl_reaches_every_host_by_name_and_obeys_its_robots_txt(tmp_path: Path) -> None:
    output = tmp_path / "items.jsonl"
    script = tmp_path / "probe.py"  # Scrapy reads the source of callbacks, so `-c` will not do
    script.write_text(CRAWL, "utf-8")
    environment = {**os.environ, "PYTHONPATH": str(Path(thresher.demo.__file__).parents[2])}
    with PressServer() as server:
        urls = [
            server.url(OUTLET_HOST),
            server.url(OUTLET_HOST, "/members/"),
            server.url(API_FARM_HOST, "/wp-json/wp/v2/posts?per_page=1"),
            server.url(PLEA_HOST),
            f"http://localhost:{server.port}/",  # not ours to resolve: the machine's own resolver answers
        ]
        subprocess.run(
            [sys.executable, script, output.as_uri(), *urls], check=True, timeout=60, env=environment
        )
        requests = server.requests

    items = {item["url"]: item for item in map(json.loads, output.read_text("utf-8").splitlines())}
    for url in (urls[0], urls[2], urls[3]):
        assert items[url] == {"url": url, "status": 200, "address": "127.0.0.1"}
    assert items[urls[1]]["error"] == "IgnoreRequest"
    assert items[urls[4]]["error"] == "HttpError"  # reached, and refused as no site of the press
    assert {request.host for request in requests if request.path == "/robots.txt"} >= {OUTLET_HOST, PLEA_HOST}
    assert not [request for request in requests if request.path.startswith("/members/")]
    assert {request.user_agent for request in requests} == {"probe/1.0"}
