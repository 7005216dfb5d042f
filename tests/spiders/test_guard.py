"""What is not the public web is not connected to, whatever it is called."""

from __future__ import annotations

import socket
from collections.abc import Iterator, Sequence
from ipaddress import ip_address
from pathlib import Path

import pytest
from scrapy import Request
from scrapy.exceptions import UnsupportedURLSchemeError
from scrapy.http import Response
from scrapy.resolver import CachingThreadedResolver
from scrapy.settings import Settings
from twisted.internet import defer
from twisted.internet.error import DNSLookupError
from twisted.python.failure import Failure

from spiders.guard import AddressGuard, AddressRefused, AllowedNetworks, GuardedResolver, written_address
from tests.crawling import Crawled, crawl
from tests.mockserver import PARAGRAPHS, Server, article_html, page, redirect

INSIDE = "127.0.0.2"  # as good as any address of a private network, and it can be listened on

OPEN = "/2024/05/17/a-story-that-is-open"


class Zone(CachingThreadedResolver):
    """Names under `inside.example` are in the network that is not allowed; `turns.example` moves there."""

    def getHostByName(self, name: str, timeout: Sequence[int] = ()) -> defer.Deferred[str]:  # noqa: ARG002, N802
        if name.endswith(".invalid"):
            return defer.fail(DNSLookupError(f"no host {name}"))
        if name == "turns.example":
            self.asked = getattr(self, "asked", 0) + 1
            return defer.succeed("127.0.0.1" if self.asked == 1 else INSIDE)
        return defer.succeed(INSIDE if name in {"inside.example", INSIDE} else "127.0.0.1")


class GuardedZone(GuardedResolver, Zone):
    """The guard before the zone, as it stands before Scrapy's resolver."""


REFUSED = {
    "0.0.0.0": "unspecified",
    "10.1.2.3": "private",
    "100.64.0.1": "shared",
    "127.0.0.1": "loopback",
    "127.255.255.254": "loopback",
    "169.254.169.254": "link-local",
    "172.16.0.1": "private",
    "192.168.1.1": "private",
    "192.0.2.1": "private",
    "224.0.0.251": "multicast",
    "240.0.0.1": "private",
    "255.255.255.255": "private",
    "::": "unspecified",
    "::1": "loopback",
    "::127.0.0.1": "reserved",
    "::ffff:10.0.0.1": "private",
    "64:ff9b::7f00:1": "loopback",
    "64:ff9b:1::1": "private",
    "2002:a00:1::": "private",
    "2001:db8::1": "private",
    "fc00::1": "private",
    "fe80::1%eth0": "link-local",
    "fec0::1": "site-local",
    "ff02::1": "multicast",
}


@pytest.mark.parametrize(("address", "kind"), REFUSED.items())
def test_refuses_what_is_not_public(address: str, kind: str) -> None:
    found = AllowedNetworks().problem(ip_address(address))
    # Several kinds may be true of one address; that there is one is what counts.
    assert found is not None
    assert found == kind or {found, kind} <= {"private", "reserved", "site-local"}


@pytest.mark.parametrize(
    "address", ["93.184.216.34", "8.8.8.8", "2606:2800:220:1::1", "::ffff:8.8.8.8", "64:ff9b::808:808"]
)
def test_lets_the_public_web_pass(address: str) -> None:
    assert AllowedNetworks().problem(ip_address(address)) is None


def test_allowed_networks_are_exempt_and_nothing_else() -> None:
    allowed = AllowedNetworks(["10.1.0.0/16", "127.0.0.1", "fd00::/8"])
    passed = ["10.1.255.255", "127.0.0.1", "::ffff:10.1.0.1", "fd12::1"]
    refused = ["10.2.0.0", "127.0.0.2", "fc00::1", "::1"]
    assert [allowed.problem(ip_address(address)) for address in passed] == [None] * 4
    assert all(allowed.problem(ip_address(address)) for address in refused)


