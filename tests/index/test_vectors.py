"""The contract of every vector store, held against brute force in NumPy."""

from __future__ import annotations

import json
import threading
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from istok.index.faiss import FaissStore
from istok.index.vectors import Stamp, VectorStore

STAMP = Stamp(7, "encoder")


def rows(count: int, seed: int = 1) -> NDArray[np.float32]:
    drawn = np.random.default_rng(seed).normal(size=(count, 16)).astype(np.float32)
    return np.asarray(drawn / np.linalg.norm(drawn, axis=1, keepdims=True), np.float32)


IDS = [int(id_) for id_ in np.random.default_rng(2).permutation(10_000)[:500] + 1]
VECTORS = rows(500)


@pytest.fixture(params=["faiss"])
def path(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    return tmp_path / f"vectors.{request.param}"


@pytest.fixture
def store(path: Path) -> VectorStore:
    store = FaissStore(path)
    store.rebuild(IDS, VECTORS, STAMP)
    return store


def brute_force(query: NDArray[np.float32], k: int, among: set[int] | None = None) -> list[tuple[int, float]]:
    scored = [(id_, float(VECTORS[i] @ query[0])) for i, id_ in enumerate(IDS) if among is None or id_ in among]
    return sorted(scored, key=lambda pair: -pair[1])[:k]


def same(found: list[tuple[int, float]], wanted: list[tuple[int, float]]) -> bool:
    return [id_ for id_, _ in found] == [id_ for id_, _ in wanted] and bool(
        np.allclose([cosine for _, cosine in found], [cosine for _, cosine in wanted], atol=1e-6)
    )


@pytest.mark.parametrize("k", [1, 10, 500])
def test_the_nearest_are_exactly_those_of_brute_force_and_higher_is_better(store: VectorStore, k: int) -> None:
    for query in rows(5, seed=3):
        assert same(store.search(query[None], k), brute_force(query[None], k))


def test_a_row_is_nearest_to_itself_with_cosine_one_and_farthest_from_its_opposite(store: VectorStore) -> None:
    assert store.search(VECTORS[42:43], 1) == [(IDS[42], pytest.approx(1, abs=1e-6))]
    assert store.search(-VECTORS[42:43], 500)[-1] == (IDS[42], pytest.approx(-1, abs=1e-6))


def test_only_the_ids_that_are_asked_for_are_searched(store: VectorStore) -> None:
    among = set(IDS[::7])
    query = rows(1, seed=4)
    assert same(store.search(query, 10, among=among), brute_force(query, 10, among))
    assert store.search(query, 10, among=[IDS[0], 99_999]) == brute_force(query, 10, {IDS[0]})[:1] or same(
        store.search(query, 10, among=[IDS[0], 99_999]), brute_force(query, 10, {IDS[0]})
    )
    assert store.search(query, 10, among=[]) == []


def test_asking_for_more_than_there_are_gives_all(store: VectorStore) -> None:
    assert len(store.search(rows(1), 10_000)) == 500


def test_a_rebuild_replaces_everything(store: VectorStore) -> None:
    store.rebuild([5], VECTORS[:1], Stamp(8, "other"))
    assert store.stamp == Stamp(8, "other")
    assert [id_ for id_, _ in store.search(VECTORS[:1], 10)] == [5]


def test_rows_that_are_added_are_found_and_kept_once_saved(path: Path) -> None:
    store = FaissStore(path)
    store.rebuild(IDS[:300], VECTORS[:300], STAMP)
    store.add(IDS[300:], VECTORS[300:], Stamp(8, "encoder"))
    query = rows(1, seed=5)
    assert (store.stamp, sorted(store.ids.tolist())) == (Stamp(8, "encoder"), sorted(IDS))
    assert same(store.search(query, 500), brute_force(query, 500))
    unsaved = FaissStore(path)
    assert (unsaved.stamp, len(unsaved.ids)) == (STAMP, 300)
    store.save()
    saved = FaissStore(path)
    assert saved.stamp == Stamp(8, "encoder")
    assert same(saved.search(query, 500), brute_force(query, 500))
    saved.add([99_999], rows(1, seed=6), Stamp(9, "encoder"))
    assert saved.search(rows(1, seed=6), 1) == [(99_999, pytest.approx(1, abs=1e-6))]


def test_adding_nothing_only_takes_the_stamp(store: VectorStore) -> None:
    store.add([], rows(0), Stamp(8, "encoder"))
    assert (store.stamp, len(store.ids)) == (Stamp(8, "encoder"), 500)


def test_searches_while_rows_are_added_find_what_was_there(store: VectorStore) -> None:
    more = rows(2000, seed=7)

    def grow() -> None:
        for number in range(0, 2000, 20):
            store.add(range(20_000 + number, 20_020 + number), more[number : number + 20], Stamp(number, "encoder"))

    grower = threading.Thread(target=grow)
    grower.start()
    while grower.is_alive():
        assert store.search(VECTORS[42:43], 1) == [(IDS[42], pytest.approx(1, abs=1e-6))]
    grower.join()
    assert len(store.ids) == 2500


def test_a_cache_is_only_added_to_within_one_epoch_and_encoder() -> None:
    assert Stamp(9, "encoder", 5).grew_from(Stamp(7, "encoder", 5))
    assert not Stamp(9, "encoder", 8).grew_from(Stamp(7, "encoder", 5))
    assert not Stamp(6, "encoder", 5).grew_from(Stamp(7, "encoder", 5))
    assert not Stamp(9, "other", 5).grew_from(Stamp(7, "encoder", 5))
    assert not Stamp(9, "encoder", 5).grew_from(None)


def test_what_was_built_is_there_after_opening_again(store: VectorStore, path: Path) -> None:
    again = FaissStore(path)
    assert again.stamp == STAMP
    assert again.search(VECTORS[:1], 10) == store.search(VECTORS[:1], 10)


def test_nothing_is_usable_before_the_first_build(path: Path) -> None:
    empty = FaissStore(path)
    assert empty.stamp is None
    assert empty.search(VECTORS[:1], 10) == []


def _flip(content: bytes) -> bytes:
    middle = len(content) // 2
    return content[:middle] + bytes([content[middle] ^ 0xFF]) + content[middle + 1 :]


@pytest.mark.parametrize("part", ["", ".json"])
@pytest.mark.parametrize(
    "harm",
    [lambda _: None, lambda c: c[: len(c) // 2], lambda _: b"", lambda _: b"garbage" * 99, _flip],
    ids=["missing", "truncated", "empty", "garbage", "one byte flipped"],
)
def test_a_damaged_file_holds_nothing_and_can_be_rebuilt(store: VectorStore, path: Path, harm, part: str) -> None:  # type: ignore[no-untyped-def]
    file = path.with_name(path.name + part)
    content = harm(file.read_bytes())
    if content is None:
        file.unlink()
    else:
        file.write_bytes(content)
    damaged = FaissStore(path)
    assert damaged.stamp != STAMP
    damaged.rebuild(IDS, VECTORS, STAMP)
    assert FaissStore(path).stamp == STAMP


@pytest.mark.parametrize("facts", ["[]", "7", "{}", '{"checksum": 0}', "null"])
def test_a_strange_stamp_holds_nothing(store: VectorStore, path: Path, facts: str) -> None:
    path.with_name(path.name + ".json").write_text(facts)
    assert FaissStore(path).stamp is None


def test_the_stamp_of_another_build_does_not_fit(store: VectorStore, path: Path) -> None:
    stamp = path.with_name(path.name + ".json")
    old = stamp.read_text()
    store.rebuild([5], VECTORS[:1], Stamp(8, "encoder"))
    stamp.write_text(old)
    assert json.loads(old)["generation"] == 7
    assert FaissStore(path).stamp is None


def test_several_may_rebuild_at_once(path: Path) -> None:
    faults: list[Exception] = []

    def build(number: int) -> None:
        try:
            for _ in range(20):
                FaissStore(path).rebuild(IDS, VECTORS, Stamp(number, "encoder"))
        except Exception as fault:
            faults.append(fault)

    builders = [threading.Thread(target=build, args=(number,)) for number in range(3)]
    for builder in builders:
        builder.start()
    for builder in builders:
        builder.join()
    assert faults == []
    left = FaissStore(path)
    left.rebuild(IDS, VECTORS, STAMP)
    assert FaissStore(path).stamp == STAMP
    assert sorted(file.name for file in path.parent.iterdir()) == [path.name, path.name + ".json"]
