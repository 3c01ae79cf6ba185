"""PDF: the text layer by PDFium, its lines joined to paragraphs again, also over the turn of a page."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

import pypdfium2
from pypdfium2 import raw

from istok.index.article import Article, headline, paragraph_ranges
from istok.index.dates import date_above
from istok.index.errors import LoadError
from istok.index.types import Range

PAGE_BREAK = "\n\f\n"
_BROKEN_WORD = "\ufffe"
"""PDFium's sign for a hyphen together with the line end behind it."""
_LINE = re.compile(rf"([^\r\n{_BROKEN_WORD}]+)({_BROKEN_WORD}?)")
_PAGE_NUMBER = re.compile(
    r"\W*(?:стр(?:\.|аница)?|page|p\.|с\.)?\s*\d{1,4}(?:\s*(?:из|of|/)\s*\d{1,4})?\W*", re.IGNORECASE
)
_ITEM = re.compile(r"(?:[•▪■●◦–—-]|\d{1,2}[.)])\s")
_CLOSED = re.compile(r"[.!?…:;][»”\"')\]]*$")


@dataclass(frozen=True, slots=True)
class Line:
    """A line with its box in points; y grows upwards."""

    text: str
    left: float
    right: float
    top: float
    bottom: float
    height: float


def read(data: bytes, name: str) -> Article:
    """The text with a range for each page. Running headers, footers and page numbers are left out of it altogether:
    they would stand in the midst of the sentences that go on over a page."""
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if error.err_code in (raw.FPDF_ERR_PASSWORD, raw.FPDF_ERR_SECURITY):
            raise LoadError(f"{name}: is encrypted: save a copy without its password", "encrypted") from error
        raise LoadError(f"{name}: is a damaged PDF: save or download it again", "damaged") from error
    try:
        sheets = [_lines(page) for page in document]
        title = _title(document.get_metadata_value("Title"))
    except pypdfium2.PdfiumError as error:
        raise LoadError(f"{name}: is a damaged PDF ({error}): save or download it again", "damaged") from error
    finally:
        document.close()
    words = Counter(word for sheet in sheets for line in sheet for word in re.findall(r"\w+(?:-\w+)*", line.text))
    running = _running(sheets)
    text, pages = "", list[Range]()
    last: Line | None = None
    for number, sheet in enumerate(sheets):
        body = _body(sheet, running)
        breaks = _Breaks(body)
        text += PAGE_BREAK if number and not (body and last and _goes_on(last, body[0])) else ""
        start = len(text)
        for i, line in enumerate(body):
            if not text or text.endswith(PAGE_BREAK):
                text += line.text
            elif i and breaks.between(body[i - 1], line):
                text += "\n\n" + line.text
            else:
                text, begin = _appended(text, line.text, words)
                if not i:
                    start = begin
                    pages[-1] = Range(pages[-1].start, min(pages[-1].end, begin))
        last = body[-1] if body else None
        pages.append(Range(start, len(text)))
    paragraphs = [Range(*found.span()) for found in re.finditer(r"[^\n\f]+", text)]
    main = paragraph_ranges(text, paragraphs)
    date, basis = date_above([text[range_.start : range_.end] for range_ in paragraphs])
    return Article(text, main, title or headline(text, main), date, basis, tuple(pages))


def _lines(page: pypdfium2.PdfPage) -> list[Line]:
    layer = page.get_textpage()
    text = layer.get_text_range()
    lines = []
    for found in _LINE.finditer(text):
        visible = found[1].strip()
        if not visible:
            continue
        first = found.start() + found[1].index(visible)
        left, bottom, _, top = _box(layer, first)
        _, last_bottom, right, _ = _box(layer, first + len(visible) - 1)
        clean = re.sub(r"[\0-\x1f\ufffd]", "", re.sub(r"[\t ]+", " ", visible)).replace("\u00ad", "-")
        clean += "-" if found[2] and not clean.endswith("-") else ""
        if clean:
            lines.append(Line(clean, left, right, top, last_bottom, max(top - bottom, 1.0)))
    layer.close()
    return lines


