"""`thresher.toml`: what it means, and what is said of one that is wrong."""

from __future__ import annotations

import io
import re
import sys
from datetime import UTC
from pathlib import Path
from textwrap import dedent
from zoneinfo import ZoneInfo

import pytest
from scrapy.settings import Settings
from scrapy.spiderloader import get_spider_loader

from cleaners import Favor
from tests.crawling import ROOT
from thresher.config import KIND_KEYS, Budget, Config, Site, Workers, load_config
from thresher.config_errors import ConfigError
from thresher.config_values import any_of, parse_size

DOCUMENTATION = ROOT / "docs" / "scheduling.md"

WHOLE = """
database = "sqlite:////srv/corpus.db"
output = "corpus"
contact = "you@example.net"
warc = "corpus/warc"
favor = "precision"
phrases = "mine.json"
site_memory = false
deduplicate = false
concurrent_sites = 3
allowed_networks = ["10.0.0.0/8", "fd00::/8"]
timezone = "Europe/Berlin"
[budget]
max_pages = 20000
max_bytes = "2 GB"
[defaults]
schedule = "0 * * * *"
max_pages = 500
max_bytes = "200 MB"
delay = 1
exclude = "/tag/"
[[site]]
name = "gazette"
url = ["https://gazette.example", "gazette.example/sport"]
kind = "feed"
schedule = "*/15 * * * *"
max_depth = 0
include = ["/news/", "(?i)/SPORT/"]
exclude = []
[[site]]
url = "http://Post.example:8080/world"
enabled = false
[[site]]
kind = "archive"
path = "old/2024.warc.gz"
schedule = ""
[[site]]
kind = "files"
path = ["/srv/pages", "more"]
name = "saved"
"""


def load(folder: Path, text: str, **environ: str) -> Config:
    path = folder / "thresher.toml"
    path.write_text(dedent(text), encoding="utf-8")
    return load_config(path, environ=environ)


def errors(folder: Path, text: str) -> list[str]:
    """What is said of a file, a line each, without the file's name."""
    with pytest.raises(ConfigError) as caught:
        load(folder, text)
    lines = str(caught.value).splitlines()
    prefix = f"{folder / 'thresher.toml'}: "
    assert all(line.startswith(prefix) for line in lines)
    return [line.removeprefix(prefix) for line in lines]


def site(text: str) -> str:
    return f'[[site]]\nurl = "https://gazette.example/"\n{text}\n'


def test_a_whole_file(tmp_path: Path) -> None:
    (tmp_path / "mine.json").write_text("{}", encoding="utf-8")
    config = load(tmp_path, WHOLE)
    assert config.database == "sqlite:////srv/corpus.db"
    assert (config.output, config.warc) == (tmp_path / "corpus", tmp_path / "corpus" / "warc")
    assert (config.contact, config.favor) == ("you@example.net", Favor.PRECISION)
    assert config.phrases == [tmp_path / "mine.json"]
    assert (config.site_memory, config.deduplicate) == (False, False)
    assert (config.concurrent_sites, config.allowed_networks) == (3, ["10.0.0.0/8", "fd00::/8"])
    assert config.zone == ZoneInfo("Europe/Berlin")
    assert (config.budget.max_pages, config.budget.max_bytes) == (20_000, 2_000_000_000)
    assert config.folder == tmp_path
    assert config.source == (tmp_path / "thresher.toml").read_bytes()
    gazette, post, archive, saved = config.site
    assert config.enabled == [gazette, archive, saved]
    assert (gazette.name, gazette.kind, gazette.schedule) == ("gazette", "feed", "*/15 * * * *")
    assert gazette.url == ["https://gazette.example/", "https://gazette.example/sport"]
    assert (gazette.max_pages, gazette.max_bytes, gazette.max_depth) == (500, 200_000_000, 0)
    assert (gazette.delay, gazette.include, gazette.exclude) == (1.0, ["/news/", "(?i)/SPORT/"], [])
    assert (post.name, post.kind, post.schedule) == ("post.example", "auto", "0 * * * *")
    assert (post.exclude, post.max_depth) == (["/tag/"], None)
    assert (archive.name, archive.path) == ("2024.warc.gz", [tmp_path / "old" / "2024.warc.gz"])
    assert (archive.schedule, archive.max_pages, archive.max_bytes) == ("", 500, None)
    assert (saved.path, saved.max_pages) == ([Path("/srv/pages"), tmp_path / "more"], None)


