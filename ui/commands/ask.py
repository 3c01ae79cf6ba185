"""`istok ask`: one question, or a file of them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, BinaryIO

import click

from istok.ui.commands.options import home_option, jsonl_option, one_of

if TYPE_CHECKING:
    from istok.index.home import Home
    from istok.rag.types import Answer


@click.command("ask")
@click.argument("question", required=False)
@click.option("--history", type=click.File("rb"), help="Earlier turns: a JSON file of [[question, answer], ...].")
@click.option(
    "--reader", help="Read with this: quote, llama.cpp:FILE.gguf, openai:MODEL@URL; by default as the settings say."
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@jsonl_option('{"id", "question", "history"}')
@home_option
def command(
    question: str | None,
    history: BinaryIO | None,
    reader: str | None,
    as_json: bool,
    jsonl: Iterable[str] | None,
    home: Home,
) -> None:
    """Ask a question; every sentence of the answer cites its place."""
    from istok.rag.assistant import Assistant
    from istok.ui.contract import QuestionLine, answer_json, dump, each_line, read_history

    one_of(question, jsonl, "a question")
    turns = read_history(history.read()) if history else []
    assistant = Assistant.open(home, reader=reader)
    if jsonl is not None:

        def answered(line: QuestionLine) -> dict[str, Any]:
            return answer_json(assistant.ask(line.question, [*turns, *line.turns]), line.id)

        for result in each_line(jsonl, QuestionLine, answered):
            click.echo(result)
        return
    answer = assistant.ask(question or "", turns)
    click.echo(dump(answer_json(answer)) if as_json else printed(answer))


def printed(answer: Answer) -> str:
    """An answer for a terminal: the text, then its sources."""
    lines = [answer.text, ""]
    for citation in answer.citations:
        date = f", {citation.date}" if citation.date else ""
        lines.append(click.style(f"[{citation.number}] {citation.title}{date}", dim=True))
        lines.append(click.style(f"    istok cite {citation.id}", dim=True))
    if answer.standalone_question != answer.question:
        lines.append(click.style(f"({answer.standalone_question})", dim=True))
    lines += [click.style(note, dim=True) for note in answer.notes]
    lines.append(click.style(f"{answer.reader}, {answer.timings.total:.2f} s", dim=True))
    return "\n".join(lines)
