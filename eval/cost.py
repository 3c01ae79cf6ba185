"""Cost: the memory that a run took, and how much the encoder and the model do in a second."""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence

import psutil
from pydantic import BaseModel, ConfigDict

from istok.eval.metrics import NOTHING, Estimate, Row, estimate
from istok.index.embed import open_embedder, titled
from istok.index.index import Index

SAMPLE = 200
BATCH = 16


class Cost(BaseModel):
    """`peak_memory` of the run's process in bytes, `passages` that the encoder reads in a second (n counts batches of a
    sample), `tokens` that the model generates in a second of reading (n counts answers; none without a model)."""

    model_config = ConfigDict(frozen=True)

    peak_memory: int
    passages: Estimate
    tokens: Estimate


def measure(index: Index, readings: Sequence[tuple[int, float]]) -> Cost:
    """The cost of a run over `index`; `readings` are the tokens and the seconds of each that generated any."""
    memory = peak_memory()  # before the encoder is opened a second time
    return Cost(peak_memory=memory, passages=encoding(index), tokens=_rate(readings))


def encoding(index: Index) -> Estimate:
    """Passages a second of the encoder of `index`, over a sample spread evenly over it; nothing where it reads none."""
    passages = [passage for passage in index.passages() if passage.language in index.languages]
    if not passages:
        return NOTHING
    chosen = passages[:: -(-len(passages) // SAMPLE)]
    titles = {document.id: document.title for document in index.documents()}
    texts = [titled(titles[passage.document_id], passage.text) for passage in chosen]
    encoder = open_embedder(index.home.config.embedder)
    encoder.encode_passages(texts[:1])  # what is loaded at the first use is loaded now
    timed = []
    for start in range(0, len(texts), BATCH):
        batch = texts[start : start + BATCH]
        began = time.perf_counter()
        encoder.encode_passages(batch)
        timed.append((len(batch), time.perf_counter() - began))
    return _rate(timed)


def _rate(pairs: Sequence[tuple[int, float]]) -> Estimate:
    def statistic(amounts: Row, seconds: Row, axis: int) -> Row:
        ratio: Row = amounts.sum(axis) / seconds.sum(axis)
        return ratio

    return estimate(statistic, [amount for amount, _ in pairs], [seconds for _, seconds in pairs])


def peak_memory() -> int:
    """The most bytes that this process has held so far."""
    if sys.platform == "win32":
        return int(psutil.Process().memory_info().peak_wset)
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024
