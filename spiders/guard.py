"""The guard of addresses: only the web, and nothing of a private network, is ever connected to.

A page can link or redirect to an address of the machine or network that the crawler runs in, and a name can
be made to resolve to one. Two parts refuse that. Networks named in `THRESHER_ALLOWED_NETWORKS` are exempt.

`GuardedResolver` (the setting `TWISTED_DNS_RESOLVER`) refuses the answers of name resolution. Twisted
connects to the very address that the resolver answered, and asks it for addresses written as numbers too, so
no second look-up can give another one (DNS rebinding). Scrapy's resolver asks for IPv4 addresses only and
gets one a name. `AddressGuard` (a downloader middleware) checks schemes and written addresses before
anything is sent, says what the resolver refused, and checks where each response came from.

With an HTTP proxy, the proxy resolves the names: only schemes and written addresses are checked then, and
what else it reaches is the proxy's own affair. The resolver is asked for the proxy's own name, so a proxy in
a private network must lie in `THRESHER_ALLOWED_NETWORKS`. Download handlers of other libraries do not use
Twisted's resolver: of them, only written addresses and responses are checked.
"""

from __future__ import annotations

import socket
from collections.abc import Sequence
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)
from typing import TYPE_CHECKING, Final, Self
from urllib.parse import urlsplit

from scrapy.exceptions import CannotResolveHostError, UnsupportedURLSchemeError
from scrapy.resolver import CachingThreadedResolver
from scrapy.utils.datatypes import LocalCache
from scrapy.utils.httpobj import urlparse_cached
from scrapy.utils.url import add_http_if_no_scheme
from twisted.internet.error import DNSLookupError

from spiders.refusals import Refused

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from scrapy.settings import BaseSettings
    from twisted.internet.base import ReactorBase
    from twisted.internet.defer import Deferred
    from twisted.python.failure import Failure

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

SETTING: Final = "THRESHER_ALLOWED_NETWORKS"

_SCHEMES: Final = frozenset({"http", "https"})
_KINDS: Final = (
    "unspecified",
    "loopback",
    "link_local",
    "multicast",
    "private",
    "reserved",
    "site_local",
)
_NAT64: Final = IPv6Network("64:ff9b::/96")  # RFC 6052: the last 32 bits are an IPv4 address
_NAT64_LOCAL: Final = IPv6Network("64:ff9b:1::/48")  # RFC 8215; Python before 3.12.4 takes it for global
_MAX_REFUSALS: Final = 10_000  # names remembered, as many as Scrapy's own cache of names holds
_LOCALHOST: Final = "localhost"


class AddressRefused(Refused):
    """A host whose address lies in no public network, nor in one that is allowed."""

    def __init__(self, host: str, address: str, kind: str) -> None:
        """`kind` says what is wrong with the address ("loopback")."""
        what = f"{host} is" if host == address else f"{host} leads to {address},"
        detail = f"{what} no public address ({kind}); to allow it, name its network in {SETTING}"
        super().__init__("address-refused", detail)


class AllowedNetworks:
    """Tells whether an address may be connected to."""

    def __init__(self, networks: Sequence[str] = ()) -> None:
        """`networks` are exempt, in CIDR notation. Raises `ValueError` for one that is not."""
        self._networks = tuple(_network(text) for text in networks)

    @classmethod
    def from_settings(cls, settings: BaseSettings) -> Self:
        """The networks of the setting. Raises `ValueError` if it is wrong."""
        return cls([text.strip() for text in settings.getlist(SETTING) if text.strip()])

    def problem(self, address: Address) -> str | None:
        """What kind of address it is, if it must not be connected to: "loopback", "private" …"""
        for face in _faces(address):
            kind = _kind(face)
            if kind and not any(
                face.version == network.version and face in network for network in self._networks
            ):
                return kind
        return None


