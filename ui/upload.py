"""Uploaded files: kept among the home's documents, then stored; their vectors are filled in behind."""

from __future__ import annotations

from pathlib import Path

from istok.index.errors import IstokError
from istok.index.home import Home
from istok.index.index import Index
from istok.index.types import IndexReport


def add(index: Index, home: Home, upload: Path) -> IndexReport:
    """Move `upload` among the home's documents and make it findable there; one of the same name is replaced.

    Its passages then await the encoder. A refused file is not kept, and leaves the one it would have replaced in its
    place. Raises IstokError.
    """
    home.documents.mkdir(parents=True, exist_ok=True)
    place = home.documents / upload.name
    former = place.with_name(f".{place.name}.former")
    if place.exists():
        place.replace(former)
    kept = False
    try:
        # Copied, not renamed: the upload may lie on another file system.
        place.write_bytes(upload.read_bytes())
        upload.unlink()
        report = index.store([place])
        kept = not report.refusals
        return report
    except OSError as error:
        reason = f"can't be kept in {home.documents} ({error.strerror}): free some space"
        raise IstokError(f"{upload.name} {reason}") from error
    finally:
        if kept:
            former.unlink(missing_ok=True)
        elif former.exists():
            former.replace(place)
        else:
            place.unlink(missing_ok=True)
