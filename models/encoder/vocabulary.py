"""Step 2. The teacher's tokenizer, extended by Russian wordpieces → tokenizer.json; the pairs in it → pairs.npz."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import click
from navec import Navec  # type: ignore[import-not-found]
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, trainers

from models.encoder.settings import read_settings
from models.encoder.texts import Pairs

_WORD = re.compile("[а-яё]+")
_RUSSIAN_PIECE = re.compile("(?:##)?[а-я]+")


def normalizer() -> normalizers.Normalizer:
    """The teacher's (lower case, no accents), but й stays й; ё becomes е and a stress mark is dropped."""
    return normalizers.Sequence(
        [
            normalizers.BertNormalizer(strip_accents=False, lowercase=True),
            normalizers.NFD(),
            normalizers.Replace("и\u0306", "й"),
            normalizers.StripAccents(),
        ]
    )


@click.command()
@click.option("--teacher", type=click.Path(exists=True, path_type=Path), required=True, help="The teacher's folder.")
@click.option("--navec", "navec_file", type=click.Path(exists=True, path_type=Path), required=True, help="navec .tar.")
@click.option("--work", type=click.Path(exists=True, path_type=Path), required=True, help="Intermediate files.")
def main(teacher: Path, navec_file: Path, work: Path) -> None:
    """Train Russian wordpieces and append them to the teacher's, whose rows keep their numbers."""
    settings = read_settings().vocabulary
    tokenizer = Tokenizer.from_file(str(teacher / "tokenizer.json"))
    known = tokenizer.get_vocab()
    counts = _word_counts(work / "pairs.tsv") + _news_counts(Navec.load(navec_file), settings.news_words)
    trainer = Tokenizer(models.WordPiece(unk_token=tokenizer.model.unk_token))
    trainer.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    room = settings.rows - len(known)
    # Pieces of one letter and those that the teacher has already come on top of the room.
    trainer.train_from_iterator(
        _repeated(counts),
        trainers.WordPieceTrainer(vocab_size=room + 400, show_progress=False, continuing_subword_prefix="##"),
    )
    by_number = sorted(trainer.get_vocab().items(), key=lambda pair: pair[1])
    new = [piece for piece, _ in by_number if _RUSSIAN_PIECE.fullmatch(piece) and piece not in known][:room]
    state = json.loads(tokenizer.to_str())
    state["model"]["vocab"] |= {piece: len(known) + number for number, piece in enumerate(new)}
    state["truncation"] = state["padding"] = None
    extended = Tokenizer.from_str(json.dumps(state))
    extended.normalizer = normalizer()
    extended.save(str(work / "tokenizer.json"), pretty=False)
    click.echo(f"{len(known):,} wordpieces of the teacher + {len(new):,} Russian ones")
    Pairs.tokenised(extended, work / "pairs.tsv").save(work / "pairs.npz")


def _word_counts(pairs: Path) -> Counter[str]:
    counts: Counter[str] = Counter()
    with pairs.open(encoding="utf-8") as file:
        for line in file:
            counts.update(_WORD.findall(line.split("\t")[1].lower().replace("ё", "е")))
    return counts


def _news_counts(navec: Navec, most: int) -> Counter[str]:
    # Scaled to about the size of the parallel text, so that both have their say.
    pairs = zip(navec.vocab.words, navec.vocab.counts, strict=False)
    counts = Counter({w.replace("ё", "е"): int(c) // 100 for w, c in pairs if _WORD.fullmatch(w)})
    return Counter(dict(counts.most_common(most)))


def _repeated(counts: Counter[str]) -> Iterator[str]:
    # The trainer counts words itself; a tenth of each count is enough for it.
    for word, count in counts.items():
        yield f"{word} " * (count // 10 + 1)


if __name__ == "__main__":
    main()
