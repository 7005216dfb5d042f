"""The house's own rules: who may import whom, where our packages come from, what `import thresher` loads."""

from __future__ import annotations

import ast
import importlib
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
ALLOWED = {
    "cleaners": set(),
    "pipelines": {"cleaners"},
    "spiders": {"cleaners"},
    "audit": {"cleaners", "pipelines"},
    "thresher": {"audit", "cleaners", "pipelines", "spiders"},
}
OURS = {*ALLOWED, "benchmarks", "tests", "training"}
PACKAGES = sorted(name for name in ALLOWED if (ROOT / name).is_dir())


def modules_imported(path: Path) -> set[str]:
    """The top-level packages that a file imports anywhere, in functions too."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            found.add(node.module.partition(".")[0])
    return found


@pytest.mark.parametrize("package", PACKAGES)
def test_a_package_imports_only_those_below_it(package: str) -> None:
    wrong = {
        f"{path.relative_to(ROOT)} imports {name}"
        for path in (ROOT / package).rglob("*.py")
        for name in modules_imported(path) & OURS - {package} - ALLOWED[package]
    }
    assert wrong == set()


@pytest.mark.parametrize(
    "name", ["scrapy", "twisted", "requests", "urllib", "socket", "sqlalchemy", "pathlib"]
)
def test_the_cleaners_know_no_network_no_crawler_and_no_disk(name: str) -> None:
    allowed = {"urllib": {"urls.py"}, "pathlib": {"assemble.py"}}.get(name, set())  # names of phrase files
    users = {path.name for path in (ROOT / "cleaners").rglob("*.py") if name in modules_imported(path)}
    assert users <= allowed


@pytest.mark.parametrize("package", PACKAGES)
def test_a_package_comes_from_this_project(package: str) -> None:
    origin = importlib.import_module(package).__file__
    assert origin is not None
    assert Path(origin).resolve().is_relative_to(ROOT)


def test_a_stranger_of_the_same_name_is_never_imported(tmp_path: Path) -> None:
    """Scrapy appends the project to the path, so an installed `pipelines` could win."""
    for package in PACKAGES:
        (tmp_path / package).mkdir()
        (tmp_path / package / "__init__.py").write_text(
            "raise RuntimeError('a stranger')\n", encoding="utf-8"
        )
    code = "import sys; sys.path.append(sys.argv[1]); import " + ", ".join(PACKAGES)
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_library_users_do_not_load_scrapy() -> None:
    code = (
        "import sys, thresher; thresher.clean('x'); "
        "print([name for name in ('scrapy', 'twisted', 'sqlalchemy') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_phrases_are_loaded_when_first_used() -> None:
    code = "import cleaners; from cleaners.lexicon import _build; print(_build.cache_info().currsize)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "0"