def _box(layer: pypdfium2.PdfTextPage, index: int) -> tuple[float, float, float, float]:
    """Left, bottom, right and top of a character of the page's text."""
    left, bottom, right, top = layer.get_charbox(raw.FPDFText_GetCharIndexFromTextIndex(layer, index), loose=True)
    return left, bottom, right, top


def _edges(sheet: list[Line]) -> list[Line]:
    """The two topmost and the two lowest lines of a page."""
    by_height = sorted(sheet, key=lambda line: -line.top)
    return by_height if len(by_height) <= 4 else by_height[:2] + by_height[-2:]


def _key(line: Line) -> tuple[str, int]:
    return re.sub(r"\d+", "#", line.text.lower()), round(line.height)


def _running(sheets: list[list[Line]]) -> set[tuple[str, int]]:
    """Lines that return at the edge of at least two pages and of four in ten (left and right pages may differ)."""
    seen = Counter(key for sheet in sheets for key in {_key(line) for line in _edges(sheet)})
    return {key for key, pages in seen.items() if pages >= max(2, 0.4 * len(sheets))}


def _body(sheet: list[Line], running: set[tuple[str, int]]) -> list[Line]:
    furniture = {
        id(line)
        for line in _edges(sheet)
        if (_key(line) in running and not line.text[0].islower())
        or (len(sheet) > 1 and _PAGE_NUMBER.fullmatch(line.text))
    }
    return [line for line in sheet if id(line) not in furniture]


class _Breaks:
    """Where paragraphs begin on a page, told by its own usual line gap and width."""

    def __init__(self, body: list[Line]) -> None:
        gaps = [gap for a, b in pairwise(body) if (gap := a.bottom - b.top) > -0.5 * b.height]
        self._gap = median(gaps) if gaps else 0.0
        self._right = max((line.right for line in body), default=0.0)
        self._width = self._right - min((line.left for line in body), default=0.0)

    def between(self, a: Line, b: Line) -> bool:
        """Whether a paragraph begins with line `b`. A break too many at the end of a sentence does no harm, so doubt
        is decided by whether `a` ends one."""
        gap = a.bottom - b.top
        closed, goes_on = bool(_CLOSED.search(a.text)), b.text[0].islower()
        if gap > self._gap + 0.35 * b.height:
            return closed or not goes_on or gap > self._gap + b.height
        if (goes_on and not closed) or re.search(r"[^\W\d_]-$", a.text):
            return False
        if abs(a.height - b.height) > 0.2 * a.height or _ITEM.match(b.text):
            return True
        short = a.right < self._right - 0.15 * self._width
        indented = b.left > a.left + 0.5 * b.height
        return (closed and (short or indented)) or (not closed and a.right < self._right - 0.4 * self._width)


def _goes_on(a: Line, b: Line) -> bool:
    """Whether the last paragraph of a page goes on at the top of the next one."""
    same = abs(a.height - b.height) <= 0.2 * a.height
    return same and not _CLOSED.search(a.text) and (b.text[0].islower() or a.text.endswith(("-", ",")))


def _appended(text: str, line: str, words: Counter[str]) -> tuple[str, int]:
    """The text with the next line of its paragraph, and where that line begins. A word broken between the two is
    made whole, unless its hyphen belongs to it."""
    broken, rest = re.search(r"(\w+)-$", text), re.match(r"\w+", line)
    if not broken or not rest or rest[0].lower() in ("и", "или", "and", "or"):
        return f"{text} {line}", len(text) + 1
    first, second = broken[1], rest[0]
    compound = first.endswith("о") and len(first) > 3 and words[second]
    hyphenated = words[f"{first}-{second}"] or compound or not second[0].islower()
    if words[first + second] or not hyphenated:
        text = text[:-1]
    return text + line, len(text)


def _title(value: str) -> str | None:
    title = re.sub(r"^Microsoft \w+ - |\.(?:docx?|pdf|indd|rtf|txt)$", "", " ".join(value.split()))
    return title if len(re.findall(r"[^\W\d_]{2,}", title)) > 1 else None
