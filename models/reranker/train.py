"""Step 2. The upper layers learn which of a few sentences answers a question, and that none may.

A question comes with the sentence that answers it, if there is one, and with those that the encoder finds most like it,
of its own article and of others. The loss is the cross-entropy over these and "none", whose logit is 0 (so that a logit
above 0 means: rather an answer than not), and a little of that over the first and last token of the answer.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

import click
import numpy as np
import torch
from numpy.typing import NDArray
from tokenizers import Tokenizer
from torch import Tensor

from istok.index.types import Range
from models.encoder.evaluate import read_articles
from models.reranker.network import BATCH, LONGEST, Lower, Upper, alike, joined, network
from models.reranker.questions import Article, Item, read

SEED = 1
GROUP = 4  # sentences that a question comes with
QUESTIONS = 12  # in a step
RATE, NEW_RATE = 1.5e-4, 5e-4  # of the layers, and of what is trained from nothing
FURTHER = 2 / 3  # of the rates, when trained further
WARMUP = 30  # steps
ENGLISH = 0.42  # share of questions that are asked in English
ENDS = 0.15  # weight of finding the answer's tokens
OWN, OTHER = 5, 4  # sentences of the article, and of others, to draw from
TOO_GOOD = 0.985  # of the gold sentence's cosine: what is nearer in another article may answer too
MICRO = 16

UNTITLED, NAMED = 0.1, 0.12
"""Shares of questions whose sentences come without their title, and with what files are called in its place, as do all
of a text that has none."""

ALONE = 0.12
"""Share of questions whose sentences come without the one before: the first of a passage does."""

NAMES = (
    *("doc", "file", "report", "note", "page", "scan", "data", "text", "memo", "letter", "final", "minutes", "export"),
    *("отчёт", "документ", "текст", "письмо", "протокол", "справка", "записка", "приложение", "новый", "итог"),
)

Place = tuple[str, int]
"""An article's name and a place among its sentences."""

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Case:
    """A question in one language, and sentences that don't answer it, the most tempting first."""

    item: Item
    text: str
    own: tuple[Place, ...]
    others: tuple[Place, ...]


def vectors(work: Path, texts: Sequence[str]) -> Floats:
    """Unit rows, as the encoder makes them: the mean of its last states."""
    encoder = network(work / "start").eval()
    tokenizer = Tokenizer.from_file(str(work / "tokenizer.json"))
    tokenizer.enable_truncation(LONGEST)
    tokenizer.enable_padding()
    rows = np.zeros((len(texts), encoder.config.hidden_size), np.float32)
    with torch.inference_mode():
        for places in alike([len(text) for text in texts], BATCH):
            encoded = tokenizer.encode_batch([texts[place] for place in places])
            mask = torch.tensor([one.attention_mask for one in encoded])
            ids = torch.tensor([one.ids for one in encoded])
            states = encoder(input_ids=ids, attention_mask=mask).last_hidden_state
            mean = (states * mask[..., None]).sum(1) / mask.sum(1, keepdim=True)
            rows[places] = torch.nn.functional.normalize(mean, dim=1).numpy()
    return rows


def cases(work: Path, articles: Mapping[str, Article], items: Sequence[Item]) -> list[tuple[Case, Case]]:
    """Of each item the question in Russian and in English."""
    places = [(name, place) for name, article in articles.items() for place in range(len(article.sentences))]
    known = vectors(work, [f"passage: {articles[name].text(place, alone=True)}" for name, place in places])
    number = {place: row for row, place in enumerate(places)}
    asked = [vectors(work, [f"query: {item.questions[language]}" for item in items]) for language in (0, 1)]
    made = []
    for row, item in enumerate(items):
        own = [number[item.article, place] for place in range(len(articles[item.article].sentences))]
        both = []
        for language in (0, 1):
            cosines = known @ asked[language][row]
            limit = max((cosines[number[item.article, place]] for place in item.near), default=1.0) * TOO_GOOD
            wrong = [
                place for place in sorted(own, key=lambda place: -cosines[place]) if places[place][1] not in item.gold
            ]
            cosines[own] = -1.0
            others = [place for place in np.argpartition(-cosines, 12)[:12] if cosines[place] < limit]
            both.append(
                Case(
                    item,
                    item.questions[language],
                    tuple(places[place] for place in wrong[:OWN]),
                    tuple(places[place] for place in others[:OTHER]),
                )
            )
        made.append((both[0], both[1]))
    return made


@dataclass(frozen=True, slots=True)
class Group:
    """A question with its sentences, the one that answers first; the title they come under, None for their own; and
    whether without what stands before them."""

    case: Case
    places: tuple[Place, ...]
    title: str | None
    alone: bool


def drawn(every: Sequence[tuple[Case, Case]], articles: Mapping[str, Article], random: Random) -> Iterator[Group]:
    """Each question once, in one of the languages."""
    for place in random.sample(range(len(every)), len(every)):
        case = every[place][random.random() < ENGLISH]
        item = case.item
        right = [(item.article, random.choice(item.gold))] if item.gold else []
        tempting = [] if item.gold else [(item.article, place) for place in item.near[:1]]
        room = GROUP - len(right) - len(tempting)
        own = [one for one in case.own if one not in tempting]
        own = random.sample(own, min(len(own), room - 1))
        others = random.sample(case.others, min(len(case.others), room - len(own)))
        title = _title(articles[item.article].title, random)
        yield Group(case, (*right, *tempting, *own, *others), title, random.random() < ALONE)


