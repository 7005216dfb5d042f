"""What is wrong with a configuration: where it stands, what is there, and what is allowed there instead.

All of it is told from the models: a field's description says what is allowed, its first example shows it.
"""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Mapping, Sequence
from typing import Any, Final, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails, PydanticCustomError

OR_LIST: Final = " or a list of such"
"""Ends the description of a field that takes one value or several; left out where one of several is wrong."""

SHOWN: Final = 80
"""Characters of a wrong value that an error repeats."""

_SAID: Final = "said"  # the kind of an error whose message says everything
_SECRET: Final = re.compile(r"(//[^/@]*:)[^/@]*@")  # the password in a URL
_SECRET_PARAMETER: Final = re.compile(r"(?i)([?&]\w*password=)[^&\s\"']*")


class ConfigError(ValueError):
    """A configuration that cannot be used; the message has a line for each thing that is wrong."""


def said(message: str) -> PydanticCustomError:
    """An error for a validator to raise; the message is what follows the key."""
    return PydanticCustomError(_SAID, "{message}", {"message": message})


def shown(value: Any) -> str:
    """A value as TOML would have it, without a password, and not at any length."""
    text = without_secret(json.dumps(value, ensure_ascii=False, default=str))
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"


def without_secret(text: str) -> str:
    """`text` with the passwords of URLs in it starred out."""
    return _SECRET_PARAMETER.sub(r"\1***", _SECRET.sub(r"\1***@", text))


def error_lines(error: ValidationError, root: type[BaseModel], raw: Mapping[str, Any]) -> list[str]:
    """A line for each thing that is wrong with a file; `raw` is what it holds, `root` the model of it."""
    return [_line(entry, root, raw) for entry in error.errors(include_url=False)]


def _line(entry: ErrorDetails, root: type[BaseModel], raw: Mapping[str, Any]) -> str:
    loc, kind = entry["loc"], entry["type"]
    section, field = _place(loc, root)
    key = _key(loc, raw)
    if kind == "extra_forbidden":
        return f"{key}: {_unknown(str(loc[-1]), section, root)}"
    if kind == _SAID:
        return f"{key}: {entry['msg']}"
    allowed = (field.description or "") if field else "a section"
    if isinstance(loc[-1], int):  # one of a list
        allowed = allowed.removesuffix(OR_LIST)
    if field and field.examples:
        allowed += f", such as {shown(field.examples[0])}"
    if kind in {"missing", "too_short"}:
        return f"{key}: is missing; it is {allowed}"
    reason = str(entry["ctx"]["error"]) if kind == "value_error" else ""
    return f"{key}: {shown(entry['input'])} is not {allowed}" + (f" ({reason})" if reason else "")


def _place(loc: Sequence[int | str], root: type[BaseModel]) -> tuple[type[BaseModel], FieldInfo | None]:
    """The section that an error lies in, and its key there."""
    sections = _sections(root)
    section, field = root, None
    for part in loc:
        if isinstance(part, str):
            field = section.model_fields.get(part)
            section = sections.get(part, section)
    return section, field


def _sections(root: type[BaseModel]) -> dict[str, type[BaseModel]]:
    """The models of the sections, by their keys in the whole."""
    kinds = {
        name: next(iter(get_args(field.annotation)), field.annotation)
        for name, field in root.model_fields.items()
    }
    return {
        name: kind for name, kind in kinds.items() if isinstance(kind, type) and issubclass(kind, BaseModel)
    }


def _key(loc: Sequence[int | str], raw: Mapping[str, Any]) -> str:
    """Where something stands, as a person counts: `site[2].schedule (gazette)`."""
    key = "".join(f"[{part + 1}]" if isinstance(part, int) else f".{part}" for part in loc).lstrip(".")
    if len(loc) > 1 and loc[0] == "site" and isinstance(loc[1], int):
        site = raw["site"][loc[1]]
        name = (site.get("name") or site.get("url") or site.get("path")) if isinstance(site, dict) else None
        key += f" ({without_secret(str(name))[:SHOWN]})" if name else ""
    return key


def _unknown(key: str, section: type[BaseModel], root: type[BaseModel]) -> str:
    """What to do about a key that a section has not."""
    near = difflib.get_close_matches(key, section.model_fields, n=1)
    if near:
        return f'is no key; did you mean "{near[0]}"?'
    places = [
        f"[[{name}]]" if get_origin(root.model_fields[name].annotation) is list else f"[{name}]"
        for name, other in _sections(root).items()
        if key in other.model_fields
    ]
    if places:
        return f"does not belong here but under {' or '.join(places)}"
    if key in root.model_fields:
        return "does not belong here but at the top of the file, before the first section"
    return f"is no key; there are {', '.join(section.model_fields)}"
