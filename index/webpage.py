"""HTML: paragraphs and their boilerplate by jusText, the publication date by htmldate."""

from __future__ import annotations

import copy
import itertools
import re
from typing import TYPE_CHECKING

import htmldate
import justext
import lxml.html
from lxml.etree import ParserError

from istok.index.article import Article, headline, is_prose, paragraph_ranges
from istok.index.dates import date_above
from istok.index.language import detect
from istok.index.types import Range

if TYPE_CHECKING:
    from justext.paragraph import Paragraph
    from lxml.html import HtmlElement

CHARSET = re.compile(rb"""<(?:meta|\?xml)[^>]{0,200}?(?:charset|encoding)\s*=\s*["']?\s*([\w-]+)""", re.IGNORECASE)
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_FURNITURE = re.compile(
    r"(?:^|[\s_-])(?:nav(?:igation|bar)?|menu|sidebar|aside|footer|related|ticker|news-?feed|breadcrumbs?|share|sharing|"
    r"social|comments?|cookies?|subscribe|subscription|newsletter|promo|banner|ads?|advert\w*|teasers?|popular|"
    r"recommend\w*|read-?(?:also|more)|see-?also|tags)(?:$|[\s_-])",
    re.IGNORECASE,
)
_OUTSIDE = re.compile(r"\.fieldset\b")
_DATED = re.compile(r"date|time|publi|posted|meta|byline|info", re.IGNORECASE)
_BLOCK = justext.core.PARAGRAPH_TAGS | {"br", "html"}
_NAMED = ("div", "ul", "ol", "p", "span", "table")
_DIVISIONS = ("article", "section", "main", "figure", "figcaption", "header", "address", "details", "summary", "hgroup")
_SPACE = "\ue000"
_MAX_LINK_DENSITY = 0.4
_STOPLISTS = {"ru": "Russian", "en": "English"}


def read(html: str) -> Article:
    """The page's paragraphs, joined by blank lines; `main` are the article's, its headings among them."""
    tree = _tree(html)
    if tree is None:
        return Article("", ())
    _mark_furniture(tree)
    paragraphs = _paragraphs(tree)
    texts = [_text(paragraph) for paragraph in paragraphs]
    text = "\n\n".join(texts)
    starts = itertools.accumulate((len(piece) + 2 for piece in texts), initial=0)
    ranges = [Range(start, start + len(piece)) for start, piece in zip(starts, texts, strict=False)]
    good = _good(paragraphs)
    main = paragraph_ranges(text, [ranges[i] for i in good])
    date, basis = _date(tree, paragraphs, texts)
    return Article(text, main, _title(tree) or headline(text, main), date, basis)


def _tree(html: str) -> HtmlElement | None:
    """A document's root, whatever the file begins with; None when there is no element in it."""
    source = _DECLARATION.sub("", html)
    if not source.strip():
        return None
    try:
        return lxml.html.document_fromstring(source.replace("\0", ""))
    except ParserError:
        return None


def _mark_furniture(tree: HtmlElement) -> None:
    """Furniture by its element, class or id becomes <fieldset>, which its paragraphs' paths then show, and any other
    block that jusText doesn't know a <div>. A block that holds the headline or most of the page is never furniture."""
    whole = len(tree.text_content())
    for element in list(tree.iter("nav", "aside", "footer", "menu", "dialog", "noscript", *_NAMED, *_DIVISIONS)):
        named = f"{element.get('class', '')} {element.get('id', '')} {element.get('role', '')}"
        furniture = (
            element.tag not in (*_NAMED, *_DIVISIONS)
            or _FURNITURE.search(named)
            or (element.tag == "header" and not list(element.iterancestors("article", "main")))
        )
        if furniture and element.find(".//h1") is None and len(element.text_content()) * 2 < whole:
            element.tag = "fieldset"
    for element in list(tree.iter("nav", "aside", "footer", "menu", "dialog", "noscript", *_DIVISIONS)):
        element.tag = "div"


