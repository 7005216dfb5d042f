"""The values of a configuration: what they may be, and what they become.

A `ValueError` says what is wrong with a value; the description of its field says what is right.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, tzinfo
from pathlib import Path
from typing import Annotated, Any, Final
from zoneinfo import ZoneInfo

from pydantic import (
    AfterValidator,
    BeforeValidator,
    ByteSize,
    Field,
    TypeAdapter,
    ValidationError,
    ValidationInfo,
)
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from pipelines.store.engine import WrongDatabaseError, open_engine
from spiders.params import UrlParam
from thresher.config_errors import SHOWN
from thresher.cron import cron_trigger

_GLOBAL_FLAGS: Final = re.compile(r"\(\?([imsx]+)\)(.*)", re.DOTALL)
_BACK_REFERENCE: Final = re.compile(r"\\[1-9]|\(\?\(")


@dataclass(frozen=True, slots=True)
class Reading:
    """What is known of a file while its values are read: its folder, the kind that its sites are unless they
    say otherwise, and the names of the sites so far."""

    folder: Path
    kind: str
    names: set[str] = field(default_factory=set)


def reading_of(info: ValidationInfo) -> Reading:
    """The context that a model is made in."""
    assert isinstance(info.context, Reading), "a configuration is made by load_config"
    return info.context


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
        raise ValueError(f"{error.msg} in {str(error.pattern)[:SHOWN]!r}") from error


def _scoped(pattern: str) -> str:
    # Flags for a whole expression may stand at its very beginning only.
    flags = _GLOBAL_FLAGS.fullmatch(pattern)
    return f"(?{flags[1]}:{flags[2]})" if flags else f"(?:{pattern})"


def zone_named(name: str) -> tzinfo:
    """A time zone by its name in the IANA database; UTC needs none."""
    return UTC if name == "UTC" else ZoneInfo(name)


def _as_list(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


def _pattern(value: str) -> str:
    return any_of([value])


def _patterns(values: list[str]) -> list[str]:
    any_of(values)
    return values


def _web_address(value: str) -> str:
    try:
        (address,) = UrlParam(url=[value]).url
    except ValidationError:
        raise ValueError from None
    return address


def _cron_expression(value: str) -> str:
    if value:
        cron_trigger(value, UTC)
    return value


def _zone_name(value: str) -> str:
    try:
        zone_named(value)
    except (OSError, ValueError, KeyError):  # ZoneInfo raises each of them for some names
        raise ValueError from None
    return value


def _network(value: str) -> str:
    return str(ipaddress.ip_network(value))


def _place(value: Any, info: ValidationInfo) -> Any:
    if not isinstance(value, str) or not value:
        raise ValueError
    try:
        return reading_of(info).folder / Path(value).expanduser()
    except RuntimeError as error:
        raise ValueError(f"{value} has no home folder") from error


def _existing(path: Path) -> Path:
    if not path.exists():
        raise ValueError(f"there is no {path}")
    return path


def _database(value: str, info: ValidationInfo) -> str:
    try:
        url = make_url(value)
    except (ArgumentError, ValueError):
        raise ValueError from None
    if url.drivername.partition("+")[0] != "sqlite":
        try:
            open_engine(value).dispose()
        except WrongDatabaseError as error:
            raise ValueError(str(error)) from None
    else:
        if not url.database or url.database == ":memory:":
            raise ValueError("a database in memory would be lost with each run")
        url = url.set(database=str(reading_of(info).folder / url.database))
    return url.render_as_string(hide_password=False)


OneOrMore: Final = BeforeValidator(_as_list)
"""Lets a list be given as its only entry."""

Patterns = Annotated[list[Annotated[str, AfterValidator(_pattern)]], OneOrMore, AfterValidator(_patterns)]
"""Regular expressions that can be joined to one."""

WebAddress = Annotated[str, AfterValidator(_web_address)]
CronExpression = Annotated[str, AfterValidator(_cron_expression)]
ZoneName = Annotated[str, AfterValidator(_zone_name)]
Network = Annotated[str, AfterValidator(_network)]

Place = Annotated[Path, BeforeValidator(_place)]
"""A file or folder, there or not; relative ones are relative to the folder of the file."""

ExistingPlace = Annotated[Place, AfterValidator(_existing)]

DatabaseUrl = Annotated[str, AfterValidator(_database)]
"""SQLAlchemy's address of a database that outlives the run, and whose driver is installed."""
