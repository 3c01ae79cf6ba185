"""Texts as token numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from tokenizers import Tokenizer

Ids = NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Texts:
    """Token numbers of many texts in one array; row i is `ids[starts[i]:starts[i + 1]]`, without special ones."""

    ids: Ids
    starts: NDArray[np.int64]

    @classmethod
    def encoded(cls, tokenizer: Tokenizer, texts: Sequence[str]) -> Texts:
        """Tokenise in batches, so that only numbers are held."""
        parts: list[Ids] = []
        lengths: list[int] = []
        for first in range(0, len(texts), 10_000):
            rows = [
                encoding.ids
                for encoding in tokenizer.encode_batch_fast(texts[first : first + 10_000], add_special_tokens=False)
            ]
            lengths += map(len, rows)
            parts.append(np.array([number for row in rows for number in row], np.int32))
        return cls(np.concatenate(parts), np.cumsum([0, *lengths]))

    @property
    def lengths(self) -> NDArray[np.int64]:
        """Tokens of each text."""
        return np.diff(self.starts)

    def row(self, number: int) -> Ids:
        """The token numbers of one text."""
        return self.ids[self.starts[number] : self.starts[number + 1]]

    def bag(self, numbers: NDArray[np.int64]) -> tuple[torch.Tensor, torch.Tensor]:
        """(ids, offsets) for an EmbeddingBag over these texts."""
        offsets = np.cumsum([0, *self.lengths[numbers][:-1]])
        return torch.from_numpy(np.concatenate([self.row(n) for n in numbers])).long(), torch.from_numpy(offsets)


@dataclass(frozen=True, slots=True)
class Pairs:
    """All pairs as token numbers, with the weight that each is drawn with."""

    russian: Texts
    english: Texts
    weights: NDArray[np.float64]

    @classmethod
    def tokenised(cls, tokenizer: Tokenizer, path: Path) -> Pairs:
        """From lines of `weight<TAB>russian<TAB>english`."""
        with path.open(encoding="utf-8") as file:
            lines = [line.rstrip("\n").split("\t") for line in file]
        russian, english = (Texts.encoded(tokenizer, [line[side] for line in lines]) for side in (1, 2))
        return cls(russian, english, np.array([float(line[0]) for line in lines]))

    @classmethod
    def load(cls, path: Path) -> Pairs:
        """What `save` wrote."""
        saved = np.load(path)
        russian, english = (Texts(saved[side], saved[f"{side}_starts"]) for side in ("russian", "english"))
        return cls(russian, english, saved["weights"])

    def save(self, path: Path) -> None:
        """Write an .npz file."""
        np.savez(
            path,
            weights=self.weights,
            russian=self.russian.ids,
            russian_starts=self.russian.starts,
            english=self.english.ids,
            english_starts=self.english.starts,
        )
