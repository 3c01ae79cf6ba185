"""Figures with their units and scale, in digits and in words: a claim may round only where it says so."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache

from istok.index.language import detect
from istok.rag.checks.dates import dates
from istok.rag.checks.finding import Finding, otherwise
from istok.rag.checks.numerals import (
    CARDINALS,
    COMPOUND,
    FIRST,
    FRACTIONS,
    GLYPHS,
    HALVES,
    MULTIPLES,
    ORDINAL_RU,
    ORDINALS_EN,
    PREFIXES,
    ROMAN,
    continues,
    number_word,
    ratio,
    roman,
)
from istok.rag.checks.units import (
    CLOCK,
    CURRENCIES,
    DECADE,
    DURATIONS,
    ORDINAL,
    PERCENT,
    SHARE,
    TIMES,
    UNITS,
    scale_of,
    unit_of,
)
from istok.rag.wording import say


@dataclass(frozen=True, slots=True)
class Figure:
    """A number as it is meant: 18,5 млн долларов is 18 500 000 "usd". `unit` is "" where none is known;
    lengths are in metres ("m"), masses in kilograms, times in minutes, days or months.
    `hedge` is how it is qualified: "", "about", "over", "under", or "several" (several thousand). `word`: written in
    words. `of`: what an ordinal counts where that is a stretch of time (the third minute)."""

    value: Decimal
    unit: str
    start: int
    end: int
    hedge: str = ""
    word: bool = False
    of: str = ""


_TOKEN = re.compile(
    r"(?P<clock>(?<![\d:.,])\d{1,2}:\d\d(?::\d\d)?(?!\d|:\d))"
    r"|(?P<fraction>(?<![\d.,/])[1-9]/(?:[2-9]|10)(?![\d/]))"
    r"|(?P<number>\d{1,3}(?:[ \u00a0\u202f]\d{3})+(?!\d)(?:[.,]\d+)?|\d+(?:[.,]\d+)*)"
    r"|(?P<glyph>[½⅓⅔¼¾⅕])|(?P<sign>[%$€£₽°])|(?P<dash>[-–—/])"
    r"|(?P<word>[^\W\d_]+)|(?P<stop>[.!?;,:()«»\"“”])"
)
_YEARS = re.compile(r"\b(?:19|20)\d\d[-–/]\d\d\b")
_SCORE = re.compile(r"\d+:\d+")
_ORDINAL_ENDINGS = frozenset(
    ("й", "я", "е", "го", "му", "м", "х", "ю", "ый", "ой", "ая", "ое", "ые", "ых", "st", "nd", "rd", "th")
)
_PARTLY = re.compile(r"(?:by|than|about|almost|nearly|roughly|over|around|to|only)\s+$", re.IGNORECASE)
_HEDGES = (
    ("over", re.compile(r"(?:более|больше|свыше|не\s+менее|не\s+меньше|минимум|старше|превы\w+|выше"
                        r"|по\s+(?:крайней|меньшей)\s+мере"
                        r"|over|older\s+than|more\s+than|at\s+least|above|exceed\w*"
                        r"|no\s+(?:less|fewer)\s+than|upwards\s+of)(?:\s+(?:чем|на|в))?\W*$")),
    ("under", re.compile(r"(?:почти|менее|меньше|не\s+более|не\s+больше|максимум|младше|моложе"
                         r"|в\s+возрасте\s+до|не\s+достиг\w*|ниже|без\s+малого|под"
                         r"|almost|nearly|less\s+than|fewer\s+than|younger\s+than|under|below|at\s+most"
                         r"|up\s+to|no\s+more\s+than|close\s+to)"
                         r"(?:\s+(?:чем|на|в))?\W*$")),
    ("about", re.compile(r"(?:около|примерно|приблизительно|порядка|где-то|ориентировочно"
                         r"|about|around|approximately|roughly|some"
                         r"|circa"
                         r"|an\s+estimated)(?:\s+(?:на|в|с|из))?\W*$")),
)  # fmt: skip
_DENIED = re.compile(r"\b(?:не|нельзя|not|cannot|n't)\s+(?:\w+\s+){1,2}$")
"""Before a hedge: who may not invite more than five hundred may invite no more than that."""

_SEVERAL = frozenset("несколько нескольких нескольким несколькими several few".split())
_LOTS = (
    (re.compile(r"десят(?:ок|к(?:и|ов|ам|ами|ах))|tens"), 10),
    (re.compile(r"dozens?"), 12),
    (re.compile(r"сот(?:ен|ни|ням|нями|нях)|hundreds?"), 100),
)
"""What there may be several of, besides thousands and more."""
_UNIT_FIRST = re.compile(
    r"(?<![\d\w])(?:(?P<many>минут|часов|дней|недель|месяцев|лет|километров|метров|тонн|рублей|долларов|процентов)"
    r"(?:\s+(?:через|за|до))?|(?P<away>[а-я]+ах)\s+в)\s+$"
)
"""In Russian "some five minutes" is «минут пять», "some five kilometres away" «километрах в пяти»."""
_COUNTED = re.compile(r"(?:\d|\b(?:много|несколько|[а-я]*(?:ь|ти|то|ста|сот|яч|он|ов|ард))\b)\s*$")
"""What a unit before a figure belongs to, if it stands before that."""
_LISTED = re.compile(r",|\s(?:и|или|and|or)\s")
_ROUND = re.compile(r"\bround\s+of\s+(?:the\s+last\s+)?$", re.IGNORECASE)
_ROUNDS = (8, 16, 32, 64)
"""The round of 16 is «1/8 финала»."""

_JOINS = frozenset(("до", "to", "or", "или", "либо"))
_BETWEEN = frozenset(("и", "and", "в", "in", "из", "на", "с", "from", "at", "of", "for", "за", "для", "по"))


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    start: int
    end: int


def figures(text: str) -> list[Figure]:
    """The figures of a text in order; days, months and years are dates, and not among them."""
    return list(_figures(text))


@lru_cache(maxsize=1024)
def _figures(text: str) -> tuple[Figure, ...]:
    taken = [(moment.start, moment.end) for moment in dates(text)]
    taken += [match.span() for match in _YEARS.finditer(text)]
    found = _Reader(text).figures()
    kept = [f for f in found if all(f.end <= start or end <= f.start for start, end in taken)]
    return tuple(figure if figure.hedge else replace(figure, hedge=_hedge(text, figure.start)) for figure in kept)


def _hedge(text: str, start: int) -> str:
    before = text[max(0, start - 30) : start].lower().rstrip(" $€£\u00a0")
    # The one that begins first: "no more than" is not "more than".
    found = [
        (match.start(), hedge)
        for hedge, pattern in _HEDGES
        if (match := pattern.search(before)) and _opens(before, match.start())
    ]
    if not found or _DENIED.search(before[: min(found)[0]]):
        return ""
    return min(found)[1]


def _opens(text: str, start: int) -> bool:
    return start == 0 or not text[start - 1].isalpha()


class _Reader:
    """Reads figures off one text, token by token."""

    def __init__(self, text: str) -> None:
        # The same length, so that places stay; an entity is what some pages have for a space.
        folded = text.replace("ё", "е").replace("Ё", "Е").replace("&nbsp;", " " * 6)
        self.text = folded
        self.russian = detect(text) == "ru"
        self.tokens = [_Token(match.lastgroup or "", match.group(), *match.span()) for match in _TOKEN.finditer(folded)]
        self.at = 0

    def figures(self) -> list[Figure]:
        found: list[Figure] = []
        joined: Figure | None = None
        bare: set[int] = set()
        """Starts of figures that have no scale of their own."""
        while self.at < len(self.tokens):
            before = self.at
            figure = self._figure()
            if figure is None:
                self.at = before + 1
                continue
            read, scale = figure
            if (
                joined
                and not joined.unit
                and joined.value < 1000
                and joined.start in bare
                and read.unit not in (ORDINAL, CLOCK, SHARE)
            ):
                larger = joined.value * scale
                found[-1] = replace(joined, value=larger, unit=read.unit)
            found.append(read)
            if scale == 1:
                bare.add(read.start)
            joined = read if self._joins() else None
        return found

    def _peek(self, ahead: int = 0) -> _Token | None:
        place = self.at + ahead
        return self.tokens[place] if 0 <= place < len(self.tokens) else None

    def _joins(self) -> bool:
        token = self._peek()
        return token is not None and (token.kind == "dash" or token.text.lower() in _JOINS)

    def _figure(self) -> tuple[Figure, Decimal] | None:
        token = self._peek()
        assert token is not None  # noqa: S101 - the caller's loop
        start = token.start
        self.at += 1
        match token.kind:
            case "clock":
                parts = [int(part) for part in token.text.split(":")]
                value = Decimal(sum(part * 60 ** (2 - i) for i, part in enumerate(parts)))
                return Figure(value, CLOCK, start, token.end), Decimal(1)
            case "fraction":
                above, below = token.text.split("/")
                return self._share(Decimal(above) / Decimal(below), start, token.end)
            case "glyph":
                return self._share(ratio(GLYPHS[token.text]), start, token.end)
            case "number":
                return self._digits(token)
            case "word":
                return self._words(token)
        return None

    def _share(self, value: Decimal, start: int, end: int) -> tuple[Figure, Decimal]:
        ahead = next((i for i in range(3) if (t := self._peek(i)) and t.text.lower() not in ("of", "a")), 0)
        scaled = self._peek(ahead)
        if scaled and scaled.kind == "word" and scale_of(scaled.text):
            # A quarter of a billion.
            self.at += ahead + 1
            unit, factor, end = self._unit(scaled.end)
            return Figure(value * (scale_of(scaled.text) or 1) * factor, unit, start, end, word=True), Decimal(1)
        return Figure(value, SHARE, start, end, word=True), Decimal(1)

    def _digits(self, token: _Token) -> tuple[Figure, Decimal] | None:
        value = self._number(token.text)
        if value is None:
            return None
        if value in _ROUNDS and _ROUND.search(self.text[: token.start]):
            return Figure(2 / value, SHARE, token.start, token.end, word=True), Decimal(1)
        before = self._peek(-2)
        currency = before.text if before and before.kind == "sign" and before.end == token.start else ""
        follows = self._peek()
        if follows and follows.kind == "dash" and follows.end - follows.start == 1 and follows.text == "-":
            ending = self._peek(1)
            if ending and ending.kind == "word" and follows.start == token.end and ending.start == follows.end:
                low = ending.text.lower()
                if low in _ORDINAL_ENDINGS:
                    self.at += 2
                    return self._numbered(value, token.start, ending.end)
                if low not in _JOINS and unit_of(low):
                    self.at += 1
        elif follows and follows.kind == "word" and follows.start == token.end:
            low = follows.text.lower()
            if low in ("st", "nd", "rd", "th"):
                self.at += 1
                return self._numbered(value, token.start, follows.end)
            if low == "s":
                self.at += 1
                return Figure(value, DECADE, token.start, follows.end), Decimal(1)
        return self._measured(value, token, currency, word=False)

    def _numbered(self, value: Decimal, start: int, end: int) -> tuple[Figure, Decimal]:
        decade = (value % 10 == 0 and value >= 1900) or (value in range(20, 100, 10) and self.text[end - 1] in "ехм" and
                                                        self.text[end - 2] == "-")  # fmt: skip
        if decade:
            return Figure(value if value >= 1900 else value + 1900, DECADE, start, end), Decimal(1)
        return Figure(value, ORDINAL, start, end, of=self._stretch()), Decimal(1)

    def _stretch(self) -> str:
        """The stretch of time that an ordinal counts, "" where it counts something else."""
        token = self._peek()
        found = unit_of(token.text.lower()) if token and token.kind == "word" and len(token.text) > 2 else None
        return f"{found[1]} {found[0]}" if found and found[0] in DURATIONS else ""

    def _number(self, text: str) -> Decimal | None:
        plain = re.sub(r"[ \u00a0\u202f]", "", text)
        separators = re.findall(r"[.,]", plain)
        groups = re.split(r"[.,]", plain)
        if len(separators) > 1:
            if not all(len(group) == 3 for group in groups[1:]) and not (
                separators[-1] != separators[0] and all(len(group) == 3 for group in groups[1:-1])
            ):
                return None
            if separators[-1] != separators[0]:
                return Decimal("".join(groups[:-1]) + "." + groups[-1])
            return Decimal("".join(groups))
        if separators:
            thousands = separators[0] == "," and len(groups[1]) == 3 and groups[0] != "0" and not self.russian
            return Decimal("".join(groups)) if thousands else Decimal(".".join(groups))
        return Decimal(plain)

    def _measured(self, value: Decimal, first: _Token, currency: str, *, word: bool) -> tuple[Figure, Decimal]:
        """The figure with the scale and the unit that follow it."""
        start, end, scale = first.start, self.tokens[self.at - 1].end, Decimal(1)
        while (token := self._peek()) and token.kind in ("word", "number", "dash"):
            if token.kind == "dash":
                following = self._peek(1)
                if not (following and following.kind == "word" and scale_of(following.text)):
                    break
                self.at += 1
                continue
            factor = scale_of(token.text) if token.kind == "word" else None
            if factor is None or (len(token.text) == 1 and token.start != end) or (
                len(token.text) == 1 and self.text[start - 1 : start] in ("-", "–")
            ):  # fmt: skip
                break
            scale *= factor
            end = token.end
            self.at += 1
            if (
                (rest := self._peek())
                and rest.kind == "number"
                and (more := self._number(rest.text))
                and more < 1000 <= scale
            ):
                # 28 тысяч 500
                value += more / scale
                end = rest.end
                self.at += 1
                break
            if (stop := self._peek()) and stop.text == "." and stop.start == end and len(token.text) <= 4:
                self.at += 1
        half = self._half()
        if half:
            value += half
            end = self.tokens[self.at - 1].end
        unit, factor, end = self._unit(end)
        if not unit and not currency and self.russian:
            unit, factor = self._unit_before(start)
        if currency:
            for pattern, name, _ in UNITS:
                if pattern.fullmatch(currency):
                    unit, factor, start = name, Decimal(1), start - 1
        return Figure(value * scale * factor, unit, start, end, word=word), scale

    def _unit_before(self, start: int) -> tuple[str, Decimal]:
        """The unit right before a figure: минут пять, километрах в пяти."""
        before = self.text[max(0, start - 30) : start].lower()
        match = _UNIT_FIRST.search(before)
        if match is None or _COUNTED.search(before[: match.start()]):
            return "", Decimal(1)
        return unit_of(match["many"] or match["away"]) or ("", Decimal(1))

    def _half(self) -> Decimal | None:
        """Of "three and a half" and «три с половиной»."""
        words = [token.text.lower() for token in self.tokens[self.at : self.at + 3]]
        for phrase in (["and", "a", "half"], ["с", "половиной"]):
            if words[: len(phrase)] == phrase:
                self.at += len(phrase)
                return Decimal("0.5")
        return None

    def _unit(self, end: int) -> tuple[str, Decimal, int]:
        """The unit within the next words of one sentence, an adjective before it at most."""
        place, passed = self.at, 0
        while place < len(self.tokens) and passed < 3:
            token = self.tokens[place]
            if token.kind == "dash" and token.text == "-":
                place += 1
                continue
            low = token.text.lower()
            if token.kind not in ("word", "sign") or low in _JOINS or low in _BETWEEN or number_word(low):
                break
            if low == "per" and place + 1 < len(self.tokens) and self.tokens[place + 1].text.lower() == "cent":
                self.at = place + 2
                return PERCENT, Decimal(1), self.tokens[place + 1].end
            # A letter alone is a unit only right after its figure (5 м, 5 т).
            found = unit_of(low) if passed == 0 or len(low) > 2 else None
            if found and (passed == 0 or found[0] in CURRENCIES or found[0] in ("m", "kg", "month")):
                if passed and found[0] == "month" and low not in ("лет", "years"):
                    break
                self.at = place + 1
                return found[0], found[1], token.end
            passed += 1
            place += 1
        return "", Decimal(1), end

    def _words(self, token: _Token) -> tuple[Figure, Decimal] | None:
        low = token.text.lower()
        if low in MULTIPLES:
            return Figure(Decimal(MULTIPLES[low]), TIMES, token.start, token.end, word=True), Decimal(1)
        if low in ("полтора", "полторы", "полутора"):
            return self._measured(Decimal("1.5"), token, "", word=True)
        if compound := COMPOUND.fullmatch(low):
            value = FIRST.get(compound[1]) or PREFIXES[compound[2]] + PREFIXES.get(compound[3] or "", 0)
            name, factor = unit_of(compound[4]) or ("", Decimal(1))
            return Figure(value * factor, name, token.start, token.end, word=True), Decimal(1)
        if low in HALVES:
            value, name = HALVES[low]
            return Figure(Decimal(value), name, token.start, token.end, word=True), Decimal(1)
        if low in _SEVERAL and (several := self._several(token)):
            return several, Decimal(1)
        if low == "впервые":
            return Figure(Decimal(1), ORDINAL, token.start, token.end, word=True), Decimal(1)
        if (
            (len(token.text) > 1 or (self.russian and low in "ivx"))
            and token.text.isupper()
            and ROMAN.fullmatch(token.text)
        ):
            return Figure(Decimal(roman(token.text)), ORDINAL, token.start, token.end), Decimal(1)
        if low in FRACTIONS and self._is_share(low, token):
            return self._share(ratio(FRACTIONS[low]), token.start, token.end)
        return self._spelled(token)

    def _is_share(self, low: str, token: _Token) -> bool:
        """Whether "third", "half", "quarter" or «четверть» is a part of something, not a place in a row."""
        before = self._peek(-2)
        previous = before.text.lower() if before else ""
        following = self._peek()
        if previous and (ORDINALS_EN.get(previous) or ORDINAL_RU.fullmatch(previous) or previous in ("с", "third")):
            return False
        if low in ("third", "fifth", "quarter", "tenth"):
            of = following is not None and following.text in ("of", "-")
            partly = before is not None and _PARTLY.search(self.text[: before.start]) is not None
            return previous == "one" or (previous == "a" and (of or partly))
        if low in ("четверти", "трети"):
            return True
        return low != "half" or self.text[: token.start].split()[-2:] != ["and", "a"]

    def _spelled(self, first: _Token) -> tuple[Figure, Decimal] | None:
        """A number in words from `first` on: двадцать пять, twenty-fifth, one hundred and two."""
        if first.text[0].isupper() and first.text.lower() in CARDINALS and not self._opens(first):
            return None  # a name
        total, last, ordinal, count = 0, 0, False, 0
        self.at -= 1
        while (token := self._peek()) is not None:
            low = token.text.lower()
            if (
                count
                and token.kind == "dash"
                and token.text == "-"
                and (n := self._peek(1))
                and number_word(n.text.lower())
            ):
                self.at += 1
                continue
            if count and low == "and" and last == 100 and (n := self._peek(1)) and number_word(n.text.lower()):
                self.at += 1
                continue
            spelt = number_word(low) if token.kind == "word" else None
            if spelt is None:
                break
            value, ordinal_ = spelt
            if value == 100 and low == "hundred" and total % 100 and total < 100:
                total *= 100
            elif count and not continues(last, value):
                break
            else:
                total += value
            last, count, ordinal = value, count + 1, ordinal_
            self.at += 1
            if ordinal:
                break
        if not count:
            return self._lone_scale(first)
        share = self._parts(total, ordinal)
        if share is not None:
            return self._share(share, first.start, self.tokens[self.at - 1].end)
        if ordinal:
            end = self.tokens[self.at - 1].end
            return Figure(Decimal(total), ORDINAL, first.start, end, word=True, of=self._stretch()), Decimal(1)
        following = self._peek()
        large = following is not None and (scale_of(following.text) or following.text.lower() == "and")
        if total == 1 and count == 1 and not large:
            unit, factor, end = self._unit(first.end)
            # "One" is mostly a pronoun, except with a unit.
            return (Figure(factor, unit, first.start, end, word=True), Decimal(1)) if unit else None
        figure, scale = self._measured(Decimal(total), first, "", word=True)
        return None if figure.value == 1 and not figure.unit else (figure, scale)

    def _opens(self, token: _Token) -> bool:
        before = self.text[: token.start].rstrip(" «\"“'(—–-")
        return not before or before[-1] in ".!?…\n:"

    def _lone_scale(self, token: _Token) -> tuple[Figure, Decimal] | None:
        """Of "a million" and «миллион»; millions and «миллионы» are no figure."""
        before = self._peek(-1)
        if scale_of(token.text) is None or not (
            token.text.lower().endswith(("яча", "ячу", "ячи", "он", "она", "ард", "арда"))
            if self.russian
            else before is not None and before.text.lower() in ("a", "one", "per")
        ):
            return None
        return self._measured(Decimal(1), token, "", word=True)

    def _several(self, token: _Token) -> Figure | None:
        """Of "several thousand dollars" and «несколько сотен человек»."""
        following = self._peek()
        if following is None or following.kind != "word":
            return None
        low = following.text.lower()
        lot = next((Decimal(value) for pattern, value in _LOTS if pattern.fullmatch(low)), scale_of(low))
        if lot is None or len(low) == 1:
            return None
        self.at += 1
        figure, _ = self._measured(lot, following, "", word=True)
        return replace(figure, start=token.start, hedge="several")

    def _parts(self, total: int, ordinal: bool) -> Decimal | None:
        """Of "two thirds", «две трети» and "one-third"."""
        ahead = 1 if (dash := self._peek()) and dash.text == "-" else 0
        token = self._peek(ahead)
        if ordinal or token is None or token.kind != "word" or total > 9:
            return None
        low = token.text.lower()
        if low in ("thirds", "quarters", "fifths", "трети", "четверти", "пятых", "tenths") or (
            total == 1 and low in ("third", "quarter", "half", "треть", "четверть")
        ):
            self.at += ahead + 1
            return total * ratio(FRACTIONS[low])
        return None


def agree(claimed: Figure, said: Figure) -> bool:
    """Whether a text that says `said` bears a claim that says `claimed`."""
    scaled = _common_unit(claimed, said)
    if scaled is None:
        return False
    one, other = scaled
    if {claimed.hedge, said.hedge} == {"over", "under"}:
        return False
    if "several" in (claimed.hedge, said.hedge):
        exact = said.hedge != "several" and 2 * one <= other < 10 * one
        return claimed.hedge == "several" and (exact or (said.hedge == "several" and one == other))
    if claimed.of and said.of and claimed.of != said.of:
        return False
    if one == other:
        return True
    if claimed.hedge == said.hedge == "about":
        # What was rounded already is not rounded to half of its last digit.
        return _digits_of(one) <= _digits_of(other) and 2 * abs(one - other) < _last_digit(one)
    if claimed.word and claimed.unit == SHARE and said.hedge == "about":
        return abs(one - other) <= other / 100
    if _digits_of(one) > _digits_of(other):
        return False  # no rounding
    match claimed.hedge:
        case "about":
            return abs(one - other) * 100 <= other * 7
        case "over":
            return one <= other <= one * Decimal("1.15")
        case "under":
            return one * Decimal("0.85") <= other <= one
    return False


def values(figure: Figure) -> frozenset[Decimal]:
    """What its number may be, with its unit and without: 45 years are 45, and 540 months."""
    return frozenset((figure.value, *(figure.value / factor for _, unit, factor in UNITS if unit == figure.unit)))


def _digits_of(value: Decimal) -> int:
    """How many digits it has without the noughts at its ends."""
    return len(value.normalize().as_tuple().digits)


def _last_digit(value: Decimal) -> Decimal:
    """The worth of its last digit that is no nought: 100 of 800."""
    return Decimal(1).scaleb(int(value.normalize().as_tuple().exponent))


def _common_unit(claimed: Figure, said: Figure) -> tuple[Decimal, Decimal] | None:
    """Both values in one unit; None when their units can't be those of one thing."""
    one, other = claimed.unit, said.unit
    if one == other:
        return claimed.value, said.value
    match {one, other}:
        case units if units == {SHARE, PERCENT}:
            return _hundredths(claimed), _hundredths(said)
        case units if units == {CLOCK, "minute"}:
            # Eight o'clock, восемь часов: 8:00.
            return _minutes(claimed), _minutes(said)
        case units if units == {SHARE, TIMES}:
            # Вдвое меньше is half of it.
            return _halved(claimed), _halved(said)
        case units if units == {ORDINAL, DECADE}:
            # The thirties of the twentieth century are mostly meant.
            return claimed.value % 100, said.value % 100
        case units if units & {"", ORDINAL} and not units & {PERCENT, SHARE, CLOCK, DECADE}:
            bare, measured = (claimed, said) if one in ("", ORDINAL) else (said, claimed)
            # 45 is also 45 years, which count as months; a tenth anniversary is one of 10 years.
            factors = {Decimal(1), *(factor for _, unit, factor in UNITS if unit == measured.unit)}
            if any(bare.value * factor == measured.value for factor in factors):
                return Decimal(1), Decimal(1)
            return claimed.value, said.value
    return None


