"""P20: what any released version kept opens and goes on; what a newer one kept is told plainly."""

from __future__ import annotations

import base64
import contextlib
import json
import math
import shutil
import sqlite3
import subprocess
import sys
import zlib
from pathlib import Path
from typing import Any, Final

import pytest

from app.sessions import codec
from app.sessions.document import VERSION
from app.sessions.stores.sqlite.schema import STEPS
from tests.conftest import ROOT
from tests.figures import Figures
from tests.reliability.fixtures.make import PATIENT, digest, journey
from tests.reliability.fixtures.make_files import journeys
from tests.reliability.learner import SESSIONS, Command, Learner, Wire
from tests.reliability.nursery import Nursery

FIXTURES: Final = Path(__file__).parent / "fixtures"
FORMATS: Final = sorted(FIXTURES.glob("session-format-*"))
VERSIONS: Final = sorted(FIXTURES.glob("document-version-*"))


def open_copy(nursery: Nursery, kept: Path, folder: Path) -> tuple[Path, int]:
    """Serve a copy of what an older version kept."""
    copy = folder / "copy.sqlite"
    shutil.copy(kept / "sessions.sqlite", copy)
    return copy, nursery.start("--store", f"sqlite:{copy}", env=PATIENT).port


def alike(found: Any, kept: Any) -> bool:
    """Compare; numbers may differ in their last bits, as another machine may add in another order."""
    if isinstance(kept, dict):
        # Later versions may say more.
        return all(name in found and alike(found[name], one) for name, one in kept.items())
    if isinstance(kept, list):
        pairs = zip(found, kept, strict=True)
        return len(found) == len(kept) and all(alike(one, other) for one, other in pairs)
    if isinstance(kept, float) and isinstance(found, float):
        return math.isclose(found, kept, rel_tol=1e-9, abs_tol=1e-12)
    return bool(found == kept)


def test_the_present_format_is_among_those_kept() -> None:
    assert f"session-format-{codec.FORMAT}" in [kept.name for kept in FORMATS]
    assert f"document-version-{VERSION}" in [kept.name for kept in VERSIONS]


@pytest.mark.parametrize("kept", FORMATS, ids=lambda path: path.name)
def test_what_was_kept_opens_and_goes_on(
    nursery: Nursery, tmp_path: Path, figures: Figures, kept: Path
) -> None:
    expected = json.loads((kept / "expected.json").read_text(encoding="utf-8"))
    _, port = open_copy(nursery, kept, tmp_path)
    wire, places = Wire(port), 0
    for one in expected:
        # The last command before the update, repeated after it, gets the answer of then.
        answer = wire.command(Command(**one["last"]))
        assert answer.status == 200, answer.body
        assert digest(answer.body) == one["answer"]
        for found, wanted in zip(
            journey(Learner.at(port, one["path"])), one["journey"], strict=True
        ):
            assert alike(found, wanted), one["title"]
            places += 1
    for server in nursery.running():
        server.kill()
    figures(
        "P20",
        f"{kept.name}: {len(expected)} sessions open, repeat their last answer to the byte and go on, "
        f"{places} places looked at",
    )


def test_a_newer_session_is_a_clear_problem_and_the_others_open(
    nursery: Nursery, tmp_path: Path, figures: Figures
) -> None:
    path, port = open_copy(nursery, FORMATS[-1], tmp_path)
    expected = json.loads((FORMATS[-1] / "expected.json").read_text(encoding="utf-8"))
    newer, other = expected[0], expected[1]
    with contextlib.closing(sqlite3.connect(path)) as connection:
        name = newer["path"].rpartition("/")[2]
        where = "WHERE session_id = ? AND name = 'head'"
        (blob,) = connection.execute(f"SELECT value FROM parts {where}", (name,)).fetchone()
        head, _ = codec.unpack(blob)
        packed = codec.pack({**head, "format": codec.FORMAT + 1, "more": "than we know"}, {})
        connection.execute(f"UPDATE parts SET value = ? {where}", (packed, name))
        connection.commit()
    wire = Wire(port)
    for method, address, body in (("GET", "", None), ("POST", "/step", {}), ("PATCH", "", {})):
        reply = wire.request(method, newer["path"] + address, body)
        assert reply.status == 503
        assert reply.headers["content-type"] == "application/problem+json"
        assert "newer version of Glassbox" in reply.json()["detail"]
    assert wire.request("GET", other["path"]).status == 200
    assert wire.request("POST", SESSIONS, {}).status == 201
    for server in nursery.running():
        assert "Traceback" not in server.log()
        server.kill()
    figures("P20", "a newer session: a problem that says so, and all others open")


