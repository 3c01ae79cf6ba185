"""The setting of a benchmark: where its data lie, where it may index, and how much of it is asked."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from istok.eval.benchmarks.figures import BenchmarkError
from istok.index.build import Progress
from istok.index.embed import Embedder, open_embedder
from istok.index.home import Home

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Setting:
    """What a benchmark is given.

    `home` keeps a large collection's index (and names the encoder), `scratch` is an empty folder that is gone
    afterwards. Of each kind of question `limit` are drawn, all without one. `split` is of news-qa, `answers` asks
    ru-rag for answers too. `progress` hears (what, done, total).
    """

    data: Path
    home: Home
    scratch: Path
    reader: str = "quote"
    limit: int | None = None
    split: str = "dev"
    answers: bool = False
    progress: Progress = field(default=lambda *_: None)

    def require(self, layout: Sequence[str]) -> None:
        """Raise BenchmarkError unless all files of `layout` are in the data folder."""
        for name in layout:
            if not (self.data / name).is_file():
                raise BenchmarkError(
                    f"{self.data / name} is missing: --data must be a folder that holds {' and '.join(layout)}"
                )

    def draw(self, items: Sequence[T]) -> list[T]:
        """`limit` of the items, the same ones every time, in their order."""
        if self.limit is None or self.limit >= len(items):
            return list(items)
        chosen = random.Random(0).sample(range(len(items)), self.limit)  # noqa: S311, not a secret
        return [items[position] for position in sorted(chosen)]

    def track(self, what: str, items: Sequence[T]) -> Iterator[T]:
        """The items, told to `progress` as they are done."""
        self.progress(what, 0, len(items))
        for done, item in enumerate(items, 1):
            yield item
            self.progress(what, done, len(items))

    def new_home(self, name: str) -> Home:
        """An empty home in `scratch` with the same settings."""
        root = self.scratch / name
        root.mkdir()
        return Home(root, self.home.config)

    def encoder(self) -> Embedder:
        """The configured encoder."""
        return open_embedder(self.home.config.embedder)
