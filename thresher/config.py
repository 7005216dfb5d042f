"""`thresher.toml`: which sites are crawled, when and how. Read, checked, all that is wrong said at once."""

from __future__ import annotations

import difflib
import ipaddress
import json
import os
import re
import sys
import tomllib
from collections.abc import Mapping, Sequence
from datetime import UTC, tzinfo
from pathlib import Path
from typing import Annotated, Any, Final, Literal, Self, get_args
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ByteSize,
    ConfigDict,
    Field,
    PrivateAttr,
    TypeAdapter,
    ValidationError,
    ValidationInfo,
    field_validator,
)
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails, PydanticCustomError
from sqlalchemy import make_url

from cleaners import Favor
from spiders.params import UrlParam
from thresher.schedule import cron_trigger

Kind = Literal["auto", "wordpress", "sitemap", "feed", "links", "archive", "files"]
"""Where a site's pages come from; `auto` lets the crawl find out."""

KIND_KEYS: Final[Mapping[str, frozenset[str]]] = {
    **dict.fromkeys(
        get_args(Kind),
        frozenset({"url", "max_pages", "max_bytes", "max_depth", "delay", "include", "exclude"}),
    ),
    "archive": frozenset({"url", "path", "max_pages", "delay", "include", "exclude"}),
    "files": frozenset({"path"}),
}
"""The keys that have a meaning for a site of each kind, besides those that every site has."""

_NAME: Final = re.compile(r"\w[\w.-]{0,79}")  # it becomes part of a folder's name
_GLOBAL_FLAGS: Final = re.compile(r"\(\?([imsx]+)\)(.*)", re.DOTALL)
_BACK_REFERENCE: Final = re.compile(r"\\[1-9]|\(\?\(")
_SECRET: Final = re.compile(r"(//[^/@]*:)[^/@]*@")  # the password in a database's URL
_OR_LIST: Final = " or a list of such"
_SHOWN: Final = 80  # characters of a wrong value that an error repeats


class ConfigError(ValueError):
    """A configuration that cannot be used; the message has a line for each thing that is wrong."""


def parse_size(text: str) -> int:
    """Bytes of a size such as "200 MB", "1.5 GiB" or "1000". Raises `ValueError` for what is none."""
    try:
        return int(TypeAdapter(Annotated[ByteSize, Field(ge=1)]).validate_python(text))
    except ValidationError:
        raise ValueError(f"{text!r} is not a number of bytes or a size such as '200 MB'") from None


def any_of(patterns: Sequence[str]) -> str:
    """One regular expression that matches where any of several does; empty for none.

    Raises `ValueError` if one of them is none or if they cannot be joined.
    """
    try:
        for pattern in patterns:
            re.compile(pattern)
        if len(patterns) < 2:
            return "".join(patterns)
        if any(map(_BACK_REFERENCE.search, patterns)):
            raise ValueError("expressions that refer to a group by its number cannot be joined with others")
        return re.compile("|".join(map(_scoped, patterns))).pattern
    except re.error as error:
        raise ValueError(f"{error.msg} in {str(error.pattern)[:_SHOWN]!r}") from error


def _scoped(pattern: str) -> str:
    # Flags for a whole expression may stand at its very beginning only.
    flags = _GLOBAL_FLAGS.fullmatch(pattern)
    return f"(?{flags[1]}:{flags[2]})" if flags else f"(?:{pattern})"


# What a value may be. A `ValueError` says what is wrong with one, its field's description what is right.


