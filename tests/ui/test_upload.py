"""Uploads are kept only when they are indexed."""

from __future__ import annotations

import errno
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from fpdf import FPDF

from istok.index.errors import IndexStateError
from istok.index.home import Home
from istok.index.index import Index
from istok.index.load import MAX_BYTES
from istok.ui.texts import ENGLISH, RUSSIAN
from istok.ui.upload import Intake, Upload, UploadError, add, safe_name

GARDEN = "План сада\n\nСад заложат весной на площади три гектара.\n"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    return Home.open(tmp_path_factory.mktemp("uploads"))


@pytest.fixture(scope="module")
def index(home: Home) -> Iterator[Index]:
    with Index.open(home) as index:
        yield index


def uploaded(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, "utf-8")
    return path


def test_an_upload_is_moved_among_the_documents_and_found(index: Index, home: Home, tmp_path: Path):
    path = uploaded(tmp_path, "план.txt", GARDEN)
    assert add(index, home, path).added == 1
    assert not path.exists()
    assert (home.documents / "план.txt").read_text("utf-8") == GARDEN
    assert index.search("площадь сада", 1)[0].passage.document_id == "план.txt"


def test_a_refused_upload_is_not_kept(index: Index, home: Home, tmp_path: Path):
    report = add(index, home, uploaded(tmp_path, "пусто.txt", " "))
    assert [Path(refusal.path).name for refusal in report.refusals] == ["пусто.txt"]
    assert not (home.documents / "пусто.txt").exists()


def test_a_refused_replacement_leaves_the_former_file(index: Index, home: Home, tmp_path: Path):
    add(index, home, uploaded(tmp_path, "сад.txt", GARDEN))
    assert add(index, home, uploaded(tmp_path, "сад.txt", " ")).refusals
    assert (home.documents / "сад.txt").read_text("utf-8") == GARDEN
    assert index.document("сад.txt").text == GARDEN


def test_a_replacement_takes_the_place_of_the_former_file(index: Index, home: Home, tmp_path: Path):
    add(index, home, uploaded(tmp_path, "парк.txt", GARDEN))
    assert add(index, home, uploaded(tmp_path, "парк.txt", GARDEN + "Осенью посадят липы.\n")).changed == 1
    assert "липы" in index.document("парк.txt").text
    assert not [path for path in home.documents.iterdir() if path.name.startswith(".")]


def test_a_folder_keeps_its_relative_paths(index: Index, home: Home, tmp_path: Path):
    add(index, home, uploaded(tmp_path, "a", GARDEN), "Архив/2023/сад.txt")
    add(index, home, uploaded(tmp_path, "b", GARDEN + "Второй.\n"), "Архив/2024/сад.txt")
    assert {"Архив/2023/сад.txt", "Архив/2024/сад.txt"} <= {entry.id for entry in index.entries()}
    assert (home.documents / "Архив" / "2024" / "сад.txt").exists()


def test_the_same_file_again_changes_nothing(index: Index, home: Home, tmp_path: Path):
    add(index, home, uploaded(tmp_path, "луг.txt", GARDEN))
    before = index.generation
    assert add(index, home, uploaded(tmp_path, "луг.txt", GARDEN)).unchanged == 1
    assert index.generation == before


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("../../x.txt", "x.txt"),
        ("/etc/x.txt", "etc/x.txt"),
        (r"C:\temp\..\x.txt", "C:/temp/x.txt"),
        ("....txt", "document.txt"),
        (".hidden/.x.txt", "hidden/x.txt"),
        ("a\u202etxt.exe\n.txt", "atxt.exe.txt"),
        ("<img src=x onerror=alert(1)>.txt", "<img src=x onerror=alert(1)>.txt"),
        ("\ud800.txt", "document.txt"),
        ("..", "document"),
        ("", "document"),
    ],
)
def test_no_name_leads_out_hides_or_tricks_the_eye(said: str, kept: str):
    assert safe_name(said).as_posix() == kept


def test_long_names_are_cut_to_what_file_systems_take_and_stay_apart():
    one, two = safe_name("ж" * 255 + "1.txt"), safe_name("ж" * 255 + "2.txt")
    assert one != two
    assert one.suffix == ".txt"
    assert len(one.name.encode()) <= 200


def test_a_hostile_name_stays_in_the_home(index: Index, home: Home, tmp_path: Path):
    add(index, home, uploaded(tmp_path, "x", GARDEN), "../../../../побег.txt")
    assert (home.documents / "побег.txt").exists()


