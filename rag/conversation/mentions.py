"""Mentions: what a question or an answer speaks of, with what decides which pronoun may stand for it.

Russian phrases are read by pymorphy3's dictionaries, which are loaded with the first of them; English ones by the
order of function words and capitals, as English marks no more.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from istok.index.language import detect
from istok.index.terms import STOPWORDS, is_country, stem
from istok.index.types import Language
from istok.rag.morphology import parses

if TYPE_CHECKING:
    from pymorphy3.analyzer import Parse

Kind = Literal["person", "place", "thing"]
Case = Literal["nomn", "gent", "datv", "accs", "ablt", "loct"]

_TOKEN = re.compile(r"[^\W_]+(?:[-–’'][^\W_]+)*|[^\w\s]")


def _stems(words: str) -> frozenset[str]:
    return frozenset(map(stem, words.split()))


GOVERNS: dict[str, frozenset[str]] = {
    preposition: frozenset(cases.split())
    for preposition, cases in {
        "в": "loct accs", "во": "loct accs", "на": "loct accs", "о": "loct", "об": "loct", "при": "loct",
        "с": "ablt gent", "со": "ablt gent", "между": "ablt", "над": "ablt", "под": "ablt accs", "перед": "ablt",
        "за": "ablt accs", "к": "datv", "ко": "datv", "по": "datv loct", "для": "gent", "из": "gent", "от": "gent",
        "до": "gent", "у": "gent", "без": "gent", "около": "gent", "против": "gent", "после": "gent", "про": "accs",
        "через": "accs", "среди": "gent", "кроме": "gent",
    }.items()
}  # fmt: skip
"""Russian prepositions and the cases after them."""

PREPOSITIONS = frozenset(
    "in on at to with from for by of about between during under over into against since off near across along "
    "among around behind before after".split()
)
"""English prepositions."""

PLACES = _stems(
    "страна государство республика область край регион город район столица округ село деревня "
    "country state republic region oblast city town district capital county province village"
)
_BODIES = _stems(
    "group plant works company corporation university ministry institute bank party union forum exhibition committee "
    "council agency federation association holding factory airlines club court"
)
ROLES = _stems(
    "министр премьер премьер-министр президент губернатор директор председатель глава мэр ректор "
    "тренер посол секретарь руководитель гендиректор спикер депутат командир капитан чемпион владелец основатель "
    "автор сын дочь жена муж отец мать брат сестра "
    "minister premier president governor director chairman chairwoman head mayor rector coach ambassador secretary "
    "chief leader speaker captain champion owner founder author ceo commander king chancellor "
    "son daughter wife husband father mother brother sister"
)
"""Stems of what a person may be."""

# What English says with a verb as with a noun is a verb when nothing but a name, or an auxiliary, stands before it.
_VERBS = frozenset(
    """
    grow grew rise rose fall fell increase decrease decline reach make made sign rank meet met visit produce supply
    sell sold plan plans say said become became hold held head heads lead leads led work works worked cost costs
    take takes took win won open opened build built launch receive buy bought start started begin began join leave
    left die died born happen happened arrive arrived come came go went get got discuss discussed announce announced
    propose export import amount total stand stands adopt ready totalled exceed live play played score scored earn
    pay paid spend spent gone done run runs ran create created employ employs call called shown show given way now
    today currently makes provide provides include includes concern concerns cover fly flew travel travelled write
    wrote think thought know knew see saw hear heard find found give gives bring brought teach taught choose chose
    appoint elect attend agree refuse resign support oppose accuse kill killed wound injure destroy damage follow
    apply use uses need needs want wants ask asks answer own owns serve serves move joins meets signs chairs taken
    written known seen put down up sent grows rises falls says represent beat shot shoot hide hid abolish change worth
    host direct marry belong belongs spoke speak spoken pass passed happens cause caused
    """.split()
)
_JOIN = frozenset("with to between for in from".split())
_AUXILIARIES = frozenset(
    "is are was were be been being am do does did has have had will would can could may might shall should must".split()
)
# Stopwords of a search that are things to speak of all the same.
_FUNCTION_WORDS = STOPWORDS - frozenset(
    "document documents article articles документе документах статье статьях".split()
)
_ARTICLES = frozenset("the a an".split())
_MONTHS = re.compile(
    r"(?:(?:январ|феврал|апрел|июн|июл|сентябр|октябр|ноябр|декабр)(?:ь|я|ю|е|[её]м)|(?:март|август)(?:а|у|е"
    r"|ом)?|ма(?:й|я|ю|е|ем)"
    r"|january|february|march|april|may|june|july|august|september|october|november|december)$",
    re.IGNORECASE,
)
_SURNAME = re.compile(r"[А-ЯЁ][а-яё-]+(?:[оеё]в|[иы]н)(?:а|у|ым|е|ой)?$")


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a mention; `parse` only where its form goes with the mention's case."""

    text: str
    start: int
    end: int
    parse: Parse | None = None


