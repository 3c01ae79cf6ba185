"""The `llama.cpp` reader: any GGUF on this machine's processor, bound by a grammar to citations that exist."""

from __future__ import annotations

import codecs
import ctypes
import re
from collections import deque
from contextlib import closing
from itertools import takewhile
from pathlib import Path
from threading import Event, Lock
from typing import TYPE_CHECKING, Any

import numpy as np

from istok.index.errors import MissingExtraError
from istok.index.machine import free_cores, free_memory
from istok.rag import models
from istok.rag.errors import ReaderError
from istok.rag.grammar import ClaimParser, gbnf, provisional
from istok.rag.prompt import INSTRUCTIONS, Message, fit, merged, messages
from istok.rag.types import Claim, Evidence, Reading, Turn

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from istok.index.types import Language
    from istok.rag.readers import ReaderEvent

try:
    import jinja2
    import llama_cpp
    from llama_cpp.llama_chat_format import CHATML_CHAT_TEMPLATE, Jinja2ChatFormatter
except ModuleNotFoundError as error:
    raise MissingExtraError("llama-cpp-python", "llama") from error

CONTEXT = 4096
SMALL_CONTEXT = 2048
MAX_TOKENS = 384
# A prompt is evaluated in pieces of this many tokens, so that a reading can be stopped between them.
BATCH = 32

_CANDIDATE = np.dtype([("id", np.int32), ("logit", np.float32), ("p", np.float32)])
_ERROR = 4
_errors: deque[str] = deque(maxlen=4)


@llama_cpp.llama_log_callback  # type: ignore[untyped-decorator]
def _log(level: int, text: bytes, _: ctypes.c_void_p) -> None:
    if level == _ERROR:
        _errors.append(text.decode("utf-8", "replace").strip())


# llama.cpp writes to standard error by itself; its errors are kept for ours, the rest is nobody's.
llama_cpp.llama_log_set(_log, ctypes.c_void_p(0))


