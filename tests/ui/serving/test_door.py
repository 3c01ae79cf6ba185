"""Who gets past the door, with what, and what those hear who don't."""

from __future__ import annotations

import os
import re
import socket
import time
from pathlib import Path
from urllib.parse import urlsplit

import httpx2
import pytest
from serving import BEARER, NAME, PASSWORD

from istok.ui.desk import Desk
from istok.ui.page import Page
from istok.ui.serving import door
from istok.ui.serving.door import LARGEST_BODY, LARGEST_LOGIN
from istok.ui.serving.people import People
from istok.ui.serving.server import Server, launch

HTML = {"accept": "text/html"}


def log_in(client: httpx2.Client, password: str = PASSWORD, language: str = "ru") -> httpx2.Response:
    headers = {**HTML, "accept-language": language}
    return client.post("/login", data={"username": NAME, "password": password}, headers=headers)


# Without people: this machine alone


@pytest.mark.parametrize("name", ["localhost", "127.0.0.1", "[::1]"])
def test_the_page_is_served_under_the_names_of_this_machine(client: httpx2.Client, name: str):
    assert client.get("/", headers={"host": f"{name}:7860"}).status_code == 200


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example:7860", "localhost.evil.example", "", "@", "[", "a[b]"]
)
@pytest.mark.parametrize("path", ["/", "/v1/models", "/gradio_api/info", "/gradio_api/mcp/", "/config"])
def test_a_name_that_another_site_points_here_is_refused(client: httpx2.Client, host: str, path: str):
    response = client.get(path, headers={"host": host})
    assert response.status_code == 421
    assert "use the address it printed" in response.json()["error"]["message"]


@pytest.mark.parametrize("path", ["/v1/chat/completions", "/gradio_api/queue/join", "/gradio_api/mcp/", "/login"])
@pytest.mark.parametrize(
    "origin", ["https://evil.example", "null", "http://127.0.0.1:1", "http://localhost:1", "http://["]
)
def test_requests_of_other_sites_pages_are_refused(client: httpx2.Client, path: str, origin: str):
    for method in ("POST", "OPTIONS"):
        response = client.request(method, path, headers={"origin": origin, "access-control-request-method": "POST"})
        assert response.status_code == 403
        assert "access-control-allow-origin" not in response.headers


def test_requests_of_the_pages_own_origin_are_heard(client: httpx2.Client, server: Server):
    origin = server.address.rstrip("/")
    assert client.get("/v1/models", headers={"origin": origin, "sec-fetch-site": "same-origin"}).status_code == 200


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_another_page_may_link_here_but_not_embed_or_fetch(client: httpx2.Client, site: str):
    link = {"sec-fetch-site": site, "sec-fetch-mode": "navigate", "sec-fetch-dest": "document"}
    assert client.get("/", headers=link).status_code == 200
    assert client.get("/", headers={**link, "sec-fetch-dest": "iframe"}).status_code == 403
    assert client.get("/v1/models", headers={**link, "sec-fetch-mode": "no-cors"}).status_code == 403
    assert client.post("/v1/chat/completions", headers=link).status_code == 403


def test_every_answer_tells_the_browser_to_ask_nobody_else(client: httpx2.Client):
    for path in ("/", "/v1/models", "/nothing"):
        policy = client.get(path).headers["content-security-policy"]
        assert "default-src 'self'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "http" not in policy


def test_a_body_that_is_too_large_is_refused_before_it_is_read(client: httpx2.Client):
    with socket.create_connection((client.base_url.host, client.base_url.port)) as line:
        request = "POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\n\r\n"
        line.sendall((request % (LARGEST_BODY + 1)).encode())
        assert line.recv(100).startswith(b"HTTP/1.1 413")


def test_of_one_who_logs_in_no_more_is_read_than_a_name_and_a_password(stranger: httpx2.Client):
    with socket.create_connection((stranger.base_url.host, stranger.base_url.port)) as line:
        request = "POST /login HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\n\r\n"
        line.sendall((request % (LARGEST_LOGIN + 1)).encode())
        assert line.recv(100).startswith(b"HTTP/1.1 413")


def test_what_never_changes_is_kept_by_the_browser_and_nothing_else_is(client: httpx2.Client):
    page = client.get("/")
    assert "cache-control" not in page.headers
    [script, *_] = re.findall(r"assets/[\w.-]+\.js", page.text)
    assert "immutable" in client.get(f"/{script}").headers["cache-control"]
    assert "immutable" not in client.get("/assets/none.js").headers.get("cache-control", "")


