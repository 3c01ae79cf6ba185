"""Step 8. A sentence-transformers folder → its `model.onnx`, which istok.index.onnx runs without torch. Half a minute.

The network's weights stay where they are, in model.safetensors: model.onnx names places in it, and computes in float32
what is stored in half precision there. So nothing is lost, and nothing is stored twice.
"""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

import click
import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from onnx import helper, numpy_helper
from onnxruntime.transformers.fusion_options import FusionOptions
from onnxruntime.transformers.optimizer import optimize_model
from safetensors.numpy import load_file
from sentence_transformers import SentenceTransformer

WEIGHTS = "model.safetensors"
SMALL = 64  # numbers that a graph may hold itself
Array = NDArray[np.float32]


@click.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
def main(folder: Path) -> None:
    """Write FOLDER/model.onnx."""
    with tempfile.TemporaryDirectory() as scratch:
        network = fuse(folder, Path(scratch))
    refer(network, folder / WEIGHTS)
    onnx.save(network, folder / "model.onnx")
    click.echo(f"{(folder / 'model.onnx').stat().st_size / 1e3:.0f} kB in {folder / 'model.onnx'}")


def fuse(folder: Path, scratch: Path) -> onnx.ModelProto:
    """ids, mask → last_hidden_state, each layer as Attention, SkipLayerNormalization and BiasGelu."""
    transformer = SentenceTransformer(
        str(folder),
        device="cpu",
        local_files_only=True,
        model_kwargs={"dtype": "float32", "attn_implementation": "eager"},
    )[0].auto_model.eval()

    class States(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.transformer = transformer

        def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
            return self.transformer(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state

    ids = torch.full((2, 9), 10)
    mask = torch.ones_like(ids)
    mask[1, 5:] = 0
    names = ["input_ids", "attention_mask", "last_hidden_state"]
    # The older exporter: what the newer one writes, the optimiser doesn't recognise as attention.
    torch.onnx.export(
        States(),
        (ids, mask),
        str(scratch / "plain.onnx"),
        dynamo=False,
        opset_version=17,
        input_names=names[:2],
        output_names=names[2:],
        dynamic_axes={name: {0: "batch", 1: "length"} for name in names},
    )
    config = json.loads((folder / "config.json").read_text("utf-8"))
    wishes = FusionOptions("bert")
    wishes.enable_embed_layer_norm = False  # it wants its rows in float32
    optimised = optimize_model(
        str(scratch / "plain.onnx"),
        model_type="bert",
        num_heads=config["num_attention_heads"],
        hidden_size=config["hidden_size"],
        optimization_options=wishes,
        opt_level=0,
    )
    found = optimised.get_fused_operator_statistics()
    if found["Attention"] != config["num_hidden_layers"]:
        raise click.ClickException(f"{found['Attention']} of {config['num_hidden_layers']} layers could be fused")
    network = optimised.model
    if "com.microsoft" not in {opset.domain for opset in network.opset_import}:
        network.opset_import.append(helper.make_opsetid("com.microsoft", 1))
    return network


def refer(network: onnx.ModelProto, file: Path) -> None:
    """Put places in the file in place of the network's own weights: whole, turned, or three side by side."""
    graph, stored = network.graph, load_file(file)
    tensors = Tensors(graph, file)
    first: list[onnx.NodeProto] = []
    for weight in list(graph.initializer):
        value = numpy_helper.to_array(weight)
        if value.size <= SMALL or value.dtype != np.float32:
            continue
        graph.initializer.remove(weight)
        for node in [n for n in graph.node if n.op_type == "Gather" and n.input[0] == weight.name]:
            # Rows are turned into float32 after they are picked.
            node.input[0], out = tensors.add(_equal(stored, value)), node.output[0]
            node.output[0] = f"{out}_half"
            at = list(graph.node).index(node)
            graph.node.insert(at + 1, _cast(f"{out}_half", out))
        if not any(weight.name in node.input for node in graph.node):
            continue
        parts = _parts(stored, value)
        names = []
        for name, turned in parts:
            half = tensors.add(name)
            if turned:
                first.append(helper.make_node("Transpose", [half], [f"{half}_turned"], perm=[1, 0]))
            names.append(f"{half}_turned" if turned else half)
        joined = names[0]
        if len(names) > 1:
            joined = f"{weight.name}_joined"
            first.append(helper.make_node("Concat", names, [joined], axis=-1))
        first.append(_cast(joined, weight.name))
    for node in reversed(first):
        graph.node.insert(0, node)


class Tensors:
    """Initialisers of a graph that lie in a safetensors file, each added once."""

    def __init__(self, graph: onnx.GraphProto, file: Path) -> None:
        self._graph, self._location = graph, file.name
        with file.open("rb") as content:
            size = int.from_bytes(content.read(8), "little")
            self._header, self._begin = json.loads(content.read(size)), 8 + size

    def add(self, name: str) -> str:
        """The name of the tensor, which the graph knows from now on."""
        if any(known.name == name for known in self._graph.initializer):
            return name
        facts = self._header[name]
        start, end = facts["data_offsets"]
        tensor = onnx.TensorProto(
            name=name,
            dims=facts["shape"],
            data_type={"F16": onnx.TensorProto.FLOAT16, "F32": onnx.TensorProto.FLOAT}[facts["dtype"]],
            data_location=onnx.TensorProto.EXTERNAL,
        )
        for key, value in (("location", self._location), ("offset", self._begin + start), ("length", end - start)):
            tensor.external_data.add(key=key, value=str(value))
        self._graph.initializer.append(tensor)
        return name


def _parts(stored: dict[str, Array], value: Array) -> list[tuple[str, bool]]:
    """The stored tensors that make up a weight, and whether each is turned. Attention holds three side by side."""
    for count in (1, 3):
        pieces = np.split(value, count, axis=-1) if value.shape[-1] % count == 0 else []
        names = [_equal(stored, piece) for piece in pieces]
        if names and all(names):
            return [(name, False) for name in names]
        names = [_equal(stored, piece.T) for piece in pieces] if value.ndim == 2 else []
        if names and all(names):
            return [(name, True) for name in names]
    raise click.ClickException(f"a weight of shape {value.shape} is not in {WEIGHTS}")


def _equal(stored: dict[str, Array], value: Array) -> str:
    same = (name for name, other in stored.items() if other.shape == value.shape and np.array_equal(other, value))
    return next(same, "")


def _cast(source: str, target: str) -> onnx.NodeProto:
    return helper.make_node("Cast", [source], [target], to=onnx.TensorProto.FLOAT)


if __name__ == "__main__":
    main()
