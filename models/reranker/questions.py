"""Questions to train on: each with the sentences of its article that answer it, or with none that does.

`questions/*.jsonl.gz` are our own, written for this: a line holds `article`, `type`, `question_ru`, `question_en`,
`wording` ("anew", or "close" to the text's; some files mix them), and where the answer stands, as ranges of characters
in the article: `evidence` and, within it, `answer`; where there is no answer, `near`, the sentence that is most like
one. Those about news refer to articles that are not part of this project; the other texts come with them
(`articles.jsonl.gz`).
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from istok.index.article import headline
from istok.index.sentences import split_sentences
from istok.index.types import Range
from istok.rag.rerankers import Excerpt
from models.encoder.evaluate import evidence, overlap, sentences_of
from models.encoder.finetune import held_out

FOLDER = Path(__file__).with_name("questions")
SHORTEST = 9  # characters of a sentence


@dataclass(frozen=True, slots=True)
class Article:
    """A title, "" where the text has none, and the sentences under it."""

    title: str
    sentences: tuple[str, ...]

    def text(self, place: int, title: str | None = None, *, alone: bool = False) -> str:
        """The sentence as it is read: under its own title, or another, or none (""), and after the one before it, or
        alone."""
        before = "" if alone or not place else self.sentences[place - 1]
        return str(Excerpt(self.title if title is None else title, before, self.sentences[place]))


@dataclass(frozen=True, slots=True)
class Item:
    """A question in both languages; `gold` are places of sentences that answer, `near` of those that look like it."""

    article: str
    questions: tuple[str, str]
    gold: tuple[int, ...]
    near: tuple[int, ...]
    answer: tuple[int, Range] | None
    """The sentence that holds the words of the answer, and their range in it."""


def read(articles: Mapping[str, str], news: Path) -> tuple[dict[str, Article], list[Item]]:
    """What may be trained on: no question about an article that is held out. `articles` are the news by name, `news`
    the questions about them that are not ours."""
    texts = {**articles, **{line["name"]: line["text"] for line in lines(FOLDER / "articles.jsonl.gz")}}
    lined = {name: _lined(text) for name, text in texts.items()}
    ranges = {name: [r for r in found if r[1] - r[0] >= SHORTEST] for name, (_, found) in lined.items()}
    made = {
        name: Article(lined[name][0], tuple(texts[name][start:end] for start, end in ranges[name])) for name in texts
    }
    items = []
    for line in asked(news, texts):
        if line["article"] in articles and held_out(line["article"]):
            continue
        item = _item(line, ranges[line["article"]])
        if item is not None:
            items.append(item)
    return {item.article: made[item.article] for item in items}, items


def _lined(text: str) -> tuple[str, Sequence[Range]]:
    """The title and the sentences; a first line that is no headline is a sentence, too."""
    if headline(text, [Range(0, len(text))]):
        return sentences_of(text)
    return "", [Range(*one) for one in split_sentences(text, Range(0, len(text)))]


def asked(news: Path, texts: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    """All lines in one form, with ranges."""
    for line in map(json.loads, news.read_text("utf-8").splitlines()):
        text = texts[line["article"]]
        found = evidence(text, line["evidence"])
        answers = [
            Range(start + at, start + at + len(line["answer_ru"]))
            for start, end in found
            for at in [text[start:end].find(line["answer_ru"])]
            if line["answer_ru"] and at >= 0
        ]
        if found or not line["evidence"]:
            yield line | {"evidence": found, "answer": answers[0] if answers else None}
    for file in sorted(FOLDER.glob("*-questions.jsonl.gz")):
        yield from lines(file)


def lines(file: Path) -> Iterator[dict[str, Any]]:
    """The lines of a packed file."""
    with gzip.open(file, "rt", encoding="utf-8") as content:
        yield from map(json.loads, content)


def _item(line: Mapping[str, Any], ranges: Sequence[Range]) -> Item | None:
    """None when none of the sentences is the one that is said to answer."""

    def places(found: Sequence[Sequence[int]]) -> tuple[int, ...]:
        whole = [Range(*one) for one in found]
        return tuple(place for place, own in enumerate(ranges) if any(_holds(own, other) for other in whole))

    gold = places(line["evidence"])
    if line["evidence"] and not gold:
        return None
    answer = None
    if line.get("answer"):
        start, end = line["answer"]
        answer = next(
            (
                (p, Range(start - ranges[p][0], end - ranges[p][0]))
                for p in gold
                if ranges[p][0] <= start < ranges[p][1]
            ),
            None,
        )
    near = gold or places([line["near"]] if line.get("near") else [])
    return Item(line["article"], (line["question_ru"], line["question_en"]), gold, near, answer)


def _holds(own: Range, other: Range) -> bool:
    """Whether the two share half of the shorter."""
    common = min(own.end, other.end) - max(own.start, other.start)
    return overlap(own, other) and 2 * common >= min(own.end - own.start, other.end - other.start)