@pytest.mark.parametrize("there", [True, False])
def test_a_server_database_needs_its_driver(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, there: bool
) -> None:
    url = "postgresql+psycopg://me:secret@db.example/corpus?sslpassword=hidden"
    text = f"database = '{url}'\n{site('')}"
    if there:
        assert load(tmp_path, text).database == url
    else:
        monkeypatch.setitem(sys.modules, "psycopg", None)
        assert errors(tmp_path, text) == [
            'database: "postgresql+psycopg://me:***@db.example/corpus?sslpassword=***" is not an SQLAlchemy '
            'URL, such as "sqlite:///corpus/thresher.db" '
            "(PostgreSQL needs the package psycopg: pip install 'thresher[postgres]')"
        ]


def test_what_a_short_file_leaves_open(tmp_path: Path) -> None:
    config = load(tmp_path, site(""), THRESHER_CONTACT="me@example.net")
    assert config.contact == "me@example.net"
    assert (config.database, config.output) == (
        f"sqlite:///{tmp_path}/corpus/thresher.db",
        tmp_path / "corpus",
    )
    assert (config.zone, config.concurrent_sites, config.favor, config.warc) == (UTC, 8, Favor.BALANCED, None)
    assert (config.site_memory, config.deduplicate) == (True, True)
    (only,) = config.site
    assert (only.name, only.kind, only.schedule, only.delay) == ("gazette.example", "auto", "", None)


def test_the_file_wins_over_the_environment(tmp_path: Path) -> None:
    config = load(tmp_path, 'contact = "you@example.net"\n' + site(""), THRESHER_CONTACT="me@example.net")
    assert config.contact == "you@example.net"


@pytest.mark.parametrize(
    ("url", "path"),
    [("sqlite:///corpus/my.db", "{folder}/corpus/my.db"), ("sqlite:////srv/my.db", "/srv/my.db")],
)
def test_a_relative_database_is_beside_the_file(tmp_path: Path, url: str, path: str) -> None:
    config = load(tmp_path, f'database = "{url}"\n{site("")}')
    assert config.database == "sqlite:///" + path.format(folder=tmp_path)


def test_standard_input_is_read_relative_to_this_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(site("").encode())))
    assert load_config("-", environ={}).output == tmp_path / "corpus"
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"x")))
    with pytest.raises(ConfigError, match=r"\Astandard input: is not TOML: Expected '=' after a key"):
        load_config("-")


