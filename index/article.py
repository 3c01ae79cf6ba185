"""The article itself within a text: what is left without tickers, menus, bylines, credits and footers.

By rule, and conservative: the head (above the first sentence) and the tail (below the last one) are trimmed by their
structure; inside the article only a line that can be nothing else is left out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from istok.index.dates import DATE, HEADER, TIME, is_date_line
from istok.index.types import Range

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


@dataclass(frozen=True, slots=True)
class Article:
    """What a file format gives: the extracted text, where its article is, and what the file says of itself."""

    text: str
    main: tuple[Range, ...]
    title: str | None = None
    date: str | None = None
    date_basis: str | None = None
    pages: tuple[Range, ...] = ()


@dataclass(frozen=True, slots=True)
class Unit:
    """A line (or a hard-wrapped paragraph) without its surrounding whitespace; `alone` between blank lines."""

    start: int
    end: int
    text: str
    after_blank: bool
    alone: bool


def _any(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns), re.IGNORECASE)


_CHANNEL = (
    r"(?:telegram|телеграм|канал|рассылк|дзен|вконтакте|youtube|ютуб|viber|вайбер|соцсет|социальн|instagram|facebook|"
    r"whatsapp|\bmax\b|новост|newsletter|channel|twitter|updates|e-?mail|podcast|news\b)"
)
_MATERIAL = r"(?:использовани|перепечатк|копировани|цитировани|воспроизведени)\w+"
_MORE_RU = r"(?:(?:читай|смотри|слушай)те?\s+(?:также|тоже|ещ[её])|читать\s+(?:также|ещ[её]|далее)|ещ[её]\s+по\s+теме)"
_MORE_EN = r"(?:(?:also\s+)?read\s+(?:also|more|next|on)|see\s+also|related|more\s+on\s+this)"

_INSERT = _any(
    rf"{_MORE_RU}\s*[:—–-].*",
    rf"{_MORE_EN}\s*:.*",
    rf"(?:подпис\w+|подпишит\w+|присоединяйт\w+|читайте нас|мы в |наш канал)\b.{{0,80}}{_CHANNEL}.{{0,80}}",
    r"следите за (?:нашими |нами |новостями ).{0,120}",
    rf"(?:subscribe|sign up|follow us|follow our|join us|join our|get our)\b.{{0,80}}{_CHANNEL}.{{0,80}}",
    r"(?:если вы )?(?:заметили|нашли|увидели|обнаружили)\s+(?:ошибку|опечатку|неточность)\b.{0,150}",
    r"(?:did you )?(?:spot|spotted|found?|notice|noticed|see)\s+(?:a|an)\s+(?:typo|error|mistake)\b.{0,150}",
    r".{0,120}\bctrl\s*\+\s*enter\b.{0,60}",
    r"(?:©|\(c\)\s|copyright\b).{0,200}",
    r".{0,150}(?:все права защищены|all rights reserved)\b.{0,100}",
    rf"(?:при|любое|полное|частичное)\b.{{0,40}}{_MATERIAL}.{{0,250}}(?:ссылк|разреш|запрещ|согласи).{{0,100}}",
    rf"{_MATERIAL}\s.{{0,150}}(?:ссылк|разреш|запрещ|допуска).{{0,100}}",
    r"данные о правообладател.{0,200}",
    r"(?:reproduction|republication|redistribution)\b.{0,120}(?:prohibited|permission|forbidden).{0,60}",
    r"(?:terms of (?:use|service)|privacy policy|cookie policy|условия использования|политика конфиденциальности)",
    r"(?:поделиться|поделитесь|share|tweet|print|распечатать|версия для печати|отправить другу|в избранное|"
    r"скопировать ссылку|copy link|e-?mail this)(?:\s+(?:this|on|via|в|с|статьей|статьёй|новостью|ссылкой)\b.{0,40})?",
    r"(?:реклама|на правах рекламы|advertisement|sponsored(?: content)?|adverti[sz]ing|промо|erid\b.{0,60})\.?",
)
_CREDIT = re.compile(
    r"(?i:фото(?:графи[яи])?|фотохроника|видео|иллюстраци[яи]|снимок|скриншот|коллаж|photos?|images?|video|picture|"
    r"illustration)(?:"
    r"\s*[:©/|—–-]\s*(?P<whom>\S.{1,90})|"
    r"\s+(?i:by|courtesy(?: of)?|credit|из архива|из открытых источников|с сайта|пресс-служб\w+|предоставлен\w+|"
    r"автора|редакции)\b.{0,60}|"
    r"(?:\s+(?:[A-ZА-ЯЁ«\"][\w.«»\"/-]*|и|and)){1,4}"
    r")\.?\)?"
)
_SECTION = _any(
    r"(?:последние|свежие|главные|другие|похожие|популярные|важные|все)\s+(?:новости|статьи|материалы|публикации)",
    r"новости\s+(?:по теме|партн[её]ров|дня|smi2|сми2|компаний)|лента(?:\s+новостей)?|архив новостей",
    r"(?:материалы|статьи|публикации|новости)\s+по\s+теме|по\s+теме|рекомендуем|популярное|самое читаемое",
    r"(?:сейчас\s+)?читают(?:\s+сейчас)?|вам (?:может быть|будет) интересно|выбор редакции|это интересно",
    r"(?:оставить\s+)?комментари[ий](?:\s*\(?\d+\)?)?|оставьте комментарий|обсуждение\s*\(\d+\)",
    r"(?:latest|related|recent|more|top|other|breaking)\s+(?:news|articles|stories|content|posts|topics|headlines)",
    r"you (?:may|might) also (?:like|enjoy)|recommended(?: for you)?|most (?:read|popular|viewed)|trending(?: now)?",
    r"more (?:from|on|in) .{2,40}|popular(?: now| posts)?|editors?['’]?s? (?:picks|choice)|what to read next",
    r"(?:leave a )?(?:comments?|reply)(?:\s*\(?\d+\)?)?|share this(?: article| story)?",
    _MORE_RU,
    _MORE_EN,
)
_EDGE = _any(
    r"(?:автор\w*|текст|корреспондент|редактор|подготовил\w*|беседовал\w*|записал\w*|author|reporter|editor|words|text)"
    r"(?:\s+(?:текста|материала|статьи))?\s*[:—–-]\s*\S.{1,60}",
    r"by\s+[A-Z][\w.'-]+(?:\s+[A-Z][\w.'-]+){1,3}(?:(?:,|\s\||\s·|\s-).{0,60})?",
    r"(?:additional\s+)?(?:reporting|writing|editing|edited|written|compiled)\s+by\s.{3,120}",
    r"(?:источник|sources?|по материалам|via)\s*[:—–-]\s*\S.{1,100}",
    r"(?:теги|метки|ключевые слова|tags|keywords|категори[яи]|рубрик[аи]|topics|filed under)(?:\s*:.{0,200})?",
    r"(?:просмотр\w*|прочтений|views?|комментари\w+|comments?|время чтения|reading time|рейтинг|оценка)"
    r"\s*[:—–-]?\s*\d[\d\s.,kк]*(?:\s?(?:мин|min)\w*\.?)?",
    r"\d[\d\s.,]*(?:просмотр\w*|views?|комментари\w+|comments?|shares|мин\w*\.? (?:чтения|на чтение)|min(?:ute)? read)",
    rf"(?:обновлен[оаы]?|изменен[оаы]?|(?:last )?updated|modified)\b.{{0,20}}{DATE}.{{0,30}}",
    r"(?:следующая|предыдущая)\s+(?:новость|статья|запись)\b.{0,120}|(?:next|previous)\s+(?:article|story|post)\b.{0,120}",
    r"(?:наверх|вверх|назад|к списку новостей|на главную|(?:back )?to top|back)",
)
_DATED = re.compile(
    rf"(?:{TIME}|\d{{1,2}}[./]\d\d(?:[./](?:\d\d)?\d\d)?)[\s,|—–-]+\S.*[^.!?…\s]|"
    rf".*\s\d{{1,2}}[./]\d\d[./](?:\d\d)?\d\d(?:,?\s+(?:в\s)?{TIME})?",
    re.IGNORECASE,
)
_LONGEST_FURNITURE = 350
_LONGEST_TEASER = 250
_LONGEST_EDGE = 500
"""Lines above or below the article; with more of them they are data, such as a table, and no furniture."""

_BREADCRUMB = re.compile(
    r"[^.!?>»›→/]{1,40}(?:\s[>»›→/]\s[^.!?>»›→/]{1,60})+|[^.!?|•·]{1,25}(?:\s*[|•·]\s*[^.!?|•·]{1,25}){2,}"
)
_BULLET = re.compile(r"\s*(?:[-*•·–—▪■►●]\s+|\d{1,2}[.)]\s+)")
_CONTROL = re.compile(r"[×✕✖↑↓→←›‹»«▲▼▶◀☰✓+]+")
_MARKUP = re.compile(r"#{1,6}\s+\S|\||```|~~~|>|!?\[")
_RUBRIC = _any(
    r"власть|политика|экономика|общество|культура|спорт|происшествия|в мире|мир|наука|технологии|финансы|бизнес|"
    r"промышленность|новости|главная|регионы|здоровье|образование|авто|недвижимость|"
    r"politics|economy|business|world|sports?|culture|science|technology|health|opinion|news|home|local"
)
_ENDED = re.compile(r"[.!?…](?:\[\d+\])*[»”\"'’)\]*_]*$")
_SENTENCE_END = re.compile(r"[.!?…][»”\"')]*(?=\s+[«„“\"A-ZА-ЯЁ—–-]|$)")
_FRONT_MATTER = re.compile(r"\s*(---|\+\+\+)[ \t]*\r?\n(?:[^\r\n]*\r?\n)*?\1[ \t]*(?:\r?\n|$)")


def main_ranges(text: str) -> tuple[Range, ...]:
    """Where the article is in a plain text or a Markdown text: ordered, apart, each without surrounding whitespace.
    A text in which nothing looks like an article is kept whole."""
    units = _units(text)
    if not units:
        return ()
    kept = _choose(units)
    return _joined(text, [Range(unit.start, unit.end) for unit in kept or units])


def paragraph_ranges(text: str, paragraphs: Iterable[Range]) -> tuple[Range, ...]:
    """The same for the paragraphs that a file format has already told from its furniture: bylines and the like at
    either end and what can't be part of an article (credits, "read also", copyright) are left out, nothing else."""
    units = _as_units(text, (_stripped(text, paragraph) for paragraph in paragraphs))
    prose = [i for i, unit in enumerate(units) if is_prose(unit.text)]
    inside = range(prose[0], prose[-1]) if prose else range(len(units))
    kept = [
        unit for i, unit in enumerate(units) if not is_furniture(unit.text) and (i in inside or not _is_edge(unit.text))
    ]
    return _joined(text, [Range(unit.start, unit.end) for unit in kept or units])


