"""`istok serve`: what is told before the page is there."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from istok.ui.cli import main


def test_a_busy_port_is_one_line_and_exit_code_2(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(SystemExit) as exit_:
            main(["serve", "--home", str(tmp_path), "--port", str(port), "--no-browser"])
    assert exit_.value.code == 2
    expected = f"istok: port {port} is busy: stop the other program or choose another with --port\n"
    assert capsys.readouterr().err == expected
