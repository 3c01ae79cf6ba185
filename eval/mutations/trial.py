"""Mutations: how a verifier judges true claims that were made false, and true ones that were only reworded.

A truth gives at most one mutation of each kind, always the same one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from istok.eval.metrics import Estimate, ratio
from istok.eval.mutations.falsehoods import EXCHANGES, FALSEHOODS, draw, still_true
from istok.eval.mutations.rewordings import REWORDINGS
from istok.eval.mutations.truths import Truth
from istok.eval.questions import GoldError
from istok.rag.types import Claim, Evidence
from istok.rag.verify import TextOf

ALL = "all"
Verifier = Callable[[Claim, Evidence, TextOf], Claim]


@dataclass(frozen=True, slots=True)
class Mutation:
    """A claim made of a truth: false, or reworded and true still."""

    truth: Truth
    kind: str
    text: str
    false: bool


@dataclass(frozen=True, slots=True)
class Judged:
    """A mutation and the verifier's claim about it."""

    mutation: Mutation
    claim: Claim

    @property
    def rejected(self) -> bool:
        """Whether the claim would not be shown."""
        return self.claim.verdict == "unsupported"

    @property
    def flagged(self) -> bool:
        """Whether the claim is not shown as a fact."""
        return self.claim.verdict != "supported"

    @property
    def missed(self) -> bool:
        """Whether the verdict is the wrong one."""
        return self.rejected != self.mutation.false


class Share(BaseModel):
    """What share of the mutations of a kind in a direction is rejected, and is flagged. "all" are all directions or all
    kinds, "figures: all" all kinds of figures."""

    model_config = ConfigDict(frozen=True)

    false: bool
    kind: str
    direction: str
    rejected: Estimate
    flagged: Estimate


class Verdict(BaseModel):
    """Of the false claims of a direction the share that is rejected (`recall`), and of the rejected claims the share
    that is false (`precision`)."""

    model_config = ConfigDict(frozen=True)

    direction: str
    precision: Estimate
    recall: Estimate


class MutationTable(BaseModel):
    """A verifier's record."""

    model_config = ConfigDict(frozen=True)

    shares: tuple[Share, ...]
    verdicts: tuple[Verdict, ...]

    def write(self, path: Path) -> None:
        """As JSON."""
        try:
            path.write_text(self.model_dump_json(indent=1) + "\n", "utf-8")
        except OSError as error:
            raise GoldError(f"{path} can't be written ({error.strerror}): choose another --json") from error


def mutate(truths: Iterable[Truth]) -> list[Mutation]:
    """Every mutation of every truth."""
    made: dict[tuple[str, str, str, bool], Mutation] = {}
    for truth in truths:
        for false, kinds in ((True, FALSEHOODS), (False, REWORDINGS)):
            for kind, change in kinds.items():
                texts = list(dict.fromkeys(change(truth)))
                if false and kind not in EXCHANGES:
                    texts = [text for text in texts if text != truth.text and not still_true(truth, text)]
                text = draw(texts, f"{truth.id} {truth.text} {kind}")
                if text is not None:
                    made.setdefault((kind, text, truth.quotes, false), Mutation(truth, kind, text, false))
    return list(made.values())


def judge(mutations: Iterable[Mutation], verify: Verifier) -> list[Judged]:
    """What `verify` says of each mutation, which cites the whole proof of its truth."""
    return [
        Judged(mutation, verify(Claim(mutation.text, numbers), mutation.truth.evidence, mutation.truth.documents.get))
        for mutation in mutations
        for numbers in [tuple(sentence.number for sentence in mutation.truth.evidence.sentences)]
    ]


def tabulate(judged: Sequence[Judged]) -> MutationTable:
    """The shares by kind and direction, then of all kinds, and the verdict as a whole."""
    shares, verdicts = [], []
    directions = (*sorted({one.mutation.truth.direction for one in judged}, reverse=True), ALL)
    for direction in directions:
        there = [one for one in judged if direction in (ALL, one.mutation.truth.direction)]
        for false, kinds in ((True, FALSEHOODS), (False, REWORDINGS)):
            alike = [one for one in there if one.mutation.false == false]
            groups = Counter(kind.partition(":")[0] for kind in kinds)
            for kind in (*kinds, *(f"{group}: {ALL}" for group, size in groups.items() if size > 1), ALL):
                those = [one for one in alike if _is_of(one.mutation.kind, kind)]
                if those:
                    rejected = _share(those, lambda one: one.rejected)
                    flagged = _share(those, lambda one: one.flagged)
                    shares.append(
                        Share(false=false, kind=kind, direction=direction, rejected=rejected, flagged=flagged)
                    )
        precision = _share([one for one in there if one.rejected], lambda one: one.mutation.false)
        recall = _share([one for one in there if one.mutation.false], lambda one: one.rejected)
        verdicts.append(Verdict(direction=direction, precision=precision, recall=recall))
    return MutationTable(shares=tuple(shares), verdicts=tuple(verdicts))


def _is_of(kind: str, of: str) -> bool:
    """Whether a kind is `of` itself, or belongs to the group "group: all", or to all."""
    return of in (kind, ALL, f"{kind.partition(':')[0]}: {ALL}")


def _share(judged: Sequence[Judged], hit: Callable[[Judged], bool]) -> Estimate:
    """The share of those that `hit`. Drawn anew are questions, whose mutations are much alike."""
    hits: dict[str, int] = {}
    counts: dict[str, int] = {}
    for one in judged:
        id_ = one.mutation.truth.id
        hits[id_] = hits.get(id_, 0) + hit(one)
        counts[id_] = counts.get(id_, 0) + 1
    return ratio(list(hits.values()), list(counts.values())).model_copy(update={"n": len(judged)})