def is_furniture(line: str) -> bool:
    """Whether a line belongs to the page and not to the article, wherever it stands."""
    if len(line) > _LONGEST_FURNITURE:
        return False
    bare = _bare(line)
    if _INSERT.fullmatch(bare):
        return True
    credit = _CREDIT.fullmatch(bare)
    return bool(credit and (not credit["whom"] or _words(credit["whom"]) <= 8))


def is_prose(line: str) -> bool:
    """A full sentence, or a line too long to be anything else."""
    bare, words = _bare(line), _words(line)
    if _is_dated(line) and not _ENDED.search(bare):
        return False
    return words >= 40 or (words >= 5 and (bool(_ENDED.search(bare)) or bare.endswith((":", ";"))))


def head(text: str) -> tuple[list[str], str | None]:
    """The short lines above the first full sentence (at most ten), and the line of that sentence."""
    lines = [text[line.start : line.end] for line in _lines(text)]
    first = next((i for i, line in enumerate(lines) if is_prose(line)), None)
    return lines[:first][:10], None if first is None else lines[first]


def headline(text: str, main: Sequence[Range]) -> str | None:
    """The first line of the article, if it can be a headline: short, and no sentence with its full stop."""
    if not main:
        return None
    line = text[main[0].start : main[0].end].splitlines()[0].strip()
    if _words(line) > 1 and len(line) <= 160 and line[-1] not in ".:;," and not _BULLET.match(line):
        return line
    return None


