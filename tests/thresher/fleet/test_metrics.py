from __future__ import annotations

import re
import socket
import threading
import urllib.error
import urllib.request
from collections.abc import Mapping
from pathlib import Path

import pytest
from prometheus_client import REGISTRY, generate_latest
from prometheus_client.parser import text_string_to_metric_families

from pipelines.store.crawl_schema import SiteRun
from thresher import __version__
from thresher.fleet.metrics import FIGURES, OUTCOMES, WorkerMetrics

DOCS = Path(__file__).parents[3] / "docs" / "metrics.md"
ALERTS = Path(__file__).parents[3] / "deploy" / "prometheus" / "alerts.yaml"

Samples = dict[tuple[str, tuple[tuple[str, str], ...]], float]


def samples_of(text: str) -> Samples:
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def told(metrics: WorkerMetrics) -> Samples:
    return samples_of(generate_latest(metrics.registry).decode())


def at(samples: Mapping[tuple[str, tuple[tuple[str, str], ...]], float], name: str, **labels: str) -> float:
    return samples[name, tuple(sorted(labels.items()))]


def test_everything_is_there_from_the_start_with_0() -> None:
    samples = told(WorkerMetrics())
    ours = {
        key: value
        for key, value in samples.items()
        if key[0].startswith("thresher_") and not key[0].endswith(("_created", "_info"))
    }
    assert set(ours.values()) == {0.0}
    assert [labels for name, labels in ours if name == "thresher_crawls_total"] == [
        (("outcome", outcome),) for outcome in OUTCOMES
    ]
    assert at(samples, "thresher_build_info", version=__version__) == 1
    assert at(samples, "process_start_time_seconds") > 0
    assert at(samples, "process_resident_memory_bytes") > 0


def test_a_crawl_is_running_until_it_has_ended() -> None:
    metrics = WorkerMetrics()
    metrics.began()
    metrics.began()
    metrics.ended("done", 3.5)
    samples = told(metrics)
    assert at(samples, "thresher_crawls_running") == 1
    assert at(samples, "thresher_crawls_total", outcome="done") == 1
    assert at(samples, "thresher_crawls_total", outcome="failed") == 0
    assert at(samples, "thresher_crawl_duration_seconds_sum") == 3.5
    assert at(samples, "thresher_crawl_duration_seconds_bucket", le="2.0") == 0
    assert at(samples, "thresher_crawl_duration_seconds_bucket", le="5.0") == 1


def test_the_longest_crawl_has_a_bucket() -> None:
    metrics = WorkerMetrics()
    metrics.ended("broke-off", 200_000)
    samples = told(metrics)
    assert at(samples, "thresher_crawl_duration_seconds_bucket", le="43200.0") == 0
    assert at(samples, "thresher_crawl_duration_seconds_bucket", le="+Inf") == 1


def test_an_outcome_that_is_none_is_refused_and_counts_nothing() -> None:
    metrics = WorkerMetrics()
    before = told(metrics)
    with pytest.raises(ValueError, match=r"^a crawl ends as one of done, failed, .*, not 'finished'$"):
        metrics.ended("finished", 1)
    after = told(metrics)
    ours = [key for key in after if key[0].startswith("thresher_")]
    assert [after[key] for key in ours] == [before[key] for key in ours]


def test_what_crawls_brought_is_added_up() -> None:
    metrics = WorkerMetrics()
    metrics.count({"articles": 5, "received_bytes": 5_000_000_000})
    metrics.count(dict.fromkeys(FIGURES, 2))
    samples = told(metrics)
    assert at(samples, "thresher_articles_written_total") == 7
    assert at(samples, "thresher_received_bytes_total") == 5_000_000_002
    assert at(samples, "thresher_urls_unchanged_total") == 2
    assert at(samples, "thresher_rejects_total") == 2


def test_figures_are_columns_of_site_runs() -> None:
    assert set(SiteRun.__table__.columns.keys()) >= FIGURES.keys()


