"""Encoders through onnxruntime: a folder in the layout of sentence-transformers with a network in ONNX's form."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from istok.index.embed import Vectors
from istok.index.errors import IndexKind, IndexStateError
from istok.index.machine import usable_cores
from istok.index.model_folder import languages, locate
from istok.index.types import Language

Integers = NDArray[np.int64]

_NETWORKS = ("model.onnx", "onnx/model.onnx", "onnx/model_quantized.onnx", "onnx/model_qint8.onnx")
_BATCH_TOKENS = 2048  # padded ones; larger batches leave the processor's cache
_MODULES = {"Transformer", "Pooling", "Normalize"}


class OnnxEmbedder:
    """`name` is a folder or a packaged model.

    Raises IndexStateError when it isn't there, can't be loaded or asks for more than mean or first-token pooling.
    """

    def __init__(self, name: str) -> None:
        from onnxruntime import GraphOptimizationLevel, InferenceSession, SessionOptions
        from tokenizers import Tokenizer

        folder = locate(name)
        if folder is None:
            raise IndexStateError(IndexKind.NO_ENCODER, name=name)
        self._folder = folder
        self._network = _network(folder)
        options = SessionOptions()
        options.intra_op_num_threads = usable_cores()
        options.graph_optimization_level = GraphOptimizationLevel.ORT_ENABLE_ALL
        # Threads that spin after their work would take the cores from FAISS, which searches right after.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        options.log_severity_level = 4  # a damaged file is told by the exception; the log would be a second voice
        try:
            self._pooling = _pooling(folder)
            self._length = _length(folder)
            prompts = _read(folder / "config_sentence_transformers.json").get("prompts") or {}
            passage = next((prompts[key] for key in ("document", "passage", "corpus") if key in prompts), "")
            self._prompts = {"query": prompts.get("query", ""), "passage": passage}
            self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
            self._tokenizer.no_truncation()
            self._tokenizer.no_padding()
            self._session = InferenceSession(self._network, options, providers=["CPUExecutionProvider"])
        # Both libraries raise bare subclasses of Exception that they don't publish.
        except Exception as error:
            if isinstance(error, IndexStateError):
                raise
            reason = str(error).partition("\n")[0]
            raise IndexStateError(IndexKind.ENCODER_DAMAGED, folder=folder, problem=reason) from error
        self._inputs = {node.name for node in self._session.get_inputs()}
        self._fingerprint: str | None = None

    @property
    def fingerprint(self) -> str:
        """A hash of the network, of weights that lie beside it, and of everything else that shapes the vectors."""
        if self._fingerprint is None:
            digest = hashlib.sha256(repr((self._prompts, self._pooling, self._length)).encode())
            beside = self._network.parent
            weights = (*sorted(beside.glob(f"{self._network.name}?*")), *sorted(beside.glob("*.safetensors")))
            for file in (self._network, *weights, self._folder / "tokenizer.json"):
                digest.update(file.read_bytes())
            self._fingerprint = digest.hexdigest()[:16]
        return self._fingerprint

    @property
    def dimensions(self) -> int:
        """Length of a vector."""
        return int(self._session.get_outputs()[0].shape[-1])

    @property
    def languages(self) -> frozenset[Language]:
        """Those that the model's card names; both when the card names none."""
        return languages(self._folder / "README.md")

    @property
    def max_tokens(self) -> int:
        """The longest input, in tokens without the special ones."""
        return self._length - 2

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        """Rows for what is searched."""
        return self._encode([self._prompts["passage"] + text for text in texts])

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """Rows for what is asked."""
        return self._encode([self._prompts["query"] + text for text in texts])

    def encode_tokens(self, texts: Sequence[str]) -> list[tuple[Integers, Vectors]]:
        """For each text the ids of its tokens, special ones included, and one row for each."""
        found: dict[int, tuple[Integers, Vectors]] = {}
        for places, ids, mask, states in self._states(texts):
            for place, row, kept, state in zip(places, ids, mask, states, strict=True):
                length = int(kept.sum())
                found[place] = row[:length], _unit(state[:length])
        return [found[place] for place in range(len(texts))]

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Lengths in the encoder's own tokens, without the special ones."""
        return [len(encoding.ids) for encoding in self._tokenizer.encode_batch(list(texts), add_special_tokens=False)]

    def _cut(self, ids: list[int]) -> list[int]:
        return ids if len(ids) <= self._length else [*ids[: self._length - 1], ids[-1]]

    def _encode(self, texts: Sequence[str]) -> Vectors:
        rows = np.zeros((len(texts), self.dimensions), np.float32)
        for places, _, mask, states in self._states(texts):
            rows[places] = states[:, 0] if self._pooling == "cls" else np.einsum("nld,nl->nd", states, mask)
        return _unit(rows)

    def _states(self, texts: Sequence[str]) -> Iterator[tuple[list[int], Integers, Integers, Vectors]]:
        """Batches of like length: places in `texts`, ids, mask, and the states (n, length, dimensions)."""
        encoded = [self._cut(encoding.ids) for encoding in self._tokenizer.encode_batch(list(texts))]
        order = sorted(range(len(texts)), key=lambda place: -len(encoded[place]))
        while order:
            length = len(encoded[order[0]])
            size = max(1, _BATCH_TOKENS // length)
            places, order = order[:size], order[size:]
            ids, mask = np.zeros((2, len(places), length), np.int64)
            for row, place in enumerate(places):
                own = encoded[place]
                ids[row, : len(own)], mask[row, : len(own)] = own, 1
            feed = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
            states = self._session.run(
                ["last_hidden_state"], {name: value for name, value in feed.items() if name in self._inputs}
            )[0]
            yield places, ids, mask, states


def _network(folder: Path) -> Path:
    for name in _NETWORKS:
        if (folder / name).exists():
            return folder / name
    others = sorted((folder / "onnx").glob("*.onnx"))
    if not others:
        raise IndexStateError(IndexKind.NO_NETWORK, folder=folder)
    return others[0]


def _read(file: Path) -> dict[str, Any]:
    content = json.loads(file.read_text("utf-8")) if file.exists() else {}
    return content if isinstance(content, dict) else {}


def _pooling(folder: Path) -> str:
    """Raises IndexStateError when the model does more to its states than this runtime can."""
    kinds = {module["type"].rpartition(".")[2] for module in json.loads((folder / "modules.json").read_text("utf-8"))}
    config = _read(folder / "1_Pooling" / "config.json")
    modes = {key.removeprefix("pooling_mode_").removesuffix("_tokens").removesuffix("_token")
             for key, chosen in config.items() if key.startswith("pooling_mode_") and chosen is True}  # fmt: skip
    mode = config.get("pooling_mode") or "+".join(sorted(modes))
    if kinds - _MODULES or mode not in {"mean", "cls"}:
        raise IndexStateError(IndexKind.OTHER_POOLING, folder=folder)
    return str(mode)


def _length(folder: Path) -> int:
    """The longest input, special tokens included, as sentence-transformers decides it."""
    given = _read(folder / "sentence_bert_config.json").get("max_seq_length")
    limits = (
        _read(folder / "config.json").get("max_position_embeddings", 512),
        _read(folder / "tokenizer_config.json").get("model_max_length", 512),
    )
    return int(given or min(limits))


def _unit(rows: Vectors) -> Vectors:
    return np.asarray(rows / np.maximum(np.linalg.norm(rows, axis=-1, keepdims=True), 1e-12), np.float32)