def test_a_byte_order_mark_does_not_matter(tmp_path: Path) -> None:
    (tmp_path / "thresher.toml").write_text(site(""), encoding="utf-8-sig")
    assert load_config(tmp_path / "thresher.toml").site[0].name == "gazette.example"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("favor = balanced", "is not TOML: Invalid value (at line 1, column 9)"),
        ("[[site]\nurl = 1", "is not TOML: Expected ']]' at the end of an array declaration (at line 1, column 7)"),
        ("favor = 'best'\n" + site(""), 'favor: "best" is not one of precision, balanced, recall, such as "balanced"'),
        ("concurrent_sites = true\n" + site(""), "concurrent_sites: true is not a whole number from 1 to 100, such as 8"),
        ("concurrent_sites = 101\n" + site(""), "concurrent_sites: 101 is not a whole number from 1 to 100, such as 8"),
        ("timezone = 'Europe/Belin'\n" + site(""), 'timezone: "Europe/Belin" is not a time zone by its name, such as "Europe/Berlin"'),
        ("timezone = '../x'\n" + site(""), 'timezone: "../x" is not a time zone by its name, such as "Europe/Berlin"'),
        (
            "phrases = ['no.json']\n" + site(""),
            'phrases[1]: "no.json" is not a file or folder of phrases, such as "phrases.json" (there is no {folder}/no.json)',
        ),
        (
            "allowed_networks = '10.0.0.1/8'\n" + site(""),
            'allowed_networks[1]: "10.0.0.1/8" is not a network, such as "10.0.0.0/8" (10.0.0.1/8 has host bits set)',
        ),
        ("database = 'corpus.db'\n" + site(""), 'database: "corpus.db" is not an SQLAlchemy URL, such as "sqlite:///corpus/thresher.db"'),
        (
            "database = 'sqlite://'\n" + site(""),
            'database: "sqlite://" is not an SQLAlchemy URL, such as "sqlite:///corpus/thresher.db" (a database in memory would be lost with each run)',
        ),
        (
            "database = 'firebird://me:secret@db.example/x'\n" + site(""),
            'database: "firebird://me:***@db.example/x" is not an SQLAlchemy URL, such as "sqlite:///corpus/thresher.db" (it can be SQLite or PostgreSQL, but not firebird)',
        ),
        ("[budget]\nmax_pages = 0\n" + site(""), "budget.max_pages: 0 is not a whole number from 1 on, such as 500"),
        ("[budget]\nmax_bytes = '2 Gx'\n" + site(""), 'budget.max_bytes: "2 Gx" is not a number of bytes or a size with its unit, such as "200 MB"'),
        ("budget = 5\n" + site(""), "budget: 5 is not a section that begins with [budget]"),
        ("", "site: is missing; it is a list of sections that each begin with [[site]]"),
        ("[site]\nurl = 'a.example'", 'site: {{"url": "a.example"}} is not a list of sections that each begin with [[site]]'),
        (site("delay = -1"), "site[1].delay (https://gazette.example/): -1 is not a number of seconds from 0 to 3600, such as 1.0"),
        (site("delay = nan"), "site[1].delay (https://gazette.example/): NaN is not a number of seconds from 0 to 3600, such as 1.0"),
        (site("name = 'g'\nenabled = 'yes'"), 'site[1].enabled (g): "yes" is not true or false, such as true'),
        (
            site("name = 'a/b'"),
            'site[1].name (a/b): "a/b" is not a name of letters, digits, dots, dashes and underscores, 80 at most, such as "gazette"',
        ),
        (
            site("") + site("name = 'gazette.example'"),
            'site[2].name (gazette.example): "gazette.example" is the name of a site above already; give each site a name of its own',
        ),
        (
            site("name = 'g'\nkind = 'rss'"),
            'site[1].kind (g): "rss" is not one of auto, wordpress, sitemap, feed, links, archive, files, such as "auto"',
        ),
        (
            site("name = 'g'\nschedule = '*/70 * * * *'"),
            'site[1].schedule (g): "*/70 * * * *" is not a cron expression (minute, hour, day, month, weekday), such as "*/15 * * * *" '
            "(Error validating expression '*/70': the step value (70) is higher than the total range of the expression (59))",
        ),
        (
            site("name = 'g'\nschedule = '0 0 31 2 *'"),
            'site[1].schedule (g): "0 0 31 2 *" is not a cron expression (minute, hour, day, month, weekday), such as "*/15 * * * *" '
            "(the day that it names never comes)",
        ),
        (
            "[[site]]\nname = 'g'\nurl = 'ftp://a.example/'",
            'site[1].url[1] (g): "ftp://a.example/" is not an http or https address, such as "https://gazette.example/"',
        ),
        (site("name = 'g'\ninclude = ['/a/', '/b(']"), "site[1].include[2] (g): \"/b(\" is not a regular expression, such as \"/news/\" (missing ), unterminated subpattern in '/b(')"),
        (
            site("name = 'g'\ninclude = ['(a)\\1', 'b']"),
            'site[1].include (g): ["(a)\\\\1", "b"] is not a regular expression or a list of such, such as "/news/" '
            "(expressions that refer to a group by its number cannot be joined with others)",
        ),
        ("[[site]]\nname = 'g'", 'site[1].url (g): is missing; such a site needs url, as in "https://gazette.example/"'),
        ("[[site]]\nname = 'g'\nkind = 'files'", 'site[1].path (g): is missing; such a site needs path, as in "archive/2024.warc.gz"'),
        ("[[site]]\nname = 'g'\nkind = 'archive'", 'site[1].path (g): is missing; such a site needs path or url, as in "archive/2024.warc.gz"'),
        ("[defaults]\nkind = 'files'\n[[site]]\nname = 'g'\npath = 'x'\nmax_pages = 3", "site[1].max_pages (g): has no meaning for a site of the kind 'files'"),
        (site("name = 'g'\npath = 'x'"), "site[1].path (g): has no meaning for a site of the kind 'auto'"),
        (site("name = 'g'\nschedul = '0 * * * *'"), 'site[1].schedul (g): is no key; did you mean "schedule"?'),
        (site("name = 'g'\ntimezone = 'UTC'"), "site[1].timezone (g): does not belong here but at the top of the file, before the first section"),
        ("[budget]\ndelay = 1\n" + site(""), "budget.delay: does not belong here but under [defaults] or [[site]]"),
        ("[[sites]]\n" + site(""), 'sites: is no key; did you mean "site"?'),
        ("[budget]\nxyz = 1\n" + site(""), "budget.xyz: is no key; there are max_pages, max_bytes"),
        ("max_pages = 1\n" + site(""), "max_pages: does not belong here but under [budget] or [defaults] or [[site]]"),
        ("[defaults]\npath = 'x'\n" + site(""), "defaults.path: does not belong here but under [[site]]"),
        (
            "[defaults]\nkind = ['feed']\n" + site(""),
            'defaults.kind: ["feed"] is not one of auto, wordpress, sitemap, feed, links, archive, files, such as "auto"',
        ),
        ("output = '~nobody-of-this-name/x'\n" + site(""), 'output: "~nobody-of-this-name/x" is not a folder, such as "corpus" (~nobody-of-this-name/x has no home folder)'),
        (
            "[[site]]\nurl = 'https://me:secret@gazette.example/'\ndelay = -1",
            "site[1].delay (https://me:***@gazette.example/): -1 is not a number of seconds from 0 to 3600, such as 1.0",
        ),
        ("[[site]]\nkind = 'files'\npath = '/'", 'site[1].name (/): is missing, and none can be made of url or path; give one, such as "gazette"'),
    ],
)  # fmt: skip
def test_one_thing_that_is_wrong(tmp_path: Path, text: str, line: str) -> None:
    assert errors(tmp_path, text) == [line.format(folder=tmp_path)]


