"""Step 3. What was trained → the folder that ships: weights in half precision, two networks that onnxruntime runs."""

from __future__ import annotations

import json
import shutil
import tempfile
from pathlib import Path

import click
import onnx
import torch
from onnx import helper
from onnxruntime.transformers.fusion_options import FusionOptions
from onnxruntime.transformers.optimizer import optimize_model
from safetensors.torch import save_file
from torch import Tensor, nn

from models.encoder.convert import WEIGHTS, refer
from models.reranker.network import APART, Upper, network


class Apart(nn.Module):
    """The lower layers."""

    def __init__(self, start: Path) -> None:
        super().__init__()
        self.network = network(start, attention="eager")
        self.network.encoder.layer = self.network.encoder.layer[:APART]

    def forward(self, input_ids: Tensor, attention_mask: Tensor) -> Tensor:
        """Token numbers and mask (n, length) → states (n, length, dimensions)."""
        return self.network(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state


class Together(nn.Module):
    """The upper layers, as far as they are needed when nothing is learned."""

    def __init__(self, upper: Upper) -> None:
        super().__init__()
        self.upper = upper

    def forward(self, states: Tensor, attention_mask: Tensor, parts: Tensor) -> Tensor:
        """As `Upper` → logits (n,)."""
        return self.upper(states, attention_mask, parts)[0]


@click.command()
@click.option("--work", type=click.Path(exists=True, path_type=Path), required=True, help="Where `train` wrote.")
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), required=True, help="Folder to write.")
def main(work: Path, out: Path) -> None:
    """Write the model; README.md and NOTICE of the folder are left alone."""
    out.mkdir(parents=True, exist_ok=True)
    upper = Upper(work / "start", attention="eager")
    upper.load_state_dict(torch.load(work / "upper.pt", map_location="cpu", weights_only=True))
    # Half precision saves disk only; the networks compute in float32 what was rounded to it.
    lower, together = Apart(work / "start").half().float().eval(), Together(upper).half().float().eval()
    weights = {f"apart.{name}": value for name, value in lower.network.state_dict().items()}
    weights |= {f"together.{name}": value for name, value in upper.state_dict().items() if not name.startswith("ends.")}
    save_file({name: value.half().contiguous() for name, value in weights.items()}, out / WEIGHTS)
    (out / WEIGHTS).chmod(0o644)
    shutil.copyfile(work / "tokenizer.json", out / "tokenizer.json")
    config = lower.network.config
    ids = torch.full((2, 9), 10)
    mask = torch.ones_like(ids)
    mask[1, 5:] = 0
    states = torch.randn(2, 9, config.hidden_size)
    for name, module, inputs, named in (
        ("lower", lower, (ids, mask), ["input_ids", "attention_mask", "states"]),
        ("upper", together, (states, mask, torch.ones_like(ids)), ["states", "attention_mask", "parts", "logits"]),
    ):
        graph = _fused(module, inputs, named, config.num_attention_heads, config.hidden_size)
        refer(graph, out / WEIGHTS)
        onnx.save(graph, out / f"{name}.onnx")
    size = sum(file.stat().st_size for file in out.iterdir())
    facts = {"layers_apart": APART, "layers_together": config.num_hidden_layers, "dimensions": config.hidden_size}
    (out / "config.json").write_text(json.dumps(facts, indent=1) + "\n", "utf-8")
    click.echo(f"{size / 1e6:.1f} MB in {out}")


def _fused(module: nn.Module, inputs: tuple[Tensor, ...], named: list[str], heads: int, width: int) -> onnx.ModelProto:
    """The module as a graph, each layer as Attention, SkipLayerNormalization and BiasGelu."""
    with tempfile.TemporaryDirectory() as scratch:
        file = Path(scratch) / "plain.onnx"
        axes = {name: {0: "batch"} if name == "logits" else {0: "batch", 1: "length"} for name in named}
        # The older exporter: what the newer one writes, the optimiser doesn't recognise as attention.
        torch.onnx.export(
            module, inputs, str(file), dynamo=False, opset_version=17,
            input_names=named[:-1], output_names=named[-1:], dynamic_axes=axes,
        )  # fmt: skip
        wishes = FusionOptions("bert")
        wishes.enable_embed_layer_norm = False  # it wants its rows in float32
        optimised = optimize_model(
            str(file), model_type="bert", num_heads=heads, hidden_size=width, optimization_options=wishes, opt_level=0
        )
    found = optimised.get_fused_operator_statistics()
    if found["Attention"] != APART:
        raise click.ClickException(f"{found['Attention']} of {APART} layers could be fused")
    graph = optimised.model
    if "com.microsoft" not in {opset.domain for opset in graph.opset_import}:
        graph.opset_import.append(helper.make_opsetid("com.microsoft", 1))
    return graph


if __name__ == "__main__":
    main()