def front_matter(text: str) -> str:
    """The YAML or TOML block that opens a Markdown file, with its fences; empty when there is none."""
    found = _FRONT_MATTER.match(text)
    if not found:
        return ""
    lines = [line for line in found[0].strip().splitlines()[1:-1] if line.strip()]
    keyed = sum(bool(re.match(r"\s*(?:[\w.-]+\s*[:=]|-\s|#)", line)) for line in lines)
    return found[0] if lines and keyed * 2 >= len(lines) else ""


def _choose(units: list[Unit]) -> list[Unit]:
    dropped = {i for i, unit in enumerate(units) if is_furniture(unit.text)}
    dropped |= _sections(units)
    sentences = [i for i, unit in enumerate(units) if i not in dropped and is_prose(unit.text)]
    if sentences:
        dropped |= _head(units, sentences[0], dropped)
        dropped |= _tail(units, sentences[-1], dropped)
    else:
        dropped |= {i for i, unit in enumerate(units) if not re.search(r"\w", unit.text)}
    return [unit for i, unit in enumerate(units) if i not in dropped]


def _sections(units: list[Unit]) -> set[int]:
    """Lists of other pages: their heading, and what follows it until the article goes on."""
    dropped: set[int] = set()
    i = 0
    while i < len(units):
        if not _SECTION.fullmatch(_bare(units[i].text).rstrip(": ")):
            i += 1
            continue
        solid = any(_is_solid(unit.text) for unit in units[i + 1 :])
        end = i + 1
        while end < len(units) and not _resumes(units[end].text, after_solid=solid):
            end += 1
        above = any(is_prose(unit.text) for unit in units[:i])
        below = any(is_prose(unit.text) for unit in units[end:])
        if above or below:
            dropped |= set(range(i, end))
        i = end
    return dropped


