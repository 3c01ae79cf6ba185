"""Rewordings: how a true claim can be said in another way and stay true, by kind ("group: what")."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date

from istok.eval.mutations import inflection
from istok.eval.mutations.falsehoods import (
    DAY,
    MONTH,
    MONTH_OF,
    MONTHS,
    MONTHS_PATTERN,
    Change,
    agreement,
    decimal,
    numbers,
)
from istok.eval.mutations.mentions import people
from istok.eval.mutations.substitution import WORD, replaced, swapped
from istok.eval.mutations.truths import Truth
from istok.index.types import Language

_SCALES = {"тыс.": 10**3, "тысяч": 10**3, "тысячи": 10**3, "млн": 10**6, "миллион": 10**6, "миллиона": 10**6,
           "миллионов": 10**6, "млрд": 10**9, "миллиард": 10**9, "миллиарда": 10**9, "миллиардов": 10**9,
           "thousand": 10**3, "million": 10**6, "billion": 10**9}  # fmt: skip
_SHORT = {"миллион": "млн", "миллиард": "млрд", "тысяч": "тыс."}
_UNITS_RU = "ноль один два три четыре пять шесть семь восемь девять десять одиннадцать двенадцать тринадцать " \
    "четырнадцать пятнадцать шестнадцать семнадцать восемнадцать девятнадцать".split()  # fmt: skip
_TENS_RU = "двадцать тридцать сорок пятьдесят шестьдесят семьдесят восемьдесят девяносто".split()
_UNITS_EN = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen " \
    "seventeen eighteen nineteen".split()  # fmt: skip
_TENS_EN = "twenty thirty forty fifty sixty seventy eighty ninety".split()


def _unchanged(truth: Truth) -> Iterator[str]:
    if not truth.verbatim:
        yield truth.text


def _format(truth: Truth) -> Iterator[str]:
    """18,5 млн = 18,5 миллиона = 18 500 000; 45% = 45 процентов; 5000 = 5 000; $5 = 5 dollars."""
    text, russian = truth.text, truth.language == "ru"
    for match in numbers(text):
        following = re.match(r"[\u00a0\u202f ]?([%]|[^\W\d_]+\.?)?", text[match.end() :])
        word = (following and following[1]) or ""
        end = match.end() + (following.end() if following and word else 0)
        value = decimal(match[0])
        if word == "%":
            percents = {"one": "процент", "few": "процента", "many": "процентов", "fraction": "процента"}
            if russian and not _oblique(text, match.start()):
                yield replaced(text, match.start(), end, f"{match[0]} {percents[agreement(match[0])]}")
                yield replaced(
                    text, match.start(), end, f"{match[0]} %" if " " not in text[match.end() : end] else f"{match[0]}%"
                )
            elif not russian:
                yield replaced(text, match.start(), end, f"{match[0]} percent")
                yield replaced(text, match.start(), end, f"{match[0]} per cent")
            continue
        scale = _SCALES.get(word) or _SCALES.get(word.rstrip("."))
        if scale:
            word = word if word in _SCALES else word.rstrip(".")
            end = match.end() + text[match.end() :].index(word) + len(word)
            whole = value * scale
            if whole == whole.to_integral_value():
                yield replaced(text, match.start(), end, f"{int(whole):,}".replace(",", " " if russian else ","))
            for long, short in _SHORT.items():
                if word.startswith(long):
                    yield replaced(text, match.start(), end, f"{match[0]} {short}")
            if word in ("млн", "млрд") and not _oblique(text, match.start()):
                ending = {"one": "", "few": "а", "many": "ов", "fraction": "а"}[agreement(match[0])]
                yield replaced(
                    text, match.start(), end, f"{match[0]} {'миллион' if word == 'млн' else 'миллиард'}{ending}"
                )
        elif value >= 1000 and value == value.to_integral_value() and not _like_a_year(text, match):
            separator = " " if russian else ","
            grouped, plain = f"{int(value):,}".replace(",", separator), str(int(value))
            for other in (grouped, plain):
                if other != match[0]:
                    yield replaced(text, *match.span(), other)


def _like_a_year(text: str, match: re.Match[str]) -> bool:
    """Whether a figure may be a year of long ago, or part of a word."""
    before = re.search(r"\b(?:[Ii]n|of|since|by|until|[Вв]|с|до|к) $", text[: match.start()])
    return text[match.end() :].startswith("-") or bool(before and match[0].isdigit() and len(match[0]) == 4)


def _oblique(text: str, start: int) -> bool:
    """Whether a figure stands after a word that asks for another case than the nominative or accusative."""
    before = text[:start].lower().split()[-1:]
    return bool(before) and before[0] in (
        "до от с к из без около более менее свыше порядка после для у о об при над под перед между в больше меньше "
        "выше ниже не и равен равно двумя со почти".split()
    )


def _spelled(truth: Truth) -> Iterator[str]:
    """23 = twenty-three, and the other way round."""
    text = truth.text
    for match in numbers(text):
        if not match[0].isdigit() or not 2 <= int(match[0]) <= 99 or re.match(r"[%\-–:№]", text[match.end() :]):
            continue
        if not re.match(r" [^\W\d_]{3,}", text[match.end() :]) or re.search(
            r"[№$€#]\s?$|[Nn]o\.? $", text[: match.start()]
        ):
            continue
        if truth.language == "en":
            yield replaced(text, *match.span(), _capital(_english(int(match[0])), match.start()))
        elif not _oblique(text, match.start()) and int(match[0]) % 10 not in (1, 2) and _counts(text, match.end()):
            yield replaced(text, *match.span(), _capital(_russian(int(match[0])), match.start()))
    units, tens = (_UNITS_EN, _TENS_EN) if truth.language == "en" else (_UNITS_RU, _TENS_RU)
    for match in WORD.finditer(text):
        lemma = match[0].lower() if truth.language == "en" else _numeral(match[0])
        value = units.index(lemma) if lemma in units[2:] else 20 + 10 * tens.index(lemma) if lemma in tens else 0
        around = text[: match.start()].split()[-1:] + text[match.end() :].split()[:1]
        alone = not any(_numeral(word) or word.lower() in units + tens or word in _SCALES for word in around)
        if value and alone and not match[0][0].isupper():
            yield replaced(text, *match.span(), str(value))


def _counts(text: str, at: int) -> bool:
    """Whether the word after a figure is a noun in the genitive, as after a figure in the nominative."""
    following = WORD.search(text, at)
    return (
        bool(following) and any("gent" in parse.tag for parse in inflection.parses(following[0]))
        if following
        else False
    )


def _numeral(word: str) -> str:
    return next((parse.normal_form for parse in inflection.parses(word.lower()) if parse.tag.POS == "NUMR"), "")


def _russian(value: int) -> str:
    if value < 20:
        return _UNITS_RU[value]
    tens, ones = divmod(value, 10)
    return _TENS_RU[tens - 2] + (f" {_UNITS_RU[ones]}" if ones else "")


def _english(value: int) -> str:
    if value < 20:
        return _UNITS_EN[value]
    tens, ones = divmod(value, 10)
    return _TENS_EN[tens - 2] + (f"-{_UNITS_EN[ones]}" if ones else "")


def _capital(word: str, start: int) -> str:
    return word[:1].upper() + word[1:] if start == 0 else word


_FULL_RU = re.compile(r"(?<![\d.])(\d{1,2}) ([а-я]+) (\d{4}) (?:года|г\.)")
_FULL_EN = re.compile(r"(?<![\d.])(\d{1,2}) ([A-Z][a-z]+),? (\d{4})\b|\b([A-Z][a-z]+) (\d{1,2}), (\d{4})\b")
_SHORT_EN = re.compile(
    r"(?<![\d.])(\d{1,2}) ([A-Z][a-z]+)\b(?!,? \d)|\b([A-Z][a-z]+) (\d{1,2})\b(?![\d,:.]\d|,? \d{4})"
)


def _date(truth: Truth) -> Iterator[str]:
    """5 ноября 2025 года = 05.11.2025; 5 November = November 5."""
    text = truth.text
    for match in (_FULL_RU if truth.language == "ru" else _FULL_EN).finditer(text):
        day, month, year = (match[1], match[2], match[3]) if match[1] else (match[5], match[4], match[6])
        number = MONTH_OF.get(month.lower())
        if number and not _ENDS_RANGE.search(text, 0, match.start()):
            when = int(day), number, int(year)
            if truth.language == "ru":
                yield replaced(text, *match.span(), f"{when[0]:02}.{when[1]:02}.{when[2]}")
                yield replaced(text, *match.span(), f"{day} {month} {year} г.").replace("г..", "г.")
            else:
                yield replaced(text, *match.span(), f"{month} {day}, {year}" if match[1] else f"{day} {month} {year}")
                yield replaced(text, *match.span(), f"{when[2]}-{when[1]:02}-{when[0]:02}")
    if truth.language == "en":
        for match in _SHORT_EN.finditer(text):
            day, month = (match[1], match[2]) if match[1] else (match[4], match[3])
            if month.lower() in MONTH_OF and not _ENDS_RANGE.search(text, 0, match.start()):
                yield replaced(text, *match.span(), f"{month} {day}" if match[1] else f"{day} {month}")


# "From 3 to 16 September" has no other form in which 3 is a day still.
_ENDS_RANGE = re.compile(r"\d(?:\s*[-–—]\s*|\s+(?:to|and|по|на|и)\s+)$")

# Ways in which newsrooms and standards differ.
_SPELLINGS = (
    (r"ei$", "ey"), (r"ey$", "ei"), (r"ii$", "y"), (r"iy$", "y"), (r"sky$", "skiy"), (r"skiy$", "sky"), (r"x", "ks"),
    (r"ks", "x"), (r"^Ye", "E"), (r"^E(?=[kvglmr])", "Ye"), (r"kh", "h"), (r"Kh", "H"), (r"yu", "iu"), (r"ya", "ia"),
    (r"shch", "sch"), (r"zh", "j"), (r"ov$", "off"), (r"ay", "ai"), (r"ai", "ay"), (r"yov$", "ev"), (r"yn$", "in"),
    (r"ts", "tz"), (r"ny$", "nyi"), (r"ov(?=a$)", "ow"),
)  # fmt: skip


def _spelling(truth: Truth) -> Iterator[str]:
    """Another Latin spelling of a Russian name: Sergei, Sergey."""
    if truth.language == "en":
        for mention in people(truth):
            for match in WORD.finditer(truth.text, mention.start, mention.end):
                for pattern, other in _SPELLINGS:
                    spelled = re.sub(pattern, other, match[0], count=1)
                    if spelled != match[0]:
                        yield replaced(truth.text, *match.span(), spelled)


def _surname(truth: Truth) -> Iterator[str]:
    """A person by the surname alone."""
    for mention in people(truth):
        if mention.start < mention.last_start and not (mention.parse and inflection.is_(mention.last, "Name")):
            yield replaced(truth.text, mention.start, mention.last_start, "")


_WHEN_RU = (
    rf"[Вв] \d{{4}} году|\d{{1,2}} (?i:{MONTHS_PATTERN})(?: \d{{4}} года)?|"
    rf"[Вв] (?:январ|феврал|март|апрел|ма|июн|июл|август|сентябр|октябр|ноябр|декабр)е(?: \d{{4}} года)?"
)
_WHEN_EN = rf"[Ii]n (?:(?i:{MONTHS_PATTERN}) )?\d{{4}}|[Oo]n \d{{1,2}} (?i:{MONTHS_PATTERN})(?: \d{{4}})?"
_GOVERNS = re.compile(
    r"\b(?:of|from|since|с|до|на|от|к|по|и|and|the|before|after|until|by|не|not|for|за|года|году|about|election|law"
    r"|закон\w*|выбор\w*|состояни\w+)$"
)
"""What a date at the end belongs to, so that it can't be moved or left out."""


