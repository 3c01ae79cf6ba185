"""`istok cite`: a citation looked up in its original."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import click

from istok.ui.commands.options import home_option

if TYPE_CHECKING:
    from istok.index.home import Home

_ID = re.compile(r"(?P<document>.+):(?P<start>\d{1,12})-(?P<end>\d{1,12})")


@click.command("cite")
@click.argument("id_", metavar="ID")
@click.option("--around", default=300, show_default=True, type=click.IntRange(0), help="Characters on each side.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@home_option
def command(id_: str, around: int, as_json: bool, home: Home) -> None:
    """Show the quote that ID (document:start-end) names, inside its surrounding text."""
    from istok.index.index import Index
    from istok.rag.errors import InputError
    from istok.ui.contract import dump

    parts = _ID.fullmatch(id_)
    if not parts:
        raise InputError(f"{id_!r} is no citation: give document:start-end, as istok ask prints it")
    start, end = int(parts["start"]), int(parts["end"])
    with Index.open(home) as index:
        document = index.document(parts["document"])
    if not start < end <= len(document.text):
        raise InputError(f"{document.id} has {len(document.text)} characters, not {start}-{end}: check the ID")
    before, after = document.text[max(0, start - around) : start], document.text[end : end + around]
    quote = document.text[start:end]
    if as_json:
        facts = {
            "id": id_, "document": document.id, "title": document.title, "date": document.date,
            "date_basis": document.date_basis, "place": document.place, "path": document.path,
            "page": document.page(start), "start": start, "end": end, "before": before, "quote": quote, "after": after,
        }  # fmt: skip
        click.echo(dump(facts))
        return
    page = document.page(start)
    dated = document.date and f"{document.date} ({document.date_basis})" if document.date_basis else document.date
    click.secho(document.title, bold=True)
    click.secho(
        " · ".join(filter(None, (dated or "no date", document.place, f"page {page}" if page else None))), dim=True
    )
    click.secho(document.path + "\n", dim=True)
    # The brackets mark the quote where colours are not shown.
    click.echo(f"{before}{click.style(f'⟦{quote}⟧', bold=True, fg='yellow')}{after}")
