"""Cleans a Parquet dataset of pages with Ray Data: `python examples/ray_data.py PAGES ARTICLES [--actors N]`.

PAGES has a column `body` (binary or string), and `url`, `content_type`, `fetched_at` where they are known.
The rows of ARTICLES are in the order of PAGES, each an article or the reason why there is none.
"""

from __future__ import annotations

import argparse

import ray

from thresher.engines.arrow import CleanBatches


def main() -> None:
    """Clean, write, and count."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pages")
    parser.add_argument("articles")
    parser.add_argument("--actors", type=int, default=2, help="at most so many processors clean")
    parser.add_argument("--body", default="body", help="the column of the pages")
    chosen = parser.parse_args()
    ray.init(include_dashboard=False)
    ray.data.DataContext.get_current().execution_options.preserve_order = True
    cleaned = ray.data.read_parquet(chosen.pages).map_batches(
        CleanBatches,
        fn_constructor_kwargs={"body": chosen.body},
        batch_format="pyarrow",
        batch_size=64,
        compute=ray.data.ActorPoolStrategy(min_size=1, max_size=chosen.actors),  # others read and write
    )
    cleaned.write_parquet(chosen.articles)
    written = ray.data.read_parquet(chosen.articles, columns=["reject_reason"])
    reasons = written.groupby("reject_reason").count().take_all()
    for row in reasons:
        print(row["reject_reason"] or "articles", row["count()"])


if __name__ == "__main__":
    main()
