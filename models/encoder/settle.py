"""Step 5. Rows that the pairs seldom show follow the trained ones: predicted anew from navec → settled.pt."""

from __future__ import annotations

from pathlib import Path

import click
import numpy as np
import torch
from navec import Navec  # type: ignore[import-not-found]
from tokenizers import Tokenizer
from transformers import AutoConfig

from models.encoder.distil import save
from models.encoder.initialise import piece_vectors, smoothed
from models.encoder.settings import read_settings
from models.encoder.texts import Pairs

TABLE = "embeddings.word_embeddings.weight"


@click.command()
@click.option("--teacher", type=click.Path(exists=True, path_type=Path), required=True, help="The teacher's folder.")
@click.option("--navec", "navec_file", type=click.Path(exists=True, path_type=Path), required=True, help="navec .tar.")
@click.option("--work", type=click.Path(exists=True, path_type=Path), required=True, help="Intermediate files.")
def main(teacher: Path, navec_file: Path, work: Path) -> None:
    """Smooth the embedding matrix of checkpoint.pt."""
    first = AutoConfig.from_pretrained(teacher).vocab_size
    saved = torch.load(work / "checkpoint.pt", map_location="cpu", weights_only=True)
    rows = saved["model"][TABLE].numpy()
    counts = np.bincount(Pairs.load(work / "pairs.npz").russian.ids, minlength=len(rows))
    vectors = piece_vectors(Tokenizer.from_file(str(work / "tokenizer.json")), Navec.load(navec_file), first)
    rows[first:] = smoothed(rows[first:], vectors, counts[first:], read_settings().initialise)
    saved["model"][TABLE] = torch.from_numpy(rows)
    save(work / "settled.pt", model=saved["model"], step=saved["step"])


if __name__ == "__main__":
    main()
