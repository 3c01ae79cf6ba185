"""What the page says, in both languages."""

from __future__ import annotations

import re
from enum import StrEnum
from string import Formatter

import pytest

from istok.index.errors import IndexKind, IndexStateError, IstokError
from istok.rag.errors import PullKind, ReaderError, ReaderKind, RerankerKind
from istok.ui.errors import PageKind
from istok.ui.texts import ENGLISH, EXAMPLES, RUSSIAN, date_text, errors, preferred

KINDS: list[StrEnum] = [*IndexKind, *ReaderKind, *RerankerKind, *PullKind, *PageKind]


@pytest.mark.parametrize(
    ("date", "russian", "english"),
    [
        ("2024-02-07", "7 февраля 2024 г.", "February 7, 2024"),
        ("2024-02", "февраль 2024 г.", "February 2024"),
        ("2024", "2024 г.", "2024"),
        (None, "без даты", "no date"),
    ],
)
def test_a_date_is_written_at_the_precision_that_is_known(date: str | None, russian: str, english: str):
    assert (date_text(date, RUSSIAN), date_text(date, ENGLISH)) == (russian, english)


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("ru-RU,ru;q=0.9,en;q=0.8", "ru"),
        ("en-GB", "en"),
        ("be,ru;q=0.9,en;q=0.8", "ru"),
        ("de-DE,de", "en"),
        ("", "en"),
    ],
)
def test_the_page_follows_the_browsers_language(header: str, language: str):
    assert preferred(header) == language


def test_there_are_three_examples_in_each_language():
    assert [bool(re.search("[а-я]", example)) for example in EXAMPLES] == [True] * 3 + [False] * 3


@pytest.mark.parametrize("kind", KINDS, ids=repr)
def test_an_error_of_each_kind_is_told_in_both_languages(kind: StrEnum):
    facts = {name: 1.5 for _, name, _, _ in Formatter().parse(kind) if name}
    error = IstokError(kind, **facts)
    assert ENGLISH.told(error) == str(error)
    russian = RUSSIAN.told(error)
    assert re.search("[а-я]", russian)
    assert not re.search("[{}\n]", russian + str(error))
    assert {name for _, name, _, _ in Formatter().parse(errors.RUSSIAN[kind]) if name} <= set(facts)


def test_nothing_is_told_of_a_kind_that_there_is_not():
    assert set(errors.RUSSIAN) == set(KINDS)
    assert len(errors.RUSSIAN) == len(KINDS)


def test_what_an_error_is_about_is_told_as_well():
    error = ReaderError(ReaderKind.NO_MEMORY, file="bear.gguf", needed=4.26, free=1.0)
    assert RUSSIAN.told(error).startswith("для bear.gguf нужно 4,3 ГБ памяти, а свободно 1,0 ГБ; ")
    assert ENGLISH.told(error).startswith("bear.gguf needs 4.3 GB of memory and 1.0 GB are free: ")
    inner = ReaderError(ReaderKind.SILENT, url="http://bear", problem=ReaderKind.BREAKS_OFF)
    assert RUSSIAN.told(inner).startswith("http://bear не отвечает (его ответ обрывается); запустите сервер")


def test_braces_in_what_an_error_is_about_and_an_error_of_no_kind_are_told_as_they_are():
    error = IndexStateError(IndexKind.DAMAGED, path="/{x}/{0}", problem="{y}")
    assert RUSSIAN.told(error).startswith("файл /{x}/{0} повреждён ({y})")
    assert RUSSIAN.told(IstokError("no {luck}: try again")) == "no {luck}: try again"
