"""`istok eval new`."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from istok.ui.commands.options import FOLDER

if TYPE_CHECKING:
    from istok.eval.drafting import Candidate
    from istok.eval.questions import GoldItem

TYPES = (
    "fact",
    "list",
    "multi",
    "now",
    "paraphrase",
    "false_premise",
    "unanswerable_near",
    "unanswerable_far",
    "boilerplate",
)
"""Those that a question without a history may have."""


@click.command("new")
@click.argument("question")
@click.option(
    "--gold",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Append the item to this file, made if need be; otherwise it is printed.",
)
@click.option("--prove", metavar="1,3", help="Which candidates prove the answer, instead of asking; '' for none.")
@click.option("--answer", metavar="A;B+C", help="What is accepted: A or B, and C; '' for an unanswerable question.")
@click.option("--type", "type_", type=click.Choice(TYPES), help="The kind of question; by default told from the rest.")
@click.option("--split", default="dev", show_default=True, type=click.Choice(["dev", "test"]))
@click.option("--id", "id_", help="The item's id; by default the next of its language.")
@click.option(
    "--home", type=FOLDER, help="Where the index and the settings lie (default: ISTOK_HOME, else your data folder)."
)
def command(
    question: str,
    gold: Path | None,
    prove: str | None,
    answer: str | None,
    type_: str | None,
    split: str,
    id_: str | None,
    home: Path | None,
) -> None:
    """Write a gold question: choose the sentences that prove its answer among those that are found for it.

    With --prove, nothing is asked.
    """
    from istok.index.errors import MissingExtraError
    from istok.index.home import Home
    from istok.index.index import Index
    from istok.index.language import detect

    try:
        from istok.eval.drafting import draft, item, next_id
        from istok.eval.questions import load_gold
    except ModuleNotFoundError as error:
        raise MissingExtraError(str(error.name), "eval") from error

    with Index.open(Home.open(home)) as index:
        candidates = draft(index, question)
        texts = {document.id: document.text for document in index.documents()}
    known = load_gold(gold) if gold and gold.exists() and gold.stat().st_size else []
    if prove is None:
        _show(candidates)
        chosen: Sequence[Candidate] = click.prompt(
            "Which prove the answer? Numbers, or nothing when none does",
            default="",
            show_default=False,
            value_proc=lambda numbers: _pick(candidates, numbers),
            err=True,
        )
        if answer is None and chosen:
            answer = click.prompt("Accepted answers (; between alternatives, + before what must be said too)", err=True)
        if type_ is None:
            proposed = item(question, chosen, _answers(answer), id="?", split=split).type
            type_ = click.prompt("Type", type=click.Choice(TYPES), default=proposed, err=True)
    else:
        chosen = _pick(candidates, prove)
    made = item(question, chosen, _answers(answer), id=id_ or next_id(known, detect(question)), type=type_, split=split)
    _note(made)
    line = json.dumps(made.model_dump(mode="json"), ensure_ascii=False)
    if gold is None:
        click.echo(line)
    else:
        _append(gold, line, texts)
        click.echo(f"{made.id} is in {gold}, which has {len(known) + 1} questions", err=True)


def _show(candidates: Sequence[Candidate]) -> None:
    for number, candidate in enumerate(candidates, 1):
        place = f"{candidate.title} ({candidate.document}:{candidate.start}-{candidate.end})"
        click.echo(f"{number}. {click.style(place, dim=True)}", err=True)
        before, after = (click.style(text, dim=True) for text in (candidate.before, candidate.after))
        click.echo(f"   {before} {click.style(candidate.quote, bold=True)} {after}", err=True)


def _pick(candidates: Sequence[Candidate], numbers: str) -> Sequence[Candidate]:
    chosen = []
    for number in re.split(r"[\s,]+", numbers.strip()) if numbers.strip() else ():
        if not number.isdecimal() or not 1 <= int(number) <= len(candidates):
            raise click.UsageError(f"{number!r} is no candidate: give numbers from 1 to {len(candidates)}")
        chosen.append(candidates[int(number) - 1])
    return chosen


def _answers(text: str | None) -> list[list[str]]:
    """Groups between "+", alternatives between ";"; what is empty is left out."""
    groups = [[part.strip() for part in group.split(";") if part.strip()] for group in (text or "").split("+")]
    return [group for group in groups if group]


def _note(item: GoldItem) -> None:
    """Say when the chosen sentences lack what is accepted: they may prove it in other words, or be the wrong ones."""
    from istok.eval.matching import says_all

    if item.answers and not says_all(" ".join(range_.quote for range_ in item.gold), item.answers):
        click.echo("note: the chosen sentences don't say an accepted answer word for word", err=True)


def _append(path: Path, line: str, texts: dict[str, str]) -> None:
    """Add a line to a gold file, which stays as it was when it would be faulty with it."""
    from istok.eval.questions import GoldError, load_gold

    try:
        with path.open("a+b") as file:
            size = file.tell()
            file.seek(max(0, size - 1))
            file.write(b"\n" * (file.read() not in (b"", b"\n")) + line.encode() + b"\n")
    except OSError as error:
        raise GoldError(f"{path} can't be written ({error.strerror}): choose another --gold") from error
    try:
        load_gold(path, texts)
    except GoldError:
        with path.open("r+b") as file:
            file.truncate(size)
        raise
