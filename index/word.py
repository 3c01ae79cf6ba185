"""DOCX by python-docx: paragraphs and tables in their order."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

import docx
from docx.opc.exceptions import OpcError
from docx.table import Table

from istok.index.article import Article, headline, paragraph_ranges
from istok.index.dates import date_above
from istok.index.errors import LoadError
from istok.index.types import Range

if TYPE_CHECKING:
    from docx.text.paragraph import Paragraph

MAX_UNPACKED_BYTES = 500_000_000
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_RUNS = (
    ".//w:r[not(ancestor::*[local-name()='Fallback'])]/*[self::w:t or self::w:tab or self::w:br or self::w:cr or "
    "self::w:noBreakHyphen]"
)
_SIGNS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}


def read(data: bytes, name: str) -> Article:
    """Paragraphs joined by blank lines; a table is a line for each row, its cells apart by " | "."""
    if data.startswith(_OLE):
        reason = "is encrypted or in the old .doc format: save it as .docx without a password"
        raise LoadError(f"{name}: {reason}", "encrypted")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > MAX_UNPACKED_BYTES:
                raise LoadError(f"{name}: unpacks to more than {MAX_UNPACKED_BYTES // 10**6} MB: split it", "large")
        document = docx.Document(io.BytesIO(data))
        blocks = [_rows(block) if isinstance(block, Table) else _text(block) for block in document.iter_inner_content()]
        titled = [
            _text(paragraph)
            for paragraph in document.paragraphs
            if paragraph.style is not None and paragraph.style.name in ("Title", "Heading 1")
        ]
        title = document.core_properties.title.strip()
    except (zipfile.BadZipFile, OpcError, KeyError, ValueError, SyntaxError, NotImplementedError) as error:
        reason = "is a damaged .docx: open it in a word processor and save it again"
        raise LoadError(f"{name}: {reason}", "damaged") from error
    text, ranges = "", []
    for block in filter(str.strip, blocks):
        text += "\n\n" if text else ""
        ranges.append(Range(len(text), len(text) + len(block)))
        text += block
    main = paragraph_ranges(text, ranges)
    date, basis = date_above([text[range_.start : range_.end] for range_ in ranges])
    own = title if title.lower() != "word document" else ""
    heading = next((heading for heading in titled if heading.strip()), None)
    return Article(text, main, own or heading or headline(text, main), date, basis)


def _text(paragraph: Paragraph) -> str:
    """With what python-docx's own `text` leaves out: accepted insertions, content controls and text boxes."""
    parts = (
        node.text or "" if node.tag.endswith("}t") else _SIGNS[node.tag.rpartition("}")[2]]
        for node in paragraph._p.xpath(_RUNS)
    )
    return "".join(parts).strip()


def _rows(table: Table) -> str:
    rows = []
    for row in table.rows:
        cells = list({id(cell._tc): " ".join(cell.text.split()) for cell in row.cells}.values())
        if any(cells):
            rows.append(" | ".join(cells))
    return "\n".join(rows)
