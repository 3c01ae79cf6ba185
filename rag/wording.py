"""The few sentences that the assistant itself says, in Russian and English."""

from __future__ import annotations

from collections.abc import Mapping

from istok.index.types import Language

TEXTS: Mapping[Language, Mapping[str, str]] = {
    "ru": {
        "abstained": "В ваших документах ответа на это нет.",
        "searched": "Искали: «{query}».",
        "nearest": "Ближайшее из найденного (это не ответ): {places}.",
        "as_of": "По состоянию на {date}:",
        "earlier": "Ранее ({date}):",
        "unsupported": "Утверждений модели, которых нет в источниках, отброшено: {count}.",
        "quoted": "Модель не ответила по источникам: вместо её текста приведены цитаты.",
        "dropped": "Предложений без верной ссылки отброшено: {count}.",
        "cut": "В контекст модели вошло {used} предложений из {total}.",
        "stopped": "Ответ остановлен.",
    },
    "en": {
        "abstained": "Your documents don't say.",
        "searched": "Searched for: “{query}”.",
        "nearest": "The nearest that was found (not an answer): {places}.",
        "as_of": "As of {date}:",
        "earlier": "Earlier ({date}):",
        "unsupported": "Claims of the model that the sources don't support, dropped: {count}.",
        "quoted": "The model did not keep to the sources: quotes are shown in place of its text.",
        "dropped": "Sentences dropped for want of a valid citation: {count}.",
        "cut": "{used} of {total} evidence sentences fitted into the model's context.",
        "stopped": "The answer was stopped.",
    },
}


def say(language: Language, text: str, **values: object) -> str:
    """One of the texts above with its values filled in."""
    return TEXTS[language][text].format(**values)
