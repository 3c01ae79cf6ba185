"""Plots: inline SVG that takes the page's colour of ink, so that it reads in the light, in the dark and in print."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from io import StringIO

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from istok.eval.confidence import Bin, Curve
from istok.eval.metrics import STAGES, Estimate
from istok.eval.results import ItemResult

INK = "#010203"
"""Stands for the page's own ink, `currentColor`, which matplotlib doesn't know."""
COLOURS = ("#3b7dd8", "#d9822b", "#4f9d69", "#8d6cab")
DASHES = ("-", "--", "-.", ":")
WIDTH = 4.8
"""Inches: about the width of a phone, so that the text of a plot is nowhere made smaller."""


def success_by_type(estimates: Mapping[str, Mapping[str, Estimate]]) -> str:
    """Bars with 95% intervals of type to language to estimate, each with its value and its n."""
    languages = list(dict.fromkeys(language for row in estimates.values() for language in row))
    figure, axes = _plot(0.55 + 0.22 * len(estimates) * (len(languages) + 0.6))
    height = 1 / (len(languages) + 0.6)
    for place, row in enumerate(estimates.values()):
        for step, (language, colour) in enumerate(zip(languages, COLOURS, strict=False)):
            estimate = row.get(language)
            if estimate is None or estimate.value is None:
                continue
            y = place + (step - (len(languages) - 1) / 2) * height
            axes.barh(y, estimate.value, height * 0.85, color=colour)
            if estimate.low is not None and estimate.high is not None:
                axes.plot([estimate.low, estimate.high], [y, y], color=INK, linewidth=1)
            axes.text(1.02, y, f"{language}  {estimate.value:.2f}  n={estimate.n}", va="center", color=INK, fontsize=8)
    axes.set_yticks(range(len(estimates)), [type_.replace("_", "\n", 1) for type_ in estimates])
    axes.set_ylim(len(estimates) - 0.4, -0.6)
    axes.set_xlim(0, 1)
    return _svg(figure, "types", "bars of success by type and language")


def risk_coverage(curves: Mapping[str, Curve]) -> str:
    """The risk over the coverage, a line a label."""
    figure, axes = _plot(3.1)
    highest = 0.05
    for (label, curve), colour, dash in zip(curves.items(), COLOURS, DASHES, strict=False):
        axes.plot(curve.coverage, curve.risk, dash, color=colour, label=label, linewidth=1.8)
        highest = max(highest, *curve.risk)
    axes.set_xlim(0, 1)
    axes.set_ylim(0, min(1.0, 1.1 * highest))
    axes.set_xlabel("coverage: share that is answered")
    axes.set_ylabel("risk: share of it that is wrong")
    _legend(figure, len(curves))
    return _svg(figure, "risk", "risk over coverage")


def reliability(bins: Mapping[str, Sequence[Bin]]) -> str:
    """The share that is right over the confidence, each bin with its n; the diagonal is perfect calibration."""
    figure, axes = _plot(3.1)
    axes.plot([0, 1], [0, 1], ":", color=INK, linewidth=1)
    markers = "osD^"
    for place, (label, parts) in enumerate(bins.items()):
        sure, right = [part.confidence for part in parts], [part.accuracy for part in parts]
        axes.plot(sure, right, markers[place], linestyle=DASHES[place], color=COLOURS[place], label=label, markersize=5)
        for part in parts if len(bins) == 1 else ():
            axes.annotate(
                f"{part.n}", (part.confidence, part.accuracy), (0, -12), textcoords="offset points", ha="center",
                color=INK, fontsize=8,
            )  # fmt: skip
    axes.set_xlim(0, 1)
    axes.set_ylim(0, 1.04)
    axes.set_xlabel("confidence")
    axes.set_ylabel("share that is right")
    _legend(figure, len(bins))
    return _svg(figure, "reliability", "share that is right over confidence")


def latency(items: Sequence[ItemResult]) -> str:
    """The cumulative distribution of each stage's seconds."""
    figure, axes = _plot(3.1)
    shares = np.arange(1, len(items) + 1) / max(1, len(items))
    for stage, colour in zip(STAGES, COLOURS, strict=True):
        seconds = np.sort([max(result.timings[stage], 1e-5) for result in items])
        style = "--" if stage == "total" else "-"  # it often lies upon the slowest stage
        axes.step(seconds, shares, style, where="post", color=colour, label=stage, linewidth=1.8)
    axes.set_xscale("log")
    axes.xaxis.set_major_formatter(lambda x, _: np.format_float_positional(x, 1, fractional=False, trim="-"))
    axes.set_xlabel("seconds")
    axes.set_ylabel("share of questions done")
    axes.set_ylim(0, 1.02)
    _legend(figure, len(STAGES))
    return _svg(figure, "latency", "cumulative distribution of the seconds of each stage")


def _plot(height: float) -> tuple[Figure, Axes]:
    figure = Figure(figsize=(WIDTH, height), layout="constrained")
    return figure, figure.subplots()


def _legend(figure: Figure, columns: int) -> None:
    figure.legend(loc="outside upper left", ncols=min(2, columns) if columns != len(STAGES) else columns, frameon=False)


def _svg(figure: Figure, name: str, what: str) -> str:
    """The figure as an SVG element that says `what` it is to those who can't see it."""
    for axes in figure.axes:
        axes.spines[["top", "right"]].set_visible(False)
        for spine in axes.spines.values():
            spine.set_color(INK)
        axes.tick_params(colors=INK, which="both")
        axes.xaxis.label.set_color(INK)
        axes.yaxis.label.set_color(INK)
    for legend in figure.legends:
        for text in legend.get_texts():
            text.set_color(INK)
    drawing = StringIO()
    # Text as text, and ids that depend on the plot alone: the drawings share one page.
    with mpl.rc_context({"svg.fonttype": "none", "svg.hashsalt": name, "font.family": "sans-serif"}):
        figure.savefig(drawing, format="svg", transparent=True, metadata={"Date": None, "Creator": None})
    svg = drawing.getvalue()
    svg = svg[svg.index("<svg") :].replace(INK, "currentColor")
    return svg.replace("<svg", f'<svg role="img" aria-label="{escape(what)}"', 1)
