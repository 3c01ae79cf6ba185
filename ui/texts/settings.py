"""Strings of the settings, in Russian and English."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class SettingsTexts:
    """Of the settings; callables take counts, names or messages. Sizes are in bytes, times in seconds."""

    tab: str
    keeper: Callable[[str], str]
    language: str
    sources: str
    sources_hint: str
    reader: str
    quotes: str
    quotes_facts: str
    now: str
    choose: str
    remove: str
    sure: Callable[[str], str]
    loading: Callable[[str], str]
    failed: Callable[[str], str]
    size: Callable[[float], str]
    memory: Callable[[int], str]
    fits: str
    fits_not: Callable[[int], str]
    missing: Callable[[str], str]
    server: str
    server_hint: str
    server_facts: str
    key_hint: Callable[[bool], str]
    model: str
    address: str
    connect: str
    bad_model: str
    bad_address: str
    leaves: Callable[[str], str]
    unencrypted: str
    key_leaves: str
    agree: Callable[[str], str]
    models: str
    models_hint: Callable[[str], str]
    free: Callable[[int], str]
    known_languages: Callable[[str], str]
    fetch: Callable[[int], str]
    go_on: str
    cancel: str
    stopping: str
    discard: str
    kept: Callable[[int], str]
    here: str
    starting: str
    checking: str
    progress: Callable[[str], str]
    of: Callable[[int, int], str]
    speed: Callable[[float], str]
    left: Callable[[float], str]
    complete: Callable[[str], str]
    stopped: str
    rated: str
    rated_hint: str
    export: str
    none_rated: str


def _amount(count: float) -> tuple[str, str]:
    """The number with three digits that tell something, and its unit's first letter."""
    number, unit = (count / 1e9, "G") if count >= 1e9 else (count / 1e6, "M")
    return f"{number:.{0 if number >= 100 else 1 if number >= 10 else 2}f}", unit


def _russian_size(count: float) -> str:
    number, unit = _amount(count)
    return f"{number.replace('.', ',')} {'ГБ' if unit == 'G' else 'МБ'}"


def _english_size(count: float) -> str:
    number, unit = _amount(count)
    return f"{number} {unit}B"


def _minutes(seconds: float) -> tuple[int, int]:
    return divmod(round(seconds), 60)


def _russian_left(seconds: float) -> str:
    minutes, rest = _minutes(seconds)
    return f"осталось {minutes} мин" if minutes else f"осталось {rest} с"


def _english_left(seconds: float) -> str:
    minutes, rest = _minutes(seconds)
    return f"{minutes} min left" if minutes else f"{rest} s left"


def _named(codes: str, names: dict[str, str], more: Callable[[str], str]) -> str:
    """The languages of our table of models: codes, then how many more there are."""
    return ", ".join(more(code.split()[0]) if code.endswith(" more") else names[code] for code in codes.split(", "))


RUSSIAN: Final = SettingsTexts(
    tab="Настройки",
    keeper=lambda name: f"Модель и источники ответов для всех выбирает {name}.",
    language="Язык страницы",
    sources="Сколько фрагментов искать:",
    sources_hint="Больше фрагментов — полнее ответ, но языковая модель думает дольше.",
    reader="Кто отвечает",
    quotes="Дословные цитаты",
    quotes_facts="без языковой модели, сразу",
    now="отвечает сейчас",
    choose="Выбрать",
    remove="Удалить",
    sure=lambda name: f"Удалить {name} с этого компьютера?",
    loading=lambda name: f"Загружаю {name}… Пока отвечает прежний.",
    failed=lambda message: f"Не получилось: {message}",
    size=_russian_size,
    memory=lambda needed: f"памяти нужно {_russian_size(needed)}",
    fits="поместится",
    fits_not=lambda free: (
        f"не поместится: свободно {_russian_size(free)}. Закройте другие программы или возьмите меньше."
    ),
    missing=lambda command: f"Чтобы модели GGUF работали, установите llama-cpp-python и перезапустите Исток: {command}",
    server="Модель на сервере",
    server_hint="Любой сервер с интерфейсом OpenAI: llama-server, vLLM, Ollama. Ему посылаются вопрос, разговор до "
    "него и найденные предложения ваших документов.",
    server_facts="на сервере",
    key_hint=lambda is_set: (
        "Ключ берётся только из переменной окружения OPENAI_API_KEY "
        + ("(сейчас она задана)." if is_set else "(сейчас она не задана).")
    ),
    model="Модель",
    address="Адрес",
    connect="Подключить",
    bad_model="Назовите модель, как её называет сервер: одно слово без пробелов.",
    bad_address="Адрес должен начинаться с http:// или https:// и называть сервер, например http://localhost:8080/v1",
    leaves=lambda host: (
        f"Ваши вопросы, разговор и предложения из документов будут уходить с этого компьютера на {host}."
    ),
    unencrypted="Они пойдут без шифрования (http): их увидит каждый по дороге.",
    key_leaves="Туда же уйдёт ключ из OPENAI_API_KEY.",
    agree=lambda host: f"Согласен, посылать на {host}",
    models="Модели, которые можно скачать",
    models_hint=lambda source: f"Скачиваются с {source}, и только по нажатию.",
    free=lambda free: f"Свободно памяти: {free / 1e9:.0f} ГБ.",
    known_languages=lambda codes: _named(
        codes, {"ru": "русский", "en": "английский"}, lambda count: f"ещё {count} языков"
    ),
    fetch=lambda size: f"Скачать {_russian_size(size)}",
    go_on="Продолжить",
    cancel="Остановить",
    stopping="Останавливаю…",
    discard="Удалить скачанное",
    kept=lambda percent: f"скачано {percent} %",
    here="уже здесь",
    starting="Начинаю…",
    checking="Сверяю контрольную сумму…",
    progress=lambda name: f"Скачивание {name}",
    of=lambda done, total: f"{_russian_size(done)} из {_russian_size(total)}",
    speed=lambda speed: f"{_russian_size(speed)}/с",
    left=_russian_left,
    complete=lambda name: f"{name} скачана целиком, контрольная сумма SHA-256 сошлась.",
    stopped="Остановлено; скачанное сохранено, можно продолжить.",
    rated="Оценённые ответы",
    rated_hint="Ответы, которые вы оценили, — заготовки вопросов для istok eval: по одному на строку, верный ответ "
    "вписывает человек.",
    export="Сохранить заготовки (JSONL)",
    none_rated="Оценённых ответов пока нет.",
)


