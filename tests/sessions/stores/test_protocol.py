"""One suite for every store."""

from __future__ import annotations

import asyncio
import dataclasses

import pytest

from app.errors import Conflict, NotFound, StaleRevision, StoreUnavailable
from app.sessions.stores import Store
from tests.sessions.stores.records import LATER, everything, record


def test_a_session_comes_back_as_it_was_kept(store: Store) -> None:
    kept = dataclasses.replace(
        record("a", head=b"", trunk=bytes(range(256)) * 50, history=b"\0"),
        revision=2**53,
        expires_at=0.1 + 0.2,
    )

    async def play() -> None:
        assert await store.create(kept) == "a"
        assert await store.load("a") == kept

    asyncio.run(play())


@pytest.mark.parametrize("size", [2**20 - 1, 2**20, 3_000_001])
def test_large_parts_come_back_too_and_can_be_replaced(store: Store, size: int) -> None:
    large, other = (bytes([first]) + b"0123456789" * (size // 10) for first in (1, 2))
    first = record("a", data=large, head=b"small")

    async def play() -> None:
        await store.create(first)
        assert await store.load("a") == first
        for revision, value in enumerate((other, b"", large)):
            await store.save("a", revision, revision + 1, LATER, {"data": value})
            kept = await store.load("a")
            assert kept is not None
            assert kept.parts == {"data": value, "head": b"small"}

    asyncio.run(play())


def test_a_session_is_found_by_each_name_in_its_own_way(store: Store) -> None:
    async def play() -> None:
        await store.create(record("a"))
        assert await store.resolve("follow-a") == "a"
        assert await store.resolve("a") is None
        assert await store.load("follow-a") is None
        assert await store.revision("a") == 0
        assert await store.revision("follow-a") is None
        assert await store.load("") is None

    asyncio.run(play())


def test_a_creation_key_makes_one_session(store: Store) -> None:
    async def play() -> None:
        assert await store.created("once") is None
        made = await asyncio.gather(*[store.create(record(n), key="once") for n in "abcdefgh"])
        assert set(made) == {made[0]}
        assert await store.created("once") == made[0]
        assert await store.count() == 1
        assert await store.create(record("other"), key="another") == "other"
        assert await store.create(record("third")) == "third"
        assert await store.create(record("fourth")) == "fourth"
        assert await store.count() == 4

    asyncio.run(play())


def test_a_creation_key_goes_with_its_session(store: Store) -> None:
    async def play() -> None:
        await store.create(record("a"), key="once")
        await store.delete("a")
        assert await store.created("once") is None
        assert await store.create(record("b"), key="once") == "b"
        assert await store.expire(LATER, 10) == 1
        assert await store.create(record("c"), key="once") == "c"

    asyncio.run(play())


def test_a_name_is_given_once(store: Store) -> None:
    async def play() -> None:
        await store.create(record("a"))
        with pytest.raises(Conflict):
            await store.create(record("a", head=b"other"))
        with pytest.raises(Conflict):
            await store.create(dataclasses.replace(record("b"), follow_id="follow-a"))
        loaded = await store.load("a")
        assert loaded == record("a")
        assert await store.load("b") is None
        assert await store.count() == 1

    asyncio.run(play())


def test_a_save_writes_and_deletes_only_what_changed(store: Store) -> None:
    async def play() -> None:
        await store.create(record("a", head=b"1", trunk=b"2", history=b"3"))
        await store.create(record("b", head=b"mine"))
        changes = {"head": b"new", "trunk": None, "more": b"4", "never there": None}
        await store.save("a", 0, 7, 5.5, changes)
        loaded = await store.load("a")
        assert loaded is not None
        assert loaded.parts == {"head": b"new", "history": b"3", "more": b"4"}
        assert (loaded.revision, loaded.expires_at) == (7, 5.5)
        assert (loaded.follow_id, loaded.created_at) == ("follow-a", record("a").created_at)
        assert await store.load("b") == record("b", head=b"mine")

    asyncio.run(play())


def test_a_stale_save_changes_nothing_and_says_the_revision(store: Store) -> None:
    async def play() -> None:
        await store.create(record("a"))
        await store.save("a", 0, 1, LATER, {"head": b"first"})
        before = await everything(store, "a")
        for expected in (0, 2, -1):
            with pytest.raises(StaleRevision) as caught:
                await store.save("a", expected, 9, 1.0, {"head": b"late", "more": b""})
            assert caught.value.current == 1
        assert await everything(store, "a") == before

    asyncio.run(play())


def test_a_save_can_merely_move_the_expiry(store: Store) -> None:
    async def play() -> None:
        await store.create(record("a", expires_at=10.0))
        await store.save("a", 0, 0, 20.0, {})
        assert await store.expire(15.0, 10) == 0
        assert await store.load("a") == record("a", expires_at=20.0)

    asyncio.run(play())


def test_a_session_that_is_not_there_cannot_be_saved(store: Store) -> None:
    async def play() -> None:
        with pytest.raises(NotFound):
            await store.save("a", 0, 1, LATER, {"head": b""})
        assert await store.load("a") is None

    asyncio.run(play())


def test_what_was_loaded_or_given_does_not_change_later(store: Store) -> None:
    async def play() -> None:
        given = {"head": b"old"}
        await store.create(dataclasses.replace(record("a"), parts=given))
        given["head"] = b"changed by the caller"
        loaded = await store.load("a")
        assert loaded is not None
        await store.save("a", 0, 1, LATER, {"head": b"new"})
        assert loaded.parts == {"head": b"old"}
        with pytest.raises(TypeError):
            loaded.parts["head"] = b""  # type: ignore[index]

    asyncio.run(play())


def test_a_deleted_session_is_gone_with_all_its_names_and_parts(store: Store) -> None:
    async def play() -> None:
        await store.create(record("a", head=b"1", old=b"2"))
        await store.create(record("b"))
        assert await store.delete("a") is True
        assert await store.delete("a") is False
        assert await store.load("a") is None
        assert await store.resolve("follow-a") is None
        assert await store.count() == 1
        await store.create(record("a", head=b"3"))
        assert await store.load("a") == record("a", head=b"3")

    asyncio.run(play())


def test_expiry_takes_the_oldest_in_bounded_batches(store: Store) -> None:
    async def play() -> None:
        for number in range(7):
            await store.create(record(f"s{number}", expires_at=float(100 - number)))
        assert await store.expire(93.0, 10) == 0
        assert await store.expire(98.0, 0) == 0
        assert await store.expire(98.0, -1) == 0
        assert await store.expire(98.0, 2) == 2
        left = [n for n in range(7) if await store.load(f"s{n}") is not None]
        assert left == [0, 1, 2, 3, 4]
        assert await store.expire(98.0, 10) == 3
        assert await store.expire(98.0, 10) == 0
        assert await store.count() == 2

    asyncio.run(play())


def test_the_store_knows_no_clock(store: Store) -> None:
    async def play() -> None:
        await store.create(record("a", expires_at=0.0))
        assert await store.load("a") is not None
        await store.save("a", 0, 1, 0.0, {})

    asyncio.run(play())


def test_no_update_is_lost_among_32_writers(store: Store) -> None:
    async def play() -> None:
        await store.create(record("a"))
        accepted: set[str] = set()
        refused: list[tuple[int, int]] = []

        async def client(number: int) -> None:
            for command in range(40):
                seen = await store.revision("a")
                assert seen is not None
                name = f"{number}-{command}"
                try:
                    await store.save("a", seen, seen + 1, LATER, {name: name.encode()})
                except StaleRevision as stale:
                    refused.append((stale.current, seen))
                else:
                    accepted.add(name)

        await asyncio.gather(*[client(number) for number in range(32)])
        loaded = await store.load("a")
        assert loaded is not None
        assert loaded.revision == len(accepted)
        assert set(loaded.parts) == accepted | {"head"}
        assert len(accepted) + len(refused) == 32 * 40
        assert all(current > seen for current, seen in refused)

    asyncio.run(play())


def test_a_write_is_seen_by_the_next_read(store: Store) -> None:
    async def play() -> None:
        await store.create(record("a"))
        for revision in range(300):
            await store.save("a", revision, revision + 1, LATER, {"head": b"%d" % revision})
            loaded = await store.load("a")
            assert loaded is not None
            assert (loaded.revision, loaded.parts["head"]) == (revision + 1, b"%d" % revision)

    asyncio.run(play())


def test_names_may_be_any_text(store: Store) -> None:
    async def play() -> None:
        odd = record("a'; DROP TABLE sessions; --\0é💡")
        odd = dataclasses.replace(odd, parts={"checkpoint:000120": b"1"})
        await store.create(odd, key="κλειδί")
        assert await store.load(odd.id) == odd
        assert await store.load(odd.id[:-1]) is None

    asyncio.run(play())


def test_the_sentences_are_for_people(store: Store) -> None:
    async def play() -> None:
        with pytest.raises(NotFound, match="Start a new one"):
            await store.save("a", 0, 1, LATER, {})

    asyncio.run(play())


def test_a_closed_store_says_so(store: Store) -> None:
    async def play() -> None:
        await store.create(record("a"))
        await store.ready()
        await store.close()
        await store.close()
        for call in (
            store.ready(),
            store.created("once"),
            store.load("a"),
            store.revision("a"),
            store.resolve("a"),
            store.count(),
            store.create(record("b")),
            store.save("a", 0, 1, LATER, {}),
            store.delete("a"),
            store.expire(0.0, 1),
        ):
            with pytest.raises(StoreUnavailable, match="closed"):
                await call

    asyncio.run(play())
