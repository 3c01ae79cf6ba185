"""The Russian–English lexicon: what a term may be in the other language, and how likely.

Mined from parallel sentences by `models/lexicon`; stems as `istok.index.terms.term` makes them. Names are hardly in
it: keys find these.
"""

from __future__ import annotations

import gzip
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from types import MappingProxyType


@lru_cache(maxsize=1)
def _lines() -> dict[str, str]:
    """What the file says of each term, not yet parsed: a question needs a handful of some sixty thousand."""
    text = gzip.decompress(files("istok.models").joinpath("lexicon", "ru-en.tsv.gz").read_bytes()).decode()
    return dict(line.split("\t", 1) for line in text.splitlines())


@lru_cache(maxsize=4096)
def translations(term: str) -> Mapping[str, float]:
    """Terms of the other language with P(translation | term), the likeliest first; empty for an unknown term."""
    numbers = _lines().get(term, "").split()
    return MappingProxyType(dict(zip(numbers[::2], map(float, numbers[1::2]), strict=True)))
