"""`thresher.toml`: which sites are crawled, when and how. Read, checked, all that is wrong said at once."""

from __future__ import annotations

import os
import re
import sys
import tomllib
from collections.abc import Mapping, Sequence
from datetime import tzinfo
from pathlib import Path
from typing import Annotated, Any, Final, Literal, Self, get_args
from urllib.parse import urlsplit

from pydantic import (
    BaseModel,
    ByteSize,
    ConfigDict,
    Field,
    PrivateAttr,
    ValidationError,
    ValidationInfo,
    field_validator,
)

from cleaners import Favor
from pipelines.store.leases import LEASE, SHORTEST_LEASE
from thresher.config_errors import OR_LIST, ConfigError, error_lines, said, shown
from thresher.config_values import (
    CronExpression,
    DatabaseUrl,
    ExistingPlace,
    Network,
    OneOrMore,
    Patterns,
    Place,
    Reading,
    WebAddress,
    ZoneName,
    reading_of,
    zone_named,
)

Kind = Literal["auto", "wordpress", "sitemap", "feed", "links", "archive", "files"]
"""Where a site's pages come from; `auto` lets the crawl find out."""

KIND_KEYS: Final[Mapping[str, frozenset[str]]] = {
    **dict.fromkeys(
        get_args(Kind),
        frozenset(
            {"url", "max_pages", "max_bytes", "max_depth", "delay", "include", "exclude", "site_files"}
        ),
    ),
    "archive": frozenset({"url", "path", "max_pages", "delay", "include", "exclude"}),
    "files": frozenset({"path"}),
}
"""The keys that have a meaning for a site of each kind, besides those that every site has."""

_LONGEST_NAME: Final = 80  # characters; it becomes part of a folder's name
_NAME: Final = re.compile(rf"\w[\w.-]{{0,{_LONGEST_NAME - 1}}}")


class Section(BaseModel):
    """A table of the file. A field's description says what is allowed there, its first example shows it."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


_Pages = Annotated[int | None, Field(ge=1, description="a whole number from 1 on", examples=[500])]
_Size = Annotated[
    ByteSize | None,
    Field(ge=1, description="a number of bytes or a size with its unit", examples=["200 MB"]),
]
_Patterns = Annotated[Patterns, Field(description=f"a regular expression{OR_LIST}", examples=["/news/"])]


class Budget(Section):
    """`[budget]`: bounds of one run, all its sites together."""

    max_pages: _Pages = None
    max_bytes: _Size = None


class Workers(Section):
    """`[workers]`: how workers on many machines share the sites (docs/fleet.md)."""

    lost_after: float = Field(
        default=LEASE,
        ge=SHORTEST_LEASE,
        le=3_600,
        description="a number of seconds from 4 to 3600",
        examples=[120.0],
    )
    retries: int = Field(default=3, ge=0, le=100, description="a whole number from 0 to 100", examples=[3])


class Defaults(Section):
    """`[defaults]`: what holds for each site that does not say otherwise."""

    kind: Kind | None = Field(
        default=None, description=f"one of {', '.join(get_args(Kind))}", examples=["auto"]
    )
    schedule: CronExpression = Field(
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
    site_files: bool = Field(default=False, description="true or false", examples=[True])


class Site(Defaults):
    """`[[site]]`: one site, or one archive or folder."""

    url: Annotated[list[WebAddress], OneOrMore] = Field(
        default=[],
        validate_default=True,
        description=f"an http or https address{OR_LIST}",
        examples=["https://gazette.example/"],
    )
    path: Annotated[list[Place], OneOrMore] = Field(
        default=[],
        validate_default=True,
        description=f"a file or folder{OR_LIST}",
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
        kind = info.data.get("kind", "") or (reading_of(info).kind if "kind" in info.data else "")
        key = info.field_name or ""
        if kind and value != [] and key not in KIND_KEYS[kind]:
            raise said(f"has no meaning for a site of the kind {kind!r}")
        needed = {"archive": "path or url", "files": "path"}.get(kind, "url")
        has_url = info.data.get("url", key == "path")  # a wrong one counts; what is wrong is said of it
        if kind and value == [] and needed.startswith(key) and not has_url:
            example = cls.model_fields[key].examples or []
            raise said(f"is missing; such a site needs {needed}, as in {shown(example[0])}")
        return value

    @field_validator("name")
    @classmethod
    def _one_name(cls, value: str, info: ValidationInfo) -> str:
        urls, paths = info.data.get("url"), info.data.get("path")
        if not (value or urls or paths):
            return value  # that there is nothing to crawl is said of the keys that are missing
        name = value or _default_name(urls, paths)
        if not name:
            raise said('is missing, and none can be made of url or path; give one, such as "gazette"')
        if not _NAME.fullmatch(name):
            raise ValueError
        names = reading_of(info).names
        if name in names:
            raise said(f"{shown(name)} is the name of a site above already; give each site a name of its own")
        names.add(name)
        return name

    def completed(self, defaults: Defaults) -> Self:
        """The site with the defaults for what it does not say itself."""
        kind = self.kind or defaults.kind or "auto"
        taken = defaults.model_fields_set & (KIND_KEYS[kind] | {"schedule"}) - self.model_fields_set
        return self.model_copy(update={"kind": kind, **{name: getattr(defaults, name) for name in taken}})


class Config(Section):
    """`thresher.toml` as a whole. Paths in it are relative to its folder."""

    database: DatabaseUrl = Field(
        default="", description="an SQLAlchemy URL", examples=["sqlite:///corpus/thresher.db"]
    )
    output: Place = Field(default=Path("corpus"), description="a folder", examples=["corpus"])
    contact: str = Field(default="", description="an address or URL", examples=["you@example.net"])
    warc: Place | None = Field(default=None, description="a folder", examples=["corpus/warc"])
    favor: Favor = Field(
        default=Favor.BALANCED, strict=False, description=f"one of {', '.join(Favor)}", examples=["balanced"]
    )
    phrases: Annotated[list[ExistingPlace], OneOrMore] = Field(
        default=[], description=f"a file or folder of phrases{OR_LIST}", examples=["phrases.json"]
    )
    site_memory: bool = Field(default=True, description="true or false", examples=[True])
    deduplicate: bool = Field(default=True, description="true or false", examples=[True])
    concurrent_sites: int = Field(
        default=8, ge=1, le=100, description="a whole number from 1 to 100", examples=[8]
    )
    allowed_networks: Annotated[list[Network], OneOrMore] = Field(
        default=[], description=f"a network{OR_LIST}", examples=["10.0.0.0/8"]
    )
    timezone: ZoneName = Field(
        default="UTC", description="a time zone by its name", examples=["Europe/Berlin"]
    )
    budget: Budget = Field(default=Budget(), description="a section that begins with [budget]")
    workers: Workers = Field(default=Workers(), description="a section that begins with [workers]")
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
    return re.sub(r"[^\w.-]+", "-", first).lstrip(".-")[:_LONGEST_NAME]


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
    known = kind if isinstance(kind, str) and kind in KIND_KEYS else "auto"
    try:
        config = Config.model_validate(raw, context=Reading(folder, known))
    except ValidationError as error:
        raise ConfigError("\n".join(f"{name}: {line}" for line in error_lines(error, Config, raw))) from error
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
