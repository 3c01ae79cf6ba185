"""The settings as HTML: readers to choose from, a server to ask, models to fetch. Everything is escaped."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from istok.index.errors import IstokError, MissingExtraError
from istok.rag.models import Model
from istok.ui.downloads import Download
from istok.ui.readers import Choice, short
from istok.ui.texts import Texts

EXTRA = str(MissingExtraError("llama-cpp-python", "llama")).partition(": ")[2]
"""The command that installs what opens GGUF files."""


@dataclass(frozen=True, slots=True)
class Machine:
    """What the choice depends on: bytes of `free` memory, and whether GGUF files can be opened at all."""

    free: int
    llama: bool


@dataclass(frozen=True, slots=True)
class Offer:
    """A model of our table: the choice that it is when it is here, else the bytes of it that are."""

    model: Model
    choice: Choice | None
    kept: int


@dataclass(frozen=True, slots=True)
class Wish:
    """A server as it was typed; `problem` says what is wrong with it, `host` whom to agree to."""

    model: str = ""
    address: str = ""
    problem: str = ""
    host: str = ""
    key: bool = False
    """Whether there is a key in the environment."""


def readers_html(
    choices: Sequence[Choice], present: str, *, loading: str, failure: IstokError | None, machine: Machine, texts: Texts
) -> str:
    """The readers that can be chosen, the present one marked, and how the last change went."""
    said = texts.settings
    items = []
    for choice in choices:
        name, facts = _described(choice, machine, texts)
        if choice.name == present:
            actions, state = f'<span class="now">{escape(said.now)}</span>', ' class="current" aria-current="true"'
        else:
            actions, state = _button("choose", said.choose, name, key=choice.key, disabled=bool(loading)), ""
            if choice.model and choice.key != "elsewhere":
                sure = said.sure(name)
                actions += _button("remove", said.remove, name, key=choice.key, sure=sure, disabled=bool(loading))
        items.append(f"<li{state}><p><b>{escape(name)}</b></p>{facts}<p>{actions}</p></li>")
    lines = []
    if loading:
        lines.append(f'<p role="status" aria-busy="true">{escape(said.loading(short(loading)))}</p>')
    elif failure:
        lines.append(_warning(said.failed(texts.told(failure)), "alert"))
    if not machine.llama and any(choice.model for choice in choices):
        lines.append(_warning(said.missing(EXTRA)))
    title = escape(said.reader)
    return f'<section lang="{texts.language}"><h2>{title}</h2><ul>{"".join(items)}</ul>{"".join(lines)}</section>'


def _described(choice: Choice, machine: Machine, texts: Texts) -> tuple[str, str]:
    """Its name, and what is to be known before it is chosen."""
    said = texts.settings
    if choice.model:
        facts = f"{said.size(choice.model.size)} · {said.memory(choice.model.memory)}"
        fits = choice.model.memory <= machine.free
        return choice.model.path.name, _facts(facts) + ("" if fits else _warning(said.fits_not(machine.free)))
    if choice.key == "server":
        return short(choice.name), _facts(f"{said.server_facts} {choice.name.rpartition('@')[2]}")
    return said.quotes, _facts(said.quotes_facts)


def server_html(wish: Wish, texts: Texts) -> str:
    """The form that names a server, with what will be sent there."""
    said = texts.settings
    below = _warning(wish.problem, "alert") if wish.problem else ""
    if wish.host:
        warnings = [said.leaves(wish.host)]
        if wish.address.startswith("http://"):
            warnings.append(said.unencrypted)
        if wish.key:
            warnings.append(said.key_leaves)
        agree = _button("connect", said.agree(wish.host), "", model=wish.model, address=wish.address, agreed=wish.host)
        below = f'<div class="warning" role="alert"><p>{escape(" ".join(warnings))}</p><p>{agree}</p></div>'
    fields = "".join(
        f'<label>{escape(label)}<input name="{name}" value="{escape(value)}" placeholder="{example}" '
        'autocomplete="off" spellcheck="false" required></label>'
        for name, label, value, example in (
            ("model", said.model, wish.model, "qwen3.5-4b"),
            ("address", said.address, wish.address, "http://localhost:8080/v1"),
        )
    )
    return (
        f'<section lang="{texts.language}"><details{" open" if below else ""}><summary>{escape(said.server)}</summary>'
        f"{_facts(said.server_hint)}<form>{fields}<button>{escape(said.connect)}</button></form>{below}"
        f"{_facts(said.key_hint(wish.key))}</details></section>"
    )


def sources_html(count: int, most: int, texts: Texts) -> str:
    """How many passages are looked for, to be drawn or typed."""
    said = texts.settings
    return (
        f'<section lang="{texts.language}"><label class="title">{escape(said.sources)} <output>{count}</output>'
        f'<input type="range" min="1" max="{most}" value="{count}"></label>'
        f"{_facts(said.sources_hint)}</section>"
    )


def rated_html(count: int | None, texts: Texts) -> str:
    """The way to the rated answers; `count` of them have just been asked for."""
    said = texts.settings
    none = f'<p class="facts" role="status">{escape(said.none_rated)}</p>' if count == 0 else ""
    return (
        f'<section lang="{texts.language}"><h2>{escape(said.rated)}</h2>{_facts(said.rated_hint)}'
        f"<p>{_button('export', said.export, '')}</p>{none}</section>"
    )


def models_html(
    shelf: Sequence[Offer], present: str, latest: Download | None, *, source: str, machine: Machine, texts: Texts
) -> str:
    """The models of our table, and what becomes of the one on its way; `source` is the hub."""
    said = texts.settings
    items = []
    for offer in shelf:
        model = offer.model
        facts = _facts(" · ".join((said.size(model.size), said.known_languages(model.languages), model.license)))
        if model.memory <= machine.free:
            memory = _facts(f"{said.memory(model.memory)}: {said.fits}")
        else:
            memory = _warning(f"{said.memory(model.memory)}: {said.fits_not(machine.free)}")
        state = _state(offer, present, latest, texts)
        items.append(f"<li><p><b>{escape(model.name)}</b></p>{facts}{memory}{state}</li>")
    missing = "" if machine.llama else _warning(said.missing(EXTRA))
    return (
        f'<section lang="{texts.language}"><h2>{escape(said.models)}</h2>'
        f"{_facts(f'{said.models_hint(source)} {said.free(machine.free)}')}{missing}<ul>{''.join(items)}</ul></section>"
    )


def _state(offer: Offer, present: str, latest: Download | None, texts: Texts) -> str:
    """Where a model is, what can be done with it, and how its last download ended."""
    said, model, choice = texts.settings, offer.model, offer.choice
    own = latest if latest and latest.model == model else None
    if own and not own.ended:
        return _progress(own, texts)
    if choice:
        whole = own is not None and own.state == "complete"
        outcome = f'<p class="done" role="status">{escape(said.complete(model.name))}</p>' if whole else ""
        if choice.name == present:
            return f'{outcome}<p><span class="now">{escape(said.now)}</span></p>'
        use = _button("choose", said.choose, model.name, key=choice.key)
        return f'{outcome}<p><span class="now">{escape(said.here)}</span>{use}</p>'
    outcome = ""
    if own and own.state == "failed" and own.failure:
        outcome = _warning(said.failed(texts.told(own.failure)), "alert")
    elif own and own.state == "stopped":
        outcome = f'<p class="facts" role="status">{escape(said.stopped)}</p>'
    busy = latest is not None and not latest.ended
    if not offer.kept:
        fetch = _button("fetch", said.fetch(model.size), model.name, name=model.name, disabled=busy)
        return f"{outcome}<p>{fetch}</p>"
    go_on = _button("fetch", said.go_on, model.name, name=model.name, disabled=busy)
    discard = _button("discard", said.discard, model.name, name=model.name, sure=said.sure(model.name))
    kept = escape(said.kept(_percent(offer.kept, model.size)))
    return f'{outcome}<p><span class="now">{kept}</span>{go_on}{discard}</p>'


def _progress(download: Download, texts: Texts) -> str:
    said, percent = texts.settings, _percent(download.done, download.total)
    if download.state == "stopping":
        told = [said.stopping]
    elif download.total and download.done == download.total:
        told = [said.checking]
    elif not download.speed:
        told = [said.starting]
    else:
        told = [said.of(download.done, download.total), f"{percent} %" if texts.language == "ru" else f"{percent}%"]
        told.append(said.speed(download.speed))
        if download.seconds_left is not None:
            told.append(said.left(download.seconds_left))
    cancel = _button("cancel", said.cancel, download.model.name, disabled=download.state == "stopping")
    name = escape(said.progress(download.model.name))
    return (
        f'<progress max="100" value="{percent}" aria-label="{name}"></progress>'
        f'<p class="facts">{escape(" · ".join(told))}</p><p>{cancel}</p>'
    )


def _percent(done: int, total: int) -> int:
    return min(100, 100 * done // total) if total else 0


def _button(event: str, label: str, about: str, *, disabled: bool = False, **data: str) -> str:
    """A button that triggers `event` with `data`; `about` tells it from others of its name."""
    attributes = "".join(f' data-{key}="{escape(value)}"' for key, value in data.items())
    name = f' aria-label="{escape(f"{label}: {about}")}"' if about else ""
    state = " disabled" if disabled else ""
    return f'<button type="button" data-do="{event}"{attributes}{name}{state}>{escape(label)}</button>'


def _facts(text: str) -> str:
    return f'<p class="facts">{escape(text)}</p>'


def _warning(text: str, role: str = "") -> str:
    attribute = f' role="{role}"' if role else ""
    return f'<p class="warning"{attribute}>{escape(text)}</p>'
