import codecs

import pytest

from istok.index.charset import decode

SHORT = "Экспорт вырос на 45% — «Минпром»"


@pytest.mark.parametrize("charset", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "cp1251"])
def test_a_short_russian_text_is_decoded_without_its_byte_order_mark(charset: str) -> None:
    assert decode(f"{SHORT}\r\n".encode(charset)) == f"{SHORT}\r\n"


def test_big_endian_marks_are_known() -> None:
    assert decode(codecs.BOM_UTF16_BE + SHORT.encode("utf-16-be")) == SHORT


@pytest.mark.parametrize("charset", ["cp1251", "koi8_r", "cp866"])
@pytest.mark.parametrize(
    "text",
    ["Мост открыт", "МИНСКИЙ АВТОМОБИЛЬНЫЙ ЗАВОД", "Турчин посетил Астану", "The minister Иванов spoke in Minsk."],
)
def test_russian_eight_bit_charsets_are_told_apart_by_two_words(text: str, charset: str) -> None:
    assert decode(text.encode(charset)) == text


def test_english_with_curly_quotes_and_accents_is_windows_1252() -> None:
    text = "“It’s a café,” he said — £5 for a crème brûlée."
    assert decode(text.encode("cp1252")) == text


def test_what_the_file_declares_is_believed_before_guesses() -> None:
    assert decode("žluťoučký kůň".encode("iso8859_2"), "iso-8859-2") == "žluťoučký kůň"
    assert decode(SHORT.encode("cp1251"), "no-such-charset") == SHORT


@pytest.mark.parametrize("data", [b"\x89PNG\r\n\x1a\n\0\0\0", b"\x01\x02\x03\x04" * 50, codecs.BOM_UTF16_LE + b"\0"])
def test_binary_data_is_no_text(data: bytes) -> None:
    assert decode(data) is None
