import io
import zipfile

import docx
import pytest

from istok.index.errors import LoadError
from istok.index.word import read

NEWS = "Участники обсудили разные вопросы и договорились встретиться ещё раз осенью в Минске, рассказал директор Ильин."


def saved(document: "docx.document.Document") -> bytes:
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def test_paragraphs_and_tables_are_read_in_their_order() -> None:
    document = docx.Document()
    document.add_heading("Отчёт завода", 1)
    document.add_paragraph(NEWS)
    table = document.add_table(2, 3)
    for cell, text in zip(
        (*table.rows[0].cells, *table.rows[1].cells), "Год Машины Рост 2024 20 5%".split(), strict=True
    ):
        cell.text = text
    table.cell(0, 1).merge(table.cell(0, 2))
    document.add_paragraph("Конец отчёта.")
    found = read(saved(document), "a.docx")
    assert found.text == f"Отчёт завода\n\n{NEWS}\n\nГод | Машины Рост\n2024 | 20 | 5%\n\nКонец отчёта."
    assert [found.text[range_.start : range_.end] for range_ in found.main] == [found.text]
    assert found.title == "Отчёт завода"


def test_the_title_property_goes_first_and_creation_dates_say_nothing() -> None:
    document = docx.Document()
    document.add_heading("Заголовок в тексте", 1)
    document.core_properties.title = "Отчёт за год"
    found = read(saved(document), "a.docx")
    assert (found.title, found.date) == ("Отчёт за год", None)


def test_a_date_line_above_the_text_is_the_publication_date() -> None:
    document = docx.Document()
    for text in ("Первый электробус", "5 ноября 2025", NEWS + NEWS):
        document.add_paragraph(text)
    assert read(saved(document), "a.docx").date == "2025-11-05"


def test_inserted_text_is_read_and_tabs_and_breaks_are_kept() -> None:
    document = docx.Document()
    paragraph = document.add_paragraph("Цена:\t5\nрублей")
    inserted = docx.oxml.parse_xml(f"<w:ins {docx.oxml.ns.nsdecls('w')}><w:r><w:t> ровно</w:t></w:r></w:ins>")
    paragraph._p.append(inserted)
    assert read(saved(document), "a.docx").text == "Цена:\t5\nрублей ровно"


def test_an_encrypted_or_old_document_is_refused() -> None:
    with pytest.raises(LoadError, match=r"a\.docx: is encrypted or in the old \.doc format: save it"):
        read(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "a.docx")


def test_a_damaged_document_is_refused() -> None:
    document = docx.Document()
    document.add_paragraph(NEWS)
    whole = saved(document)
    empty = io.BytesIO()
    zipfile.ZipFile(empty, "w").close()
    for data in (whole[: len(whole) // 2], b"no archive", empty.getvalue()):
        with pytest.raises(LoadError, match=r"a\.docx: is a damaged \.docx"):
            read(data, "a.docx")
