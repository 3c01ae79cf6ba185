"""Who may import whom, read from the source itself."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ("index", "rag", "ui", "eval")
KNOWN = {"index": {"index"}, "rag": {"index", "rag"}, "eval": {"index", "rag", "eval"}, "ui": {"index", "rag", "ui"}}
PANES = {f"ui/panes/{pane}.py" for pane in ("__init__", "conversations", "documents", "settings", "sources", "talk")}
# Every package that takes long to import, and the only files that may name it.
HEAVY = {
    "torch": {"index/sentence_transformers.py", "rag/rerankers/sentence_transformers.py"},
    "transformers": {"index/sentence_transformers.py", "rag/rerankers/sentence_transformers.py"},
    "sentence_transformers": {"index/sentence_transformers.py", "rag/rerankers/sentence_transformers.py"},
    "onnxruntime": {"index/onnx.py", "rag/rerankers/onnx.py"},
    "tokenizers": {"index/onnx.py", "rag/rerankers/onnx.py"},
    "faiss": {"index/faiss.py"},
    "llama_cpp": {"rag/readers/llama_cpp.py"},
    "gradio": {"ui/page.py", "ui/serving/programs.py", "ui/serving/server.py"} | PANES,
    "mcp": {"ui/serving/programs.py"},
    "matplotlib": {"eval/plots.py"},
}


def _sources() -> list[str]:
    return sorted(path.relative_to(ROOT).as_posix() for name in PACKAGES for path in (ROOT / name).rglob("*.py"))


def _imports(source: str, *, at_the_top: bool = False) -> Iterator[str]:
    """The dotted names that a file imports (whether or not for types only), or those it runs when it is imported."""
    tree = ast.parse((ROOT / source).read_text("utf-8"))
    for node in tree.body if at_the_top else ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{source} imports relatively"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def test_the_source_files_are_found() -> None:
    assert {"index/index.py", "rag/assistant.py", "ui/cli.py", "eval/run.py"} <= set(_sources())


@pytest.mark.parametrize("source", _sources())
def test_a_file_imports_nothing_from_further_down_the_way_of_the_data(source: str) -> None:
    allowed = KNOWN[source.split("/")[0]] | ({"eval"} if source.startswith("ui/commands/eval") else set())
    parts = [name.split(".") for name in _imports(source)]
    assert {part[1] for part in parts if part[0] == "istok" and part[1] in PACKAGES} <= allowed
    assert not {part[0] for part in parts} & set(PACKAGES), "packages are imported as istok.*"


@pytest.mark.parametrize("source", _sources())
def test_a_heavy_library_is_named_only_by_its_adapter(source: str) -> None:
    named = {name.split(".")[0] for name in _imports(source)} & HEAVY.keys()
    assert {library for library in named if source not in HEAVY[library]} == set()


@pytest.mark.parametrize("source", [source for source in _sources() if source.startswith("ui/commands/")])
def test_a_command_imports_only_click_and_its_options_when_it_is_named(source: str) -> None:
    for name in _imports(source, at_the_top=True):
        top = name.split(".")[0]
        assert top in {*sys.stdlib_module_names, "click"} or name.startswith("istok.ui.commands.options."), name


def _modules_after(*arguments: str) -> set[str]:
    script = (
        "import atexit, json, sys; atexit.register(lambda: print('\\n' + json.dumps(sorted(sys.modules))));"
        "from istok.ui.cli import main; main(sys.argv[1:])"
    )
    done = subprocess.run([sys.executable, "-c", script, *arguments], capture_output=True, text=True, check=True)
    return set(json.loads(done.stdout.splitlines()[-1]))


def test_help_loads_nothing_that_takes_long() -> None:
    loaded = _modules_after("--help")
    assert "istok.ui.commands.serve" in loaded
    assert loaded & {*HEAVY, "numpy", "pydantic", "rich", "sqlite3"} == set()
