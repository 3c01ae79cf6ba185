from __future__ import annotations

import pytest

from istok.rag.conversation.courtesy import courtesy
from istok.rag.wording import TEXTS


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Спасибо", "thanks"),
        ("Ок, спасибо большое!", "thanks"),
        ("Thanks a lot, that's great", "thanks"),
        ("привет", "greeting"),
        ("Добрый день!", "greeting"),
        ("Hello there", "greeting"),
        ("Привет! Что ты умеешь?", "abilities"),
        ("what can you do?", "abilities"),
        ("Кто ты?", "abilities"),
        ("ok", "agreed"),
        ("Ясно, понятно.", "agreed"),
        ("I see", "agreed"),
        ("до свидания", "farewell"),
        ("Bye!", "farewell"),
    ],
)
def test_a_courtesy_is_told(text: str, said: str) -> None:
    assert courtesy(text) == said
    assert all(said in texts for texts in TEXTS.values())


@pytest.mark.parametrize(
    "text",
    [
        "Спасибо. А в Казахстан?",
        "Привет! На сколько вырос экспорт?",
        "Кто подписал?",
        "What can Amkodor do?",
        "Thanks, and who signed it?",
        "Почему?",
        "Ещё?",
        "ОК «Амкодор»",
        "And?",
        "?!",
        "",
    ],
)
def test_a_question_is_none_however_polite(text: str) -> None:
    assert courtesy(text) is None
