"""The SQLite file: all of a batch or none, any thread, and plain words when it is broken."""

from __future__ import annotations

import os
import sqlite3
import threading
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from istok.index.errors import IndexStateError
from istok.index.store import Draft, Source, Store
from istok.index.types import Document, Range


def draft(id_: str, text: str = "Экспорт вырос на 45 %.", encoder: str = "e1") -> Draft:
    whole = Range(0, len(text))
    document = Document(id_, f"/files/{id_}", "Отчёт", "2024-02", "ru", text, (whole,), pages=(whole,))
    vector = np.array([0.6, 0.8], np.float32)
    return Draft(document, Source(id_, "/files", document.path, "hash", encoder), [(whole, (whole,), "ru")], [vector])


@pytest.fixture
def store(tmp_path: Path) -> Store:
    store = Store(tmp_path / "index.sqlite")
    store.set_meta(fingerprint="e1")
    return store


def test_what_is_put_comes_back_as_it_was(store: Store) -> None:
    put = draft("a.txt", "Первая строка.\r\n\tВторая\x00 строка 👩‍🚀.\u2028")
    store.put([put])
    assert store.document("a.txt") == put.document
    assert store.documents() == [put.document]
    [passage] = store.passages("a.txt")
    assert passage.text == put.document.text
    ids, vectors = store.vectors(2)
    assert ids == [passage.id]
    assert vectors.tolist() == [[pytest.approx(0.6), pytest.approx(0.8)]]
    assert store.counts() == (1, 1, 1)
    assert store.check() == []


def test_a_document_put_again_takes_its_own_place(store: Store) -> None:
    store.put([draft("a.txt", "Старое слово."), draft("b.txt")])
    store.put([draft("a.txt", "Новое слово.")])
    assert [d.text for d in store.documents()] == ["Новое слово.", "Экспорт вырос на 45 %."]
    assert store.matches('"стар"', 9, languages=["ru"]) == []
    assert len(store.matches('"нов"', 9, languages=["ru"])) == 1
    assert store.check() == []


def test_a_batch_that_fails_leaves_nothing_behind(store: Store) -> None:
    store.put([draft("a.txt", "Старое слово.")])
    before = store.generation
    bad = draft("c.txt")
    with pytest.raises(ValueError, match="zip"):
        store.put([draft("a.txt", "Новое слово."), draft("b.txt"), Draft(bad.document, bad.source, bad.passages, [])])
    assert [d.text for d in store.documents()] == ["Старое слово."]
    assert store.generation == before
    assert store.check() == []
    store.put([draft("b.txt")])
    assert len(store.documents()) == 2


def test_an_unknown_document_is_named(store: Store) -> None:
    with pytest.raises(IndexStateError, match=r"no document 'x\.txt' in the index"):
        store.document("x.txt")


def test_removing_takes_terms_and_passages_along(store: Store) -> None:
    store.put([draft("a.txt"), draft("b.txt")])
    store.remove(["a.txt"])
    assert store.counts() == (1, 1, 1)
    assert store.frequencies(["экспорт", "нет"]) == {"экспорт": 1, "нет": 0}
    assert store.check() == []


def test_every_change_raises_the_generation_and_a_new_file_never_repeats_one(tmp_path: Path) -> None:
    seen = []
    for _ in range(2):
        store = Store(tmp_path / "index.sqlite")
        store.put([draft("a.txt")])
        seen.append(store.generation)
        store.remove(["a.txt"])
        seen.append(store.generation)
        store.close()
        (tmp_path / "index.sqlite").unlink()
    assert seen == sorted(set(seen))


def waiting_draft(id_: str, text: str = "Экспорт вырос на 45 %.") -> Draft:
    return replace(draft(id_, text), vectors=[None])


def test_another_encoder_takes_all_vectors_away_and_the_same_one_none(store: Store) -> None:
    store.put([draft("a.txt")])
    store.adopt_encoder(fingerprint="e1", embedder="renamed")
    assert store.counts() == (1, 1, 1)
    before = store.epoch
    store.adopt_encoder(fingerprint="e2", embedder="other")
    assert store.counts() == (1, 1, 0)
    assert (store.meta("embedder"), store.epoch > before) == ("other", True)


def test_what_waits_is_counted_given_out_and_filled(store: Store) -> None:
    store.put([waiting_draft("a.txt"), draft("b.txt"), waiting_draft("c.txt", "Импорт упал.")])
    assert (store.waiting(["ru"]), store.waiting(["en"]), store.counts()) == (2, 0, (3, 3, 1))
    [first] = store.next_waiting(["ru"], 1)
    assert (first.title, first.text) == ("Отчёт", "Экспорт вырос на 45 %.")
    store.fill([first], np.array([[0.8, 0.6]], np.float32), "e1")
    assert [waiting.text for waiting in store.next_waiting(["ru"], 9)] == ["Импорт упал."]
    assert store.next_waiting(["en"], 9) == []
    assert store.vectors(2, [first.id])[1].tolist() == [[pytest.approx(0.8), pytest.approx(0.6)]]
    assert len(store.encoded_ids()) == 2


def test_a_passage_that_was_replaced_while_it_was_encoded_goes_on_waiting(store: Store) -> None:
    store.put([waiting_draft("a.txt")])
    taken = store.next_waiting(["ru"], 9)
    store.put([waiting_draft("a.txt", "Новое слово.")])
    assert [waiting.id for waiting in store.next_waiting(["ru"], 9)] == [taken[0].id], "SQLite gives an id again"
    store.fill(taken, np.array([[0.8, 0.6]], np.float32), "e1")
    assert store.waiting(["ru"]) == 1


