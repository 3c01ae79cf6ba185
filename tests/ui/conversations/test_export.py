"""A conversation as Markdown: what others wrote stays text in it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from istok.index.errors import IstokError
from istok.rag.types import Answer, Citation, Claim
from istok.ui.conversations.export import _code, _inline, _start, file_name, markdown
from istok.ui.conversations.store import Record
from istok.ui.errors import PageKind
from istok.ui.texts import ENGLISH, RUSSIAN

ASKED = "2026-11-20T10:00:00.000+00:00"
HOSTILE = (
    "# Заголовок\n- пункт\n1. раз\n> цитата\n```\nкод\n~~~\n<script>alert(1)</script> <b> [ссылка](javascript:1) "
    "![x](http://example.com/x.png) | a | b |\n---\n===\n    отступ\n&lt; &amp; **жирно** _наклон_ \\* $x$\n[1]: http://x"
)


def record(question: str = "Сколько?", answer: Answer | None = None, **changed: object) -> Record:
    kept = Record(1, question, ASKED, answer, None, None, "")
    return replace(kept, **changed)  # type: ignore[arg-type]


def source(number: int, start: int, quote: str = "Цитата.", title: str = "Завод") -> Citation:
    return Citation(number, "plant.txt", title, "2023-02-07", start, start + len(quote), quote, 0.9)


def structure(text: str) -> list[str]:
    """The kinds of blocks, without what stands in them."""
    return [token.type for token in MarkdownIt("gfm-like", {"linkify": False, "html": True}).parse(text)]


def html(text: str) -> str:
    return str(MarkdownIt("gfm-like", {"linkify": False, "html": True}).render(text))


def test_marks_are_numbered_through_the_document_and_each_source_is_listed_once(
    answered: Callable[..., Answer],
) -> None:
    first = answered(
        text="Раз. [1]\nДва. [2]", claims=(Claim("Раз.", (1,)), Claim("Два.", (2,))),
        citations=(source(1, 0), source(2, 50)),
    )  # fmt: skip
    second = answered(
        text="Три. [1][2]", claims=(Claim("Три.", (1, 2)),), citations=(source(1, 90), source(2, 50))
    )  # fmt: skip
    text = markdown("Станки", [record("А?", first), record("Б?", second)], RUSSIAN)
    assert text.startswith("# Станки\n\nРазговор с Истоком, 20 ноября 2026 г., ")
    assert "\n\nРаз. [1]\n\nДва. [2]\n\n" in text
    assert "\n\nТри. [3][2]\n\n" in text
    assert text.count("## Источники") == 1
    assert text.index("## 1. А?") < text.index("Раз.") < text.index("## 2. Б?") < text.index("## Источники")
    listed = text.partition("## Источники")[2]
    assert [f"plant.txt:{start}-{start + 7}" in listed for start in (0, 50, 90)] == [True] * 3
    assert "3. **Завод**, 7 февраля 2023 г." in listed
    assert html(listed).count("<blockquote>") == 3


def test_verdicts_a_rewritten_question_and_announcements_are_told(answered: Callable[..., Answer]) -> None:
    answer = answered(
        claims=(Claim("Рост 45%.", (1,), "partial", ("числа «45» в источнике нет",)), Claim("Да.", (1,))),
        standalone_question="Сколько станков в 2022 году?", notes=("Ответ остановлен.",), reader="llama.cpp:x.gguf",
    )  # fmt: skip
    text = markdown("t", [record("А в 2022?", answer)], RUSSIAN)
    assert f"- {RUSSIAN.talk.partial}: «Рост 45%.» (числа «45» в источнике нет)\n" in text
    assert "«Да.»" not in text
    assert "Сколько станков в 2022 году?" in text
    assert "- Ответ остановлен." in text
    assert "*x.gguf · 20 ноября 2026 г." in text


def test_an_abstention_a_failure_and_a_question_cut_short_are_told_as_such(answered: Callable[..., Answer]) -> None:
    abstained = answered(status="abstained", claims=(), text="Ответа нет. Ближайшее: Завод [1].")
    text = markdown(
        "t", [record("1?", abstained), record("2?", failure=IstokError(PageKind.MODEL_GONE)), record("3?")], RUSSIAN
    )  # fmt: skip
    assert f"**{RUSSIAN.talk.abstained}**\n\nОтвета нет. Ближайшее: Завод [1]." in text
    assert "Ответить не получилось: этой модели здесь больше нет; выберите другую" in text
    assert RUSSIAN.talk.interrupted in text
    assert RUSSIAN.talk.thinking in markdown("t", [record(answering=True)], RUSSIAN)


def test_what_answers_is_strong_and_a_quotes_own_brackets_are_not_marks(answered: Callable[..., Answer]) -> None:
    claim = "**45%** — «Рост [2] на 45% (см. [1](http://x))»"
    answer = answered(text=f"{claim} [1]", claims=(Claim(claim, (1,)),))
    text = markdown("t", [record(answer=answer), record(answer=answer)], ENGLISH)
    assert "**45%** — «Рост \\[2\\] на 45% (см. \\[1\\](http://x))» [1]" in text
    assert "<a " not in html(text)


def test_hostile_text_anywhere_changes_neither_structure_nor_words(answered: Callable[..., Answer]) -> None:
    def document(text: str) -> str:
        line = " ".join(text.split())
        answer = answered(
            text=f"{line} [1](x)", claims=(Claim(line, (1,), "partial", (line,)),), notes=(line,), reader=line,
            citations=(source(1, 0, text, line),), standalone_question=line,
        )  # fmt: skip
        return markdown(line, [record(line, answer), record(text, failure=IstokError(text))], RUSSIAN)

    plain = "\n".join("слово" for _ in HOSTILE.splitlines())
    blocks = structure(document(HOSTILE))
    assert set(blocks) == set(structure(document(f"{plain} {'слово ' * 60}")))
    assert not {"html_block", "fence", "code_block", "hr", "table_open"} & set(blocks)
    rendered = html(document(HOSTILE))
    assert not any(tag in rendered for tag in ("<script", "<b>", "<a ", "<img", "<h3", "<table"))
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in rendered
    assert "&amp;lt; &amp;amp; **жирно** _наклон_ \\* $x$" in rendered


@given(st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Zl", "Zp", "Zs")), min_size=1))
def test_any_line_is_shown_as_it_is(text: str) -> None:
    [opening, inline, closing] = MarkdownIt("gfm-like", {"linkify": False}).parse(_start(_inline(text)))
    assert (opening.type, closing.type) == ("paragraph_open", "paragraph_close")
    assert "".join(child.content for child in inline.children or ()) == text


@given(st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Zl", "Zp", "Zs")), min_size=1))
def test_any_path_fits_into_a_code_span(text: str) -> None:
    [_, inline, _] = MarkdownIt().parse(f"x {_code(text)} y")
    assert [child.content for child in inline.children or ()] == ["x ", text, " y"]


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Экспорт в Узбекистан: на 45%?", "Экспорт в Узбекистан на 45.md"),
        ("../../etc/passwd", "etc passwd.md"),
        ("C:\\Windows\\x", "C Windows x.md"),
        (".bashrc", "bashrc.md"),
        ("CON", "_CON.md"),
        ("nul.txt", "_nul.txt.md"),
        ("a\x00b\nc\u202ed", "a b c d.md"),
        ("  ...  ", "Без названия.md"),
        ("", "Без названия.md"),
        ("ы" * 300, "ы" * 80 + ".md"),
    ],
)
def test_a_file_is_named_after_the_title_without_tricks(title: str, name: str) -> None:
    assert file_name(title, RUSSIAN) == name
    assert len(name.encode()) < 255


def test_an_empty_conversation_is_a_document_too() -> None:
    assert markdown("", [], ENGLISH) == "# Untitled\n"
