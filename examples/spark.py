"""Cleans a Parquet dataset of pages with Spark: `python examples/spark.py PAGES ARTICLES [--workers N]`.

PAGES has a column `body` (binary or string), and `url`, `content_type`, `fetched_at` where they are known.
Each row of ARTICLES is an article or the reason why there is none. PYSPARK_PYTHON names the Python that has
Thresher.
"""

from __future__ import annotations

import argparse

from pyspark.sql import SparkSession

from thresher.engines.arrow import CleanBatches


def main() -> None:
    """Clean, write, and count."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pages")
    parser.add_argument("articles")
    parser.add_argument("--workers", type=int, default=2, help="processors of this machine that clean")
    parser.add_argument("--body", default="body", help="the column of the pages")
    chosen = parser.parse_args()
    spark = (
        SparkSession.builder.master(f"local[{chosen.workers}]")
        .config("spark.sql.session.timeZone", "UTC")
        .config("spark.sql.parquet.outputTimestampType", "TIMESTAMP_MICROS")
        .config("spark.sql.execution.arrow.maxRecordsPerBatch", 64)
        .getOrCreate()
    )
    pages = spark.read.parquet(chosen.pages)
    clean = CleanBatches(body=chosen.body)
    articles = pages.mapInArrow(clean.stream, clean.spark_schema(pages.schema))
    articles.write.mode("overwrite").parquet(chosen.articles)
    for row in spark.read.parquet(chosen.articles).groupBy("reject_reason").count().collect():
        print(row["reject_reason"] or "articles", row["count"])
    spark.stop()


if __name__ == "__main__":
    main()
