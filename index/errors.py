"""Errors of `istok.index`; each message is one line that ends with the remedy."""

from __future__ import annotations

from typing import Literal

RefusalKind = Literal["type", "empty", "scanned", "large", "encrypted", "damaged", "charset", "unreadable", "name"]
"""Why a file is not indexed, for those who say it in another language."""


class IstokError(Exception):
    """Anything that the user can mend; shown as one line, exit code 2."""


class LoadError(IstokError):
    """A file that can't be indexed."""

    def __init__(self, message: str, kind: RefusalKind = "unreadable") -> None:
        super().__init__(message)
        self.kind = kind


class IndexStateError(IstokError):
    """The index is missing, of another version, or damaged."""


class MissingExtraError(IstokError):
    """A library that is not installed by default."""

    def __init__(self, what: str, extra: str) -> None:
        super().__init__(f"{what} is not installed: pip install 'istok[{extra}]'")


class UnknownNameError(IstokError):
    """A `kind:name` whose kind nobody implements."""

    def __init__(self, seam: str, spec: str, known: tuple[str, ...]) -> None:
        super().__init__(f"unknown {seam} {spec!r}: use one of {', '.join(known)}")
