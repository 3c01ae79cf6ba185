"""Step 4. The student learns to say of Russian what the teacher says of its English twin → checkpoint.pt.

After Reimers & Gurevych 2020 (arXiv:2004.09813), with in-batch contrast on top of the cosine. Resumable: start it again
with the same folder and it goes on from the last checkpoint.
"""

from __future__ import annotations

import math
import time
from collections import deque
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import click
import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn.functional import cross_entropy, normalize
from transformers import AutoModel, PreTrainedModel

from models.encoder.settings import Distil, read_settings
from models.encoder.texts import Pairs

CLS, SEP = 101, 102  # in the teacher's vocabulary, whose numbers are kept


Batch = tuple[list[NDArray[np.int32]], list[NDArray[np.int32]]]


def batches(pairs: Pairs, settings: Distil, generator: np.random.Generator) -> Iterator[Batch]:
    """Endless batches of like length: single sentences, and now and then neighbours joined into longer texts."""
    lengths = np.maximum(pairs.russian.lengths, pairs.english.lengths)
    # Short pairs first: a token of theirs costs the same and says more about single words.
    share = np.where((lengths >= 2) & (lengths <= 80), pairs.weights / np.maximum(lengths, 4), 0.0)
    share /= share.sum()
    while True:
        drawn = generator.choice(len(share), 20_000, replace=False, p=share)
        cut = int(len(drawn) * (1 - settings.long_share / 2))
        short = drawn[:cut][np.argsort(lengths[drawn[:cut]])]
        units = [[int(number)] for number in short]
        made = _grouped(units, lengths, settings.batch_tokens)
        joined = [_neighbours(int(start), lengths, settings.long_tokens, generator) for start in drawn[cut:]]
        joined = [unit for unit in joined if unit]
        joined.sort(key=lambda unit: int(lengths[unit].sum()))
        long = _grouped(joined, lengths, settings.batch_tokens)
        generator.shuffle(made)
        generator.shuffle(long)
        while made and long:
            group = (long if generator.random() < settings.long_share else made).pop()
            yield (
                [np.concatenate([pairs.russian.row(n) for n in unit]) for unit in group],
                [np.concatenate([pairs.english.row(n) for n in unit]) for unit in group],
            )


def _grouped(units: list[list[int]], lengths: NDArray[np.int64], tokens: int) -> list[list[list[int]]]:
    groups: list[list[list[int]]] = [[]]
    for unit in units:
        longest = int(lengths[unit].sum()) + 2
        if (len(groups[-1]) + 1) * longest > tokens:
            groups.append([])
        groups[-1].append(unit)
    return [group for group in groups if len(group) >= 8]


def _neighbours(
    start: int, lengths: NDArray[np.int64], within: tuple[int, int], generator: np.random.Generator
) -> list[int]:
    goal = generator.integers(*within)
    unit: list[int] = []
    total = 0
    for number in range(start, min(start + 12, len(lengths))):
        total += int(lengths[number])
        if total > within[1]:
            break
        unit.append(number)
        if total >= goal:
            break
    return unit if len(unit) > 1 else []


def embed(model: PreTrainedModel, rows: list[NDArray[np.int32]]) -> torch.Tensor:
    """Unit vectors of token rows, mean-pooled as the teacher does it."""
    rows = [row[:254] for row in rows]
    width = max(len(row) for row in rows) + 2
    ids = np.zeros((len(rows), width), np.int64)
    for number, row in enumerate(rows):
        ids[number, : len(row) + 2] = [CLS, *row, SEP]
    tensor = torch.from_numpy(ids).to(model.device)
    mask = (tensor != 0).long()
    states = model(input_ids=tensor, attention_mask=mask).last_hidden_state
    pooled = (states * mask[..., None]).sum(1) / mask.sum(1, keepdim=True)
    return normalize(pooled.float(), dim=1)


def student_of(teacher: Path, rows: NDArray[np.float32]) -> PreTrainedModel:
    """The teacher's network with the extended embedding matrix; no dropout, since the goal is exact."""
    model: PreTrainedModel = AutoModel.from_pretrained(teacher, add_pooling_layer=False)
    model.resize_token_embeddings(len(rows), mean_resizing=False)
    with torch.no_grad():
        table_of(model).copy_(torch.from_numpy(rows))
    model.eval()  # type: ignore[no-untyped-call]
    return model


def teacher_of(folder: Path, device: str) -> PreTrainedModel:
    """The teacher's network as it is."""
    model: torch.nn.Module = AutoModel.from_pretrained(folder, add_pooling_layer=False)
    model.eval()
    return cast("PreTrainedModel", model.to(device))


def table_of(model: PreTrainedModel) -> torch.Tensor:
    """The embedding matrix of the wordpieces."""
    return cast("torch.nn.Embedding", model.get_input_embeddings()).weight


def optimizer_of(model: PreTrainedModel, embedding_rate: float, network_rate: float) -> torch.optim.AdamW:
    """AdamW with the embeddings on a rate of their own; beta2 0.99 keeps rare rows from one giant stride."""
    table = table_of(model)
    others = [parameter for parameter in model.parameters() if parameter is not table]
    return torch.optim.AdamW(
        [
            {
                "params": [table],
                "lr": embedding_rate,
                "peak": embedding_rate,
                "betas": (0.9, 0.99),
                "weight_decay": 0.0,
            },
            {"params": others, "lr": network_rate, "peak": network_rate, "weight_decay": 0.01},
        ],
        fused=True,
    )


