"""Spans: how near an answer's words come to those of a reference."""

from __future__ import annotations

import re
import string
from collections import Counter
from collections.abc import Sequence

from istok.index.types import Language

_PUNCTUATION = str.maketrans("", "", string.punctuation + "«»“”„‟’‘—–…")
_MARKED = re.compile(r"\*\*(.+?)\*\*")
_ARTICLES = re.compile(r"\b(?:a|an|the)\b")


def normalise_squad(text: str, language: Language) -> str:
    """The official normalisation (Rajpurkar et al. 2016, evaluate-v1.1.py): lower case, no punctuation, no English
    articles; for Russian, ё = е, no «» — … either, and what looks like an article stays."""
    text = text.lower().replace("ё", "е").translate(_PUNCTUATION)
    return " ".join((_ARTICLES.sub(" ", text) if language == "en" else text).split())


def exact_match(prediction: str, references: Sequence[str], language: Language) -> float:
    """1 when `prediction` is one of the references, else 0."""
    said = normalise_squad(prediction, language)
    return float(any(said == normalise_squad(reference, language) for reference in references))


def token_f1(prediction: str, references: Sequence[str], language: Language) -> float:
    """F1 over words against the reference that fits best, in [0, 1]."""
    said = normalise_squad(prediction, language).split()
    return max(_f1(said, normalise_squad(reference, language).split()) for reference in references)


def inflected(text: str, stem: str, language: Language) -> str:
    """The words of `text`, normalised, that begin with `stem` (a figure must end with it); `stem` without any."""
    wanted = normalise_squad(stem, language)
    ending = "" if wanted[-1:].isdigit() else r"\w*"
    found = re.search(rf"(?<!\S){re.escape(wanted)}{ending}(?!\S)", normalise_squad(text, language)) if wanted else None
    return found[0] if found else wanted


def marked(text: str) -> str:
    """What `text` marks as its shortest answers with **…**, joined; "" without any."""
    return " ".join(_MARKED.findall(text))


def chrf(prediction: str, reference: str) -> float:
    """chrF (Popović 2015) as sacrebleu has it: F2 over character 1- to 6-grams, in [0, 1]."""
    from sacrebleu.metrics.chrf import CHRF

    return float(CHRF().sentence_score(prediction, [reference]).score) / 100


def _f1(said: Sequence[str], gold: Sequence[str]) -> float:
    common = sum((Counter(said) & Counter(gold)).values())
    return 2 * common / (len(said) + len(gold)) if common else 0.0
