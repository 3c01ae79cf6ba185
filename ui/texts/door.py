"""Strings of the login page, in Russian and English."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from istok.index.types import Language


@dataclass(frozen=True, slots=True)
class DoorTexts:
    """What somebody reads who has not come in yet."""

    title: str
    invitation: str
    name: str
    password: str
    enter: str
    wrong: str


TEXTS: Final[Mapping[Language, DoorTexts]] = {
    "ru": DoorTexts(
        title="Исток",
        invitation="Документы здесь открыты только тем, кого назвал их хозяин.",
        name="Имя",
        password="Пароль",  # noqa: S106 - the label of a field
        enter="Войти",
        wrong="Имя или пароль не подходят.",
    ),
    "en": DoorTexts(
        title="Istok",
        invitation="The documents here are open only to those whom their owner has named.",
        name="Name",
        password="Password",  # noqa: S106 - the label of a field
        enter="Log in",
        wrong="The name or the password is wrong.",
    ),
}
