"""Errors of `istok.rag`; each message is one line that ends with the remedy."""

from __future__ import annotations

from enum import StrEnum

from istok.index.errors import IstokError

_AGAIN = "fetching it again goes on from there"


class ReaderKind(StrEnum):
    """Why a reader can't be opened or fails, as the line that says so, and what such a line may have as its reason."""

    NO_FILE = "there is no model file {path}: see those that are here with `istok models list`"
    NO_GGUF = "{path} is not a GGUF model: choose one of `istok models list`"
    UNREADABLE = "{path} can't be read ({problem}): choose one of `istok models list`"
    NOT_LOADED = "{file} can't be loaded ({problem}): choose another of `istok models list`"
    UNKNOWN_FORM = "damaged, or of a kind that llama.cpp does not know"
    NO_SHAPE = "its metadata lack the model's shape"
    NO_MEMORY = (
        "{file} needs {needed:.1f} GB of memory and {free:.1f} GB are free: "
        "close other programs, or choose a smaller one of `istok models list`"
    )
    FAILED = "{reader} failed ({problem}): ask again, or choose another reader"
    NO_GRAMMAR = "llama.cpp does not accept the grammar"
    NO_TOKEN = "the grammar allows none of the model's tokens"  # noqa: S105

    LONG_PROMPT = (
        "the question is too long for this model, which can take {limit} tokens: "
        "ask a shorter one, or choose another reader"
    )
    LONG_QUESTION = "the question is too long for {reader}: ask a shorter one"

    KEY_IN_ADDRESS = "an address may hold no key: put it into the environment variable {variable}"
    KEY_MALFORMED = "the key in {variable} has characters that no key has: set it again"
    KEY_REFUSED = "{url} refuses the key ({problem}): set the environment variable {variable}"
    NO_LIST = "{url} has no list of models: mend the address, which usually ends in /v1"
    NO_MODEL = "{url} has no model {model} ({problem}): mend the name or the address, which usually ends in /v1"
    REFUSED = "{url} refuses the question ({problem}): choose another reader"
    NOT_OPENAI = "{url} speaks another language than OpenAI's: mend the address"
    SILENT = "{url} does not answer ({problem}): start the server, mend the address, or choose another reader"
    BREAKS_OFF = "its answer breaks off"


class RerankerKind(StrEnum):
    """Why a reranker can't be used, as the line that says so."""

    NOT_HERE = "the reranker {name!r} is not on this machine: give a folder"
    DAMAGED = "the reranker in {folder} is damaged ({problem}): fetch it again"


class PullKind(StrEnum):
    """Why a model is not fetched, or not whole, as the line that says so."""

    STOPPED = "stopped at {share:.0%} of {file}: " + _AGAIN
    BUSY = "another istok is fetching {model}: wait until it has"
    NO_CHECKSUM = "{hub} gives no checksum for {file}: use another hub (HF_ENDPOINT)"
    OTHER_FILE = (
        "{hub} offers another {file} (SHA-256 {found}…) than the one that Istok knows ({known}…): "
        "use another hub (HF_ENDPOINT)"
    )
    NO_ROOM = (
        "{model} needs {needed:.2f} GB on the disk and {free:.2f} GB are free: make room, or "
        "choose another folder with --home"
    )
    OTHER_CONTENT = (
        "what came as {file} is not what was published (checksum {found}… instead of {known}…) and was deleted: "
        "fetch it again, or use another hub (HF_ENDPOINT)"
    )
    NO_GGUF = "{file} is no GGUF model and was deleted: choose another file of {repo}"
    OFFLINE = "HF_HUB_OFFLINE forbids to use the network: unset it"
    GATED = "{repo} is only for those who accept its terms: do so on {hub}/{repo}, then set HF_TOKEN"
    NOT_FOUND = "there is no {url}: check the name"
    HIDDEN = "{hub} has no {repo}, or shows it only to some: check the name, or set HF_TOKEN"
    FORBIDDEN = "{hub} refuses {repo} ({status}): set HF_TOKEN to one that may read it"
    HUB_FAILS = "{hub} answered {status}: try later; " + _AGAIN
    UNREACHED = "{hub} can't be reached ({problem}): check the network or HF_ENDPOINT; " + _AGAIN
    DISK_FULL = "{folder} can't be written ({problem}): make room; " + _AGAIN
    UNWRITABLE = "{folder} can't be written ({problem}): choose another folder with --home; " + _AGAIN
    TOO_EARLY = "the connection was closed too early"


class ReaderError(IstokError):
    """A reader that can't be opened or that failed while reading."""


class InputError(IstokError):
    """A question, a history or a JSON line that can't be used."""
