"""The people who may come in, each with a name and a password."""

from __future__ import annotations

import base64
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from istok.index.errors import IstokError


@dataclass(frozen=True, slots=True)
class People:
    """`passwords` by name; where it is empty, nobody is asked who they are. Names are told apart exactly."""

    passwords: Mapping[str, str] = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, lines: Iterable[str]) -> People:
        """Those of lines NAME:PASSWORD; blank lines and comments (#) are passed over. Raises IstokError."""
        passwords = {}
        for line in lines:
            if not line.strip() or line.startswith("#"):
                continue
            name, _, password = line.strip().partition(":")
            if not (name.strip() and password):
                # Without the line itself: it may hold a password.
                raise IstokError("a name or a password is missing: give --auth NAME:PASSWORD")
            passwords[name.strip()] = password
        return cls(passwords)

    def __bool__(self) -> bool:
        return bool(self.passwords)

    @property
    def first(self) -> str:
        """The one who was named first: whoever runs the server; "" where nobody has a name."""
        return next(iter(self.passwords), "")

    def named(self, name: str, password: str) -> str | None:
        """The name, if the password is that person's."""
        # The comparison is made for an unknown name too: how long it takes tells nobody who is known.
        right = _same(password, self.passwords.get(name, ""))
        return name if right and name in self.passwords else None

    def bearing(self, authorization: str) -> str | None:
        """Who sends this header: `Bearer PASSWORD` or `Basic` with name and password; None for anybody else."""
        scheme, _, value = authorization.partition(" ")
        match scheme.lower():
            case "bearer":
                known = [name for name, password in self.passwords.items() if _same(value.strip(), password)]
                return known[0] if known else None
            case "basic":
                try:
                    name, _, password = base64.b64decode(value, validate=True).decode().partition(":")
                except ValueError:
                    return None
                return self.named(name, password)
            case _:
                return None


def _same(given: str, right: str) -> bool:
    return secrets.compare_digest(*(text.encode("utf-8", "surrogateescape") for text in (given, right)))
