"""Follow-ups: a question that leans on the turns before it becomes one that stands alone.

Rules decide whether it leans on them, and on what: a pronoun stands for something that a question or an answer spoke
of, a fragment takes a place of the earlier question, a question word asks the earlier question anew. A question about
something else is left as it is. A language model may word the result; what it adds or loses is not let through.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Protocol, runtime_checkable

from istok.index.language import detect
from istok.index.lexicon import translations
from istok.index.terms import STOPWORDS, query_terms, term, tokens
from istok.index.types import Language
from istok.rag.conversation.anaphora import WORD, resolved
from istok.rag.conversation.courtesy import courtesy
from istok.rag.conversation.ellipsis import asked_anew
from istok.rag.conversation.exchange import AUXILIARY, HYPERNYMS, MEASURES, Asks, Exchange, asks_of, spoken, stems
from istok.rag.conversation.mentions import GOVERNS, PREPOSITIONS, inflected, is_predicate, mentions
from istok.rag.morphology import is_proper, parses
from istok.rag.question import NOW, TIME
from istok.rag.types import Turn

REACH = 4
"""Turns that a follow-up may lean on; older ones are let go."""

LONGEST = 300
"""Characters of a question that leans on another; who writes more says it all."""

LONGEST_REWRITE = 300
"""Characters of what a model may make of a follow-up."""


@runtime_checkable
class Rewriter(Protocol):
    """What a reader with a language model may offer besides reading."""

    def rewrite(self, question: str, turns: Sequence[Turn], language: Language) -> str | None:
        """`question` in full, in `language`, worded with nothing but the words of itself and of `turns`; None when the
        model has nothing to offer. Raises ReaderError."""


def standalone(question: str, turns: Sequence[Turn], rewriter: Rewriter | None = None) -> str:
    """The question with what it leaves unsaid taken from the turns before it; itself when it leans on none.

    A `rewriter` is asked only for a question that leans on them, and heard only if it keeps to their words.
    """
    said: list[Exchange] = []
    turns = [turn for turn in turns if not courtesy(turn.question)]
    for turn in turns[-REACH:]:
        whole = _whole(turn.question, said)
        said.append(Exchange(_LEAD.sub("", whole) or whole, turn.answer))
    whole = _whole(question, said)
    if rewriter is not None and whole != question:
        language = spoken_in(question, turns)
        rewritten = rewriter.rewrite(question, turns[-REACH:], language)
        if rewritten and faithful(rewritten, question, turns[-REACH:]):
            return rewritten.strip()
    return whole


def spoken_in(question: str, turns: Sequence[Turn]) -> Language:
    """The language that a question is asked in. Names don't tell it: "Krantas Group?" goes on in that of the turn
    before, and "Who heads ОАО «Амкодор»?" is English."""
    return _spoken_in(question, spoken_in(turns[-1].question, turns[:-1])) if turns else detect(question)


def _spoken_in(question: str, before: Language) -> Language:
    return spoken(question) or before


def faithful(rewritten: str, question: str, turns: Sequence[Turn]) -> bool:
    """Whether a rewrite keeps every content word of the question and adds only words of the turns."""
    language = spoken_in(question, turns)
    if len(rewritten) > LONGEST_REWRITE or "\n" in rewritten.strip() or _spoken_in(rewritten, language) != language:
        return False
    own, made = query_terms(question), query_terms(rewritten)
    known = {*own, *(term_ for turn in turns for term_ in query_terms(f"{turn.question} {turn.answer}"))}
    return all(_among(term_, made) for term_ in own) and all(_among(term_, known) for term_ in made)


def _among(term_: str, others: Sequence[str] | set[str]) -> bool:
    """Whether a stem is among others, endings that the stemmer leaves aside; figures must be the same."""
    if term_[0].isdigit() or len(term_) < 5:
        return term_ in others
    return any(term_[:5] == other[:5] and abs(len(term_) - len(other)) <= 3 for other in others)


_LEAD = re.compile(
    r"^(?:(?:ну|так|хорошо|ладно|понятно|ясно|спасибо|привет|здравствуйте|ok|okay|ок|hello|hi|well|thanks|thank you"
    r"|right|i see|а|и|но|and|but|so|also"
    r"|(?:под)?скажи(?:те)?(?:\s*,?\s*пожалуйста)?|(?:please\s+)?tell\s+me(?=\W+(?:wh|how)))\b[\s,.!—-]*)+",
    re.IGNORECASE,
)
_ABOUT = re.compile(
    r"^(?:(?:а\s+|и\s+)?(?:как|что)\s+(?:насч[её]т|по\s+поводу|там\s+с)|(?:what|how)\s+about|what\s+of)\s+(?:the\s+)?"
    r"|^(?:что|как)\s+(?:с|со)\s+(?=[^?]{1,40}\??$)",
    re.IGNORECASE,
)
_PARTICLES = re.compile(r"\s+(?:именно|exactly)(?!\w)", re.IGNORECASE)
_AGAIN = re.compile(
    r"^\W*(?:(?:расскажи\w*\s+)?(?:по)?подробнее(?:\s+об\s+этом)?|ещ[её]|точно|ты\s+уверен\w*|вы\s+уверены"
    r"|(?:tell\s+me\s+|say\s+)?more(?:\s+(?:details?|about\s+(?:it|that|this)))?|are\s+you\s+sure|really"
    r"|in\s+more\s+detail)\W*$",
    re.IGNORECASE,
)
_HAPPENED = re.compile(
    r"^(?:это|то)?\s*(?:было|произошло|случилось|так|это|этого)?\s*(?:это|этого)?\W*$"
    r"|^(?:(?:is|was|did|does|has)\s+)?(?:this|that|it)(?:\s+(?:happen|happened|so|been))?\W*$",
    re.IGNORECASE,
)
_WHO_WAS_IT = re.compile(
    r"^(?:who\s+(?:was|is|were)\s+(?:it|that)|кто\s+(?:это\s+был[аи]?|был[аи]?\s+(?:это|им|ею|ей)))\s+(?=(?:in"
    r"|before|after|at|в|до|после)\b)",
    re.IGNORECASE,
)


def _whole(asked: str, said: Sequence[Exchange]) -> str:
    """One question in full; the turns before it already are."""
    if not said or len(asked) > LONGEST:
        return asked
    before = said[-1]
    if _AGAIN.match(asked):
        return before.question
    trimmed = asked.strip()
    lead = _LEAD.match(trimmed)
    rest = trimmed[lead.end() :] if lead else trimmed
    about = _ABOUT.match(rest)
    rest = rest[about.end() :] if about else rest
    same = _WHO_WAS_IT.match(rest)
    rest = _PARTICLES.sub(" ", rest[same.end() :] if same else rest)
    language = _spoken_in(trimmed, before.language)
    if re.fullmatch(r"\D{0,3}(?:19|20)\d\d\D{0,3}", rest):
        rest = f"в {rest.strip(' ?!.')} году" if language == "ru" else f"in {rest.strip(' ?!.')}"
    rest = _asking_first(rest, language)
    asks = asks_of(rest, language)
    tail = rest[asks.end :].strip(" ?!.…")
    if (
        asks.word
        and (not tail or (asks.adverb and _HAPPENED.match(tail)))
        and not (asks.word.lower() in ("what", "что", "кто", "who") and tail)
    ):
        return _finished(asked_anew(rest, asks, "", before, language))
    unresolved = rest
    full = resolved(rest, said, language)
    rest, found = full.text, full.found
    if found and not _is_fragment(rest, language):
        if full.named:
            return _finished(rest)
        # A pronoun for which nothing was found stays; all that was asked before goes with it.
        return _finished(_carried(rest, before, language, time=False, own=asked, thin=rest == unresolved))
    lead = lead or same
    fragment = bool(about) or _is_fragment(rest, language)
    own = [mention for mention in mentions(rest, language) if mention.named]
    content = [word for word in query_terms(rest) if word not in MEASURES]
    if found or (fragment and (lead or about or len(content) <= 1 or _opens_with_preposition(rest, asks))):
        asks = asks_of(rest, language)
        if asks.word and len(content) > 1 and not own and not _opens_with_preposition(rest, asks):
            return _finished(_carried(rest, before, language))
        if found and asks.word and tail and not _opens_with_preposition(tail, asks):
            return _finished(rest)
        if asks.word and asks.noun and own and not set(stems(asks.noun)) <= MEASURES:
            return _finished(rest) if found else asked
        return _finished(asked_anew(rest, asks, rest[asks.end :].strip(" ?!.…"), before, language))
    if own:
        return asked
    if language == "ru" and len(rest.split()) == 1 and (verb := _another_verb(rest.strip(" ?!."), before)):
        return _finished(verb)
    if lead or len(content) <= 1 or _goes_on(rest, content, said) or _shares_topic(content, before):
        rest = _as_what(rest, asks, before, language)
        full_ = _in_full(rest, said, language)
        if full_ != rest:
            return _finished(full_)
        if asks.counts and not asks.noun and before.asks.counts and language == before.language:
            rest = f"{rest[: asks.end]} {before.asks.noun}{rest[asks.end :]}"
        return _finished(_carried(rest, before, language, thin=len(content) <= 1))
    return asked


def _asking_first(rest: str, language: Language) -> str:
    """A fragment that asks at its end («С Россией какой товарооборот?», "Worth how much?"), with its question word
    first."""
    words = list(WORD.finditer(rest))
    if not words or asks_of(rest, language).word or any(mark in rest.rstrip("?!. ") for mark in ",;:?«“"):
        return rest
    for word in words[1:5]:
        asks = asks_of(rest[word.start() :], language)
        if asks.word and not (language == "ru" and _ALONE.fullmatch(asks.word)):
            first = rest[: word.start()].strip()
            if language == "en" or not is_proper(words[0][0]):
                first = first[:1].lower() + first[1:]
            return f"{rest[word.start() :].strip(' ?!.')} {first}?"
    return rest


_ALONE = re.compile(r"[кч](?:ого|его|ому|ему|ем|то)", re.IGNORECASE)


def _finished(question: str) -> str:
    """As a question is written: a capital first, one mark at the end."""
    text = re.sub(r"\s+([?,.!])", r"\1", " ".join(question.split()))
    text = re.sub(r"\bоб(?=\s+[бвгджзйклмнпрстфхцчшщ])", "о", text)
    text = re.sub(r",+(?=[?,])", "", text.strip(" ,—-"))
    return (text[:1].upper() + text[1:]).rstrip("?.! ,") + "?"


def _another_verb(verb: str, before: Exchange) -> str:
    """The earlier question with another verb («А работал?»); nothing when it isn't one, or there is no place for it."""
    words = [(token, range_) for token, range_ in tokens(before.question) if detect(token) == "ru"]
    verbs = [range_ for token, range_ in words if token.lower() not in STOPWORDS and is_predicate(token)]
    if len(verbs) != 1 or not is_predicate(verb):
        return ""
    return before.question[: verbs[0].start] + verb + before.question[verbs[0].end :]


