"""From the setting to the store."""

from __future__ import annotations

import re
from pathlib import Path

from app.errors import InvalidInput
from app.sessions.stores.memory import MemoryStore
from app.sessions.stores.protocol import Store
from app.sessions.stores.sqlite import SqliteStore

# Two letters at least, so that C:\sessions.db stays a path.
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]+):(.*)", re.DOTALL)


def open_store(url: str, *, max_bytes: int | None = None) -> Store:
    """Open the store a setting names.

    Args:
        url: "memory:", "sqlite:/path/to/file" or a plain path.
        max_bytes: How large the file may grow; None for as large as the disk.

    Raises:
        InvalidInput: The text names no store.
        StoreError: The store cannot be opened.
    """
    match = _SCHEME.fullmatch(url)
    scheme, rest = (match[1].lower(), match[2]) if match else ("sqlite", url)
    if scheme == "memory" and not rest:
        return MemoryStore()
    if scheme == "sqlite" and rest.strip("/"):
        # sqlite:///path means /path, as in any other address.
        path = re.sub(r"^/+", "/", rest)
        return SqliteStore(Path(path).expanduser(), max_bytes=max_bytes)
    # Only the scheme is repeated: the rest of an address may hold a password.
    raise InvalidInput(
        f"“{scheme}:…” names no store. Write memory:, sqlite:/path/to/file or a path."
    )
