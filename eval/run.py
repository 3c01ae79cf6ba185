"""Run: put every gold question to an assistant, in order, and judge what it says."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from istok.eval.metrics import (
    Scores,
    answer_scores,
    cited_parts,
    exact_citations,
    relevant_passages,
    retrieval_scores,
    right_citations,
)
from istok.eval.questions import GoldItem
from istok.eval.results import CitationResult, ItemResult, Machine, Results, summarise
from istok.index.types import Hit
from istok.rag.types import Answer, Turn

if TYPE_CHECKING:
    from istok.rag.assistant import Assistant

Progress = Callable[[str, int, int], None]
DEPTH = 20
"""Hits that retrieval is judged on: the deepest recall that is reported."""


def evaluate(assistant: Assistant, gold: Sequence[GoldItem], source: Path, progress: Progress | None = None) -> Results:
    """Ask `gold`, which was loaded from `source`, and judge the answers. `progress` hears ("ask", done, total)."""
    started = time.perf_counter()
    index = assistant.index
    texts = {document.id: document.text for document in index.documents()}
    passages = index.passages()
    answers: list[Answer] = []
    found: dict[str, Sequence[Hit]] = {}
    for done, item in enumerate(gold, 1):
        answer = assistant.ask(item.question, [Turn(question, said) for question, said in item.history])
        found[item.id] = index.search(answer.standalone_question, DEPTH)
        answers.append(answer)
        if progress is not None:
            progress("ask", done, len(gold))
    relevant = {item.id: relevant_passages(item, passages) for item in gold}
    retrieval = retrieval_scores(relevant, found)
    items = tuple(
        judge(item, answer, texts, retrieval.get(item.id, {}), _ranks(found[item.id], relevant[item.id]))
        for item, answer in zip(gold, answers, strict=True)
    )
    return Results(
        version=version("istok"),
        encoder=index.home.config.embedder,
        encoder_fingerprint=index.fingerprint,
        index_generation=index.generation,
        reader=assistant.reader.name,
        gold=source.name,
        finished=datetime.now(UTC).isoformat(timespec="seconds"),
        seconds=time.perf_counter() - started,
        machine=Machine.here(),
        items=items,
        summary=summarise(items),
    )


def judge(
    item: GoldItem, answer: Answer, texts: Mapping[str, str], retrieval: Scores, relevant_ranks: tuple[int, ...] = ()
) -> ItemResult:
    """The record of one answered question."""
    verdicts = zip(answer.citations, right_citations(item, answer), exact_citations(answer, texts), strict=True)
    return ItemResult(
        item=item,
        standalone_question=answer.standalone_question,
        language=answer.language,
        status=answer.status,
        reader=answer.reader,
        text=answer.text,
        notes=answer.notes,
        citations=tuple(
            CitationResult(
                number=citation.number,
                document=citation.document,
                title=citation.title,
                date=citation.date,
                start=citation.start,
                end=citation.end,
                quote=citation.quote,
                right=right,
                exact=exact,
            )
            for citation, right, exact in verdicts
        ),
        missed_parts=tuple(part for part, cited in cited_parts(item, answer).items() if not cited),
        relevant_ranks=relevant_ranks,
        scores=answer_scores(item, answer, texts) | retrieval,
        timings=asdict(answer.timings),
    )


def _ranks(hits: Sequence[Hit], relevant: set[int]) -> tuple[int, ...]:
    return tuple(rank for rank, hit in enumerate(hits, 1) if hit.passage.id in relevant)