def _as_what(rest: str, asks: Asks, before: Exchange, language: Language) -> str:
    """A question for somebody as one for a company, where the earlier question asked for a company."""
    old = before.asks
    if asks.word.lower() not in ("кто", "who") or language != before.language:
        return rest
    if HYPERNYMS.get(next(iter(stems(old.noun)), "")) != "company" or " " in old.word:
        return rest
    verb = rest[asks.end :].split()[:1]
    if language == "ru" and verb and parses(verb[0])[0].tag.tense == "past":
        return rest
    return f"{old.word}{before.question[len(old.word) : old.end]}{rest[asks.end :]}"


def _opens_with_preposition(rest: str, asks: Asks) -> bool:
    first = rest.split()[0].lower() if rest.split() else ""
    return first in GOVERNS or first in PREPOSITIONS


def _shares_topic(content: Sequence[str], before: Exchange) -> bool:
    known = {*query_terms(before.question), *query_terms(before.focus)} - MEASURES
    return any(word in known for word in content)


def _goes_on(rest: str, content: Sequence[str], said: Sequence[Exchange]) -> bool:
    """Whether a short question is of the same talk: of something spoken of or quoted in it, in either language,
    or that could be of anything (a company, a document). "How many hospitals were built?" is of another."""
    if len(content) > 2:
        return False
    known = {word for one in said for word in query_terms(f"{one.question} {one.answer}")}
    if re.search(r"\bthe\s+[a-z]", rest):
        return True
    return any(word in known or word in HYPERNYMS or not known.isdisjoint(translations(word)) for word in content)


