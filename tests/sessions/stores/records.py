"""Small sessions for the stores' tests, and a way to see all of a store."""

from __future__ import annotations

from collections.abc import Iterable

from app.sessions.stores import Record, Store

LATER = 2_000_000_000.0


def record(name: str, *, expires_at: float = LATER, **parts: bytes) -> Record:
    return Record(
        id=name,
        follow_id=f"follow-{name}",
        revision=0,
        expires_at=expires_at,
        created_at=1_700_000_000.125,
        parts=parts or {"head": b"head of " + name.encode()},
    )


async def everything(store: Store, names: Iterable[str]) -> dict[str, object]:
    """Return all that can be seen of these sessions, in a form that compares."""
    seen: dict[str, object] = {"count": await store.count()}
    for name in names:
        loaded = await store.load(name)
        seen[name] = loaded and (loaded, dict(loaded.parts))
        seen[f"follow-{name}"] = await store.resolve(f"follow-{name}")
        seen[f"revision of {name}"] = await store.revision(name)
    return seen
