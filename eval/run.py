"""Run: put every gold question to an assistant, in order, and judge what it says."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from istok.eval.cost import measure
from istok.eval.journal import Journal
from istok.eval.metrics import (
    Scores,
    answer_scores,
    cited_parts,
    exact_citations,
    proves,
    relevant_passages,
    relevant_sentences,
    retrieval_scores,
    right_citations,
    sentence_scores,
)
from istok.eval.metrics import (
    direction as direction_of,
)
from istok.eval.questions import GoldItem
from istok.eval.results import CitationResult, ClaimResult, ItemResult, Machine, Results, calibrate, summarise
from istok.index.types import Hit, Passage
from istok.rag.assistant import Assistant
from istok.rag.types import Answer, Turn

Progress = Callable[[str, int, int], None]
DEPTH = 20
"""Hits that retrieval is judged on: the deepest recall that is reported."""


def key(assistant: Assistant, gold: Sequence[GoldItem]) -> str:
    """Names a run: another program, encoder, index, setting, reader or question makes another one."""
    index = assistant.index
    parts = [
        version("istok"), index.fingerprint, index.generation, index.home.config.sources, index.home.config.reranker,
        assistant.reader.name,
        *(item.model_dump() for item in gold),
    ]  # fmt: skip
    return hashlib.sha256(json.dumps(parts, ensure_ascii=False).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Asked:
    """What came of a question: its answer, the `DEPTH` best hits, and for a follow-up the answer to it in full."""

    answer: Answer
    hits: Sequence[Hit]
    full: Answer | None


class Examiner:
    """Asks an assistant, and judges by the documents of its index."""

    def __init__(self, assistant: Assistant) -> None:
        self._assistant = assistant
        documents = assistant.index.documents()
        self._texts = {document.id: document.text for document in documents}
        self._languages = {document.id: document.language for document in documents}
        self._passages: dict[str, list[Passage]] = {}
        for passage in assistant.index.passages():
            self._passages.setdefault(passage.document_id, []).append(passage)

    def ask(self, item: GoldItem) -> Asked:
        """Put one question, and search for it once more, as deep as retrieval is judged."""
        assistant = self._assistant
        answer = assistant.ask(item.question, [Turn(question, said) for question, said in item.history])
        hits = assistant.index.search(answer.standalone_question, DEPTH, voices=assistant.voices)
        return Asked(answer, hits, assistant.ask(item.standalone) if item.standalone else None)

    def retrieval(self, item: GoldItem, hits: Sequence[Hit]) -> tuple[Scores, tuple[int, ...]]:
        """The scores of a ranking, and the places of its relevant passages."""
        relevant = relevant_passages(item, self._candidates(item))
        ranks = tuple(rank for rank, hit in enumerate(hits, 1) if hit.passage.id in relevant)
        return retrieval_scores({item.id: relevant}, {item.id: hits}).get(item.id, {}), ranks

    def judge(self, item: GoldItem, asked: Asked) -> ItemResult:
        """The record of one question."""
        retrieval, ranks = self.retrieval(item, asked.hits)
        relevant = relevant_sentences(item, self._candidates(item))
        sentences = sentence_scores({item.id: relevant}, {item.id: asked.answer.evidence.sentences})
        return judge(
            item,
            asked.answer,
            self._texts,
            retrieval | sentences.get(item.id, {}),
            ranks,
            direction=direction_of(item, self._languages),
            full=asked.full,
        )

    def _candidates(self, item: GoldItem) -> list[Passage]:
        return [passage for name in {range_.document for range_ in item.proof} for passage in self._passages[name]]


def evaluate(
    assistant: Assistant,
    gold: Sequence[GoldItem],
    source: Path,
    progress: Progress | None = None,
    *,
    limit: int | None = None,
    journal: Journal | None = None,
) -> Results:
    """Ask `gold`, which was drawn with `limit` from `source`, and judge the answers.

    What `journal` holds is not asked again, and it is handed the rest. `progress` hears ("ask", done, total).
    """
    index = assistant.index
    known = dict(journal.done) if journal else {}
    began = time.perf_counter() - sum(result.timings["total"] for result in known.values())
    examiner = Examiner(assistant)
    items = []
    for done, item in enumerate(gold, 1):
        if item.id in known:
            result = known[item.id]
        else:
            result = examiner.judge(item, examiner.ask(item))
            if journal is not None:
                journal.add(result)
        items.append(result)
        if progress is not None:
            progress("ask", done, len(gold))
    return Results(
        version=version("istok"),
        encoder=index.home.config.embedder,
        encoder_fingerprint=index.fingerprint,
        index_generation=index.generation,
        reader=assistant.reader.name,
        gold=source.name,
        limit=limit,
        finished=datetime.now(UTC).isoformat(timespec="seconds"),
        seconds=time.perf_counter() - began,
        machine=Machine.here(),
        cost=measure(index, [(result.tokens, result.timings["read"]) for result in items if result.tokens]),
        items=tuple(items),
        summary=summarise(items),
        calibration=calibrate(items),
    )


def judge(
    item: GoldItem,
    answer: Answer,
    texts: Mapping[str, str],
    retrieval: Scores,
    relevant_ranks: tuple[int, ...] = (),
    *,
    direction: str = "",
    full: Answer | None = None,
) -> ItemResult:
    """The record of one answered question; `full` is the answer to the same question asked in full."""
    verdicts = zip(answer.citations, right_citations(item, answer), exact_citations(answer, texts), strict=True)
    scores = answer_scores(item, answer, texts) | retrieval
    in_full = None if full is None else answer_scores(item, full, texts)["success"]
    if in_full is not None:
        scores["followup_gap"] = in_full - scores["success"]
    return ItemResult(
        item=item,
        direction=direction,
        standalone_question=answer.standalone_question,
        language=answer.language,
        status=answer.status,
        reader=answer.reader,
        text=answer.text,
        notes=answer.notes,
        confidence=answer.confidence,
        claims=tuple(
            ClaimResult(text=claim.text, citations=claim.citations, verdict=claim.verdict) for claim in answer.claims
        ),
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
        evidence_ranks=tuple(
            sentence.number
            for sentence in answer.evidence.sentences
            if any(proves(sentence, range_) for range_ in item.proof)
        ),
        full=None if in_full is None else bool(in_full),
        tokens=answer.tokens,
        scores=scores,
        timings=asdict(answer.timings),
    )
