"""The reranker that ships: what it prefers, and what is said where it can't be used."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest

from istok.index.errors import IndexStateError
from istok.index.home import DEFAULT_RERANKER, Config
from istok.index.model_folder import locate
from istok.rag.rerankers import Excerpt, Reranker, open_reranker


@pytest.fixture(scope="module")
def reranker() -> Reranker:
    opened = open_reranker(DEFAULT_RERANKER)
    assert opened is not None
    return opened


def scored(reranker: Reranker, question: str, texts: Sequence[str]) -> Sequence[float]:
    """Each text is a sentence, under its title where it has one."""
    parts = [text.rpartition("\n") for text in texts]
    return reranker.scores(question, [Excerpt(title, "", sentence) for title, _, sentence in parts])


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the folder, to be spoilt."""
    shipped = locate("istok-reranker")
    assert shipped is not None
    return Path(shutil.copytree(shipped, tmp_path / "copy"))


def test_it_is_there_by_default() -> None:
    assert Config().reranker == DEFAULT_RERANKER


@pytest.mark.parametrize(
    ("text", "answered", "not_answered"),
    [
        ("notes\nThe steel plant opened in May 2021.", "When did the steel plant open?", "Who opened the steel plant?"),
        ("doc\nЗавод открылся в мае 2021 года.", "Когда открылся завод?", "Кто открыл завод?"),
        ("doc\nЗавод открылся в мае 2021 года.", "When did the plant open?", "Why did the plant open?"),
    ],
)
def test_of_questions_in_the_texts_own_words_it_knows_which_is_answered(
    reranker: Reranker, text: str, answered: str, not_answered: str
) -> None:
    right, wrong = (scored(reranker, question, [text])[0] for question in (answered, not_answered))
    assert right > 5 * wrong


@pytest.mark.parametrize(
    ("question", "answer", "others"),
    [
        (
            "Сколько человек пришло на открытие музея?",
            "Музей открыли\nВ первый день его посетили почти две тысячи горожан.",
            ["Музей открыли\nОткрытие музея прошло в субботу.", "Музей открыли\nДиректор музея поблагодарил всех."],
        ),
        (
            "Who became the head of the depot?",
            "Депо сменило руководство\nПредприятие возглавил Олег Сизов, прежний главный инженер.",
            ["Депо сменило руководство\nДепо обслуживает сорок поездов.", "Погода\nВ субботу ожидается дождь."],
        ),
        (
            "Почему перенесли пуск линии?",
            "New line\nThe start was put off because two transformers arrived late.",
            ["New line\nThe line will make 400 tonnes of film a month.", "New line\nThe plant stands in Tver."],
        ),
    ],
)
def test_what_answers_comes_before_what_shares_the_words(
    reranker: Reranker, question: str, answer: str, others: list[str]
) -> None:
    best, *rest = scored(reranker, question, [answer, *others])
    assert best > max(rest)
    assert all(0 < score < 1 for score in (best, *rest))


@pytest.mark.parametrize(
    ("question", "sentence", "right", "wrong"),
    [
        (
            "How many people work at the depot?",
            "It employs 40 people.",
            "The depot in Orel was rebuilt last year.",
            "The hospital in Orel was rebuilt last year.",
        ),
        (
            "Сколько человек работает на заводе «Луч»?",
            "На нём работают 1200 человек.",
            "Завод «Луч» стоит на берегу реки.",
            "",
        ),
    ],
)
def test_the_sentence_before_says_of_what_a_sentence_speaks(
    reranker: Reranker, question: str, sentence: str, right: str, wrong: str
) -> None:
    best, other = reranker.scores(question, [Excerpt("News", before, sentence) for before in (right, wrong)])
    assert best > other


@pytest.mark.parametrize(
    ("question", "answer", "beside"),
    [
        ("Когда открыли завод?", "Завод открыли в мае 2021 года.", "Директор поблагодарил строителей."),
        ("Кто директор музея?", "Директором остаётся Анна Белова.", "Ремонт продлится два года."),
        ("Who heads the library?", "The head of the library is Olga Petrova.", "Readers protested on Monday."),
    ],
)
def test_an_answer_is_not_credited_to_the_sentence_after_it(
    reranker: Reranker, question: str, answer: str, beside: str
) -> None:
    right, wrong = reranker.scores(question, [Excerpt("", beside, answer), Excerpt("", answer, beside)])
    assert right > wrong


def test_scores_depend_neither_on_the_other_texts_nor_on_their_order(reranker: Reranker) -> None:
    texts = ["Мост откроют осенью.", "В Перми ставят оперу, " * 12, "Мост"]
    scores = scored(reranker, "Когда откроют мост?", texts)
    assert [*scored(reranker, "Когда откроют мост?", texts[::-1])][::-1] == pytest.approx(scores, abs=1e-4)
    assert [scored(reranker, "Когда откроют мост?", [text])[0] for text in texts] == pytest.approx(scores, abs=1e-4)
    assert scored(reranker, "Когда откроют мост?", []) == []


def test_endless_texts_and_questions_are_cut(reranker: Reranker) -> None:
    scores = scored(reranker, "мост " * 3000, ["мост " * 3000, "", "☃ 😀"])
    assert all(0 < score < 1 for score in scores)


def test_the_fingerprint_is_of_everything_that_shapes_the_scores(reranker: Reranker, copy: Path) -> None:
    same = open_reranker(f"onnx:{copy}")
    assert same is not None
    assert same.fingerprint == reranker.fingerprint
    tokenizer = copy / "tokenizer.json"
    tokenizer.write_text(tokenizer.read_text("utf-8").replace('"▁мост"', '"▁мосъ"'), "utf-8")
    other = open_reranker(f"onnx:{copy}/")
    assert other is not None
    assert other.fingerprint != reranker.fingerprint


def test_a_folder_that_is_no_reranker_is_said_to_be_none(tmp_path: Path) -> None:
    with pytest.raises(IndexStateError, match="is not on this machine: give a folder"):
        open_reranker(f"onnx:{tmp_path}")
    with pytest.raises(IndexStateError, match="is not on this machine: give a folder"):
        open_reranker("onnx:nowhere")


@pytest.mark.parametrize("name", ["lower.onnx", "upper.onnx", "tokenizer.json", "model.safetensors"])
def test_a_damaged_file_is_said_to_be_damaged(copy: Path, name: str) -> None:
    (copy / name).write_bytes(b"\x08")
    with pytest.raises(IndexStateError, match=r"is damaged .*: fetch it again"):
        open_reranker(f"onnx:{copy}")