def _as_list(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


def _regex(value: str) -> str:
    return any_of([value])


def _regexes(values: list[str]) -> list[str]:
    any_of(values)
    return values


def _web_address(value: str) -> str:
    try:
        (address,) = UrlParam(url=[value]).url
    except ValidationError:
        raise ValueError from None
    return address


def _schedule(value: str) -> str:
    if value:
        cron_trigger(value, UTC)
    return value


def _zone(value: str) -> str:
    try:
        zone_named(value)
    except (OSError, ValueError, KeyError):  # ZoneInfo raises each of them for some names
        raise ValueError from None
    return value


def zone_named(name: str) -> tzinfo:
    """A time zone by its name in the IANA database; UTC needs none."""
    return UTC if name == "UTC" else ZoneInfo(name)


def _network(value: str) -> str:
    return str(ipaddress.ip_network(value))


def _context(info: ValidationInfo) -> dict[str, Any]:
    assert isinstance(info.context, dict), "a configuration is made by load_config"
    return info.context


def _path(value: Any, info: ValidationInfo) -> Any:
    if not isinstance(value, str) or not value:
        raise ValueError
    return _context(info)["folder"] / Path(value).expanduser()


def _existing(path: Path) -> Path:
    if not path.exists():
        raise ValueError(f"there is no {path}")
    return path


def _database(value: str, info: ValidationInfo) -> str:
    try:
        url = make_url(value)
        url.get_dialect().import_dbapi()
    except ImportError as error:
        raise ValueError(f"the package {error.name} is not installed") from None
    except Exception:  # SQLAlchemy's several
        raise ValueError from None
    if url.get_backend_name() == "sqlite":
        if not url.database or url.database == ":memory:":
            raise ValueError("a database in memory would be lost with each run")
        url = url.set(database=str(_context(info)["folder"] / url.database))
    return url.render_as_string(hide_password=False)


_Path = Annotated[Path, BeforeValidator(_path)]


class Section(BaseModel):
    """A table of the file. A field's description says what is allowed there, its first example shows it."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


_Pages = Annotated[int | None, Field(ge=1, description="a whole number from 1 on", examples=[500])]
_Size = Annotated[
    ByteSize | None,
    Field(ge=1, description="a number of bytes or a size with its unit", examples=["200 MB"]),
]
_Patterns = Annotated[
    list[Annotated[str, AfterValidator(_regex)]],
    BeforeValidator(_as_list),
    AfterValidator(_regexes),
    Field(description=f"a regular expression{_OR_LIST}", examples=["/news/"]),
]


class Budget(Section):
    """`[budget]`: bounds of one run, all its sites together."""

    max_pages: _Pages = None
    max_bytes: _Size = None


class Defaults(Section):
    """`[defaults]`: what holds for each site that does not say otherwise."""

    kind: Kind | None = Field(
        default=None, description=f"one of {', '.join(get_args(Kind))}", examples=["auto"]
    )
    schedule: Annotated[str, AfterValidator(_schedule)] = Field(
        default="",
        description="a cron expression (minute, hour, day, month, weekday)",
        examples=["*/15 * * * *"],
    )
    max_pages: _Pages = None
    max_bytes: _Size = None
    max_depth: int | None = Field(default=None, ge=0, description="a whole number from 0 on", examples=[4])
    delay: float | None = Field(
        default=None, ge=0, le=3_600, description="a number of seconds from 0 to 3600", examples=[1.0]
    )
    include: _Patterns = []
    exclude: _Patterns = []


class Site(Defaults):
    """`[[site]]`: one site, or one archive or folder."""

    url: Annotated[list[Annotated[str, AfterValidator(_web_address)]], BeforeValidator(_as_list)] = Field(
        default=[],
        validate_default=True,
        description=f"an http or https address{_OR_LIST}",
        examples=["https://gazette.example/"],
    )
    path: Annotated[list[_Path], BeforeValidator(_as_list)] = Field(
        default=[],
        validate_default=True,
        description=f"a file or folder{_OR_LIST}",
        examples=["archive/2024.warc.gz"],
    )
    name: str = Field(
        default="",
        validate_default=True,
        description="a name of letters, digits, dots, dashes and underscores, 80 at most",
        examples=["gazette"],
    )
    enabled: bool = Field(default=True, description="true or false", examples=[True])

    @field_validator(*sorted(frozenset.union(*KIND_KEYS.values())))
    @classmethod
    def _belongs(cls, value: Any, info: ValidationInfo) -> Any:
        """Refuse what a site of this kind would ignore, and miss what it needs."""
        kind = info.data.get("kind", "") or (_context(info)["kind"] if "kind" in info.data else "")
        key = info.field_name or ""
        if kind and value != [] and key not in KIND_KEYS[kind]:
            raise PydanticCustomError("said", f"has no meaning for a site of the kind {kind!r}")
        needed = {"archive": "path or url", "files": "path"}.get(kind, "url")
        has_url = info.data.get("url", key == "path")  # a wrong one counts; what is wrong is said of it
        if kind and value == [] and needed.startswith(key) and not has_url:
            example = cls.model_fields[key].examples or []
            message = f"is missing; such a site needs {needed}, as in {_shown(example[0])}"
            raise PydanticCustomError("said", "{message}", {"message": message})
        return value

    @field_validator("name")
    @classmethod
    def _one_name(cls, value: str, info: ValidationInfo) -> str:
        name = value or _default_name(info.data.get("url"), info.data.get("path"))
        if not name:
            return name  # that there is nothing to crawl is said of the keys that are missing
        if not _NAME.fullmatch(name):
            raise ValueError
        if name in _context(info)["names"]:
            message = f"{_shown(name)} is the name of a site above already; give each site a name of its own"
            raise PydanticCustomError("said", "{message}", {"message": message})
        _context(info)["names"].add(name)
        return name

    def completed(self, defaults: Defaults) -> Self:
        """The site with the defaults for what it does not say itself."""
        kind = self.kind or defaults.kind or "auto"
        taken = defaults.model_fields_set & (KIND_KEYS[kind] | {"schedule"}) - self.model_fields_set
        return self.model_copy(update={"kind": kind, **{name: getattr(defaults, name) for name in taken}})


class Config(Section):
    """`thresher.toml` as a whole. Paths in it are relative to its folder."""

    database: Annotated[str, AfterValidator(_database)] = Field(
        default="", description="an SQLAlchemy URL", examples=["sqlite:///corpus/thresher.db"]
    )
    output: _Path = Field(default=Path("corpus"), description="a folder", examples=["corpus"])
    contact: str = Field(default="", description="an address or URL", examples=["you@example.net"])
    warc: _Path | None = Field(default=None, description="a folder", examples=["corpus/warc"])
    favor: Favor = Field(
        default=Favor.BALANCED, strict=False, description=f"one of {', '.join(Favor)}", examples=["balanced"]
    )
    phrases: Annotated[list[Annotated[_Path, AfterValidator(_existing)]], BeforeValidator(_as_list)] = Field(
        default=[], description=f"a file or folder of phrases{_OR_LIST}", examples=["phrases.json"]
    )
    concurrent_sites: int = Field(
        default=8, ge=1, le=100, description="a whole number from 1 to 100", examples=[8]
    )
    allowed_networks: Annotated[list[Annotated[str, AfterValidator(_network)]], BeforeValidator(_as_list)] = (
        Field(default=[], description=f"a network{_OR_LIST}", examples=["10.0.0.0/8"])
    )
    timezone: Annotated[str, AfterValidator(_zone)] = Field(
        default="UTC", description="a time zone by its name", examples=["Europe/Berlin"]
    )
    budget: Budget = Field(default=Budget(), description="a section that begins with [budget]")
    defaults: Defaults = Field(default=Defaults(), description="a section that begins with [defaults]")
    site: list[Site] = Field(min_length=1, description="a list of sections that each begin with [[site]]")

    _folder: Path = PrivateAttr(default=Path())
    _source: bytes = PrivateAttr(default=b"")

    @property
    def folder(self) -> Path:
        """The folder of the file."""
        return self._folder

    @property
    def source(self) -> bytes:
        """The file's text."""
        return self._source

    @property
    def zone(self) -> tzinfo:
        """The time zone of the schedules."""
        return zone_named(self.timezone)

    @property
    def enabled(self) -> list[Site]:
        """The sites that are to be crawled."""
        return [site for site in self.site if site.enabled]

    def select(self, names: Sequence[str]) -> list[Site]:
        """The enabled sites of these names, or all of them. Raises `ValueError` for a name of none."""
        by_name = {site.name: site for site in self.enabled}
        for name in names:
            if name not in by_name:
                disabled = any(site.name == name for site in self.site)
                why = "is not enabled" if disabled else f"is none of {', '.join(by_name)}"
                raise ValueError(f"the site {name!r} {why}")
        return [by_name[name] for name in dict.fromkeys(names)] or self.enabled


def _default_name(urls: list[str] | None, paths: list[Path] | None) -> str:
    first = urlsplit(urls[0]).hostname or "" if urls else paths[0].name if paths else ""
    return re.sub(r"[^\w.-]+", "-", first)[:_SHOWN]


# Reading


def load_config(file: str | Path, *, environ: Mapping[str, str] = os.environ) -> Config:
    """The configuration in a file; "-" reads standard input, paths in it being relative to this folder.

    `THRESHER_CONTACT` in the environment is the contact of a file that names none. Raises `ConfigError`.
    """
    name = "standard input" if str(file) == "-" else str(file)
    try:
        source = sys.stdin.buffer.read() if str(file) == "-" else Path(file).read_bytes()
        raw = tomllib.loads(source.decode("utf-8-sig"))
    except OSError as error:
        raise ConfigError(f"{name}: cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise ConfigError(f"{name}: is not UTF-8 (at byte {error.start})") from error
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{name}: is not TOML: {error}") from error
    folder = Path.cwd() if str(file) == "-" else Path(file).absolute().parent
    defaults = raw.get("defaults")
    kind = defaults.get("kind") if isinstance(defaults, dict) else None
    context: dict[str, Any] = {
        "folder": folder,
        "kind": kind if kind in KIND_KEYS else "auto",
        "names": set(),
    }
    try:
        config = Config.model_validate(raw, context=context)
    except ValidationError as error:
        lines = (f"{name}: {_line(entry, raw)}" for entry in error.errors(include_url=False))
        raise ConfigError("\n".join(lines)) from error
    return _completed(config, source, folder, environ)


def _completed(config: Config, source: bytes, folder: Path, environ: Mapping[str, str]) -> Config:
    output = folder / config.output
    complete = config.model_copy(
        update={
            "output": output,
            "database": config.database or f"sqlite:///{output / 'thresher.db'}",
            "contact": config.contact or environ.get("THRESHER_CONTACT", ""),
            "site": [site.completed(config.defaults) for site in config.site],
        }
    )
    complete._folder, complete._source = folder, source
    return complete


# Saying what is wrong


def _line(entry: ErrorDetails, raw: dict[str, Any]) -> str:
    loc, kind = entry["loc"], entry["type"]
    section, field = _place(loc)
    key = _key(loc, raw)
    if kind == "extra_forbidden":
        return f"{key}: {_unknown(str(loc[-1]), section)}"
    if kind == "said":
        return f"{key}: {entry['msg']}"
    allowed = (field.description or "") if field else "a section"
    if isinstance(loc[-1], int):  # one of a list
        allowed = allowed.removesuffix(_OR_LIST)
    if field and field.examples:
        allowed += f", such as {_shown(field.examples[0])}"
    if kind in {"missing", "too_short"}:
        return f"{key}: is missing; it is {allowed}"
    reason = str(entry["ctx"]["error"]) if kind == "value_error" else ""
    return f"{key}: {_shown(entry['input'])} is not {allowed}" + (f" ({reason})" if reason else "")


def _place(loc: Sequence[int | str]) -> tuple[type[Section], FieldInfo | None]:
    """The section that an error lies in, and its key there."""
    sections: dict[str, type[Section]] = {"site": Site, "budget": Budget, "defaults": Defaults}
    section: type[Section] = Config
    field: FieldInfo | None = None
    for part in loc:
        if isinstance(part, str):
            field = section.model_fields.get(part)
            section = sections.get(part, section)
    return section, field


def _key(loc: Sequence[int | str], raw: dict[str, Any]) -> str:
    """Where something stands, as a person counts: `site[2].schedule (gazette)`."""
    key = "".join(f"[{part + 1}]" if isinstance(part, int) else f".{part}" for part in loc).lstrip(".")
    if len(loc) > 1 and loc[0] == "site" and isinstance(loc[1], int):
        site = raw["site"][loc[1]]
        name = (site.get("name") or site.get("url") or site.get("path")) if isinstance(site, dict) else None
        key += f" ({str(name)[:_SHOWN]})" if name else ""
    return key


def _unknown(key: str, section: type[Section]) -> str:
    places: dict[type[Section], str] = {
        Config: "at the top of the file, before the first section",
        Budget: "under [budget]",
        Site: "under [[site]]",
        Defaults: "under [defaults] or [[site]]",
    }
    others = [place for other, place in places.items() if other is not section and key in other.model_fields]
    near = difflib.get_close_matches(key, section.model_fields, n=1)
    if near:
        return f'is no key; did you mean "{near[0]}"?'
    if others:
        return f"does not belong here but {others[-1]}"
    return f"is no key; there are {', '.join(section.model_fields)}"


def _shown(value: Any) -> str:
    text = _SECRET.sub(r"\1***@", json.dumps(value, ensure_ascii=False, default=str))
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