def _in_full(rest: str, said: Sequence[Exchange], language: Language) -> str:
    """The question with a thing that an earlier one told more of ("the delegation") said as it was said there."""
    for mention in mentions(rest, language):
        if mention.named or mention.head in MEASURES or mention.start < asks_of(rest, language).end:
            continue
        fuller = [
            other
            for one in said
            if one.language == language
            for other in mentions(one.question, language)
            if other.head == mention.head and other.plural == mention.plural and other.named
            and not set(stems(mention.text)) - set(stems(other.text))
        ]  # fmt: skip
        if fuller:
            put = max(fuller, key=lambda other: len(other.text))
            text = inflected(put, mention.case) if mention.case else put.text  # type: ignore[arg-type]
            return rest[: mention.start] + text + rest[mention.end :]
    return rest


_BE = frozenset("ли был была было были есть будет будут".split())


def _is_fragment(rest: str, language: Language) -> bool:
    """Whether nothing in it says what is or happens."""
    asks = asks_of(rest, language)
    words = [token for token, _ in tokens(rest[asks.end :])]
    if language == "ru":
        if any(word.lower() in _BE or (is_predicate(word) and word.lower() not in STOPWORDS) for word in words):
            return False
        plain = [m for m in mentions(rest, "ru") if not m.preposition and m.case == "nomn" and m.start >= asks.end]
        return not (asks.word and plain)
    if any(AUXILIARY.fullmatch(word) for word in words):
        return False
    verb = r"[a-z]{3,}ed|made|won|held|led|met" if asks.counts else r"[a-z]{3,}ed|[a-z]+s|made|won|held|led|met"
    return not (asks.word and words and re.fullmatch(verb, words[0]))


