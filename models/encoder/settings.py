"""The recipe's settings, read from config.toml and checked."""

from __future__ import annotations

import tomllib
from pathlib import Path

from pydantic import BaseModel, ConfigDict


class Section(BaseModel):
    """A table of config.toml: unknown keys are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Prepare(Section):
    """Which pairs are kept, and how often each source is drawn."""

    max_characters: int
    min_cyrillic: float
    per_source: dict[str, float]


class Vocabulary(Section):
    """Size of the vocabulary."""

    rows: int
    news_words: int


class Initialise(Section):
    """First values of the Russian rows."""

    epochs: int
    batch: int
    learning_rate: float
    trusted: float
    ridge: float
    neighbours: int
    temperature: float


class Distil(Section):
    """The joint training."""

    batch_tokens: int
    long_share: float
    long_tokens: tuple[int, int]
    bank: int
    scale: float
    cosine_weight: float
    english_every: int
    embedding_rate: float
    network_rate: float
    warmup: int
    frozen_share: float


class Finetune(Section):
    """Questions and what answers them."""

    batch: int
    embedding_rate: float
    network_rate: float
    negatives: int
    distil_every: int
    headings_every: int


class Settings(Section):
    """The whole of config.toml."""

    seed: int
    prepare: Prepare
    vocabulary: Vocabulary
    initialise: Initialise
    distil: Distil
    finetune: Finetune


def read_settings() -> Settings:
    """Raises pydantic.ValidationError on a wrong key or value."""
    text = Path(__file__).with_name("config.toml").read_text(encoding="utf-8")
    return Settings.model_validate(tomllib.loads(text))
