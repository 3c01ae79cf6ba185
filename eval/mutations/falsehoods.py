"""Falsehoods: what can be made false in a true claim, by kind ("group: what").

Each kind is a function from a truth to all the ways in which it can be changed so; what happens to be true still is
left out afterwards, by `still_true`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import partial
from itertools import pairwise
from random import Random

from istok.eval.mutations import inflection
from istok.eval.mutations.mentions import CASES, Mention, cities, countries, people, russian_people
from istok.eval.mutations.substitution import WORD, lists, replaced, swapped
from istok.eval.mutations.truths import Truth
from istok.index.terms import STOPWORDS, keys, stem, tokens
from istok.index.types import Language

Change = Callable[[Truth], Iterator[str]]

MONTHS: Mapping[Language, tuple[str, ...]] = {
    "ru": tuple("январь февраль март апрель май июнь июль август сентябрь октябрь ноябрь декабрь".split()),
    "en": tuple(
        "January February March April May June July August September October November December".split()
    ),
}  # fmt: skip
MONTH_OF = {
    **{form: number for number, word in enumerate(MONTHS["ru"], 1) for form in (word, *inflection.forms(word))},
    **{word.lower(): number for number, word in enumerate(MONTHS["en"], 1)},
}
MONTHS_PATTERN = "|".join(sorted((re.escape(form) for form in MONTH_OF), key=len, reverse=True))
DAY = re.compile(
    rf"(?<![\d.,:])(\d{{1,2}})(?= (?:{MONTHS_PATTERN})\b)|\b(?<=[a-z] )(\d{{1,2}})(?=,? \d{{4}}\b)", re.IGNORECASE
)
MONTH = re.compile(rf"\b(?:{MONTHS_PATTERN})\b", re.IGNORECASE)
YEAR = re.compile(r"(?<![\d.,-])(?:1[5-9]|20)\d\d(?![\d%]|[.,]\d)")
_CLOCK = re.compile(r"\d{1,2}:\d\d|\d{1,4}[./-]\d{1,2}[./-]\d{1,4}")
NUMBER = re.compile(
    r"(?<![\w.,№/:-])(?:\d{1,3}(?:[\u00a0\u202f ]\d{3})+|\d{1,3}(?:,\d{3})+(?!\d)|\d+(?:[.,]\d+)?)(?![\d:/]|[.,]\d)"
)
DIGITS = {
    "два": 2, "три": 3, "четыре": 4, "пять": 5, "шесть": 6, "семь": 7, "восемь": 8, "девять": 9, "десять": 10,
    "двенадцать": 12, "пятнадцать": 15, "двадцать": 20, "тридцать": 30, "пятьдесят": 50, "двое": 2, "трое": 3,
    "четверо": 4, "первый": 1, "второй": 2, "третий": 3, "четвёртый": 4, "пятый": 5, "двухлетний": 2, "трёхлетний": 3,
    "пятилетний": 5, "семилетний": 7, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
    "nine": 9, "ten": 10, "twelve": 12, "fifteen": 15, "twenty": 20, "first": 1, "second": 2, "third": 3, "fourth": 4,
    "fifth": 5,
}  # fmt: skip


def numbers(text: str) -> list[re.Match[str]]:
    """The figures of a text that are no dates and no times of day."""
    dates = [match.span() for pattern in (DAY, YEAR, _CLOCK) for match in pattern.finditer(text)]
    return [
        match
        for match in NUMBER.finditer(text)
        if not any(start < match.end() and match.start() < end for start, end in dates)
    ]


def decimal(figure: str) -> Decimal:
    """The value of a figure as it is written in either language."""
    plain = re.sub(r"[\u00a0\u202f ]|,(?=\d{3}(?:\D|$))", "", figure)
    return Decimal(plain.replace(",", "."))


def agreement(figure: str) -> str:
    """Which form of a counted word a figure asks for: that of 1, of 2 to 4, of 5 and more, or of a fraction."""
    value = decimal(figure)
    if value != value.to_integral_value():
        return "fraction"
    tens, ones = divmod(int(value) % 100, 10)
    if tens == 1 or ones == 0 or ones > 4:
        return "many"
    return "one" if ones == 1 else "few"


def _digits(truth: Truth) -> Iterator[str]:
    for match in numbers(truth.text):
        for figure in _other_figures(match[0]):
            bare = truth.text[match.end() :].lstrip(" \u00a0\u202f")[:1] in ("%", "-", "$")
            one = agreement(figure) == "one", agreement(match[0]) == "one"
            agrees = agreement(figure) == agreement(match[0]) if truth.language == "ru" else one[0] == one[1]
            if bare or agrees:
                yield replaced(truth.text, *match.span(), figure)


def _other_figures(figure: str) -> Iterator[str]:
    """A figure with two neighbouring digits changed about, with one digit changed, with ten times the value."""
    places = [place for place, character in enumerate(figure) if character.isdigit()]
    for left, right in pairwise(places):
        if right == left + 1 and figure[left] != figure[right]:
            yield from _valid(figure[:left] + figure[right] + figure[left] + figure[right + 1 :])
    for place in places:
        for step in (2, 3, 5, 7):
            digit = str((int(figure[place]) + step) % 10)
            yield from _valid(figure[:place] + digit + figure[place + 1 :])
    if figure.isdigit() and len(figure) < 3:
        yield from _valid(figure + "0")


def _valid(figure: str) -> Iterator[str]:
    if figure[0] != "0" or figure[:2] in ("0,", "0."):
        yield figure


def _words(truth: Truth) -> Iterator[str]:
    for changed in swapped(truth.text, "numbers", truth.language):
        at = _differs(truth.text, changed)
        ordinal = re.match(r"(?:first|second)\b", truth.text[at:])
        if at and truth.text[at].isupper():
            continue  # a title
        if not ordinal or re.search(r"(?:\b(?:[Tt]he|his|her|its|their|a)|'s) $", truth.text[:at]):
            yield changed


def _counted(section: str, truth: Truth) -> Iterator[str]:
    """With another scale or unit after a figure."""
    for changed in swapped(truth.text, section, truth.language):
        start = _differs(truth.text, changed)
        before = truth.text[:start].split()
        if truth.text[start].isupper():
            continue  # a title
        if section == "scale" or (
            before and (before[-1][-1].isdigit() or _number_word(before[-1]) or _scale(before[-1]))
        ):
            yield changed


def _differs(text: str, changed: str) -> int:
    """Where the word begins in which two texts begin to differ."""
    at = next(place for place, pair in enumerate(zip(changed, text, strict=False)) if pair[0] != pair[1])
    return max(text.rfind(" ", 0, at + 1), text.rfind("-", 0, at)) + 1


def _number_word(word: str) -> bool:
    return any(parse.normal_form in DIGITS or parse.tag.POS == "NUMR" for parse in inflection.parses(word.lower()))


def _scale(word: str) -> bool:
    return bool(re.match(r"(?:млн|млрд|тыс\.|миллион|миллиард|тысяч|million|billion|thousand)", word))


def _exchanged_figures(truth: Truth) -> Iterator[str]:
    """Two figures in each other's place."""
    found = numbers(truth.text)
    for one, other in pairwise(found):
        between = truth.text[one.end() : other.start()]
        listed = re.fullmatch(r"\s*(?:,|и|или|and|or|[-–—])\s*", between)
        same = agreement(one[0]) == agreement(other[0]) or truth.language == "en"
        odd = any(re.match(r"0\d", figure[0]) for figure in (one, other))
        if decimal(one[0]) != decimal(other[0]) and not odd and same and not listed:
            text = truth.text[: one.start()] + other[0] + between + one[0] + truth.text[other.end() :]
            if text != truth.text:
                yield text


