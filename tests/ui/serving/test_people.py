"""Who may come in."""

from __future__ import annotations

import base64

import pytest

from istok.index.errors import IstokError
from istok.ui.serving.people import People

PEOPLE = People.of(["Анна:тайна", "", "# a comment", " bob : with: colons "])


def basic(name: str, password: str) -> str:
    return "Basic " + base64.b64encode(f"{name}:{password}".encode()).decode()


def test_people_are_read_from_lines_of_names_and_passwords():
    assert dict(PEOPLE.passwords) == {"Анна": "тайна", "bob": " with: colons"}


@pytest.mark.parametrize("line", ["secret", ":secret", "name:", " :x"])
def test_a_line_without_a_name_or_a_password_is_refused_without_showing_it(line: str):
    with pytest.raises(IstokError, match="NAME:PASSWORD") as error:
        People.of([line])
    assert "secret" not in str(error.value)


def test_passwords_do_not_show_when_people_are_printed():
    assert "тайна" not in repr(PEOPLE)


def test_a_person_is_known_by_their_own_password_only():
    assert PEOPLE.named("Анна", "тайна") == "Анна"
    assert PEOPLE.named("Анна", " with: colons") is None
    assert PEOPLE.named("анна", "тайна") is None
    assert PEOPLE.named("nobody", "") is None


def test_a_header_names_a_person_by_password_alone_or_by_both():
    assert PEOPLE.bearing("Bearer тайна") == "Анна"
    assert PEOPLE.bearing("bearer тайна") == "Анна"
    assert PEOPLE.bearing(basic("bob", " with: colons")) == "bob"


@pytest.mark.parametrize(
    "header", ["", "Bearer", "Bearer ", "Bearer тайн", "тайна", "Token тайна", "Basic тайна", "Basic !!", "Basic /w=="]
)
def test_any_other_header_names_nobody(header: str):
    assert PEOPLE.bearing(header) is None
    assert PEOPLE.bearing(basic("bob", "тайна")) is None


def test_without_people_nobody_is_asked():
    assert not People()
    assert PEOPLE


def test_the_first_is_the_one_who_was_named_first():
    assert People.of(["zoe:1", "anna:2"]).first == "zoe"
    assert People().first == ""