def _order(truth: Truth) -> Iterator[str]:
    """When something was from the end to the beginning or back; in Russian also what the verb parts, changed about."""
    text = truth.text
    when = _WHEN_RU if truth.language == "ru" else _WHEN_EN
    comma = "" if truth.language == "ru" else ","
    if match := re.fullmatch(rf"({when}){comma} (.+[^.])\.", text):
        rest = match[2]
        if (truth.language == "en" or not _whose(rest)) and "," not in rest:
            yield f"{_first(rest, up=True)} {_first(match[1], up=False)}."
    elif (match := re.fullmatch(rf"(.+) ({when})\.", text)) and "," not in match[1] and not _GOVERNS.search(match[1]):
        yield f"{_first(match[2], up=True)}{comma} {_first(match[1], up=False)}."
    if truth.language == "ru":
        yield from _about_the_verb(text)


def _whose(rest: str) -> bool:
    """Whether what follows a date is what was of that date (5 ноября 2025 года постановления)."""
    return rest.startswith("год")


def _about_the_verb(text: str) -> Iterator[str]:
    if re.search(r"[,;:—–()«»\"]|\b(?:не|ни|что|как|чем|бы)\b", text) or not text.endswith("."):
        return
    verbs = [
        match
        for match in WORD.finditer(text)
        if inflection.parses(match[0])[0].tag.POS in ("VERB", "PRTS", "INFN", "GRND", "ADJS", "PRED")
    ]
    if (
        len(verbs) == 1
        and inflection.is_(verbs[0][0], "VERB")
        and verbs[0].start() > 0
        and verbs[0].end() < len(text) - 1
    ):
        before, after = text[: verbs[0].start()].strip(), text[verbs[0].end() : -1].strip()
        if len(before.split()) <= 8 and not re.search(r"\b(?:и|а|но|также|тоже|ещё|уже|впервые|лишь|только)$", before):
            yield f"{_first(after, up=True)} {verbs[0][0]} {_first(before, up=False)}."


