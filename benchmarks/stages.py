"""Where a page's time goes: the functions of the pipeline, timed from outside while `clean` runs.

A stage is a name and the functions whose time it is, each as "module:function". The time of a function
that another timed one calls is its own stage's; what no stage holds is "assemble".
"""

from __future__ import annotations

import functools
import importlib
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final

STAGES: Final[Sequence[tuple[str, str]]] = (
    ("parse", "cleaners.assemble:decode"),
    ("parse", "cleaners.assemble:sniff"),
    ("parse", "cleaners.assemble:parse_html"),
    ("segment", "cleaners.assemble:segment"),
    ("metadata", "cleaners.assemble:extract_metadata"),
    ("language", "cleaners.assemble:detect_language"),
    ("features", "cleaners.model.classifier:extract"),
    ("predict", "cleaners.rules:RuleClassifier.classify"),
    ("predict", "cleaners.model.classifier:TrainedClassifier.classify"),
)
"""The stages, each function as the module that calls it knows it; those not there are passed over."""

REST: Final = "assemble"
"""The stage of all that is in no other: Markdown, claimed source, bylines, the blocks themselves."""


@dataclass(slots=True)
class Clock:
    """CPU time by stage; while one timed function calls another, the outer one's clock stands."""

    seconds: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    _inner: list[float] = field(default_factory=list)

    def timed(self, stage: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """`function`, its own time counted for a stage."""

        @functools.wraps(function)
        def run(*arguments: Any, **options: Any) -> Any:
            self._inner.append(0.0)
            start = time.process_time()
            try:
                return function(*arguments, **options)
            finally:
                whole = time.process_time() - start
                self.seconds[stage] += whole - self._inner.pop()
                if self._inner:
                    self._inner[-1] += whole

        return run


def stage_names() -> list[str]:
    """The names of the stages, in order."""
    return [*dict.fromkeys(name for name, _ in STAGES), REST]


@contextmanager
def watched(clean: Callable[..., Any]) -> Iterator[tuple[Callable[..., Any], Clock]]:
    """`clean` with its stages timed, and the clock; the functions are as before at the end."""
    clock = Clock()
    before: list[tuple[Any, str, Any]] = []
    try:
        for stage, place in STAGES:
            owner, name = _find(place)
            if owner is not None:
                before.append((owner, name, getattr(owner, name)))
                setattr(owner, name, clock.timed(stage, getattr(owner, name)))
        yield clock.timed(REST, clean), clock
    finally:
        for owner, name, function in reversed(before):
            setattr(owner, name, function)


def _find(place: str) -> tuple[Any, str]:
    """The module or class that holds a function, and its name; `None` where there is none."""
    module, _, path = place.partition(":")
    *owners, name = path.split(".")
    try:
        owner: Any = importlib.import_module(module)
        for step in owners:
            owner = getattr(owner, step)
        getattr(owner, name)
    except (ImportError, AttributeError):
        return None, name
    return owner, name