def _day(truth: Truth) -> Iterator[str]:
    for match in DAY.finditer(truth.text):
        day = int(match[0])
        for other in (day + 1, day - 1, day + 10, day - 10, day + 4):
            if 1 <= other <= 28:
                yield replaced(truth.text, *match.span(), str(other))


def _month(truth: Truth) -> Iterator[str]:
    for match in MONTH.finditer(truth.text):
        if match[0] in ("may", "march", "мая") and truth.language == "en":
            continue
        if not (match[0][0].isupper() or truth.language == "ru"):
            continue
        number = MONTH_OF[match[0].lower()]
        for step in (1, 2, 5, 11):
            other = MONTHS[truth.language][(number - 1 + step) % 12]
            if truth.language == "ru":
                parse = next(one for one in inflection.every(match[0]) if one.normal_form == MONTHS["ru"][number - 1])
                other = inflection.like(match[0], other, parse) or match[0]
            if other != match[0]:
                yield replaced(truth.text, *match.span(), other)


def _year(truth: Truth) -> Iterator[str]:
    for match in YEAR.finditer(truth.text):
        for step in (1, -1, 2, -3, 10, -10):
            yield replaced(truth.text, *match.span(), str(int(match[0]) + step))


def _person(truth: Truth) -> Iterator[str]:
    for mention in people(truth):
        end = mention.last_start + len(mention.last)
        for other in _other_surnames(mention, truth.language):
            if other != mention.last:
                yield replaced(truth.text, mention.last_start, end, other)


