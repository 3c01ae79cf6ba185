"""What the README and its Russian twin say is so: their commands run, their links lead somewhere."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from istok.index.home import Home

PROJECT = Path(__file__).parent.parent
READMES = ("README.md", "README.ru.md")
TESTED = re.compile(r"<!-- test -->\n```sh\n(.*?)```", re.DOTALL)
PASTED = re.compile(r"<!-- output of: (.*?) -->\n```text\n(.*?)```", re.DOTALL)
LINK = re.compile(r"\]\((?!https?:)([^)#]*)(?:#([^)]*))?\)")
SHAPE = re.compile(r"^(?:#+ |\||- |```|!\[)", re.MULTILINE)


@pytest.fixture(params=READMES)
def readme(request: pytest.FixtureRequest) -> str:
    return (PROJECT / request.param).read_text("utf-8")


@pytest.fixture
def run(home: Home, tmp_path: Path):
    """Runs shell commands in an empty folder, with a home of their own that holds the seeds; what they print."""
    shutil.copytree(home.root, tmp_path / "home")
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = os.environ | {"ISTOK_HOME": str(tmp_path / "home"), "PATH": path}

    def run(commands: str) -> str:
        done = subprocess.run(
            ["sh", "-e", "-c", commands], cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=300
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    return run


def test_the_commands_succeed(readme: str, run):
    blocks = TESTED.findall(readme)
    assert len(blocks) == 3
    printed = run("\n".join(blocks))
    assert "45%" in printed
    assert "12 million" in printed or "12 млн" in printed


def test_pasted_output_is_what_is_printed_today(readme: str, run):
    pasted = PASTED.findall(readme)
    assert pasted
    for command, output in pasted:
        # The last line tells the time it took.
        assert run(command).splitlines()[:-1] == output.splitlines()[:-1]


@pytest.mark.parametrize("page", [*READMES, "CONTRIBUTING.md", "CHANGELOG.md", "docs/decisions/README.md"])
def test_links_lead_to_files_and_headings(page: str):
    text = (PROJECT / page).read_text("utf-8")
    links = LINK.findall(text)
    assert links
    for target, heading in links:
        linked = (PROJECT / page).parent / target if target else PROJECT / page
        assert linked.exists(), target
        if heading:
            titles = re.findall(r"^#+ (.*)$", linked.read_text("utf-8"), re.MULTILINE)
            assert heading in [re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in titles]


def test_the_twins_have_the_same_parts():
    shapes = [SHAPE.findall((PROJECT / name).read_text("utf-8")) for name in READMES]
    assert shapes[0] == shapes[1]


def test_every_decision_is_in_the_index():
    folder = PROJECT / "docs" / "decisions"
    index = (folder / "README.md").read_text("utf-8")
    pages = sorted(path.name for path in folder.glob("[0-9]*.md"))
    assert re.findall(r"\]\((\d{4}-[^)]*)\)", index) == pages
