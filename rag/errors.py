"""Errors of `istok.rag`; each message is one line that ends with the remedy."""

from __future__ import annotations

from istok.index.errors import IstokError


class ReaderError(IstokError):
    """A reader that can't be opened or that failed while reading."""


class InputError(IstokError):
    """A question, a history or a JSON line that can't be used."""
