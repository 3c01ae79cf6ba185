"""Countries in a text, as nouns and as adjectives, in both languages: from CLDR, with the adjectives that it lacks."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from istok.index import territories
from istok.index.terms import stem, tokens

# The beginnings of Russian words, and English words, that are not made from the country's name; and last those of its
# capital, where that is named for the country ("Washington is ready for talks").
_ADJECTIVES = """
united states: американ сша штат | american americans usa us states | вашингтон washington
united kingdom: британск британц британи англи великобритан | britain british briton britons uk england english
united kingdom: | | лондон london
germany: немецк немц немцев немец немк германи фрг | german germans germany | берлин berlin
france: франц француз | french frenchman frenchmen france | париж paris
russia: росси рус рф | russian russians russia | москв moscow
china: кита кнр | chinese china | пекин beijing
japan: япон | japanese japan | токио tokyo
spain: испан | spanish spaniard spaniards spain | мадрид madrid
italy: итал | italian italians italy | рим rome
poland: польш польск поляк полячк польк | polish pole poles poland | варшав warsaw
turkey: турци турец турк тюрк | turkish turk turks turkey turkiye | анкар ankara
ukraine: украин | ukrainian ukrainians ukraine | киев kyiv kiev
belarus: белорус белорусс беларус | belarusian belarusians belarus | минск minsk
kazakhstan: казах | kazakh kazakhs kazakhstan kazakhstani | астан astana
uzbekistan: узбек узбекист | uzbek uzbeks uzbekistan | ташкент tashkent
kyrgyzstan: киргиз кыргыз | kyrgyz kyrgyzstan | бишкек bishkek
tajikistan: таджик | tajik tajiks tajikistan | душанбе dushanbe
turkmenistan: туркмен | turkmen turkmenistan | ашхабад ashgabat
azerbaijan: азербайджан | azerbaijani azerbaijanis azerbaijan | баку baku
armenia: армени армянск армян | armenian armenians armenia | ереван yerevan
georgia: грузи | georgian georgians georgia | тбилиси tbilisi
moldova: молдав молдов | moldovan moldovans moldova | кишинев chisinau
estonia: эстон | estonian estonians estonia | таллин tallinn
latvia: латви латвий латыш | latvian latvians latvia | риг riga
lithuania: литв литов | lithuanian lithuanians lithuania | вильнюс vilnius
finland: финлянди финск финн | finnish finn finns finland | хельсинки helsinki
sweden: швед швеци шведск | swedish swede swedes sweden | стокгольм stockholm
norway: норвег норвеж | norwegian norwegians norway | осло oslo
denmark: дани датск датчан | danish dane danes denmark
netherlands: нидерланд голланд | dutch netherlands holland
belgium: бельги | belgian belgians belgium
austria: австри | austrian austrians austria
switzerland: швейцар | swiss switzerland
hungary: венгр венгерск | hungarian hungarians hungary
czechia: чехи чешск | czech czechs czechia
slovakia: словаки словац | slovak slovaks slovakia
romania: румын | romanian romanians romania
bulgaria: болгар | bulgarian bulgarians bulgaria
serbia: серби сербск серб | serbian serb serbs serbia | белград belgrade
croatia: хорват | croatian croat croats croatia
greece: греци греческ грек | greek greeks greece | афин athens
cyprus: кипр | cypriot cypriots cyprus
israel: израил | israeli israelis israel | иерусалим jerusalem
palestine: палестин | palestinian palestinians palestine
egypt: египе египт | egyptian egyptians egypt | каир cairo
iran: иран | iranian iranians iran | тегеран tehran
iraq: ирак | iraqi iraqis iraq | багдад baghdad
syria: сири | syrian syrians syria | дамаск damascus
afghanistan: афган | afghan afghans afghanistan | кабул kabul
pakistan: пакистан | pakistani pakistanis pakistan | исламабад islamabad
india: инди индийск | indian indians india | дели delhi
vietnam: вьетнам | vietnamese vietnam | хано hanoi
mongolia: монгол | mongolian mongolians mongolia
canada: канад | canadian canadians canada | оттав ottawa
mexico: мексик | mexican mexicans mexico
brazil: бразил | brazilian brazilians brazil
argentina: аргентин | argentine argentinian argentinians argentina
chile: чили | chilean chileans chile
cuba: куб кубинск кубинц | cuban cubans cuba | гаван havana
venezuela: венесуэл | venezuelan venezuelans venezuela | каракас caracas
colombia: колумби | colombian colombians colombia
australia: австрали | australian australians australia
ireland: ирланд | irish ireland
portugal: португал | portuguese portugal
libya: ливи ливийск | libyan libyans libya
new zealand: новозеланд | zealander zealanders
saudi arabia: саудовск саудит | saudi saudis
uae: эмират оаэ | emirati emirates uae
eu: евросоюз ес | eu | брюссел brussels
"""
_PHRASES = (
    (r"юж\w+[\s-]+коре\w+|южнокоре\w+|south\s+korea\w*", "south korea"),
    (r"север\w+[\s-]+коре\w+|северокоре\w+|кндр|north\s+korea\w*|dprk", "north korea"),
    (r"юж\w+[\s-]+африк\w+|юар|south\s+africa\w*", "south africa"),
    (r"юж\w+\s+осет\w+|south\s+osseti\w*", "south ossetia"),
    (r"североамерикан\w+|северн\w+\s+америк\w+|north\s+america\w*", "north america"),
    (r"южноамерикан\w+|южн\w+\s+америк\w+|south\s+america\w*", "south america"),
    (r"латиноамерикан\w+|латинск\w+\s+америк\w+|latin\s+america\w*", "latin america"),
    (r"пуэрто-?\s?рик\w+|puerto\s+ric\w+", "puerto rico"),
    (r"шри-?\s?ланк\w+|sri\s+lank\w+", "sri lanka"),
    (r"коста-?\s?рик\w+|costa\s+ric\w+", "costa rica"),
    (r"нов\w+\s+зеланд\w+|new\s+zealand\w*", "new zealand"),
    (r"соединенн\w+\s+королевств\w*|united\s+kingdom", "united kingdom"),
    (r"соединенн\w+\s+штат\w*|united\s+states", "united states"),
    (r"европейск\w+\s+союз\w*|european\s+union", "eu"),
    (r"советск\w+\s+союз\w*|ссср|soviet(?:\s+union)?|ussr|советск\w+", "ussr"),
)
_PHRASE = re.compile("|".join(f"\\b(?P<p{number}>{pattern})\\b" for number, (pattern, _) in enumerate(_PHRASES)), re.I)
_CURRENCY = re.compile(
    r"\s*(?:\$|dollars?|roubles?|rubles?|pounds?|yen|yuan|доллар|рубл|фунт|юан|крон|франк)", re.IGNORECASE
)
# How a Russian word may go on that begins like a country: Кита-й, кита-йский, кита-ец; not Кита-ев.
_REST = re.compile(
    r"(?:[аеийоуыьэюя]{1,3}м?и?|н(?:[аеуыо]\w{0,2})?"
    r"|[а-я]{0,4}(?:ск(?:ий|ого|ому|им|ом|ая|ой|ую|ою|ое|ие|их|ими|ими|о)|ец|ц[аеуыо]\w{0,2}|чан\w{0,4}|чк\w{1,3}|ж[еа]\w{2,4}"
    r"|ий|ого|ому|им|ом|ая|ой|ую|ое|ие|их|ими|к(?:а|и|у|е|ой|ою|ам|ами|ах)|он|онск\w+|ия|ии|ию|ией))?"
)
_NOT = frozenset(
    "кубка кубке кубки кубку кубком кубок куб кубы кубов кубик сирена грузило штат штата штате штату штатом "
    "герман германа герману германом германе".split()
)


@dataclass(frozen=True, slots=True)
class Country:
    """A country as a text names it, and where; `name` is CLDR's English one, lower-case."""

    name: str
    start: int
    end: int


