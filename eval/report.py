"""Report: one self-contained HTML page of a run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from istok.eval.gates import Verdict
from istok.eval.metrics import Estimate
from istok.eval.plots import latency, success_by_type
from istok.eval.results import METRICS, OVERALL, Results

TEMPLATE = "report.html"


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
    environment.filters |= {"value": value, "interval": interval}
    items = [result.item for result in results.items]
    languages, types, splits = (
        list(dict.fromkeys(values))
        for values in zip(*((item.language, item.type, item.split) for item in items), strict=True)
    )
    return environment.get_template(TEMPLATE).render(
        results=results,
        verdicts=verdicts,
        languages=[OVERALL, *languages],
        types=types,
        metrics=METRICS,
        plots={
            "types": Markup(success_by_type(results.summary, types, languages)),  # noqa: S704, drawn here
            "latency": Markup(latency(results.items)),  # noqa: S704, drawn here
        },
        faults=Counter(fault for result in results.items for fault in result.faults).most_common(),
        choices=[("language", languages), ("type", types), ("split", splits)],
    )


def value(estimate: Estimate) -> str:
    """An estimate's value; a dash where there is none."""
    return "–" if estimate.value is None else f"{estimate.value:.3f}"


def interval(estimate: Estimate) -> str:
    """An estimate's 95% interval; nothing where there is none."""
    if estimate.low is None or estimate.high is None:
        return ""
    return f"{estimate.low:.3f}–{estimate.high:.3f}"
