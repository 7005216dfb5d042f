from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.data import FOLDS, benchmark_truths, count_truths, fold_of, typed_checksum
from tests.benchmarks.folders import BLOCKS, TRUTH, write_page, write_typed


def test_pages_of_one_site_are_in_one_fold() -> None:
    assert fold_of("https://www.moorherald.example/a", "0001") == fold_of("moorherald.example", "0002")


def test_a_page_without_an_address_goes_by_its_name() -> None:
    assert fold_of(None, "0001") == fold_of("", "0001") == fold_of("not an address", "0001")


def test_folds_never_change() -> None:
    """Committed figures were measured on these folds."""
    assert [fold_of(f"https://site{n}.example/", "x") for n in range(8)] == [4, 0, 4, 3, 2, 2, 4, 0]
    assert [fold_of(None, f"page{n}") for n in range(8)] == [2, 0, 0, 2, 2, 3, 2, 3]


def test_folds_are_of_like_size() -> None:
    sizes = [0] * FOLDS
    for number in range(1_000):
        sizes[fold_of(f"https://site{number}.example/", "x")] += 1
    assert min(sizes) > 150


def test_a_folder_is_read_in_order_of_its_names(tmp_path: Path) -> None:
    write_page(tmp_path, "0002", kind="forum")
    write_page(tmp_path, "0001", url="https://moorherald.example/pool")
    first, second = benchmark_truths(tmp_path)
    assert (first.name, first.url, first.kind, first.truth) == (
        "0001",
        "https://moorherald.example/pool",
        "article",
        TRUTH,
    )
    assert (second.name, second.url, second.kind) == ("0002", None, "forum")
    assert first.with_snippets == (TRUTH[:20],)
    assert first.without_snippets == ("Sport",)
    assert b"Moor Herald" in first.html


def test_a_page_without_a_record_is_left_out_and_the_limit_counts_the_others(tmp_path: Path) -> None:
    write_page(tmp_path, "0001", truth=None)
    write_page(tmp_path, "0002")
    write_page(tmp_path, "0003")
    assert [page.name for page in benchmark_truths(tmp_path, limit=1)] == ["0002"]


def test_a_limit_spreads_over_the_folder(tmp_path: Path) -> None:
    for number in range(10):
        write_page(tmp_path, f"{number:04}")
    assert [page.name for page in benchmark_truths(tmp_path, limit=4)] == ["0000", "0002", "0005", "0007"]
    assert count_truths(tmp_path, limit=4) == 4
    assert count_truths(tmp_path, limit=40) == count_truths(tmp_path) == 10


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="nowhere"):
        list(benchmark_truths(tmp_path / "nowhere"))


def test_the_checksum_of_annotated_pages_holds_all_that_is_read_of_them(shared_data: Path) -> None:
    seen = set()
    for kind, url, html, blocks in (
        ("article", "https://moorherald.example/", "<p>x", BLOCKS),
        ("forum", "https://moorherald.example/", "<p>x", BLOCKS),
        ("article", "https://gazette.example/", "<p>x", BLOCKS),
        ("article", "https://moorherald.example/", "<p>y", BLOCKS),
        ("article", "https://moorherald.example/", "<p>x", BLOCKS[:-1]),
    ):
        write_typed(shared_data, "1", html=html, blocks=blocks, kind=kind, url=url)
        seen.add(typed_checksum())
    assert len(seen) == 5