@lru_cache(maxsize=1)
def _tables() -> tuple[tuple[tuple[str, str], ...], dict[str, str], dict[str, str]]:
    """Beginnings of Russian words; English words; stems of the names that CLDR has. Each with its country."""
    beginnings: list[tuple[str, str]] = []
    english: dict[str, str] = {}
    for row in _ADJECTIVES.strip().split("\n"):
        name, forms = row.split(":")
        russian, others, *_ = forms.split("|")
        beginnings += [(form, name) for form in russian.split()]
        english |= dict.fromkeys(others.split(), name)
    cldr = {_bare(own): other for own, other in territories.names("ru").items()}
    cldr |= {_bare(own): own for own in territories.names("en") if own != "states"}
    cldr.pop("сам")  # Samoa, but also самое
    return tuple(sorted(beginnings, key=lambda pair: -len(pair[0]))), english, cldr


@lru_cache(maxsize=1 << 14)
def country(word: str) -> str | None:
    """The country that a word names or belongs to, by CLDR's English name in lower case."""
    low = word.lower().replace("ё", "е")
    beginnings, english, cldr = _tables()
    if low in english:
        return None if low in ("us", "pole", "poles", "turkey", "states") and not word[0].isupper() else english[low]
    if low[0] <= "z" and word[0].isupper() and (demonym := _demonym(low)):
        return demonym
    if low in ("сша", "рф", "кнр", "фрг", "ес", "оаэ"):
        return next(name for form, name in beginnings if form == low)
    if low[0] > "z" and low not in _NOT:
        for form, name in beginnings:
            if len(form) > 2 and low.startswith(form) and _REST.fullmatch(low[len(form) :]):
                return name
        for own, other in _cldr_beginnings():
            if low.startswith(own) and _PEOPLE.fullmatch(low[len(own) :]):
                return other
    return cldr.get(_bare(low)) if word[0].isupper() else None


