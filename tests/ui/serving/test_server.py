"""One server for people and programs."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import gradio as gr
import httpx2
import pytest
from serving import serve

from istok.index.home import Home
from istok.index.index import Index
from istok.ui.desk import Desk
from istok.ui.page import Page
from istok.ui.serving.server import launch


def test_the_page_and_both_ways_in_are_at_one_address(client: httpx2.Client):
    assert "text/html" in client.get("/").headers["content-type"]
    assert client.get("/v1/models").status_code == 200
    assert client.get("/gradio_api/info").status_code == 200
    assert client.get("/gradio_api/mcp/schema").status_code == 200


def test_nothing_of_fastapis_own_is_served(client: httpx2.Client):
    for path in ("/docs", "/redoc", "/openapi.json", "/v1/docs", "/v1/redoc"):
        assert client.get(path).status_code == 404


def test_a_closed_server_frees_its_port_though_a_tab_is_open(served_desk: Desk):
    server = serve(served_desk)
    port = int(server.address.rsplit(":")[-1].strip("/"))
    with (
        httpx2.Client(timeout=30, trust_env=False) as client,
        client.stream("GET", f"{server.address}gradio_api/heartbeat/tab") as heartbeat,
    ):
        assert next(heartbeat.iter_text()).startswith("data: ALIVE")
        server.close()
    socket.create_server(("127.0.0.1", port)).close()


def test_no_answer_on_a_connection_that_is_kept_waits_for_a_receipt(served_desk: Desk):
    listening = socket.create_server(("127.0.0.1", 0))
    with launch(Page(served_desk), listening):
        assert listening.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


def test_an_address_of_another_kind_is_told_as_a_browser_takes_it(served_desk: Desk):
    with launch(Page(served_desk), socket.create_server(("::1", 0), family=socket.AF_INET6)) as server:
        assert server.address.startswith("http://[::1]:")
        assert httpx2.get(server.address, trust_env=False).status_code == 200


@pytest.mark.parametrize("path", ["/etc/passwd", "HOME", "http://example.com/x.txt"])
def test_nothing_but_an_upload_is_taken_for_a_file(served_desk: Desk, path: str):
    (served_desk.home.root / "secret.txt").write_text("root:", "utf-8")
    path = path.replace("HOME", str(served_desk.home.root / "secret.txt"))
    page = Page(served_desk)
    with page.blocks:
        file, text = gr.File(), gr.Textbox()
        file.change(lambda name: Path(name).read_text("utf-8"), file, text, queue=False)
    name = f"page_{max(page.blocks.fns)}"
    with (
        launch(page, socket.create_server(("127.0.0.1", 0))) as server,
        httpx2.Client(base_url=f"{server.address}gradio_api/", timeout=30, trust_env=False) as client,
    ):

        def read(place: str) -> str:
            value = {"path": place, "meta": {"_type": "gradio.FileData"}}
            event = client.post(f"call/{name}", json={"data": [value]}).json()["event_id"]
            return client.get(f"call/{name}/{event}").text

        [uploaded] = client.post("upload", files=[("files", ("mine.txt", b"root: mine"))]).json()
        assert "root: mine" in read(uploaded)
        told = read(path)
        assert "event: error" in told
        assert "root:" not in told
        if path.startswith("http"):
            assert "no requests to other machines" in told


@contextmanager
def commanded(home: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """`istok serve` as a process of its own, and its address."""
    environment = {**os.environ, "ISTOK_AUTH": "me:secret", "PYTHONUNBUFFERED": "1"}
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    command = [sys.executable, "-c", "from istok.ui.cli import main; main()", "serve", "--no-browser"]
    process = subprocess.Popen(
        [*command, "--home", str(home), "--port", str(port)],
        env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == f"Istok: http://127.0.0.1:{port}/ (Ctrl+C stops)\n"
        yield process, f"http://127.0.0.1:{port}/"
    finally:
        process.kill()
        process.wait()


def test_the_command_serves_until_it_is_told_to_stop(tmp_path: Path):
    with commanded(tmp_path / "home") as (process, address):
        assert httpx2.get(f"{address}v1/models", trust_env=False).status_code == 401
        bearer = {"authorization": "Bearer secret"}
        assert httpx2.get(f"{address}v1/models", headers=bearer, trust_env=False).status_code == 200
        process.send_signal(signal.SIGTERM)
        assert process.communicate(timeout=20) == ("", "")
        assert process.returncode == 0


def test_what_a_killed_server_had_added_is_encoded_by_the_next_and_uploads_are_nobody_elses(tmp_path: Path):
    document = tmp_path / "завод.txt"
    document.write_text("Завод выпустил сорок два станка.", "utf-8")
    with Index.open(Home.open(tmp_path / "home")) as index:
        index.store([document])
        assert index.counts()[2] == 0
        with commanded(tmp_path / "home") as (process, address):
            files = [("files", ("a.txt", b"secret"))]
            bearer = {"authorization": "Bearer secret"}
            [kept] = httpx2.post(
                f"{address}gradio_api/upload", files=files, headers=bearer, timeout=30, trust_env=False
            ).json()
            folder = Path(kept).parents[1]
            assert folder.stat().st_mode & 0o077 == 0
            for _ in range(200):
                if index.counts()[2]:
                    break
                time.sleep(0.1)
            assert index.counts()[2] == 1
            process.send_signal(signal.SIGINT)
            assert process.communicate(timeout=20) == ("", "")
        assert not folder.exists()
