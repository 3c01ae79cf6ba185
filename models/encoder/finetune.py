"""Step 6, optional. News questions are drawn to the sentences that answer them → finetuned.pt.

In-batch contrast with further sentences of the same article; distillation batches are mixed in, so that what was
learned before is kept, and headings with their sections where a file of them is given. Articles that `held_out` picks
are left out: what is later fitted upon the encoder's scores, as the evidence scorer is, must see them as they will be.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import math
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import click
import numpy as np
import torch
from tokenizers import Tokenizer
from torch.nn.functional import cross_entropy

from models.encoder.distil import Distillation, batches, descend, embed, optimizer_of, save, student_of, teacher_of
from models.encoder.evaluate import PASSAGE_CHARACTERS, evidence, overlap, read_articles, sentences_of
from models.encoder.settings import read_settings
from models.encoder.texts import Pairs

LONGEST = 160  # tokens of a text
MINED = 8  # texts of other articles to draw from
TOO_GOOD = 0.95  # of the answer's own cosine


@dataclass(frozen=True, slots=True)
class Case:
    """A question in both languages, texts that answer it and texts of the same article that don't."""

    article: str
    questions: tuple[str, str]
    answers: tuple[str, ...]
    others: tuple[str, ...]


def held_out(article: str) -> bool:
    """Whether an article's questions are kept from the encoder: every fourth by the hash of its name."""
    return int(hashlib.sha256(article.encode()).hexdigest(), 16) % 4 == 0


def cases(archive: Path, items: Path) -> list[Case]:
    """Answerable questions only; texts carry the title and come as a sentence, bare or not, and as a passage."""
    texts = read_articles(archive)
    made = []
    for item in map(json.loads, items.read_text(encoding="utf-8").splitlines()):
        if held_out(item["article"]):
            continue
        text = texts[item["article"]]
        title, sentences = sentences_of(text)
        gold = evidence(text, item["evidence"])
        right = [s for s in sentences if any(overlap(s, place) for place in gold)]
        wrong = [s for s in sentences if s not in right]
        if not right or not wrong:
            continue
        first = right[0]
        near = [
            s for s in sentences if s[0] >= first[0] - PASSAGE_CHARACTERS // 2 and s[1] <= first[0] + PASSAGE_CHARACTERS
        ]
        answers = [f"{title}\n{text[first[0] : first[1]]}", text[first[0] : first[1]]]
        if near:
            answers.append(f"{title}\n{text[near[0][0] : near[-1][1]]}")
        others = [f"{title}\n{text[start:end]}" for start, end in wrong]
        made.append(Case(item["article"], (item["question_ru"], item["question_en"]), tuple(answers), tuple(others)))
    return made


def mined(items: list[Case], rows: Callable[[list[str]], torch.Tensor]) -> dict[str, tuple[str, ...]]:
    """For each question the texts of other articles that the model takes for answers, by the Russian question.

    What scores nearly as well as the answer itself may be one (two articles on one event): it is left out, as in
    NV-Retriever (Moreira et al. 2024).
    """
    owned = {text: case.article for case in items for text in (*case.others, case.answers[0])}
    texts = list(owned)
    with torch.no_grad():
        parts = range(0, len(texts), 512)
        vectors = torch.cat([rows(texts[i : i + 512]) for i in parts])
        places = {text: i for i, text in enumerate(texts)}
        asked = torch.cat([rows([case.questions[0] for case in items[i : i + 512]]) for i in range(0, len(items), 512)])
        scores = asked @ vectors.T
    found = {}
    for case, row in zip(items, scores, strict=True):
        limit = TOO_GOOD * row[places[case.answers[0]]]
        best = [texts[i] for i in row.topk(MINED * 4).indices.tolist() if row[i] < limit]
        found[case.questions[0]] = tuple(text for text in best if owned[text] != case.article)[:MINED]
    return found


def drawn(
    items: list[Case], hard: Mapping[str, tuple[str, ...]], size: int, negatives: int, generator: np.random.Generator
) -> Iterator[tuple[list[str], list[str]]]:
    """Endless (questions, texts): text i answers question i; the texts after them answer none: of the same article
    `negatives`, of others one."""
    while True:
        order = generator.permutation(len(items))
        for first in range(0, len(order) - size + 1, size):
            batch = [items[i] for i in order[first : first + size]]
            questions = [case.questions[generator.integers(2)] for case in batch]
            # Titled sentence 60%, bare sentence 20%, passage 20%.
            answers = [
                case.answers[min(generator.choice(3, p=(0.6, 0.2, 0.2)), len(case.answers) - 1)] for case in batch
            ]
            others = [str(t) for case in batch for t in generator.permutation(case.others)[:negatives]]
            others += [str(generator.choice(hard[c.questions[0]])) for c in batch if hard[c.questions[0]]]
            yield questions, answers + others


