"""A loopback server of many virtual hosts, each with a front page, a sitemap and small articles.

Run as a process of its own (`python -m benchmarks.crawl_server ARTICLES`), so that it takes no time of those
it serves; it prints its port. Every host is `hNNN.example`; hosts are told by the Host header.
"""

from __future__ import annotations

import asyncio
import sys
from typing import Final

PARAGRAPHS: Final = (
    "The harbour master said on Tuesday that the new breakwater had held through the first storm of the "
    "season, and that repairs to the old pier would begin as soon as the weather allowed it.",
    "Fishermen who had moored their boats inside the basin overnight reported no damage, although several "
    "nets were torn and one mooring line had parted during the worst of the wind.",
    "The town council will meet next week to decide how the remaining money should be spent, and residents "
    "have been invited to send their proposals in writing before the end of the month.",
)
"""The text of an article; with its menu and foot it has 900 bytes, most of which is text."""


def article_path(number: int) -> str:
    """The path of a host's article."""
    return f"/2026/03/{number % 28 + 1:02}/story-number-{number}-of-the-harbour"


def article(path: str) -> bytes:
    """A small page with a text of its own."""
    name = path.rpartition("/")[2].replace("-", " ")
    body = "".join(f"<p>{paragraph} ({name}.)</p>" for paragraph in PARAGRAPHS)
    return (
        f"<!DOCTYPE html><html lang='en'><head><meta charset='utf-8'><title>{name}</title></head><body>"
        f"<nav><a href='/'>Home</a> <a href='/news/'>News</a></nav><main><article><h1>{name}</h1>{body}"
        "</article></main><footer><p>Copyright 2026 The Harbour Press. All rights reserved.</p></footer>"
        "</body></html>"
    ).encode()


class HostServer:
    """Answers for all hosts; each has `articles` articles, named in its sitemap."""

    def __init__(self, articles: int) -> None:
        """Set the size of the hosts."""
        self._articles = articles

    def answer(self, host: str, path: str) -> tuple[str, str, bytes]:
        """Status, content type and body."""
        if path == "/robots.txt":
            return "200 OK", "text/plain", f"User-agent: *\nSitemap: http://{host}/map.xml\n".encode()
        if path == "/map.xml":
            places = (
                f"<url><loc>http://{host}{article_path(number)}</loc></url>"
                for number in range(self._articles)
            )
            return "200 OK", "application/xml", f"<urlset>{''.join(places)}</urlset>".encode()
        if path == "/":
            return (
                "200 OK",
                "text/html",
                b"<html><body><ul><li><a href='/news/'>News</a></li></ul></body></html>",
            )
        if path.startswith("/2026/"):
            return "200 OK", "text/html; charset=utf-8", article(path)
        return "404 Not Found", "text/html", b"<p>Nothing here.</p>"

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer the requests of one connection."""
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
                path = head.split(" ", 2)[1]
                host = head.partition("\r\nHost: ")[2].partition("\r\n")[0]
                status, kind, body = self.answer(host, path)
                size = f"Content-Length: {len(body)}"
                lines = (f"HTTP/1.1 {status}", f"Content-Type: {kind}", size, "", "")
                writer.write("\r\n".join(lines).encode() + body)
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()


async def main() -> None:
    """Serve until the process is stopped."""
    handler = HostServer(int(sys.argv[1]))
    server = await asyncio.start_server(handler.serve, "127.0.0.1", 0, limit=1 << 20)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main())