class LlamaCppReader:
    """Reads with the model in a GGUF file, one question at a time; others wait.

    The model is loaded at once. Raises ReaderError when it can't be, or does not fit into memory.
    """

    def __init__(self, path: str | Path, *, n_ctx: int | None = None, max_tokens: int = MAX_TOKENS) -> None:
        self._path = Path(path).expanduser()
        self._max_tokens = max_tokens
        self._lock = Lock()
        models.check(self._path)
        _errors.clear()
        try:
            context = _context(self._path, n_ctx)
            cores = free_cores()
            self._model = llama_cpp.Llama(
                str(self._path),
                n_ctx=context,
                n_batch=BATCH,
                n_ubatch=BATCH,
                n_threads=cores,
                n_threads_batch=cores,
                seed=1,
                verbose=False,
            )
            self._vocabulary = llama_cpp.llama_model_get_vocab(self._model.model)
            self._bos = self._token_text(self._model.token_bos())
            self._formatter = Jinja2ChatFormatter(
                self._model.metadata.get("tokenizer.chat_template", CHATML_CHAT_TEMPLATE),
                eos_token=self._token_text(self._model.token_eos()),
                bos_token=self._bos,
            )
            self._has_system_role = self._keeps_system_messages()
            self._render(messages("?", (), (), "en"))
        except (ValueError, TypeError, RuntimeError, OSError, MemoryError, jinja2.TemplateError) as error:
            reason = _errors[0] if _errors else str(error)
            raise ReaderError(
                f"{self._path.name} can't be loaded ({reason}): choose another of `istok models list`"
            ) from error

    @property
    def name(self) -> str:
        """`llama.cpp:` and the name of the file."""
        return f"llama.cpp:{self._path.name}"

    @property
    def context(self) -> int:
        """Tokens that prompt and answer may have together."""
        return self._model.n_ctx()

    def read(
        self, question: str, turns: Sequence[Turn], evidence: Evidence, *, language: Language, stop: Event
    ) -> Iterator[ReaderEvent]:
        """As `Reader.read`; what is streamed before a claim is its text without marks."""
        # A plain lock, taken inside the generator: it is given back when the generator ends or is thrown away,
        # in whatever thread that is.
        while not self._lock.acquire(timeout=0.1):
            if stop.is_set():
                yield Reading((), 0, stopped=True)
                return
        try:
            yield from self._read(question, turns, evidence, language, stop)
        except RuntimeError as error:
            self._model.n_tokens = 0
            raise ReaderError(f"{self.name} failed ({error}): ask again, or choose another reader") from error
        finally:
            self._lock.release()

    def _read(
        self, question: str, turns: Sequence[Turn], evidence: Evidence, language: Language, stop: Event
    ) -> Iterator[ReaderEvent]:
        room = self.context - min(self._max_tokens, self.context // 4)
        prompt = fit(
            question, turns, evidence.sentences, language, count=lambda parts: len(self._tokens(parts)), limit=room
        )
        if not prompt.used:
            yield Reading((), 0)
            return
        tokens = self._tokens(prompt.messages)
        parser = ClaimParser(prompt.used)
        claims: list[Claim] = []
        text = shown = ""
        generated = 0
        for piece in self._generate(tokens, gbnf(prompt.used, language), stop):
            generated += 1
            text += piece
            visible = provisional(text)
            if len(visible) > len(shown):
                yield visible[len(shown) :]
                shown = visible
            for claim in parser.feed(piece):
                claims.append(claim)
                yield claim
            if parser.repeated:
                break
        stopped, dropped = stop.is_set(), parser.dropped
        # What we ourselves have cut in two is not counted as dropped for want of a citation.
        cut = stopped or parser.repeated
        for claim in parser.close():
            claims.append(claim)
            yield claim
        yield Reading(tuple(claims), prompt.used, dropped if cut else parser.dropped, stopped, generated)

    def _generate(self, tokens: list[int], grammar: str, stop: Event) -> Iterator[str]:
        """The model's most probable answer, token by token, until it ends, is too long, or `stop` is set."""
        model, cores = self._model, free_cores()
        llama_cpp.llama_set_n_threads(model.ctx, cores, cores)
        for start in range(self._keep_prefix(tokens), len(tokens), BATCH):
            if stop.is_set():
                return
            model.eval(tokens[start : start + BATCH])
        decoder = codecs.getincrementaldecoder("utf-8")("replace")
        with closing(_Grammar(self._vocabulary, grammar)) as bound:
            for _ in range(min(self._max_tokens, self.context - len(tokens))):
                token = bound.choose(llama_cpp.llama_get_logits_ith(model.ctx, -1), model.n_vocab())
                if llama_cpp.llama_vocab_is_eog(self._vocabulary, token):
                    return
                yield decoder.decode(model.detokenize([token]))
                if stop.is_set():
                    return
                model.eval([token])

    def _keep_prefix(self, tokens: list[int]) -> int:
        """Keep what the model has already evaluated of `tokens`, forget the rest, and say how many that are."""
        model, memory = self._model, llama_cpp.llama_get_memory(self._model.ctx)
        known = model.input_ids[: model.n_tokens].tolist()
        # The last token is always evaluated anew: the answer is drawn from what it leaves behind.
        shared = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(known, tokens[:-1], strict=False)))
        # Models with a recurrent state can't forget a part.
        if not llama_cpp.llama_memory_seq_rm(memory, 0, shared, -1):
            llama_cpp.llama_memory_clear(memory, True)
            shared = 0
        model.n_tokens = shared
        return shared

    def _tokens(self, parts: Sequence[Message]) -> list[int]:
        prompt = self._render(parts)
        written = self._bos != "" and prompt.startswith(self._bos)
        add_bos = llama_cpp.llama_vocab_get_add_bos(self._vocabulary) and not written
        return self._model.tokenize(prompt.encode(errors="replace"), add_bos=add_bos, special=True)

    def _render(self, parts: Sequence[Message]) -> str:
        prompt = self._apply_template(parts if self._has_system_role else merged(parts))
        # Some models can't be told not to think: then the thinking is over before it began.
        return prompt + "\n\n</think>\n\n" if prompt.rstrip().endswith("<think>") else prompt

    def _apply_template(self, parts: Sequence[Message]) -> str:
        conversation: list[Any] = list(parts)
        return self._formatter(messages=conversation, enable_thinking=False).prompt

    def _keeps_system_messages(self) -> bool:
        """Chat templates without a system role refuse one, or leave it out."""
        try:
            return INSTRUCTIONS["en"] in self._apply_template(messages("?", (), (), "en"))
        except (ValueError, TypeError, jinja2.TemplateError):
            return False

    def _token_text(self, token: int) -> str:
        return llama_cpp.llama_vocab_get_text(self._vocabulary, token).decode("utf-8") if token >= 0 else ""


