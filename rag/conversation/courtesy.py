"""Courtesies: "Thanks", «Привет», «что ты умеешь?» ask nothing of the documents, and get a line of our own."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Literal

Courtesy = Literal["abilities", "thanks", "greeting", "farewell", "agreed"]
"""What is said, by the name of its answer in `istok.rag.wording`; the earlier is answered where several are."""

_PHRASES: Mapping[Courtesy, str] = {
    "abilities": (
        "что (?:ты|вы) (?:еще )?(?:умеешь|умеете|можешь|можете|знаешь|знаете)(?: делать)?"
        "|чем (?:ты |вы )?(?:можешь|можете) (?:мне )?помочь|как (?:ты|вы) (?:работаешь|работаете)"
        "|как (?:тобой|этим) пользоваться"
        "|(?:кто|что) (?:ты|вы)(?: так(?:ой|ая|ое|ие))?|(?:ты|вы) кто|помощь|помоги(?:те)?(?: мне)?"
        "|what (?:else )?(?:can|do) you (?:do|help(?: me)? with)(?: for me)?|how (?:do|can) you (?:work|help)(?: me)?"
        "|how does this work|(?:who|what) are you|help(?: me)?"
    ),
    "thanks": (
        "(?:большое |огромное )?(?:спасибо|спс|благодарю)"
        "(?: большое| огромное| вам| вас| тебе| тебя| за (?:ответ|помощь))*"
        "|(?:many )?(?:thanks|thank you|thx)(?: a lot| so much| very much| again| for (?:the|your) (?:answer|help))*"
    ),
    "greeting": (
        "привет(?:ик|ствую)?|здравствуй(?:те)?|доброе утро|добр(?:ый|ого) (?:день|дня|вечер)|как (?:дела|ты|вы)"
        "|hello|hi|hey|good (?:day|morning|afternoon|evening)|how are you(?: doing| today)*"
    ),
    "farewell": "пока|до (?:свидания|встречи|завтра)|всего (?:доброго|хорошего)|(?:good ?)?bye|see you(?: later)?",
    "agreed": (
        "ок|окей|хорошо|ладно|ясно|понял[аи]?|понятно|отлично|супер|круто|здорово|класс|прекрасно|замечательно|молодец"
        "|да|нет|ага|это все|okay|ok|i see|got it|understood|yes|no|yeah|right|great|good|fine|cool|nice|perfect"
        "|excellent|well done|all right|alright|sure|(?:that|this) (?:s|is) (?:all|great|clear|good|it)"
    ),
}
_AROUND = "а|и|ну|очень|тогда|пожалуйста|друг|бот|исток|and|so|well|oh|then|there|please|very|friend|bot|istok|for now"
_ANY = "|".join((*_PHRASES.values(), _AROUND))
_ALONE = re.compile(rf"(?:(?:{_ANY})(?: |$))+")


def courtesy(text: str) -> Courtesy | None:
    """What a text says that is made of nothing but courtesies; None for a question."""
    words = " ".join(re.findall(r"\w+", text.lower().replace("ё", "е")))
    if len(words) > LONGEST or not _ALONE.fullmatch(words):
        return None
    return next((name for name, said in _PHRASES.items() if re.search(rf"\b(?:{said})\b", words)), None)


LONGEST = 80
"""Characters."""
