from __future__ import annotations

import stat
from pathlib import Path

import pytest

from app.errors import StoreUnavailable
from app.sessions.stores.sqlite.files import Presence, make_private


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_new_files_and_directories_are_private(tmp_path: Path) -> None:
    path = tmp_path / "a" / "b" / "s.db"
    make_private(path)
    assert [mode(p) for p in (path, path.parent, path.parent.parent)] == [0o600, 0o700, 0o700]


def test_what_is_there_stays_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "s.db"
    path.write_bytes(b"kept")
    path.chmod(0o640)
    tmp_path.chmod(0o750)
    make_private(path)
    assert path.read_bytes() == b"kept"
    assert (mode(path), mode(tmp_path)) == (0o640, 0o750)


def test_a_file_is_known_by_more_than_its_path(tmp_path: Path) -> None:
    path = tmp_path / "s.db"
    path.touch()
    presence = Presence(path)
    presence.check()
    path.write_bytes(b"changed in place")
    presence.check()
    path.rename(tmp_path / "away")
    with pytest.raises(StoreUnavailable):
        presence.check()
    path.touch()
    with pytest.raises(StoreUnavailable):
        presence.check()
