"""Counts with their nouns, in Russian and English."""

from __future__ import annotations


def few(count: int, one: str, few: str, many: str) -> str:
    """A count with its noun, as Russian wants it."""
    tens, units = count % 100, count % 10
    noun = many if 11 <= tens <= 14 else one if units == 1 else few if 2 <= units <= 4 else many
    return f"{count} {noun}"


def plural(count: int, noun: str) -> str:
    """A count with its noun, as English wants it."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
