"""Check that the blocks of every benchmark page hold its whole text.

    python -m benchmarks.coverage

The reference is the text of the parsed tree without script, style, svg and the head's title, with the
placeholders and button labels of form controls; both sides
are compared without white space, so order counts. Exit status 1 when a page misses a character.
"""

from __future__ import annotations

import sys

from lxml import etree

from benchmarks.data import benchmark_pages
from cleaners import clean
from cleaners.controls import control_label
from cleaners.parse import decode, parse_html


def main() -> None:
    """Compare all pages and print the share of words that are in blocks."""
    pages = words = missed = 0
    failed: list[str] = []
    for name, body in benchmark_pages():
        pages += 1
        expected = visible_text(body)
        found = "".join("".join(block.text.split()) for block in clean(body).blocks)
        size = len(expected.split())
        words += size
        if found != "".join(expected.split()):
            failed.append(name)
            missed += size
    share = 100 * (1 - missed / words)
    print(f"{pages} pages, {words:,} words, {share:.2f} % on pages whose blocks hold the whole text in order")
    if failed:
        sys.exit(f"pages that lack text: {', '.join(failed)}")


def visible_text(body: bytes) -> str:
    """The text of a page's tree, without what no reader is shown."""
    root = parse_html(decode(body).text)
    if root is None:
        return ""
    pieces: list[str] = []
    skipped: list[etree._Element] = []
    for event, element in etree.iterwalk(root, events=("start", "end")):
        if event == "start":
            parent = element.getparent()
            in_head = parent is not None and parent.tag == "head"
            if element.tag in ("script", "style", "svg") or (element.tag == "title" and in_head):
                skipped.append(element)
            elif not skipped:
                if element.tag in ("input", "textarea"):
                    pieces.append(control_label(element))
                pieces.append(element.text or "")
        else:
            if skipped and skipped[-1] is element:
                skipped.pop()
            if not skipped:
                pieces.append(element.tail or "")
    return "".join(pieces)


if __name__ == "__main__":
    main()