@pytest.mark.parametrize("kept", VERSIONS, ids=lambda path: path.name)
def test_files_and_links_open_and_go_on(nursery: Nursery, figures: Figures, kept: Path) -> None:
    expected = json.loads((kept / "expected.json").read_text(encoding="utf-8"))
    server, places = nursery.start("--store", "memory:", env=PATIENT), 0
    for one in expected:
        found = journeys(server.port, kept / one["file"], one["link"])
        for name, wanted in one.items():
            assert name not in found or alike(found[name], wanted), (one["title"], name)
        places += len(found["journey"]) + ("moment" in found)
    server.kill()
    figures(
        "P20",
        f"{kept.name}: {len(expected)} files, {sum(one['link'] is not None for one in expected)} links "
        f"open and go on, {places} places looked at",
    )


def test_a_newer_file_is_a_clear_problem(nursery: Nursery) -> None:
    server = nursery.start("--store", "memory:")
    learner = Learner(server.port, {})
    document = learner.wire.request("GET", f"{learner.path}/export/json").json()
    newer = document | {"version": VERSION + 1, "branches": {"of": "another shape"}}
    reply = learner.wire.request("POST", f"{SESSIONS}/import", newer)
    assert reply.status == 422
    assert "A newer version of Glassbox wrote this file" in reply.json()["detail"]
    assert reply.json()["errors"][0]["pointer"] == "/version"
    server.kill()


def test_a_newer_link_is_a_clear_problem(nursery: Nursery) -> None:
    server = nursery.start("--store", "memory:")
    learner = Learner(server.port, {})
    token = learner.wire.request("GET", f"{learner.path}/link").json()["moment"]
    packed = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
    document = json.loads(zlib.decompress(packed)) | {"version": VERSION + 1}
    newer = zlib.compress(json.dumps(document).encode())
    moment = base64.urlsafe_b64encode(newer).rstrip(b"=").decode()
    for method, path, body in (
        ("POST", SESSIONS, {"moment": moment}),
        ("GET", f"/api/v1/moments/{moment}", None),
    ):
        reply = learner.wire.request(method, path, body)
        assert reply.status == 422
        assert "newer version of Glassbox" in reply.json()["detail"]
    server.kill()


def test_a_newer_store_keeps_the_server_from_starting_and_says_why(
    tmp_path: Path, figures: Figures
) -> None:
    path = tmp_path / "copy.sqlite"
    shutil.copy(FORMATS[-1] / "sessions.sqlite", path)
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE meta SET value = ? WHERE name = 'schema'", (len(STEPS) + 1,))
        connection.commit()
        before = list(connection.iterdump())
    said = subprocess.run(
        [sys.executable, "-W", "error", "-m", "app", "--port", "0", "--store", f"sqlite:{path}"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert said.returncode == 2
    assert said.stdout == ""
    assert "A newer Glassbox wrote this store" in said.stderr
    assert "Traceback" not in said.stderr
    assert len(said.stderr.splitlines()) == 1
    with contextlib.closing(sqlite3.connect(path)) as connection:
        assert list(connection.iterdump()) == before
    figures("P20", "a newer store: the server does not start, and says why in one sentence")