def _first(text: str, *, up: bool) -> str:
    """`text` with its first letter made a capital, or a small one unless its first word is a name."""
    if up:
        return text[:1].upper() + text[1:]
    word = WORD.match(text)
    if word is None or (len(word[0]) > 1 and word[0][1:] != word[0][1:].lower()):
        return text
    if re.match(r"[А-ЯЁ]", text):
        names = {"Name", "Surn", "Patr", "Geox", "Orgn", "Abbr", "Trad"}
        parse = inflection.parses(word[0])
        if len(word[0]) > 1 and (names & parse[0].tag.grammemes or not parse[0].is_known):
            return text
        return text[:1].lower() + text[1:]
    return text[:1].lower() + text[1:] if word[0].lower() in _SMALL else text


_SMALL = frozenset(
    """the a an in on it he she they his her their about more at two three police people after over this that another
    both its only""".split()
)

_PASSIVE = re.compile(
    r"(?P<what>[A-Z][^,]{2,70}?) (?:was|were) (?P<verb>\w+ed|made|built|won|led|held|sold|bought|found)"
    r" by (?P<who>[^,]{3,70})\."
)
_BY = re.compile(
    r"\b(?:who|that|which|was|were|is|are|and|by|on|in|at|from|for|with|because|after|before|when|during)\b"
)
_NOBODY = re.compile(r"(?:ing|\d)$|\bhaving\b")