ENGLISH: Final = SettingsTexts(
    tab="Settings",
    keeper=lambda name: f"The model and the sources of answers are for {name} to choose, for everybody.",
    language="Language of the page",
    sources="Passages to look for:",
    sources_hint="More passages make fuller answers, and a language model takes longer.",
    reader="Who answers",
    quotes="Verbatim quotes",
    quotes_facts="no language model, instant",
    now="answers now",
    choose="Use it",
    remove="Remove",
    sure=lambda name: f"Delete {name} from this computer?",
    loading=lambda name: f"Loading {name}… The one before answers meanwhile.",
    failed=lambda message: f"It did not work: {message}",
    size=_english_size,
    memory=lambda needed: f"needs {_english_size(needed)} of memory",
    fits="fits",
    fits_not=lambda free: f"does not fit, {_english_size(free)} are free: close other programs or take a smaller one.",
    missing=lambda command: f"GGUF models need llama-cpp-python: install it and start Istok again: {command}",
    server="A model on a server",
    server_hint="Any server with OpenAI's interface: llama-server, vLLM, Ollama. It is sent the question, the "
    "conversation before it and the sentences found in your documents.",
    server_facts="on a server",
    key_hint=lambda is_set: (
        "The key comes only from the environment variable OPENAI_API_KEY "
        + ("(it is set now)." if is_set else "(it is not set now).")
    ),
    model="Model",
    address="Address",
    connect="Connect",
    bad_model="Name the model as its server does: one word without spaces.",
    bad_address="An address begins with http:// or https:// and names a server, such as http://localhost:8080/v1",
    leaves=lambda host: (
        f"Your questions, the conversation and sentences of your documents will leave this computer for {host}."
    ),
    unencrypted="They will travel unencrypted (http): everybody on the way can read them.",
    key_leaves="The key in OPENAI_API_KEY will be sent there too.",
    agree=lambda host: f"I agree: send to {host}",
    models="Models to fetch",
    models_hint=lambda source: f"They come from {source}, and only when you say so.",
    free=lambda free: f"Free memory: {free / 1e9:.0f} GB.",
    known_languages=lambda codes: _named(codes, {"ru": "Russian", "en": "English"}, lambda count: f"{count} more"),
    fetch=lambda size: f"Fetch {_english_size(size)}",
    go_on="Go on",
    cancel="Cancel",
    stopping="Stopping…",
    discard="Delete what is here",
    kept=lambda percent: f"{percent}% fetched",
    here="here already",
    starting="Starting…",
    checking="Checking the checksum…",
    progress=lambda name: f"Fetching {name}",
    of=lambda done, total: f"{_english_size(done)} of {_english_size(total)}",
    speed=lambda speed: f"{_english_size(speed)}/s",
    left=_english_left,
    complete=lambda name: f"{name} has arrived whole: its SHA-256 checksum is right.",
    stopped="Stopped; what has come is kept, and you can go on from there.",
    rated="Rated answers",
    rated_hint="The answers that you rated, as candidates for the questions of istok eval: one a line; a person fills "
    "in what is right.",
    export="Save the candidates (JSONL)",
    none_rated="No answer has been rated yet.",
)
