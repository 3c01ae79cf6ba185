"""An earlier exchange of a conversation: what its question asked for, and what both of its sides spoke of."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cached_property

from istok.index.language import detect
from istok.index.terms import STOPWORDS, stem, term, tokens
from istok.index.types import Language
from istok.rag.checks.names import transliterated
from istok.rag.conversation.mentions import ROLES, Mention, inflected, mentions
from istok.rag.spans.nominative import nominative
from istok.rag.wording import TEXTS

_MARKS = re.compile(r"(?:\s*\[\d+\])+")
_SPAN = re.compile(r"\*\*(.+?)\*\*")
_AS_OF = re.compile(
    r"^(?:по состоянию на|ранее|документ без даты|as of|earlier|an undated document)\b(?:[^\n]*?\):|[^:\n]{0,60}:)\s*"
    r"|,\s*(?:по состоянию на|as of)\b.*",
    re.IGNORECASE,
)
"""What an answer says of its time, before or after what it says."""


def _worded(text: str) -> str:
    """A pattern of one of the assistant's own texts, in either language, whatever values are filled in."""
    return "|".join(re.sub(r"\\{\w+\\}", ".*?", re.escape(texts[text])) for texts in TEXTS.values())


_PREMISE = re.compile(rf"^(?:{_worded('premise')})\n")
_ORIGINAL = re.compile(rf"^(?:{_worded('original')})", re.IGNORECASE)

MEASURES = frozenset(
    map(
        term,
        "год годы число день дата месяц период время сумма общий раз единица место состояние процент миллион "
        "миллиард тысяча "
        "рубль доллар евро итог сторона начало конец среднее количество размер стоимость население численность "
        "площадь цена более около часть доля очередь раза "
        "человек people "
        "population area price length year years date day month period time amount sum total number percent "
        "million billion thousand rouble ruble "
        "dollar euro place value share third half size cost part beginning end average".split(),
    )
)
"""Words that say in what an answer is counted, not what it is about."""


@dataclass(frozen=True)
class Exchange:
    """An earlier exchange: the question as it stands alone, and its answer."""

    question: str
    answer: str

    @cached_property
    def language(self) -> Language:
        """The question's; names don't tell it."""
        return spoken(self.question) or detect(self.question)

    @cached_property
    def focus(self) -> str:
        """What the answer says first, without marks; nothing when it abstained or was stopped."""
        text = _PREMISE.sub("", _MARKS.sub("", self.answer).strip())
        if any(text.startswith((texts["abstained"], texts["stopped"])) for texts in TEXTS.values()):
            return ""
        spans = _SPAN.findall(text)
        first = spans[0] if spans else text.split("\n")[0]
        said = _AS_OF.sub("", first)
        if original := _ORIGINAL.match(said):
            said = said[original.end() :].strip(" «»“”")
        return said.strip(" —–-.")[:400]

    @cached_property
    def short(self) -> bool:
        """Whether the answer is the thing asked for rather than a sentence around it."""
        return 0 < len(self.focus.split()) <= 8

    @cached_property
    def asks(self) -> Asks:
        """What the question opens with."""
        return asks_of(self.question, self.language)

    @cached_property
    def spoken_of(self) -> list[tuple[Mention, float]]:
        """What the exchange spoke of, with how much it stood out."""
        found: list[tuple[Mention, float]] = []
        answered = [m.lowered() for m in mentions(self.focus) if m.head not in MEASURES] if self.focus else []
        if self.asks.person and self.short and answered and _SURNAME.fullmatch(answered[0].text):
            # One capitalised word that says who: a person, or a company.
            answered.insert(1, replace(answered[0], kind="person"))
        if self.focus and detect(self.focus) != self.language:
            # What was quoted in the other language: only its names are known in both.
            abroad = [_abroad(m, self.language) for m in answered if m.proper and not _LOWER.search(m.text)]
            answered = [mention for mention in abroad if mention is not None]
        person = next((m for m in answered if m.kind == "person" and m.proper), None)
        about = self.asks.person and _WHO_IS.match(self.question)
        for place, mention in enumerate(mentions(self.question, self.language)):
            weight = 1.0 - 0.1 * place
            if mention.head in MEASURES:
                found += [(nested, weight - 0.3) for nested in mention.nested]
                continue
            if mention.preposition:
                weight -= 0.5
            if mention.end <= self.asks.end and not mention.named and not self.asks.counts:
                # The thing asked for is the answer's, if that names it.
                weight -= (
                    1.5
                    if self.short and answered and answered[0].proper and answered[0].plural == mention.plural
                    else 0.5
                )
            if about and mention.start == about.end():
                weight += 2.0
            if person and self.asks.person and mention.kind == "person" and mention.head in ROLES:
                found.append((_titled(mention, person, self.language), 2.5))
                person = None
                continue
            found.append((mention, weight))
            found += [(nested, weight - 1.2) for nested in mention.nested]
        for place, mention in enumerate(answered):
            weight = (1.2 if self.short else 0.6) - 0.3 * place - (0.4 if mention.preposition else 0.0)
            if not self.short and detect(self.focus) != self.language:
                weight -= 0.8
            if not mention.named:
                weight -= 0.6
            if self.asks.person and mention.kind == "person":
                weight += 0.6
            if HYPERNYMS.get(next(iter(stems(self.asks.noun)), "")) == "post" and mention.kind == "person":
                weight -= 1.5
            if place == 0 and self.short and self.asks.noun and not self.asks.counts:
                weight += 0.6
            found.append((mention, weight))
            found += [(nested, weight - 1.2) for nested in mention.nested]
        return found


