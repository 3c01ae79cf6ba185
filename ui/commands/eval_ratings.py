"""`istok eval ratings`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from istok.ui.commands.options import home_option

if TYPE_CHECKING:
    from istok.index.home import Home


@click.command("ratings")
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write the candidates to this new file; otherwise they are printed.",
)
@click.option("--owner", metavar="NAME", help="Only the answers of the person who logs in so; everybody's by default.")
@home_option
def command(out: Path | None, owner: str | None, home: Home) -> None:
    """Write the answers that were rated on the page as candidates for a gold file.

    Fill in "answers" and look over the ranges and the type of each; then: istok eval --gold FILE
    """
    from istok.eval.matching import normalise
    from istok.eval.questions import GoldError
    from istok.ui.conversations.candidates import candidates
    from istok.ui.conversations.store import ConversationStore

    made = []
    if home.conversations.exists():
        store = ConversationStore(home.conversations)
        made = [made for name in store.owners() if owner in (None, name) for made in candidates(store, name)]
        store.close()
    # A gold file asks everything once: the last rating counts.
    distinct = {}
    for candidate in made:
        item = candidate.item
        turns = (turn for exchange in item["history"] for turn in exchange)
        distinct[item["language"], *map(normalise, (item["question"], *turns))] = candidate
    lines = [json.dumps(candidate.item, ensure_ascii=False) for candidate in distinct.values()]
    if not lines:
        click.echo("no answer is rated yet: rate answers on the page (istok serve)", err=True)
    elif out is None:
        click.echo("\n".join(lines))
    else:
        try:
            with out.open("x", encoding="utf-8", newline="\n") as file:
                file.write("\n".join(lines) + "\n")
        except FileExistsError as error:
            raise GoldError(f"{out} exists, and may hold what somebody filled in: choose another --out") from error
        except OSError as error:
            raise GoldError(f"{out} can't be written ({error.strerror}): choose another --out") from error
        left = sum(not candidate.complete for candidate in distinct.values())
        click.echo(f'{out}: {len(lines)} candidates, "answers" to be filled in for {left} of them', err=True)