def _other_surnames(mention: Mention, language: Language) -> Iterator[str]:
    pool = lists()["surnames"]
    if language == "en":
        yield from pool["en"]
        return
    # Surnames of one declension share their endings, so that nobody need know which case the ending is of.
    for suffix, names in pool.items():
        if suffix in ("other", "en"):
            continue
        ending = re.search(rf"{suffix[:-2]}(?:{_ENDINGS[suffix]})$", mention.last)
        if ending:
            stem_ = ending[0].replace("ё", "е")
            for name in names:
                yield name.removesuffix(suffix) + stem_
            return
    if mention.first and mention.gender in ("masc", "femn") and mention.case in CASES:
        for name in pool["other"]:
            if mention.gender == "femn":
                yield name  # a woman's surname on a consonant isn't declined
            else:
                yield name + _MASCULINE[mention.case]


_ENDINGS = {
    "ов": "ов(?:а|у|ым|е|ой|ы|ых)?", "ев": "[её]в(?:а|у|ым|е|ой|ы|ых)?", "ин": "ин(?:а|у|ым|е|ой|ы|ых)?",
    "ский": "ск(?:ий|ого|ому|им|ом|ая|ой|ую)", "ко": "ко",
}  # fmt: skip
_MASCULINE = {"nomn": "", "gent": "а", "datv": "у", "accs": "а", "ablt": "ом", "loct": "е"}


def _place(kind: str, find: Callable[[Truth], Sequence[Mention]], truth: Truth) -> Iterator[str]:
    for mention in find(truth):
        before = truth.text[: mention.start].split()[-1:]
        if before and (before[0].lower() in ("во", "со", "на", "имени", "the") or before[0][-1] in '«"'):
            continue
        for russian, english in lists()["places"][kind]:
            new = english if truth.language == "en" else inflection.like(mention.last, russian, mention.parse)
            if new and new.lower() != mention.last.lower():
                yield replaced(truth.text, mention.start, mention.end, inflection.capitals(new, mention.last))


def _nationality(truth: Truth) -> Iterator[str]:
    places = lists()["places"]
    offered = places["nationalities"]
    for russian, english in (*offered, *places["more_nationalities"]):
        for match in WORD.finditer(truth.text):
            if truth.language == "en" and match[0] == english:
                for _, other in offered:
                    if other != english:
                        yield replaced(truth.text, *match.span(), other)
            elif truth.language == "ru" and match[0].lower().startswith(russian[:5]):
                parse = inflection.parses(match[0])[0]
                if parse.normal_form == russian and parse.tag.POS == "ADJF":
                    for other, _ in offered:
                        new = inflection.like(match[0], other, parse)
                        if new and other != russian:
                            yield replaced(truth.text, *match.span(), new)


_QUOTED = re.compile(r"«([^«»]+)»|[\"“]([^\"“”]+)[\"”]")


