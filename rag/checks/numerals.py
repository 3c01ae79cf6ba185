"""Numbers in words, in both languages: forms of cardinals and ordinals, fractions, multiples, Roman numerals."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache


def _forms(table: str) -> dict[str, int]:
    return {form: int(row.split()[0]) for row in table.strip().split("\n") for form in row.split()[1:]}


CARDINALS = _forms("""
0 ноль нуль нуля zero
1 один одна одно одного одной одну одному одним одном one
2 два две двух двум двумя двое двоих двоим вдвоем two
3 три трех трем тремя трое троих троим втроем three
4 четыре четырех четырем четырьмя четверо четверых вчетвером four
5 пять пяти пятью пятеро пятерых впятером five
6 шесть шести шестью шестеро шестерых вшестером six
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
ORDINAL_RU = re.compile(
    rf"({'|'.join(sorted(_ORDINAL_STEMS, key=len, reverse=True))})"
    r"(?:ь?[еи]й|ый|ой|ая|ое|ье|ья|ого|ьего|ему|ьему|ому|ым|им|ьим|ом|ьем|ую|ью|ые|ьи|ых|ьих|ыми|ьими)"
)
ORDINALS_EN = _forms("""
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
PREFIXES = {
    form: value for form, value in CARDINALS.items() if form.endswith(("и", "ух", "ех", "сорока")) and value > 1
}
_LONGEST_FIRST = "|".join(sorted(PREFIXES, key=len, reverse=True))
_ONES = "|".join(form for form, value in PREFIXES.items() if value < 10)
COMPOUND = re.compile(
    rf"(?:(одно|двух|трех|четырех|сто)|({_LONGEST_FIRST})({_ONES})?)"
    r"((?:лет|годичн|дневн|суточн|часов|месячн|недельн|минутн|секундн|кратн|этажн|комнатн|процентн|метров"
    r"|километров|томн|серийн"
    r"|местн|звездочн|битн|тысячн|миллионн)\w*)"
)
FIRST = {"одно": 1, "двух": 2, "трех": 3, "четырех": 4, "сто": 100}
HALVES = {"полгода": (6, "month"), "полчаса": (30, "minute"), "получаса": (30, "minute"), "полугода": (6, "month")}
MULTIPLES = {
    "вдвое": 2, "втрое": 3, "вчетверо": 4, "впятеро": 5, "дважды": 2, "трижды": 3, "четырежды": 4, "twice": 2,
    "thrice": 3,
    "doubled": 2, "doubles": 2, "doubling": 2, "tripled": 3, "trebled": 3, "quadrupled": 4, "twofold": 2,
    "threefold": 3,
    "удвоил": 2, "удвоила": 2, "удвоился": 2, "удвоилась": 2, "удвоилось": 2, "удвоились": 2, "утроил": 3,
    "утроился": 3, "утроилась": 3, "утроилось": 3, "утроились": 3,
}  # fmt: skip
FRACTIONS = {
    "треть": (1, 3), "трети": (1, 3), "третей": (1, 3), "четверть": (1, 4), "четверти": (1, 4), "половина": (1, 2),
    "половину": (1, 2), "половины": (1, 2), "половине": (1, 2), "половиной": (1, 2), "half": (1, 2), "halves": (1, 2),
    "third": (1, 3),
    "thirds": (1, 3), "quarter": (1, 4), "quarters": (1, 4), "fifths": (1, 5), "fifth": (1, 5), "пятых": (1, 5),
    "tenth": (1, 10), "tenths": (1, 10), "halved": (1, 2), "наполовину": (1, 2),
}  # fmt: skip
GLYPHS = {"½": (1, 2), "⅓": (1, 3), "⅔": (2, 3), "¼": (1, 4), "¾": (3, 4), "⅕": (1, 5)}
ROMAN = re.compile(r"M{0,3}(?:CM|CD|D?C{0,3})(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3})")
_ROMAN_VALUES = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100, "D": 500, "M": 1000}


def continues(last: int, value: int) -> bool:
    """Whether a number word goes on from the one before it: twenty five, сто двадцать, not five twenty."""
    return (last >= 20 and last < 100 and 0 < value < 10) or (last >= 100 and 0 < value < 100)


@lru_cache(maxsize=4096)
def number_word(word: str) -> tuple[int, bool] | None:
    """The value of one number word, and whether it is an ordinal; None for another word."""
    if word in CARDINALS:
        return CARDINALS[word], False
    if word in ORDINALS_EN:
        return ORDINALS_EN[word], True
    if match := ORDINAL_RU.fullmatch(word):
        return _ORDINAL_STEMS[match[1]], True
    return None


def ratio(parts: tuple[int, int]) -> Decimal:
    """Of a numerator and a denominator."""
    return Decimal(parts[0]) / Decimal(parts[1])


def roman(text: str) -> int:
    """The value of a Roman numeral."""
    values = [_ROMAN_VALUES[letter] for letter in text]
    return sum(-v if v < after else v for v, after in zip(values, [*values[1:], 0], strict=True))
