"""Cross-encoders through sentence-transformers: a folder or a hub id."""

from __future__ import annotations

import hashlib
import logging
import math
import os
from collections.abc import Sequence
from functools import cached_property
from threading import Lock
from typing import cast

from istok.index.embed import titled
from istok.index.errors import IndexStateError, MissingExtraError
from istok.index.machine import usable_cores
from istok.index.model_folder import locate
from istok.rag.errors import RerankerKind
from istok.rag.rerankers import Excerpt
from istok.rag.scorer import leans_back

LONGEST = 512
"""Tokens of question and text together that are read: a title and two sentences are a tenth to a third of that."""

_HEADS = ("ForSequenceClassification", "ForCausalLM")


READS = 40
"""Sentences that are read of a question: its time grows with each, and twice as many as evidence holds."""

WEIGHT = 0.5
"""As much as the scorer's, since nothing is known of the one that is named."""


class SentenceTransformersReranker:
    """`name` is a folder or the id of a model that is already in the hub's cache.

    Nothing is downloaded. Raises IndexStateError when the model isn't here, can't be loaded or is no reranker.
    """

    reads = READS
    weight = WEIGHT

    def __init__(self, name: str) -> None:
        os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")  # torch has a pool of threads already
        try:
            import torch
            from safetensors import SafetensorError
            from sentence_transformers import CrossEncoder
            from transformers.utils.logging import disable_progress_bar, set_verbosity_error
        except ModuleNotFoundError as error:
            raise MissingExtraError("sentence-transformers", "sentence-transformers") from error

        disable_progress_bar()  # type: ignore[no-untyped-call]
        # What they would warn of at length, weights made up for want of any, is refused below in a line.
        set_verbosity_error()  # type: ignore[no-untyped-call]
        logging.getLogger("sentence_transformers").setLevel(logging.ERROR)
        torch.set_num_threads(usable_cores())
        self._name, location = name, str(locate(name) or name)
        try:
            self._model = CrossEncoder(location, device="cpu", local_files_only=True, model_kwargs={"dtype": "float32"})
        except (OSError, ValueError) as error:
            remedy = f"give a folder, or fetch it first: hf download {name}"
            raise IndexStateError(f"the reranker {name!r} is not on this machine: {remedy}") from error
        except (SafetensorError, RuntimeError, KeyError) as error:
            raise IndexStateError(RerankerKind.DAMAGED, folder=location, problem=error) from error
        # An encoder would be given a head of random numbers, and a classifier has no one score.
        architecture = next(iter(self._model.config.architectures or ()), "")
        if self._model.num_labels != 1 or (len(self._model) == 1 and not architecture.endswith(_HEADS)):
            raise IndexStateError(f"{name!r} ({architecture}) is no reranker: name a cross-encoder with a single score")
        self._model.max_seq_length = min(self._model.max_seq_length or LONGEST, LONGEST)
        self._turn = Lock()  # the cores are one question's at a time, and a tokenizer one thread's
        self._activation = torch.nn.Sigmoid()  # some models name none, and would give logits

    @cached_property
    def fingerprint(self) -> str:
        """A hash of the weights and of everything that shapes the scores."""
        digest = hashlib.sha256()
        for name, tensor in sorted(self._model.state_dict().items()):
            digest.update(name.encode())
            digest.update(tensor.contiguous().numpy().tobytes())
        digest.update(repr((self._model.prompts, self._model.max_seq_length)).encode())
        return digest.hexdigest()[:16]

    def scores(self, question: str, excerpts: Sequence[Excerpt]) -> list[float]:
        """One for each sentence, in [0, 1], higher is better."""
        pairs = [(question, _text(excerpt)) for excerpt in excerpts]
        with self._turn:
            found = self._model.predict(pairs, activation_fn=self._activation, show_progress_bar=False).tolist()
        if any(math.isnan(score) for score in found):
            raise IndexStateError(f"the reranker {self._name!r} is damaged (its scores are no numbers): fetch it again")
        return cast("list[float]", found)


def _text(excerpt: Excerpt) -> str:
    """With the sentence before only where a pronoun points there: the network isn't told which of them is meant."""
    before = excerpt.before if leans_back(excerpt.sentence) else ""
    return titled(excerpt.title, f"{before} {excerpt.sentence}".strip())
