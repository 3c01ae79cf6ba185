import pytest

from istok.eval.systems import VOICES, rerank, systems, voices
from istok.index.home import Home
from istok.index.index import Index
from istok.rag.assistant import Assistant
from istok.rag.gather import gather
from istok.rag.question import analyse

QUESTION = "Кто сейчас премьер-министр Беларуси и с кем он встретился?"


@pytest.fixture(scope="module")
def index(assistant: Assistant) -> Index:
    return assistant.index


def test_each_voice_searches_alone_and_both_together(index: Index) -> None:
    found = {name: search(QUESTION, 5) for name, search in voices(index).items()}
    assert found.keys() == VOICES.keys()
    assert all(hit.lexical_rank is None for hit in found["dense"])
    assert all(hit.dense_rank is None for hit in found["lexical"])
    assert found["fused"] == index.search(QUESTION, 5)


def test_without_vectors_words_are_all_there_is(fresh_home: Home, seeds: object) -> None:
    with Index.open(fresh_home) as index:
        index.store([seeds])
        assert list(voices(index)) == ["lexical"]
        assert list(systems(index)) == ["lexical", "reranked"]


def test_the_passage_with_the_best_evidence_comes_first_wherever_it_was(index: Index) -> None:
    hits = index.search(QUESTION, 8)
    best = gather(analyse(QUESTION), hits, index)[1]
    for order in (hits, hits[::-1]):
        first = rerank(QUESTION, order, index)[0].passage
        assert best.document == first.document_id
        assert first.start <= best.start < first.end


def test_only_the_hits_that_evidence_is_gathered_from_are_reranked(index: Index) -> None:
    sources = index.home.config.sources
    fused, reranked = index.search(QUESTION, sources + 3), systems(index)["reranked"](QUESTION, sources + 3)
    assert fused[:sources] != reranked[:sources]
    assert {hit.passage.id for hit in fused[:sources]} == {hit.passage.id for hit in reranked[:sources]}
    assert fused[sources:] == reranked[sources:]
    # The first one is the same, however few are asked for.
    assert systems(index)["reranked"](QUESTION, 1) == reranked[:1]
