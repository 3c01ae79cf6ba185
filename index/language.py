"""Which of the two languages a text is in, told by its script."""

from __future__ import annotations

import re

from istok.index.types import Language

_CYRILLIC = re.compile(r"[а-яё]", re.IGNORECASE)
_LATIN = re.compile(r"[a-z]", re.IGNORECASE)


def detect(text: str) -> Language:
    """The language of most letters. A Latin name inside a Russian sentence doesn't make it English, so
    Cyrillic wins from a third of the letters on; a text without letters is English."""
    cyrillic, latin = len(_CYRILLIC.findall(text)), len(_LATIN.findall(text))
    return "ru" if cyrillic and cyrillic * 2 >= latin else "en"