@dataclass(frozen=True, slots=True)
class Mention:
    """A noun phrase. `start` and `end` count its text's characters, without the preposition before it; `head` is a
    stem; `case` and `genders` are empty where the language has none or the word doesn't tell."""

    text: str
    start: int
    end: int
    head: str
    kind: Kind
    plural: bool
    named: bool
    preposition: str = ""
    case: str = ""
    genders: frozenset[str] = frozenset(("masc", "femn", "neut"))
    words: tuple[Word, ...] = ()
    core: int = 0
    """Where its head ends and what only belongs to it begins, counted like `end`."""

    @property
    def proper(self) -> bool:
        """Whether it is a name itself, rather than something told apart by one."""
        head = self.text[: self.core - self.start]
        words = re.findall(r"\w[\w-]*", head)
        return self.named and (
            self.text[0] in '«“"'
            or all(word[0].isupper() for word in words)
            or (self.kind != "thing" and any(word[0].isupper() for word in words[self.start == 0 :]))
        )

    @property
    def belongings(self) -> list[Mention]:
        """The mentions in what belongs to it, counted in the text that it is counted in."""
        return [_moved(mention, self.core) for mention in mentions(self.text[self.core - self.start :])]

    @property
    def nested(self) -> list[Mention]:
        """Those of them that have names, and theirs."""
        return [found for mention in self.belongings if mention.named for found in (mention, *mention.nested)]

    def lowered(self) -> Mention:
        """Without the capital of a sentence's first word, unless that is a name."""
        first = re.match(r"\w+", self.text)
        if not first or self.start or not first[0][1:].islower():
            return self
        if detect(self.text) == "ru":
            reading = parses(first[0])[0]
            if not reading.is_known or {"Name", "Surn", "Patr", "Geox", "Orgn"} & set(reading.tag.grammemes):
                return self
        elif not re.match(r"[\w-]+\s(?!and\b|of\b)[a-z]", self.text):
            return self
        return (
            self
            if self.kind == "place"
            else replace(
                self,
                text=self.text[0].lower() + self.text[1:],
                words=tuple(replace(w, text=w.text[0].lower() + w.text[1:]) if w.start == 0 else w for w in self.words),
            )
        )


def _moved(mention: Mention, shift: int) -> Mention:
    words = tuple(replace(word, start=word.start + shift, end=word.end + shift) for word in mention.words)
    return replace(
        mention, start=mention.start + shift, end=mention.end + shift, core=mention.core + shift, words=words
    )


def mentions(text: str, language: Language | None = None) -> list[Mention]:
    """What `text` speaks of, in order."""
    return _russian(text) if (language or detect(text)) == "ru" else _english(text)


def _case(parse: Parse) -> str:
    """One of the six cases; second genitives and locatives are such, too. "" for none."""
    case = str(parse.tag.case or "")
    return _SECOND.get(case, case)


_SECOND = {"gen1": "gent", "gen2": "gent", "loc1": "loct", "loc2": "loct", "acc2": "accs", "voct": "nomn"}


def is_predicate(word: str) -> bool:
    """Whether a Russian word is most likely a verb or its short form ("подписал", "подписан", "готова")."""
    return parses(word)[0].tag.POS in ("VERB", "INFN", "PRTS", "ADJS", "PRED")


def inflected(mention: Mention, case: Case) -> str:
    """A Russian mention in another case; what doesn't inflect, and an English one, as it is."""
    if not mention.case or mention.case == case:
        return mention.text
    text, shift = mention.text, 0
    for word in mention.words:
        if word.parse is None:
            continue
        form = _inflect(word, case)
        start = word.start - mention.start + shift
        text = text[:start] + form + text[start + len(word.text) :]
        shift += len(form) - len(word.text)
    return text


