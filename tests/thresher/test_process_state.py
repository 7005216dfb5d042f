"""What a crawl changes of its process is put back."""

from __future__ import annotations

import gc
import logging

from thresher.process_state import cycles_sought_less_often, messages_from


def test_what_a_crawl_changes_of_its_process_is_put_back() -> None:
    before = gc.get_threshold(), logging.root.manager.disable
    log = logging.getLogger("scrapy.core.engine")
    log.setLevel(logging.DEBUG)  # as Scrapy does
    with cycles_sought_less_often(), messages_from("INFO"):
        assert gc.get_threshold()[0] > before[0][0]
        assert (log.isEnabledFor(logging.DEBUG), log.isEnabledFor(logging.INFO)) == (False, True)
    assert (gc.get_threshold(), logging.root.manager.disable) == before
    assert log.isEnabledFor(logging.DEBUG)
