"""Cross-encoders through onnxruntime: the lower layers read question and text apart, the upper ones both at once."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from istok.index.errors import IndexStateError
from istok.index.machine import usable_cores
from istok.index.model_folder import locate
from istok.rag.errors import RerankerKind
from istok.rag.rerankers import Excerpt

LOWER, UPPER, WEIGHTS, TOKENIZER = "lower.onnx", "upper.onnx", "model.safetensors", "tokenizer.json"
LONGEST = 160
"""Tokens of a text that are read, and of a question; as in training."""

READS = 5
"""Sentences that are read of a question. An answer that is among the best 14 is among them for 94% of held-out news
questions, and for 98% of the gold ones' `dev` half. Six (96%) are put in no better order, and tell no better whether
any answers."""

WEIGHT = 0.25
"""Chosen on held-out news questions and the gold ones' `dev` half: with more, the best sentence is right more often in
the news, and less often in the others."""

BATCH_TOKENS = 2048  # padded ones, as for the encoder

QUESTION, SENTENCE, ABOVE = range(3)
"""Parts of what the upper layers read."""

States = NDArray[np.float32]


class OnnxReranker:
    """`name` is a folder that `models/reranker` wrote, or a packaged model.

    Raises IndexStateError when it isn't there or can't be loaded.
    """

    reads = READS
    weight = WEIGHT

    def __init__(self, name: str) -> None:
        from onnxruntime import GraphOptimizationLevel, InferenceSession, SessionOptions
        from tokenizers import Tokenizer

        folder = locate(name)
        if folder is None or not (folder / UPPER).exists():
            raise IndexStateError(RerankerKind.NOT_HERE, name=name)
        self._folder = folder
        options = SessionOptions()
        options.intra_op_num_threads = usable_cores()
        options.graph_optimization_level = GraphOptimizationLevel.ORT_ENABLE_ALL
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")  # as for the encoder
        options.log_severity_level = 4
        try:
            self._tokenizer = Tokenizer.from_file(str(folder / TOKENIZER))
            self._tokenizer.enable_truncation(LONGEST)
            self._tokenizer.no_padding()
            self._lower = InferenceSession(folder / LOWER, options, providers=["CPUExecutionProvider"])
            self._upper = InferenceSession(folder / UPPER, options, providers=["CPUExecutionProvider"])
        # Both libraries raise bare subclasses of Exception that they don't publish.
        except Exception as error:
            reason = str(error).partition("\n")[0]
            raise IndexStateError(RerankerKind.DAMAGED, folder=folder, problem=reason) from error

    @cached_property
    def fingerprint(self) -> str:
        """A hash of the networks, their weights and the tokenizer."""
        digest = hashlib.sha256()
        for name in (LOWER, UPPER, WEIGHTS, TOKENIZER):
            digest.update((self._folder / name).read_bytes())
        return digest.hexdigest()[:16]

    def scores(self, question: str, excerpts: Sequence[Excerpt]) -> list[float]:
        """One for each sentence, in (0, 1): how probably it answers."""
        if not excerpts:
            return []
        (asked, _), *read = self._apart([question, *map(str, excerpts)])
        logits = np.zeros(len(excerpts), np.float32)
        for places in _batches([len(states) for states, _ in read]):
            states, mask = _padded([np.concatenate([asked, read[place][0]]) for place in places])
            kinds, _ = _padded([np.append(np.full(len(asked), QUESTION), read[place][1]) for place in places])
            feed = {"states": states, "attention_mask": mask, "parts": kinds}
            logits[places] = self._upper.run(["logits"], feed)[0]
        return [float(score) for score in 1 / (1 + np.exp(-logits))]

    def _apart(self, texts: Sequence[str]) -> list[tuple[States, NDArray[np.int64]]]:
        """The states of each text's tokens after the lower layers, (length, dimensions), and which part each is of."""
        encoded = self._tokenizer.encode_batch(list(texts))
        found: dict[int, States] = {}
        for places in _batches([len(one.ids) for one in encoded]):
            ids, mask = _padded([np.array(encoded[place].ids, np.int64) for place in places])
            states = self._lower.run(["states"], {"input_ids": ids, "attention_mask": mask})[0]
            found |= {place: row[: len(encoded[place].ids)] for place, row in zip(places, states, strict=True)}
        return [(found[place], parts(texts[place], encoded[place].offsets)) for place in range(len(texts))]


def parts(text: str, offsets: Sequence[tuple[int, int]]) -> NDArray[np.int64]:
    """SENTENCE for the tokens of the last line and those of no characters, ABOVE for what it is read under."""
    begin = text.rfind("\n") + 1
    return np.array([ABOVE if start < end <= begin else SENTENCE for start, end in offsets], np.int64)


def _batches(lengths: Sequence[int]) -> Iterator[list[int]]:
    """Places of texts of like length, few enough that a batch stays in the processor's cache."""
    order = sorted(range(len(lengths)), key=lambda place: -lengths[place])
    while order:
        size = max(1, BATCH_TOKENS // lengths[order[0]])
        yield order[:size]
        order = order[size:]


def _padded(rows: Sequence[NDArray[Any]]) -> tuple[NDArray[Any], NDArray[np.int64]]:
    """Rows of like length under each other, with zeros where they end, and a mask of where they don't."""
    length = max(map(len, rows))
    joined = np.zeros((len(rows), length, *rows[0].shape[1:]), rows[0].dtype)
    mask = np.zeros((len(rows), length), np.int64)
    for place, row in enumerate(rows):
        joined[place, : len(row)], mask[place, : len(row)] = row, 1
    return joined, mask
