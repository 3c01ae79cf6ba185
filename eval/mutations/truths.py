"""Truths: claims that are known to be true, each with the sentences that prove it."""

from __future__ import annotations

import re
import tarfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory

from pydantic import BaseModel, ConfigDict

from istok.eval.benchmarks.figures import BenchmarkError
from istok.eval.benchmarks.lines import read_lines
from istok.eval.questions import GoldItem
from istok.index.language import detect
from istok.index.load import load
from istok.index.sentences import split_sentences
from istok.index.types import Document, Language
from istok.rag.types import Evidence, Sentence

LONGEST_QUOTE = 250
"""Characters of a sentence that is a claim by itself."""

_YES_NO = re.compile(r"^(?:Да|Нет|Yes|No)\b[,.—–-]*\s+")


@dataclass(frozen=True)
class Truth:
    """A true claim. `id` is that of its question, which its translation, `twin` ("" without one), shares; `measured`
    says that it is only for measuring: nothing may be chosen by it. `verbatim`: the claim is the proof itself."""

    id: str
    text: str
    language: Language
    twin: str
    evidence: Evidence
    measured: bool
    verbatim: bool = False
    documents: Mapping[str, str] = field(default_factory=dict, repr=False, compare=False)
    """The whole texts of the documents that prove it, by their ids."""

    @cached_property
    def quotes(self) -> str:
        """The proof as one text."""
        return "\n".join(sentence.text for sentence in self.evidence.sentences)

    @cached_property
    def dates(self) -> tuple[str, ...]:
        """The dates of the documents, ISO 8601, each once."""
        return tuple(dict.fromkeys(sentence.date for sentence in self.evidence.sentences if sentence.date))

    @property
    def direction(self) -> str:
        """From the claim's language to that of the document that proves it."""
        return f"{self.language}→{self.evidence.sentences[0].language}"


def of_gold(items: Sequence[GoldItem], documents: Mapping[str, Document]) -> list[Truth]:
    """The reference sentence of each gold item with its gold ranges; where an item has no reference, each of its proofs
    as a claim of its own. `documents` by their ids."""
    by_id = {item.id: item for item in items}
    texts = {id_: document.text for id_, document in documents.items()}
    truths: dict[tuple[str, str], Truth] = {}
    for item in items:
        measured = item.split == "test"
        pair = min(item.id, item.twin or item.id)
        if item.reference:
            twin = by_id[item.twin].reference if item.twin in by_id else ""
            spans = [(range_.document, range_.start, range_.end) for range_ in item.gold]
            truth = Truth(
                pair, _plain(item.reference), item.language, _plain(twin), _evidence(spans, documents), measured,
                documents=texts,
            )  # fmt: skip
            truths.setdefault((truth.text, truth.quotes), truth)
        for range_ in () if item.reference else item.proof:
            if len(range_.quote) <= LONGEST_QUOTE and range_.quote.endswith("."):
                evidence = _evidence([(range_.document, range_.start, range_.end)], documents)
                text = " ".join(range_.quote.split())
                truth = Truth(pair, text, detect(text), "", evidence, measured, verbatim=True, documents=texts)
                truths.setdefault((text, truth.quotes), truth)
    return list(truths.values())


class _Item(BaseModel):
    model_config = ConfigDict(frozen=True)

    article: str
    evidence: tuple[str, ...]
    full_ru: str
    full_en: str


def of_news(data: Path, split: str) -> list[Truth]:
    """The answers in full of news-qa's `split` ("dev" or "train"), each with the sentences that its evidence lies in.

    Raises BenchmarkError for a missing or faulty file.
    """
    folder = data / "news-qa"
    for path in (folder / "articles.tar.gz", folder / f"{split}.jsonl"):
        if not path.is_file():
            raise BenchmarkError(f"{path} is missing: name the folder that holds news-qa/ with --data")
    items = [item for item in read_lines(folder / f"{split}.jsonl", _Item) if item.evidence]
    documents = _articles(folder / "articles.tar.gz", {item.article for item in items})
    truths = []
    for number, item in enumerate(items, 1):
        document = documents[item.article]
        evidence = _evidence(list(dict.fromkeys(_sentences(document, item.evidence))), {document.id: document})
        texts: dict[Language, str] = {"ru": _plain(item.full_ru), "en": _plain(item.full_en)}
        whole = {document.id: document.text}
        for language, text in texts.items():
            twin = texts["en" if language == "ru" else "ru"]
            truths.append(
                Truth(f"news-{split}-{number}", text, language, twin, evidence, split == "dev", documents=whole)
            )
    return truths


def _articles(path: Path, names: Iterable[str]) -> dict[str, Document]:
    documents = {}
    with TemporaryDirectory(prefix="istok-news-") as scratch:
        try:
            with tarfile.open(path) as tar:
                tar.extractall(scratch, filter="data")
        except (OSError, tarfile.TarError, EOFError) as error:
            raise BenchmarkError(
                f"{path} can't be unpacked ({error}): it must be a tar archive of .txt files"
            ) from error
        files = {file.stem: file for file in Path(scratch).rglob("*.txt")}
        for name in names:
            if name not in files:
                raise BenchmarkError(f"{path} lacks {name}.txt, which a question is about: add it")
            documents[name] = load(files[name], f"{name}.txt")
    return documents


def _sentences(document: Document, fragments: Iterable[str]) -> Iterator[tuple[str, int, int]]:
    """The sentences that `fragments` lie in, as a reader would cite them."""
    for fragment in fragments:
        start = document.text.find(fragment)
        if start < 0:
            raise BenchmarkError(f"evidence {fragment[:40]!r} isn't in {document.id}: mend it")
        end = start + len(fragment)
        whole = [
            (document.id, *sentence)
            for main in document.main
            for sentence in split_sentences(document.text, main)
            if sentence.start < end and start < sentence.end
        ]
        yield from whole or [(document.id, start, end)]


def _evidence(spans: Sequence[tuple[str, int, int]], documents: Mapping[str, Document]) -> Evidence:
    sentences = []
    for number, (id_, start, end) in enumerate(spans, 1):
        document = documents[id_]
        text = document.text[start:end]
        sentences.append(
            Sentence(number, id_, document.title, document.date, document.language, start, end, text, score=1.0)
        )
    return Evidence(tuple(sentences))


def _plain(text: str) -> str:
    """A claim without the "Yes" or "No" of the question that it answers."""
    rest = _YES_NO.sub("", text)
    return rest[:1].upper() + rest[1:]
