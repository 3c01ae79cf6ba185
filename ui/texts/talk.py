"""Strings of the question, its answer and what is said of it, in Russian and English."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from istok.ui.texts.counted import few, plural


@dataclass(frozen=True, slots=True)
class TalkTexts:
    """Of the question, its answer and what is said of it; callables take counts, names or messages."""

    # The box and the line above it
    ask: str
    question: str
    send: str
    stop: str
    conversation: str
    busy: str
    too_long: Callable[[int, int], str]
    scope: Callable[[int, int], str]
    everywhere: str
    # The first visit
    invitation: str
    about: str
    here: str
    sent: Callable[[str], str]
    holdings: Callable[[int, int], str]
    examples: str
    said_in: Callable[[str], str]
    empty_index: str
    quote_reader: str
    read_by: Callable[[str], str]
    # An answer
    verbatim: str
    seconds: Callable[[float], str]
    thinking: str
    ahead: Callable[[int], str]
    searched: Callable[[str], str]
    checked: Callable[[int, int], str]
    partial: str
    unsupported: str
    reason: Callable[[str], str]
    unexplained: str
    abstained: str
    nearest: str
    failed: Callable[[str], str]
    interrupted: str
    # What can be done with it
    again: str
    retry: str
    copy: str
    copied: str
    not_copied: str
    sources: str
    up: str
    down: str
    chosen: Callable[[str], str]
    comment: str
    comment_hint: str
    keep: str
    kept: str
    kept_with_comment: str


RUSSIAN: Final = TalkTexts(
    ask="Вопрос по документам…",
    question="Вопрос",
    send="Спросить",
    stop="Стоп",
    conversation="Разговор: вопросы и ответы",
    busy="Ответ ещё готовится: дождитесь его или остановите клавишей Esc.",
    too_long=lambda length, most: f"В вопросе {length} знаков, а можно {most}. Сократите его: текст остался в поле.",
    scope=lambda chosen, count: f"Поиск в {chosen} из {few(count, 'документа', 'документов', 'документов')}",
    everywhere="Искать везде",
    invitation="О чём рассказать?",
    about="Исток отвечает по вашим документам. У каждого предложения есть источник: одно нажатие на номер "
    "открывает статью на нужном месте.",
    here="Всё происходит на этом компьютере.",
    sent=lambda host: f"Вопросы и найденные фразы уходят на {host}.",
    holdings=lambda documents, passages: (
        f"{few(documents, 'документ', 'документа', 'документов')}, "
        f"{few(passages, 'фрагмент', 'фрагмента', 'фрагментов')}"
    ),
    examples="Можно начать с этого",
    said_in=lambda title: f"Что сказано в статье «{title}»?",
    empty_index="Пока искать не в чем. Добавьте файлы во вкладке «Документы» слева "
    "или выполните в терминале <code>istok index ПАПКА</code>.",
    quote_reader="Сейчас ответы — дословные цитаты. Чтобы получать связный текст, подключите языковую модель "
    "во вкладке «Настройки».",
    read_by=lambda reader: f"Отвечает {reader}; каждое предложение сверяется с источником.",
    verbatim="дословные цитаты",
    seconds=lambda seconds: f"{seconds:.2f} с".replace(".", ","),
    thinking="Ищу в документах…",
    ahead=lambda count: f"Модель занята, перед вами: {count}",
    searched=lambda question: f"Искали: {question}",
    checked=lambda supported, count: f"подтверждено предложений: {supported} из {count}",
    partial="подтверждено не всё",
    unsupported="не подтверждено",
    reason=lambda issues: f"Проверьте по источнику: {issues}.",
    unexplained="источник говорит об этом не всё",
    abstained="Ответа нет",
    nearest="Ближайшее из найденного — это не ответ:",
    failed=lambda message: f"Ответить не получилось: {message}",
    interrupted="Ответа нет: Исток был остановлен, пока отвечал. Вопрос можно задать ещё раз.",
    again="Ответить заново",
    retry="Спросить ещё раз",
    copy="Скопировать с источниками",
    copied="Скопировано",
    not_copied="Браузер не дал скопировать: выделите текст и скопируйте его сами.",
    sources="Источники:",
    up="Хороший ответ",
    down="Плохой ответ",
    chosen=lambda vote: f"{vote}: отмечено, нажмите ещё раз, чтобы снять",
    comment="Пояснение к оценке",
    comment_hint="Что именно? Можно не писать",
    keep="Сохранить",
    kept="Оценка сохранена",
    kept_with_comment="Оценка и пояснение сохранены",
)


ENGLISH: Final = TalkTexts(
    ask="Ask your documents…",
    question="Question",
    send="Ask",
    stop="Stop",
    conversation="Conversation: questions and answers",
    busy="The answer is still being made: wait for it, or stop it with Esc.",
    too_long=lambda length, most: (
        f"The question has {length} characters, {most} are allowed. Shorten it: the text is still in the box."
    ),
    scope=lambda chosen, count: f"Searching {chosen} of {plural(count, 'document')}",
    everywhere="Search all",
    invitation="What would you like to know?",
    about="Istok answers from your own documents. Every sentence names its source: one click on the number opens "
    "the article at that very place.",
    here="Everything happens on this computer.",
    sent=lambda host: f"Questions and the sentences found go to {host}.",
    holdings=lambda documents, passages: f"{plural(documents, 'document')}, {plural(passages, 'passage')}",
    examples="You could begin with one of these",
    said_in=lambda title: f"What does the article “{title}” say?",
    empty_index="There is nothing to search yet. Add files under “Documents” on the left "
    "or run <code>istok index FOLDER</code> in a terminal.",
    quote_reader="For now, answers are verbatim quotes. For connected prose, plug in a language model "
    "under “Settings”.",
    read_by=lambda reader: f"Answers come from {reader}; every sentence is checked against its source.",
    verbatim="verbatim quotes",
    seconds=lambda seconds: f"{seconds:.2f} s",
    thinking="Searching the documents…",
    ahead=lambda count: f"The model is busy, before you: {count}",
    searched=lambda question: f"Searched for: {question}",
    checked=lambda supported, count: f"{supported} of {plural(count, 'sentence')} supported",
    partial="partly supported",
    unsupported="not supported",
    reason=lambda issues: f"Check the source: {issues}.",
    unexplained="it doesn't say all of this",
    abstained="No answer",
    nearest="The nearest passages, not an answer:",
    failed=lambda message: f"No answer: {message}",
    interrupted="No answer: Istok was stopped while answering. You can ask again.",
    again="Answer again",
    retry="Ask again",
    copy="Copy with sources",
    copied="Copied",
    not_copied="The browser didn't let it be copied: select the text and copy it yourself.",
    sources="Sources:",
    up="Good answer",
    down="Bad answer",
    chosen=lambda vote: f"{vote}: chosen, press again to withdraw",
    comment="A comment on your vote",
    comment_hint="What exactly? You may leave this empty",
    keep="Save",
    kept="Vote saved",
    kept_with_comment="Vote and comment saved",
)