def test_all_that_is_wrong_is_said_at_once(tmp_path: Path) -> None:
    text = """
    contact = 5
    [defaults]
    max_pages = "many"
    [[site]]
    name = "first"
    url = "https://a.example"
    delay = "slow"
    hourly = true
    [[site]]
    name = "first"
    kind = "files"
    """
    assert [line.partition(":")[0] for line in errors(tmp_path, text)] == [
        "contact",
        "defaults.max_pages",
        "site[1].delay (first)",
        "site[1].hourly (first)",
        "site[2].path (first)",
        "site[2].name (first)",
    ]


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"none.toml: cannot be read: No such file or directory"):
        load_config(tmp_path / "none.toml")
    (tmp_path / "latin.toml").write_bytes(b"contact = '\xe9'")
    with pytest.raises(ConfigError, match=r"latin.toml: is not UTF-8 \(at byte 11\)"):
        load_config(tmp_path / "latin.toml")


def test_sites_are_chosen_by_name(tmp_path: Path) -> None:
    config = load(tmp_path, SITES)
    assert [site.name for site in config.select([])] == ["a.example", "b.example"]
    assert [site.name for site in config.select(["b.example", "b.example"])] == ["b.example"]
    with pytest.raises(ValueError, match=r"the site 'c.example' is not enabled"):
        config.select(["c.example"])
    with pytest.raises(ValueError, match=r"the site 'd' is none of a.example, b.example"):
        config.select(["a.example", "d"])