def _voice(truth: Truth) -> Iterator[str]:
    """The bridge was built by Petrov = Petrov built the bridge."""
    match = _PASSIVE.fullmatch(truth.text) if truth.language == "en" else None
    if match and not any(_BY.search(match[part]) for part in ("what", "who")) and not _NOBODY.search(match["who"]):
        yield f"{_first(match['who'], up=True)} {match['verb']} {_first(match['what'], up=False)}."


def _synonym(truth: Truth) -> Iterator[str]:
    yield from swapped(truth.text, "synonym", truth.language)


def _punctuation(truth: Truth) -> Iterator[str]:
    """Other quotes and dashes, no full stop, ё as е."""
    text = truth.text
    plain: dict[str, str | int | None] = {
        "«": '"',
        "»": '"',
        "“": '"',
        "”": '"',
        "—": "-",
        "–": "-",
        "ё": "е",
        "Ё": "Е",
        "\u00a0": " ",
        "’": "'",
    }
    other = text.translate(str.maketrans(plain)).rstrip(".")
    if truth.language == "ru":
        other = re.sub(r'"([^"]+)"', r"“\1”", other) if '"' in text else other
    yield other


def _case(truth: Truth) -> Iterator[str]:
    yield truth.text.upper()
    yield truth.text.lower()