def spoken(text: str) -> Language | None:
    """The language of the words of a text that aren't names; None when it has no other."""
    plain = [word for word, _ in tokens(text) if word[0].islower() or word.lower() in STOPWORDS]
    return detect(" ".join(plain)) if plain else None


_LOWER = re.compile(r"(?<![\w«])[а-яё]{2,}")
_WHO_IS = re.compile(r"(?:кто\s+так(?:ой|ая|ие)|who\s+(?:is|was|are|were))\s+(?=[A-ZА-ЯЁ])", re.IGNORECASE)


def _abroad(mention: Mention, language: Language) -> Mention | None:
    """A name of the other language as it is said in this one; None when it isn't known how."""
    if language == "ru" or detect(mention.text) == "en":
        return mention
    if mention.kind == "thing":
        return mention if mention.text[0] == "«" else None
    name = nominative(mention.text) if mention.kind == "person" else inflected(mention, "nomn")
    if name is None:
        return None
    text = transliterated(name)
    return replace(mention, text=text, start=0, end=len(text), core=len(text), words=(), case="")


def _titled(role: Mention, person: Mention, language: Language) -> Mention:
    """A person by name and by what the question asked for: "губернатор Смоленской области Василий Анохин"."""
    if role.head == person.head or stem(role.head) in {term(token) for token, _ in tokens(person.text)}:
        return person
    name = person.text
    if language == "en":
        text = f"{name}, the {role.text},"
        return Mention(text, 0, len(text), role.head, "person", False, True, genders=person.genders)
    joined = mentions(f"{inflected(role, 'nomn')} {inflected(person, 'nomn')}", "ru")
    if len(joined) == 1:
        return joined[0]
    text = f"{role.text} {name}"
    return Mention(text, 0, len(text), role.head, "person", False, True, genders=person.genders)


_SURNAME = re.compile(r"[A-ZА-ЯЁ][a-zа-яё-]+")

_KINDS = {
    "company": "компания предприятие завод фирма организация концерн холдинг корпорация ведомство учреждение "
    "клуб команда банк "
    "company enterprise plant factory firm organisation organization concern holding corporation club team bank "
    "agency",
    "place": "страна город область регион республика район государство край место country city town region "
    "republic district state place",
    "person": "человек чиновник политик министр губернатор президент руководитель спортсмен учёный man woman "
    "official politician "
    "minister governor president leader person athlete scientist",
    "post": "пост должность post position office job",
    "thing": "документ соглашение договор контракт проект встреча выставка форум визит мероприятие событие план "
    "программа закон матч "
    "церемония премия выборы голосование операция премьера концерт ceremony award election vote operation premiere "
    "решение делегация указ исследование турнир авария пожар document agreement contract deal project meeting "
    "exhibition forum visit "
    "event plan programme program law match decision delegation decree study tournament accident fire roadmap",
}
HYPERNYMS = {term(word): kind for kind, words in _KINDS.items() for word in words.split()}


