"""The few sentences that the assistant itself says, in Russian and English."""

from __future__ import annotations

from collections.abc import Mapping

from istok.index.types import Language

TEXTS: Mapping[Language, Mapping[str, str]] = {
    "ru": {
        "abstained": "В ваших документах ответа на это нет.",
        "searched": "Искали: «{query}».",
        "nearest": "Ближайшее из найденного (это не ответ): {places}.",
        "as_of": "По состоянию на {date} ({title}):",
        "earlier": "Ранее, {date} ({title}):",
        "undated": "Документ без даты ({title}):",
        "counted": "Пояснение: «{words}» {mark} — это {date}, если считать от даты документа ({document}).",
        "unsupported": "Утверждений модели, которых нет в источниках, отброшено: {count}.",
        "quoted": "Модель не ответила по источникам: вместо её текста приведены цитаты.",
        "dropped": "Предложений без верной ссылки отброшено: {count}.",
        "cut": "В контекст модели вошло {used} предложений из {total}.",
        "stopped": "Ответ остановлен.",
        "otherwise": "в источнике «{cited}», а в утверждении «{claim}»",
        "figure_lacking": "числа «{claim}» в источнике нет",
        "date_lacking": "даты «{claim}» в источнике нет",
        "date_unchecked": "дату «{claim}» по источнику не проверить",
        "name_lacking": "имени «{claim}» в источнике нет",
        "opposite": "в источнике сказано противоположное: «{cited}», а не «{claim}»",
        "not_denied": "утверждение отрицает то, что источник утверждает: «{claim}»",
        "denied": "источник отрицает то, что утверждается: «{claim}»",
        "swapped": "роли переставлены: «{one}» и «{other}»",
        "words_lacking": "в источнике есть лишь {share} % слов утверждения",
        "premise": "В документах сказано «{cited}», а не «{asked}».",
        "out_of_time": "Время, отведённое на ответ ({seconds} с), вышло.",
        "broken_off": "Сервер модели оборвал ответ.",
        "too_long": "Ответ модели слишком длинен и обрезан.",
        "remote": "Вопрос и найденные фразы отправлены на {host}.",
        "unreadable_ru": "Модель {reader} не знает русского языка.",
        "unreadable_en": "Модель {reader} не знает английского языка.",
        "original": "по-английски: {quote}",
        "abilities": "Отвечаю на вопросы по вашим документам, по-русски и по-английски, и показываю, где это сказано. "
        "Спросите, например, кто, когда или сколько; чего в документах нет, того не скажу.",
        "thanks": "Пожалуйста! Спрашивайте ещё.",
        "greeting": "Здравствуйте! Спросите о том, что есть в ваших документах.",
        "farewell": "До свидания!",
        "agreed": "Хорошо. Спрашивайте дальше.",
    },
    "en": {
        "abstained": "Your documents don't say.",
        "searched": "Searched for: “{query}”.",
        "nearest": "The nearest that was found (not an answer): {places}.",
        "as_of": "As of {date} ({title}):",
        "earlier": "Earlier, {date} ({title}):",
        "undated": "An undated document ({title}):",
        "counted": "Note: “{words}” {mark} is {date}, counted from the document's date ({document}).",
        "unsupported": "Claims of the model that the sources don't support, dropped: {count}.",
        "quoted": "The model did not keep to the sources: quotes are shown in place of its text.",
        "dropped": "Sentences dropped for want of a valid citation: {count}.",
        "cut": "{used} of {total} evidence sentences fitted into the model's context.",
        "stopped": "The answer was stopped.",
        "otherwise": "cited text says “{cited}”, claim says “{claim}”",
        "figure_lacking": "the cited text has no figure “{claim}”",
        "date_lacking": "the cited text has no date “{claim}”",
        "date_unchecked": "the date “{claim}” can't be checked against the cited text",
        "name_lacking": "the cited text has no name “{claim}”",
        "opposite": "the cited text says the opposite: “{cited}”, not “{claim}”",
        "not_denied": "the claim denies what the cited text says: “{claim}”",
        "denied": "the cited text denies what the claim says: “{claim}”",
        "swapped": "the roles are swapped: “{one}” and “{other}”",
        "words_lacking": "the cited text holds {share}% of the claim's words",
        "premise": "The documents say “{cited}”, not “{asked}”.",
        "out_of_time": "The time for an answer ({seconds} s) is over.",
        "broken_off": "The model's server broke the answer off.",
        "too_long": "The model's answer is too long and was cut.",
        "remote": "The question and the sentences found were sent to {host}.",
        "unreadable_ru": "The model {reader} knows no Russian.",
        "unreadable_en": "The model {reader} knows no English.",
        "original": "in Russian: {quote}",
        "abilities": "I answer questions about your documents, in Russian and in English, and show where it is said. "
        "Ask who, when or how many, for instance; what the documents don't say, I won't.",
        "thanks": "You're welcome! Ask me more.",
        "greeting": "Hello! Ask me about what is in your documents.",
        "farewell": "Goodbye!",
        "agreed": "All right. Ask me more.",
    },
}


def say(language: Language, text: str, **values: object) -> str:
    """One of the texts above with its values filled in."""
    return TEXTS[language][text].format(**values)