def _minutes(figure: Figure) -> Decimal:
    return figure.value / 60 if figure.unit == CLOCK else figure.value


def _halved(figure: Figure) -> Decimal:
    return 1 / figure.value if figure.unit == TIMES and figure.value else figure.value


def _hundredths(figure: Figure) -> Decimal:
    return figure.value * 100 if figure.unit == SHARE else figure.value


def against(
    claim: str, quotes: Sequence[str], titles: Sequence[str] = (), documents: Sequence[str] = ()
) -> list[Finding]:
    """What the quotes have against the figures of a claim; `titles`, those of their documents, bear figures too. A
    number in words is against it, too, where the whole `documents` nowhere have it and nothing can be counted."""
    said = [(figure, quote) for quote in quotes for figure in figures(quote)]
    years = {Decimal(moment.year) for quote in quotes for moment in dates(quote) if moment.year}
    scores = {Decimal(part) for quote in quotes for score in _SCORE.findall(quote) for part in score.split(":")}
    claimed = figures(claim)
    language = detect(claim)
    found = []
    for figure in claimed:
        titled = any(agree(figure, other) for title in titles for other in figures(title))
        if titled or any(agree(figure, other) for other, _ in said) or figure.value in years | scores:
            continue
        written = claim[figure.start : figure.end]
        rivals = [
            (other, quote) for other, quote in said if not any(agree(mine, other) for mine in claimed)
        ]  # fmt: skip
        if _countable(figure):
            most = max(100 if figure.value > 1 else 10, int(3 * figure.value))
            rivals = [
                (other, quote)
                for other, quote in rivals
                if other.value <= most
                or {figure.unit, other.unit} <= DURATIONS
                or figure.hedge == other.hedge == "several"
            ]
        rivals.sort(key=lambda rival: (_unlike(figure, rival[0]), rival[0].word != figure.word))
        alike = bool(rivals) and _unlike(figure, rivals[0][0]) < 2
        if rivals and (alike or not _countable(figure)):
            rival, quote = rivals[0]
            if figure.value == rival.value:
                found.append(otherwise(language, _hedged(claim, figure), _hedged(quote, rival)))
            else:
                found.append(otherwise(language, written, quote[rival.start : rival.end]))
        else:
            text = say(language, "figure_lacking", claim=written)
            lacks = _is_nowhere(figure, quotes, documents) if _countable(figure) else not _of_name(claim, figure)
            found.append(Finding(text, against=lacks))
    return found


