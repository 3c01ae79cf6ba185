"""Step 7. A checkpoint → a folder that `SentenceTransformer(folder)` opens, weights in half precision."""

from __future__ import annotations

import json
from pathlib import Path
from typing import cast

import click
import torch
from sentence_transformers import SentenceTransformer
from tokenizers import Tokenizer
from transformers import AutoTokenizer, PreTrainedModel, PreTrainedTokenizerFast


@click.command()
@click.option("--teacher", type=click.Path(exists=True, path_type=Path), required=True, help="The teacher's folder.")
@click.option("--work", type=click.Path(exists=True, path_type=Path), required=True, help="Intermediate files.")
@click.option(
    "--checkpoint", multiple=True, default=["settled.pt"], show_default=True, help="Names in the work folder."
)
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), required=True, help="Folder to write.")
def main(teacher: Path, work: Path, checkpoint: tuple[str, ...], out: Path) -> None:
    """Write the model, the mean of several checkpoints; README.md and NOTICE of the folder are left alone."""
    # Halfway between before and after keeps more of both (Wortsman et al. 2022).
    states = [torch.load(work / name, map_location="cpu", weights_only=True)["model"] for name in checkpoint]
    weights = {name: torch.stack([state[name].float() for state in states]).mean(0) for name in states[0]}
    sentence = SentenceTransformer(str(teacher), device="cpu", local_files_only=True)
    network = cast("PreTrainedModel", sentence[0].auto_model)
    network.resize_token_embeddings(len(weights["embeddings.word_embeddings.weight"]), mean_resizing=False)
    # The pooler stays the teacher's: nothing uses it, but a loader would fill its place with chance.
    missing, unexpected = network.load_state_dict(weights, strict=False)
    if unexpected or any(not name.startswith("pooler.") for name in missing):
        raise click.ClickException(
            f"{', '.join(checkpoint)} does not fit the teacher's network: {missing} {unexpected}"
        )
    sentence.max_seq_length = 256
    sentence.half()
    sentence.save_pretrained(str(out), create_model_card=False)
    tokens = PreTrainedTokenizerFast(  # type: ignore[no-untyped-call]
        tokenizer_object=Tokenizer.from_file(str(work / "tokenizer.json")),
        model_max_length=256,
        model_input_names=["input_ids", "token_type_ids", "attention_mask"],
        **AutoTokenizer.from_pretrained(teacher).special_tokens_map,
    )
    tokens.save_pretrained(out)
    # Half precision saves disk only; what loads the folder computes in float32.
    config = json.loads((out / "config.json").read_text())
    (out / "config.json").write_text(json.dumps(config | {"dtype": "float32"}, indent=2) + "\n")
    (out / "model.safetensors").chmod(0o644)
    click.echo(f"{sum(f.stat().st_size for f in out.rglob('*') if f.is_file()) / 1e6:.1f} MB in {out}")


if __name__ == "__main__":
    main()
