"""What a check finds in a claim, in words that can be shown."""

from __future__ import annotations

from dataclasses import dataclass

from istok.index.types import Language
from istok.rag.wording import say


@dataclass(frozen=True, slots=True)
class Finding:
    """`against`: the cited text contradicts the claim or lacks what it says; otherwise it can't be checked.
    `claimed` and `cited` are what the claim says and what the cited text has in its place, "" where it has nothing."""

    reason: str
    against: bool = True
    claimed: str = ""
    cited: str = ""


def otherwise(language: Language, claimed: str, cited: str) -> Finding:
    """The finding that the cited text has something else in the place of what is claimed."""
    return Finding(say(language, "otherwise", claim=claimed, cited=cited), claimed=claimed, cited=cited)