def _is_nowhere(figure: Figure, quotes: Sequence[str], documents: Sequence[str]) -> bool:
    """Whether no document has a number in words, and the quotes list nothing that is as many."""
    if not documents or Decimal(1) in values(figure) or figure.hedge == "several":
        return False
    # A second one is "another", or something is done again.
    if figure.unit == ORDINAL and figure.value == 2:
        return False
    if figure.unit != ORDINAL and any(len(_LISTED.findall(quote)) + 1 >= figure.value for quote in quotes):
        return False
    # Шестиконечная is six-pointed.
    forms = "|".join(form for form, value in PREFIXES.items() if value in values(figure))
    if forms and any(re.search(rf"\b(?:{forms})[а-я]{{4}}", document.lower()) for document in documents):
        return False
    return not any(values(figure) & values(other) for document in documents for other in figures(document))


def shared(claim: str, quotes: Sequence[str]) -> list[Figure]:
    """The figures of a claim in digits or with a unit that the quotes have, too."""
    said = [figure for quote in quotes for figure in figures(quote)]
    return [
        figure for figure in figures(claim) if not _countable(figure) and any(agree(figure, other) for other in said)
    ]


def _hedged(text: str, figure: Figure) -> str:
    """The figure as it is written, with what qualifies it."""
    low = max(0, figure.start - 30)
    before = text[low : figure.start].rstrip(" $€£\u00a0")
    for hedge, pattern in _HEDGES:
        if hedge == figure.hedge and (match := pattern.search(before.lower())):
            return text[low + match.start() : figure.end]
    return text[figure.start : figure.end]


def _unlike(figure: Figure, other: Figure) -> int:
    """How little two figures could be one thing, 0 for the same unit."""
    if figure.unit == other.unit or {figure.unit, other.unit} == {PERCENT, SHARE}:
        return 0
    timed = {figure.unit, other.unit} <= DURATIONS
    return 1 if timed or _common_unit(figure, other) or figure.value == other.value else 2


def _of_name(text: str, figure: Figure) -> bool:
    """Whether it belongs to a name, which may be told in another way: Theodoros II, G20, TMA-08M."""
    written = text[figure.start : figure.end]
    return (written.isalpha() and written.isupper()) or bool(re.search(r"[A-ZА-ЯЁ]-?$", text[: figure.start]))


def _countable(figure: Figure) -> bool:
    """Whether a reader may have counted it (two directors), or says "first" of what the text shows to be so."""
    if figure.hedge == "several":
        return True
    return figure.word and figure.unit not in (PERCENT, SHARE, *CURRENCIES) and figure.value < 1000
