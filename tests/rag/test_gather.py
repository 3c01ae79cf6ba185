from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from istok.index.home import Home
from istok.index.index import Index
from istok.index.types import Hit
from istok.rag.assistant import Assistant
from istok.rag.gather import LED, LIMIT, gather, is_same, share_subject
from istok.rag.question import analyse
from istok.rag.types import Evidence

NEWS = {
    "samara.txt": "Новости Самары\n\n2025-03-10\n\n"
    "В Самаре строят мост через Волгу. Его откроют осенью. Завод выпустил 40 станков.",
    "perm.txt": "Новости Перми\n\n2025-02-01\n\n"
    "В Перми строят оперный театр. Зрителей ждут зимой. Завод выпустил 40 станков!",
    "plan.txt": "План завода\n\n2024-05-02\n\nНаправления развития завода включают:\n\n"
    "Новый литейный цех. Его ждут давно.\n\nЗакупку роботов. Их привезут из Твери.\n\n"
    "«План хорош, — сказал директор. — Он выполним».",
}


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    folder = tmp_path_factory.mktemp("news")
    for name, text in NEWS.items():
        (folder / name).write_text(text, "utf-8")
    with Index.open(Home.open(tmp_path_factory.mktemp("home"))) as opened:
        opened.update([folder])
        yield opened


def _gather(question: str, index: Index, search: Callable[[str], list[Hit]] | None = None) -> Evidence:
    return gather(analyse(question), index.search(question, 8), index, search)


def test_sentences_are_verbatim_numbered_and_best_first(assistant: Assistant) -> None:
    evidence = _gather("На сколько вырос экспорт в Узбекистан в 2023 году?", assistant.index)
    assert [sentence.number for sentence in evidence.sentences] == list(range(1, len(evidence.sentences) + 1))
    assert len(evidence.sentences) <= LIMIT
    assert "почти на 45%" in evidence[1].text
    for sentence in evidence.sentences:
        text = assistant.index.document(sentence.document).text
        assert text[sentence.start : sentence.end] == sentence.text


def test_fewer_sentences_are_the_best_of_them_and_what_they_cannot_be_read_without(assistant: Assistant) -> None:
    question = "На сколько вырос экспорт в Узбекистан в 2023 году?"
    hits = assistant.index.search(question, 8)
    few, all_ = (gather(analyse(question), hits, assistant.index, limit=limit).sentences for limit in (6, LIMIT))
    assert len(few) == 6 < len(all_)
    assert few[:LED] == all_[:LED]


def test_a_sentence_tells_where_the_search_placed_its_passage(assistant: Assistant) -> None:
    question = "На сколько вырос экспорт в Узбекистан в 2023 году?"
    evidence = _gather(question, assistant.index)
    hits = assistant.index.search(question, 8)
    for sentence in evidence.sentences:
        assert sentence.ranks
        hit = hits[sentence.ranks.fused - 1]
        assert hit.passage.document_id == sentence.document
        assert sentence.text in hit.passage.text
        assert (sentence.ranks.dense, sentence.ranks.lexical) == (hit.dense_rank, hit.lexical_rank)
        assert sentence.ranks.fused_score == pytest.approx(hit.score, abs=1e-4)
    assert len({sentence.ranks.fused for sentence in evidence.sentences if sentence.ranks}) > 1
    cited = assistant.ask(question)
    assert [one.ranks for one in cited.citations] == [
        next(s.ranks for s in cited.evidence.sentences if (s.document, s.start) == (one.document, one.start))
        for one in cited.citations
    ]


def test_what_two_documents_say_is_kept_of_both_newest_first(index: Index) -> None:
    evidence = _gather("Сколько станков выпустил завод?", index)
    said = [sentence.document for sentence in evidence.sentences if sentence.text.startswith("Завод выпустил 40")]
    assert said == ["samara.txt", "perm.txt"]


