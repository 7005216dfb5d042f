"""The words that a form control shows though they are no text of the page: placeholders and button labels."""

from __future__ import annotations

from typing import Final

from lxml import etree

MAX_LABEL_CHARS: Final = 500
"""Characters of one label that are read; real ones fit into the control."""

_BUTTONS: Final = frozenset({"submit", "button", "reset"})


def control_label(element: etree._Element) -> str:
    """What an `input` or `textarea` shows before anyone types: empty where it shows nothing."""
    shows_value = (element.get("type") or "").lower() in _BUTTONS
    return " ".join((element.get("value" if shows_value else "placeholder") or "").split())[:MAX_LABEL_CHARS]
