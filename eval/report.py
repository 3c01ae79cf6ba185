"""Report: one self-contained HTML page of a run."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from istok.eval import plots
from istok.eval.confidence import reliability, risk_coverage
from istok.eval.gates import Verdict
from istok.eval.metrics import MEASURES, NOTHING, Estimate
from istok.eval.results import OVERALL, PERCENTILES, RETRIEVAL, ClaimResult, ItemResult, Results

TEMPLATE = "report.html"
SPLITS = ("test", "dev")
DIRECTIONS = ("ru→ru", "en→ru", "ru→en", "en→en")
SECTIONS: dict[str, tuple[str, ...]] = {
    "Answers": ("success", "answer_accuracy", "exact_match", "token_f1", "chrf", "followup_gap", "language"),
    "Citations": ("citation_precision", "citation_recall", "citation_exactness", "claim_support"),
    "Abstention": ("answered", "abstention_precision", "abstention_recall", "abstention_f1"),
    "Confidence": ("ece", "aurc"),
    "Passages found": tuple(MEASURES),
    "Sentences found": tuple(name for name in RETRIEVAL if name not in MEASURES),
    "Seconds": tuple(PERCENTILES),
}
"""The metrics by what they judge."""
SILENCE = ("abstention_precision", "abstention_recall", "abstention_f1")
HEADLINE = ("success", "answer_accuracy", "citation_precision", "citation_recall", "abstention_f1", "total_p95")
BY_TYPE = ("success", "citation_precision", "citation_recall", "recall@5", "sentence_recall@5")
OF_ITEM = ("exact_match", "token_f1", "chrf", "citation_precision", "citation_recall", "claim_support")
CITATION_MARK = re.compile(r"\[(\d+)\]")


@dataclass(frozen=True, slots=True)
class Table:
    """The figures of one split: names and groups of its columns, and by section the metrics with any value."""

    name: str
    columns: tuple[str, ...]
    sections: dict[str, dict[str, tuple[Estimate, ...]]]


def write_report(results: Results, path: Path, verdicts: Sequence[Verdict] = ()) -> None:
    """Write `results` as a page that needs no other file and no network."""
    path.write_text(render(results, verdicts), "utf-8")


def render(results: Results, verdicts: Sequence[Verdict] = ()) -> str:
    """The page; every text of a document, question or answer is escaped."""
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"value": value, "interval": interval, "words": words, "marked": marked}
    splits = _splits(results)
    first = splits[0]
    types = _distinct(result.item.type for result in results.items)
    return environment.get_template(TEMPLATE).render(
        results=results,
        verdicts=verdicts,
        tables=[_table(results, split) for split in splits],
        headline={name: _estimate(results, _group(OVERALL, first), name) for name in HEADLINE},
        by_type={
            type_: [_estimate(results, _group(type_, first), name) for name in BY_TYPE]
            for type_ in types
            if _group(type_, first) in results.summary
        },
        by_type_metrics=BY_TYPE,
        item_scores=OF_ITEM,
        plots={name: Markup(svg) for name, svg in _plots(results, types).items()},  # noqa: S704, drawn here
        facets={
            "fault": Counter(fault for result in results.items for fault in result.faults).most_common(),
            "language": _counted(result.item.language for result in results.items),
            "type": _counted(result.item.type for result in results.items),
            "split": _counted(result.item.split for result in results.items),
        },
        faulty=sum(bool(result.faults) for result in results.items),
        lines=lines,
        repeats=repeats,
    )


def _splits(results: Results) -> list[str]:
    """The splits in this run, the one to judge by first; all of them together when there are several."""
    found = [split for split in SPLITS if split in results.summary]
    return found if len(found) == 1 else [*found, OVERALL]


def _group(name: str, split: str) -> str:
    """The group of the summary that is `name` in a split."""
    if split == OVERALL:
        return name
    return split if name == OVERALL else f"{name}.{split}"


def _estimate(results: Results, group: str, metric: str) -> Estimate:
    if "→" in group and metric in SILENCE:
        return NOTHING  # only answerable questions have a direction
    for summary in (results.summary, results.calibration):
        if metric in summary.get(group, {}):
            return summary[group][metric]
    return NOTHING


def _table(results: Results, split: str) -> Table:
    wanted = (OVERALL, *_distinct(result.item.language for result in results.items), *_directions(results))
    columns = tuple(name for name in wanted if _group(name, split) in results.summary)
    sections = {}
    for section, metrics in SECTIONS.items():
        rows = {name: tuple(_estimate(results, _group(column, split), name) for column in columns) for name in metrics}
        sections[section] = {name: row for name, row in rows.items() if any(estimate.n for estimate in row)}
    return Table(split, columns, {section: rows for section, rows in sections.items() if rows})


def _directions(results: Results) -> list[str]:
    found = _distinct(result.direction for result in results.items if result.direction)
    return sorted(found, key=lambda name: DIRECTIONS.index(name) if name in DIRECTIONS else len(DIRECTIONS))


def _plots(results: Results, types: Sequence[str]) -> dict[str, str]:
    """The plots that this run has anything to draw for."""
    splits = _splits(results)
    languages = _distinct(result.item.language for result in results.items)
    bars = {
        type_: {
            language: _estimate(results, _group(f"{language}.{type_}", splits[0]), "success") for language in languages
        }
        for type_ in types
        if _group(type_, splits[0]) in results.summary
    }
    drawn = {"types": plots.success_by_type(bars)}
    answered = {
        split: [r for r in results.items if r.status == "answered" and split in (OVERALL, r.item.split)]
        for split in splits
    }
    pairs = {
        split: ([r.confidence for r in chosen], [bool(r.scores["success"]) for r in chosen])
        for split, chosen in answered.items()
        if chosen and (split != OVERALL or len(splits) == 1)
    }
    if pairs:
        drawn["risk"] = plots.risk_coverage(
            {
                f"{split}, AURC {value(_estimate(results, split, 'aurc'))}": risk_coverage(*pair)
                for split, pair in pairs.items()
            }
        )
        drawn["reliability"] = plots.reliability(
            {
                f"{split}, ECE {value(_estimate(results, split, 'ece'))}": reliability(*pair)
                for split, pair in pairs.items()
            }
        )
    return drawn | {"latency": plots.latency(results.items)}


def _distinct(values: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(values))


def _counted(values: Iterable[str]) -> list[tuple[str, int]]:
    """Each value with how often it occurs, in the order of their first."""
    return list(Counter(values).items())


def value(estimate: Estimate) -> str:
    """An estimate's value; a dash where there is none."""
    return "–" if estimate.value is None else f"{estimate.value:.3f}"


