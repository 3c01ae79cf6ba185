"""`istok doctor`: what is installed, found, stale or broken, and the command that mends it."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING

import click

from istok.ui.commands.options import home_option

if TYPE_CHECKING:
    from istok.index.home import Home

_PARTS = ("istok", "faiss-cpu", "onnxruntime", "gradio", "llama-cpp-python", "sentence-transformers")
_EXTRAS = {"llama-cpp-python": "llama", "sentence-transformers": "sentence-transformers"}


@click.command("doctor")
@home_option
def command(home: Home) -> None:
    """Say what is installed, found, stale or broken, and the command that mends it; exit 1 if something is."""
    from istok.index.build import is_gone
    from istok.index.embed import open_embedder
    from istok.index.errors import IstokError
    from istok.index.index import Index
    from istok.rag.readers import open_reader
    from istok.rag.rerankers import open_reranker

    for part in _PARTS:
        try:
            click.echo(f"{part:<22} {version(part)}")
        except PackageNotFoundError:
            wanted = f"'istok[{_EXTRAS[part]}]'" if part in _EXTRAS else "istok"
            click.echo(f"{part:<22} not installed{' (optional)' if part in _EXTRAS else ''}: pip install {wanted}")
    click.echo(f"{'home':<22} {home.root}")
    faults: list[str] = []
    fingerprint = ""
    try:
        with Index.open(home) as index:
            documents, passages, vectors = index.counts()
            click.echo(f"{'index':<22} {documents} documents, {passages} passages, {vectors} vectors")
            faults += index.check()
            if not documents:
                faults.append("nothing is indexed: run: istok index [PATH ...]")
            gone = [document.id for document in index.documents() if is_gone(Path(document.path))]
            if gone:
                faults.append(f"the files of {len(gone)} documents are gone ({gone[0]} …): run: istok index --prune")
            fingerprint = index.fingerprint
    except IstokError as error:
        faults.append(f"index: {error}")
    try:
        encoder = open_embedder(home.config.embedder)
        click.echo(f"{'encoder':<22} {home.config.embedder} ({', '.join(sorted(encoder.languages))})")
        if fingerprint and encoder.fingerprint != fingerprint:
            faults.append("the encoder's weights have changed since the index was made: run: istok index")
    except IstokError as error:
        faults.append(f"encoder: {error}")
    try:
        click.echo(f"{'reader':<22} {open_reader(home.config.reader).name}")
    except IstokError as error:
        faults.append(f"reader: {error}")
    try:
        if reranker := open_reranker(home.config.reranker):
            click.echo(f"{'reranker':<22} {home.config.reranker} ({reranker.fingerprint})")
    except IstokError as error:
        faults.append(f"reranker: {error}")
    for fault in faults:
        click.secho(f"✗ {fault}", fg="red")
    if faults:
        raise click.exceptions.Exit(1)
    click.secho("✓ everything is in order", fg="green")