def test_a_wrong_network_is_named() -> None:
    message = "THRESHER_ALLOWED_NETWORKS: 'intranet' is no network; write an address or a range, such as 10.1"
    with pytest.raises(ValueError, match=message):
        AllowedNetworks.from_settings(Settings({"THRESHER_ALLOWED_NETWORKS": "10.0.0.0/8, intranet"}))


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "127.0.0.1.", "2130706433", "0x7f000001", "0x7f.1", "0177.0.0.1", "127.1", "localhost"],
)
def test_knows_odd_spellings_of_an_address(host: str) -> None:
    assert written_address(host) == ip_address("127.0.0.1")


@pytest.mark.parametrize(
    "host", ["", "example.org", "1.2.3.4.example", "1.2.3.4.5", "localhost.example", "a b"]
)
def test_a_name_is_no_address(host: str) -> None:
    assert written_address(host) is None


def look_up(resolver: GuardedResolver, name: str) -> str | Failure:
    answers: list[str | Failure] = []
    resolver.getHostByName(name).addBoth(answers.append)
    return answers[0]


def test_every_answer_of_the_resolver_is_checked() -> None:
    resolver = GuardedZone(None, 0, 1.0)  # type: ignore[arg-type] # asks nobody
    resolver.allowed = AllowedNetworks(["127.0.0.1"])
    assert look_up(resolver, "turns.example") == "127.0.0.1"
    assert resolver.refusal_of("turns.example") is None
    refused = look_up(resolver, "turns.example")
    assert isinstance(refused, Failure)
    assert isinstance(refused.value, DNSLookupError)
    assert str(resolver.refusal_of("TURNS.example")) == (
        "TURNS.example leads to 127.0.0.2, no public address (loopback); "
        "to allow it, name its network in THRESHER_ALLOWED_NETWORKS"
    )
    assert isinstance(look_up(resolver, "gone.invalid"), Failure)
    assert resolver.refusal_of("gone.invalid") is None


class FakeCrawler:
    def __init__(self, **settings: str) -> None:
        self.settings = Settings(settings)


def guard(**settings: str) -> AddressGuard:
    return AddressGuard(FakeCrawler(**settings))  # type: ignore[arg-type]


@pytest.mark.parametrize("url", ["http://127.0.0.1/", "https://[::1]/", "http://2130706433/", "http://10.1/"])
def test_a_written_address_is_refused_before_it_is_asked(url: str) -> None:
    with pytest.raises(AddressRefused) as raised:
        guard().process_request(Request(url))
    assert raised.value.reason == "address-refused"
    guard(THRESHER_ALLOWED_NETWORKS="127.0.0.0/8,::1,10.0.0.0/8").process_request(Request(url))


@pytest.mark.parametrize("url", ["file:///etc/passwd", "ftp://example.org/x", "data:text/html,x"])
def test_other_schemes_are_refused(url: str) -> None:
    with pytest.raises(UnsupportedURLSchemeError, match="only http and https are fetched"):
        guard().process_request(Request(url))


def test_a_response_of_a_private_address_is_not_used() -> None:
    request = Request("http://inside.example/")
    response = Response(request.url, ip_address=ip_address("10.0.0.1"))
    with pytest.raises(AddressRefused, match=r"inside\.example leads to 10\.0\.0\.1, no public address"):
        guard().process_response(request, response)
    assert guard(THRESHER_ALLOWED_NETWORKS="10.0.0.0/8").process_response(request, response) is response
    proxied = request.replace(meta={"proxy": "http://10.0.0.1:3128"})
    assert guard().process_response(proxied, response) is response


@pytest.fixture(scope="module")
def inside() -> Iterator[socket.socket]:
    """A listener in the network that is not allowed; nobody must ever connect to it."""
    with socket.create_server((INSIDE, 0)) as listener:
        listener.setblocking(False)
        yield listener


