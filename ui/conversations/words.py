"""What is sought: words, each of which begins one of the text's; in any case, with ё = е."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

_AROUND: Final = 60  # characters shown on each side of the first word found
_LONGEST: Final = 32  # words: more of them are a pasted text


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a query, as patterns."""

    patterns: tuple[re.Pattern[str], ...]

    @classmethod
    def of(cls, query: str) -> Words:
        """Whatever stands between blanks is a word."""
        return cls(tuple(map(_pattern, dict.fromkeys(query.split()[:_LONGEST]))))

    def __bool__(self) -> bool:
        return bool(self.patterns)

    def among(self, texts: Iterable[str]) -> bool:
        """Whether each word is in one of the texts."""
        missing = list(self.patterns)
        for text in texts:
            missing = [pattern for pattern in missing if not pattern.search(text)]
            if not missing:
                break
        return not missing

    def excerpt(self, text: str) -> str:
        """One line around the first word found, "" when there is none."""
        found = [match for pattern in self.patterns if (match := pattern.search(text))]
        if not found:
            return ""
        first = min(found, key=lambda match: match.start())
        start, end = max(0, first.start() - _AROUND), min(len(text), first.end() + _AROUND)
        # No word is cut in two: what is left of it at an edge goes.
        before = re.sub(r"^\S*\s", "", text[start : first.start()]) if start else text[: first.start()]
        after = re.sub(r"\s\S*$", "", text[first.end() : end]) if end < len(text) else text[first.end() :]
        line = " ".join((before + text[first.start() : first.end()] + after).split())
        return f"{'…' if start else ''}{line}{'…' if end < len(text) else ''}"

    def split(self, text: str) -> Iterator[tuple[str, bool]]:
        """The text in pieces, each with whether it is one of the words."""
        if not self:
            yield text, False
            return
        end = 0
        for match in re.finditer("|".join(pattern.pattern for pattern in self.patterns), text, re.IGNORECASE):
            yield text[end : match.start()], False
            yield match[0], True
            end = match.end()
        yield text[end:], False


def _pattern(word: str) -> re.Pattern[str]:
    letters = "".join("[её]" if letter in "её" else re.escape(letter) for letter in word.lower())
    begins = r"(?<!\w)" if re.match(r"\w", word) else ""
    return re.compile(f"{begins}{letters}", re.IGNORECASE)
