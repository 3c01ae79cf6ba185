"""Step 9. Any sentence-transformers folder, measured: XQuAD-R, newstest, news-qa; dense vectors alone."""

from __future__ import annotations

import gzip
import json
import tarfile
from collections.abc import Sequence
from pathlib import Path

import click
import numpy as np
from numpy.typing import NDArray
from sentence_transformers import SentenceTransformer

from istok.index.sentences import split_sentences
from istok.index.types import Range

Floats = NDArray[np.float32]
PASSAGE_CHARACTERS = 700
LANGUAGES = ("ru", "en")
KINDS = ("sentence", "title + sentence", "title + passage")


@click.command()
@click.argument("model")
@click.option("--data", type=click.Path(exists=True, path_type=Path), required=True, help="Holds eval/ and news-qa/.")
@click.option("--only", multiple=True, type=click.Choice(["xquad-r", "newstest", "news-qa"]), help="All, if not given.")
@click.option("--pairs", default=0, help="Sentence pairs of newstest to use; 0: all.")
@click.option(
    "--json", "json_file", type=click.Path(dir_okay=False, path_type=Path), help="Also write the figures here."
)
@click.option("--threads", default=2, show_default=True)
def main(model: str, data: Path, only: tuple[str, ...], pairs: int, json_file: Path | None, threads: int) -> None:
    """Print each figure with n and a bootstrap 95% interval."""
    import torch

    torch.set_num_threads(threads)
    encoder = SentenceTransformer(model, local_files_only=True)
    scores: dict[str, Floats] = {}
    wanted = only or ("xquad-r", "newstest", "news-qa")
    if "xquad-r" in wanted:
        scores |= xquad_r(encoder, data / "eval/xquad-r")
    if "newstest" in wanted:
        scores |= newstest(encoder, data / "eval/newstest2017-2018.ru-en.tsv.gz", pairs)
    if "news-qa" in wanted:
        scores |= news_qa(encoder, data / "news-qa/articles.tar.gz", data / "news-qa/dev.jsonl")
    figures: dict[str, dict[str, float]] = {}
    for name, values in scores.items():
        low, high = interval(values)
        figures[name] = {"mean": float(values.mean()), "low": low, "high": high, "n": len(values)}
        click.echo(f"{name:48} {values.mean():.3f}  [{low:.3f}, {high:.3f}]  n {len(values)}")
    if json_file:
        json_file.write_text(json.dumps(figures, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def interval(scores: Floats, draws: int = 2000) -> tuple[float, float]:
    """The percentile bootstrap's 95% interval of the mean."""
    means = scores[np.random.default_rng(0).integers(0, len(scores), (draws, len(scores)))].mean(1)
    return float(np.quantile(means, 0.025)), float(np.quantile(means, 0.975))


def xquad_r(encoder: SentenceTransformer, folder: Path) -> dict[str, Floats]:
    """Reciprocal rank of the sentence that holds the answer, among all sentences of that language."""
    questions: dict[str, dict[str, str]] = {}
    gold: dict[str, dict[str, int]] = {}
    vectors: dict[str, Floats] = {}
    for language in LANGUAGES:
        sentences: list[str] = []
        questions[language], gold[language] = {}, {}
        for article in json.loads((folder / f"{language}.json").read_text(encoding="utf-8"))["data"]:
            for paragraph in article["paragraphs"]:
                for item in paragraph["qas"]:
                    start = item["answers"][0]["answer_start"]
                    holder = [
                        i for i, (first, last) in enumerate(paragraph["sentence_breaks"]) if first <= start <= last
                    ]
                    questions[language][item["id"]] = item["question"]
                    gold[language][item["id"]] = len(sentences) + holder[0]
                sentences += paragraph["sentences"]
        vectors[language] = documents(encoder, sentences)
    found: dict[str, Floats] = {}
    for asked in LANGUAGES:
        rows = queries(encoder, list(questions[asked].values()))
        for searched in LANGUAGES:
            right = np.array([gold[searched][number] for number in questions[asked]])
            similar = rows @ vectors[searched].T
            ranks = 1 + (similar > similar[np.arange(len(right)), right][:, None]).sum(1)
            found[f"XQuAD-R MRR {asked}→{searched}"] = (1 / ranks).astype(np.float32)
    return found


def newstest(encoder: SentenceTransformer, path: Path, most: int) -> dict[str, Floats]:
    """Whether the translation is the nearest of all sentences."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        rows = [line.rstrip("\n").split("\t")[-2:] for line in file]
    if most:
        rows = [rows[i] for i in np.random.default_rng(0).permutation(len(rows))[:most]]
    russian, english = (documents(encoder, [row[side] for row in rows]) for side in (0, 1))
    similar = russian @ english.T
    right = np.arange(len(rows))
    return {
        "newstest accuracy ru→en": (similar.argmax(1) == right).astype(np.float32),
        "newstest accuracy en→ru": (similar.argmax(0) == right).astype(np.float32),
    }


def news_qa(encoder: SentenceTransformer, archive: Path, items: Path) -> dict[str, Floats]:
    """Whether the best text of all articles is of the right article, and is a gold evidence sentence."""
    texts = read_articles(archive)
    asked = [item for item in map(json.loads, items.read_text(encoding="utf-8").splitlines()) if item["evidence"]]
    units: dict[str, list[tuple[str, Range, str]]] = {kind: [] for kind in KINDS}
    for name, text in texts.items():
        title, ranges = sentences_of(text)
        for start, end in ranges:
            units["sentence"].append((name, Range(start, end), text[start:end]))
            units["title + sentence"].append((name, Range(start, end), f"{title}\n{text[start:end]}"))
        for start, end in passages_of(ranges):
            units["title + passage"].append((name, Range(start, end), f"{title}\n{text[start:end]}"))
    rows = {language: queries(encoder, [item[f"question_{language}"] for item in asked]) for language in LANGUAGES}
    found: dict[str, Floats] = {}
    for kind, listed in units.items():
        vectors = documents(encoder, [text for _, _, text in listed])
        for language in LANGUAGES:
            best = [listed[i] for i in (rows[language] @ vectors.T).argmax(1)]
            pairs = list(zip(best, asked, strict=True))
            article = [name == item["article"] for (name, _, _), item in pairs]
            found[f"news-qa {kind}: article first, {language}"] = np.array(article, np.float32)
            if "sentence" in kind:
                hit = [
                    name == item["article"]
                    and any(overlap(place, where) for where in evidence(texts[name], item["evidence"]))
                    for (name, place, _), item in pairs
                ]
                found[f"news-qa {kind}: evidence first, {language}"] = np.array(hit, np.float32)
    return found


def read_articles(archive: Path) -> dict[str, str]:
    """Article texts by name, as they are in the archive."""
    with tarfile.open(archive) as tar:
        members = [member for member in tar if member.isfile() and member.name.endswith(".txt")]
        return {Path(m.name).stem: tar.extractfile(m).read().decode() for m in members}  # type: ignore[union-attr]


def sentences_of(text: str) -> tuple[str, list[Range]]:
    """The title (the first line that isn't blank) and the sentences after it."""
    start = len(text) - len(text.lstrip())
    end = text.find("\n", start) if "\n" in text[start:] else len(text)
    ranges = [Range(s, e) for s, e in split_sentences(text, Range(end, len(text)))]
    return text[start:end].strip(), ranges or [Range(start, end)]


def passages_of(sentences: Sequence[Range]) -> list[Range]:
    """Neighbouring sentences joined up to a size."""
    made: list[Range] = []
    for start, end in sentences:
        if made and end - made[-1][0] <= PASSAGE_CHARACTERS:
            made[-1] = Range(made[-1][0], end)
        else:
            made.append(Range(start, end))
    return made


def evidence(text: str, fragments: Sequence[str]) -> list[Range]:
    """Where the fragments stand in the text."""
    starts = [(text.find(fragment), fragment) for fragment in fragments]
    return [Range(start, start + len(fragment)) for start, fragment in starts if start >= 0]


def overlap(one: Range, other: Range) -> bool:
    """Whether the two share more than a character or two."""
    return min(one.end, other.end) - max(one.start, other.start) > 2


def documents(encoder: SentenceTransformer, texts: list[str]) -> Floats:
    """Unit rows for what is searched."""
    return np.asarray(encoder.encode_document(texts, normalize_embeddings=True, batch_size=64), np.float32)


def queries(encoder: SentenceTransformer, texts: list[str]) -> Floats:
    """Unit rows for what is asked."""
    return np.asarray(encoder.encode_query(texts, normalize_embeddings=True, batch_size=64), np.float32)


if __name__ == "__main__":
    main()