@pytest.mark.parametrize("figures", [{"articles": 1, "urls": 3}, {"articles": -1}])
def test_figures_that_cannot_be_are_refused(figures: dict[str, int]) -> None:
    metrics = WorkerMetrics()
    with pytest.raises(ValueError, match=r"not urls$|non-negative"):
        metrics.count(figures)
    assert at(told(metrics), "thresher_articles_written_total") == 0


def test_a_status_without_jobs_goes_back_to_0() -> None:
    metrics = WorkerMetrics()
    metrics.queue({"todo": 40, "doing": 8, "succeeded": 12})
    metrics.queue({"doing": 3})
    samples = told(metrics)
    assert at(samples, "thresher_queue_jobs", status="todo") == 0
    assert at(samples, "thresher_queue_jobs", status="doing") == 3
    assert at(samples, "thresher_queue_jobs", status="succeeded") == 0


def test_reasons_are_counted_and_bounded_in_number() -> None:
    metrics = WorkerMetrics()
    for number in range(30):
        metrics.retried(f"reason-{number}")
    metrics.retried("reason-3")
    samples = told(metrics)
    assert at(samples, "thresher_retries_total", reason="reason-3") == 2
    assert at(samples, "thresher_retries_total", reason="other") == 10
    assert sum(name == "thresher_retries_total" for name, _ in samples) == 21


def test_the_database_and_jobs_taken_over() -> None:
    metrics = WorkerMetrics()
    metrics.connected(True)
    metrics.rescued(3)
    assert at(told(metrics), "thresher_database_up") == 1
    assert at(told(metrics), "thresher_jobs_rescued_total") == 3
    metrics.connected(False)
    assert at(told(metrics), "thresher_database_up") == 0


def test_two_workers_in_a_process_have_figures_of_their_own() -> None:
    one, other = WorkerMetrics(), WorkerMetrics()
    one.rescued(1)
    assert at(told(other), "thresher_jobs_rescued_total") == 0
    assert not any(family.name.startswith("thresher") for family in REGISTRY.collect())


def test_they_are_served_and_the_port_is_free_afterwards() -> None:
    metrics = WorkerMetrics()
    threads = threading.active_count()
    with metrics.serving("127.0.0.1", 0) as port:
        metrics.rescued(2)
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=10) as answer:
            assert answer.headers["Content-Type"].startswith("text/plain; version=")
            samples = samples_of(answer.read().decode())
    assert at(samples, "thresher_jobs_rescued_total") == 2
    assert threading.active_count() == threads
    with pytest.raises(urllib.error.URLError, match="refused"):
        urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=10)
    with metrics.serving("127.0.0.1", port) as again:
        assert again == port


def test_a_port_in_use_is_said() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        said = (
            rf"^the metrics cannot be served at 127\.0\.0\.1:{port} \(Address already in use\); give another"
        )
        with pytest.raises(OSError, match=said), WorkerMetrics().serving("127.0.0.1", port):
            pass


def test_a_number_that_is_no_port_is_said() -> None:
    said = r"^the metrics need a port from 0 to 65535, not 90000$"
    with pytest.raises(ValueError, match=said), WorkerMetrics().serving("127.0.0.1", 90_000):
        pass


def families_of_ours() -> set[str]:
    return {
        family.name + ("_total" if family.type == "counter" else "_info" if family.type == "info" else "")
        for family in WorkerMetrics().registry.collect()
        if family.name.startswith("thresher_")
    }


def test_the_page_of_metrics_names_each_and_no_other() -> None:
    named = re.findall(r"^\| `(thresher_\w+)", DOCS.read_text(encoding="utf-8"), re.MULTILINE)
    assert sorted(named) == sorted(families_of_ours())


def test_alerts_ask_for_metrics_that_exist() -> None:
    asked = set(re.findall(r"\bthresher_\w+", ALERTS.read_text(encoding="utf-8")))
    assert asked
    known = families_of_ours()
    assert asked <= known | {f"{name}_{part}" for name in known for part in ("bucket", "sum", "count")}
