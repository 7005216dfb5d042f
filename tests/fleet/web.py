"""The server of the web that a fleet crawls: every request is written down with its beginning and its end.

`python -m tests.fleet.web ADDRESS PORT SITES LOG` serves until it is killed, and says `ready` once it does. Each
answer takes a little, so that requests which overlap are seen to.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from http import HTTPStatus
from itertools import count
from pathlib import Path
from typing import TextIO

from tests.fleet.sites import Site, press

_LEAST, _SPREAD = 0.020, 31  # an answer takes 20 to 50 ms


class Web:
    """Answers for all sites, and logs lines of JSON: one when a request has come, one when it is answered."""

    def __init__(self, sites: list[Site], log: TextIO) -> None:
        self._sites = {site.host: site for site in sites}
        self._log = log
        self._numbers = count()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer the requests of one connection."""
        client = writer.get_extra_info("peername")[0]
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
                await self._answer(head, client, writer)
        except (asyncio.IncompleteReadError, ConnectionError, TimeoutError):
            writer.close()

    async def _answer(self, head: str, client: str, writer: asyncio.StreamWriter) -> None:
        path = head.split(" ", 2)[1]
        fields = dict(line.split(": ", 1) for line in head.split("\r\n")[1:] if ": " in line)
        host = {name.lower(): value for name, value in fields.items()}["host"]
        number = next(self._numbers)
        self._note(n=number, begin=time.monotonic(), client=client, host=host, path=path)
        await asyncio.sleep(_LEAST + number * 7 % _SPREAD / 1000)
        status, kind, text = self._sites[host].answer(path)
        body = text.encode()
        lines = (
            f"HTTP/1.1 {status} {HTTPStatus(status).phrase}",
            f"Content-Type: {kind}",
            f"Content-Length: {len(body)}",
            "\r\n",
        )
        # Before it is sent: nobody can have the answer, and ask for the next page, before the end.
        self._note(n=number, end=time.monotonic(), status=status)
        writer.write("\r\n".join(lines).encode() + body)
        await writer.drain()

    def _note(self, **fields: object) -> None:
        self._log.write(json.dumps(fields) + "\n")
        self._log.flush()


async def main(address: str, port: str, sites: str, log: str) -> None:
    """Serve until the process is stopped."""
    with Path(log).open("w", encoding="utf-8") as file:
        web = Web(press(int(sites)), file)
        server = await asyncio.start_server(web.serve, address, int(port))
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
