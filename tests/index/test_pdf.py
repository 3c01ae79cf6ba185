from pathlib import Path

import fpdf
import matplotlib
import pytest

from istok.index.errors import LoadError
from istok.index.pdf import read

FONT = Path(matplotlib.get_data_path(), "fonts", "ttf", "DejaVuSans.ttf")
FIRST = (
    "На машиностроительном заводе в Заречье собрали первый электробус, который в ближайшие дни выйдет на городской "
    "маршрут. Ожидается, что до конца года предприятие выпустит ещё двадцать машин."
)
SECOND = "Половина машин останется в области, остальные отправят соседям, рассказал директор Пётр Ильин."


class Paper(fpdf.FPDF):
    def __init__(self, *, running: bool = True) -> None:
        super().__init__()
        self.running = running
        self.add_font("DejaVu", fname=FONT)
        self.add_page()

    def header(self) -> None:
        if self.running:
            self.line_of("Вести Заречья", 9)

    def footer(self) -> None:
        if self.running:
            self.set_y(-15)
            self.line_of(f"{self.page_no()}", 9)

    def line_of(self, text: str, size: float = 11) -> None:
        self.set_font("DejaVu", size=size)
        self.multi_cell(0, size * 0.55, text, align="L", new_x="LMARGIN", new_y="NEXT")

    def data(self) -> bytes:
        return bytes(self.output())


def test_lines_become_paragraphs_and_pages_keep_their_ranges() -> None:
    paper = Paper()
    paper.line_of("Завод выпустил первый электробус", 18)
    paper.line_of(FIRST)
    paper.ln(3)
    paper.line_of(SECOND)
    paper.add_page()
    paper.line_of(FIRST)
    found = read(paper.data(), "a.pdf")
    one, two = (found.text[page.start : page.end] for page in found.pages)
    assert one == f"Завод выпустил первый электробус\n\n{FIRST}\n\n{SECOND}"
    assert two == FIRST
    assert found.title == "Завод выпустил первый электробус"


def test_running_headers_and_page_numbers_are_left_out_of_main() -> None:
    paper = Paper()
    paper.line_of(FIRST)
    paper.add_page()
    paper.line_of(SECOND)
    found = read(paper.data(), "a.pdf")
    main = "\n".join(found.text[range_.start : range_.end] for range_ in found.main)
    assert "Вести Заречья" not in main
    assert main.split() == [*FIRST.split(), *SECOND.split()]


def test_a_word_broken_at_a_line_end_is_mended_and_a_compound_keeps_its_hyphen() -> None:
    paper = Paper(running=False)
    paper.line_of(
        "Завод в Заречье сообщил, что это пред-\nприятие ведёт торгово-\nэкономическое дело в Санкт-\nПетербурге."
    )
    paper.line_of("Это экономическое дело окупится за год, считает директор.")
    assert read(paper.data(), "a.pdf").text.startswith(
        "Завод в Заречье сообщил, что это предприятие ведёт торгово-экономическое дело в Санкт-Петербурге."
    )


def test_a_sentence_goes_on_over_the_turn_of_a_page() -> None:
    paper = Paper()
    paper.line_of("Ожидается, что до конца года пред-")
    paper.add_page()
    paper.line_of("приятие выпустит ещё двадцать машин, сообщил")
    paper.add_page()
    paper.line_of("директор завода.")
    found = read(paper.data(), "a.pdf")
    sentence = "Ожидается, что до конца года предприятие выпустит ещё двадцать машин, сообщил директор завода."
    assert found.text == sentence
    assert [found.text[page.start : page.end].strip() for page in found.pages] == [
        "Ожидается, что до конца года пред",
        "приятие выпустит ещё двадцать машин, сообщил",
        "директор завода.",
    ]


def test_the_title_property_goes_first_and_creation_dates_say_nothing() -> None:
    paper = Paper(running=False)
    paper.set_title("Microsoft Word - Отчёт завода.docx")
    paper.line_of(FIRST)
    found = read(paper.data(), "a.pdf")
    assert (found.title, found.date) == ("Отчёт завода", None)


def test_a_page_without_text_keeps_its_number() -> None:
    paper = Paper(running=False)
    paper.add_page()
    paper.line_of(SECOND)
    found = read(paper.data(), "a.pdf")
    assert [found.text[page.start : page.end] for page in found.pages] == ["", SECOND]


def test_an_encrypted_pdf_is_refused() -> None:
    paper = Paper()
    paper.set_encryption(owner_password="owner", user_password="user")
    paper.line_of(FIRST)
    with pytest.raises(LoadError, match=r"^a\.pdf: is encrypted: save a copy without its password$"):
        read(paper.data(), "a.pdf")


def test_a_damaged_pdf_is_refused() -> None:
    with pytest.raises(LoadError, match=r"^a\.pdf: is a damaged PDF"):
        read(b"%PDF-1.7 no more", "a.pdf")
