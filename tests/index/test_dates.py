import pytest

from istok.index.dates import date_above, is_iso, parse, publication_date

LEAD = "Завод в Заречье выпустил первый электробус, сообщила во вторник пресс-служба предприятия."


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("2025-11-05", "2025-11-05"),
        ("2025-11", "2025-11"),
        ("05.11.2025", "2025-11-05"),
        ("5.3.2024 г.", "2024-03-05"),
        ("5 ноября 2025 года", "2025-11-05"),
        ("1 мая 2024", "2024-05-01"),
        ("November 5, 2025", "2025-11-05"),
        ("5th of November 2025", "2025-11-05"),
        ("Nov. 5, 2025", "2025-11-05"),
        ("март 2024", "2024-03"),
        ("25/11/2025", "2025-11-25"),
        ("11/25/2025", "2025-11-25"),
        ("05/11/2025", None),
        ("31.02.2025", None),
        ("5 ноября", None),
        ("вчера", None),
    ],
)
def test_a_date_is_read_at_its_own_precision(text: str, date: str | None) -> None:
    assert parse(text) == date


@pytest.mark.parametrize(
    ("head", "lead", "date"),
    [
        (["5 ноября 2025"], LEAD, "2025-11-05"),
        (["14:32, 05.11.2025"], LEAD, "2025-11-05"),
        (["05.11.2025 14:32 | Экономика"], LEAD, "2025-11-05"),
        (["Заголовок новости", "Published: November 5, 2025 at 10:00 am"], LEAD, "2025-11-05"),
        (["Мария Лесная · 5 ноября 2025"], LEAD, "2025-11-05"),
        ([], f"date 2025-11-05 {LEAD}", "2025-11-05"),
        ([], f"МИНСК, 14 ноября 2024 г. — {LEAD}", "2024-11-14"),
        ([], f"WASHINGTON (AP), Nov. 5, 2025 — {LEAD}", "2025-11-05"),
        (["Опубликовано 5 ноября 2025", "4 ноября 2025"], LEAD, "2025-11-05"),
        (["Курс валют на 5 ноября 2025 года"], LEAD, None),
        (["5 ноября 2025 года в Минске откроют мост"], LEAD, None),
        (["Мост откроют 05.11.2025"], LEAD, None),
        (["Updated: November 6, 2025"], LEAD, None),
        (["5 ноября 2025", "4 ноября 2025"], LEAD, None),
        (["Мария Лесная, 26 марта 2017 года"], LEAD, None),
        ([], f"План подписан 05.11.2025 в Астане. {LEAD}", None),
        ([], f"МИНСК, 14 ноября — {LEAD}", None),
    ],
)
def test_a_publication_date_is_one_that_the_page_states_of_itself(head: list[str], lead: str, date: str | None) -> None:
    found = publication_date(head, lead)
    assert (found and found[0]) == date


def test_the_basis_quotes_what_the_date_rests_on() -> None:
    assert publication_date([], f"date 2025-11-05 {LEAD}") == (
        "2025-11-05",
        'labelled date at the top of the text: "date 2025-11-05"',
    )


def test_only_paragraphs_above_the_running_text_are_asked() -> None:
    assert date_above(["Мост", "5 ноября 2025", LEAD * 2])[0] == "2025-11-05"
    assert date_above(["Мост", LEAD * 2, "5 ноября 2025"]) == (None, None)


@pytest.mark.parametrize(
    ("text", "valid"),
    [("2024", True), ("2024-02", True), ("2024-02-29", True), ("2025-02-29", False), ("2024-00", False), ("24", False)],
)
def test_an_iso_date_exists_in_the_calendar(text: str, valid: bool) -> None:
    assert is_iso(text) is valid
