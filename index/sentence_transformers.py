"""Encoders through sentence-transformers: a folder, the model that ships as a package, or a hub id."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from istok.index.embed import Vectors
from istok.index.errors import IndexKind, IndexStateError, MissingExtraError
from istok.index.model_folder import languages, locate
from istok.index.types import Language


class SentenceTransformersEmbedder:
    """`name` is a folder, a packaged model or the id of a model that is already in the hub's cache.

    Nothing is downloaded. Raises IndexStateError when the model isn't here or can't be loaded.
    """

    def __init__(self, name: str) -> None:
        # torch and the tokenizers would each start a pool of threads; one pool is enough for two cores.
        os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
        try:
            from safetensors import SafetensorError
            from sentence_transformers import SentenceTransformer
            from transformers.utils.logging import disable_progress_bar
        except ModuleNotFoundError as error:
            raise MissingExtraError("sentence-transformers", "sentence-transformers") from error

        disable_progress_bar()  # type: ignore[no-untyped-call]
        folder = locate(name)
        if folder and not any(folder.glob("*.safetensors")) and any(folder.glob("onnx/*.onnx")):
            raise IndexStateError(IndexKind.NETWORK_ONLY_ONNX, folder=folder, name=name)
        self._location = str(folder or name)
        try:
            self._model = SentenceTransformer(
                self._location, device="cpu", local_files_only=True, model_kwargs={"dtype": "float32"}
            )
        except (OSError, ValueError) as error:
            raise IndexStateError(IndexKind.NO_HUB_ENCODER, name=name) from error
        except (SafetensorError, RuntimeError, KeyError) as error:
            raise IndexStateError(IndexKind.ENCODER_DAMAGED, folder=self._location, problem=error) from error
        self._fingerprint: str | None = None

    @property
    def fingerprint(self) -> str:
        """A hash of the weights and of everything that shapes the vectors."""
        if self._fingerprint is None:
            digest = hashlib.sha256()
            for name, tensor in sorted(self._model.state_dict().items()):
                digest.update(name.encode())
                digest.update(tensor.contiguous().numpy().tobytes())
            digest.update(repr((self._model.prompts, self._model.max_seq_length)).encode())
            self._fingerprint = digest.hexdigest()[:16]
        return self._fingerprint

    @property
    def dimensions(self) -> int:
        """Length of a vector."""
        return cast("int", self._model.get_embedding_dimension())

    @property
    def languages(self) -> frozenset[Language]:
        """Those that the model's card names; both when the card names none."""
        from huggingface_hub import try_to_load_from_cache

        folder = Path(self._location)
        card = folder / "README.md" if folder.is_dir() else try_to_load_from_cache(self._location, "README.md")
        return languages(Path(card) if isinstance(card, str | Path) else None)

    @property
    def max_tokens(self) -> int:
        """The longest input, in tokens without the special ones."""
        return (self._model.max_seq_length or 512) - 2

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        """Rows for what is searched."""
        return self._rows(self._model.encode_document(list(texts), normalize_embeddings=True, show_progress_bar=False))

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """Rows for what is asked."""
        return self._rows(self._model.encode_query(list(texts), normalize_embeddings=True, show_progress_bar=False))

    def encode_tokens(self, texts: Sequence[str]) -> list[tuple[NDArray[np.int64], Vectors]]:
        """For each text the ids of its tokens, special ones included, and one row for each."""
        found: Any = self._model.encode(list(texts), output_value=None, show_progress_bar=False)
        rows = []
        for features in found:
            kept = features["attention_mask"].numpy().astype(bool)
            states = features["token_embeddings"].numpy()[kept]
            unit = states / np.maximum(1e-12, np.linalg.norm(states, axis=1, keepdims=True))
            rows.append((features["input_ids"].numpy()[kept], unit.astype(np.float32)))
        return rows

    def _rows(self, encoded: object) -> Vectors:
        return np.asarray(encoded, np.float32).reshape(-1, self.dimensions)

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Lengths in the encoder's own tokens, without the special ones."""
        if not texts:
            return []
        return [len(ids) for ids in self._model.tokenizer(list(texts), add_special_tokens=False)["input_ids"]]
