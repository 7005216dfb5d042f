"""Words for datatrove's steps that count or compare them, in any language and without a model."""

from __future__ import annotations

from datatrove.utils.word_tokenizers import WordTokenizer

from cleaners.article import WORD


class ThresherWords(WordTokenizer):  # type: ignore[misc]  # datatrove has no types
    """The words that Thresher compares texts by; in scripts that write no spaces each character is one.

    For `MinhashDedupSignature(language=ThresherWords())`: a language's own tokenizer would be needed for each
    language of a corpus. A sentence is here a line, which datatrove's MinHash does not ask for.
    """

    def word_tokenize(self, text: str) -> list[str]:
        """The words of a text, in order."""
        return WORD.findall(text)

    def sent_tokenize(self, text: str) -> list[str]:
        """The lines of a text that hold anything."""
        return [line.strip() for line in text.splitlines() if line.strip()]

    def span_tokenize(self, text: str) -> list[tuple[int, int]]:
        """Where the lines of a text begin and end."""
        spans, start = [], 0
        for line in text.splitlines(keepends=True):
            spans.append((start, start + len(line)))
            start += len(line)
        return spans
