"""Where sentences begin and end in Russian and English, as exact ranges of the original."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import NamedTuple

from istok.index.types import Range


def _words(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


# A full stop may only shorten a word, and no list of abbreviations tells whether it also ends the sentence: «основан
# в 1998 г. Потом…» and «в г. Минске», "in the U.S. The…" and "the U.S. Senate". So the word after it has the casting
# vote: a function word with a capital letter begins a sentence, a name need not.
_STARTERS = _words(
    """
    А Без Более Большинство Был Была Были Было В Вам Вас Ведь Вместе Вместо Во Вот Впервые Впрочем Все Всего Всё Всем
    Всех Вчера Вы Где Да Далее Даже Для До Его Ей Ему Если Есть Ещё Еще Её Ее За Завтра Зато Затем Здесь И Из Или Им
    Именно Итак Их К Каждая Каждый Как Какой Когда Который Кроме Кстати Кто Куда Лишь Между Меня Мне Многие Может Можно
    Мой Мы На Над Надо Нам Наконец Например Напомним Нас Наш Наша Наши Не Некоторые Нет Несмотря Ни Никто Ничего Но Ну
    Нужно О Об Оба Обе Один Одна Однако Одним Одно Около Он Она Они Оно От Отметим Перед По Под Пока Позже Помимо
    Поскольку После Потом Потому Почему Почти Поэтому При Примерно Причем Причём Про С Сам Свой Сегодня Сейчас Сначала
    Со Согласно Среди Так Такая Также Такие Таким Такое Такой Там Те Тем Теперь То Тогда Того Тоже Только Тот Ту Ты У
    Уже Хотя Через Чтобы Что Эта Эти Этим Это Этого Этой Этом Этот Эту Я
    A About According Additionally After Again Although Also Among An And Another Are As At Because Before Both But By
    Can Could Despite Did Do Does During Each Every Few First For From Furthermore Given Had Has Have He Her Here His
    How However I If In Indeed Instead Is It Its Just Last Later Let Many Maybe Meanwhile Moreover Most Much My
    Nevertheless No Not Now Of On Once One Only Or Other Others Our Over Perhaps Several She Should Since So Some Such
    Than That The Their Then There Therefore These They This Those Though Through Thus To Today Under Unlike Until Was
    We Were What When Where Whereas Whether Which While Who Why Will With Within Without Would Yes Yesterday Yet You
    Your
    """
)
# Cyrillic is looked up in lower case, Latin as it is written ("Gen." is a rank, "gen." may be a word cut short).
_TITLES = _words("акад г-жа г-н гр д-р доц проф тов Dr Messrs Mlle Mme Mr Mrs Ms Prof Rev")
_BEFORE_NUMBER = _words(
    """
    вып гл д илл им кв кн корп оф п пп рис ст стр табл тел ул
    Art Ch Eq Fig Figs No Nos Sec Vol ch fig p pp vol
    """
)
_AFTER_NUMBER = _words(
    """
    га гр грн долл евро ед кб кв кг км коп л м мин мл млн млрд мм проц р руб с сек см т тг трлн тыс ч час чел шт экз
    ft hr hrs kg km lb lbs m min mm mph oz sec
    """
)
_CENTURY_OR_YEAR = _words("в вв г гг")
_CLOSING = _words("т.д т.п н.э a.m p.m etc")
_ABBREVIATIONS = _words(
    """
    авг апр англ букв бул греч дек дер диал др зам изд илл им инв исп итал кит корп лат макс мар мин наб назв наим напр
    нач нем нояб обл оз окт отв отд пер пол пос пр пр-т просп разг ред р-н род рук руб русск сент сов соавт соч
    соотв сокр стр ул укр упр уст уч фев февр фин франц худ экз эт яз янв яп
    Adm Apr Aug Ave Blvd Bros Capt Cmdr Co Col Corp Dec Dept Est Feb Fri Ft Gen Gov Hon Inc Jan Jr Jul Jun Lt Ltd Maj
    Mar Mon Mt Nov Oct Pres Rd Rep Sat Sen Sep Sept Sgt Sr St Ste Sun Thu Thur Thurs Tue Tues Univ Wed al approx c ca cf
    dept ed eds eg esp est ie incl trans v vs
    """
)
_WITHOUT_VOWEL = re.compile(r"[бвгджзйклмнпрстфхцчшщ]{1,5}")
_INITIAL = re.compile(r"[^\W\d_]{1,2}\.")
_DOTTED = re.compile(r"[^\W\d_]{1,2}(?:\.-?[^\W\d_])+")
_YEAR_GLUED = re.compile(r"(\S*\d)(гг?|вв?)")
_YEAR_OR_CENTURY = re.compile(r".*(?:\d(?:-?(?:х|е|й|ые|ых))?|[IVXХ])[)»]?")
_NUMBERING = re.compile(
    r"(?:(?:глава|статья|раздел|часть|пункт|параграф|рисунок|таблица|chapter|section|article|part|figure|table)\s{1,3})?"
    r"(?:\d{1,3}(?:\.\d{1,3}){0,8}|[IVXLC]{1,6}|[^\W\d_])",
    re.IGNORECASE,
)

_CLOSING_QUOTES = "»”“\"'’›"
_STOP = re.compile(r"([.!?…]+)((?:\[[^\[\]\n]{1,40}\]|[»”“\"'’›)\]}*_]|[ \xa0][»)])*)")
_FOLLOWING = re.compile(r"(\s*)((?:[–—―]|-(?=\s))\s*)?([«„“”\"'‘(\[{<>*_#№]*)(\w{0,24})")
_GOES_ON = frozenset(".,;:!?…)]}»%")
_SPACE = re.compile(r"\s*")
_WORD = re.compile(r"\w")

# Looked back and ahead of a stop, in characters; bounds keep the time linear in the text.
_NEAR = 48
_QUOTED_NAME = 60
_PARENTHESIS = 100
# Widths of text broken at a column, in characters.
_NARROWEST, _WIDEST = 30, 200
# «В 2023 г. Беларусь…» goes on; the same «г.» this far from the start of its sentence more often ends it.
_FAR = 40

_LINE = re.compile(r"[^\n\r\v\f\x85\u2028\u2029]+")
_BULLET = re.compile(r"(?:[-*•·●▪■◦‣→✓✔]|\(?(?:\d{1,3}(?:\.\d{1,3})*|[a-zа-яё])[.)])\s", re.IGNORECASE)
_DASH = re.compile(r"[–—―]")
_FIRST_LETTER = re.compile(r"[\s«„“”\"'‘(\[{<>*_–—―]*(\w?)")
_FIRST_WORD = re.compile(r"\S{0,40}")
_TRAILING = "»”“\"'’›)]}*_ \xa0"


class _Line(NamedTuple):
    """A line without the white space around it; `indent` is what was cut before it."""

    start: int
    end: int
    indent: int
    follows: bool
    """Whether exactly one line break parts it from the line before, no blank line."""


def split_sentences(text: str, within: Range) -> list[Range]:
    """The sentences of `text` inside `within`: in order, apart, without white space around, nothing left out."""
    return [sentence for paragraph in split_paragraphs(text, within) for sentence in sentences_in(text, paragraph)]


def split_paragraphs(text: str, within: Range) -> list[Range]:
    """The stretches of `within` that no sentence crosses: paragraphs, headings, list items.

    A blank line parts them; a single line break does unless the text was broken at a column, mid-sentence.
    """
    lines = _lines(text, within)
    width = _wrap_width(text, lines)
    paragraphs: list[Range] = []
    previous: _Line | None = None
    for line in lines:
        if previous is not None and line.follows and not _breaks(text, previous, line, width):
            paragraphs[-1] = Range(paragraphs[-1].start, line.end)
        else:
            paragraphs.append(Range(line.start, line.end))
        previous = line
    return paragraphs


def sentences_in(text: str, paragraph: Range) -> list[Range]:
    """The sentences of one of `split_paragraphs`."""
    start, end = paragraph
    caseless = text[start:end].islower()
    sentences = []
    for stop in _STOP.finditer(text, start, end):
        if stop.end() < end and _ends_sentence(text, Range(start, end), stop, caseless):
            sentences.append(Range(start, stop.end()))
            start = _skip_space(text, stop.end(), end)
    if start < end:
        sentences.append(Range(start, end))
    return sentences


def _skip_space(text: str, start: int, end: int) -> int:
    space = _SPACE.match(text, start, end)
    return space.end() if space else start


def _lines(text: str, within: Range) -> list[_Line]:
    lines: list[_Line] = []
    end = -1
    for match in _LINE.finditer(text, *within):
        content = match.group()
        stripped = content.strip()
        if not stripped:
            continue
        indent = len(content) - len(content.lstrip())
        start = match.start() + indent
        gap = text[end : match.start()] if end >= 0 else ""
        lines.append(_Line(start, start + len(stripped), indent, gap == "\r\n" or (len(gap) == 1 and gap != "\u2029")))
        end = match.end()
    return lines


def _wrap_width(text: str, lines: list[_Line]) -> int:
    """The column at which lines were broken mid-sentence, or 0 where a line is a paragraph of its own."""
    broken = [(a, b) for a, b in pairwise(lines) if b.follows]
    if len(broken) < 2:
        return 0
    lengths = sorted(a.end - a.start for a, _ in broken)
    width = lengths[len(lengths) * 9 // 10]
    open_ended = [(a, b) for a, b in broken if text[a.end - 1] not in ".!?…:;"]
    goes_on = sum(_is_full(text, a, b, width) and _first_letter(text, b).islower() for a, b in open_ended)
    return width if goes_on and goes_on * 5 >= len(open_ended) and _NARROWEST <= width <= _WIDEST else 0


def _is_full(text: str, line: _Line, following: _Line, width: int) -> bool:
    """Whether the first word of the next line would not have fitted into this one.

    In proportional type lines of one width differ by a fifth in characters. A deeper indent begins a paragraph.
    """
    first_word = _FIRST_WORD.match(text, following.start, following.end)
    reach = line.end - line.start + 1 + (len(first_word.group()) if first_word else 0)
    return reach > width * 0.8 and following.indent < line.indent + 2


def _breaks(text: str, line: _Line, following: _Line, width: int) -> bool:
    """Whether the line break between two lines also ends a sentence."""
    end = text[line.end - 1]
    stopped = text[max(line.start, line.end - 12) : line.end].rstrip(_TRAILING)[-1:] in set(".!?…:;")
    full = width > 0 and _is_full(text, line, following, width)
    lower = _first_letter(text, following).islower()
    if _BULLET.match(text, following.start, following.end):
        return not (full and not stopped and text[following.start].isdigit())
    if _DASH.match(text, following.start):
        if lower and end in '!?…,»”"':
            return False
        return stopped or not full
    if lower:
        return end in ":;" and not full
    return end not in ",(«„[" and not full


def _first_letter(text: str, line: _Line) -> str:
    match = _FIRST_LETTER.match(text, line.start, line.end)
    return match.group(1) if match else ""


def _ends_sentence(text: str, sentence: Range, stop: re.Match[str], caseless: bool) -> bool:
    """Whether `stop`, a mark with the quotes and brackets that close after it, ends the sentence begun."""
    start, end = sentence
    mark, closers = stop.groups()
    following = _FOLLOWING.match(text, stop.end(), end)
    if following is None or (stop.start() - start < _NEAR and not _WORD.search(text, start, stop.start())):
        return False
    space, dash, _, word = following.groups()
    if not space:
        return _is_glued(text, start, stop, word)
    if following.end() == following.end(1) and text[following.end()] in _GOES_ON:
        return False
    if word and word[0].islower() and not word[1:2].isupper() and not caseless:
        return False
    if dash and any(quote in closers for quote in _CLOSING_QUOTES):  # «…!» — Иванов (о победе)
        return False
    if text[stop.start() - 1] == "(" or _is_inside(text, sentence, stop):
        return False
    if mark != ".":
        return True
    return not _is_abbreviation(text, sentence, stop.start(), following)


def _is_glued(text: str, start: int, stop: re.Match[str], word: str) -> bool:
    """Whether a space was forgotten after the end of a sentence («году.Потом»), unlike «Яндекс.Новости» or a URL."""
    if not word[:1].isupper() or not word[1:2].islower():
        return False
    left = _last_words(text, start, stop.start())
    before = left[-1] if left else ""
    if len(before) < 3 or not before.isalpha() or not before.islower() or before in _ABBREVIATIONS or before in _TITLES:
        return False
    return word in _STARTERS if before.isascii() or word.isascii() else True


def _is_inside(text: str, sentence: Range, stop: re.Match[str]) -> bool:
    """Whether the stop is inside a short name in quotes («ИННОПРОМ. Беларусь») or a short parenthesis."""
    for opening, closing, reach in (("«", "»", _QUOTED_NAME), ("„", "“", _QUOTED_NAME), ("(", ")", _PARENTHESIS)):
        opened = text.rfind(opening, max(sentence.start, stop.start() - reach), stop.start())
        if (
            opened >= 0
            and text.find(closing, opened, stop.end()) < 0
            and text.find(closing, stop.end(), min(sentence.end, opened + reach)) >= 0
        ):
            return True
    return False


def _last_words(text: str, start: int, end: int) -> list[str]:
    return [word.lstrip("«„“\"'‘([{<*_–—-/") for word in text[max(start, end - _NEAR) : end].split()]


def _is_abbreviation(text: str, sentence: Range, dot: int, following: re.Match[str]) -> bool:
    """Whether the full stop at `dot`, before something that could begin a sentence, only shortens a word."""
    if _NUMBERING.fullmatch(text, sentence.start, dot):
        return True
    words = _last_words(text, sentence.start, dot)
    if not words or not words[-1] or text[dot - 1].isspace():
        return False
    last = words.pop()
    if year := _YEAR_GLUED.fullmatch(last):  # «2011г.»
        words.append(year.group(1))
        last = year.group(2)
    if words and len(last) == 1 and _INITIAL.fullmatch(words[-1]):  # т. д., А. И.
        last = words.pop() + last
    before = words[-1] if words else ""
    key = last if last.isascii() else last.lower()
    _, dash, opening, word = following.groups()
    apart = not dash and not opening.startswith(("(", "№"))
    begins = apart and word in _STARTERS and not (len(word) == 1 and text[following.end() : following.end() + 1] == ".")
    number_follows = word[:1].isdigit()
    acronym = len(last) > 1 and last.isupper()
    shortened = not acronym and _WITHOUT_VOWEL.fullmatch(key) is not None
    if key in _TITLES or (number_follows and key in _BEFORE_NUMBER):
        return True
    if key in _CLOSING or (key in ("др", "пр") and before == "и"):
        return not apart
    if key in _CENTURY_OR_YEAR and _YEAR_OR_CENTURY.fullmatch(before):
        return not begins and not (apart and dot - sentence.start >= _FAR)
    if (key in _AFTER_NUMBER or shortened) and (before[-1:].isdigit() or before.rstrip(".") in _AFTER_NUMBER):
        return number_follows or not apart
    if last.isascii() and last.islower() and len(last) == 1 and not word.isascii():  # a variable, in Russian
        return False
    if len(last) == 1 and last.isupper():
        return not begins and not (last in "IVX" and not word.isascii())
    return not begins and (shortened or key in _ABBREVIATIONS or _DOTTED.fullmatch(last) is not None)
