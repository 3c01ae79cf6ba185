"""Ellipsis: a fragment takes its place in the question before ("And in 2022?", «А с Казахстаном?», "Why?")."""

from __future__ import annotations

import re
from itertools import pairwise

from istok.index.language import detect
from istok.index.terms import is_country, stem
from istok.index.types import Language
from istok.rag.conversation.exchange import AUXILIARY, MEASURES, Asks, Exchange, asks_of, stems
from istok.rag.conversation.mentions import GOVERNS, PREPOSITIONS, Mention, inflected, mentions
from istok.rag.morphology import parses
from istok.rag.question import NOW, TIME


def asked_anew(rest: str, asks: Asks, fragment: str, before: Exchange, language: Language) -> str:
    """The earlier question with the question word, the time and the things of a fragment in place of its own."""
    base, old = before.question, before.asks
    text = base.rstrip(" ?!.")
    if language != before.language:
        # Words of one language don't fit into a sentence of the other: they stand before it.
        if TIME.search(fragment):
            text = TIME.sub(" ", text)
        marks = "“”" if language == "en" else "«»"
        return f"{rest.strip(' ?!.')} — {marks[0]}{' '.join(text.split())}{marks[1]}"
    kept: list[str] = []
    for time in TIME.finditer(fragment):
        kept.append(time[0])
    plain = _with_noun(TIME.sub(" ", fragment).strip(" ,"), before, language)
    for time_ in kept:
        text = _timed(text, time_)
    # The things come before the question word: their places are looked for in the earlier question as it was.
    pieces = _pieces(plain, language)
    if any(piece.preposition in ("до", "после", "before", "after") for piece in pieces):
        text = " ".join(NOW.sub(" ", text).split())
    for piece in pieces:
        text = _placed(text, piece, before, language)
    if asks.word and (asks.word + asks.noun).lower() != (old.word + old.noun).lower():
        text = _reworded(text, asks, rest[: asks.end], before, language)
    return text


def _timed(text: str, time: str) -> str:
    """The question at another time: in place of its own, or at its end."""
    found = TIME.search(text)
    month = re.fullmatch(r"(?:в|за|in|for)\s+([^\W\d]+)", time, re.IGNORECASE)
    if found:
        year = re.search(r"(?:19|20)\d\d(?:[-\s]*(?:м\s+)?(?:году|года|год|г\.?))?", found[0])
        if month and year and not re.match(r"сейчас|now", month[0], re.I) and "год" not in time and "year" not in time:
            digits = year[0][:4]
            time = f"{time} {digits} года" if detect(time) == "ru" else f"{time} {digits}"
        text = text[: found.start()] + time + text[found.end() :]
        return _present(text) if NOW.search(time) else text
    without = " ".join(NOW.sub(" ", text).split())
    return f"{without} {time}"


def _present(text: str) -> str:
    """What was, as what is."""
    for pattern, put in ((r"\bбыл[аио]?\b", "является"), (r"\b[Ww]as\b", "is"), (r"\b[Ww]ere\b", "are")):
        text = re.sub(pattern, put, text)
    return text


def _pieces(fragment: str, language: Language) -> list[Mention]:
    # A fragment's first word isn't a sentence's: a capital there is a name's.
    return mentions(f"— {fragment}", language) if fragment else []


def _with_noun(fragment: str, before: Exchange, language: Language) -> str:
    """A Russian fragment that ends in an adjective («А Ульяновской?»), with the noun of the earlier question that an
    adjective like it belongs to («Смоленской области»)."""
    words = fragment.split()
    if language != "ru" or not 1 <= len(words) <= 2 or mentions(fragment, "ru"):
        return fragment
    adjective = words[-1]
    found = mentions(before.question, "ru")
    for mention in [one for each in found for one in (each, *each.belongings)]:
        for other, noun in pairwise(mention.words):
            if not other.parse or not noun.parse or other.parse.tag.POS != "ADJF" or noun.parse.tag.POS != "NOUN":
                continue
            if other.text[0].isupper() != adjective[0].isupper():
                continue
            fitting = [
                made.word
                for parse in parses(adjective)
                if parse.tag.POS == "ADJF" and parse.tag.gender == other.parse.tag.gender
                and parse.tag.number == other.parse.tag.number
                and (made := noun.parse.inflect({parse.tag.case})) is not None
                and (len(words) == 1 or parse.tag.case in GOVERNS.get(words[0].lower(), ()))
            ]  # fmt: skip
            if fitting:
                return f"{fragment} {fitting[0]}"
    return fragment


_CAPITALS = re.compile(r"\b[A-ZА-ЯЁ][\w-]*(?:\s+[A-ZА-ЯЁ][\w-]*)*")