@lru_cache(maxsize=1)
def _capitals() -> tuple[tuple[str, str], ...]:
    rows = (row.split(":") for row in _ADJECTIVES.strip().split("\n"))
    return tuple((form, name) for name, forms in rows for form in "".join(forms.split("|")[2:]).split())


def whose_capital(word: str) -> str | None:
    """The country for which newsrooms name its capital, as `country` calls it."""
    low = word.lower().replace("ё", "е")
    return next((name for form, name in _capitals() if low.startswith(form) and len(low) <= len(form) + 2), None)


_PEOPLE = re.compile(
    r"[а-я]{0,3}(?:ск(?:ий|ого|ому|им|ом|ая|ой|ую|ою|ое|ие|их|ими)|[еи]?ец|[йи]?ц(?:а|у|е|ы|ем|ев|ам|ами|ах)"
    r"|к(?:а|и|у|е|ой|ою|ам|ами|ах))"
)
"""How the people of a country are called that has no name of theirs in the table: уругваец."""


@lru_cache(maxsize=1)
def _cldr_beginnings() -> tuple[tuple[str, str], ...]:
    """Beginnings of CLDR's Russian names that are long enough to be known by, with the country."""
    found = {_bare(own): other for own, other in territories.names("ru").items()}
    return tuple((own, other) for own, other in found.items() if len(own) > 4)


def _demonym(low: str) -> str | None:
    """The country of an English word for its people that the table lacks: Uruguayan, Frenchwoman."""
    _, english, _ = _tables()
    for person in ("woman", "women", "man", "men"):
        if low.endswith(person) and low.removesuffix(person) in english:
            return english[low.removesuffix(person)]
    own = territories.names("en")
    bare = low.removesuffix("s")
    stems = [bare[: -len(ending)] for ending in ("ese", "ian", "an", "n", "i") if bare.endswith(ending)]
    return next(
        (name for name in (stem_ + end for stem_ in stems if len(stem_) > 3 for end in ("", "a", "ia")) if name in own),
        None,
    )


def _bare(word: str) -> str:
    """A name without its case."""
    if word[0].lower() <= "z":
        return stem(word)
    bare = re.sub("(?:ами|ах|ам|ом|ем)$", "", word.lower().replace("ё", "е")).rstrip("аеийоуыьэюя")
    return bare if len(bare) > 2 else word.lower()


def countries(text: str) -> list[Country]:
    """The countries that a text names, in order."""
    folded = text.replace("ё", "е").replace("Ё", "Е")
    found: list[Country] = []
    taken: set[int] = set()
    for match in _PHRASE.finditer(folded):
        found.append(Country(_PHRASES[int((match.lastgroup or "p0")[1:])][1], *match.span()))
        taken.update(range(*match.span()))
    for token, range_ in tokens(text):
        if _CURRENCY.match(text, range_.end):
            continue  # US dollars
        if range_.start not in taken and (name := country(token)):
            found.append(Country(name, range_.start, range_.end))
    return sorted(found, key=lambda one: one.start)