@pytest.mark.parametrize("question", ["Что строят в Самаре и в Перми?", "What is being built in Samara and in Perm?"])
def test_a_question_about_two_names_is_asked_of_each(index: Index, question: str) -> None:
    evidence = _gather(question, index)
    first, second = (evidence[numbers[0]] for numbers in evidence.parts)
    assert first.text == "В Самаре строят мост через Волгу."
    assert second.text == "В Перми строят оперный театр."


def test_further_passages_are_searched_for_each_part_and_nowhere_else(index: Index) -> None:
    asked: list[str] = []

    def search(text: str) -> list[Hit]:
        asked.append(text)
        return index.search(text, 4, scope=["samara.txt"])

    evidence = _gather("Что строят в Самаре и в Перми?", index, search)
    assert asked == ["Что строят в Самаре", "Что строят в в Перми?"]
    assert evidence.parts == ()


def test_what_one_sentence_says_of_both_is_not_asked_twice(assistant: Assistant) -> None:
    evidence = _gather("Какой рубеж в торговле перешагнули Беларусь и Казахстан?", assistant.index)
    assert evidence.parts == ()
    assert "1 миллиард" in evidence[1].text


def test_a_list_is_kept_with_what_announces_it_and_ends_where_somebody_speaks(index: Index) -> None:
    evidence = _gather("Какие направления развития завода включены в план?", index)
    (listed,) = evidence.lists
    assert [evidence[number].text for number in listed] == [
        "Направления развития завода включают:",
        "Новый литейный цех.",
        "Закупку роботов.",
    ]


def test_a_pronoun_brings_the_sentence_before_it_into_the_evidence(index: Index) -> None:
    evidence = _gather("Когда откроют его осенью?", index)
    assert "В Самаре строят мост через Волгу." in [sentence.text for sentence in evidence.sentences]


@pytest.mark.parametrize(
    "question", ["Кто сейчас премьер-министр Беларуси?", "Кто сегодня возглавляет правительство Беларуси?"]
)
def test_the_newest_of_what_speaks_of_the_same_comes_first_today(assistant: Assistant, question: str) -> None:
    best, other = _gather(question, assistant.index).sentences[:2]
    assert "Турчин" in best.text
    assert "Головченко" in other.text


def test_of_a_month_its_own_document_comes_first(assistant: Assistant) -> None:
    for question, name in (
        ("Кто был премьер-министром Беларуси в ноябре 2024 года?", "Головченко"),
        ("Кто был премьер-министром Беларуси в октябре 2025 года?", "Турчин"),
    ):
        assert name in _gather(question, assistant.index)[1].text


def test_nothing_found_is_no_evidence(index: Index) -> None:
    assert gather(analyse("Что строят в Самаре и в Перми?"), [], index).sentences == ()


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Завод выпустил 40 станков.", "«Завод выпустил 40 станков»", True),
        ("Завод выпустил 40 станков.", "Заводы выпустили 40 станков", True),
        ("Завод выпустил 40 станков.", "Завод выпустил 41 станок.", False),
        ("The plant made 40 machines in March.", "The plants made 40 machines in March", True),
        (f"{'A b c d e f g h i k l m n o p q'} rose.", f"{'A b c d e f g h i k l m n o p q'} fell.", False),
        ("Ни один из десяти больших новых станков завод так и отгрузил в срок.",
         "Ни один из десяти больших новых станков завод так и не отгрузил в срок.", False),
        ("На днях большой самарский завод досрочно отгрузил заказчику из Перми двадцать станков.",
         "На днях большой самарский завод досрочно отгрузил заказчику из Перми двадцать новых станков.", True),
    ],
)  # fmt: skip
def test_the_same_is_what_differs_in_inflection_or_a_word_more(one: str, other: str, same: bool) -> None:
    assert is_same(one, other) is is_same(other, one) is same


def test_a_subject_is_shared_in_whatever_case() -> None:
    assert share_subject("Он встретился с премьером Беларуси.", "Премьер белорусов, Беларусь и погода сегодня утром.")
    assert not share_subject("Он встретился с премьером.", "Погода сегодня хорошая.")
