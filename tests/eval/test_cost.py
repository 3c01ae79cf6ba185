import numpy as np
import pytest

from istok.eval import cost
from istok.index.home import Home
from istok.index.index import Index


def test_a_run_costs_memory_passages_and_the_tokens_that_were_generated(home: Home) -> None:
    with Index.open(home) as index:
        found = cost.measure(index, [(30, 2.0), (10, 2.0)])
    assert found.peak_memory > 50 * 2**20
    assert found.passages.value is not None
    assert found.passages.value > 0
    assert (found.tokens.value, found.tokens.n) == (10, 2)


def test_memory_that_was_given_back_still_counts() -> None:
    np.ones(30_000_000).sum()
    before = cost.peak_memory()
    assert before > 240_000_000
    assert cost.peak_memory() >= before


def test_without_a_model_and_without_passages_there_is_no_rate(tmp_path: object) -> None:
    with Index.open(Home.open(tmp_path / "empty")) as index:  # type: ignore[operator]
        found = cost.measure(index, [])
    assert found.passages.value is found.tokens.value is None


@pytest.mark.parametrize("sample", [1, 7, 1000])
def test_a_sample_is_spread_over_the_whole_index(home: Home, monkeypatch: pytest.MonkeyPatch, sample: int) -> None:
    encoded = []

    class Encoder:
        def encode_passages(self, texts: list[str]) -> None:
            encoded.extend(texts)

    monkeypatch.setattr(cost, "SAMPLE", sample)
    monkeypatch.setattr(cost, "open_embedder", lambda _: Encoder())
    with Index.open(home) as index:
        cost.encoding(index)
        passages = len(index.passages())
    assert len(encoded[1:]) == len(set(encoded[1:])) <= min(sample, passages)
    assert len(encoded[1:]) > min(sample, passages) / 2
