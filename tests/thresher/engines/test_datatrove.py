"""The datatrove reader and step: the same articles as `thresher clean`, with datatrove's own steps around."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

pytest.importorskip("datatrove")

from datatrove.data import Document, Media, MediaType
from datatrove.io import get_datafolder
from datatrove.pipeline.filters import LambdaFilter
from datatrove.pipeline.readers import JsonlReader, WarcReader
from datatrove.pipeline.writers import JsonlWriter
from datatrove.utils.stats import PipelineStats
from multiprocess.reduction import ForkingPickler

from cleaners import BlockType, clean
from cleaners.article import count_words
from pipelines.records import record_of
from pipelines.reuse.shingles import digest_of, words_of
from tests.mockserver import PARAGRAPHS, article_html, wp_post
from tests.spiders.archives import gzipped, info, response
from tests.thresher.engines.datatrove_folder import record, reject, written
from thresher.engines.datatrove import ArticleParquetWriter, ThresherCleaner, ThresherReader, ThresherWords
from thresher.engines.datatrove.step import KEPT

STORY = article_html("A story", *PARAGRAPHS)
URL = "https://press.example/story"


def cleaned(*documents: Document, **options: Any) -> list[Document]:
    return list(ThresherCleaner(**options).run(iter(documents)))


def of_text(text: str, **metadata: Any) -> Document:
    return Document(text=text, id="1", metadata={"url": URL, **metadata})


def test_the_articles_and_the_rejects_are_those_of_the_command(
    folder: Path, expected: tuple[list[dict[str, Any]], list[dict[str, Any]]], tmp_path: Path
) -> None:
    articles, rejects = expected
    assert (len(articles), len(rejects)) == (14, 5)
    step = ThresherCleaner(exclusion_writer=JsonlWriter(str(tmp_path / "rejects")))
    documents = list(JsonlWriter(str(tmp_path / "out")).run(step.run(ThresherReader(str(folder)).run())))
    assert [record(document) for document in written(tmp_path / "out")] == articles
    assert [reject(document) for document in written(tmp_path / "rejects")] == rejects
    assert len({document.id for document in documents}) == len(documents)
    assert (documents[0].id, documents[-1].id) == ("a.warc.gz/0", "sub/g.txt/0")
    assert all(document.media == [] for document in documents)


def test_files_are_divided_over_tasks(folder: Path) -> None:
    reader = ThresherReader(str(folder))
    whole = [document.id for document in reader.run()]
    parts = [[document.id for document in reader.run(rank=rank, world_size=3)] for rank in range(3)]
    assert sorted(name for part in parts for name in part) == sorted(whole)
    assert {name.rpartition("/")[0] for name in parts[0]} == {"c.warc.zst", "sub/f.jsonl.zst"}


def test_limit_skip_glob_and_paths_file(folder: Path, tmp_path: Path) -> None:
    ids = [document.id for document in ThresherReader(str(folder), limit=2, skip=1).run()]
    assert ids == ["a.warc.gz/1", "a.warc.gz/2"]
    ids = [document.id for document in ThresherReader(str(folder), glob_pattern="*.json").run()]
    assert ids == ["e.json/0", "e.json/1"]
    paths = tmp_path / "paths.txt"
    paths.write_text("d.html\n.hidden.html\n", encoding="utf-8")
    ids = [document.id for document in ThresherReader(str(folder), str(paths)).run()]
    assert ids == ["d.html/0", ".hidden.html/0"]
    with pytest.raises(TypeError, match="text_key"):
        ThresherReader(str(folder), text_key="html")


def test_files_of_a_remote_folder_are_copied_and_named_by_their_address(folder: Path) -> None:
    remote = get_datafolder("memory://pages-of-the-press")
    for name in ("a.warc.gz", "d.html", "sub/f.jsonl.zst"):
        with remote.open(name, "wb") as stream:
            stream.write((folder / name).read_bytes())
    here = ThresherReader(str(folder), glob_pattern="**/*[a-z]").run()
    local = {document.id: document for document in here}
    documents = list(ThresherReader(remote, default_metadata={"part": 7}).run())
    assert len(documents) == 11
    for document in documents:
        assert (
            document.media == [] or document.media[0].media_bytes == local[document.id].media[0].media_bytes
        )
        assert document.metadata["part"] == 7
    page = next(document for document in documents if document.id == "d.html/0")
    assert page.metadata["url"] == page.metadata["file_path"] == "memory:///pages-of-the-press/d.html"
    broken = next(document for document in documents if document.id == "sub/f.jsonl.zst/3")
    assert broken.metadata["rejected"]["url"] == "memory:///pages-of-the-press/sub/f.jsonl.zst#4"


def test_the_metadata_have_what_texts_are_compared_by() -> None:
    (document,) = cleaned(of_text(STORY, part=3, title="Another title"))
    article = clean(STORY, url=URL)
    assert document.text == article.text
    assert document.metadata == {
        **{name: value for name, value in article.to_record().items() if name != "text"},
        "words": len(words_of(article.text)),
        "text_digest": digest_of(words_of(article.text)).hex(),
        "part": 3,
    }


def test_what_the_document_holds_can_be_chosen() -> None:
    article = clean(STORY, url=URL)
    (brief,) = cleaned(of_text(STORY), blocks=False, markdown=False)
    assert (brief.text, "blocks" in brief.metadata, "markdown" in brief.metadata) == (
        article.text,
        False,
        False,
    )
    (marked,) = cleaned(of_text(STORY), text="markdown")
    assert (marked.text, marked.metadata["text"]) == (article.markdown, article.text)
    (titled,) = cleaned(of_text(STORY), types=["title", BlockType.BODY])
    assert titled.text == "\n\n".join(["A story", *PARAGRAPHS])
    assert titled.metadata["text"] == article.text
    with pytest.raises(ValueError, match="'text' or 'markdown', but not 'html'"):
        ThresherCleaner(text="html")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="'loud' is not a valid Favor"):
        ThresherCleaner(favor="loud")
    with pytest.raises(ValueError, match="must be more than 0"):
        ThresherCleaner(time_limit=0)
    with pytest.raises(FileNotFoundError, match="no such file of phrases"):
        ThresherCleaner(phrases=["missing.json"])


def test_addresses_and_times_are_found_under_other_keys() -> None:
    document = Document(text=STORY, id="1", metadata={"link": URL, "date": "2024-05-17T10:30:00Z", "url": 7})
    (found,) = cleaned(document, url_key="link", fetched_at_key="date")
    assert (found.metadata["url"], found.metadata["site"]) == (URL, "press.example")
    assert found.metadata["fetched_at"] == "2024-05-17T10:30:00+00:00"


def test_a_page_may_be_a_medium_among_others() -> None:
    image = Media(id="i", type=MediaType.IMAGE, url=URL, media_bytes=b"GIF89a")
    page = Media(id="p", type=MediaType.DOCUMENT, url=URL, media_bytes=STORY.encode())
    (found,) = cleaned(Document(text="", id="1", media=[image, page], metadata={"url": URL}))
    assert (found.text, found.media) == ("\n\n".join(PARAGRAPHS), [image])


def test_statistics_count_blocks_and_words_by_type() -> None:
    step = ThresherCleaner()
    list(step.run(iter([of_text(STORY), of_text("<html><nav>Home</nav></html>"), of_text(STORY)])))
    found = {name: value.total for name, value in step.stats.stats.items() if name != "doc_len"}
    sizes: dict[str, int] = {}
    for block in clean(STORY, url=URL).blocks:
        area = f"{'kept' if block.type in KEPT else 'removed'}/{block.type}"
        sizes[area + "/blocks"] = sizes.get(area + "/blocks", 0) + 2
        sizes[area + "/words"] = sizes.get(area + "/words", 0) + 2 * count_words(block.text)
    assert sizes["kept/body/blocks"] == 6
    assert found == {"total": 3, "forwarded": 2, "dropped": 1, "rejected/no-text": 1, **sizes}
    assert json.loads(PipelineStats([step.stats]).to_json())[0]["name"] == "🛢 - EXTRAC: 🌾 Thresher"
    assert (step.stats.time_stats.n, step.stats.time_stats.total > 0) == (3, True)


def test_a_page_that_takes_too_long_is_a_reject(tmp_path: Path) -> None:
    endless = "<p>" + "<b>word " * 400_000
    step = ThresherCleaner(time_limit=0.05, exclusion_writer=JsonlWriter(str(tmp_path), compression=None))
    assert list(step.run(iter([of_text(endless, part=1)]))) == []
    (found,) = [json.loads(line) for line in (tmp_path / "00000.jsonl").read_text().splitlines()]
    assert (found["text"], found["metadata"]["part"]) == (endless, 1)
    assert reject(found) == {
        "url": URL,
        "reason": "worker-timeout",
        "detail": "cleaning took longer than 0.05 seconds",
    }


def test_lone_surrogates_stop_no_writer(tmp_path: Path) -> None:
    posts = [
        wp_post(1, "https://farm.example", title="A title \ud800 of a post"),
        wp_post(2, "https://farm.example"),
    ]
    (tmp_path / "posts.json").write_text(json.dumps(posts), encoding="utf-8")
    lines = [
        {"url": "https://a.example/\udc00", "text": "One \ud800 word"},
        {"url": "https://a.example/\ud800"},
    ]
    (tmp_path / "lines.jsonl").write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    step = ThresherCleaner(exclusion_writer=JsonlWriter(str(tmp_path / "rejects")))
    list(ArticleParquetWriter(str(tmp_path / "parquet")).run(step.run(ThresherReader(str(tmp_path)).run())))
    table = pq.read_table(tmp_path / "parquet")
    assert "A title \ufffd of a post" in table["title"].to_pylist()
    found = [document["metadata"]["url"] for document in written(tmp_path / "rejects")]
    assert len(found) + table.num_rows == 4
    assert "https://a.example/\ufffd" in found


def test_nothing_of_a_run_is_pickled() -> None:
    step = ThresherCleaner(blocks=False)
    whole = list(step.run(iter([of_text(STORY)])))
    again = list(ForkingPickler.loads(ForkingPickler.dumps(step)).run(iter([of_text(STORY)])))
    assert whole == again


def test_datatroves_own_reader_filter_and_writer_go_with_the_step(tmp_path: Path) -> None:
    pytest.importorskip("cchardet")
    pytest.importorskip("magic")
    archive = tmp_path / "in" / "a.warc.gz"
    archive.parent.mkdir()
    empty = b"<html><title>Nothing</title><nav>Home</nav></html>"
    archive.write_bytes(gzipped([info(), response(URL, STORY.encode()), response(URL + "2", empty)]))
    step = ThresherCleaner(
        fetched_at_key="date", exclusion_writer=JsonlWriter(str(tmp_path / "rejects"), compression=None)
    )
    chosen = LambdaFilter(lambda document: document.metadata["language"] == "en")
    (found,) = chosen.run(step.run(WarcReader(str(archive.parent)).run()))
    article = clean(STORY, url=URL)
    assert (found.text, found.metadata["markdown"]) == (article.text, article.markdown)
    assert found.metadata["fetched_at"] == "2024-05-17T10:30:00+00:00"
    assert found.metadata["file_path"] == str(archive)
    (rejected,) = [
        json.loads(line) for line in (tmp_path / "rejects" / "00000.jsonl").read_text().splitlines()
    ]
    assert (rejected["text"], rejected["metadata"]["reason"]) == (empty.decode(), "no-text")


def test_json_lines_of_datatroves_reader_are_cleaned(tmp_path: Path) -> None:
    lines = [{"html": STORY, "url": URL, "id": "x"}, {"html": "\n\n".join(PARAGRAPHS), "url": URL}]
    (tmp_path / "a.jsonl").write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    found = list(ThresherCleaner().run(JsonlReader(str(tmp_path), text_key="html").run()))
    assert [(document.id, document.text) for document in found] == [
        ("x", "\n\n".join(PARAGRAPHS)),
        ("a.jsonl/1", "\n\n".join(PARAGRAPHS)),
    ]


def test_parquet_has_typed_columns_whatever_the_metadata(folder: Path, tmp_path: Path) -> None:
    documents = list(ThresherCleaner().run(ThresherReader(str(folder)).run()))
    numbers = count()

    def marked() -> Iterator[Document]:
        for document in documents:
            odd: list[Any] = [1, "two", {"three": [3]}, None, [4.5]]
            document.metadata["odd"] = odd[next(numbers) % len(odd)]
            yield document

    list(ArticleParquetWriter(str(tmp_path / "whole"), batch_size=2).run(marked()))
    rows = pq.read_table(tmp_path / "whole").to_pylist()
    assert [row["id"] for row in rows] == [document.id for document in documents]
    for row, document in zip(rows, documents, strict=True):
        besides = json.loads(row["metadata"])
        assert besides["odd"] == document.metadata["odd"]
        of_record = {name: value for name, value in document.metadata.items() if name not in besides}
        compared = {name: of_record.pop(name) for name in ("words", "text_digest")}
        assert {name: row[name] for name in compared} == compared
        assert record_of(row) == of_record | {"text": document.text}
    list(ArticleParquetWriter(str(tmp_path / "brief"), blocks=False, markdown=False).run(iter(documents)))
    names = set(pq.read_table(tmp_path / "brief").schema.names)
    assert set(pq.read_table(tmp_path / "whole").schema.names) - names == {"blocks", "markdown"}


def test_parquet_of_other_documents_is_an_error_that_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="'7' has no article's record, which ThresherCleaner gives"):
        list(ArticleParquetWriter(str(tmp_path)).run(iter([Document(text="words", id="7")])))


def test_words_are_told_in_any_script() -> None:
    words = ThresherWords()
    assert words.word_tokenize("The harbour, 東京の港.") == ["The", "harbour", "東", "京", "の", "港"]
    assert words.sent_tokenize("One.\n\n Two.") == ["One.", "Two."]
    assert words.span_tokenize("One.\nTwo.") == [(0, 5), (5, 9)]


_WITHOUT = """
import sys
sys.modules["datatrove"] = None
import thresher.engines.datatrove as engine
import thresher.engines.datatrove.child
try:
    engine.ThresherReader
except ImportError as error:
    print(error)
"""


def test_without_datatrove_the_error_names_the_extra() -> None:
    done = subprocess.run(
        [sys.executable, "-c", _WITHOUT], capture_output=True, text=True, check=True, timeout=60
    )
    assert (
        done.stdout == "datatrove's pipelines need the package datatrove: pip install 'thresher[datatrove]'\n"
    )
