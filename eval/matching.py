"""Matching: whether an answer says what was expected, whatever its inflection, punctuation and spelling of numbers."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

STRESS = "\u0301"  # over a Russian vowel, as encyclopedias write it; Latin letters are one with their accents by now
CITATION_MARK = re.compile(r"\[\d+\]")
DIGIT_GROUPS = re.compile(r"(?<![\d.,])\d{1,3}(?:[ ,]\d{3})+(?!\d)")
DECIMAL_COMMA = re.compile(r"(?<=\d),(?=\d)")
PUNCTUATION = re.compile(r"(?<!\d)\.|\.(?!\d)|[^\w.%]|_")


def normalise(text: str) -> str:
    """Lower case without `[n]` marks, stress marks and punctuation; ё = е, «5 000» = "5,000" = 5000, «18,5» = 18.5,
    «45 %» = 45%."""
    text = unicodedata.normalize("NFKC", CITATION_MARK.sub(" ", text)).casefold().replace("ё", "е")
    text = text.replace(STRESS, "")
    text = DIGIT_GROUPS.sub(lambda number: re.sub("[ ,]", "", number[0]), text)
    text = PUNCTUATION.sub(" ", DECIMAL_COMMA.sub(".", text))
    return " ".join(text.split()).replace(" %", "%")


def says(text: str, expected: str) -> bool:
    """Whether `expected` begins a word of `text`: a word may go on («Рогожник» in «Рогожником»), a number may not."""
    wanted = normalise(expected)
    end = r"(?![\d.])" if wanted[-1:].isdigit() else ""
    return re.search(f"(?:^| ){re.escape(wanted)}{end}", normalise(text)) is not None


def says_all(text: str, answers: Sequence[Sequence[str]]) -> bool:
    """Whether `text` says at least one alternative of every group of `answers`."""
    return all(any(says(text, alternative) for alternative in group) for group in answers)