def sections(path: Path, size: int, generator: np.random.Generator) -> Iterator[tuple[list[str], list[str]]]:
    """Endless (headings, texts): text i stands under heading i; no two are of one document."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        lines = [line.rstrip("\n").split("\t") for line in file]
    while True:
        drawn_lines = [lines[i] for i in generator.choice(len(lines), 4 * size, replace=False)]
        by_title = {heading.split(" — ")[0]: (heading, text) for heading, text in drawn_lines}
        batch = list(by_title.values())[:size]
        yield [heading for heading, _ in batch], [text for _, text in batch]


@click.command()
@click.option("--teacher", type=click.Path(exists=True, path_type=Path), required=True, help="The teacher's folder.")
@click.option("--articles", type=click.Path(exists=True, path_type=Path), required=True, help="articles.tar.gz.")
@click.option("--news", type=click.Path(exists=True, path_type=Path), required=True, help="train.jsonl.")
@click.option("--headings", type=click.Path(exists=True, path_type=Path), help="TSV.gz of heading and section text.")
@click.option("--work", type=click.Path(exists=True, path_type=Path), required=True, help="Intermediate files.")
@click.option("--minutes", type=float, required=True, help="Wall-clock time of this run.")
@click.option("--device", default="cpu", show_default=True, help="cpu or cuda.")
@click.option("--threads", default=2, show_default=True, help="Threads on a CPU.")
def main(
    teacher: Path,
    articles: Path,
    news: Path,
    headings: Path | None,
    work: Path,
    minutes: float,
    device: str,
    threads: int,
) -> None:
    """Fine-tune settled.pt for so many minutes."""
    settings = read_settings()
    torch.set_num_threads(threads)
    torch.manual_seed(settings.seed)
    generator = np.random.default_rng(settings.seed)
    model = student_of(teacher, np.load(work / "rows.npy"))
    model.load_state_dict(torch.load(work / "settled.pt", map_location="cpu", weights_only=True)["model"])
    model.to(torch.device(device))  # type: ignore[arg-type]
    tokenizer = Tokenizer.from_file(str(work / "tokenizer.json"))
    original = teacher_of(teacher, device)
    stream = batches(Pairs.load(work / "pairs.npz"), settings.distil, np.random.default_rng(settings.seed + 1))
    distillation = Distillation(original, settings.distil, stream)
    optimizer = optimizer_of(model, settings.finetune.embedding_rate, settings.finetune.network_rate)
    under = sections(headings, settings.finetune.batch, generator) if headings else None

    def rows(texts: list[str]) -> torch.Tensor:
        encoded = [np.array(e.ids[:LONGEST], np.int32) for e in tokenizer.encode_batch(texts, add_special_tokens=False)]
        # Like lengths go together: padding costs as much as text.
        order = np.argsort([len(row) for row in encoded])
        parts = [embed(model, [encoded[i] for i in part]) for part in np.array_split(order, -(-len(order) // 18))]
        return torch.cat(parts)[torch.from_numpy(np.argsort(order)).to(parts[0].device)]

    items = cases(articles, news)
    questions = drawn(items, mined(items, rows), settings.finetune.batch, settings.finetune.negatives, generator)
    click.echo(f"{time.strftime('%T')} {len(items)} questions, negatives mined")
    begun, step = time.monotonic(), 0
    while (passed := (time.monotonic() - begun) / 60 / minutes) < 1:
        for group in optimizer.param_groups:
            group["lr"] = (
                group["peak"] * min(1.0, (step + 1) / 10) * (0.02 + 0.98 * (1 + math.cos(math.pi * passed)) / 2)
            )
        turn = under if under and step % settings.finetune.headings_every == 1 else questions
        asked, texts = next(turn)
        scores = settings.distil.scale * rows(asked) @ rows(texts).T
        loss = cross_entropy(scores, torch.arange(len(asked), device=scores.device))
        text = f"{'heading' if turn is under else 'answer'} {loss.item():.3f}"
        if step % settings.finetune.distil_every == 0:
            kept, words = distillation.loss(model, english_too=True)
            loss, text = loss + kept, f"{text} {words}"
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        descend(model, optimizer, original.config.vocab_size)
        step += 1
        if step % 3 == 1:
            click.echo(f"{time.strftime('%T')} step {step} {passed:.3f} {text}")
        if step % 25 == 0:
            save(work / "finetuned.pt", model=model.state_dict(), step=step)
    save(work / "finetuned.pt", model=model.state_dict(), step=step)


if __name__ == "__main__":
    main()