def _organisation(truth: Truth) -> Iterator[str]:
    """Another quoted name, acronym or ministry."""
    names = lists()["organisations"]
    language = truth.language
    for match in _QUOTED.finditer(truth.text):
        name = match[1] or match[2]
        nominative = language == "en" or inflection.parses(name.split()[0])[0].tag.case in ("nomn", "accs", None)
        if name[:1].isupper() and len(name.split()) <= 3 and nominative:
            start = match.start() + 1
            for other in names[f"quoted_{language}"]:
                if other != name:
                    yield replaced(truth.text, start, start + len(name), other)
    for family in names[f"acronyms_{language}"]:
        yield from _of_family(truth.text, family)
    if language == "ru":
        yield from _of_family(truth.text, names["short_ministries_ru"])
        for match in re.finditer(rf"(?<=[Мм]инистр)\w* ({'|'.join(names['ministries_ru'])})\b", truth.text):
            for other in names["ministries_ru"]:
                if other != match[1]:
                    yield replaced(truth.text, match.start(1), match.end(1), other)
    else:
        word = "|".join(names["ministries_en"])
        for match in re.finditer(rf"\b({word})(?= Minist)|(?<=Ministry of )({word})\b", truth.text):
            for other in names["ministries_en"]:
                if other[:5] != match[0][:5]:
                    yield replaced(truth.text, *match.span(), other)


def _of_family(text: str, family: Sequence[str]) -> Iterator[str]:
    for match in re.finditer(rf"\b(?:{'|'.join(map(re.escape, family))})\b", text):
        for other in family:
            if other != match[0]:
                yield replaced(text, *match.span(), other)


def _listed(section: str, truth: Truth) -> Iterator[str]:
    for changed in swapped(truth.text, section, truth.language):
        at = _differs(truth.text, changed)
        if not at or truth.text[at].islower():  # else a title
            yield changed


_SUBORDINATE_RU = re.compile(
    r"\b(?:что|чтобы|котор\w+|если|когда|пока|потому|поскольку|так как|где|кто|как|хотя|чем|чья|чей|чьи|куда|откуда)\b",
    re.IGNORECASE,
)
_SUBORDINATE_EN = re.compile(
    r"\b(?:that|who|whom|which|whose|if|when|while|because|since|where|as|although|what|how|why|until|than|after|before|once)\b",
    re.IGNORECASE,
)
_NEGATIVE_RU = re.compile(
    r"\b(?:не|ни|нет|нельзя|никто|никогда|ничего|никак\w*|нигде|нечего|некому|без|только|лишь)\b", re.IGNORECASE
)
_NEGATIVE_EN = re.compile(
    r"\b(?:not|no|never|nobody|nothing|none|neither|nor|without|only|cannot|hardly)\b|n't\b", re.IGNORECASE
)
_FINITE = frozenset(("VERB", "PRTS"))
_AUXILIARY = re.compile(r"\b(?:was|were|is|are|has|had|will|would|could|should|must|may|can)\b")
_PAST = {
    "became": "become", "took": "take", "got": "get", "went": "go", "made": "make", "said": "say", "gave": "give",
    "came": "come", "found": "find", "won": "win", "lost": "lose", "led": "lead", "began": "begin", "rose": "rise",
    "fell": "fall", "grew": "grow", "sold": "sell", "bought": "buy", "built": "build", "told": "tell", "met": "meet",
    "left": "leave", "held": "hold", "wrote": "write", "spent": "spend", "sent": "send", "saw": "see", "ran": "run",
    "died": "die", "served": "serve", "announced": "announce", "received": "receive", "wanted": "want",
    "promised": "promise", "declared": "declare", "joined": "join", "played": "play", "graduated": "graduate",
    "lasted": "last", "belonged": "belong", "offered": "offer", "lived": "live", "studied": "study", "visited": "visit",
    "headed": "head", "signed": "sign", "proposed": "propose", "published": "publish", "launched": "launch",
    "accused": "accuse", "criticised": "criticise", "demanded": "demand", "supported": "support", "broke": "break",
    "beat": "beat", "cost": "cost", "let": "let", "put": "put", "set": "set",
}  # fmt: skip
_PAST_TENSE = re.compile(rf"\b(?:{'|'.join(_PAST)})\b")