def _placed(text: str, piece: Mention, before: Exchange, language: Language) -> str:
    """The question with a thing of the same kind, or in the same place of the sentence, replaced by `piece`."""
    if set(stems(piece.text)) <= set(stems(text)):
        return text
    found = mentions(text, language)
    slots = [slot for mention in found for slot in (mention, *mention.nested, *mention.belongings)]
    start = before.asks.end
    best: tuple[float, Mention] | None = None
    for slot in slots:
        if slot.end <= start and not before.asks.counts:
            continue
        score = 0.0
        country = is_country(stem(slot.text)), is_country(stem(piece.text))
        if piece.proper != slot.proper:
            continue
        if piece.kind == slot.kind:
            score += 1.0
        if all(country):
            score += 1.0
        if piece.preposition and piece.preposition == slot.preposition:
            score += 1.0
        elif piece.preposition and not (all(country) or (piece.kind == slot.kind == "place")):
            score -= 1.5
        elif slot.preposition and not piece.preposition and not piece.proper:
            score -= 1.0
        if piece.case and piece.case == slot.case:
            score += 0.5
        if piece.head == slot.head:
            score += 1.0
        if score > 0.4 and (best is None or score > best[0]):
            best = score, slot
    if best is None:
        inner = next(
            (m for slot in slots if (m := _CAPITALS.search(text, slot.start, slot.core)) and slot.start >= start), None
        )
        if piece.proper and not piece.preposition and inner:
            put = piece.text.strip('«»“”"') if text[inner.start() - 1] in '«“"' else piece.text
            return text[: inner.start()] + put + text[inner.end() :]
        preposition = f"{piece.preposition} " if piece.preposition else ""
        return f"{text} {preposition}{piece.text}" if preposition else f"{text} ({piece.text})"
    slot = best[1]
    # It keeps what belonged to the one before it, unless it brings its own.
    stop = slot.end if piece.end > piece.core else slot.core
    begin = slot.start
    put = piece.text
    if language == "ru":
        preposition = piece.preposition or slot.preposition
        same = preposition == slot.preposition
        if same and slot.case and not (piece.preposition and piece.case):
            put = inflected(piece, slot.case)  # type: ignore[arg-type]
        if not same and slot.preposition:
            begin = max(0, text.lower().rfind(slot.preposition, 0, slot.start))
            put = f"{preposition} {put}"
        elif not same:
            put = f"{preposition} {put}"
    else:
        run = text[slot.start : slot.core]
        capital = re.match(r"(?:[A-Z][\w-]*\s+)+(?=[a-z])", run)
        if capital and not piece.proper:
            begin += capital.end()
        if piece.preposition and slot.preposition and piece.preposition != slot.preposition:
            begin = max(0, text.lower().rfind(slot.preposition, 0, slot.start))
            put = f"{piece.preposition} {put}"
    return text[:begin] + put + text[stop:]


def _reworded(text: str, asks: Asks, opening: str, before: Exchange, language: Language) -> str:
    """The earlier question with another question word; what it had asked for is told, where that is short."""
    old = asks_of(text, language)
    rest = text[old.end :].strip()
    told = _told(old, before, language)
    filled = told
    led = " " in old.word and old.word.split()[0].lower() in {*GOVERNS, *PREPOSITIONS}
    free = not led and (not asks.noun or " " in asks.word)
    if not told and old.noun and not _names_same(asks.noun, old.noun) and (old.counts or free):
        filled = old.noun
    if not filled:
        verb = re.match(r"([a-z]+ed)\s+(?=the\b|an?\b|[A-Z«])", rest)
        if language == "en" and asks.adverb and verb:
            # Who did it isn't told: it is asked of what was done.
            return f"{opening} was {rest[verb.end() :]} {verb[1]}"
        return f"{opening} {rest}"
    fronted = led or (told != "" and told.split()[0] in PREPOSITIONS)
    if language == "ru":
        return f"{opening} {rest} {filled}" if fronted else f"{opening} {filled} {rest}"
    auxiliary = AUXILIARY.match(rest)
    if (auxiliary and re.match(r"do|does|did", auxiliary[0])) or fronted:
        time = TIME.search(rest)
        if time and time.end() == len(rest):
            return f"{opening} {rest[: time.start()]}{filled} {time[0]}"
        return f"{opening} {rest} {filled}"
    if auxiliary:
        return f"{opening} {auxiliary[0]} {filled} {rest[auxiliary.end() :]}"
    return f"{opening} {filled} {rest}"


def _names_same(noun: str, old: str) -> bool:
    """Whether what is asked for is what was asked for, perhaps in a compound («техника», «спецтехника»)."""
    return any(one in other for one in stems(noun) for other in stems(old) if len(one) > 3)


def _told(old: Asks, before: Exchange, language: Language) -> str:
    """What the earlier answer gave for the question word, if it is a name."""
    if not old.word or not before.short or old.counts or detect(before.focus) != language:
        return ""
    answered = [m for m in mentions(before.focus) if m.head not in MEASURES]
    named = [m for m in answered if m.named]
    if not named or any(c.isdigit() for c in before.focus):
        return ""
    if len(named) > 1:
        return before.focus if len(named) == len(answered) and all(m.proper for m in named) else ""
    if old.adverb and named[0].kind != "place":
        return ""
    preposition = f"{named[0].preposition} " if named[0].preposition else ""
    return preposition + named[0].text
