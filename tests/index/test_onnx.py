from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from istok.index.embed import open_embedder
from istok.index.errors import IndexStateError
from istok.index.model_folder import locate
from istok.index.onnx import OnnxEmbedder

SEEDS = Path(__file__).parents[2] / "seeds"
TEXTS = [
    "Экспорт тракторов вырос на 45%",
    "Rye bread",
    "",
    "Хлебозавод в Бресте. " * 40,
    "Exports of tractors rose by 45%",
]


@pytest.fixture(scope="module")
def encoder() -> OnnxEmbedder:
    return OnnxEmbedder("istok-ru-en")


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The shipped model in a folder of one's own."""
    shipped = locate("istok-ru-en")
    assert shipped is not None
    return shutil.copytree(shipped, tmp_path / "model")


def _change(file: Path, **values: object) -> None:
    content = json.loads(file.read_text("utf-8")) if file.exists() else {}
    file.write_text(json.dumps(content | values), "utf-8")


def test_the_default_encoder_is_opened_by_its_kind_and_knows_both_languages(encoder: OnnxEmbedder) -> None:
    opened = open_embedder("onnx:istok-ru-en")
    assert isinstance(opened, OnnxEmbedder)
    assert opened.fingerprint == encoder.fingerprint
    assert encoder.languages == {"ru", "en"}
    assert (encoder.dimensions, encoder.max_tokens) == (384, 254)


def test_rows_have_length_one_and_the_order_of_the_texts(encoder: OnnxEmbedder) -> None:
    rows = encoder.encode_passages(TEXTS)
    assert rows.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-5)
    alone = np.concatenate([encoder.encode_passages([text]) for text in TEXTS])
    np.testing.assert_allclose(rows, alone, atol=1e-5)
    assert rows[0] @ rows[4] > 0.6 > rows[0] @ rows[1]


def test_no_texts_are_no_rows(encoder: OnnxEmbedder) -> None:
    assert encoder.encode_queries([]).shape == (0, 384)
    assert encoder.count_tokens([]) == []


def test_states_of_tokens_add_up_to_the_vector_of_their_text(encoder: OnnxEmbedder) -> None:
    rows = encoder.encode_passages(TEXTS)
    for text, row, (ids, states) in zip(TEXTS, rows, encoder.encode_tokens(TEXTS), strict=True):
        assert states.shape == (len(ids), 384)
        assert len(ids) == min(256, encoder.count_tokens([text])[0] + 2)
        np.testing.assert_allclose(np.linalg.norm(states, axis=1), 1, atol=1e-5)
        # Up to the lengths of the states, which differ.
        assert states.mean(0) @ row / np.linalg.norm(states.mean(0)) > 0.9


def test_the_network_ranks_as_the_model_does_in_torch(encoder: OnnxEmbedder) -> None:
    passages = [
        line for file in sorted(SEEDS.glob("*.txt")) for line in file.read_text("utf-8").splitlines() if len(line) > 60
    ][::2]
    questions = ["На сколько вырос экспорт?", "Who is the prime minister?", "Что построят в Бресте?", "tractors"]
    torch = open_embedder("sentence-transformers:istok-ru-en")
    ours = encoder.encode_queries(questions) @ encoder.encode_passages(passages).T
    theirs = torch.encode_queries(questions) @ torch.encode_passages(passages).T
    np.testing.assert_allclose(ours, theirs, atol=1e-4)
    top, exact = (np.argsort(-scores)[:, :10] for scores in (ours, theirs))
    recall = np.mean([len(set(a) & set(b)) / 10 for a, b in zip(top.tolist(), exact.tolist(), strict=True)])
    assert recall >= 0.99


def test_prompts_are_put_before_queries_and_passages_and_change_the_fingerprint(
    copy: Path, encoder: OnnxEmbedder
) -> None:
    _change(copy / "config_sentence_transformers.json", prompts={"query": "query: ", "passage": "passage: "})
    prompted = OnnxEmbedder(str(copy))
    assert prompted.fingerprint != encoder.fingerprint
    np.testing.assert_allclose(
        prompted.encode_queries(["Rye bread"]), encoder.encode_passages(["query: Rye bread"]), atol=1e-6
    )
    np.testing.assert_allclose(
        prompted.encode_passages(["Rye bread"]), encoder.encode_queries(["passage: Rye bread"]), atol=1e-6
    )


def test_the_first_token_is_taken_where_the_model_says_so(copy: Path, encoder: OnnxEmbedder) -> None:
    _change(copy / "1_Pooling" / "config.json", pooling_mode="cls")
    first = OnnxEmbedder(str(copy))
    assert first.fingerprint != encoder.fingerprint
    np.testing.assert_allclose(
        first.encode_queries(["Rye bread"])[0], encoder.encode_tokens(["Rye bread"])[0][1][0], atol=1e-5
    )


def _cut(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:20_000])


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (shutil.rmtree, "is not on this machine: give a folder"),
        (lambda folder: (folder / "model.onnx").unlink(), "has no model.onnx: name it as sentence-transformers:"),
        (lambda folder: _cut(folder / "model.onnx"), r"is damaged .*: fetch it again"),
        (lambda folder: _cut(folder / "model.safetensors"), r"is damaged .*: fetch it again"),
        (lambda folder: (folder / "tokenizer.json").write_text("{}"), r"is damaged .*: fetch it again"),
        (lambda folder: (folder / "modules.json").unlink(), r"is damaged .*: fetch it again"),
        (
            lambda folder: _change(folder / "1_Pooling" / "config.json", pooling_mode="max"),
            "needs more than mean or cls pooling: name it as sentence-transformers:",
        ),
    ],
)
def test_what_can_not_be_opened_is_told_in_one_line_with_what_to_do(
    copy: Path, spoil: Callable[[Path], object], message: str
) -> None:
    spoil(copy)
    with pytest.raises(IndexStateError, match=message) as caught:
        OnnxEmbedder(str(copy))
    assert "\n" not in str(caught.value)