def _title(own: str, random: Random) -> str | None:
    """What the sentences come under; None for their own title."""
    chance = random.random()
    if chance < UNTITLED:
        return ""
    if own and chance >= UNTITLED + NAMED:
        return None
    return random.choice(NAMES) + random.choice(("", "-", "_", " ")) + random.choice(("", str(random.randrange(2030))))


def loss(upper: Upper, lower: Lower, articles: Mapping[str, Article], batch: Sequence[Group]) -> tuple[Tensor, Tensor]:
    """Of choosing among the sentences and none, and of finding the answer's first and last token."""
    pairs = [
        (one, place, articles[place[0]].text(place[1], one.title, alone=one.alone))
        for one in batch
        for place in one.places
    ]
    lower.feed([text for one, _, sentence in pairs for text in (one.case.text, sentence)])
    logits: list[Tensor] = [torch.zeros(())] * len(pairs)
    ends: list[Tensor] = []
    lengths = [len(lower[one.case.text]) + len(lower[sentence]) for one, _, sentence in pairs]
    for numbers in alike(lengths, MICRO):
        states, mask, parts = joined([(pairs[n][0].case.text, pairs[n][2]) for n in numbers], lower)
        found, spans = upper(states, mask, parts)
        for row, number in enumerate(numbers):
            logits[number] = found[row]
            case, place, sentence = pairs[number][0].case, *pairs[number][1:]
            answer = case.item.answer
            if answer and place == (case.item.article, answer[0]):
                ahead = len(sentence) - len(articles[place[0]].sentences[place[1]])  # the title
                words = Range(answer[1].start + ahead, answer[1].end + ahead)
                ends += _ends(spans[row], len(lower[case.text]), lower.offsets[sentence], words)
    choices, begin = [], 0
    for one in batch:
        row = torch.stack([torch.zeros(()), *logits[begin : begin + len(one.places)]])
        choices.append(-torch.log_softmax(row, 0)[1 if one.case.item.gold else 0])
        begin += len(one.places)
    return torch.stack(choices).mean(), torch.stack(ends).mean() if ends else torch.zeros(())


def _ends(spans: Tensor, begin: int, offsets: Sequence[tuple[int, int]], answer: Range) -> Iterator[Tensor]:
    tokens = [token for token, (start, end) in enumerate(offsets) if end > start]
    inside = [
        place
        for place, token in enumerate(tokens)
        if offsets[token][1] > answer.start and offsets[token][0] < answer.end
    ]
    if inside:
        said = torch.log_softmax(spans[[begin + token for token in tokens]], 0)
        yield -(said[inside[0], 0] + said[inside[-1], 1])


@click.command()
@click.option("--articles", type=click.Path(exists=True, path_type=Path), required=True, help="Archive of the news.")
@click.option("--news", type=click.Path(exists=True, path_type=Path), required=True, help="Questions about them.")
@click.option("--work", type=click.Path(exists=True, path_type=Path), required=True, help="Where `start` wrote.")
@click.option("--minutes", type=float, required=True, help="Length of the training; the rate falls to its end.")
@click.option("--further", is_flag=True, help="Go on from WORK/upper.pt, at two thirds of the rate.")
def main(articles: Path, news: Path, work: Path, minutes: float, further: bool) -> None:
    """Write WORK/upper.pt."""
    torch.manual_seed(SEED)
    random = Random(SEED)  # noqa: S311, no secret
    texts, items = read(read_articles(articles), news)
    every = cases(work, texts, items)
    lower, upper = Lower(work), Upper(work / "start")
    rates = (RATE, NEW_RATE)
    if further:
        known = torch.load(work / "upper.pt")
        missing = len(upper.parts) - len(known["parts"])  # it may know fewer: what is new begins as the last of them
        known["parts"] = torch.cat([known["parts"], *[known["parts"][-1:]] * missing])
        upper.load_state_dict(known)
        rates = (RATE * FURTHER, NEW_RATE * FURTHER)
    new = [*upper.answers.parameters(), *upper.ends.parameters()]
    layers = [*upper.layers.parameters(), upper.parts]
    optimizer = torch.optim.AdamW([{"params": layers}, {"params": new}], weight_decay=0.01)
    groups = drawn(every, texts, random)
    began, step = time.monotonic(), 0
    while (passed := (time.monotonic() - began) / 60 / minutes) < 1:
        for group, rate in zip(optimizer.param_groups, rates, strict=True):
            group["lr"] = rate * min(1.0, (step + 1) / WARMUP) * max(0.02, 1 - passed)
        batch: list[Group] = []
        while len(batch) < QUESTIONS:
            if (one := next(groups, None)) is None:
                groups = drawn(every, texts, random)
            else:
                batch.append(one)
        choice, ends = loss(upper, lower, texts, batch)
        optimizer.zero_grad()
        (choice + ENDS * ends).backward()
        torch.nn.utils.clip_grad_norm_([*layers, *new], 1.0)
        optimizer.step()
        step += 1
        if step % 25 == 0:
            click.echo(f"{step} steps, {passed:.0%}: {choice.item():.3f}, tokens {float(ends):.2f}")
    torch.save(upper.state_dict(), work / "upper.pt")


if __name__ == "__main__":
    main()
