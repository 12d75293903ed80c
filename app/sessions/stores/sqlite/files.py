"""The store's file in the file system: private, durable, and still where it was."""

from __future__ import annotations

import os
from pathlib import Path

from app.errors import StoreUnavailable


def make_private(path: Path) -> None:
    """Create the file 0600 and its missing directories 0700, unless they are there.

    An existing file is never opened here: closing it again would drop the locks which other
    connections of this process hold on it.
    """
    missing = [parent for parent in path.parents if not parent.exists()]
    for parent in reversed(missing):
        parent.mkdir(mode=0o700, exist_ok=True)
        _sync_directory(parent.parent)
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    except FileExistsError:
        return
    _sync_directory(path.parent)


class Presence:
    """Remember which file was opened, and notice when it is gone.

    SQLite goes on writing to a file that was deleted or replaced under it, and every such write
    would be acknowledged and lost.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._opened = path.stat()

    def check(self) -> None:
        """Raise StoreUnavailable unless the file opened is still at its path."""
        try:
            same = os.path.samestat(self._path.stat(), self._opened)
        except OSError:
            same = False
        if not same:
            raise StoreUnavailable(
                "The file with the saved sessions was moved or deleted while the server ran."
                " Put it back, or restart the server."
            )


def _sync_directory(path: Path) -> None:
    """Make new names in a directory survive a power cut."""
    if not hasattr(os, "O_DIRECTORY"):  # pragma: no cover
        return  # Windows opens no directories and needs no such sync.
    handle = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