def _inflect(word: Word, case: Case) -> str:
    assert word.parse is not None  # noqa: S101 - the caller has asked
    tag, wanted = word.parse.tag, case
    own = parses(word.text) if case == "accs" and word.text.islower() else ()
    if any(parse.tag.case == case and parse.tag.number == tag.number for parse in own):
        return word.text
    if case == "accs" and (tag.number == "plur" or tag.gender == "masc"):
        # The accusative of these is the genitive of what lives, and the nominative of what doesn't.
        wanted = "gent" if tag.animacy == "anim" else "nomn"
    made = word.parse.inflect({wanted, "Supr"} if "Supr" in tag else {wanted})
    if made is None:
        return word.text
    if word.text.isupper() and len(word.text) > 1:
        return word.text
    form: str = made.word
    return form.capitalize() if word.text[0].isupper() else form


# Russian.


def _tokens(text: str) -> list[Word]:
    return [Word(match.group(), *match.span()) for match in _TOKEN.finditer(text)]


def _russian(text: str) -> list[Mention]:
    tokens = _tokens(text)
    found: list[Mention] = []
    at, preposition = 0, ""
    while at < len(tokens):
        word = tokens[at].text.lower()
        if word in GOVERNS:
            preposition, at = word, at + 1
            continue
        phrase = _phrase(text, tokens, at, preposition)
        if phrase is None:
            if tokens[at].text not in '«"“' and not tokens[at].text[0].isdigit():
                preposition = ""
            at += 1
            continue
        mention, at = phrase
        found.append(mention)
        preposition = ""
    return found


def _dependent(tokens: Sequence[Word], at: int) -> tuple[list[Word], int, Parse | None] | None:
    """What belongs to the noun before: in the genitive, or a name in the dative ("памятник Ленину")."""
    found = _simple(tokens, at, frozenset(("gent",)))
    return found or (_simple(tokens, at, frozenset(("datv",))) if tokens[at].text[0].isupper() else None)


def _noun_like(word: str) -> list[Parse]:
    if _MONTHS.match(word) or word.lower() in _FUNCTION_WORDS:
        return []
    if _SURNAME.match(word):
        # A dictionary that lacks a surname takes it for an adjective of possession.
        surnames = [p for p in parses(word) if "Surn" in p.tag] or [p for p in parses(word) if "Poss" in p.tag]
        if surnames:
            return surnames
    read = parses(word)
    least = LIKELY if read[0].tag.POS in ("VERB", "PRTS", "ADJS") else 0.0
    return [p for p in read if p.tag.POS == "NOUN" and p.score >= least]


LIKELY = 0.05
"""The probability from which on a word that is a verb most of the time is a noun («погиб» is none)."""


def _simple(
    tokens: Sequence[Word], at: int, cases: frozenset[str] | None
) -> tuple[list[Word], int, Parse | None] | None:
    """Adjectives and their noun from `at` on: the words, the place after them, the noun's reading."""
    words: list[Word] = []
    adjectives: list[list[Parse]] = []
    if at < len(tokens) and tokens[at].text in "«“" and (whole := _title(tokens, at, cases)):
        return whole
    while at < len(tokens):
        token = tokens[at]
        text = token.text
        if text in '«»"“”':
            if words and text in "»”":
                break
            words.append(token)
            at += 1
            continue
        if not text[0].isalpha() or text.lower() in GOVERNS:
            return None
        first = parses(text)[0].tag
        if text.lower() in ("и", "или") and adjectives and words[-1].text[0].isupper():
            words.append(token)
            at += 1
            continue
        if "LATN" in first or _is_abbreviation(text):
            return ([*words, token], at + 1, None) if not adjectives else None
        nouns = _noun_like(text)
        if nouns and (
            first.POS == "NOUN" or "Poss" in nouns[0].tag or not _adjective(text) or (adjectives and text[0].isupper())
        ):
            agreeing = [n for n in nouns if cases is None or _case(n) in cases]
            several = any(word.text.lower() == "и" for word in words)
            for noun in agreeing:
                chosen = [next((a for a in options if _agree(a, noun, several)), None) for options in adjectives]
                if all(chosen):
                    by_place = iter(chosen)
                    inflecting = [replace(w, parse=next(by_place)) if w.text[0].isalpha() and w.text.lower() not in
                                  ("и", "или") else w for w in words]  # fmt: skip
                    return [*inflecting, replace(token, parse=noun)], at + 1, noun
            return None
        options = _adjective(text)
        if not options or text.lower() in _FUNCTION_WORDS or first.POS in ("VERB", "INFN", "ADJS", "PRTS"):
            return None
        words.append(token)
        adjectives.append(options)
        at += 1
    return None


