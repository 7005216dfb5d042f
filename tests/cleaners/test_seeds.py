"""The five documents that the project started from come out right."""

from __future__ import annotations

import functools
import importlib.util
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from cleaners import Article, Block, BlockType, clean
from tests.shared_data import shared


@functools.cache
def read(number: int) -> Article:
    gold = json.loads((shared("gold", "seeds") / f"seed{number:03}.json").read_text(encoding="utf-8"))
    text = (shared("seeds") / gold["file"]).read_text(encoding="utf-8")
    return clean(text, url=gold.get("url"), content_type=gold["content_type"])


def scorer(path: Path) -> Any:
    spec = importlib.util.spec_from_file_location("typedscore", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def blocks_of(source: str, url: str | None, content_type: str | None) -> list[Block]:
    return clean(source, url=url, content_type=content_type).blocks


def texts(blocks: Iterable[Block], kind: BlockType) -> list[str]:
    return [block.text for block in blocks if block.type is kind]


def test_the_scores_hold() -> None:
    result = scorer(shared("tools", "typedscore.py")).score(shared("gold", "seeds"), blocks_of)
    assert result["pages"] == 5
    assert result["missing"] == 0
    assert result["kept_f1"] >= 0.995
    assert result["micro_blocks"] >= 0.97


def test_two_copies_of_one_article_give_the_same_paragraphs() -> None:
    one, other = (texts(read(number).blocks, BlockType.BODY) for number in (0, 1))
    assert len(one) == 17
    assert one == other
    assert read(0).text == read(1).text


@pytest.mark.parametrize("number", [0, 1])
def test_both_copies_name_their_source(number: int) -> None:
    claim = read(number).claimed_source
    assert claim is not None
    assert claim.domain == "cnn.com"


def test_the_plea_runs_from_its_heading_to_its_last_button() -> None:
    blocks = read(2).blocks
    lines = [block.text for block in blocks]
    first, last = lines.index("A Message from The Moscow Times:"), lines.index("Remind me later.")
    assert [at for at, block in enumerate(blocks) if block.type is BlockType.DONATION] == [
        *range(first, last + 1)
    ]


def test_the_lines_under_the_picture_are_captions() -> None:
    captions = texts(read(3).blocks, BlockType.CAPTION)
    gold = json.loads((shared("gold", "seeds") / "seed003.json").read_text(encoding="utf-8"))
    assert len(captions) == 3
    assert captions == [" ".join(text.split()) for text, kind in gold["blocks"] if kind == "caption"]
