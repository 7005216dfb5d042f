"""A real headless browser for tests: Debian's Chromium, driven by Playwright, and what a page did in it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib import resources
from pathlib import Path
from typing import Any, Literal

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Dialog, Page, Request, sync_playwright

SERIOUS = frozenset({"serious", "critical"})
PHONE = {"width": 390, "height": 844}
SCREEN = {"width": 1280, "height": 900}
_FLAGS = ["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-sync"]


def chromium() -> str:
    """The browser's program. Skips the test where there is none, and fails it in CI."""
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if found := shutil.which(name):
            return found
    message = "no Chromium: apt-get install chromium"
    if os.environ.get("CI"):
        pytest.fail(message)
    pytest.skip(message)


@dataclass
class Opened:
    """A page in the browser, the addresses that it asked for, and the errors that it reported.

    `requests` leaves out the page's own. `problems` are errors and warnings of the console (violations of the
    content security policy are among them), uncaught exceptions, dialogs and windows that it opened.
    """

    page: Page
    requests: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    def serious(self) -> list[str]:
        """What axe-core finds wrong with the page for people with disabilities: rule, elements."""
        source = resources.files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")
        self.page.evaluate(source)
        found: dict[str, Any] = self.page.evaluate("axe.run(document, {resultTypes: ['violations']})")
        return [
            f"{one['id']}: {[node['target'] for node in one['nodes']][:5]}"
            for one in found["violations"]
            if one["impact"] in SERIOUS
        ]


@contextmanager
def running_browser() -> Iterator[Browser]:
    """A browser for the time of the context."""
    program = chromium()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=_FLAGS)
        yield browser
        browser.close()


@contextmanager
def opened(
    browser: Browser,
    address: str | Path,
    *,
    width: int = SCREEN["width"],
    height: int = SCREEN["height"],
    scheme: Literal["light", "dark"] = "light",
) -> Iterator[Opened]:
    """A page opened in a profile of its own: from a file or an address."""
    url = address.absolute().as_uri() if isinstance(address, Path) else address
    context = browser.new_context(
        viewport={"width": width, "height": height}, color_scheme=scheme, reduced_motion="reduce"
    )
    page = context.new_page()
    found = Opened(page)

    def on_dialog(dialog: Dialog) -> None:
        found.problems.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def on_request(request: Request) -> None:
        if request.url != url:
            found.requests.append(request.url)

    def on_console(message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            found.problems.append(message.text)

    def on_window(window: Page) -> None:
        found.problems.append(f"window: {window.url}")

    page.on("request", on_request)
    page.on("console", on_console)
    page.on("pageerror", lambda error: found.problems.append(str(error)))
    page.on("dialog", on_dialog)
    context.on("page", on_window)
    try:
        page.goto(url)
        yield found
    finally:
        context.close()