def _carried(
    rest: str, before: Exchange, language: Language, *, time: bool = True, own: str = "", thin: bool = False
) -> str:
    """A question with the names, and the time, that the earlier one was about; a `thin` one with all that it was."""
    text = rest.strip(" ?!.")
    named = [mention for mention in mentions(own, language) if mention.named] if own else []
    aside: list[str] = []
    spoken = mentions(before.question, before.language)
    thin = thin or not any(mention.named for mention in spoken)
    for mention in spoken:
        if not mention.named and not (thin and mention.start >= before.asks.end and mention.head not in MEASURES):
            continue
        phrase, preposition = mention.text, mention.preposition
        if (
            not thin
            and mention.end > mention.core
            and not _capital(mention.text[: mention.core - mention.start], mention.start)
        ):
            phrase = mention.text[mention.core - mention.start :].strip()
            first, _, remainder = phrase.partition(" ")
            preposition = first.lower() if first.lower() in GOVERNS or first.lower() in PREPOSITIONS else ""
            phrase = remainder if preposition and preposition != "of" else phrase
            preposition = "" if preposition == "of" else preposition
        if all(word in set(stems(text)) for word in stems(phrase) if word not in STOPWORDS):
            continue
        if _capital_stems(phrase) and _capital_stems(phrase) <= set(stems(text)):
            continue
        if (not preposition and named) or any(preposition == mention.preposition for mention in named):
            continue
        article = "the " if language == "en" and re.search(rf"\bthe\s+{re.escape(phrase)}", before.question) else ""
        somebody = (
            preposition == "at" and mention.kind != "place" and mention.text.istitle() and " " not in mention.text
        )
        repeated = thin and re.search(rf"\b{preposition}\s", text)
        if preposition and preposition not in _OF_MOTION and not (somebody or repeated):
            text += f" {preposition} {article}{phrase}"
        else:
            aside.append(phrase.removeprefix("of "))
    if time and not TIME.search(text) and not re.match(r"(?:когда|when)\b", text, re.I):
        found = TIME.search(before.question)
        if found and not NOW.search(found[0]):
            text += f" {found[0]}"
    if aside:
        text += f" ({', '.join(aside)})"
    return text


_OF_MOTION = frozenset("to from".split())  # they go with the verb of the earlier question


def _capital(text: str, start: int) -> bool:
    return any(word[0].isupper() for word in re.findall(r"\w+", text[0 if start else 1 :]))


def _capital_stems(text: str) -> set[str]:
    return {term(token) for token, _ in tokens(text) if token[0].isupper()}