def _resumes(line: str, *, after_solid: bool) -> bool:
    """Whether the article goes on here, below a list of other pages. Teasers of one sentence don't count at the end
    of a page, where no longer paragraph follows."""
    if re.match(r"#{1,6}\s", line):
        return True
    item = _BULLET.match(line) or _is_dated(line)
    if item or not is_prose(line) or _bare(line)[-1:] in "?!":
        return False
    return after_solid or len(line) >= 120


def _head(units: list[Unit], first: int, gone: set[int]) -> set[int]:
    if first > _LONGEST_EDGE:
        return set()
    top = [i for i in range(first) if i not in gone]
    dropped = {i for i in top if _is_edge(units[i].text) or _BREADCRUMB.fullmatch(units[i].text)}
    dropped |= _runs([i for i in top if _is_dated(units[i].text)], at_least=2)
    rest = [i for i in top if i not in dropped]
    if not any(_words(units[i].text) > 3 for i in rest):
        return dropped
    short = [i for i in rest if _words(units[i].text) <= 3 and _is_label(units[i].text)]
    dropped |= _runs(short, at_least=4)
    dropped |= {i for i in short if _words(units[i].text) <= 2 and (units[i].alone or _RUBRIC.fullmatch(units[i].text))}
    return dropped


def _tail(units: list[Unit], last: int, gone: set[int]) -> set[int]:
    if len(units) - last > _LONGEST_EDGE:
        return set()
    rest = list(range(last + 1, len(units)))
    dropped = {i for i in rest if _is_edge(units[i].text)}
    cut = [i for i in rest if i in gone and not _CREDIT.fullmatch(_bare(units[i].text))]
    cut += [i for i in rest if _CONTROL.fullmatch(units[i].text)]
    dated = _runs([i for i in rest if _is_dated(units[i].text)], at_least=2)
    if dated:
        above = min(dated) - 1
        cut.append(above if above > last and _is_label(units[above].text) else min(dated))
    if cut:
        dropped |= set(range(min(cut), len(units)))
    left = [i for i in rest if i not in dropped and i not in gone]
    opens_list = _bare(units[last].text).endswith((":", ","))
    if not opens_list and len(left) <= 2 and all(_is_signature(units[i]) for i in left):
        dropped |= set(left)
    return dropped


def _is_signature(unit: Unit) -> bool:
    return unit.after_blank and _words(unit.text) <= 5 and _is_label(unit.text) and not re.search(r"\d", unit.text)


def _is_edge(line: str) -> bool:
    bare = _bare(line)
    return not re.search(r"[\w|`~]", line) or bool(_EDGE.fullmatch(bare)) or is_date_line(bare)


