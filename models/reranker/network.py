"""The network: its lower layers read question and text apart, the upper ones both at once (DeFormer, Cao et al. 2020).

The lower layers stay as the encoder left them, so that what they make of a text is computed once for all questions; a
step of training costs half of what it would.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import torch
from tokenizers import Tokenizer
from torch import Tensor, nn
from torch.nn.utils.rnn import pad_sequence
from transformers import BertModel
from transformers.masking_utils import create_bidirectional_mask

from istok.rag.rerankers.onnx import QUESTION, parts

APART = 6  # layers, of 12
LONGEST = 160  # tokens of a text
BATCH = 48


def network(start: Path, attention: str = "sdpa") -> BertModel:
    """The encoder that training starts from; `attention` names its implementation."""
    return BertModel.from_pretrained(start, add_pooling_layer=False, attn_implementation=attention)


class Lower:
    """The states of a text's tokens after the lower layers, (length, dimensions), and where each token stands in it and
    which part it is of; computed once."""

    def __init__(self, work: Path) -> None:
        self._network = network(work / "start").eval()
        self._network.encoder.layer = self._network.encoder.layer[:APART]
        self._tokenizer = Tokenizer.from_file(str(work / "tokenizer.json"))
        self._tokenizer.enable_truncation(LONGEST)
        self._states: dict[str, Tensor] = {}
        self.offsets: dict[str, list[tuple[int, int]]] = {}
        self.parts: dict[str, Tensor] = {}

    @torch.inference_mode()
    def feed(self, texts: Sequence[str]) -> None:
        """Read what isn't known yet."""
        new = sorted({text for text in texts if text not in self._states}, key=len)
        for begin in range(0, len(new), BATCH):
            batch = new[begin : begin + BATCH]
            encoded = self._tokenizer.encode_batch(batch)
            ids = torch.zeros(len(batch), max(len(one.ids) for one in encoded), dtype=torch.long)
            mask = torch.zeros_like(ids)
            for row, one in enumerate(encoded):
                ids[row, : len(one.ids)], mask[row, : len(one.ids)] = torch.tensor(one.ids), 1
            states = self._network(input_ids=ids, attention_mask=mask).last_hidden_state
            for text, one, own in zip(batch, encoded, states, strict=True):
                self._states[text], self.offsets[text] = own[: len(one.ids)].half(), one.offsets
                self.parts[text] = torch.from_numpy(parts(text, one.offsets))

    def __getitem__(self, text: str) -> Tensor:
        return self._states[text].float()


class Upper(nn.Module):
    """Says how probably a text answers, and which of its tokens do."""

    def __init__(self, start: Path, attention: str = "sdpa") -> None:
        super().__init__()
        base = network(start, attention)
        self.config = base.config
        self.layers = base.encoder.layer[APART:]
        self.parts = nn.Parameter(torch.zeros(3, base.config.hidden_size))
        self.answers = nn.Linear(base.config.hidden_size, 1)
        self.ends = nn.Linear(base.config.hidden_size, 2)
        nn.init.zeros_(self.answers.bias)

    def forward(self, states: Tensor, mask: Tensor, parts: Tensor) -> tuple[Tensor, Tensor]:
        """States (n, length, dimensions) of a question and a text in a row, 1 where there is something, and which part
        it is of → logits (n,), and (n, length, 2) of being the answer's first and last token."""
        hidden = states + nn.functional.embedding(parts, self.parts)
        bias = create_bidirectional_mask(self.config, hidden, mask)
        for layer in self.layers:
            out = layer(hidden, attention_mask=bias)
            hidden = out[0] if isinstance(out, tuple) else out
        return self.answers(hidden[:, 0])[:, 0], self.ends(hidden)


def joined(pairs: Sequence[tuple[str, str]], lower: Lower) -> tuple[Tensor, Tensor, Tensor]:
    """Questions and texts that `lower` was fed → states, mask and parts as `Upper` takes them."""
    rows = [torch.cat([lower[question], lower[text]]) for question, text in pairs]
    kinds = [torch.cat([torch.full((len(lower[question]),), QUESTION), lower.parts[text]]) for question, text in pairs]
    mask = [torch.ones(len(row), dtype=torch.long) for row in rows]
    states, filled, parted = (pad_sequence(one, batch_first=True) for one in (rows, mask, kinds))
    return states, filled, parted


def alike(lengths: Sequence[int], size: int) -> Iterator[list[int]]:
    """Places in groups of like length."""
    order = sorted(range(len(lengths)), key=lengths.__getitem__)
    yield from (order[begin : begin + size] for begin in range(0, len(order), size))
