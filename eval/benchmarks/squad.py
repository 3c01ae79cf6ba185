"""SQuAD's format (Rajpurkar et al. 2016)."""

from __future__ import annotations

from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from istok.eval.benchmarks.figures import BenchmarkError
from istok.index.types import Range


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True)


class GoldAnswer(_Record):
    """Characters from `answer_start` on of the paragraph, which read `text`."""

    text: str = Field(min_length=1)
    answer_start: int = Field(ge=0)

    @property
    def range(self) -> Range:
        """Where it stands in the paragraph."""
        return Range(self.answer_start, self.answer_start + len(self.text))


class GoldQuestion(_Record):
    """A question of a paragraph; `id` is the same in every language."""

    id: str
    question: str = Field(min_length=1)
    answers: tuple[GoldAnswer, ...] = Field(min_length=1)


class Paragraph(_Record):
    """A paragraph with its questions; `sentence_breaks` (LAReQA's XQuAD-R) are its sentences' ranges."""

    context: str
    qas: tuple[GoldQuestion, ...]
    sentence_breaks: tuple[tuple[int, int], ...] = ()


class _Article(_Record):
    paragraphs: tuple[Paragraph, ...]


class _File(_Record):
    data: tuple[_Article, ...]


def read(path: Path) -> list[Paragraph]:
    """The paragraphs of a file, every answer verbatim. Raises BenchmarkError."""
    try:
        articles = _File.model_validate_json(path.read_bytes()).data
    except OSError as error:
        raise BenchmarkError(f"{path} can't be read ({error.strerror}): check its permissions") from error
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"])) or "the file"
        raise BenchmarkError(f"{path}: {place}: {first['msg']}: it must be in SQuAD's format") from error
    paragraphs = [paragraph for article in articles for paragraph in article.paragraphs]
    for paragraph in paragraphs:
        for question in paragraph.qas:
            for answer in question.answers:
                if paragraph.context[slice(*answer.range)] != answer.text:
                    raise BenchmarkError(
                        f"{path}: question {question.id}: {answer.text!r} is not what stands at {answer.answer_start}: "
                        "mend answer_start"
                    )
    return paragraphs
