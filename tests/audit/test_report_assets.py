from __future__ import annotations

import hashlib
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from audit.report.page import SCRIPTS, STYLES, VENDORED, script

REPORT = Path(__file__).resolve().parents[2] / "audit" / "report"
FORBIDDEN = re.compile(
    r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b|new Function|setAttribute\(\"style|\.html\(|"
    r"createContextualFragment|DOMParser|srcdoc|javascript:"
)


def test_libraries_of_others_are_what_their_table_says() -> None:
    table = (REPORT / "vendor" / "README.md").read_text(encoding="utf-8")
    named = dict(re.findall(r"\| `(\S+\.js)` \|.*`([0-9a-f]{64})`", table))
    found = {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in (REPORT / "vendor").glob("*.js")
    }
    assert found == named
    assert set(found) == set(VENDORED)
    assert all((REPORT / "vendor" / f"{name.partition('.')[0]}.LICENSE.txt").is_file() for name in VENDORED)


def test_every_script_and_style_is_used() -> None:
    assert {path.stem for path in (REPORT / "static").glob("*.js")} == set(SCRIPTS)
    assert {path.stem for path in (REPORT / "static").glob("*.css")} == set(STYLES)


@pytest.mark.parametrize("path", sorted((REPORT / "static").glob("*.js")), ids=lambda path: path.name)
def test_our_scripts_make_no_markup_of_text(path: Path) -> None:
    assert FORBIDDEN.findall(path.read_text(encoding="utf-8")) == []


def test_that_check_can_fail() -> None:
    assert FORBIDDEN.findall("place.innerHTML = title; eval(code)") == ["innerHTML", "eval"]


def test_templates_turn_escaping_off_nowhere_and_have_no_style_attributes() -> None:
    for path in (REPORT / "templates").glob("*.html"):
        assert re.findall(r"\|\s*safe|autoescape|\sstyle=|\son\w+=", path.read_text(encoding="utf-8")) == []


def test_our_scripts_leave_one_name_behind(tmp_path: Path) -> None:
    node = shutil.which("node")
    if node is None:
        pytest.skip("no node")
    file = tmp_path / "report.js"
    file.write_text(script(), encoding="utf-8")
    done = subprocess.run([node, "--check", str(file)], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert re.findall(
        r"^(?:const|let|var|function|class) (\w+)", script().partition("(() => {")[0], re.MULTILINE
    ) == ["Thresher"]