def stems(text: str) -> list[str]:
    """The terms of all words of a text, in order."""
    return [term(token) for token, _ in tokens(text)]


# How a question asks.

_WH = {
    "ru": re.compile(
        r"(?:(?:по\s+сравнению\s+)?(?:в|во|на|с|со|из|от|до|для|к|о|об|по|за|при|у|под|над|между|через)\s+)?(?:кто|кого|кому|кем|ком"
        r"|что|чего|чему|чем|чём"
        r"|где|когда|куда|откуда|почему|зачем|как|сколько|скольких|скольким|насколько|кто-то"
        r"|как(?:ой|ая|ое|ие|ого|ому|им|ом|ую|их|ими)|каков[аоы]?|чей|чья|чь[её]|котор\w+)\b(?:\s+(?:и"
        r"|или)\s+(?:где|когда|кто|как|почему)\b)?",
        re.IGNORECASE,
    ),
    "en": re.compile(
        r"(?:(?:compared\s+)?(?:in|on|at|to|with|from|for|of|by|about|since|over|under|during|until"
        r"|after|before)\s+)?(?:how\s+(?:much|many|long|large"
        r"|big|far|often|old|high|soon|fast)|who|whom|whose|what|which|when|where|why|how)\b(?:\s+(?:and"
        r"|or)\s+(?:where|when|who|how|why)\b)?",
        re.IGNORECASE,
    ),
}
_ASKS_NOUN = re.compile(
    r"(?:\b(?:what|which|whose)|\bкак(?:ой|ая|ое|ие|ого|ому|им|ом|ую|их|ими)|\bкотор\w+)$", re.IGNORECASE
)
_COUNTS = re.compile(r"(?:\bhow many|\bhow much|\bсколько|\bскольк\w+)$", re.IGNORECASE)
_PERSON = re.compile(r"\b(?:кто|who)\b|\bкак\s+зовут\b|\bwhat\s+is\s+the\s+name\b", re.IGNORECASE)
AUXILIARY = re.compile(
    r"(?:is|are|was|were|do|does|did|has|have|had|will|would|can|could|may|might|should|must)\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Asks:
    """The words a question opens its asking with, up to `end`: `word` alone, `noun` what it asks for one of."""

    word: str
    noun: str
    end: int
    person: bool
    counts: bool

    @property
    def adverb(self) -> bool:
        """Whether it asks for no thing, so that nothing need agree with it."""
        return not self.noun and self.word.lower().rpartition(" ")[2] in _ADVERBS


_ADVERBS = frozenset("где когда куда откуда почему зачем как when where why how".split())


_SORTS = frozenset(map(term, "вид тип сорт род единица kind type sort".split()))
"""What a noun is asked for by another («какой вид техники»)."""


def asks_of(question: str, language: Language) -> Asks:
    """What a question opens with; empty when it has no question word there."""
    found = _WH[language].match(question)
    if not found:
        return Asks("", "", 0, False, False)
    word, end, noun = found[0], found.end(), ""
    if _ASKS_NOUN.search(word) or _COUNTS.search(word):
        after = question[end:]
        lead = len(after) - len(after.lstrip())
        preposition = word.split()[-2].lower() if language == "ru" and " " in word else ""
        phrase = next(
            iter(mentions(f"{preposition} {after.lstrip()}" if preposition else after.lstrip(), language)), None
        )
        shift = len(preposition) + 1 if preposition else 0
        if phrase is not None and phrase.start == shift:
            stop = (phrase.end if phrase.head in _SORTS else phrase.core) - shift
            noun = after.lstrip()[:stop]
            end += lead + stop
        elif " " in word and (measure := re.match(r"\s+([a-z]+)(?=\W*$)", after)):  # "for what amount?"
            noun = measure[1]
            end += measure.end()
    return Asks(word, noun, end, bool(_PERSON.match(word)), bool(_COUNTS.search(word)))