def test_a_body_of_unsaid_length_is_refused(client: httpx2.Client):
    assert client.post("/v1/chat/completions", content=iter([b"{}"])).status_code == 411


# Files


@pytest.mark.parametrize("name", ["virus.exe", "page.svg", "none", ".txt.sh", "a.txt\n.exe", "тайна.ехе"])
def test_a_file_of_a_type_that_cant_be_read_is_refused_and_not_kept(client: httpx2.Client, name: str):
    before = _kept()
    response = client.post("/gradio_api/upload", files=[("files", ("good.txt", b"")), ("files", (name, b"x" * 99_999))])
    assert response.status_code == 415
    assert "send .docx, .htm" in response.json()["error"]["message"]
    assert {path for path in _kept() - before if path.is_file() and path.stat().st_size} == set()


def _kept() -> set[Path]:
    from gradio.utils import get_upload_folder

    return set(Path(get_upload_folder()).rglob("*"))


def test_a_file_that_can_be_read_is_taken(client: httpx2.Client):
    response = client.post("/gradio_api/upload", files=[("files", ("Сводка.TXT", "Вода пришла.".encode()))])
    assert response.status_code == 200
    [place] = response.json()
    assert Path(place).read_text("utf-8") == "Вода пришла."


def test_a_file_that_is_too_large_is_refused(client: httpx2.Client):
    response = client.post("/gradio_api/upload", files=[("files", ("large.txt", b"x" * 50_000_001))])
    assert response.status_code == 413


def test_what_only_calls_itself_an_upload_is_refused(client: httpx2.Client):
    for kind in ("multipart/form-data", "multipart/form-data; boundary=x", "text/plain"):
        response = client.post("/gradio_api/upload", content=b"--y\r\nodd", headers={"content-type": kind})
        assert response.status_code == 400


def test_no_file_outside_the_uploads_is_given_out(client: httpx2.Client, served_desk: Desk, seeds: Path):
    home = served_desk.home
    (home.root / "config.toml").write_text('reader = "quote"\n', "utf-8")
    inside = [
        home.root / "config.toml",
        home.database,
        home.conversations,
        next(seeds.glob("*.txt")),
        Path("/etc/passwd"),
    ]
    here = [Path.cwd() / "pyproject.toml", Path("pyproject.toml")]
    for path in [*inside, *here]:
        assert path.exists()
        for spelled in (
            str(path),
            os.path.relpath(path),
            f"/proc/self/root{path.absolute()}",
            f"{path}/../{path.name}",
        ):
            for route in ("/gradio_api/file=", "/gradio_api/file/"):
                assert client.get(route + spelled).status_code in (403, 404), spelled


def test_the_server_asks_no_other_machine_on_behalf_of_anybody(client: httpx2.Client):
    for path in ("file=http://example.com/x.png", "file/https://example.com/x.png", "proxy=https://a.hf.space/x"):
        response = client.get(f"/gradio_api/{path}")
        assert response.status_code == 403
        assert response.json()["error"]["message"] == "no requests to other machines"


# With people


def test_no_route_is_open_to_those_who_are_not_known(served_desk: Desk):
    page = Page(served_desk)
    with (
        launch(page, socket.create_server(("127.0.0.1", 0)), People({NAME: PASSWORD})) as server,
        httpx2.Client(base_url=server.address, timeout=30, trust_env=False) as client,
    ):
        gradios = {re.sub("{.*?}", "x", path) for path in page.blocks.app.openapi()["paths"]}
        assert {"/", "/config", "/gradio_api/upload", "/gradio_api/queue/join", "/gradio_api/file=x"} <= gradios
        paths = {"/v1/models", "/v1/chat/completions", "/v1/openapi.json", "/gradio_api/mcp/sse", "/nothing", *gradios}
        for path in paths - {"/login", "/login/", "/logout", "/favicon.ico", "/manifest.json", "/gradio_api/proxy=x"}:
            for method in ("GET", "POST", "DELETE"):
                response = client.request(method, path)
                assert (path, response.status_code) == (path, 401)
                assert response.json()["error"]["code"] == "invalid_api_key"