SITES = """
[[site]]
url = "https://a.example"
[[site]]
url = "https://b.example"
[[site]]
url = "https://c.example"
enabled = false
"""


@pytest.mark.parametrize(
    ("text", "size"), [("1000", 1_000), ("200 MB", 200_000_000), ("1.5gib", 1_610_612_736)]
)
def test_sizes(text: str, size: int) -> None:
    assert parse_size(text) == size


@pytest.mark.parametrize("text", ["", "0", "-1", "MB", "5 apples"])
def test_what_is_no_size(text: str) -> None:
    with pytest.raises(ValueError, match="is not a number of bytes or a size such as '200 MB'"):
        parse_size(text)


@pytest.mark.parametrize(
    ("place", "name"),
    [
        ("url = 'http://[::1]:8080/'", "1"),
        ("url = 'https://bücher.example'", "bücher.example"),
        ("kind = 'files'\npath = '.saved pages/'", "saved-pages"),
        (f"kind = 'files'\npath = '{'x' * 100}'", "x" * 80),
    ],
)
def test_a_site_without_a_name_has_that_of_its_place(tmp_path: Path, place: str, name: str) -> None:
    assert load(tmp_path, f"[[site]]\n{place}").site[0].name == name


def test_expressions_are_joined() -> None:
    assert any_of([]) == ""
    assert any_of(["(a)\\1"]) == "(a)\\1"
    assert any_of(["/a|b/", "(?i)/C"]) == "(?:/a|b/)|(?i:/C)"
    with pytest.raises(ValueError, match=r"unterminated character set in '\[b'"):
        any_of(["a", "[b"])


def test_a_wrong_address_of_an_archive_is_not_also_missing(tmp_path: Path) -> None:
    (line,) = errors(tmp_path, "[[site]]\nname = 'g'\nkind = 'archive'\nurl = 'ftp://a.example/x.warc'")
    assert line.startswith("site[1].url[1] (g): ")
    archive = load(tmp_path, "[[site]]\nkind = 'archive'\nurl = 'https://a.example/x.warc'").site[0]
    assert (archive.name, archive.path) == ("a.example", [])


@pytest.mark.parametrize("kind", sorted(KIND_KEYS))
def test_a_site_may_say_what_its_spider_takes(kind: str) -> None:
    spider = get_spider_loader(Settings({"SPIDER_MODULES": ["spiders"]})).load(
        "site" if kind == "auto" else kind
    )
    taken = set(spider.get_param_schema()["properties"])  # type: ignore[attr-defined]
    assert KIND_KEYS[kind] - {"delay"} == taken - {"discover", "per_page", "fallback", "again"}


def test_the_documentation_names_every_key() -> None:
    rows = re.findall(r"^\| ((?:`\w+`(?:, )?)+) \|", DOCUMENTATION.read_text(encoding="utf-8"), re.MULTILINE)
    named = [key for row in rows for key in re.findall(r"\w+", row)]
    sections = {"budget", "defaults", "site", "workers"}
    assert sorted(named) == sorted(
        [
            *(Config.model_fields.keys() - sections),
            *Budget.model_fields,
            *Site.model_fields,
            *Workers.model_fields,
        ]
    )


def test_the_example_of_the_documentation_is_right(tmp_path: Path) -> None:
    (example,) = re.findall(r"```toml\n(.*?)```", DOCUMENTATION.read_text(encoding="utf-8"), re.DOTALL)
    config = load(tmp_path, example)
    assert [(site.name, site.kind, site.max_pages) for site in config.site] == [
        ("gazette", "auto", 500),
        ("post.example", "wordpress", 500),
    ]
