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


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.5", "news.example"])
def test_a_host_that_others_reach_demands_a_password_and_says_why(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, host: str
):
    monkeypatch.delenv("ISTOK_AUTH", raising=False)
    with pytest.raises(SystemExit) as exit_:
        main(["serve", "--home", str(tmp_path), "--host", host, "--no-browser"])
    assert exit_.value.code == 2
    told = capsys.readouterr().err
    assert told.count("\n") == 1
    assert told.startswith(f"istok: whoever reaches {host} could read, add and remove documents: say with --auth")


@pytest.mark.parametrize("auth", [["--auth", "secret"], ["--auth-file", "people.txt"]])
def test_a_password_without_a_name_is_one_line_that_does_not_show_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, auth: list[str]
):
    monkeypatch.chdir(tmp_path)
    Path("people.txt").write_text("# who\nsecret\n", "utf-8")
    with pytest.raises(SystemExit) as exit_:
        main(["serve", "--home", str(tmp_path), "--no-browser", *auth])
    assert exit_.value.code == 2
    told = capsys.readouterr().err
    assert told == "istok: a name or a password is missing: give --auth NAME:PASSWORD\n"


def test_an_address_that_is_not_here_is_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    with pytest.raises(SystemExit) as exit_:
        main(["serve", "--home", str(tmp_path), "--host", "192.0.2.1", "--auth", "me:secret", "--no-browser"])
    assert exit_.value.code == 2
    assert capsys.readouterr().err.startswith("istok: can't listen on 192.0.2.1:7860 (")
