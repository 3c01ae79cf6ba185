"""Verification: does the cited text say what the claim says?

Each kind of thing that a claim may have wrong has its check in `istok.rag.checks`; the share of the claim's words that
the cited text holds is the last one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

from istok.index.language import detect
from istok.rag.checks import dates, direction, exchanged, figures, names, organisations, roles
from istok.rag.checks.finding import Finding
from istok.rag.checks.words import Word, akin, words
from istok.rag.spans.framing import marked
from istok.rag.types import Claim, Evidence, Sentence, Verdict
from istok.rag.wording import say

TextOf = Callable[[str], str | None]
"""The text of a document by its id, None where it isn't at hand."""

_NONE: Mapping[str, str] = MappingProxyType({})
_FEW = 3
"""Words that another language may well say with others."""
SUPPORTED, PARTIAL = 0.5, 0.2
"""Shares of a claim's words that its cited sentences must hold to be supported, and to be so in part."""


def verify(claim: Claim, evidence: Evidence, text_of: TextOf = _NONE.get, question: str = "") -> Claim:
    """The claim with its verdict, and with the reasons in words of its language when it is not supported.

    `question` is what the claim answers: what it leaves unsaid it takes from there. `text_of` gives the text of a cited
    document by its id, if it is at hand: a name that is nowhere in it is against the claim, where a name that only the
    cited sentences lack can't be checked.
    """
    cited = [evidence[number] for number in claim.citations]
    if any(_quotes(claim.text, sentence) for sentence in cited):
        return Claim(claim.text, claim.citations)
    texts = [text for id_ in dict.fromkeys(sentence.document for sentence in cited) if (text := text_of(id_))]
    found = [
        *contradictions(claim.text, cited, texts),
        *_unsaid(claim.text, question, cited),
        *_words_lacking(claim.text, cited),
    ]
    verdict: Verdict = "supported"
    if found:
        verdict = "unsupported" if any(finding.against for finding in found) else "partial"
    return Claim(claim.text, claim.citations, verdict, tuple(dict.fromkeys(finding.reason for finding in found)))


def _quotes(claim: str, sentence: Sentence) -> bool:
    """Whether a claim is a sentence word for word, framed at most by its language and by a part of it, or what that
    part is in the other language: **almost 45%** — in Russian: «…»."""
    span = marked(claim, sentence.text)
    return span is not None and (span in sentence.text or not contradictions(span, [sentence]))


def contradictions(claim: str, cited: Sequence[Sentence], documents: Sequence[str] = ()) -> list[Finding]:
    """What the cited sentences, and their whole `documents`, have against the figures, dates, names, directions and
    roles of a claim."""
    quotes = [sentence.text for sentence in cited]
    titles = list(dict.fromkeys(sentence.title for sentence in cited))
    published = [sentence.date for sentence in cited]
    # Without its capitals a text shows no names, and English months are known by theirs.
    if claim.isupper() or claim.islower():
        claim = claim.title()
        return [
            *figures.against(claim, quotes, titles, documents),
            *exchanged.against(claim, quotes),
            *dates.against(claim, quotes, published, titles, documents),
            *direction.against(claim, quotes),
        ]
    return [
        *figures.against(claim, quotes, titles, documents),
        *exchanged.against(claim, quotes),
        *dates.against(claim, quotes, published, titles, documents),
        *names.against(claim, quotes, titles, documents),
        *organisations.against(claim, quotes, titles, documents),
        *direction.against(claim, quotes),
        *roles.against(claim, quotes),
    ]


def _unsaid(claim: str, question: str, cited: Sequence[Sentence]) -> list[Finding]:
    """What the cited sentences have against a country that only the question names: "Anton Alikhanov", head of Russia's
    ministry, is no answer to who heads that of Belarus. Only countries: of 1,215 true short answers to news-qa's train
    questions this rejects 5 in either language, where all names of the question would reject one in thirty."""
    quotes, titles = [sentence.text for sentence in cited], [sentence.title for sentence in cited]
    found = names.countries_against(f"{question} {claim}", quotes, titles)
    return [finding for finding in found if finding.against and finding.claimed not in claim]


def _words_lacking(claim: str, cited: Sequence[Sentence]) -> list[Finding]:
    share = share_held(claim, cited)
    if share >= SUPPORTED:
        return []
    # The lexicon hasn't every word of the other language.
    abroad = all(sentence.language != detect(claim) for sentence in cited)
    against = not share and len(_wanted(claim)) > _FEW if abroad else share < PARTIAL
    return [Finding(say(detect(claim), "words_lacking", share=round(share * 100)), against=against)]


def share_held(claim: str, cited: Sequence[Sentence]) -> float:
    """The share of the claim's words that the cited sentences and titles hold, in [0, 1]; 1 where it has none."""
    wanted = _wanted(claim)
    if not wanted:
        return 1.0
    said = [word for sentence in cited for text in (sentence.text, sentence.title) for word in words(text)]
    # A figure that the cited sentences have, too, is as good as a word.
    counted = len(figures.shared(claim, [sentence.text for sentence in cited]))
    return (sum(_held(word, said) for word in wanted) + counted) / (len(wanted) + counted)


def _wanted(claim: str) -> list[Word]:
    return [word for word in words(claim) if not word.is_function and len(word.text) > 1]


def _held(word: Word, said: Sequence[Word]) -> bool:
    return any(akin(word, other) or names.same(word.text, other.text) for other in said)