SEEDS = {
    "written": "http://127.0.0.2:{inside}/",
    "number": "http://2130706434:{inside}/",
    "name": "http://inside.example:{inside}/",
    "redirect": "http://to-address.example:{port}/",
    "redirect to a name": "http://to-name.example:{port}/",
    "robots.txt": "http://robots.example:{port}/",
    "moving": "http://turns.example:{port}/",
}


@pytest.fixture(scope="module")
def refused(
    server: Server, inside: socket.socket, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Crawled, dict[str, str]]:
    port = inside.getsockname()[1]
    story = page(article_html("Open", *PARAGRAPHS))
    server.hosts = {
        "open.example": {OPEN: story},
        "to-address.example": {"/": redirect(f"http://{INSIDE}:{port}/secret")},
        "to-name.example": {"/": redirect(f"http://inside.example:{port}/secret")},
        "robots.example": {"/": story, "/robots.txt": redirect(f"http://{INSIDE}:{port}/robots.txt")},
        # A connection that is kept is no new look-up.
        "turns.example": {"/": story, "/robots.txt": page("", headers={"Connection": "close"})},
    }
    seeds = {name: url.format(inside=port, port=server.port) for name, url in SEEDS.items()}
    urls = [server.url("open.example", OPEN), *seeds.values()]
    crawled = crawl(
        tmp_path_factory.mktemp("refused"), ("site", {"url": " ".join(urls), "discover": "links"}),
        TWISTED_DNS_RESOLVER="tests.spiders.test_guard.GuardedZone",
        THRESHER_ALLOWED_NETWORKS="127.0.0.1",
    )  # fmt: skip
    return crawled, seeds


@pytest.mark.parametrize("what", SEEDS)
def test_says_which_address_is_refused(refused: tuple[Crawled, dict[str, str]], what: str) -> None:
    crawled, seeds = refused
    record = next(record for record in crawled.rejects if record["url"] == seeds[what])
    assert record["reason"] == "address-refused"
    assert INSIDE in record["detail"]
    assert "THRESHER_ALLOWED_NETWORKS" in record["detail"]


def test_nobody_connected_to_what_is_refused(
    refused: tuple[Crawled, dict[str, str]], inside: socket.socket, server: Server
) -> None:
    crawled, _ = refused
    assert crawled.article_urls == {server.url("open.example", OPEN)}
    with pytest.raises(BlockingIOError):
        inside.accept()
    assert server.asked("robots.example") == ["/robots.txt"]
    assert server.asked("turns.example") == ["/robots.txt"]


def test_a_resolver_without_guard_is_caught_at_the_response(server: Server, tmp_path: Path) -> None:
    server.hosts["open.example"] = {"/": page(article_html("Open", *PARAGRAPHS))}
    url = server.url("open.example")
    crawled = crawl(tmp_path, ("site", {"url": url}), THRESHER_ALLOWED_NETWORKS="")
    assert crawled.articles == []
    assert crawled.reasons == {url: "address-refused"}


@pytest.mark.parametrize("allowed", ["", "127.0.0.1"])
def test_a_proxy_resolves_names_and_must_be_allowed_itself(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, allowed: str
) -> None:
    """The server stands in for a proxy: it is asked for whole addresses of hosts that it knows."""
    name = "only-the-proxy-knows.example"
    server.hosts[name] = {OPEN: page(article_html("Known", *PARAGRAPHS))}
    monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{server.port}")
    url, written = f"http://{name}{OPEN}", f"http://{INSIDE}/"
    crawled = crawl(
        tmp_path, ("site", {"url": f"{url} {written}", "discover": "links"}),
        TWISTED_DNS_RESOLVER="tests.spiders.test_guard.GuardedZone",
        THRESHER_ALLOWED_NETWORKS=allowed,
        HTTPPROXY_ENABLED=True,
    )  # fmt: skip
    assert crawled.reasons[written] == "address-refused"
    if allowed:
        assert crawled.article_urls == {url}
    else:
        record = next(record for record in crawled.rejects if record["url"] == url)
        assert record["reason"] == "address-refused"
        assert record["detail"].startswith("127.0.0.1 is no public address (loopback)")