def test_vectors_of_an_encoder_that_is_no_longer_the_indexs_are_not_taken(store: Store) -> None:
    store.put([waiting_draft("a.txt")])
    taken = store.next_waiting(["ru"], 9)
    with pytest.raises(IndexStateError, match="the encoder was changed meanwhile: run: istok index"):
        store.fill(taken, np.array([[0.8, 0.6]], np.float32), "e0")
    assert store.waiting(["ru"]) == 1


def test_an_epoch_ends_only_when_something_is_taken_away(store: Store) -> None:
    store.put([waiting_draft("a.txt")])
    epoch = store.epoch
    store.put([draft("b.txt")])
    store.fill(store.next_waiting(["ru"], 9), np.array([[0.8, 0.6]], np.float32), "e1")
    assert store.epoch == epoch
    store.put([draft("b.txt")])
    assert store.epoch > epoch
    epoch = store.epoch
    store.remove(["a.txt"])
    assert store.epoch > epoch


def test_a_file_made_before_passages_could_wait_is_served_as_it_is(store: Store) -> None:
    store.put([waiting_draft("a.txt"), draft("b.txt")])
    store._connection.execute("DROP INDEX passages_waiting")
    store.close()
    assert Store(store.path).waiting(["ru"]) == 1


def test_a_reader_in_another_thread_works_while_a_writer_writes(store: Store) -> None:
    faults: list[Exception] = []
    done = threading.Event()

    def read() -> None:
        try:
            while not done.is_set():
                documents = {d.id: d.text for d in store.documents()}
                # The two are written together, so they are seen together.
                assert len(set(documents.values())) <= 1
                store.matches('"экспорт"', 10, languages=["ru"])
        except Exception as fault:
            faults.append(fault)

    readers = [threading.Thread(target=read) for _ in range(2)]
    for reader in readers:
        reader.start()
    for number in range(40):
        store.put([draft("a.txt", f"Экспорт {number}."), draft("b.txt", f"Экспорт {number}.")])
    done.set()
    for reader in readers:
        reader.join()
    assert faults == []
    assert [d.text for d in store.documents()] == ["Экспорт 39."] * 2


def test_two_writers_take_turns(store: Store) -> None:
    def write(name: str) -> None:
        for number in range(20):
            store.put([draft(f"{name}{number}.txt")])

    writers = [threading.Thread(target=write, args=(name,)) for name in "ab"]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert store.counts() == (40, 40, 40)
    assert store.check() == []


def test_a_file_that_is_no_database_is_told_in_one_line(tmp_path: Path) -> None:
    path = tmp_path / "index.sqlite"
    path.write_bytes(b"no database at all " * 300)
    with pytest.raises(IndexStateError, match=r"is damaged .*: delete it and run: istok index$"):
        Store(path)


def test_damage_in_the_middle_is_told_and_found_by_the_check(store: Store) -> None:
    store.put([draft(f"{number}.txt", f"Слово {number}. " * 200) for number in range(50)])
    store.close()
    content = bytearray(store.path.read_bytes())
    content[4096 * 3 : -4096] = b"\x5a" * (len(content) - 4096 * 4)
    store.path.write_bytes(content)
    damaged = Store(store.path)
    try:
        faults = damaged.check()
    except IndexStateError as error:
        faults = [str(error)]
    assert faults
    with pytest.raises(IndexStateError, match="is damaged"):
        damaged.documents()


def test_the_terms_that_a_passage_lost_are_missed(store: Store) -> None:
    store.put([draft("a.txt")])
    raw = sqlite3.connect(store.path)
    raw.execute("DELETE FROM passages_terms")
    raw.commit()
    assert store.check() == ["terms: 1 passages without terms, 0 terms without passage"]


def test_another_formats_file_is_told_in_one_line(tmp_path: Path) -> None:
    path = tmp_path / "index.sqlite"
    raw = sqlite3.connect(path)
    raw.execute("PRAGMA user_version = 99")
    raw.commit()
    raw.close()
    with pytest.raises(IndexStateError, match=r"is of format 99, this is 1: delete it and run: istok index$"):
        Store(path)


def test_a_locked_file_is_not_called_damaged(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    store.put([draft("a.txt")])
    store._connection.execute("PRAGMA busy_timeout = 50")
    other = sqlite3.connect(store.path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(IndexStateError, match=r"can't be used \(database is locked\): close other programs"):
        store.put([draft("b.txt")])
    other.execute("ROLLBACK")
    store.put([draft("b.txt")])
    assert len(store.documents()) == 2


def test_a_threads_connection_ends_with_the_thread(store: Store) -> None:
    before = _descriptors()
    for _ in range(20):
        thread = threading.Thread(target=store.counts)
        thread.start()
        thread.join()
    # SQLite may keep one of a file back for the next connection.
    assert _descriptors() <= before + 2


def _descriptors() -> int:
    return sum(1 for number in range(1024) if _open(number))


def _open(number: int) -> bool:
    try:
        os.fstat(number)
    except OSError:
        return False
    return True


def test_an_id_that_is_no_text_is_unknown(store: Store) -> None:
    with pytest.raises(IndexStateError, match="no document"):
        store.document("\ud800")