class _Grammar:
    """Chooses the most probable token that a GBNF grammar allows, and follows it."""

    def __init__(self, vocabulary: int, text: str) -> None:
        self._sampler = llama_cpp.llama_sampler_init_grammar(vocabulary, text.encode(), b"root")
        if self._sampler is None:
            raise RuntimeError("llama.cpp does not accept the grammar")

    def choose(self, scores: Any, size: int) -> int:
        """The token with the highest of the `size` logits among those allowed."""
        logits = np.ctypeslib.as_array(scores, (size,))
        # The grammar is slow on a whole vocabulary, and a good model's first choice is nearly always allowed.
        for count in (1, 64, size):
            tokens = np.argpartition(logits, -count)[-count:] if count < size else np.arange(size)
            candidates = np.zeros(count, _CANDIDATE)
            candidates["id"], candidates["logit"] = tokens, logits[tokens]
            pointer = candidates.ctypes.data_as(ctypes.POINTER(llama_cpp.llama_token_data))
            array = llama_cpp.llama_token_data_array(data=pointer, size=count, selected=-1, sorted=False)
            llama_cpp.llama_sampler_apply(self._sampler, ctypes.byref(array))
            best = candidates[np.argmax(candidates["logit"])]
            if np.isfinite(best["logit"]):
                token = int(best["id"])
                llama_cpp.llama_sampler_accept(self._sampler, token)
                return token
        raise RuntimeError("the grammar allows none of the model's tokens")

    def close(self) -> None:
        llama_cpp.llama_sampler_free(self._sampler)


def _context(path: Path, wanted: int | None) -> int:
    """The context to open `path` with: no more than it was trained for, and within the memory that is free."""
    trained, per_token = _shape(path)
    sizes = [min(wanted, trained)] if wanted else [min(size, trained) for size in (CONTEXT, SMALL_CONTEXT)]
    free = free_memory()
    needed = 0
    for size in sizes:
        needed = path.stat().st_size + size * per_token + models.WORKING_MEMORY
        if needed <= free:
            return size
    raise ReaderError(
        f"{path.name} needs {needed / models.GB:.1f} GB of memory and {free / models.GB:.1f} GB are free: "
        "close other programs, or choose a smaller one of `istok models list`"
    )


def _shape(path: Path) -> tuple[int, int]:
    """The context a model was trained for, in tokens, and the bytes of key-value cache a token takes (16-bit)."""
    parameters = llama_cpp.llama_model_default_params()
    parameters.vocab_only = True
    model = llama_cpp.llama_model_load_from_file(str(path).encode(), parameters)
    if model is None:
        raise ValueError("damaged, or of a kind that llama.cpp does not know")

    def value(key: str) -> list[int]:
        buffer = ctypes.create_string_buffer(4096)
        llama_cpp.llama_model_meta_val_str(model, key.encode(), buffer, len(buffer))
        return [int(number) for number in re.findall(rb"\d+", buffer.value)]

    try:
        buffer = ctypes.create_string_buffer(256)
        llama_cpp.llama_model_meta_val_str(model, b"general.architecture", buffer, len(buffer))
        kind = buffer.value.decode()
        layers, heads = value(f"{kind}.block_count")[0], value(f"{kind}.attention.head_count")
        cached = value(f"{kind}.attention.head_count_kv") or heads
        width = value(f"{kind}.embedding_length")[0] // max(1, *heads)
        keys = value(f"{kind}.attention.key_length") or [width]
        values = value(f"{kind}.attention.value_length") or [width]
        # One number for all layers, or one for each.
        total = sum(cached) if len(cached) == layers else layers * cached[0]
        return value(f"{kind}.context_length")[0], total * (keys[0] + values[0]) * 2
    except IndexError as error:
        raise ValueError("its metadata lack the model's shape") from error
    finally:
        llama_cpp.llama_model_free(model)
