"""The home: the one folder that holds the index, the settings, the models and the uploaded documents."""

from __future__ import annotations

import os
import tomllib
from dataclasses import dataclass
from pathlib import Path

import tomli_w
from platformdirs import user_data_path
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from istok.index.errors import IndexKind, IndexStateError

DEFAULT_EMBEDDER = "onnx:istok-ru-en"
DEFAULT_RERANKER = "onnx:istok-reranker"


class Config(BaseModel):
    """The settings of a home, kept in its `config.toml`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    embedder: str = DEFAULT_EMBEDDER
    reader: str = "quote"
    passage_tokens: int = Field(
        default=160, ge=16, le=2048, description="upper bound of a passage, in the encoder's tokens"
    )
    answer_seconds: float = Field(default=180, gt=0, description="how long a language model may take for an answer")
    reranker: str = Field(
        default=DEFAULT_RERANKER, description="a cross-encoder that judges evidence too; none if empty"
    )
    sources: int = Field(default=8, ge=1, le=50, description="passages that evidence is gathered from")


@dataclass(frozen=True, slots=True)
class Home:
    """Where everything of one installation lies."""

    root: Path
    config: Config

    @classmethod
    def open(cls, path: Path | None = None) -> Home:
        """The home at `path`, else at ISTOK_HOME, else in the user's data folder; made when missing.

        Raises IndexStateError when the folder or its settings can't be used.
        """
        root = path or Path(os.environ.get("ISTOK_HOME") or user_data_path("istok", appauthor=False))
        root = root.expanduser().absolute()
        settings = root / "config.toml"
        try:
            root.mkdir(parents=True, exist_ok=True)
            content = tomllib.loads(settings.read_text("utf-8")) if settings.exists() else {}
            return cls(root, Config.model_validate(content))
        except OSError as error:
            raise IndexStateError(IndexKind.HOME_UNUSABLE, home=root, problem=error.strerror) from error
        except tomllib.TOMLDecodeError as error:
            raise IndexStateError(IndexKind.SETTINGS_NO_TOML, path=settings, problem=error) from error
        except UnicodeDecodeError as error:
            raise IndexStateError(IndexKind.SETTINGS_NO_TEXT, path=settings) from error
        except ValidationError as error:
            first = error.errors()[0]
            key = ".".join(map(str, first["loc"]))
            raise IndexStateError(IndexKind.BAD_SETTING, path=settings, key=key, problem=first["msg"]) from error

    def save(self, config: Config) -> Home:
        """Write `config` in place of the present settings, atomically."""
        draft = self.root / "config.toml.new"
        draft.write_text(tomli_w.dumps(config.model_dump()), "utf-8")
        draft.replace(self.root / "config.toml")
        return Home(self.root, config)

    @property
    def database(self) -> Path:
        """The SQLite file: the truth."""
        return self.root / "index.sqlite"

    @property
    def vectors(self) -> Path:
        """The FAISS file: a cache."""
        return self.root / "vectors.faiss"

    @property
    def lock(self) -> Path:
        """Held by the one writer of documents."""
        return self.root / "index.lock"

    @property
    def encoding_lock(self) -> Path:
        """Held by the one that encodes what was written."""
        return self.root / "encoding.lock"

    @property
    def models(self) -> Path:
        """GGUF files."""
        return self.root / "models"

    @property
    def documents(self) -> Path:
        """Uploaded originals."""
        return self.root / "documents"

    @property
    def conversations(self) -> Path:
        """The SQLite file of what was asked and answered."""
        return self.root / "conversations.sqlite"
