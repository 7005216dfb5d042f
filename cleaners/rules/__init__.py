"""Types from rules: structure, names, link density, place, phrases, groups.

The order of the stages is the order of trust. Each stage only decides blocks that none before it has
decided, and every decision carries the rule's name, so that its precision can be measured.
"""

from __future__ import annotations

from cleaners.classifier import Document, Verdict
from cleaners.reading import Reading, read_texts
from cleaners.rules.decision import Decision, to_verdict
from cleaners.rules.evidence import gather
from cleaners.rules.groups import decide_groups
from cleaners.rules.place import decide_places
from cleaners.rules.span import find_article
from cleaners.rules.structure import decide_structure
from cleaners.rules.titles import decide_titles
from cleaners.rules.wording import decide_wording
from cleaners.tree import Tree, read_tree

Decisions = list[Decision | None]


class RuleClassifier:
    """The classifier that knows no training data: see the package's description."""

    def classify(self, document: Document) -> list[Verdict]:
        """One verdict a block, in order."""
        markup = document.has_markup
        return [to_verdict(decision, markup=markup) for decision in self.decide(document)]

    def decide(
        self, document: Document, reading: Reading | None = None, tree: Tree | None = None
    ) -> list[Decision]:
        """One decision a block, in order, with the name of the rule that made it.

        `reading` and `tree` are of the document's blocks and elements, where the caller has read them.
        """
        segments = document.segments
        if not segments.text:
            return []
        evidence = gather(document, reading or read_texts(segments.text), tree or read_tree(segments))
        find_article(evidence)
        decisions: Decisions = [None] * len(document.segments.text)
        for stage in (decide_titles, decide_wording, decide_groups, decide_structure):
            stage(evidence, decisions)
        return decide_places(evidence, decisions)
