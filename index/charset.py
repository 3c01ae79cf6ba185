"""Bytes to text: byte order marks, UTF-8, what the file declares, Russian 8-bit charsets, then a detector."""

from __future__ import annotations

import codecs
import re
from itertools import islice, pairwise

from charset_normalizer import from_bytes

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_RUSSIAN = ("cp1251", "koi8_r", "cp866")
_WESTERN = "cp1252"
_WORD = re.compile(r"[^\W\d_]+")
_OTHER = re.compile(r"[^\x00-\x7f]\S*\s?|[a-zA-Z]+[^\x00-\x7f]\S*\s?")
_SAMPLE = 2000
_CYRILLIC = re.compile(r"[А-ЯЁ]?[а-яё]+|[А-ЯЁ]+")
_TYPOGRAPHY = frozenset("«»“”„‘’—–…№\xa0©°§•·")
_VOWELS = frozenset("аеёиоуыэюя")
_BY_FREQUENCY = "оеаинтсрвлкмдпуяыьгзбчйхжшюцщэфъё"
"""The letters of Russian from the most frequent on (Russian National Corpus)."""


def decode(data: bytes, declared: str | None = None) -> str | None:
    """The text without its byte order mark, line ends as they are; None for bytes that are no text.

    A few words in an 8-bit Russian charset are too few for a statistical detector, so these are told by how
    Russian each reading looks.
    """
    for mark, charset in _MARKS:
        if data.startswith(mark):
            return _strictly(data[len(mark) :], charset)
    if b"\0" in data or _control_share(data) > 0.02:
        return None
    for stated in ("utf-8", declared):
        if stated and (text := _strictly(data, stated)) is not None:
            return text
    readings = [text for charset in _RUSSIAN if (text := _strictly(data, charset)) is not None]
    best = max(readings, key=_russian, default="")
    if _russian(best) > 0:
        return best
    western = _strictly(data, _WESTERN)
    if western is not None and len(re.findall(r"[a-zA-Z]", western)) >= 0.7 * len(re.findall(r"[^\W\d_]", western)):
        return western  # English with its quotes, dashes and a few accents, too few for the detector
    guess = from_bytes(data).best()
    return None if guess is None else str(guess)


def _strictly(data: bytes, charset: str) -> str | None:
    try:
        return data.decode(charset)
    except (UnicodeDecodeError, LookupError):
        return None


def _control_share(data: bytes) -> float:
    controls = sum(data.count(code) for code in range(32) if code not in b"\t\n\v\f\r\x1a\x1b")
    return controls / max(1, len(data))


def _russian(text: str) -> float:
    """How Russian the words with other than Latin letters look; above 0 is convincing."""
    sample = "".join(found[0] for found in islice(_OTHER.finditer(text), _SAMPLE))
    words = [word for word in _WORD.findall(sample) if not word.isascii()]
    foreign = sum(not (char.isascii() or char.isalpha() or char in _TYPOGRAPHY) for char in sample)
    letters = "".join(words)
    if not letters:
        return -1
    whole = sum(len(word) for word in words if _CYRILLIC.fullmatch(word)) / (len(letters) + foreign)
    if whole < 0.6:
        return -1
    folded = [word.lower() for word in words]
    rank = sum(max(0, _BY_FREQUENCY.find(letter)) for word in folded for letter in word) / len(letters)
    pairs = [(a in _VOWELS) != (b in _VOWELS) for word in folded for a, b in pairwise(word)]
    alternating = sum(pairs) / max(1, len(pairs))
    small = sum(letter.islower() for letter in letters) / len(letters)
    # In Russian the mean rank is 8 and seven pairs in ten alternate, in chance letters 16 and four in ten. In KOI8
    # read as Windows-1251, and the reverse, capitals and small letters are swapped.
    return (20 - rank) / 16 + alternating - 0.4 + 0.1 * small