def _negated(truth: Truth) -> Iterator[str]:
    """The main verb with "not" before it."""
    text = truth.text
    if truth.language == "ru":
        if _NEGATIVE_RU.search(text) or _SUBORDINATE_RU.match(text):
            return
        until = match.start() if (match := _SUBORDINATE_RU.search(text)) else len(text)
        for word in WORD.finditer(text, 0, until):
            top = inflection.parses(word[0])[0]
            if (top.tag.POS in _FINITE or top.normal_form == "должный") and top.score > 0.5 and word[0][0].islower():
                before = text[: word.start()].split()[-1:]
                if before != ["бы"] and top.normal_form not in ("мочь", "сообщить", "заявить"):
                    yield text[: word.start()] + "не " + text[word.start() :]
                    return
        return
    if _NEGATIVE_EN.search(text) or _SUBORDINATE_EN.match(text):
        return
    until = match.start() if (match := _SUBORDINATE_EN.search(text)) else len(text)
    auxiliary = _AUXILIARY.search(text, 0, until)
    past = _PAST_TENSE.search(text, 0, auxiliary.start() if auxiliary else until)
    if (
        past
        and past.start()
        and not re.search(r"\b(?:was|were|been|be|had|has|have|by|the|a|to|and)\s$", text[: past.start()])
    ):
        yield text[: past.start()] + "did not " + _PAST[past[0]] + text[past.end() :]
    elif auxiliary and auxiliary.start():
        joint = "not" if auxiliary[0] == "can" else " not"
        yield text[: auxiliary.end()] + joint + text[auxiliary.end() :]


def _affirmed(truth: Truth) -> Iterator[str]:
    """The verb without its "not"."""
    text = truth.text
    if truth.language == "ru":
        if len(_NEGATIVE_RU.findall(text)) == 1:
            for match in re.finditer(r"\b([Нн])е (?=(\w+))", text):
                top = inflection.parses(match[2])[0]
                idiom = match[2] in ("стало", "дожил", "дожила") or re.search(r", а\b", text[match.end() :])
                if (top.tag.POS in _FINITE or top.normal_form == "должный") and not idiom:
                    rest = text[match.end() :]
                    yield text[: match.start()] + inflection.capitals(rest, "Н" if match[1] == "Н" else "н")
    elif len(_NEGATIVE_EN.findall(text)) == 1 and not re.search(r"\b(?:but|any\w*)\b|^If\b", text):
        for match in re.finditer(r"(?<=was|ere|.is|are|had|has|uld|ust) not(?= )|(?<=can)not\b", text):
            yield text[: match.start()] + text[match.end() :]


def _roles(truth: Truth) -> Iterator[str]:
    """Two people, or two countries, in each other's place."""
    text, russian = truth.text, truth.language == "ru"
    words = lists()["symmetric"][truth.language].split()
    said = (
        inflection.lemmas(match[0] for match in WORD.finditer(text.lower()))
        if russian
        else {match[0] for match in WORD.finditer(text.lower())}
    )
    if said & {word.replace("ё", "е") for word in words}:
        return
    for find in (people, countries, cities):
        found = [
            mention for mention in find(truth) if text[mention.start - 1 : mention.start] not in ("«", '"', "“", "-")
        ]
        for one, other in pairwise(found):
            if one.last == other.last or len(found) > 3:
                continue
            between = text[one.end : other.start]
            if re.fullmatch(r"\s*(?:,|и|или|and|or|,\s*and|[-–—/])\s*", between):
                continue
            first: str | None
            second: str | None
            if not russian:
                first, second = text[one.start : one.end], text[other.start : other.end]
            elif one.case == other.case or not _exchangeable(one, other, find is people):
                continue
            else:
                first, second = _declined(text, one, other.case), _declined(text, other, one.case)
            if first and second:
                yield text[: one.start] + second + between + first + text[other.end :]