def _title(
    tokens: Sequence[Word], at: int, cases: frozenset[str] | None
) -> tuple[list[Word], int, Parse | None] | None:
    """A title in quotation marks that is no noun with its adjectives («Доктор Кто»); it isn't inflected."""
    close = next((i for i in range(at + 1, len(tokens)) if tokens[i].text in "»”"), None)
    if close is None or close == at + 1:
        return None
    inside = _simple(tokens[:close], at + 1, cases)
    return None if inside and inside[1] == close else (list(tokens[at : close + 1]), close + 1, None)


def _adjective(word: str) -> list[Parse]:
    return [p for p in parses(word) if p.tag.POS in ("ADJF", "PRTF") and "Apro" not in p.tag]


def _agree(adjective: Parse, noun: Parse, several: bool) -> bool:
    one, other = adjective.tag, noun.tag
    if _case(adjective) != _case(noun):
        return False
    if several and other.number == "plur":
        return True
    return bool(one.number == other.number and (other.number == "plur" or one.gender in (other.gender, None)))


def _is_abbreviation(word: str) -> bool:
    return len(word) > 1 and word.isupper() and not any("Geox" in p.tag for p in parses(word)[:1])


def _phrase(text: str, tokens: Sequence[Word], at: int, preposition: str) -> tuple[Mention, int] | None:
    cases = GOVERNS.get(preposition)
    simple = _simple(tokens, at, cases)
    if simple is None:
        return None
    words, at, noun = simple
    # Without a preposition, what could be both is the subject or the object rather than a genitive.
    core = words[-1].end
    tags = [noun.tag] if noun else []
    plural = noun is not None and noun.tag.number == "plur"
    case = _case(noun) if noun else ""
    first = words[-1]
    while at < len(tokens):
        token = tokens[at]
        if token.text == "»" or (token.text == "”" and "«“".find(text[words[0].start]) >= 0):
            words.append(token)
            core, at = max(core, token.end), at + 1
        elif token.text in '«“"':
            close = next((i for i in range(at + 1, len(tokens)) if tokens[i].text in '»”"'), None)
            if close is None:
                break
            words += tokens[at : close + 1]
            core, at = tokens[close].end, close + 1
        elif (
            (adjectival := _simple(tokens, at, frozenset(("gent",))))
            and len(adjectival[0]) > 1
            and (adjectival[2] is not None and adjectival[0][0].text not in '«“"')
        ):
            words += [replace(word, parse=None) for word in adjectival[0]]
            at = adjectival[1]
        elif (
            _is_name(token.text)
            and any("Name" in tag for tag in tags)
            and (own := _name_parse(token.text, case)) is False
        ):
            words.append(token)
            core, at = token.end, at + 1
        elif _is_name(token.text) and (own := _name_parse(token.text, case)) is not False:
            if own and "Name" in own.tag and noun and noun.tag.animacy == "inan" and noun.is_known:
                break  # «какую должность Александр Рогожник занимает»: a thing has no first name
            words.append(replace(token, parse=own or None))
            if own:
                tags.append(own.tag)
            core, at = token.end, at + 1
        elif (dependent := _dependent(tokens, at)) and dependent[2] is not None:
            # What belongs to it keeps its own case.
            words += [replace(word, parse=None) for word in dependent[0]]
            at = dependent[1]
        elif (
            token.text.lower() == "и"
            and words[-1].parse is None
            and words[-1].text[0].isupper()
            and core < words[-1].end
            and ((further := _dependent(tokens, at + 1)) and _capital(further[0]) and further[2] is not None)
        ):
            words += [token, *(replace(word, parse=None) for word in further[0])]
            at = further[1]
        elif token.text.lower() == "и" and (second := _simple(tokens, at + 1, frozenset((case,)) if case else None)):
            if second[2] is not None and case and _case(second[2]) != case:
                break
            words += [token, *second[0]]
            plural, core, at = True, second[0][-1].end, second[1]
        elif token.text == "," and (second := _listed(tokens, at + 1, case)):
            words += [token, *second[0]]
            plural, core, at = True, second[0][-1].end, second[1]
        elif (end := _attached(tokens, at)) is not None:
            words += [replace(word, parse=None) for word in tokens[at:end]]
            at = end
        else:
            break
    start, end = words[0].start, words[-1].end
    phrase = text[start:end]
    named = any(w.text[0].isupper() and w.start > 0 for w in words) or any(
        {"Geox", "Name", "Surn", "Poss"} & set(t.grammemes) for t in tags
    )
    head = stem(noun.normal_form if noun else first.text)
    kind: Kind = "thing"
    if text[start] in '«“"':
        pass
    elif any({"Surn", "Name", "Patr", "Poss"} & set(t.grammemes) for t in tags) or (noun and head in ROLES):
        kind = "person"
    elif is_country(head) or head in PLACES or any("Geox" in t for t in tags[:1]):
        kind = "place"
    genders = frozenset(("masc", "femn", "neut"))
    surname = next((t for t in tags if "Name" in t), None) or next((t for t in tags if "Surn" in t), None)
    if surname is not None and surname.gender in ("masc", "femn"):
        genders = frozenset((str(surname.gender),))
    elif (
        noun is not None
        and noun.tag.gender in ("masc", "femn", "neut")
        and not (words[0].text in '«“"' and len(words) <= 3)
    ):
        genders = frozenset((str(noun.tag.gender),))
    return (
        Mention(phrase, start, end, head, kind, plural, named, preposition, case, genders, tuple(words), core), at,
    )  # fmt: skip


