"""`istok cite`: a citation looked up in its original."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from istok.ui.commands.options import home_option

if TYPE_CHECKING:
    from istok.index.home import Home


@click.command("cite")
@click.argument("id_", metavar="ID")
@click.option("--around", default=300, show_default=True, type=click.IntRange(0), help="Characters on each side.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@home_option
def command(id_: str, around: int, as_json: bool, home: Home) -> None:
    """Show the quote that ID (document:start-end) names, inside its surrounding text."""
    from istok.index.index import Index
    from istok.ui.contract import cite_json, dump

    with Index.open(home) as index:
        facts = cite_json(index, id_, around)
    if as_json:
        click.echo(dump(facts))
        return
    date, basis, place, page = (facts[name] for name in ("date", "date_basis", "place", "page"))
    dated = f"{date} ({basis})" if date and basis else date
    click.secho(facts["title"], bold=True)
    click.secho(" · ".join(filter(None, (dated or "no date", place, f"page {page}" if page else None))), dim=True)
    click.secho(f"{facts['path']}\n", dim=True)
    quote = f"⟦{facts['quote']}⟧"
    # The brackets mark the quote where colours are not shown.
    click.echo(f"{facts['before']}{click.style(quote, bold=True, fg='yellow')}{facts['after']}")
