"""Names of countries, which often differ between the two languages (Китай, China): from CLDR, through Babel."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from babel import Locale

from istok.index.types import Language

# What people write beside CLDR's official names.
_OTHERWISE: tuple[tuple[str, str], ...] = (
    ("Белоруссия", "Belarus"),
    ("США", "USA"),
    ("Штаты", "States"),
    ("Великобритания", "Britain"),
    ("Кыргызстан", "Kyrgyzstan"),
    ("Молдавия", "Moldova"),
    ("Корея", "Korea"),
    ("Эмираты", "Emirates"),
    ("Евросоюз", "EU"),
)


@cache
def names(language: Language) -> Mapping[str, str]:
    """Country names of one word, lower-case, and what the other language calls each."""
    russian, english = Locale("ru").territories, Locale("en").territories
    # Codes in figures are those of continents.
    pairs = [(russian[code], english[code]) for code in english if str(code).isalpha() and code in russian]
    found: dict[str, str] = {}
    for pair in [*pairs, *_OTHERWISE]:
        own, other = pair if language == "ru" else pair[::-1]
        if own.isalpha() and other.isalpha():
            found.setdefault(own.lower(), other.lower())
    return found
