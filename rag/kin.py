"""Kin: stems of one family of words."""

from __future__ import annotations


def kin(one: str, other: str) -> bool:
    """Whether two stems begin alike for most of the shorter one's length (Казахстан, казахстанский)."""
    shorter = min(len(one), len(other))
    shared = next((i for i in range(shorter) if one[i] != other[i]), shorter)
    return shared >= 4 and shared >= 0.7 * shorter and not one[0].isdigit()