def interval(estimate: Estimate) -> str:
    """An estimate's 95% interval; nothing where there is none."""
    if estimate.low is None or estimate.high is None:
        return ""
    return f"{estimate.low:.3f}–{estimate.high:.3f}"


def words(name: str) -> str:
    """A name of the results as people read it."""
    return name.replace("_", " ")


def marked(text: str, result: ItemResult) -> Markup:
    """`text` with each of its citation marks as right or wrong; those of an abstention are neither."""
    right = {} if result.status == "abstained" else {citation.number: citation.right for citation in result.citations}

    def mark(found: re.Match[str]) -> str:
        number = int(found[1])
        if number not in right:
            return found[0]
        return f'<b class="{"right" if right[number] else "wrong"}">{found[0]} {"✓" if right[number] else "✗"}</b>'

    return Markup(CITATION_MARK.sub(mark, str(escape(text))))  # noqa: S704, escaped before


def lines(result: ItemResult) -> list[tuple[str, ClaimResult | None]]:
    """The lines of the answer, each with the claim that it says, if it says one."""
    waiting = list(result.claims)
    found: list[tuple[str, ClaimResult | None]] = []
    for line in result.text.split("\n"):
        says = waiting and " ".join(waiting[0].text.split()) in " ".join(line.split())
        found.append((line, waiting.pop(0) if says else None))
    return [*found, *((claim.text, claim) for claim in waiting)]


def repeats(text: str, quote: str) -> bool:
    """Whether `text` holds the whole `quote`, so that it needn't be shown again."""
    return " ".join(quote.split()) in " ".join(text.split())