def _listed(tokens: Sequence[Word], at: int, case: str) -> tuple[list[Word], int, Parse | None] | None:
    """A name after a comma that stands in a row of names: "Россия, Беларусь и Казахстан"."""
    found = _simple(tokens, at, frozenset((case,)) if case else None)
    if not found or not _capital(found[0]) or found[1] >= len(tokens) or tokens[found[1]].text not in (",", "и"):
        return None
    return found


def _capital(words: Iterable[Word]) -> bool:
    return any(word.text[0].isupper() for word in words)


def _is_name(word: str) -> bool:
    return word[0].isupper() and word.lower() not in _FUNCTION_WORDS


def _name_parse(word: str, case: str) -> Parse | Literal[False] | None:
    """The reading of a name that stands after its noun; None if it doesn't inflect, False if it isn't a name."""
    own = [p for p in parses(word) if "Name" in p.tag or "Surn" in p.tag or "Patr" in p.tag]
    if own:
        return next((p for p in own if _case(p) == case), None) or False
    if "LATN" in parses(word)[0].tag or _is_abbreviation(word):
        return None
    if parses(word)[0].tag.POS in ("NOUN", "VERB") and not any("Fixd" in p.tag for p in parses(word)[:1]):
        return None if _SURNAME.match(word) else False
    # A surname like an adjective (Рыжковский).
    return next((p for p in parses(word) if p.tag.POS == "ADJF" and _case(p) == case and p.tag.gender != "femn"), False)


def _attached(tokens: Sequence[Word], at: int) -> int | None:
    """The end of a phrase with a preposition that belongs to the noun before it: one with a name or with years."""
    preposition = tokens[at].text.lower()
    if preposition not in GOVERNS or at + 1 >= len(tokens):
        return None
    if preposition == "на" and re.match(r"(?:19|20)\d\d", tokens[at + 1].text):
        end = at + 2
        while end < len(tokens) and (tokens[end].text[0].isdigit() or tokens[end].text in "-–—" or
                                     tokens[end].text.lower() in ("год", "годы", "гг", "годов")):  # fmt: skip
            end += 1
        return end
    simple = _simple(tokens, at + 1, GOVERNS[preposition])
    if preposition in ("с", "со", "между", "в", "из", "к") and simple and _capital(simple[0]):
        end = simple[1]
        if end + 1 < len(tokens) and tokens[end].text == "и":
            second = _simple(tokens, end + 1, GOVERNS[preposition])
            if second and _capital(second[0]):
                return second[1]
        return end
    return None


# English.


_NOUNS = re.compile(
    r"(?:tion|sion|ment|ness|ity|over|ship|age|er|or|ist|ism|ance|ence|ing|s|cy|gy|ry|phy|ture|al|ant|ent|ics?"
    r"|road|map)$"
)
"""Endings of nouns: what else ends a phrase after "did" is a verb."""


