"""What may go wrong on the page alone; each message is one line that ends with the remedy."""

from __future__ import annotations

from enum import StrEnum


class PageKind(StrEnum):
    """Why a person does not get what they wanted, as the line that says so."""

    CRASHED = "an internal error ({error}): its details are in the terminal where Istok runs"

    MODEL_GONE = "that model is not here any more: choose another"
    MODEL_ELSEWHERE = "{model} is not among the models of this home: delete it yourself"
    MODEL_IN_USE = "{model} is in use: choose another reader first"
    MODEL_STAYS = "{path} can't be deleted ({problem}): delete it yourself"

    NO_CONVERSATION = "there is no conversation {conversation}: choose one from the list"
    CONVERSATIONS_DAMAGED = "{path} is damaged ({problem}): stop Istok and start it again"
    CONVERSATIONS_UNUSABLE = (
        "{path} can't be used ({problem}): close other programs that use it, or free the disk, and try again"
    )
    OTHER_VERSION = "the answer was kept by another version of Istok and can't be read: ask again"
