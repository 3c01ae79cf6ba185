"""The `llama.cpp` reader: any GGUF on this machine's processor, bound by a grammar to citations that exist."""

from __future__ import annotations

import atexit
import codecs
import ctypes
import re
from collections import deque
from contextlib import ExitStack, closing, contextmanager
from functools import partial
from itertools import takewhile
from math import inf
from pathlib import Path
from threading import Condition, Event
from time import monotonic
from typing import TYPE_CHECKING, Any

import numpy as np

from istok.index.errors import MissingExtraError
from istok.index.machine import free_cores, free_memory, usable_cores
from istok.rag import models
from istok.rag.errors import ReaderError, ReaderKind
from istok.rag.grammar import gbnf, one_question, question_gbnf
from istok.rag.prompt import INSTRUCTIONS, Message, fit, merged, messages, rewriting
from istok.rag.readers import ANSWER_SECONDS, Waiting
from istok.rag.readers.generation import Generation, Halt, events
from istok.rag.types import Evidence, Turn
from istok.rag.wording import say

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator, Sequence

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
REWRITE_TOKENS = 60
REWRITE_SECONDS = 30.0
FEWEST_SENTENCES, SENTENCES_A_CORE = 8, 4
"""Of evidence. Two cores read 20 sentences with a model of 1.5 billion weights in 14 to 25 s and 8 of them in 2 to 20
(12 questions of the gold `dev` half), and answer as well."""
MOMENT = 0.3
"""Seconds that one waits for one's turn before the length of the queue is told."""
FEWEST_CHARACTERS = 1.7
"""Of a language that a model knows, to a token."""
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
    """Reads with the model in a GGUF file. A process has one model in memory: whoever asks waits for their turn, and
    a reader of another file takes the place of the one before it.

    The model is loaded at once. Raises ReaderError when it can't be, or does not fit into memory.
    """

    def __init__(
        self,
        path: str | Path,
        *,
        n_ctx: int | None = None,
        max_tokens: int = MAX_TOKENS,
        answer_seconds: float = ANSWER_SECONDS,
    ) -> None:
        self._path = Path(path).expanduser()
        self._n_ctx = n_ctx
        self._max_tokens = max_tokens
        self._seconds = answer_seconds
        with _turns.mine():
            self._context = self._load().context

    @property
    def name(self) -> str:
        """`llama.cpp:` and the name of the file."""
        return f"llama.cpp:{self._path.name}"

    @property
    def context(self) -> int:
        """Tokens that prompt and answer may have together."""
        return self._context

    @property
    def sentences(self) -> int:
        """How many are read in some seconds."""
        return max(FEWEST_SENTENCES, SENTENCES_A_CORE * usable_cores())

    def read(
        self, question: str, turns: Sequence[Turn], evidence: Evidence, *, language: Language, stop: Event
    ) -> Iterator[ReaderEvent]:
        """As `Reader.read`; what is streamed before a claim is its text without marks. The last event is a
        `Reading`."""
        halt = Halt(stop, self._seconds)
        with ExitStack() as turn:
            ahead, waited = 0, False
            for ahead in turn.enter_context(_turns.queue(halt)):
                waited = waited or ahead > 0
                if waited and not halt.is_set():
                    yield Waiting(ahead)
            if ahead:
                yield halt.reading(language)
                return
            model = self._load()
            foreign = {language, *(sentence.language for sentence in evidence.sentences[:1])} - model.languages
            if foreign:
                notes = [say(language, f"unreadable_{unknown}", reader=self._path.name) for unknown in sorted(foreign)]
                yield halt.reading(language, notes=notes, gave_up=True)
                return
            prompt = fit(
                question,
                turns,
                evidence.sentences,
                language,
                count=lambda parts: len(model.tokens(parts)),
                limit=model.context - min(self._max_tokens, model.context // 4),
            )
            if not prompt.used:
                yield halt.reading(language)
                return
            pieces = partial(
                model.generate, model.tokens(prompt.messages), gbnf(prompt.used, language), self._max_tokens, halt
            )
            # From here on the turn is the generation's, whatever becomes of us.
            generation = Generation(pieces, halt, turn.pop_all().close)
        try:
            yield from events(generation, prompt.used, halt, language)
        except RuntimeError as error:
            raise ReaderError(ReaderKind.FAILED, reader=self.name, problem=str(error)) from error
        finally:
            halt.leave()

    def rewrite(self, question: str, turns: Sequence[Turn], language: Language) -> str | None:
        """The question as one that stands alone, worded by the model; None when it has no such wording, or no time."""
        halt = Halt(Event(), REWRITE_SECONDS)
        with _turns.mine(halt) as mine:
            if not mine:
                return None
            model = self._load()
            tokens = model.tokens(rewriting(question, turns, language))
            if language not in model.languages or len(tokens) + REWRITE_TOKENS > model.context:
                return None
            try:
                return one_question("".join(model.generate(tokens, question_gbnf(), REWRITE_TOKENS, halt)))
            except RuntimeError:
                return None

    def close(self) -> None:
        """Free the model, when it is this reader's that is in memory; the next reading loads it again."""
        global _model
        if self._is_loaded():  # else there is nothing to wait for
            with _turns.mine():
                if self._is_loaded() and _model is not None:
                    _model.close()
                    _model = None

    def _is_loaded(self) -> bool:
        model = _model
        return model is not None and (model.path, model.n_ctx) == (self._path, self._n_ctx)

    def _load(self) -> _Model:
        """The model, in memory. Only in one's turn."""
        global _model
        if _model is None or not self._is_loaded():
            models.check(self._path)  # else what is loaded would be lost for nothing
            if _model is not None:
                _model.close()
                _model = None
            _model = _Model(self._path, self._n_ctx)
        return _model


class _Turns:
    """Gives one after the other their turn, in the order in which they came."""

    def __init__(self) -> None:
        self._changed = Condition()
        self._waiting: deque[object] = deque()
        self._absent: set[object] = set()
        self._holder: object = None

    @contextmanager
    def mine(self, halt: Halt | None = None) -> Iterator[bool]:
        """Within it, it is one's turn, unless `halt` came first: then False."""
        with self._place() as ticket:
            yield self._wait(ticket, halt) == 0

    @contextmanager
    def queue(self, halt: Halt) -> Iterator[Iterator[int]]:
        """Within it one stands in the queue, and hears how many are ahead: after a moment and at each change, until
        it is one's turn, 0, or `halt` is set. Who does not listen is passed over, and keeps their place. May end in
        another thread."""
        with self._place() as ticket:
            yield self._ahead(ticket, halt)

    @contextmanager
    def _place(self) -> Iterator[object]:
        ticket = object()
        with self._changed:
            self._waiting.append(ticket)
        try:
            yield ticket
        finally:
            with self._changed:
                self._waiting.remove(ticket)
                self._absent.discard(ticket)
                if self._holder is ticket:
                    self._holder = None
                self._changed.notify_all()

    def _ahead(self, ticket: object, halt: Halt) -> Iterator[int]:
        seen, moment = 0, monotonic() + MOMENT
        while ahead := self._wait(ticket, halt, seen, moment):
            yield ahead
            if halt.is_set():
                return
            seen = ahead
        yield 0

    def _wait(self, ticket: object, halt: Halt | None, seen: int = 0, moment: float = inf) -> int:
        """0 when it is one's turn. Before that how many are ahead: when `halt` is set, or when after the `moment` they
        are not as many as were `seen`."""
        with self._changed:
            self._absent.discard(ticket)
            while True:
                before = list(takewhile(lambda other: other is not ticket, self._waiting))
                if self._holder is None and self._absent.issuperset(before):
                    self._holder = ticket
                    return 0
                ahead = max(1, len(before))
                if (ahead != seen and monotonic() > moment) or (halt and halt.is_set()):
                    self._absent.add(ticket)
                    return ahead
                self._changed.wait(0.1)


_turns = _Turns()
_model: _Model | None = None


@atexit.register
def _unload() -> None:
    """Before the interpreter takes away what the model works with."""
    Generation.end_all()
    with _turns.mine(Halt(Event(), 5)) as mine:
        if mine and _model is not None:
            _model.close()


class _Model:
    """A loaded GGUF file, for one thread at a time. Raises ReaderError when it can't be loaded."""

    def __init__(self, path: Path, n_ctx: int | None) -> None:
        self.path = path
        self.n_ctx = n_ctx
        models.check(path)
        _errors.clear()
        try:
            cores = free_cores()
            self._llama = llama_cpp.Llama(
                str(path),
                n_ctx=_context(path, n_ctx),
                n_batch=BATCH,
                n_ubatch=BATCH,
                n_threads=cores,
                n_threads_batch=cores,
                seed=1,
                verbose=False,
            )
            self.context = self._llama.n_ctx()
            self._vocabulary = llama_cpp.llama_model_get_vocab(self._llama.model)
            self._bos = self._token_text(self._llama.token_bos())
            self._template = self._llama.metadata.get("tokenizer.chat_template", CHATML_CHAT_TEMPLATE)
            self._formatter = Jinja2ChatFormatter(
                self._template, eos_token=self._token_text(self._llama.token_eos()), bos_token=self._bos
            )
            self._has_system_role = self._keeps_system_messages()
            self._render(messages("?", (), (), "en"))
            self.languages = frozenset(language for language in INSTRUCTIONS if self._reads(language))
        except (ValueError, TypeError, RuntimeError, OSError, MemoryError, jinja2.TemplateError) as error:
            reason = _errors[0] if _errors else str(error)
            raise ReaderError(ReaderKind.NOT_LOADED, file=path.name, problem=reason) from error

    def close(self) -> None:
        """Give its memory back."""
        self._llama.close()

    def generate(self, tokens: list[int], grammar: str, most: int, halt: Halt) -> Generator[str]:
        """The most probable answer, token by token, until it ends, has `most` tokens, or `halt` is set."""
        llama, cores = self._llama, free_cores()
        llama_cpp.llama_set_n_threads(llama.ctx, cores, cores)
        decoder = codecs.getincrementaldecoder("utf-8")("replace")
        try:
            for start in range(self._keep_prefix(tokens), len(tokens), BATCH):
                if halt.is_set():
                    return
                llama.eval(tokens[start : start + BATCH])
            with closing(_Grammar(self._vocabulary, grammar)) as bound:
                for _ in range(min(most, self.context - len(tokens))):
                    token = bound.choose(llama_cpp.llama_get_logits_ith(llama.ctx, -1), llama.n_vocab())
                    if llama_cpp.llama_vocab_is_eog(self._vocabulary, token):
                        return
                    yield decoder.decode(llama.detokenize([token]))
                    if halt.is_set():
                        return
                    llama.eval([token])
        except RuntimeError:
            # Nobody knows what the cache holds now.
            llama.n_tokens = 0
            raise

    def tokens(self, parts: Sequence[Message]) -> list[int]:
        """The prompt of these messages."""
        prompt = self._render(parts)
        written = self._bos != "" and prompt.startswith(self._bos)
        add_bos = llama_cpp.llama_vocab_get_add_bos(self._vocabulary) and not written
        return self._llama.tokenize(prompt.encode(errors="replace"), add_bos=add_bos, special=True)

    def _keep_prefix(self, tokens: list[int]) -> int:
        """Keep what is already evaluated of `tokens`, forget the rest, and say how many that are."""
        llama, memory = self._llama, llama_cpp.llama_get_memory(self._llama.ctx)
        known = llama.input_ids[: llama.n_tokens].tolist()
        # The last token is always evaluated anew: the answer is drawn from what it leaves behind.
        shared = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(known, tokens[:-1], strict=False)))
        # Models with a recurrent state can't forget a part.
        if not llama_cpp.llama_memory_seq_rm(memory, 0, shared, -1):
            llama_cpp.llama_memory_clear(memory, True)
            shared = 0
        llama.n_tokens = shared
        return shared

    def _render(self, parts: Sequence[Message]) -> str:
        prompt = self._apply_template(parts if self._has_system_role else merged(parts))
        end = prompt.rstrip()
        if end.endswith("<think>"):
            # It can't be told not to think: then the thinking is over before it began.
            return prompt + "\n\n</think>\n\n"
        if "<|channel|>analysis" in self._template and not end.endswith("<|message|>"):
            return prompt + "<|channel|>final<|message|>"
        knows = "enable_thinking" in self._template or "</think>" not in self._template
        return prompt if knows or end.endswith("</think>") else prompt + "<think>\n\n</think>\n\n"

    def _apply_template(self, parts: Sequence[Message]) -> str:
        conversation: list[Any] = list(parts)
        return self._formatter(messages=conversation, enable_thinking=False).prompt

    def _keeps_system_messages(self) -> bool:
        """Chat templates without a system role refuse one, or leave it out."""
        try:
            return INSTRUCTIONS["en"] in self._apply_template(messages("?", (), (), "en"))
        except (ValueError, TypeError, jinja2.TemplateError):
            return False

    def _reads(self, language: Language) -> bool:
        """Whether the model was made for a language: a tokenizer that all but spells it was not."""
        text = INSTRUCTIONS[language]
        return len(text) >= FEWEST_CHARACTERS * len(self._llama.tokenize(text.encode(), add_bos=False))

    def _token_text(self, token: int) -> str:
        return llama_cpp.llama_vocab_get_text(self._vocabulary, token).decode("utf-8") if token >= 0 else ""


class _Grammar:
    """Chooses the most probable token that a GBNF grammar allows, and follows it."""

    def __init__(self, vocabulary: int, text: str) -> None:
        self._sampler = llama_cpp.llama_sampler_init_grammar(vocabulary, text.encode(), b"root")
        if self._sampler is None:
            raise RuntimeError(ReaderKind.NO_GRAMMAR)

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
        raise RuntimeError(ReaderKind.NO_TOKEN)

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
    raise ReaderError(ReaderKind.NO_MEMORY, file=path.name, needed=needed / models.GB, free=free / models.GB)


def _shape(path: Path) -> tuple[int, int]:
    """The context a model was trained for, in tokens, and the bytes of key-value cache a token takes (16-bit)."""
    parameters = llama_cpp.llama_model_default_params()
    parameters.vocab_only = True
    model = llama_cpp.llama_model_load_from_file(str(path).encode(), parameters)
    if model is None:
        raise ValueError(ReaderKind.UNKNOWN_FORM)

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
        raise ValueError(ReaderKind.NO_SHAPE) from error
    finally:
        llama_cpp.llama_model_free(model)
