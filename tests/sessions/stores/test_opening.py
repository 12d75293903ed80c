from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from app.errors import InvalidInput
from app.sessions.stores import open_store
from app.sessions.stores.memory import MemoryStore
from app.sessions.stores.sqlite import SqliteStore
from tests.sessions.stores.records import record


def test_memory_is_a_store_of_its_own() -> None:
    assert isinstance(open_store("memory:"), MemoryStore)


@pytest.mark.parametrize(
    "form", ["sqlite:{}/s.db", "SQLITE:{}/s.db", "sqlite://{}/s.db", "{}/s.db", "sqlite:///{}/s.db"]
)
def test_a_file_is_named_with_or_without_its_scheme(form: str, tmp_path: Path) -> None:
    store = open_store(form.format(tmp_path))
    assert isinstance(store, SqliteStore)
    asyncio.run(store.close())
    assert (tmp_path / "s.db").exists()


@pytest.mark.parametrize("path", ["s.db", "sqlite:s.db", "sqlite::memory:", "~/s.db", "c:s.db"])
def test_a_file_may_be_relative_and_is_always_a_file(
    path: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    asyncio.run(open_store(path).close())
    assert len(list(tmp_path.iterdir())) == 1


@pytest.mark.parametrize(
    "url", ["", "sqlite:", "sqlite:///", "memory:x", "redis://:secret@host/0", "http://x/s.db"]
)
def test_anything_else_is_refused_without_repeating_a_password(url: str) -> None:
    with pytest.raises(InvalidInput, match="names no store") as caught:
        open_store(url)
    assert "secret" not in caught.value.detail


def test_the_size_of_the_file_can_be_bounded(tmp_path: Path) -> None:
    async def play() -> None:
        store = open_store(f"{tmp_path}/s.db", max_bytes=200_000)
        with pytest.raises(Exception, match="no room"):
            await store.create(record("a", head=bytes(300_000)))
        await store.create(record("a", head=bytes(30_000)))
        await store.close()

    asyncio.run(play())
