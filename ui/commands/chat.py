"""`istok chat`: a conversation in the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from istok.ui.commands.options import home_option

if TYPE_CHECKING:
    from istok.index.home import Home


@click.command("chat")
@click.option(
    "--reader", help="Read with this: quote, llama.cpp:FILE.gguf, openai:MODEL@URL; by default as the settings say."
)
@home_option
def command(reader: str | None, home: Home) -> None:
    """Talk in the terminal, with follow-ups; an empty line or Ctrl-D ends it."""
    from threading import Event

    from istok.index.errors import IstokError
    from istok.rag.assistant import Assistant
    from istok.rag.types import Answer, Turn
    from istok.ui.commands.ask import printed

    assistant = Assistant.open(home, reader=reader)
    click.secho(f"{assistant.index.counts()[0]} documents; reader: {assistant.reader.name}", dim=True)
    turns: list[Turn] = []
    while True:
        try:
            question = input("? ").strip()
        except (EOFError, KeyboardInterrupt):
            click.echo()
            return
        if not question:
            return
        stop = Event()
        streamed = False
        try:
            for event in assistant.stream(question, turns, stop=stop):
                if isinstance(event, str):
                    streamed = True
                    click.secho(event, dim=True, nl=False)
                elif isinstance(event, Answer):
                    click.echo(("\n\n" if streamed else "") + printed(event) + "\n")
                    turns.append(Turn(event.question, event.text))
        except KeyboardInterrupt:
            stop.set()
            click.echo()
        except IstokError as error:
            click.echo(f"istok: {error}", err=True)
