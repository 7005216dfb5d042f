"""A real WordPress on this machine for tests: Debian's packages, a MariaDB of its own, PHP's built-in server.

Posts are written, edited and deleted by WordPress's own functions, and what it was asked is on record.
`tests/wordpress_install.sh` installs the packages. WordPress reaches no other machine and sends no mail.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from html import escape
from pathlib import Path
from typing import Any, Final

import pytest

_PHP: Final = Path(__file__).parent / "wordpress_php"
_CORE: Final = Path("/usr/share/wordpress")
_THEMES: Final = _CORE / "wp-content" / "themes"
CLASSIC: Final = "twentytwentyone"  # a theme of PHP templates
BLOCKS: Final = "twentytwentythree"  # a theme of blocks
_NEEDED_FILES: Final = (_CORE / "wp-load.php", _THEMES / CLASSIC, _THEMES / BLOCKS)
NEEDED_COMMANDS: Final = ("php", "mariadbd", "mariadb-install-db")
_START_LIMIT: Final = 30.0  # seconds that a server may take until it answers
_STOP_LIMIT: Final = 10.0  # seconds that a server may take to stop
_COMMAND_LIMIT: Final = 60.0  # seconds that one run of PHP may take
_PHP_WORKERS: Final = "4"  # PHP's server answers one request at a time otherwise
_PERMALINKS: Final = "/%year%/%monthnum%/%postname%/"


@dataclass(frozen=True)
class Post:
    """A post: its number in WordPress and its address."""

    id: int
    link: str


@dataclass(frozen=True)
class Draft:
    """A post to be written; without a date it is of now.

    WordPress takes the date of a new post for the time of its last change too. `modified` says otherwise, as
    it is with scheduled posts, whose last change is older than their date.
    """

    title: str
    paragraphs: Sequence[str]
    date: datetime | None = None
    author: str | None = None
    category: str | None = None
    modified: datetime | None = None


@dataclass(frozen=True)
class Exchange:
    """A request that WordPress's server got, and its answer's status and validators (ETag, Last-Modified)."""

    method: str
    path: str  # with the query
    headers: Mapping[str, str]  # names in lower case
    status: int
    validators: Mapping[str, str]

    @property
    def conditional(self) -> bool:
        """Whether the request carries a validator (RFC 9110, section 13.1)."""
        return "if-none-match" in self.headers or "if-modified-since" in self.headers


@dataclass
class WordPress:
    """A running WordPress; `url` is its front page."""

    url: str
    root: Path
    environment: Mapping[str, str]
    _mark: int = field(default=0, init=False)

    def create(
        self,
        title: str,
        paragraphs: Sequence[str],
        *,
        date: datetime | None = None,
        author: str | None = None,
        category: str | None = None,
    ) -> Post:
        """Publish a post. Authors and categories are made where there are none of the name."""
        return self.create_all([Draft(title, paragraphs, date, author, category)])[0]

    def create_all(self, drafts: Sequence[Draft]) -> list[Post]:
        """Publish posts, in one run of PHP."""
        steps = [
            {
                "do": "create",
                "title": draft.title,
                "content": _content(draft.paragraphs),
                "date": _stamp(draft.date),
                "modified": _stamp(draft.modified),
                "author": draft.author,
                "category": draft.category,
            }
            for draft in drafts
        ]
        return self._carry_out(steps)

    def edit(
        self,
        post_id: int,
        *,
        title: str | None = None,
        paragraphs: Sequence[str] | None = None,
        modified: datetime | None = None,
    ) -> Post:
        """Change a post's title or text; WordPress takes down the time, unless it is `modified`."""
        content = None if paragraphs is None else _content(paragraphs)
        step = {"do": "edit", "id": post_id, "title": title, "content": content, "modified": _stamp(modified)}
        return self._carry_out([step])[0]

    def trash(self, post_id: int) -> None:
        """Put a post into the trash, as editors mostly delete."""
        self._carry_out([{"do": "trash", "id": post_id}])

    def delete(self, post_id: int) -> None:
        """Delete a post for good."""
        self._carry_out([{"do": "delete", "id": post_id}])

    def set_option(self, name: str, value: object) -> None:
        """Set one of WordPress's options, such as `posts_per_rss`."""
        self._carry_out([{"do": "option", "name": name, "value": value}])

    def mark(self) -> None:
        """Forget the requests made so far."""
        self._mark = len(self._log())

    @property
    def requests(self) -> list[Exchange]:
        """The requests since the mark, in the order in which they were answered."""
        return [Exchange(**json.loads(line)) for line in self._log()[self._mark :]]

    def _log(self) -> list[str]:
        log = self.root / "requests.jsonl"
        return log.read_text(encoding="utf-8").splitlines() if log.exists() else []

    def _carry_out(self, steps: list[dict[str, Any]]) -> list[Post]:
        return [Post(**done) for done in _run_php(self.root / "command.php", steps, self.environment)]