@pytest.mark.parametrize("language", ["ru", "en"])
def test_a_browser_is_shown_the_login_page_in_its_language(stranger: httpx2.Client, language: str):
    response = stranger.get("/", headers=HTML)
    assert (response.status_code, response.headers["location"]) == (303, "/login")
    page = stranger.get("/login", headers={**HTML, "accept-language": language})
    assert f'<html lang="{language}">' in page.text
    assert {"ru": "Войти", "en": "Log in"}[language] in page.text


def test_whoever_logs_in_comes_in_until_they_log_out(stranger: httpx2.Client):
    response = log_in(stranger)
    assert (response.status_code, response.headers["location"]) == (303, "/")
    assert {"HttpOnly", "SameSite=lax"} <= set(response.headers["set-cookie"].split("; "))
    assert stranger.get("/", headers=HTML).status_code == 200
    assert stranger.get("/gradio_api/user").json() == NAME
    cookies = dict(stranger.cookies)
    assert stranger.get("/logout").headers["location"] == "/login"
    assert (
        stranger.get("/v1/models", headers={"cookie": f"istok-session={cookies['istok-session']}"}).status_code == 401
    )


def test_the_cookie_of_an_encrypted_connection_never_leaves_unencrypted(stranger: httpx2.Client):
    assert "Secure" not in log_in(stranger).headers["set-cookie"]
    fields = {"username": NAME, "password": PASSWORD}
    proxied = stranger.post("/login", data=fields, headers={**HTML, "x-forwarded-proto": "https"})
    assert "Secure" in proxied.headers["set-cookie"]


def test_a_session_ends_though_the_browser_still_has_its_cookie(
    stranger: httpx2.Client, monkeypatch: pytest.MonkeyPatch
):
    log_in(stranger)
    assert stranger.get("/v1/models").status_code == 200
    later = time.monotonic() + 31 * 86_400
    monkeypatch.setattr(door, "monotonic", lambda: later)
    assert stranger.get("/v1/models").status_code == 401


def test_a_wrong_password_is_told_and_gives_no_session(stranger: httpx2.Client):
    response = log_in(stranger, "wrong")
    assert response.status_code == 401
    assert "Имя или пароль не подходят." in response.text
    assert not stranger.cookies
    assert "wrong" in log_in(stranger, "wrong", "en").text


def test_a_hostile_name_stays_text_on_the_login_page(stranger: httpx2.Client):
    name = '"><script>alert(1)</script>'
    page = stranger.post("/login", data={"username": name, "password": "x"}, headers=HTML)
    assert "&quot;&gt;&lt;script&gt;" in page.text
    assert "<script" not in page.text


def test_an_invented_session_is_worth_nothing(stranger: httpx2.Client):
    for cookie in ("istok-session=", "istok-session=x", f"istok-session={NAME}".encode(), "access-token=x"):
        assert stranger.get("/config", headers={"cookie": cookie}).status_code == 401


@pytest.mark.parametrize("path", ["/v1/models", "/gradio_api/info", "/config", "/gradio_api/mcp/schema"])
def test_programs_come_in_by_a_header(stranger: httpx2.Client, path: str):
    assert stranger.get(path, headers=BEARER).status_code == 200
    assert stranger.get(path, auth=(NAME, PASSWORD)).status_code == 200
    for wrong in ({"authorization": "Bearer wrong"}, {"authorization": "Basic wrong"}):
        response = stranger.get(path, headers=wrong)
        assert response.status_code == 401
        assert response.headers["www-authenticate"].startswith("Bearer")
        assert response.json()["error"]["message"].startswith("the password is wrong")


def test_a_wrong_header_is_not_saved_by_a_session(stranger: httpx2.Client):
    log_in(stranger)
    assert stranger.get("/v1/models").status_code == 200
    assert stranger.get("/v1/models", headers={"authorization": "Bearer wrong"}).status_code == 401


def test_other_sites_are_refused_whoever_is_logged_in(stranger: httpx2.Client):
    log_in(stranger)
    assert stranger.post("/v1/chat/completions", headers={"origin": "https://evil.example"}).status_code == 403


def test_a_guarded_server_may_have_any_name(stranger: httpx2.Client):
    assert stranger.get("/v1/models", headers={**BEARER, "host": "news.example"}).status_code == 200


def test_a_program_can_log_in_without_html(stranger: httpx2.Client):
    response = stranger.post("/login", data={"username": NAME, "password": PASSWORD})
    assert response.json() == {"success": True}
    assert stranger.get("/v1/models").status_code == 200
    assert urlsplit(str(stranger.base_url)).hostname == "127.0.0.1"