class GuardedResolver(CachingThreadedResolver):
    """Scrapy's resolver, except that refused addresses are no answer.

    Twisted's endpoint keeps no error of a resolver: to it, the name has no address. So the resolver
    remembers what it refused, for `AddressGuard` to tell.
    """

    def __init__(self, reactor: ReactorBase, cache_size: int, timeout: float) -> None:
        """As Scrapy's; no network is exempt until `from_crawler` reads the setting."""
        super().__init__(reactor, cache_size, timeout)
        self.allowed = AllowedNetworks()
        self._refusals: LocalCache[str, tuple[str, str]] = LocalCache(_MAX_REFUSALS)

    @classmethod
    def from_crawler(cls, crawler: Crawler, reactor: ReactorBase) -> Self:
        """Build the resolver. Raises `ValueError` if the setting is wrong."""
        resolver = super().from_crawler(crawler, reactor)
        resolver.allowed = AllowedNetworks.from_settings(crawler.settings)
        return resolver

    def getHostByName(self, name: str, timeout: Sequence[int] = ()) -> Deferred[str]:  # noqa: N802
        """The address of `name`. Fails with `DNSLookupError` if it has none that is allowed."""
        # Names that were answered from the cache are checked again, whoever put them there.
        return (
            super()
            .getHostByName(name, timeout)
            .addCallbacks(
                self._checked,
                self._forgotten,
                callbackArgs=(name,),
                errbackArgs=(name,),
            )
        )

    def refusal_of(self, name: str) -> AddressRefused | None:
        """Why the last look-up of `name` was refused, if it was."""
        refusal = self._refusals.get(name.lower())
        return AddressRefused(name, *refusal) if refusal else None

    def _checked(self, answer: str, name: str) -> str:
        kind = self.allowed.problem(ip_address(answer))
        if kind:
            self._refusals[name.lower()] = (answer, kind)
            raise DNSLookupError(f"{name} leads to {answer}, no public address ({kind})")
        self._refusals.pop(name.lower(), None)
        return answer

    def _forgotten(self, failure: Failure, name: str) -> Failure:
        self._refusals.pop(name.lower(), None)
        return failure


class AddressGuard:
    """Refuses requests to what is not the public web. Stands next to the downloader, behind the proxies."""

    def __init__(self, crawler: Crawler) -> None:
        """Read the setting. Raises `ValueError` if it is wrong."""
        self._allowed = AllowedNetworks.from_settings(crawler.settings)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Build the middleware for a crawler."""
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        """Raise `AddressRefused`, or `UnsupportedURLSchemeError` for what is neither http nor https."""
        parts = urlparse_cached(request)
        if parts.scheme not in _SCHEMES:
            raise UnsupportedURLSchemeError(f"only http and https are fetched, not {parts.scheme}")
        host = parts.hostname or ""
        address = written_address(host)
        if address is not None:
            self._check(host, address)

    def process_response(self, request: Request, response: Response) -> Response:
        """The response. Raises `AddressRefused` if it came from a refused address after all."""
        address = response.ip_address
        if address is not None and not request.meta.get("proxy"):
            self._check(urlparse_cached(request).hostname or "", address)
        return response

    def process_exception(self, request: Request, exception: Exception) -> None:
        """Raise `AddressRefused` where a name has no address because its address was refused."""
        if not isinstance(exception, CannotResolveHostError):
            return
        # It may be asked for only now: importing it installs one.
        from twisted.internet import reactor  # noqa: PLC0415

        resolver = getattr(reactor, "resolver", None)
        if isinstance(resolver, GuardedResolver):
            refusal = resolver.refusal_of(_resolved_host(request))
            if refusal:
                raise refusal from exception

    def _check(self, host: str, address: Address) -> None:
        kind = self._allowed.problem(address)
        if kind:
            raise AddressRefused(host, str(address), kind)


def written_address(host: str) -> Address | None:
    """The address that a host's name itself is: `127.0.0.1`, `::1`, `2130706433`, `0x7f.1`, `localhost`.

    `localhost` and the names below it always mean this machine (RFC 6761, section 6.3).
    """
    name = host.lower().rstrip(".")
    if name == _LOCALHOST or name.endswith(f".{_LOCALHOST}"):
        return IPv4Address("127.0.0.1")
    try:
        return ip_address(name)
    except ValueError:
        pass
    try:
        # What the C library, and so the resolver, takes for an IPv4 address: also octal, hexadecimal, short.
        return IPv4Address(socket.inet_aton(name))
    except (OSError, ValueError):
        return None


def _resolved_host(request: Request) -> str:
    """The name that a request's connection is made to: the proxy's, if there is one."""
    proxy: str | None = request.meta.get("proxy")
    return urlsplit(add_http_if_no_scheme(proxy) if proxy else request.url).hostname or ""


def _network(text: str) -> Network:
    try:
        return ip_network(text, strict=False)
    except ValueError as error:
        raise ValueError(
            f"{SETTING}: {text!r} is no network; write an address or a range, such as 10.1.0.0/16"
        ) from error


def _faces(address: Address) -> Sequence[Address]:
    """The IPv4 addresses that an IPv6 address leads to, else the address itself."""
    if isinstance(address, IPv4Address):
        return (address,)
    if address.ipv4_mapped:
        return (address.ipv4_mapped,)
    if address in _NAT64:
        return (IPv4Address(int(address) & 0xFFFFFFFF),)
    if address.sixtofour:
        return (address.sixtofour,)
    return (address,)


def _kind(address: Address) -> str | None:
    for kind in _KINDS:
        if getattr(address, f"is_{kind}", False):
            return kind.replace("_", "-")
    if not address.is_global:
        return "shared"  # RFC 6598, between a provider and its customers
    return "private" if address in _NAT64_LOCAL else None
