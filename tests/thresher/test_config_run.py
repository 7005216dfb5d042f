"""What a configuration's sites become as jobs; `test_crawl_config.py` crawls them."""

from __future__ import annotations

from pathlib import Path

from thresher.config import load_config
from thresher.config_run import _job_of

SITE = """
[[site]]
name = "gazette"
url = ["https://gazette.example/x,https://y", "https://gazette.example/a b"]
max_bytes = "2 MB"
max_depth = 0
delay = 2
site_files = true
include = ["/news/", "(?i)/sport/"]
[[site]]
kind = "files"
path = "saved pages"
"""


def test_the_jobs_of_sites(tmp_path: Path) -> None:
    (tmp_path / "thresher.toml").write_text(SITE, encoding="utf-8")
    gazette, saved = map(_job_of, load_config(tmp_path / "thresher.toml").site)
    assert (gazette.spider, gazette.name) == ("site", "gazette")
    assert gazette.arguments == {
        "url": ["https://gazette.example/x,https://y", "https://gazette.example/a b"],  # two addresses still
        "max_bytes": "2000000",
        "max_depth": "0",
        "include": "(?:/news/)|(?i:/sport/)",
        "site_files": "true",
    }
    assert gazette.settings == {"DOWNLOAD_DELAY": 2.0, "AUTOTHROTTLE_START_DELAY": 2.0}
    assert (saved.spider, saved.name, saved.settings) == ("files", "saved-pages", {})
    assert saved.arguments == {"path": [f"{tmp_path}/saved pages"]}