_TAIL_RU = re.compile(r",\s+(?:потому что|так как|поскольку|котор\w+|где|а также|причём|хотя|включая|когда)\b[^,;]*\.$")
_TAIL_EN = re.compile(
    r"(?:,\s+(?:which|who|where|including|although|while|because|as well as)\b[^,;]*|"
    r" (?:because|while|although|in order to)\b[^,;]*)\.$"
)
_LEAD_EN = re.compile(r"^(?:After|When|During|Before|At|As|Following|Besides|By|In)\b[^,]{3,60},\s+")


def _shortened(truth: Truth) -> Iterator[str]:
    """Without its last clause, or without the words that say when."""
    text = truth.text
    tail = (_TAIL_RU if truth.language == "ru" else _TAIL_EN).search(text)
    if tail and len(text[: tail.start()].split()) >= 4 and "," not in text[: tail.start()]:
        yield text[: tail.start()] + "."
    if truth.language == "en" and (lead := _LEAD_EN.match(text)) and len(text[lead.end() :].split()) >= 4:
        yield _first(text[lead.end() :], up=True)
    when = _WHEN_RU if truth.language == "ru" else _WHEN_EN
    match = re.fullmatch(rf"(.+) ({when})\.", text)
    if match and len(match[1].split()) >= 4 and not _GOVERNS.search(match[1]):
        yield match[1] + "."


def _as_of(truth: Truth) -> Iterator[str]:
    """As of the document's date."""
    for written in truth.dates[:1]:
        if len(written) == len("2025-11-05"):
            day = date.fromisoformat(written)
            language: Language = truth.language
            month = MONTHS[language][day.month - 1]
            rest = _first(truth.text, up=False)
            if language == "ru":
                genitive = next(one for one in inflection.every(month) if one.normal_form == month).inflect(
                    {"sing", "gent"}
                )
                yield f"По данным на {day.day} {genitive.word} {day.year} года, {rest}"
            else:
                yield f"As of {day.day} {month} {day.year}, {rest}"


def _year_of_document(truth: Truth) -> Iterator[str]:
    """A day and a month with the year of the document, where the proof says only the day and the month."""
    for match in DAY.finditer(truth.text):
        month = MONTH.search(truth.text, match.end())
        if month is None or month.start() > match.end() + 1 or re.match(r",? \d{4}", truth.text[month.end() :]):
            continue
        for written in truth.dates:
            if len(written) != len("2025-11-05"):
                continue
            published = date.fromisoformat(written)
            try:
                day = date(published.year, MONTH_OF[month[0].lower()], int(match[0]))
            except ValueError:
                continue
            said = re.search(rf"(?<!\d){int(match[0])} {_genitive(MONTH_OF[month[0].lower()])}(?! \d)", truth.quotes)
            if abs((day - published).days) <= 31 and said:
                year = f" {day.year} года" if truth.language == "ru" else f" {day.year}"
                yield truth.text[: month.end()] + year + truth.text[month.end() :]


def _genitive(month: int) -> str:
    word = MONTHS["ru"][month - 1]
    return word[:-1] + "я" if word[-1] in "ьй" else word + "а"


REWORDINGS: Mapping[str, Change] = {
    "unchanged": _unchanged,
    "figures: format": _format,
    "figures: in words": _spelled,
    "dates: format": _date,
    "dates: year of the document": _year_of_document,
    "names: spelling": _spelling,
    "names: surname alone": _surname,
    "order": _order,
    "voice": _voice,
    "synonym": _synonym,
    "punctuation": _punctuation,
    "case": _case,
    "shortened": _shortened,
    "as of": _as_of,
}
