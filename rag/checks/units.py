"""Units and scales of figures, in both languages."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache

ORDINAL, SHARE, PERCENT, TIMES, CLOCK, DECADE = "ordinal", "share", "percent", "times", "clock", "decade"
CURRENCIES = frozenset(("usd", "eur", "gbp", "rub", "uah", "kzt", "cny", "jpy", "pln", "chf", "inr", "ils"))
DURATIONS = frozenset(("second", "minute", "day", "month"))
MEASURED = CURRENCIES | {PERCENT, SHARE, TIMES}
"""Units of what one text says of one thing only, more often than not."""

_SCALES = tuple(
    (re.compile(pattern), value)
    for pattern, value in (
        (r"тыс|тысяч\w*|thousands?|k", 10**3),
        (r"млн|миллион\w*|millions?|mln|mn|m", 10**6),
        (r"млрд|миллиард\w*|billions?|bn|b", 10**9),
        (r"трлн|триллион\w*|trillions?|tn", 10**12),
    )
)
UNITS = tuple(
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
        (r"злот\w+|zlot(?:y|ys|ych)|pln", "pln", 1),
        (r"франк(?:а|и|ов|ам|ами|ах)?|francs?|chf", "chf", 1),
        (r"рупи[йяиюе]\w{0,2}|rupees?|inr", "inr", 1),
        (r"шекел\w+|shekels?|ils", "ils", 1),
        (r"км|километр\w*|kilomet\w+|km", "m", 1000),
        (r"метровк\w+|метров\w+|метр|метр(?:а|ов|ы|ах|ам|ами|овый|ового|овой|овая)|met(?:er|re)s?|м", "m", 1),
        (r"см|сантиметр\w*|cm|centimet\w+", "m", "0.01"),
        (r"мм|миллиметр\w*|mm|millimet\w+", "m", "0.001"),
        (r"мил[яиюье]|миль|миля(?:х|ми)|miles?", "mile", 1),
        (r"фут|фут(?:а|ов|ы|ам|ами|ах)|foot|feet|ft", "m", "0.3048"),
        (r"ярд|ярд(?:а|ов|ы|ам|ами|ах)|yards?", "m", "0.9144"),
        (r"дюйм\w*|inch|inches", "m", "0.0254"),
        (r"акр|акр(?:а|ов|ы|ам|ами|ах)|acres?", "ha", "0.4047"),
        (r"гектар\w*|га|hectares?|ha", "ha", 1),
        (r"тонн\w*|т|tons?|tonnes?", "kg", 1000),
        (r"кг|килограмм\w*|kg|kilograms?|kilos?", "kg", 1),
        (r"грамм\w*|grams?", "kg", "0.001"),
        (r"миллиграмм\w*|мг|milligrams?|mg", "kg", "0.000001"),
        (r"центнер\w*|centners?|quintals?", "kg", 100),
        (r"унци[яийею]\w{0,2}|ounces?|oz", "kg", "0.0283"),
        (r"миллилитр\w*|мл|millilit(?:er|re)s?|ml", "l", "0.001"),
        (r"галлон\w*|gallons?", "l", "3.785"),
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
        (r"вольт\w{0,2}|volts?", "volt", 1),
        (r"киловольт\w{0,2}|kilovolts?", "volt", 1000),
        (r"килобайт\w*|кб|kilobytes?|kb", "byte", 10**3),
        (r"мегабайт\w*|мб|megabytes?|mb", "byte", 10**6),
        (r"гигабайт\w*|гб|gigabytes?|gb", "byte", 10**9),
        (r"терабайт\w*|тб|terabytes?|tb", "byte", 10**12),
        (r"гвт|гигаватт\w*|gw|gigawatts?", "watt", 10**6),
    )
)


@lru_cache(maxsize=4096)
def scale_of(word: str) -> Decimal | None:
    """What a word multiplies the figure before it by: a million for «млн»; None for another word."""
    return next((Decimal(value) for pattern, value in _SCALES if pattern.fullmatch(word.lower())), None)


@lru_cache(maxsize=4096)
def unit_of(word: str) -> tuple[str, Decimal] | None:
    """The unit that a word names, with how many of its base units it is."""
    return next(((unit, factor) for pattern, unit, factor in UNITS if pattern.fullmatch(word)), None)
