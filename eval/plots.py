"""Plots: inline SVG that takes the page's colour of ink, so that it reads in the light, in the dark and in print."""

from __future__ import annotations

from collections.abc import Sequence
from io import StringIO

import matplotlib as mpl
import numpy as np
from matplotlib.figure import Figure

from istok.eval.metrics import STAGES
from istok.eval.results import ItemResult, Summary

INK = "#010203"
"""Stands for the page's own ink, `currentColor`, which matplotlib doesn't know."""
COLOURS = ("#3b7dd8", "#d9822b", "#4f9d69", "#8d6cab")


def success_by_type(summary: Summary, types: Sequence[str], languages: Sequence[str]) -> str:
    """Bars of `success` with 95% intervals, a group a type and a bar a language, as an SVG element."""
    figure = Figure(figsize=(8, 3.2))
    axes = figure.subplots()
    height = 0.8 / len(languages)
    for row, (language, colour) in enumerate(zip(languages, COLOURS, strict=False)):
        for place, type_ in enumerate(types):
            estimate = summary.get(f"{language}.{type_}", {}).get("success")
            if estimate is None or estimate.value is None:
                continue
            y = place + (row - (len(languages) - 1) / 2) * height
            axes.barh(y, estimate.value, height * 0.9, color=colour, label=language)
            if estimate.low is not None and estimate.high is not None:
                axes.plot([estimate.low, estimate.high], [y, y], color=INK, linewidth=1)
    axes.set_yticks(range(len(types)), [type_.replace("_", " ") for type_ in types])
    axes.invert_yaxis()
    axes.set_xlim(0, 1)
    handles = {label: handle for handle, label in zip(*axes.get_legend_handles_labels(), strict=True)}
    figure.legend(list(handles.values()), list(handles), loc="outside upper right", ncols=len(handles), frameon=False)
    return _svg(figure, "types")


def latency(items: Sequence[ItemResult]) -> str:
    """The cumulative distribution of each stage's seconds, as an SVG element."""
    figure = Figure(figsize=(8, 2.8))
    axes = figure.subplots()
    shares = np.arange(1, len(items) + 1) / max(1, len(items))
    for stage, colour in zip(STAGES, COLOURS, strict=True):
        seconds = np.sort([max(result.timings[stage], 1e-4) for result in items])
        style = "--" if stage == "total" else "-"  # it often lies upon the slowest stage
        axes.step(seconds, shares, style, where="post", color=colour, label=stage)
    axes.set_xscale("log")
    axes.set_xlabel("seconds")
    axes.set_ylim(0, 1.02)
    figure.legend(loc="outside upper right", ncols=len(STAGES), frameon=False)
    return _svg(figure, "latency")


def _svg(figure: Figure, name: str) -> str:
    for axes in figure.axes:
        axes.spines[["top", "right"]].set_visible(False)
        for spine in axes.spines.values():
            spine.set_color(INK)
        axes.tick_params(colors=INK, which="both")
        axes.xaxis.label.set_color(INK)
    for legend in figure.legends:
        for text in legend.get_texts():
            text.set_color(INK)
    figure.set_layout_engine("constrained")
    drawing = StringIO()
    # Text as text, and ids that depend on the plot alone: two drawings share one page.
    with mpl.rc_context({"svg.fonttype": "none", "svg.hashsalt": name, "font.family": "sans-serif"}):
        figure.savefig(drawing, format="svg", transparent=True, metadata={"Date": None, "Creator": None})
    svg = drawing.getvalue()
    return svg[svg.index("<svg") :].replace(INK, "currentColor")
