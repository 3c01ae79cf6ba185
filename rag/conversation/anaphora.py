"""Anaphora: pronouns, "there", "this company", replaced by what they stand for in the exchanges before."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from istok.index.language import detect
from istok.index.terms import is_country, stem
from istok.index.types import Language
from istok.rag.conversation.exchange import AUXILIARY, HYPERNYMS, MEASURES, Exchange
from istok.rag.conversation.mentions import GOVERNS, ROLES, Case, Mention, inflected, is_predicate, mentions
from istok.rag.question import TIME

_CLAUSE = re.compile(
    r",|;|:|\s(?:и|а|но|или|что|если|чтобы|and|but|or|when|where|who|which|that|if|because|after|before)\s", re.I
)
_EXPLETIVE = re.compile(
    r"\b(?:is|was)\s+it\s+(?:true|known|possible|planned|correct|likely|necessary)|\b(?:does|did|will"
    r"|would)\s+it\s+(?:take|cost)\s+to\b"
    r"|\bit\s+(?:is|was)\s+(?:true|said|known|possible)|\b(?:is|are|was|were|be|been)\s+there\b|\bthere\s+(?:is"
    r"|are|was|were|be|been)\b",
    re.IGNORECASE,
)  # fmt: skip

_Form = tuple[frozenset[str], bool, tuple[Case, ...]]


def _forms(genders: str, plural: bool, cases: str) -> _Form:
    return frozenset(genders.split()), plural, tuple(cases.split())  # type: ignore[arg-type]


_HE, _SHE, _ANY = "masc neut", "femn", "masc femn neut"
_PRONOUNS: dict[str, tuple[_Form, ...]] = {
    "он": (_forms("masc", False, "nomn"),),
    "оно": (_forms("neut", False, "nomn"),),
    "она": (_forms(_SHE, False, "nomn"),),
    "они": (_forms(_ANY, True, "nomn"),),
    "его": (_forms(_HE, False, "accs gent"),),
    "него": (_forms(_HE, False, "gent accs"),),
    "ему": (_forms(_HE, False, "datv"),),
    "нему": (_forms(_HE, False, "datv"),),
    "им": (_forms(_HE, False, "ablt"), _forms(_ANY, True, "datv")),
    "ним": (_forms(_HE, False, "ablt"), _forms(_ANY, True, "datv")),
    "нём": (_forms(_HE, False, "loct"),),
    "нем": (_forms(_HE, False, "loct"),),
    "её": (_forms(_SHE, False, "accs gent"),),
    "ее": (_forms(_SHE, False, "accs gent"),),
    "неё": (_forms(_SHE, False, "gent accs"),),
    "нее": (_forms(_SHE, False, "gent accs"),),
    "ей": (_forms(_SHE, False, "datv ablt"),),
    "ней": (_forms(_SHE, False, "loct ablt datv"),),
    "ею": (_forms(_SHE, False, "ablt"),),
    "их": (_forms(_ANY, True, "accs gent"),),
    "них": (_forms(_ANY, True, "gent loct accs"),),
    "ими": (_forms(_ANY, True, "ablt"),),
    "ними": (_forms(_ANY, True, "ablt"),),
}
_ENGLISH: dict[str, str] = {
    "he": "he", "him": "he", "his": "he", "she": "she", "her": "she", "hers": "she", "it": "it", "its": "it",
    "they": "they", "them": "they", "their": "they", "theirs": "they",
}  # fmt: skip
_PRONOUNS |= {
    word: (_forms(_ANY, False, case), _forms(_ANY, True, case))
    for word, case in {"это": "nomn accs", "этого": "gent", "этому": "datv", "этим": "ablt", "этом": "loct"}.items()
}
_ENGLISH |= {"this": "this", "that": "this"}
_POSSESSIVE = frozenset("его её ее их his her its their".split())
_THERE = {
    "там": ("в", "loct"),
    "здесь": ("в", "loct"),
    "тут": ("в", "loct"),
    "туда": ("в", "accs"),
    "оттуда": ("из", "gent"),
    "there": ("in", ""),
}
_THIS = (
    r"(?:эт(?:от|а|о|и|ого|ой|ому|им|ом|у|их|ими)|данн\w+|указанн\w+|упомянут\w+|т(?:от|а|о|е|ого|ой|ому|ом|ем|у"
    r"|ех)\s+же|this|that|these|those"
    r"|the\s+same|the\s+said)"
)
_DEFINITE = re.compile(rf"\b({_THIS}|the)\s+(?=\w)", re.IGNORECASE)
_PERSONAL = re.compile(
    r"\b(?:встре[чт]\w+|сказа\w+|заяви\w+|обсу[жд]\w+|роди\w+|возглав\w+|посети\w+|назнач\w+|подписа[лт]\w*"
    r"|работа[ею]т\w*|сообщи\w+|приеха\w+"
    r"|призва\w+|предлож\w+|занима\w+|руковод\w+|уче?и\w+|говори\w+|отмети\w+|подчеркну\w+|умер\w*|живёт|живет"
    r"|meet|met|said?|say|announce\w*"
    r"|discuss\w*|born|head|heads|headed|lead|leads|visit\w*|appoint\w*|sign|work\w*|told|tell|propose\w*"
    r"|die[ds]?|become|became|think|live[ds]?)\b",
    re.IGNORECASE,
)
_OF_SOMEBODY = re.compile(
    r"\b(?:замен[иья]\w+|смен[иья]\w+|уволи\w+|арестова\w+|задержа\w+|избра\w+|назначи\w+|уби[лт]\w*|обвин\w+|осуди\w+"
    r"|поздрави\w+|награди\w+|replace\w*|succeed\w*|dismiss\w*|arrest\w*|kill\w*|elect\w*|appoint\w*|accuse\w*)\b",
    re.IGNORECASE,
)
"""What is done to people."""
_IMPERSONAL = re.compile(
    r"\b(?:предусматрива|включа|содерж|рассчита|состо[ия]|называ[ею]тся|дли[тл]|сто[ия][тл]|наход|располож"
    r"|заверш|строи|вступ|принадлеж)\w*",
    re.IGNORECASE,
)
_KIN = frozenset(map(stem, "дочь сын жена муж отец мать брат сестра семья должность".split()))
"""What a person has, and no thing."""

_THEN = re.compile(
    r"\b(?:тогда(?:\s+же)?|в\s+то(?:т\s+же|м\s+же)?\s+(?:время|год\w*)|в\s+том\s+же\s+(?:году|месяце)|then"
    r"|at\s+(?:that|the)\s+time"
    r"|in\s+(?:that|the\s+same)\s+(?:year|month))\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Need:
    """What a pronoun calls for."""

    forms: tuple[_Form, ...] = ()
    english: str = ""
    kind: str = ""
    head: str = ""
    personal: bool = False
    impersonal: bool = False
    object_: bool = False
    located: bool = False


@dataclass(frozen=True, slots=True)
class Resolved:
    """A question without its pronouns: whether any pointed out of it, and whether to something with a name."""

    text: str
    found: bool = False
    named: bool = False

    def and_then(self, text: str, stands: Mention | None) -> Resolved:
        """The same with `text` for its own, where a pronoun stood for `stands`."""
        named = stands is not None and (stands.proper or stands.kind == "person")
        return Resolved(text, True, self.named or named)


def resolved(rest: str, said: Sequence[Exchange], language: Language) -> Resolved:
    """The question with its pronouns replaced by what they stand for."""
    made = Resolved(rest)
    if then := _THEN.search(rest):
        time = next((t for s in reversed(said) for t in (TIME.search(s.question), TIME.search(s.focus)) if t), None)
        if time:
            made = made.and_then(f"{rest[: then.start()]}{time[0]}{rest[then.end() :]}", None)
    made = _definite(made, said, language)
    at = 0
    while match := WORD.search(made.text, at):
        at = match.end()
        if any(e.start() <= match.start() < e.end() for e in _EXPLETIVE.finditer(made.text)):
            continue
        if (replaced := _replaced(made, match, said, language)) is not None:
            made, at = replaced
    return made


WORD = re.compile(r"[^\W\d_]+")


def _replaced(
    made: Resolved, match: re.Match[str], said: Sequence[Exchange], language: Language
) -> tuple[Resolved, int] | None:
    """The question with the pronoun at `match` replaced, and where to go on; None if it is none, or points inside."""
    text, start, end, word = made.text, match.start(), match.end(), match[0].lower()
    if word in _THERE and (language == "ru") == (word != "there"):
        if _inside(text[:start], _Need(kind="place"), False, language):
            return None
        place = _antecedent(_Need(kind="place"), said)
        if place is None:
            return made.and_then(text, None), end
        preposition, case = _THERE[word]
        if place.preposition in ("на",) and preposition == "в" and place.case == case:
            preposition = "на"
        place = replace(place, text=place.text[: place.core - place.start], end=place.core)
        name = inflected(place, case) if case else _with_article(place)  # type: ignore[arg-type]
        if place.preposition in ("at", "on"):
            preposition = place.preposition
        put = f"{preposition} {name}"
        return made.and_then(text[:start] + put + text[end:], place), start + len(put)
    before = re.findall(r"[^\W\d_]+", text[:start].lower())
    previous = before[-1] if before else ""
    after = text[end:]
    personal, impersonal = bool(_PERSONAL.search(text)), bool(_IMPERSONAL.search(text))
    of_somebody = bool(_OF_SOMEBODY.search(text))
    if word.startswith("эт") and _possessed(after, "его") is not None and word != "это":
        return None
    if word in ("this", "that") and not (
        (
            previous in ("is", "was", "will", "did", "does", "would", "can", "about", "for", "of")
            and not mentions(after.strip(" ?"))
        )
        or (word == "this" and AUXILIARY.match(after.strip()))
    ):
        return None
    if language == "ru" and word in _PRONOUNS:
        forms = _PRONOUNS[word]
        possessed = _possessed(after, word)
        governed = GOVERNS.get(previous, frozenset()) if word[0] == "н" else frozenset()
        need = _Need(
            forms,
            english="this" if word.startswith("эт") else "",
            personal=(personal and forms[0][2][0] == "nomn") or (of_somebody and forms[0][2][0] == "accs"),
            impersonal=impersonal and forms[0][2][0] == "nomn",
            object_=forms[0][2][0] == "accs" and not of_somebody,
            located=bool(governed),
        )
        if _inside(text[:start], need, bool(possessed), language):
            return None
        if possessed is not None and possessed.head in _KIN:
            need = replace(need, kind="person")
        stands = _antecedent(need, said)
        if stands is None:
            return made.and_then(text, None), end
        if possessed is not None:
            put = inflected(stands, "gent")
            middle = after[: possessed.core].rstrip()
            new = f"{text[:start]}{middle.lstrip()} {put}"
            return made.and_then(new + after[possessed.core :], stands), len(new)
        form = next((f for f in forms if _fits_form(stands, f)), forms[0])
        case = next((c for c in form[2] if c in governed), form[2][0])
        put = inflected(stands, case)
        return made.and_then(text[:start] + put + after, stands), start + len(put)
    if language == "en" and word in _ENGLISH:
        owned = _OWNED.match(after) if word in _POSSESSIVE else None
        if owned:
            after = f" {owned[2]} of the {owned[1]}{after[owned.end() :]}"
            text = text[:end] + after
        own = (
            word in _POSSESSIVE
            and re.match(r"\s+(?!and\b|or\b|for\b|in\b|at\b|to\b|with\b|on\b|from\b)[a-z]", after) is not None
        )
        if (word == "her" and own is False) or word in ("hers", "theirs"):
            own = False
        need = _Need(
            english=_ENGLISH[word],
            personal=personal,
            object_=previous not in ("did", "does", "is", "was", "will", "do", "has"),
        )
        if _inside(text[:start], need, own, language):
            return None
        stands = _antecedent(need, said)
        if stands is None:
            return made.and_then(text, None), end
        name = stands.text if stands.text[-1:] == "," else _with_article(stands)
        if own:
            run = owned and re.match(rf"\s+{re.escape(owned[2])} of the {re.escape(owned[1])}", after)
            run = run or re.match(r"\s+(?:\w+\s+)?\w+", after)
            first = next(iter(mentions(after.lstrip(), "en")), None)
            lead = len(after) - len(after.lstrip())
            cut = lead + first.core if first and first.start == 0 and not owned else (run.end() if run else 0)
            new = f"{text[:start]}the{after[:cut]} of {name.rstrip(',')}"
            return made.and_then(new + after[cut:], stands), len(new)
        return made.and_then(text[:start] + name + after, stands), start + len(name)
    return None


_OWNED = re.compile(r"\s+([a-z]+(?:\s[a-z]+)*)['’]s\s+(\w+)")
"""What belongs to what somebody has: his "younger daughter's name"."""


def _with_article(mention: Mention) -> str:
    """An English mention with "the", unless it is a name: "the Innoprom exhibition", "Vasily Anokhin"."""
    head = mention.text[: mention.core - mention.start].rpartition(" ")[2]
    name = mention.text[0].isupper() and (mention.plural or head[:1].isupper())
    return mention.text if name or detect(mention.text) == "ru" else f"the {mention.text}"


def _possessed(after: str, word: str) -> Mention | None:
    """What a Russian possessive pronoun belongs to: the noun phrase that follows it."""
    if word not in _POSSESSIVE:
        return None
    follows = re.match(r"\s+(\w+)", after)
    if not follows or follows[1].lower() in GOVERNS or is_predicate(follows[1]):
        return None
    first = next(iter(mentions(after, "ru")), None)
    return first if first is not None and not after[: first.start].strip() else None


def _inside(before: str, need: _Need, possessive: bool, language: Language) -> bool:
    """Whether what a pronoun stands for comes before it in its own question, in another clause."""
    for mention in mentions(before, language):
        somebody = need.english in ("he", "she") and mention.proper and mention.kind != "place"
        if mention.head in MEASURES or not (somebody or _fits(mention, need)):
            continue
        apart = _CLAUSE.search(before, mention.end)
        if apart or (possessive and mention.named):
            return True
    return False


def _fits_form(mention: Mention, form: _Form) -> bool:
    genders, plural, _ = form
    return mention.plural == plural and (plural or bool(genders & mention.genders))


def _fits(mention: Mention, need: _Need) -> bool:
    if need.kind == "place":
        return mention.kind == "place" or (mention.preposition in ("в", "на", "in", "at") and mention.named)
    if need.kind and need.kind != mention.kind and need.kind != "company":
        return False
    if need.kind == "company":
        return mention.kind == "thing" and mention.named
    if need.forms:
        return (not need.english or mention.kind == "thing") and any(_fits_form(mention, form) for form in need.forms)
    match need.english:
        case "he" | "she":
            gender = "masc" if need.english == "he" else "femn"
            return mention.kind == "person" and not mention.plural and gender in mention.genders
        case "this":
            return mention.kind == "thing"
        case "it":
            return mention.kind != "person" and not mention.plural
        case "they":
            return mention.plural or (mention.named and mention.kind != "place")
    return True


def _antecedent(need: _Need, said: Sequence[Exchange]) -> Mention | None:
    """What of all that was said fits best: lately, at the head of its question, of the right kind."""
    best: tuple[float, Mention] | None = None
    for back, exchange in enumerate(reversed(said)):
        for mention, weight in exchange.spoken_of:
            if not _fits(mention, need) or (need.head and need.head != mention.head):
                continue
            score = weight - 0.9 * back
            person = mention.kind == "person"
            if not need.kind:
                score -= 1.0 if mention.kind == "place" and not need.located else 0.0
                score -= 2.0 if need.impersonal and person else 0.0
                score += (1.0 if need.personal and person else 0.0) - (
                    1.5 if need.object_ and person and need.forms else 0.0
                )
            if need.kind == "place":
                score += 0.6 if mention.preposition in ("в", "на", "in", "at", "to") else 0.0
                score += 0.8 if mention.kind == "place" else 0.0
            if need.english == "it" and mention.proper and re.fullmatch(r"[A-Z][a-z]+", mention.text):
                score -= 0.8  # "a house" rather than "Obama", who may well be somebody
            if need.english == "they" and not mention.plural:
                score -= 1.0
            if mention.plural and mention.named:
                score += 0.6
            if not need.kind and mention.kind == "person" and mention.proper:
                score += 0.8
            if best is None or score > best[0]:
                best = score, mention
    if best is None:
        return None
    # The fullest that was said of it: "делегация Минской области" rather than "делегация".
    fuller = [
        mention
        for exchange in said
        for mention, _ in exchange.spoken_of
        if mention.head == best[1].head and len(mention.text) > len(best[1].text) and mention.plural == best[1].plural
        and (best[1].text.lower() in mention.text.lower() or not best[1].named)
    ]  # fmt: skip
    return max(fuller, key=lambda mention: len(mention.text), default=best[1])


def _definite(made: Resolved, said: Sequence[Exchange], language: Language) -> Resolved:
    """The question with its "this company", "the post", «этой области» said in full."""
    text = made.text
    for match in _DEFINITE.finditer(text):
        plain = match[1].lower() == "the"
        after = text[match.end() :]
        if not plain and _CALENDAR.match(after):
            continue
        if plain and after[0].isupper():  # a name of its own: "the Smolensk region"
            continue
        before = re.search(r"(\w+)\s+$", text[: match.start()])
        prefix = f"{before[1]} " if language == "ru" and before and before[1].lower() in GOVERNS else ""
        phrase = next(iter(mentions(prefix + after, language)), None)
        if phrase is None or phrase.start != len(prefix) or phrase.end > phrase.core or phrase.named:
            continue
        kind = HYPERNYMS.get(phrase.head, "")
        # "The delegation" may well be one that nobody has spoken of.
        if plain and kind in ("", "thing"):
            continue
        full, stands = _said_in_full(phrase, kind, said, language)
        if stands is None and plain:
            continue
        rest = after[phrase.end - len(prefix) :]
        return made.and_then(f"{text[: match.start()]}{full}{rest}" if stands else text, stands)
    return made


_CALENDAR = re.compile(r"(?:год|месяц|недел|лет|врем|year|month|week|time|day)\w*\b", re.IGNORECASE)


def _said_in_full(
    phrase: Mention, kind: str, said: Sequence[Exchange], language: Language
) -> tuple[str, Mention | None]:
    """The words for a phrase that points back, and what it points to."""
    case: Case = phrase.case or "nomn"  # type: ignore[assignment]
    if kind == "post":
        roles = [m for s in reversed(said) for m in mentions(s.question, s.language) if m.head in ROLES]
        if not roles:
            return "", None
        role = inflected(roles[0], "gent") if language == "ru" else f"of {roles[0].text}"
        return f"{phrase.text if language == 'ru' else 'the ' + phrase.text} {role}", roles[0]
    stands = _antecedent(_Need(head=phrase.head), said)
    if stands is None or not (stands.named or len(stands.text) > len(phrase.text)):
        stands = _antecedent(_Need(kind=kind), said) if kind else None
        if stands is not None and kind == "thing" and not stands.named:
            stands = None
    if stands is None:
        return "", None
    if kind == "place" and stands.head != phrase.head and not is_country(stands.head):
        return _place(phrase, inflected(stands, "nomn"), case, language), stands
    if kind == "company" and stands.proper and stands.head != phrase.head:
        return f"{phrase.text if language == 'ru' else 'the ' + phrase.text} {stands.text}", stands
    if language == "ru" and stands.proper and stands.head != phrase.head and stands.text[0] == "«":
        return f"{phrase.text} {inflected(stands, 'nomn')}", stands
    return inflected(stands, case) if language == "ru" else _with_article(stands), stands


def _place(phrase: Mention, name: str, case: Case, language: Language) -> str:
    """A region by the name of its town: "Ulyanovsk region", «Ульяновской области»."""
    if language == "en":
        return f"{name} {phrase.text}"
    if name.endswith("ск") and phrase.genders == {"femn"}:
        return f"{name}{'ая' if case == 'nomn' else 'ую' if case == 'accs' else 'ой'} {phrase.text}"
    return f"{phrase.text} ({name})"
