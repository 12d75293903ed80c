"""Every limit of the settings: what lies at its edge is accepted, one beyond is refused and changes nothing.

Each is looked at in a real server. Where the default takes long, the server is started with a small one
by the environment variable that docs/settings.md names, which shows that it is heeded, too.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from app.settings import PREFIX, Settings
from tests.conftest import ROOT
from tests.figures import Figures

# Each puts its own into the table when it is read.
from tests.reliability import limits_of_networks, limits_of_requests  # noqa: F401
from tests.reliability.edges import TABLE, Look, Place, Start
from tests.reliability.nursery import Nursery

# What a server is told to do, and bounds nothing.
CHOICES: Final = frozenset(
    ("host", "port", "store", "allowed_hosts", "embed_hosts", "trusted_proxies", "access_log")
)
# Limits that other tests look at, at the edge and beyond, in these files.
ELSEWHERE: Final = {
    "store_bytes": "tests/reliability/shut_disk.py",
    "shutdown_seconds": "tests/web/test_middleware.py",
    "cache_bytes": "tests/sessions/test_service.py",
}
SHOWN: Final = set[str]()

# The deadlines are by the clock.
pytestmark = pytest.mark.alone


@pytest.fixture
def start(nursery: Nursery, tmp_path: Path) -> Iterator[Start]:
    """Start servers, each with a store of its own."""
    places: list[Place] = []

    def begin(**limits: str) -> Place:
        folder = tmp_path / str(len(places))
        folder.mkdir()
        places.append(Place.start(nursery, folder, **limits))
        return places[-1]

    yield begin
    for place in places:
        place.wire.close()
        place.server.kill()
        assert "Traceback" not in place.server.log()


LOOKS: Final = list(dict.fromkeys(TABLE.values()))


@pytest.mark.parametrize("look", LOOKS, ids=lambda look: str(look.__name__))
def test_a_limit_at_its_edge_and_one_beyond(look: Look, start: Start) -> None:
    look(start)
    SHOWN.update(name for name, its in TABLE.items() if its is look)


def test_every_setting_that_is_a_limit_is_looked_at(figures: Figures) -> None:
    assert not TABLE.keys() & ELSEWHERE.keys()
    assert not CHOICES & (TABLE.keys() | ELSEWHERE.keys())
    assert TABLE.keys() | ELSEWHERE.keys() | CHOICES == Settings.model_fields.keys()
    for name, path in ELSEWHERE.items():
        text = (ROOT / path).read_text(encoding="utf-8")
        assert f"{name}=" in text or f"{PREFIX}{name.upper()}" in text, name
    figures(
        "limits",
        f"{len(SHOWN)} of {len(TABLE)} settings, each accepted at its edge and refused one beyond "
        f"by a real server, nothing changed; {len(ELSEWHERE)} more in tests of their own",
    )
