"""Bytes to text: byte order marks, UTF-8, what the file declares, Russian 8-bit charsets, then a detector."""

from __future__ import annotations

import codecs
import re

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
_CYRILLIC = re.compile(r"[А-ЯЁ]?[а-яё]+|[А-ЯЁ]+")
_TYPOGRAPHY = frozenset("«»“”„‘’—–…№\xa0©°§•·")
_FREQUENT = frozenset("оеаинтсрвл")
"""The ten most frequent letters of Russian, two thirds of any text (National Corpus of the Russian Language)."""


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
    readings = {charset: text for charset in _RUSSIAN if (text := _strictly(data, charset)) is not None}
    best = max(readings, key=lambda charset: _russian(readings[charset]), default=None)
    if best and _russian(readings[best]) > 0:
        return readings[best]
    if sum(byte > 127 for byte in data) < 0.15 * len(data) and (text := _strictly(data, _WESTERN)) is not None:
        return text  # English with its quotes, dashes and a few accents, too few for the detector
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
    """How Russian the words with other than Latin letters look, from -1 to 1; above 0 is convincing."""
    words = [word for word in _WORD.findall(text) if not word.isascii()]
    foreign = sum(not (char.isascii() or char.isalpha() or char in _TYPOGRAPHY) for char in text)
    letters = "".join(words)
    if not letters:
        return -1
    whole = sum(len(word) for word in words if _CYRILLIC.fullmatch(word)) / (len(letters) + foreign)
    frequent = sum(letter in _FREQUENT for letter in letters.lower()) / len(letters)
    small = sum(letter.islower() for letter in letters) / len(letters)
    return whole + frequent + 0.3 * small - 1.3
