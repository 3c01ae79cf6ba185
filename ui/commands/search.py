"""`istok search`: the passages nearest to a query."""

from __future__ import annotations

import time
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import click

from istok.ui.commands.options import home_option, jsonl_option, one_of

if TYPE_CHECKING:
    from istok.index.home import Home
    from istok.index.index import Index
    from istok.ui.contract import Id


@click.command("search")
@click.argument("query", required=False)
@click.option("-k", default=10, show_default=True, type=click.IntRange(1, 1000), help="How many passages.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@jsonl_option('{"id", "query"}')
@home_option
def command(query: str | None, k: int, as_json: bool, jsonl: Iterable[str] | None, home: Home) -> None:
    """Find the passages nearest to a query."""
    from istok.index.index import Index
    from istok.ui.contract import QueryLine, dump, each_line

    one_of(query, jsonl, "a query")
    with Index.open(home) as index:
        if jsonl is not None:
            for result in each_line(jsonl, QueryLine, lambda line: _find(index, line.query, k, line.id)):
                click.echo(result)
            return
        found = _find(index, query or "", k)
    if as_json:
        click.echo(dump(found))
        return
    for hit in found["hits"]:
        click.secho(f"{hit['rank']:>3}  {hit['score']:.3f}  {hit['id']}", bold=True)
        click.echo(f"     {' '.join(hit['text'].split())}\n")
    if not found["hits"]:
        click.echo("nothing found: try other words")


def _find(index: Index, query: str, k: int, id_: Id = None) -> dict[str, Any]:
    from istok.rag.errors import InputError
    from istok.ui.contract import search_json

    if not query.strip():
        raise InputError("the query is empty: give a few words")
    began = time.perf_counter()
    hits = index.search(query, k)
    return search_json(query, hits, time.perf_counter() - began, id_)