def _english(text: str) -> list[Mention]:
    tokens = _tokens(text)
    found: list[Mention] = []
    at, preposition, supported = 0, "", False
    while at < len(tokens):
        word = tokens[at].text.lower()
        if word in PREPOSITIONS:
            preposition, at = word, at + 1
            continue
        run = _run(tokens, at)
        while len(run) > 1 and re.fullmatch(r"[\d.,]+", tokens[run[0]].text):
            run.pop(0)
        if word in ("do", "does", "did"):
            supported = True
        if supported and len(run) > 1 and tokens[run[-1]].text.islower() and not _NOUNS.search(tokens[run[-1]].text):
            run.pop()
            supported = False
        if not run:
            if word not in ("the", "a", "an", "this", "that", "these", "those"):
                preposition = ""
            at += 1
            continue
        at = run[-1] + 1
        core = tokens[at - 1].end
        last, plural, proper = at, False, _capitals(tokens, run)
        while at < len(tokens):
            link = tokens[at].text.lower()
            skip = 2 if at + 1 < len(tokens) and tokens[at + 1].text.lower() in _ARTICLES else 1
            more = _run(tokens, at + skip) if link in PREPOSITIONS or link == "and" else []
            capital = _capitals(tokens, more)
            same = capital == proper
            years = link == "for" and more and re.match(r"(?:19|20)\d\d\W", tokens[more[0]].text)
            joins = link == "of" or (link == "and" and same) or (capital and link in _JOIN)
            listed = link == "," and proper and _is_listed(tokens, at)
            if listed:
                more = _run(tokens, at + 1)
            if not more or not (joins or listed) or years:
                break
            if link in ("and", ",") and at == last:
                plural, core = True, tokens[more[-1]].end
            at, proper = more[-1] + 1, capital or listed
            last = at if link in ("and", ",") else last
        start, end = tokens[run[0]].start, tokens[at - 1].end
        words = [tokens[i].text for i in run]
        found.append(_english_mention(text, start, end, words, preposition, plural, core))
        preposition = ""
    return found


def _is_listed(tokens: Sequence[Word], comma: int) -> bool:
    """Whether a name stands after a comma in a row of names: "Russia, Belarus and Kazakhstan"."""
    run = _run(tokens, comma + 1)
    return bool(
        run
        and _capitals(tokens, run)
        and run[-1] + 1 < len(tokens)
        and tokens[run[-1] + 1].text.lower() in (",", "and")
    )


def _capitals(tokens: Sequence[Word], run: Sequence[int]) -> bool:
    """Whether there is a capital in it that isn't the sentence's first with plain words after it."""
    return any(tokens[i].text[0].isupper() and (i or len(run) == 1 or tokens[run[1]].text[0].isupper()) for i in run)


def _run(tokens: Sequence[Word], at: int) -> list[int]:
    """The content words that follow each other from `at` on, without a verb at their end."""
    run: list[int] = []
    for i in range(at, len(tokens)):
        word = tokens[i].text
        lowered = word.lower()
        if not word[0].isalnum() or lowered in _FUNCTION_WORDS or lowered in PREPOSITIONS or lowered in _AUXILIARIES:
            break
        if re.fullmatch(r"(?:19|20)\d\d|[a-z]+(?<!e)ed", word) or (_MONTHS.fullmatch(lowered) and word[0].isupper()):
            break
        if lowered in _VERBS and word[0].islower() and not (i and tokens[i - 1].text.lower() in _ARTICLES):
            break
        run.append(i)
    if run and all(tokens[i].text[0].isdigit() for i in run):
        return []
    return run


def _english_mention(
    text: str, start: int, end: int, words: list[str], preposition: str, plural: bool, core: int
) -> Mention:
    head = stem(words[-1])
    stems = {stem(word) for word in words}
    capitals = [word for word in words if word[0].isupper()]
    all_words = re.findall(r"[^\W\d_]+", text[start:end])
    named = any(word[0].isupper() for word in all_words[start == 0 :]) or len(words) == len(capitals)
    kind: Kind = "thing"
    if stems & ROLES:
        kind = "person"
    elif is_country(head) or head in PLACES:
        kind = "place"
    elif len(capitals) == len(words) and 2 <= len(words) <= 4 and not stems & _BODIES and not _shouted(words):
        kind = "person"
    elif named and len(capitals) == len(words) and preposition in ("in", "to", "from") and not stems & _BODIES:
        kind = "place"
    last = words[-1].lower()
    many = plural or (last.endswith("s") and not last.endswith(("ss", "us", "is", "news")) and words[-1][0].islower())
    return Mention(text[start:end], start, end, head, kind, many, named, preposition, core=core)


def _shouted(words: Sequence[str]) -> bool:
    return any(len(word) > 1 and word.isupper() for word in words)
