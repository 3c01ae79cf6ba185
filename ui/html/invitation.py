"""What an empty chat says: what this is, what is indexed, and what one could ask."""

from __future__ import annotations

import heapq
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Final

from istok import seeds
from istok.index.index import Index
from istok.index.types import Language
from istok.rag.readers import Reader, Remote
from istok.ui.html.marks import button
from istok.ui.readers import short
from istok.ui.texts import EXAMPLES, TEXTS, Texts, date_text

_EXAMPLES: Final = 6
_TITLE_WORDS, _TITLE_LENGTH = 3, 110  # words at least, characters at most, of a title that makes a question
_SEEDS: Final = frozenset(path.name for path in Path(seeds.__file__).parent.glob("*.txt"))


@dataclass(frozen=True, slots=True)
class Holdings:
    """What is indexed: how much, between which ISO dates (None where no document has one), in which languages, and
    titles that questions can be made of, the newest first."""

    documents: int
    passages: int
    dates: tuple[str, str] | None
    languages: tuple[Language, ...]
    titles: tuple[tuple[Language, str], ...]
    seeded: bool

    @classmethod
    def of(cls, index: Index) -> Holdings:
        """Those of an index."""
        entries = index.entries()
        dates = sorted(entry.date for entry in entries if entry.date)
        speaking = (entry for entry in entries if _speaks(entry.title))
        newest = heapq.nlargest(_EXAMPLES, speaking, key=lambda entry: (entry.date or "", entry.added))
        return cls(
            documents=len(entries),
            passages=sum(entry.passages for entry in entries),
            dates=(dates[0], dates[-1]) if dates else None,
            languages=tuple(sorted({entry.language for entry in entries}, reverse=True)),
            titles=tuple((entry.language, entry.title) for entry in newest),
            seeded={entry.id for entry in entries} >= _SEEDS,
        )

    @property
    def examples(self) -> tuple[str, ...]:
        """Questions that these documents answer: the seeds have their own, of others it is asked what they say."""
        if self.seeded:
            return EXAMPLES
        return tuple(TEXTS[language].talk.said_in(title) for language, title in self.titles)


def invitation_html(holdings: Holdings, reader: Reader, texts: Texts) -> str:
    """In place of messages; its buttons are heard by the chat's script."""
    talk = texts.talk
    if holdings.documents:
        notice = talk.quote_reader if reader.name == "quote" else talk.read_by(short(reader.name))
        rest = f'<p class="facts">{_facts(holdings, texts)}</p><p class="hint">{escape(notice)}</p>'
    else:
        rest = f'<p class="warning">{talk.empty_index}</p>'
    where = talk.sent(reader.host) if isinstance(reader, Remote) and reader.host else talk.here
    if examples := "".join(f"<li>{button('example', text, text, 'example')}</li>" for text in holdings.examples):
        rest += f'<h3>{escape(talk.examples)}</h3><ul class="examples">{examples}</ul>'
    return (
        f'<div class="invitation" lang="{texts.language}"><h2>{escape(talk.invitation)}</h2>'
        f"<p>{escape(f'{talk.about} {where}')}</p>{rest}</div>"
    )


def _facts(holdings: Holdings, texts: Texts) -> str:
    facts = [texts.talk.holdings(holdings.documents, holdings.passages)]
    if holdings.dates:
        facts.append(" – ".join(dict.fromkeys(date_text(date, texts) for date in holdings.dates)))
    facts.append(", ".join(texts.languages[language] for language in holdings.languages))
    return escape(" · ".join(facts))


def _speaks(title: str) -> bool:
    """Whether a question about a title says what it is about: not a file's name, and short enough to be read."""
    return len(title.split()) >= _TITLE_WORDS and len(title) <= _TITLE_LENGTH