def _is_label(line: str) -> bool:
    """A line that says something of the page or names something: no sentence, list item or markup."""
    return line[-1] not in ".!?…:;," and not _BULLET.match(line) and not _MARKUP.match(line)


def _is_dated(line: str) -> bool:
    """An item of a news ticker: a headline with a numeric date or a time of day."""
    return len(line) <= _LONGEST_TEASER and bool(_DATED.fullmatch(_unbulleted(line)))


def _is_solid(line: str) -> bool:
    """A paragraph of an article, and no teaser: several sentences, or a long one."""
    return is_prose(line) and not _BULLET.match(line) and (len(line) >= 200 or len(_SENTENCE_END.findall(line)) > 1)


def _runs(indices: list[int], *, at_least: int) -> set[int]:
    """Those of the ascending `indices` that stand in an unbroken run of some length."""
    runs: list[list[int]] = []
    for i in indices:
        if runs and runs[-1][-1] == i - 1:
            runs[-1].append(i)
        else:
            runs.append([i])
    return {i for run in runs if len(run) >= at_least for i in run}


def _bare(line: str) -> str:
    """Without bullets, emphasis and opening brackets, for comparing."""
    return _unbulleted(line).strip(" \t*_#([>|").removesuffix(")").strip()


def _unbulleted(line: str) -> str:
    bullet = _BULLET.match(line)
    return line[bullet.end() :] if bullet else line


def _words(line: str) -> int:
    return len(re.findall(r"\w+(?:[-'’.]\w+)*", line))


def _units(text: str) -> list[Unit]:
    lines = _lines(text)
    if lines and (header := HEADER.match(text, lines[0].start, lines[0].end)) and header.end() < lines[0].end:
        lines[0] = Range(header.end(), lines[0].end)
    return _as_units(text, lines)


def _as_units(text: str, ranges: Iterable[Range]) -> list[Unit]:
    lines = [line for line in ranges if line.start < line.end]
    blank = [i == 0 or _blank_between(text, lines[i - 1], lines[i]) for i in range(len(lines))] + [True]
    return [
        Unit(line.start, line.end, text[line.start : line.end], blank[i], blank[i] and blank[i + 1])
        for i, line in enumerate(lines)
    ]


def _lines(text: str) -> list[Range]:
    """Non-empty lines below the front matter; whole paragraphs where a text is hard-wrapped."""
    offset = len(front_matter(text))
    lines = [_stripped(text, Range(*found.span())) for found in re.compile(r"[^\r\n]+").finditer(text, offset)]
    lines = [line for line in lines if line.start < line.end]
    if _is_wrapped(text, lines):
        paragraphs: list[Range] = []
        for line in lines:
            if paragraphs and not _blank_between(text, paragraphs[-1], line):
                paragraphs[-1] = Range(paragraphs[-1].start, line.end)
            else:
                paragraphs.append(line)
        return paragraphs
    return lines


def _is_wrapped(text: str, lines: list[Range]) -> bool:
    """Whether paragraphs were broken into lines of about the same length."""
    longest = max((line.end - line.start for line in lines), default=0)
    if not 40 <= longest <= 120:
        return False
    inside = [a for a, b in pairwise(lines) if not _blank_between(text, a, b) and not _BULLET.match(text, b.start)]
    full = [line for line in inside if line.end - line.start >= longest * 0.7]
    broken = [line for line in full if text[line.end - 1] not in '.!?…:;»"']
    return len(inside) >= 3 and len(full) >= 0.7 * len(inside) and len(broken) >= 0.6 * len(inside)


def _blank_between(text: str, first: Range, second: Range) -> bool:
    return len(re.findall(r"\r\n|\r|\n", text[first.end : second.start])) > 1


def _stripped(text: str, range_: Range) -> Range:
    inner = text[range_.start : range_.end]
    start = range_.start + len(inner) - len(inner.lstrip())
    return Range(start, max(start, range_.start + len(inner.rstrip())))


def _joined(text: str, ranges: Sequence[Range]) -> tuple[Range, ...]:
    """Neighbours with nothing but whitespace between them become one."""
    joined: list[Range] = []
    for range_ in ranges:
        if joined and not text[joined[-1].end : range_.start].strip():
            joined[-1] = Range(joined[-1].start, range_.end)
        else:
            joined.append(range_)
    return tuple(joined)
