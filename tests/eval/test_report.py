import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from istok.eval.gates import check, load_gates
from istok.eval.questions import GoldItem
from istok.eval.report import render
from istok.eval.results import Machine, Results, summarise
from istok.eval.run import judge

HOSTILE = "</script><img src=x onerror=alert(1)>\"'&<b>"


@pytest.fixture(scope="module")
def page(gold: dict[str, GoldItem], answer: Callable[..., Any], cite: Callable[..., Any], texts: dict[str, str]) -> str:
    right = cite("000_1bc56f7a989034cf.txt", "экспорт возрос почти на 45%")
    wrong = replace(right, number=2, title=HOSTILE, quote=HOSTILE, document=HOSTILE, date=HOSTILE)
    item = gold["ru-001"].model_copy(update={"question": HOSTILE, "history": ((HOSTILE, HOSTILE),), "why": HOSTILE})
    hostile = answer(item, HOSTILE, right, wrong, notes=(HOSTILE,), standalone_question=HOSTILE + "?", reader=HOSTILE)
    english = answer(gold["en-001"], None)
    items = (judge(item, hostile, texts, {}), judge(gold["en-001"], english, texts, {}))
    results = Results(
        version=HOSTILE,
        encoder=HOSTILE,
        encoder_fingerprint=HOSTILE,
        index_generation=1,
        reader=HOSTILE,
        gold=HOSTILE,
        finished=HOSTILE,
        seconds=1,
        machine=Machine.here(),
        items=items,
        summary=summarise(items),
    )
    return render(results, check(load_gates(), results.summary))


def test_hostile_text_is_escaped_everywhere(page: str) -> None:
    assert "<img src=x" not in page
    assert page.count("</script>") == 1
    assert page.count("&lt;img src=x onerror=alert(1)&gt;") >= 12


def test_the_page_needs_no_network(page: str) -> None:
    shown = re.sub(r'xmlns(:\w+)?="[^"]*"|<metadata>.*?</metadata>', "", page, flags=re.DOTALL)
    assert not re.search(r'(?:src|href)\s*=\s*"(?!#)', shown)
    assert not re.search(r"url\((?!#)|@import|fetch\(|https?://", shown)


def test_citations_are_marked_right_or_wrong_and_questions_carry_their_faults(page: str) -> None:
    assert re.search(r'class="right">\s*\[1\] right', page)
    assert re.search(r'class="wrong">\s*\[2\] wrong, <b class="wrong">not verbatim', page)
    assert 'data-faults="wrong answer|wrong citation|inexact quote"' in page
    assert 'data-faults="refused"' in page
    assert re.search(r'<option value="refused">refused \(1\)', page)


def test_the_plots_are_inline_and_take_the_ink_of_the_page(page: str) -> None:
    assert page.count("<svg") == 2
    assert "currentColor" in page
    assert "#010203" not in page