def descend(model: PreTrainedModel, optimizer: torch.optim.Optimizer, first: int) -> None:
    """One step, in which the teacher's own rows (those before `first`) go a tenth of the way: English is to stay."""
    table = table_of(model)
    before = table.detach()[:first].clone()
    torch.nn.utils.clip_grad_norm_(model.parameters(), 5.0)
    optimizer.step()
    with torch.no_grad():
        table[:first].lerp_(before, 0.9)


class Distillation:
    """One loss for the joint training and for the fine-tuning that mixes it in."""

    def __init__(self, teacher: PreTrainedModel, settings: Distil, stream: Iterator[Batch]) -> None:
        self._teacher, self._settings, self._stream = teacher, settings, stream
        self._bank: deque[torch.Tensor] = deque(maxlen=settings.bank)

    def loss(self, student: PreTrainedModel, *, english_too: bool) -> tuple[torch.Tensor, str]:
        """The loss of the next batch, and what it consists of in words."""
        settings = self._settings
        russian, english = next(self._stream)
        with torch.no_grad():
            goal = embed(self._teacher, english)
        guess = embed(student, russian)
        # The teacher doesn't change, so its earlier vectors stay exact negatives.
        others = torch.stack(list(self._bank)) if self._bank else goal[:0]
        scores = settings.scale * guess @ torch.cat([goal, others]).T
        # A text that the bank holds already is no negative of itself.
        same = goal @ torch.cat([goal, others]).T > 0.98
        same.fill_diagonal_(fill_value=False)
        labels = torch.arange(len(goal), device=goal.device)
        contrast = cross_entropy(scores.masked_fill(same, -1e4), labels)
        cosine = (guess * goal).sum(1).mean()
        self._bank.extend(goal)
        loss = contrast + settings.cosine_weight * (1 - cosine)
        text = f"n {len(goal)} contrast {contrast.item():.3f} cos {cosine.item():.4f}"
        if english_too:
            kept = (embed(student, english) * goal).sum(1).mean()
            loss = loss + settings.cosine_weight * (1 - kept)
            text += f" english {kept.item():.4f}"
        return loss, text


def save(path: Path, **state: object) -> None:
    """Written beside and renamed, so that a kill leaves the old or the new one whole."""
    torch.save(state, path.with_suffix(".tmp"))
    path.with_suffix(".tmp").replace(path)


@click.command()
@click.option("--teacher", type=click.Path(exists=True, path_type=Path), required=True, help="The teacher's folder.")
@click.option("--work", type=click.Path(exists=True, path_type=Path), required=True, help="Intermediate files.")
@click.option(
    "--minutes", type=float, required=True, help="Wall-clock time of this run; the rates fall to 0 by its end."
)
@click.option(
    "--rates", type=float, default=1.0, show_default=True, help="Share of the peak rates: a later run warms up to less."
)
@click.option("--device", default="cpu", show_default=True, help="cpu or cuda.")
@click.option("--threads", default=2, show_default=True, help="Threads on a CPU.")
def main(teacher: Path, work: Path, minutes: float, rates: float, device: str, threads: int) -> None:
    """Distil until the time is up, with a checkpoint every 50 steps."""
    settings = read_settings()
    torch.set_num_threads(threads)
    torch.manual_seed(settings.seed)
    model = student_of(teacher, np.load(work / "rows.npy"))
    model.to(torch.device(device))  # type: ignore[arg-type]
    optimizer = optimizer_of(model, settings.distil.embedding_rate, settings.distil.network_rate)
    path, step = work / "checkpoint.pt", 0
    if path.exists():
        saved = torch.load(path, map_location=device, weights_only=True)
        model.load_state_dict(saved["model"])
        optimizer.load_state_dict(saved["optimizer"])
        step = saved["step"]
    generator = np.random.default_rng(settings.seed + step)
    original = teacher_of(teacher, device)
    stream = batches(Pairs.load(work / "pairs.npz"), settings.distil, generator)
    distillation = Distillation(original, settings.distil, stream)
    begun = time.monotonic()
    first = step
    while (passed := (time.monotonic() - begun) / 60 / minutes) < 1:
        warm = min(1.0, (step - first + 1) / settings.distil.warmup)
        for group in optimizer.param_groups:
            group["lr"] = group["peak"] * rates * warm * (0.02 + 0.98 * (1 + math.cos(math.pi * passed)) / 2)
        if step == first or step % 10 == 0:
            frozen = first == 0 and passed < settings.distil.frozen_share
            for parameter in optimizer.param_groups[1]["params"]:
                parameter.requires_grad_(not frozen)
        loss, text = distillation.loss(model, english_too=step % settings.distil.english_every == 0)
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        descend(model, optimizer, original.config.vocab_size)
        step += 1
        if step % 5 == 0:
            click.echo(f"{time.strftime('%T')} step {step} {passed:.3f} {text}")
        if step % 50 == 0:
            save(path, model=model.state_dict(), optimizer=optimizer.state_dict(), step=step)
    save(path, model=model.state_dict(), optimizer=optimizer.state_dict(), step=step)


if __name__ == "__main__":
    main()