@contextmanager
def wordpress(
    folder: Path, *, host: str = "farm.example", theme: str = CLASSIC, **options: Any
) -> Iterator[WordPress]:
    """A new WordPress in `folder`, without posts and with the given options; stops when the context ends.

    Options of ours: with `sitemap_lastmod` its sitemaps say when posts changed, with `page_validators` its
    pages and sitemaps carry an ETag; this WordPress does neither by itself. Skips the test where the packages
    are not installed, and fails it in CI.
    """
    _require_packages()
    root = folder / "wordpress"
    _lay_out(root)
    address = ("127.0.0.1", _free_port())
    with _database(folder) as database:
        environment = {
            "PATH": _command_path(),
            "WORDPRESS_SOCKET": str(database),
            "WORDPRESS_URL": f"http://{host}:{address[1]}",
            "HTTP_HOST": f"{host}:{address[1]}",
            "PHP_CLI_SERVER_WORKERS": _PHP_WORKERS,
        }
        wanted = {"permalink_structure": _PERMALINKS, "default_comment_status": "closed", **options}
        order = {"title": "The Farm Letter", "theme": theme, "options": wanted}
        _run_php(root / "install.php", order, environment)
        command = ["php", "-S", f"{address[0]}:{address[1]}", "-t", str(root), str(root / "router.php")]
        with _server(command, folder / "php.log", environment, lambda: _accepts(socket.AF_INET, address)):
            yield WordPress(f"http://{host}:{address[1]}/", root, environment)


def _stamp(moment: datetime | None) -> str | None:
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S") if moment else None


def _content(paragraphs: Sequence[str]) -> str:
    return "\n\n".join(
        f"<!-- wp:paragraph -->\n<p>{escape(paragraph, quote=False)}</p>\n<!-- /wp:paragraph -->"
        for paragraph in paragraphs
    )


def _require_packages() -> None:
    missing = [str(path) for path in _NEEDED_FILES if not path.exists()]
    missing += [name for name in NEEDED_COMMANDS if not shutil.which(name, path=_command_path())]
    if not missing:
        return
    reason = f"no {', '.join(missing)}: run tests/wordpress_install.sh"
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


def _command_path() -> str:
    """Where commands are; daemons are not on a plain user's path."""
    return f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin"


def _lay_out(root: Path) -> None:
    """The site's folder. WordPress takes the folder of its first files for its root, so these are copied."""
    content = root / "wp-content"
    (content / "mu-plugins").mkdir(parents=True)
    (content / "themes").symlink_to(_THEMES)
    for name in ("wp-includes", "wp-admin"):
        (root / name).symlink_to(_CORE / name)
    for path in [*_CORE.glob("*.php"), *_PHP.glob("*.php")]:  # our wp-config.php replaces Debian's
        shutil.copyfile(path, root / path.name)
    (root / "plugin.php").rename(content / "mu-plugins" / "plugin.php")


@contextmanager
def _database(folder: Path) -> Iterator[Path]:
    """A MariaDB of our own, without a port or passwords; gives its socket."""
    environment = {"PATH": _command_path()}
    common = ["--no-defaults", f"--datadir={folder / 'database'}"]
    if os.getuid() == 0:
        common.append("--user=root")
    _run(["mariadb-install-db", *common, "--skip-test-db"], environment)
    with tempfile.TemporaryDirectory(prefix="wp-") as short:  # a socket's address is 107 bytes long at most
        address = Path(short) / "socket"
        command = [
            "mariadbd", *common, f"--socket={address}", "--skip-networking", "--skip-grant-tables",
            "--innodb-flush-log-at-trx-commit=0", "--innodb-doublewrite=0", "--innodb-buffer-pool-size=32M",
        ]  # fmt: skip
        log = folder / "mariadb.log"
        with _server(command, log, environment, lambda: _accepts(socket.AF_UNIX, str(address))):
            yield address


@contextmanager
def _server(
    command: list[str], log: Path, environment: Mapping[str, str], answers: Callable[[], bool]
) -> Iterator[None]:
    """Run a server until the context ends. Raises `RuntimeError` if it does not start."""
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, env=environment, stdin=subprocess.DEVNULL, stdout=output, stderr=output,
            start_new_session=True,
        )  # fmt: skip
    try:
        deadline = time.monotonic() + _START_LIMIT
        while not answers():
            if process.poll() is not None or time.monotonic() > deadline:
                said = log.read_text(encoding="utf-8", errors="replace")
                raise RuntimeError(f"{command[0]} did not start: {said[-2000:]}")
            time.sleep(0.02)
        yield
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGTERM)  # PHP's workers too
            try:
                process.wait(_STOP_LIMIT)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()


def _accepts(family: socket.AddressFamily, address: Any) -> bool:
    with socket.socket(family) as client:
        return client.connect_ex(address) == 0


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _run_php(script: Path, order: Any, environment: Mapping[str, str]) -> Any:
    return json.loads(_run(["php", str(script)], environment, json.dumps(order)))


def _run(command: list[str], environment: Mapping[str, str], text: str = "") -> str:
    done = subprocess.run(
        command, env=environment, input=text, capture_output=True, text=True, timeout=_COMMAND_LIMIT,
        check=False,
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)}: {done.stderr[-2000:]}{done.stdout[-2000:]}")
    return done.stdout