def _exchangeable(one: Mention, other: Mention, people_: bool) -> bool:
    """Whether what agrees with either of two names would agree with the other."""
    subject = "nomn" in (one.case, other.case)
    if people_:
        if not all("Surn" in mention.parse.tag for mention in (one, other)):
            return False
        return one.gender == other.gender and one.gender in ("masc", "femn")
    return not subject or one.gender == other.gender


def _declined(text: str, mention: Mention, case: str) -> str | None:
    words = text[mention.start : mention.end].split(" ")
    analyses = [mention.first, mention.parse] if mention.first else [mention.parse]
    if len(words) != len(analyses):
        return None
    forms = [parse.inflect({case}) for parse in analyses]
    if not all(forms):
        return None
    return " ".join(inflection.capitals(form.word, word) for form, word in zip(forms, words, strict=True))


FALSEHOODS: Mapping[str, Change] = {
    "figures: digits": _digits,
    "figures: scale": partial(_counted, "scale"),
    "figures: unit": partial(_counted, "unit"),
    "figures: in words": _words,
    "figures: exchanged": _exchanged_figures,
    "dates: day": _day,
    "dates: month": _month,
    "dates: year": _year,
    "names: person": _person,
    "places: country": partial(_place, "countries", countries),
    "places: nationality": _nationality,
    "places: city": partial(_place, "cities", cities),
    "organisations": _organisation,
    "direction": partial(_listed, "direction"),
    "order": partial(_listed, "order"),
    "opposite": partial(_listed, "opposite"),
    "negation: added": _negated,
    "negation: removed": _affirmed,
    "roles": _roles,
}
EXCHANGES = frozenset(("figures: exchanged", "roles"))
"""The kinds that say nothing new."""

_ABBREVIATED = {"млн": "миллион", "млрд": "миллиард", "тыс": "тысяча"}


def still_true(truth: Truth, changed: str) -> bool:
    """Whether something that is new in `changed` stands in the proof too, so that it may be true there."""
    known = _said(truth.quotes) | {value for date in truth.dates for value in _dated(date)}
    new = Counter(_units(changed)) - Counter(_units(truth.text))
    for unit in new:
        if unit.casefold() in STOPWORDS:
            continue
        if _signs(unit) & known:
            return True
    return False


def _units(text: str) -> list[str]:
    return [match[0] for match in numbers(text)] + [
        token for token, range_ in tokens(text) if not any(n.start() <= range_.start < n.end() for n in numbers(text))
    ]


def _said(text: str) -> set[str]:
    return {sign for unit in _units(text) for sign in _signs(unit)}


def _signs(unit: str) -> set[str]:
    """What a word or figure is known by, whatever its form and language."""
    if date := re.fullmatch(r"(\d{1,2})\.(\d{1,2})\.(\d{4})", unit):
        return set(_dated("-".join(reversed(date.groups()))))
    if unit[0].isdigit():
        try:
            return {str(decimal(unit).normalize())}
        except ArithmeticError:
            return {unit}
    lower = unit.lower()
    signs = {stem(_ABBREVIATED.get(lower, lower))}
    if number := MONTH_OF.get(lower):
        signs.add(f"month {number}")
    for lemma in {lower, *(parse.normal_form for parse in inflection.parses(lower))}:
        if value := DIGITS.get(lemma):
            signs.add(str(Decimal(value).normalize()))
        if lemma in _ABBREVIATED.values():
            signs.add(stem(lemma))
    if unit[0].isupper():
        signs |= {f"key {key}" for key in keys(unit)}
    return signs


def _dated(date: str) -> Iterator[str]:
    year, *rest = date.split("-")
    yield str(Decimal(year).normalize())
    for name, part in zip(("month ", ""), rest, strict=False):
        yield f"{name}{int(part)}" if name else str(Decimal(int(part)).normalize())


def draw(options: Sequence[str], seed: str) -> str | None:
    """One of the options, always the same one."""
    return Random(seed).choice(options) if options else None  # noqa: S311 - nothing secret is drawn


__all__ = ["EXCHANGES", "FALSEHOODS", "Change", "draw", "russian_people", "still_true"]
