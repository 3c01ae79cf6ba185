"""Turns pip's installation report (standard input) into constraints.txt (standard output): see `make lock`."""

from __future__ import annotations

import json
import re
import sys

HEADER = """\
# The exact version of every package that Istok, its extras and its tests need.
# Made by `make lock`; the choices are in pyproject.toml.
"""


def pins(report: str) -> list[str]:
    """`name==version` of everything in the report but Istok itself, without local tags such as +cpu."""
    found = (entry["metadata"] for entry in json.loads(report)["install"])
    exact = {re.sub(r"[-_.]+", "-", package["name"]).lower(): package["version"] for package in found}
    return [f"{name}=={version.partition('+')[0]}" for name, version in sorted(exact.items()) if name != "istok"]


if __name__ == "__main__":
    sys.stdout.write(HEADER + "\n".join(pins(sys.stdin.read())) + "\n")
