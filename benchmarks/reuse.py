"""Republished stories: how many relations of pairs are right, and how many origins in a collection.

    python -m benchmarks.reuse

Reads the annotated stories of the shared data. `pairs` and `trace` are what its scorer calls too.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from rich.console import Console
from rich.table import Table
from sqlalchemy import select

from benchmarks.data import shared_folder
from cleaners.article import Article, Block, BlockType
from cleaners.claims import claimed_source
from pipelines.deduplicate import deduplicate
from pipelines.reuse.reading import Reading, Story, read
from pipelines.reuse.relation import RelationKind, relate
from pipelines.reuse.settling import ORIGINAL, UNKNOWN
from pipelines.store import Store
from pipelines.store.reuse_schema import StoredOrigin, StoredRelation, StoredText
from pipelines.store.schema import StoredArticle

COPIES: Final = frozenset({kind.value for kind in RelationKind if kind.derived} | {"roundtrip"})
"""Variants of a story that were made from it; a machine translation there and back counts as a rewrite."""

OWN: Final = frozenset({kind.value for kind in RelationKind if not kind.derived} - {RelationKind.UNRELATED})
"""Relations of reports of one event that were written independently."""

Document = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Traced:
    """Copies whose origin was found, was another one, or was not found; and others called copies."""

    right: int
    wrong: int
    missed: int
    false: int


@dataclass(frozen=True, slots=True)
class Events:
    """Annotated pairs of independent reports of one event, and how many of them were found, by relation;
    relations that were found, and how many of them are between different stories.

    What is found of a text holds for the whole cluster that it is of.
    """

    pairs: Mapping[str, int]
    found: Mapping[str, int]
    relations: int
    false: int


def pairs(later: Document, earlier: Document) -> str:
    """The relation of a later document to an earlier one."""
    return relate(_reading(later), _reading(earlier)).kind.value


def trace(documents: Sequence[Document]) -> dict[str, tuple[str | None, str]]:
    """The origin and the relation of every document of a collection, by way of a database in memory."""
    names = {_address(document): document["id"] for document in documents}
    with Store("sqlite://") as store:
        for document in documents:
            store.save(_article(document))
        deduplicate(store)
        with store.session() as session:
            urls = {
                row.id: str(row.url) for row in session.execute(select(StoredArticle.id, StoredArticle.url))
            }
            origins = {row.article_id: row for row in session.scalars(select(StoredOrigin))}
    answers: dict[str, tuple[str | None, str]] = {}
    for article, url in urls.items():
        found = origins.get(article)
        known = found is not None and found.rival_id is None and found.relation not in {ORIGINAL, UNKNOWN}
        origin = names[urls[found.origin_id]] if found and known and found.origin_id else None
        answers[names[url]] = (origin, found.relation if found else "single")
    return answers


def measure_pairs(folder: Path) -> Counter[tuple[str, str]]:
    """How often each true relation was taken for each one."""
    documents = _documents(folder)
    annotated = json.loads((folder / "pairs.json").read_text(encoding="utf-8"))
    return Counter(
        (pair["relation"], pairs(documents[pair["a"]], documents[pair["b"]])) for pair in annotated
    )


def measure_trace(folder: Path) -> Traced:
    """How many copies of the stories of a folder were traced to the story that they were made from."""
    documents = _documents(folder)
    answers = trace(list(documents.values()))
    counts: Counter[str] = Counter()
    for name, document in documents.items():
        found = answers[name][0]
        if document.get("variant") not in COPIES:
            counts["false"] += found is not None
        elif found == f"{document['story']}-original":
            counts["right"] += 1
        else:
            counts["missed" if found is None else "wrong"] += 1
    return Traced(**{name: counts[name] for name in ("right", "wrong", "missed", "false")})


def measure_events(folder: Path) -> Events:
    """How many independent reports of one event are found in a collection."""
    documents = _documents(folder)
    annotated = json.loads((folder / "pairs.json").read_text(encoding="utf-8"))
    own = [pair for pair in annotated if pair["relation"] in OWN]
    relations, groups = _events(list(documents.values()))
    between = {frozenset(groups[name] for name in pair) for pair in relations}
    found = [pair for pair in own if frozenset((groups[pair["a"]], groups[pair["b"]])) in between]
    stories = [{documents[name].get("story", name) for name in pair} for pair in relations]
    return Events(
        pairs=Counter(pair["relation"] for pair in own),
        found=Counter(pair["relation"] for pair in found),
        relations=len(relations),
        false=sum(len(told) > 1 for told in stories),
    )


def _events(documents: Sequence[Document]) -> tuple[list[tuple[str, str]], dict[str, str]]:
    """The relations of independent reports that are found in a collection, and what stands for each document:
    its cluster, or itself."""
    names = {_address(document): document["id"] for document in documents}
    with Store("sqlite://") as store:
        for document in documents:
            store.save(_article(document))
        deduplicate(store)
        with store.session() as session:
            articles = session.execute(
                select(StoredArticle.url, StoredText.id, StoredText.cluster_id).join(
                    StoredText, StoredText.id == StoredArticle.text_id
                )
            ).all()
            kept = select(StoredRelation).where(StoredRelation.relation.in_(OWN))
            relations = [(row.later_id, row.earlier_id) for row in session.scalars(kept)]
    told = {text: names[str(url)] for url, text, _ in articles}
    groups = {
        names[str(url)]: f"text {text}" if cluster is None else f"cluster {cluster}"
        for url, text, cluster in articles
    }
    return [(told[later], told[earlier]) for later, earlier in relations], groups


def f1_of(counts: Counter[tuple[str, str]], kind: str) -> float:
    """The F1 of one relation."""
    hits = counts[kind, kind]
    true = sum(count for (relation, _), count in counts.items() if relation == kind)
    given = sum(count for (_, relation), count in counts.items() if relation == kind)
    return 2 * hits / (true + given) if true + given else 0.0


def derived_f1(counts: Counter[tuple[str, str]]) -> float:
    """The F1 of whether one of a pair was made from the other."""
    merged: Counter[tuple[str, str]] = Counter()
    for (true, given), count in counts.items():
        merged[str(RelationKind(true).derived), str(RelationKind(given).derived)] += count
    return f1_of(merged, str(True))


def main() -> None:
    """Measure and print."""
    folder = shared_folder() / "gold" / "reuse"
    counts = measure_pairs(folder)
    table = Table("relation", "F1", "pairs", "taken for")
    kinds = sorted({true for true, _ in counts})
    for kind in kinds:
        wrong = {given: count for (true, given), count in sorted(counts.items()) if true == kind != given}
        total = sum(count for (true, _), count in counts.items() if true == kind)
        said = ", ".join(f"{given} {count}" for given, count in wrong.items())
        table.add_row(kind, f"{f1_of(counts, kind):.3f}", str(total), said)
    console = Console()
    console.print(table)
    console.print(f"macro F1 {sum(f1_of(counts, kind) for kind in kinds) / len(kinds):.3f}")
    console.print(f"derived or not, F1 {derived_f1(counts):.3f}")
    console.print(measure_trace(folder))
    console.print(measure_events(folder))


def _documents(folder: Path) -> dict[str, Document]:
    paths = (path for path in sorted(folder.glob("*.json")) if path.name != "pairs.json")
    documents = (json.loads(path.read_text(encoding="utf-8")) for path in paths)
    return {document["id"]: document for document in documents}


def _reading(document: Document) -> Reading:
    return read(Story.of(_article(document)))


def _address(document: Document) -> str:
    """An address of its own for each document, whatever it says."""
    url = document.get("url") or f"https://{document['domain']}/"
    return f"{url}#{document['id']}"


def _article(document: Document) -> Article:
    address, line, date = _address(document), document.get("attribution"), document.get("published")
    claim = None
    if line:
        claim = claimed_source([Block(line, BlockType.ATTRIBUTION, 1.0, "", "p", "")], url=address)
    return Article(
        url=address,
        site=document["domain"],
        title=document.get("title"),
        published=datetime.fromisoformat(date) if date else None,
        language=document.get("language"),
        text="\n\n".join(document["paragraphs"]),
        claimed_source=claim,
    )


if __name__ == "__main__":
    main()
