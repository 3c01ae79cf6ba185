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
from istok.rag.wording import say

ORDINAL, SHARE, PERCENT, TIMES, CLOCK, DECADE = "ordinal", "share", "percent", "times", "clock", "decade"
_CURRENCIES = frozenset(("usd", "eur", "gbp", "rub", "uah", "kzt", "cny", "jpy"))
_DURATIONS = frozenset(("second", "minute", "day", "month"))
MEASURED = _CURRENCIES | {PERCENT, SHARE, TIMES}
"""Units of what one text says of one thing only, more often than not."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A number as it is meant: 18,5 млн долларов is 18 500 000 "usd". `unit` is "" where none is known;
    lengths are in metres ("m"), masses in kilograms, times in minutes, days or months.
    `hedge` is how it is qualified: "", "about", "over" or "under". `word`: written in words."""

    value: Decimal
    unit: str
    start: int
    end: int
    hedge: str = ""
    word: bool = False


def _forms(table: str) -> dict[str, int]:
    return {form: int(row.split()[0]) for row in table.strip().split("\n") for form in row.split()[1:]}


_CARDINALS = _forms("""
0 ноль нуль нуля zero
1 один одна одно одного одной одну одному одним одном one
2 два две двух двум двумя двое двоих двоим two
3 три трех трем тремя трое троих троим three
4 четыре четырех четырем четырьмя четверо четверых four
5 пять пяти пятью пятеро пятерых five
6 шесть шести шестью шестеро шестерых six
7 семь семи семью семеро семерых seven
8 восемь восьми восемью восьмью восьмеро eight
9 девять девяти девятью nine
10 десять десяти десятью ten
11 одиннадцать одиннадцати одиннадцатью eleven
12 двенадцать двенадцати двенадцатью дюжина дюжину дюжины twelve dozen
13 тринадцать тринадцати тринадцатью thirteen
14 четырнадцать четырнадцати четырнадцатью fourteen
15 пятнадцать пятнадцати пятнадцатью fifteen
16 шестнадцать шестнадцати шестнадцатью sixteen
17 семнадцать семнадцати семнадцатью seventeen
18 восемнадцать восемнадцати восемнадцатью eighteen
19 девятнадцать девятнадцати девятнадцатью nineteen
20 двадцать двадцати двадцатью twenty
30 тридцать тридцати тридцатью thirty
40 сорок сорока forty
50 пятьдесят пятидесяти пятьюдесятью fifty
60 шестьдесят шестидесяти шестьюдесятью sixty
70 семьдесят семидесяти семьюдесятью seventy
80 восемьдесят восьмидесяти восемьюдесятью восьмьюдесятью eighty
90 девяносто девяноста ninety
100 сто ста сотня сотню hundred
200 двести двухсот двумстам двумястами двухстах
300 триста трехсот тремстам тремястами трехстах
400 четыреста четырехсот четыремстам четырьмястами
500 пятьсот пятисот пятистам пятьюстами
600 шестьсот шестисот шестистам
700 семьсот семисот семистам
800 восемьсот восьмисот восьмистам
900 девятьсот девятисот девятистам
""")
_ORDINAL_STEMS = _forms("""
1 перв
2 втор
3 трет
4 четверт
5 пят
6 шест
7 седьм
8 восьм
9 девят
10 десят
11 одиннадцат
12 двенадцат
13 тринадцат
14 четырнадцат
15 пятнадцат
16 шестнадцат
17 семнадцат
18 восемнадцат
19 девятнадцат
20 двадцат
30 тридцат
40 сороков
50 пятидесят
60 шестидесят
70 семидесят
80 восьмидесят
90 девяност
100 сот
""")
_ORDINAL_RU = re.compile(
    rf"({'|'.join(sorted(_ORDINAL_STEMS, key=len, reverse=True))})"
    r"(?:ь?[еи]й|ый|ой|ая|ое|ье|ья|ого|ьего|ему|ьему|ому|ым|им|ьим|ом|ьем|ую|ью|ые|ьи|ых|ьих|ыми|ьими)"
)
_ORDINALS_EN = _forms("""
1 first
2 second
3 third
4 fourth
5 fifth
6 sixth
7 seventh
8 eighth
9 ninth
10 tenth
11 eleventh
12 twelfth
13 thirteenth
14 fourteenth
15 fifteenth
16 sixteenth
17 seventeenth
18 eighteenth
19 nineteenth
20 twentieth
30 thirtieth
40 fortieth
50 fiftieth
60 sixtieth
70 seventieth
80 eightieth
90 ninetieth
100 hundredth
""")
_PREFIXES = {
    form: value for form, value in _CARDINALS.items() if form.endswith(("и", "ух", "ех", "сорока")) and value > 1
}
_LONGEST_FIRST = "|".join(sorted(_PREFIXES, key=len, reverse=True))
_ONES = "|".join(form for form, value in _PREFIXES.items() if value < 10)
_COMPOUND = re.compile(
    rf"(?:(одно|двух|трех|четырех|сто)|({_LONGEST_FIRST})({_ONES})?)"
    r"((?:лет|годичн|дневн|суточн|часов|месячн|недельн|минутн|секундн|кратн|этажн|комнатн|процентн|метров"
    r"|километров|томн|серийн"
    r"|местн|звездочн|битн|тысячн|миллионн)\w*)"
)
_FIRST = {"одно": 1, "двух": 2, "трех": 3, "четырех": 4, "сто": 100}
_HALVES = {"полгода": (6, "month"), "полчаса": (30, "minute"), "получаса": (30, "minute"), "полугода": (6, "month")}
_MULTIPLES = {
    "вдвое": 2, "втрое": 3, "вчетверо": 4, "впятеро": 5, "дважды": 2, "трижды": 3, "четырежды": 4, "twice": 2,
    "thrice": 3,
    "doubled": 2, "doubles": 2, "doubling": 2, "tripled": 3, "trebled": 3, "quadrupled": 4, "twofold": 2,
    "threefold": 3,
    "удвоил": 2, "удвоила": 2, "удвоился": 2, "удвоилась": 2, "удвоилось": 2, "удвоились": 2, "утроил": 3,
    "утроился": 3, "утроилась": 3, "утроилось": 3, "утроились": 3,
}  # fmt: skip
_FRACTIONS = {
    "треть": (1, 3), "трети": (1, 3), "третей": (1, 3), "четверть": (1, 4), "четверти": (1, 4), "половина": (1, 2),
    "половину": (1, 2), "половины": (1, 2), "половине": (1, 2), "половиной": (1, 2), "half": (1, 2), "halves": (1, 2),
    "third": (1, 3),
    "thirds": (1, 3), "quarter": (1, 4), "quarters": (1, 4), "fifths": (1, 5), "fifth": (1, 5), "пятых": (1, 5),
    "tenth": (1, 10), "tenths": (1, 10), "halved": (1, 2), "наполовину": (1, 2),
}  # fmt: skip
_GLYPHS = {"½": (1, 2), "⅓": (1, 3), "⅔": (2, 3), "¼": (1, 4), "¾": (3, 4), "⅕": (1, 5)}
_SCALES = tuple(
    (re.compile(pattern), value)
    for pattern, value in (
        (r"тыс|тысяч\w*|thousands?|k", 10**3),
        (r"млн|миллион\w*|millions?|mln|mn|m", 10**6),
        (r"млрд|миллиард\w*|billions?|bn|b", 10**9),
        (r"трлн|триллион\w*|trillions?|tn", 10**12),
    )
)
_UNITS = tuple(
    (re.compile(pattern), unit, Decimal(factor))
    for pattern, unit, factor in (
        (r"%|процент\w*|percent|pct|percentage", PERCENT, 1),
        (r"доллар\w*|долл|usd|dollars?|\$|бакс\w*", "usd", 1),
        (r"евро|euros?|eur|€", "eur", 1),
        (r"фунт\w*|£|gbp|sterling|pounds?", "gbp", 1),
        (r"руб|рубл\w*|roubles?|rubles?|rub|₽", "rub", 1),
        (r"гривн\w*|гривен|hryvnias?|hryvnyas?|uah", "uah", 1),
        (r"тенге|tenge|kzt", "kzt", 1),
        (r"юан\w*|yuans?|cny", "cny", 1),
        (r"[ий]ен[аыу]?|yen|jpy", "jpy", 1),
        (r"км|километр\w*|kilomet\w+|km", "m", 1000),
        (r"метровк\w+|метров\w+|метр|метр(?:а|ов|ы|ах|ам|ами|овый|ового|овой|овая)|met(?:er|re)s?|м", "m", 1),
        (r"см|сантиметр\w*|cm|centimet\w+", "m", "0.01"),
        (r"мм|миллиметр\w*|mm|millimet\w+", "m", "0.001"),
        (r"мил[яиюье]|миль|миля(?:х|ми)|miles?", "mile", 1),
        (r"гектар\w*|га|hectares?|ha", "ha", 1),
        (r"тонн\w*|т|tons?|tonnes?", "kg", 1000),
        (r"кг|килограмм\w*|kg|kilograms?|kilos?", "kg", 1),
        (r"грамм\w*|grams?", "kg", "0.001"),
        (r"литр\w*|lit(?:er|re)s?", "l", 1),
        (r"баррел\w*|barrels?", "barrel", 1),
        (
            r"год|года|году|годом|годам[и]?|годах|годов|лет|летн\w+|годичн|летием?|летия|years?|aged|anniversary",
            "month",
            12,
        ),
        (r"месяц\w*|месячн\w*|months?", "month", 1),
        (r"недел\w*|weeks?", "day", 7),
        (r"день|дня|дней|дню|днями|дням|днях|дневн\w*|сут(?:ки|ок|кам|ками|ках)|суточн\w*|days?", "day", 1),
        (r"час|часа|часов|часам|часами|часах|часов\w+|ч|hours?|hrs?", "minute", 60),
        (r"минут\w*|мин|minutes?|mins?", "minute", 1),
        (r"секунд\w*|сек|seconds|secs?", "second", 1),
        (r"раза?|кратн\w*|times", TIMES, 1),
        (r"градус\w*|degrees?|°", "degree", 1),
        (r"квт|киловатт\w*|kw|kilowatts?", "watt", 1),
        (r"мвт|мегаватт\w*|mw|megawatts?", "watt", 1000),
        (r"гвт|гигаватт\w*|gw|gigawatts?", "watt", 10**6),
    )
)
_TOKEN = re.compile(
    r"(?P<clock>(?<![\d:.,])\d{1,2}:\d\d(?::\d\d)?(?!\d|:\d))"
    r"|(?P<fraction>(?<![\d.,/])[1-9]/(?:[2-9]|10)(?![\d/]))"
    r"|(?P<number>\d{1,3}(?:[ \u00a0\u202f]\d{3})+(?!\d)(?:[.,]\d+)?|\d+(?:[.,]\d+)*)"
    r"|(?P<glyph>[½⅓⅔¼¾⅕])|(?P<sign>[%$€£₽°])|(?P<dash>[-–—/])"
    r"|(?P<word>[^\W\d_]+)|(?P<stop>[.!?;,:()«»\"“”])"
)
_SCORE = re.compile(r"\d+:\d+")
_ROMAN = re.compile(r"M{0,3}(?:CM|CD|D?C{0,3})(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3})")
_ROMAN_VALUES = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100, "D": 500, "M": 1000}
_ORDINAL_ENDINGS = frozenset(
    ("й", "я", "е", "го", "му", "м", "х", "ю", "ый", "ой", "ая", "ое", "ые", "ых", "st", "nd", "rd", "th")
)
_PARTLY = re.compile(r"(?:by|than|about|almost|nearly|roughly|over|around|to|only)\s+$", re.IGNORECASE)
_HEDGES = (
    ("over", re.compile(r"(?:более|больше|свыше|не\s+менее|не\s+меньше|минимум|старше|превы\w+|по\s+(?:крайней|меньшей)\s+мере|выше"
                        r"|over|older\s+than|more\s+than|at\s+least|above|exceed\w*"
                        r"|no\s+(?:less|fewer)\s+than|upwards\s+of)(?:\s+(?:чем|на|в))?\W*$")),
    ("under", re.compile(r"(?:почти|менее|меньше|не\s+более|не\s+больше|максимум|младше|моложе"
                         r"|в\s+возрасте\s+до|ниже|без\s+малого|под"
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
    found = _Reader(text).figures()
    kept = [f for f in found if all(f.end <= start or end <= f.start for start, end in taken)]
    return tuple(replace(figure, hedge=_hedge(text, figure.start)) for figure in kept)


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
                return self._share(_ratio(_GLYPHS[token.text]), start, token.end)
            case "number":
                return self._digits(token)
            case "word":
                return self._words(token)
        return None

    def _share(self, value: Decimal, start: int, end: int) -> tuple[Figure, Decimal]:
        ahead = next((i for i in range(3) if (t := self._peek(i)) and t.text.lower() not in ("of", "a")), 0)
        scaled = self._peek(ahead)
        if scaled and scaled.kind == "word" and _scale(scaled.text):
            # A quarter of a billion.
            self.at += ahead + 1
            unit, factor, end = self._unit(scaled.end)
            return Figure(value * (_scale(scaled.text) or 1) * factor, unit, start, end, word=True), Decimal(1)
        return Figure(value, SHARE, start, end, word=True), Decimal(1)

    def _digits(self, token: _Token) -> tuple[Figure, Decimal] | None:
        value = self._number(token.text)
        if value is None:
            return None
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
                if low not in _JOINS and self._unit_of(low):
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
        return Figure(value, ORDINAL, start, end), Decimal(1)

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
                if not (following and following.kind == "word" and _scale(following.text)):
                    break
                self.at += 1
                continue
            factor = _scale(token.text) if token.kind == "word" else None
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
        if currency:
            for pattern, name, _ in _UNITS:
                if pattern.fullmatch(currency):
                    unit, factor, start = name, Decimal(1), start - 1
        return Figure(value * scale * factor, unit, start, end, word=word), scale

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
            if token.kind not in ("word", "sign") or low in _JOINS or low in _BETWEEN or _spelt(low):
                break
            if low == "per" and place + 1 < len(self.tokens) and self.tokens[place + 1].text.lower() == "cent":
                self.at = place + 2
                return PERCENT, Decimal(1), self.tokens[place + 1].end
            # A letter alone is a unit only right after its figure (5 м, 5 т).
            found = self._unit_of(low) if passed == 0 or len(low) > 2 else None
            if found and (passed == 0 or found[0] in _CURRENCIES or found[0] in ("m", "kg", "month")):
                if passed and found[0] == "month" and low not in ("лет", "years"):
                    break
                self.at = place + 1
                return found[0], found[1], token.end
            passed += 1
            place += 1
        return "", Decimal(1), end

    @staticmethod
    @lru_cache(maxsize=4096)
    def _unit_of(word: str) -> tuple[str, Decimal] | None:
        return next(((unit, factor) for pattern, unit, factor in _UNITS if pattern.fullmatch(word)), None)

    def _words(self, token: _Token) -> tuple[Figure, Decimal] | None:
        low = token.text.lower()
        if low in _MULTIPLES:
            return Figure(Decimal(_MULTIPLES[low]), TIMES, token.start, token.end, word=True), Decimal(1)
        if low in ("полтора", "полторы", "полутора"):
            return self._measured(Decimal("1.5"), token, "", word=True)
        if compound := _COMPOUND.fullmatch(low):
            value = _FIRST.get(compound[1]) or _PREFIXES[compound[2]] + _PREFIXES.get(compound[3] or "", 0)
            name, factor = self._unit_of(compound[4]) or ("", Decimal(1))
            return Figure(value * factor, name, token.start, token.end, word=True), Decimal(1)
        if low in _HALVES:
            value, name = _HALVES[low]
            return Figure(Decimal(value), name, token.start, token.end, word=True), Decimal(1)
        if low == "впервые":
            return Figure(Decimal(1), ORDINAL, token.start, token.end, word=True), Decimal(1)
        if (
            (len(token.text) > 1 or (self.russian and low in "ivx"))
            and token.text.isupper()
            and _ROMAN.fullmatch(token.text)
        ):
            return Figure(Decimal(_roman(token.text)), ORDINAL, token.start, token.end), Decimal(1)
        if low in _FRACTIONS and self._is_share(low, token):
            return self._share(_ratio(_FRACTIONS[low]), token.start, token.end)
        return self._spelled(token)

    def _is_share(self, low: str, token: _Token) -> bool:
        """Whether "third", "half", "quarter" or «четверть» is a part of something, not a place in a row."""
        before = self._peek(-2)
        previous = before.text.lower() if before else ""
        following = self._peek()
        if previous and (_ORDINALS_EN.get(previous) or _ORDINAL_RU.fullmatch(previous) or previous in ("с", "third")):
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
        if first.text[0].isupper() and first.text.lower() in _CARDINALS and not self._opens(first):
            return None  # a name
        total, last, ordinal, count = 0, 0, False, 0
        self.at -= 1
        while (token := self._peek()) is not None:
            low = token.text.lower()
            if count and token.kind == "dash" and token.text == "-" and (n := self._peek(1)) and _spelt(n.text.lower()):
                self.at += 1
                continue
            if count and low == "and" and last == 100 and (n := self._peek(1)) and _spelt(n.text.lower()):
                self.at += 1
                continue
            spelt = _spelt(low) if token.kind == "word" else None
            if spelt is None:
                break
            value, ordinal_ = spelt
            if value == 100 and low == "hundred" and total % 100 and total < 100:
                total *= 100
            elif count and not _continues(last, value):
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
            return Figure(Decimal(total), ORDINAL, first.start, self.tokens[self.at - 1].end, word=True), Decimal(1)
        following = self._peek()
        large = following is not None and (_scale(following.text) or following.text.lower() == "and")
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
        if _scale(token.text) is None or not (
            token.text.lower().endswith(("яча", "ячу", "ячи", "он", "она", "ард", "арда"))
            if self.russian
            else before is not None and before.text.lower() in ("a", "one", "per")
        ):
            return None
        return self._measured(Decimal(1), token, "", word=True)

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
            return total * _ratio(_FRACTIONS[low])
        return None


def _continues(last: int, value: int) -> bool:
    """Whether a number word goes on from the one before it: twenty five, сто двадцать, not five twenty."""
    return (last >= 20 and last < 100 and 0 < value < 10) or (last >= 100 and 0 < value < 100)


@lru_cache(maxsize=4096)
def _spelt(word: str) -> tuple[int, bool] | None:
    if word in _CARDINALS:
        return _CARDINALS[word], False
    if word in _ORDINALS_EN:
        return _ORDINALS_EN[word], True
    if match := _ORDINAL_RU.fullmatch(word):
        return _ORDINAL_STEMS[match[1]], True
    return None


@lru_cache(maxsize=4096)
def _scale(word: str) -> Decimal | None:
    return next((Decimal(value) for pattern, value in _SCALES if pattern.fullmatch(word.lower())), None)


def _ratio(parts: tuple[int, int]) -> Decimal:
    return Decimal(parts[0]) / Decimal(parts[1])


def _roman(text: str) -> int:
    values = [_ROMAN_VALUES[letter] for letter in text]
    return sum(-v if v < after else v for v, after in zip(values, [*values[1:], 0], strict=True))


def agree(claimed: Figure, said: Figure) -> bool:
    """Whether a text that says `said` bears a claim that says `claimed`."""
    scaled = _common_unit(claimed, said)
    if scaled is None:
        return False
    one, other = scaled
    if {claimed.hedge, said.hedge} == {"over", "under"}:
        return False
    if one == other:
        return True
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
    return frozenset((figure.value, *(figure.value / factor for _, unit, factor in _UNITS if unit == figure.unit)))


def _digits_of(value: Decimal) -> int:
    """How many digits it has without the noughts at its ends."""
    return len(value.normalize().as_tuple().digits)


def _common_unit(claimed: Figure, said: Figure) -> tuple[Decimal, Decimal] | None:
    """Both values in one unit; None when their units can't be those of one thing."""
    one, other = claimed.unit, said.unit
    if one == other:
        return claimed.value, said.value
    match {one, other}:
        case units if units == {SHARE, PERCENT}:
            return _hundredths(claimed), _hundredths(said)
        case units if units == {SHARE, TIMES}:
            # Вдвое меньше is half of it.
            return _halved(claimed), _halved(said)
        case units if units == {ORDINAL, DECADE}:
            # The thirties of the twentieth century are mostly meant.
            return claimed.value % 100, said.value % 100
        case units if units & {"", ORDINAL} and not units & {PERCENT, SHARE, CLOCK, DECADE}:
            bare, measured = (claimed, said) if one in ("", ORDINAL) else (said, claimed)
            # 45 is also 45 years, which count as months; a tenth anniversary is one of 10 years.
            factors = {Decimal(1), *(factor for _, unit, factor in _UNITS if unit == measured.unit)}
            if any(bare.value * factor == measured.value for factor in factors):
                return Decimal(1), Decimal(1)
            return claimed.value, said.value
    return None


def _halved(figure: Figure) -> Decimal:
    return 1 / figure.value if figure.unit == TIMES and figure.value else figure.value


def _hundredths(figure: Figure) -> Decimal:
    return figure.value * 100 if figure.unit == SHARE else figure.value


def against(claim: str, quotes: Sequence[str], titles: Sequence[str] = ()) -> list[Finding]:
    """What the quotes have against the figures of a claim; `titles`, those of their documents, bear figures too."""
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
                if other.value <= most or {figure.unit, other.unit} <= _DURATIONS
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
            found.append(Finding(text, against=not _countable(figure) and not _of_name(claim, figure)))
    return found


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
    timed = {figure.unit, other.unit} <= _DURATIONS
    return 1 if timed or _common_unit(figure, other) or figure.value == other.value else 2


def _of_name(text: str, figure: Figure) -> bool:
    """Whether it belongs to a name, which may be told in another way: Theodoros II, G20, TMA-08M."""
    written = text[figure.start : figure.end]
    return written.isalpha() and written.isupper() or bool(re.search(r"[A-ZА-ЯЁ]-?$", text[: figure.start]))


def _countable(figure: Figure) -> bool:
    """Whether a reader may have counted it (two directors), or says "first" of what the text shows to be so."""
    return figure.word and figure.unit not in (PERCENT, SHARE, *_CURRENCIES) and figure.value < 1000
