"""Reports of one event that are found in the demo's press, and in the annotated stories."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import aliased

from benchmarks.reuse import measure_events
from cleaners.article import Article
from pipelines.deduplicate import deduplicate
from pipelines.store import Store
from pipelines.store.reuse_schema import StoredRelation
from pipelines.store.schema import StoredArticle
from tests.shared_data import shared
from thresher.demo.press import OUTLET_HOST, Story, load_press


def _article(story: Story) -> Article:
    return Article(
        url=f"https://{story.host}{story.path}",
        site=story.host,
        title=story.title,
        language="en",
        published=story.published,
        text="\n\n".join(story.body),
    )


def test_the_demos_independent_reports_are_found() -> None:
    stories = list(load_press().stories())
    with Store("sqlite://") as store:
        for story in stories:
            store.save(_article(story))
        deduplicate(store)
        later, earlier = aliased(StoredArticle), aliased(StoredArticle)
        with store.session() as session:
            found = session.execute(
                select(later.site, earlier.site, StoredRelation.relation)
                .join(later, later.text_id == StoredRelation.later_id)
                .join(earlier, earlier.text_id == StoredRelation.earlier_id)
                .where(StoredRelation.relation.in_(["independent", "followup"]))
                .where(earlier.site.in_([OUTLET_HOST, "the-weir.example"]))
            ).all()
    told = {story.host for story in stories if story.event is not None}
    assert told == {"the-weir.example", "estuarypost.example"}
    assert sorted(map(tuple, found)) == [
        # The brokers' note that it quotes is of the day after the other reports.
        ("estuarypost.example", OUTLET_HOST, "followup"),
        ("estuarypost.example", "the-weir.example", "independent"),
        ("the-weir.example", OUTLET_HOST, "independent"),
    ]


def test_annotated_reports_are_found() -> None:
    measured = measure_events(shared("gold", "reuse"))
    assert measured.pairs == {"independent": 48, "followup": 48}
    assert measured.false == 0
    assert measured.found["independent"] >= 36
    assert measured.found["followup"] >= 38
