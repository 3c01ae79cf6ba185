from pathlib import Path

import docx
import fpdf
import pytest
from hypothesis import given
from hypothesis import strategies as st

from istok.index import load as load_module
from istok.index.errors import LoadError
from istok.index.load import MAX_BYTES, SUFFIXES, load
from istok.index.metadata import FileMetadata, read_metadata
from istok.index.types import Document, Range

SEEDS = Path(__file__).parents[2] / "seeds"
NEWS = "Участники обсудили разные вопросы и договорились встретиться ещё раз осенью в Минске, рассказал директор Ильин."


def loaded(path: Path, data: bytes, metadata: FileMetadata | None = None) -> Document:
    path.write_bytes(data)
    return load(path, path.name, metadata)


def test_a_text_is_the_decoded_file_with_its_line_ends_and_without_its_mark(tmp_path: Path) -> None:
    text = f"Мост открыт\r\n\r\n{NEWS}\r\n"
    for charset in ("utf-8", "utf-8-sig", "cp1251", "utf-16"):
        document = loaded(tmp_path / f"{charset}.txt", text.encode(charset))
        assert document.text == text
        assert document.main == (Range(0, len(text) - 2),)
        assert (document.title, document.language, document.date) == ("Мост открыт", "ru", None)


@given(st.text(st.characters(codec="utf-8", exclude_characters="\ufeff\0", exclude_categories=("Cs", "Cc"))))
def test_every_range_holds_against_the_bytes_of_any_text_file(
    tmp_path_factory: pytest.TempPathFactory, text: str
) -> None:
    path = tmp_path_factory.mktemp("any") / "a.txt"
    data = f"Слово. {text}".encode()
    document = loaded(path, data)
    assert document.text == data.decode()
    for range_ in document.main:
        assert 0 <= range_.start < range_.end <= len(document.text)
        assert data.decode()[range_.start : range_.end] == document.text[range_.start : range_.end]


def test_metadata_goes_before_what_the_file_says(tmp_path: Path) -> None:
    known = FileMetadata(title="Мост", date="2024-02", place="Минск", basis="по календарю")
    document = loaded(tmp_path / "a.txt", f"date 2025-11-05 {NEWS}".encode(), known)
    assert (document.title, document.date, document.place, document.date_basis) == (
        "Мост",
        "2024-02",
        "Минск",
        "по календарю",
    )
    assert loaded(tmp_path / "a.txt", NEWS.encode(), FileMetadata(date="2024")).date_basis == "metadata.toml"
    assert loaded(tmp_path / "a.txt", f"date 2025-11-05 {NEWS}".encode(), FileMetadata(title="М")).date == "2025-11-05"


def test_every_seed_loads_with_its_title_and_date() -> None:
    known = read_metadata(SEEDS)
    for path in sorted(SEEDS.glob("*.txt")):
        document = load(path, path.name, known[path.name])
        assert document.text.encode() == path.read_bytes()
        assert (document.title, document.date, document.language) == (
            known[path.name].title,
            known[path.name].date,
            "ru",
        )


def test_the_title_falls_back_on_the_file_s_name(tmp_path: Path) -> None:
    assert loaded(tmp_path / "otchet.txt", NEWS.encode()).title == "otchet"


@pytest.mark.parametrize(
    ("text", "title", "date"),
    [
        ("---\ntitle: Мост\ndate: 2025-11-05T10:00:00+03:00\n---\n# Другое\n", "Мост", "2025-11-05"),
        ("---\ndate: '5 ноября 2025'\n---\n\n# Мост #\n\n", "Мост", "2025-11-05"),
        ("Мост\n====\n\n", "Мост", None),
        ("## Не заголовок\n\n# Мост\n\n", "Мост", None),
        ("---\ndate: вчера\n---\n# Мост\n", "Мост", None),
    ],
)
def test_markdown_states_its_title_and_date(tmp_path: Path, text: str, title: str, date: str | None) -> None:
    document = loaded(tmp_path / "a.md", f"{text}{NEWS}".encode())
    assert (document.title, document.date) == (title, date)
    assert document.text.startswith(text)
    assert "date:" not in document.text[document.main[0].start :]


def test_a_web_page_is_decoded_by_the_charset_that_it_declares(tmp_path: Path) -> None:
    page = f"<html><head><meta charset='koi8-r'><title>Мост открыт</title></head><p>{NEWS}</p></html>"
    document = loaded(tmp_path / "a.html", page.encode("koi8-r"))
    assert (document.title, document.text) == ("Мост открыт", NEWS)


def test_a_suffix_may_be_in_capitals(tmp_path: Path) -> None:
    assert loaded(tmp_path / "A.TXT", NEWS.encode()).text == NEWS


def scan() -> bytes:
    paper = fpdf.FPDF()
    paper.add_page()
    paper.rect(10, 10, 50, 50)
    return bytes(paper.output())


def blank_docx(path: Path) -> bytes:
    docx.Document().save(str(path))
    return path.read_bytes()


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("a.txt", b"", "is empty"),
        ("a.txt", b" \r\n\t", "is empty"),
        ("a.txt", "\ufeff —".encode(), "is empty"),
        ("a.txt", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "holds binary data"),
        ("a.html", b"<html><body></body></html>", "is empty"),
        ("a.pdf", scan(), "is a scanned PDF without text: run OCR, e.g. ocrmypdf"),
        ("a.pdf", b"nothing", "is a damaged PDF"),
        ("a.docx", b"nothing", "is a damaged .docx"),
        ("a.zip", b"PK", "files of type '.zip' can't be read"),
        ("a", b"text", "files of type 'none' can't be read"),
    ],
)
def test_a_file_without_text_is_refused_in_one_line(tmp_path: Path, name: str, data: bytes, reason: str) -> None:
    with pytest.raises(LoadError) as caught:
        loaded(tmp_path / name, data)
    assert str(caught.value).startswith(f"{tmp_path / name}: {reason}")
    assert "\n" not in str(caught.value)


def test_an_empty_word_document_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LoadError, match="is empty"):
        loaded(tmp_path / "b.docx", blank_docx(tmp_path / "a.docx"))


def test_an_over_large_file_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    with path.open("wb") as file:
        file.truncate(MAX_BYTES + 1)
    with pytest.raises(LoadError, match=r"is too large \(50 MB, the limit is 50 MB\): split it"):
        load(path, "a.txt")


def test_a_missing_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    with pytest.raises(LoadError, match="does not exist"):
        load(tmp_path / "a.txt", "a.txt")
    (tmp_path / "b.txt").mkdir()
    with pytest.raises(LoadError, match="is a folder"):
        load(tmp_path / "b.txt", "b.txt")


def test_an_unreadable_file_is_refused(tmp_path: Path) -> None:
    loop = tmp_path / "a.txt"
    loop.symlink_to(loop)
    with pytest.raises(LoadError, match=r"can't be read \(.*\): check its permissions"):
        load(loop, "a.txt")


def test_every_supported_suffix_has_a_reader() -> None:
    assert set(SUFFIXES) == {".txt", ".md", ".html", ".htm", ".pdf", ".docx"}
    for suffix in SUFFIXES - {".pdf", ".docx"}:
        assert load_module._article(NEWS.encode(), suffix, "a").text == NEWS