def _paragraphs(tree: HtmlElement) -> list[Paragraph]:
    """jusText's, with the parameters that trafilatura found for it (Barbaresi 2021): Russian, whose endings do the
    work of stop words, and the short paragraphs of news both need lower bounds than the defaults."""
    _keep_spaces(tree)
    language = detect(" ".join(tree.xpath("//body//text()[not(parent::script or parent::style)]")))
    return [
        paragraph
        for paragraph in justext.justext(
            lxml.html.tostring(tree, encoding="unicode"),
            justext.get_stoplist(_STOPLISTS[language]),
            length_low=50,
            length_high=150,
            stopwords_low=0.1,
            stopwords_high=0.2,
            max_link_density=_MAX_LINK_DENSITY,
        )
        if _text(paragraph)
    ]


def _keep_spaces(tree: HtmlElement) -> None:
    """jusText drops a text node of nothing but spaces, and so makes one word of `<b>a</b> <i>b</i>`; between inline
    elements such a node gets a sign that `_text` takes back."""
    for element in tree.iter():
        if element.tag in _BLOCK or not isinstance(element.tag, str):
            continue
        if len(element) and element.text and element.text.isspace() and element[0].tag not in _BLOCK:
            element.text = _SPACE
        if element.tail and element.tail.isspace():
            following = element.getnext()
            if (element.getparent() if following is None else following).tag not in _BLOCK:
                element.tail = _SPACE


def _text(paragraph: Paragraph) -> str:
    return " ".join(paragraph.text.replace(_SPACE, " ").split())


def _good(paragraphs: list[Paragraph]) -> list[int]:
    """The article's paragraphs by number; all that are outside of the page's furniture when jusText finds none."""
    inside = [i for i, paragraph in enumerate(paragraphs) if not _is_outside(paragraph)]
    good = [i for i in inside if not paragraphs[i].is_boilerplate]
    if not good:
        return inside or list(range(len(paragraphs)))
    headings = {i for i in inside if i < good[-1] and re.search(r"\.h1\b", paragraphs[i].dom_path)}
    top = min(headings, default=0)
    below = itertools.takewhile(lambda i: _is_sentence(paragraphs[i]), (i for i in inside if i > good[-1]))
    within = (i for i in inside if top < i < good[-1] and _is_sentence(paragraphs[i]))
    return sorted({*good, *headings, *within, *below})


def _is_sentence(paragraph: Paragraph) -> bool:
    """A paragraph that jusText only finds too short, or too poor in stop words, to be good by itself."""
    return is_prose(_text(paragraph)) and paragraph.links_density() <= _MAX_LINK_DENSITY


def _is_outside(paragraph: Paragraph) -> bool:
    return bool(_OUTSIDE.search(paragraph.dom_path))


def _title(tree: HtmlElement) -> str | None:
    """What the page calls itself: to social networks, in its only main heading, in its title (the site's name off)."""
    for value in tree.xpath("//meta[@property='og:title' or @name='og:title']/@content"):
        if value.strip():
            return " ".join(value.split())
    headings = [" ".join(h1.text_content().split()) for h1 in tree.iter("h1")]
    if len(headings) == 1 and headings[0]:
        return headings[0]
    for element in tree.iterfind(".//head/title"):
        if title := " ".join(element.text_content().split()):
            return re.split(r"\s+[|•·—–]\s+(?=[^|•·—–]{1,40}$)", title)[0]
    return None


def _date(tree: HtmlElement, paragraphs: list[Paragraph], texts: list[str]) -> tuple[str, str] | tuple[None, None]:
    marked = htmldate.find_date(_markup(tree), extensive_search=False, original_date=True, max_date="2100-01-01")
    if marked:
        return marked, "the page's own markup"
    return date_above([line for line, where in zip(texts, paragraphs, strict=True) if not _is_outside(where)])


def _markup(tree: HtmlElement) -> HtmlElement:
    """The page without all that htmldate could take for its date and is none: running text, titles, lists, furniture
    and pictures. Text is left only in elements that are marked as a date or as particulars of the page."""
    markup = copy.deepcopy(tree)
    for element in markup.xpath(
        "//fieldset | //small | //li | //table | //img | //h1 | //title | //comment() |"
        "//meta[contains(@property, 'image') or contains(@name, 'image')]"
    ):
        if element.getparent() is not None:
            element.drop_tree()
    for element in markup.iter():
        named = " ".join(str(element.get(key, "")) for key in ("class", "id", "itemprop"))
        dated = element.tag in ("time", "abbr") or _DATED.search(named)
        if element.tag != "script" and not (dated and len(element.text_content()) <= 60):
            element.text = None
        element.tail = None
    return markup
