"""With every way out of the machine shut, everything works, and nothing even tries."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

# An audit hook sees each socket of the interpreter, whatever library opens it, and can't be taken off again.
_SHUT = """
import io, json, socket, sys

tried = []

def outside(address):
    host = address[0] if isinstance(address, tuple) else address
    return not str(host or "localhost").startswith(("127.", "::1", "localhost", "/"))

def guard(event, arguments):
    if event in ("socket.connect", "socket.sendto", "socket.getaddrinfo", "socket.gethostbyname"):
        address = arguments[1] if event in ("socket.connect", "socket.sendto") else arguments[0]
        if outside(address):
            tried.append(repr(address))
            raise OSError("the network is shut")

sys.addaudithook(guard)
try:
    socket.create_connection(("192.0.2.1", 80), timeout=1)
except OSError as error:
    assert str(error) == "the network is shut"
assert len(tried) == 1
tried.clear()

from istok.ui.cli import main

home, folder = sys.argv[1:]
out, results = sys.stdout, {}
for name, arguments, typed in (
    ("index", ["index", folder], ""),
    ("search", ["search", "workshop for rye bread", "--json"], ""),
    ("ask", ["ask", "Who bakes rye bread in Brest?", "--json"], ""),
    ("chat", ["chat"], "Who bakes rye bread in Brest?\\n"),
    ("doctor", ["doctor"], ""),
):
    sys.stdout, sys.stdin = io.StringIO(), io.StringIO(typed)
    try:
        main([*arguments, "--home", home])
    except SystemExit as end:
        results[name] = [end.code, sys.stdout.getvalue()]
sys.stdout = out
print(json.dumps({"tried": tried, "results": results}))
"""


def test_index_search_ask_chat_and_doctor_need_no_network_and_try_none(tmp_path: Path) -> None:
    folder = tmp_path / "documents"
    folder.mkdir()
    (folder / "bread.txt").write_text("The Brest bakery opened a workshop for rye bread in March 2024.\n")
    (folder / "хлеб.txt").write_text("Хлебозавод в Бресте начал выпекать ржаной хлеб.\n")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("HF_", "TRANSFORMERS_"))}
    done = subprocess.run(
        [sys.executable, "-c", _SHUT, str(tmp_path / "home"), str(folder)],
        capture_output=True, text=True, check=False, env=kept | {"HOME": str(tmp_path), "OMP_NUM_THREADS": "1"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["tried"] == []
    assert {name: code for name, (code, _) in told["results"].items()} == dict.fromkeys(told["results"], 0), told
    assert set(told["results"]) == {"index", "search", "ask", "chat", "doctor"}
    hits = json.loads(told["results"]["search"][1])["hits"]
    assert hits[0]["document"] == "bread.txt"
    assert hits[0]["dense_rank"] is not None
    answer = json.loads(told["results"]["ask"][1])
    assert answer["citations"][0]["document"] == "bread.txt"
    assert "bread.txt:" in told["results"]["chat"][1]