def test_a_link_out_of_the_home_is_not_followed(index: Index, home: Home, tmp_path: Path):
    outside = tmp_path / "outside"
    outside.mkdir()
    home.documents.mkdir(exist_ok=True)
    (home.documents / "ссылка").symlink_to(outside)
    with pytest.raises(UploadError) as caught:
        add(index, home, uploaded(tmp_path, "x", GARDEN), "ссылка/x.txt")
    assert caught.value.kind == "taken"
    assert list(outside.iterdir()) == []


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("фото.jpg", b"\xff\xd8\xff", "type"),
        ("пусто.txt", b" \n", "empty"),
        ("повреждён.pdf", b"%PDF-1.4 broken", "damaged"),
        ("старый.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "encrypted"),
        ("двоичный.txt", bytes(range(256)) * 8, "charset"),
        ("велик.txt", b"\x20" * (MAX_BYTES + 1), "large"),
    ],
)
def test_a_refusal_says_of_what_kind_it_is(
    index: Index, home: Home, tmp_path: Path, name: str, content: bytes, kind: str
):
    path = tmp_path / name
    path.write_bytes(content)
    [refusal] = add(index, home, path).refusals
    assert refusal.kind == kind
    assert not (home.documents / name).exists()
    for texts in (RUSSIAN, ENGLISH):
        assert texts.documents.refusals[refusal.kind]


def test_a_protected_pdf_is_refused_as_such(index: Index, home: Home, tmp_path: Path):
    paper = FPDF()
    paper.add_page()
    paper.set_encryption(owner_password="owner", user_password="user")
    path = tmp_path / "секрет.pdf"
    path.write_bytes(bytes(paper.output()))
    assert add(index, home, path).refusals[0].kind == "encrypted"


def test_a_full_disk_is_told_and_leaves_the_former_file(
    index: Index, home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    add(index, home, uploaded(tmp_path, "роща.txt", GARDEN))

    def full(source: Path, target: Path) -> None:
        Path(target).write_bytes(Path(source).read_bytes()[:5])
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("istok.ui.upload.shutil.copyfile", full)
    with pytest.raises(UploadError) as caught:
        add(index, home, uploaded(tmp_path, "роща.txt", GARDEN + "Ещё.\n"))
    assert caught.value.kind == "full"
    assert (home.documents / "роща.txt").read_text("utf-8") == GARDEN
    assert not [path for path in home.documents.iterdir() if path.name.startswith(".")]


def test_what_breaks_in_the_middle_leaves_no_half_written_file(
    index: Index, home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    def broken(*_: object, **__: object) -> None:
        raise IndexStateError("database or disk is full")

    monkeypatch.setattr(index, "store", broken)
    with pytest.raises(UploadError) as caught:
        add(index, home, uploaded(tmp_path, "ива.txt", GARDEN), "новая/ива.txt")
    assert caught.value.kind == "full"
    assert not (home.documents / "новая").exists()
    assert not [path for path in home.documents.iterdir() if path.name.startswith(".")]


def test_a_file_where_a_folder_would_be_is_told(index: Index, home: Home, tmp_path: Path):
    add(index, home, uploaded(tmp_path, "клён.txt", GARDEN))
    with pytest.raises(UploadError) as caught:
        add(index, home, uploaded(tmp_path, "x", GARDEN), "клён.txt/внутри.txt")
    assert caught.value.kind == "taken"
    assert (home.documents / "клён.txt").is_file()


# The queue


def received(folder: Path, number: int, text: str) -> str:
    path = folder / f"{number:064x}" / "upload.txt"
    path.parent.mkdir(parents=True)
    path.write_text(text, "utf-8")
    return str(path)


def ended(intake: Intake, *tickets: str) -> list[Upload]:
    """The outcomes, waited for."""
    for _ in range(3_000):
        uploads = intake.look(tickets)
        if all(upload.state in ("done", "refused") for upload in uploads.values()):
            return [uploads[ticket] for ticket in tickets]
        time.sleep(0.02)
    raise AssertionError(uploads)


def test_files_are_added_one_after_another_and_read_for_their_meaning(index: Index, home: Home, tmp_path: Path):
    intake = Intake(index, home, tmp_path)
    texts = [GARDEN.replace("три", str(number)) for number in range(12)]
    tickets = [intake.take(received(tmp_path, i, text), f"папка/{i}.txt") for i, text in enumerate(texts)]
    tickets.append(intake.take(received(tmp_path, 99, " "), "пусто.txt"))
    tickets.append(intake.take(received(tmp_path, 98, texts[0]), "папка/0.txt"))
    *added, empty, again = ended(intake, *tickets)
    assert {(upload.outcome, upload.done) for upload in added} == {("added", 1)}
    assert [upload.document for upload in added] == [f"папка/{i}.txt" for i in range(12)]
    assert empty.reason == "empty"
    assert again.outcome == "unchanged"
    assert index.waiting == 0


def test_only_what_the_server_received_is_taken(index: Index, home: Home, tmp_path: Path):
    folder = tmp_path / "received"
    intake = Intake(index, home, folder)
    received(folder, 1, GARDEN)
    outside = uploaded(tmp_path, "secret.txt", GARDEN)
    (folder / "link").mkdir()
    (folder / "link" / "x.txt").symlink_to(outside)
    for path in (outside, "/etc/passwd", folder / "x" / ".." / ".." / "secret.txt", folder, folder / "link" / "x.txt"):
        with pytest.raises(UploadError):
            intake.take(str(path), "x.txt")
    with pytest.raises(UploadError):
        intake.take("\0", "x.txt")
    assert outside.exists()


def test_unknown_tickets_are_told_nothing(index: Index, home: Home, tmp_path: Path):
    assert Intake(index, home, tmp_path).look(["x"]) == {}
