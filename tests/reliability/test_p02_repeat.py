"""P2: a repeated command never steps twice, wherever the server was when it died."""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from app.errors import NotFound, StaleRevision, StoreFull
from app.sessions.begin import begin
from app.sessions.moves import step_once
from app.sessions.replay import Work
from app.sessions.service import DAY, Outcome, Request, Service
from app.sessions.session import Session
from app.sessions.spec import SessionSpec
from app.sessions.stores.memory import MemoryStore
from app.settings import Settings
from tests.figures import Figures
from tests.reliability.learner import SESSIONS, Command, Learner, Lost, Wire, bits, lasting
from tests.reliability.nursery import Nursery

Action = tuple[str, Any]

ACTIONS: tuple[Action, ...] = (
    ("step", {"by": "term", "count": 3}),
    ("forward", {"by": "layer"}),
    ("forward", {"by": "pass"}),
    ("backward", {"by": "neuron"}),
    ("backward", {"by": "pass"}),
    ("update", {"by": "pass"}),
    ("step", {"by": "iteration"}),
    ("train", {"iterations": 20}),
    ("step", {"by": "epoch"}),
    ("back", {"by": "layer"}),
    ("goto", {"iteration": 3, "event": 40}),
    ("", {"training": {"learning_rate": 0.25}}),
    ("", {"values": {"w[1][0][0]": 0.125}}),
    ("undo", {}),
    ("redo", {}),
    ("", {"focus": 0}),
    ("train", {"iterations": 5}),
)


@pytest.mark.parametrize("moment", ["before", "after"])
def test_what_died_around_the_commit_is_applied_once(
    nursery: Nursery, tmp_path: Path, figures: Figures, moment: str
) -> None:
    store = "--store", f"sqlite:{tmp_path}/sessions.db"
    began = time.monotonic()
    calm = nursery.start("--store", "memory:")
    server = nursery.start(*store)
    model, learner = Learner(calm.port, {}), Learner(server.port, {})
    repeated: list[tuple[Command, bytes]] = []
    server.kill()
    for action, body in ACTIONS:
        assert model.command(action, body).status == 200
        server = nursery.start(*store, alter="tests.reliability.lethal:arm", given=["save", moment])
        learner.move(server.port)
        # Answers are kept with the session, not in the server's memory; to repeat one saves nothing.
        assert all(learner.wire.command(one).body == answer for one, answer in repeated[-2:])
        command = learner.prepare(action, body)
        with pytest.raises(Lost):
            learner.send()
        assert server.wait(10) == -9
        server = nursery.start(*store)
        learner.move(server.port)
        assert learner.read()["revision"] == learner.revision + (moment == "after")
        first = learner.send()
        again = learner.wire.command(command)
        assert (first.status, again.status) == (200, 200), first.body
        assert (again.body, again.revision) == (first.body, first.revision)
        assert lasting(learner.read()) == lasting(learner.answer)
        assert learner.revision == model.revision
        assert bits(learner.answer) == bits(model.answer)
        repeated.append((command, first.body))
        server.kill()
    calm.kill()
    learner.wire.close()
    model.wire.close()
    figures(
        "P2",
        f"{len(ACTIONS)} commands, each killed {moment} its commit and repeated up to four times: "
        f"applied once each, same answer to the byte; {time.monotonic() - began:.0f} s",
    )


@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_start_that_was_cut_off_starts_one_session(
    nursery: Nursery, tmp_path: Path, figures: Figures, moment: str
) -> None:
    path = tmp_path / "sessions.db"
    store = "--store", f"sqlite:{path}"
    server = nursery.start(*store, alter="tests.reliability.lethal:arm", given=["create", moment])
    start = Command(SESSIONS, {"preset": "xor"})
    wire = Wire(server.port)
    with pytest.raises(Lost):
        wire.command(start)
    assert server.wait(10) == -9
    server = nursery.start(*store)
    wire = Wire(server.port)
    first = wire.command(start)
    assert first.status == 201
    step = wire.command(Command(f"{first.headers['location']}/step", {}, 1))
    assert step.status == 200
    again = wire.command(start)
    assert (again.status, again.body) == (201, first.body)
    assert again.headers["location"] == first.headers["location"]
    assert again.headers["etag"] == '"1"'
    wire.close()
    server.kill()
    with contextlib.closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT revision FROM sessions").fetchall() == [(2,)]
    figures("P2", f"a start killed {moment} its commit and repeated: one session, same answer")


def test_without_a_key_the_revision_alone_keeps_a_command_from_being_applied_twice(
    nursery: Nursery, tmp_path: Path
) -> None:
    store = "--store", f"sqlite:{tmp_path}/sessions.db"
    server = nursery.start(*store)
    made = Learner(server.port, {})
    made.wire.close()
    server.kill()
    server = nursery.start(*store, alter="tests.reliability.lethal:arm", given=["save", "after"])
    wire = Wire(server.port)
    with pytest.raises(Lost):
        wire.request("POST", f"{made.path}/step", {}, If_Match='"1"')
    server.wait(10)
    server = nursery.start(*store)
    wire = Wire(server.port)
    reply = wire.request("POST", f"{made.path}/step", {}, If_Match='"1"')
    assert (reply.status, reply.json()["current"]) == (412, 2)
    wire.close()
    server.kill()


def test_a_key_belongs_to_one_request(nursery: Nursery) -> None:
    server = nursery.start("--store", "memory:")
    learner = Learner(server.port, {})
    learner.command("step", {"by": "term"})
    used = Command(f"{learner.path}/step", {"by": "term"}, 2)
    assert learner.wire.command(used).status == 200
    for other in (
        Command(used.path, {"by": "layer"}, 2, key=used.key),
        Command(f"{learner.path}/back", {"by": "term"}, 2, key=used.key),
        Command(f"{used.path}?digits=9", {"by": "term"}, 2, key=used.key),
    ):
        assert learner.wire.command(other).status == 409
    assert learner.read()["revision"] == 3
    learner.wire.close()
    server.kill()


SETTINGS = Settings(store="memory:", max_sessions=2)
KEY = Request(key="a key that starts", fingerprint="start")


def start() -> Session:
    return begin(SessionSpec(), SETTINGS)


def step(session: Session) -> Work[Outcome]:
    yield from ()
    return Outcome(step_once(session, "term"))


def place(outcome: Outcome) -> bytes:
    session = outcome.session
    return f"{session.id} {session.revision} {session.position}".encode()


def test_a_start_repeated_when_all_places_are_taken_gets_its_answer() -> None:
    async def play() -> None:
        service = Service(MemoryStore(), SETTINGS)
        first = await service.create(start, KEY, place)
        await service.create(start, Request(), place)
        assert await service.create(start, KEY, place) == first
        for other in (Request(), Request(key="another key that starts")):
            with pytest.raises(StoreFull):
                await service.create(start, other, place)
        assert await service._store.count() == 2
        await service.close()

    asyncio.run(play())


def test_a_start_repeated_after_its_session_expired_starts_another() -> None:
    now = 0.0

    async def play() -> None:
        nonlocal now
        service = Service(MemoryStore(), SETTINGS, lambda: now)
        first = await service.create(start, KEY, place)
        now = SETTINGS.idle_days * DAY
        second = await service.create(start, KEY, place)
        assert second.id != first.id
        assert (await service.load(second.id)).revision == 1
        with pytest.raises(NotFound):
            await service.load(first.id)
        assert await service._store.count() == 1
        await service.close()

    asyncio.run(play())


class Doubtful(MemoryStore):
    """Keep what is saved, then say that someone else was faster: a retried commit may do so."""

    doubts = 0

    async def save(
        self, session_id: str, expected_revision: int, revision: int, expires_at: float,
        changed: Mapping[str, bytes | None],
    ) -> None:  # fmt: skip
        await super().save(session_id, expected_revision, revision, expires_at, changed)
        if self.doubts:
            self.doubts -= 1
            raise StaleRevision(revision)


@pytest.mark.parametrize("if_match", [None, 1])
def test_a_command_that_was_kept_though_it_seemed_stale_is_applied_once(
    if_match: int | None,
) -> None:
    async def play() -> None:
        store = Doubtful()
        service = Service(store, SETTINGS)
        made = await service.create(start, KEY, place)
        store.doubts = 1
        answer = await service.command(made.id, step, Request(if_match, "a step", "step"), place)
        assert answer.revision == 2
        assert (await service.load(made.id)).position.event == 1
        with pytest.raises(StaleRevision):
            await service.command(made.id, step, Request(1, "another step", "step"), place)
        await service.close()

    asyncio.run(play())


def test_a_command_cancelled_while_it_is_saved_leaves_the_old_state_or_the_new() -> None:
    class Slow(MemoryStore):
        async def save(self, *arguments: Any) -> None:
            await super().save(*arguments)
            await asyncio.sleep(10)

    async def play() -> None:
        service = Service(Slow(), SETTINGS)
        made = await service.create(start, KEY, place)
        demand = Request(1, "a step", "step")
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.05):
                await service.command(made.id, step, demand, place)
        assert (await service.load(made.id)).revision == 2
        answer = await service.command(made.id, step, demand, place)
        assert answer.revision == 2
        assert (await service.load(made.id)).position.event == 1
        await service.close()

    asyncio.run(play())


@pytest.mark.parametrize(
    "name", ["", "x" * 65, "x" * 5_000, "a b", "a/b", "a\0b", "a\ud800", "é" * 32, "%00", "../x"]
)
def test_what_cannot_be_an_id_never_reaches_the_store(name: str) -> None:
    async def play() -> None:
        store = MemoryStore()
        service = Service(store, SETTINGS)
        await store.close()  # any use of it fails
        with pytest.raises(NotFound):
            await service.load(name)
        with pytest.raises(NotFound):
            await service.command(name, step, Request(), place)
        with pytest.raises(NotFound):
            await service.delete(name, None)

    asyncio.run(play())


@pytest.mark.parametrize("name", ["x" * 65, "a%00b", "a%20b", "%ED%A0%80", "%FF", "a%2Fb"])
def test_what_cannot_be_an_id_is_not_found(nursery: Nursery, name: str, tmp_path: Path) -> None:
    server = nursery.start("--store", f"sqlite:{tmp_path}/sessions.db")
    wire = Wire(server.port)
    address = f"{SESSIONS}/{name}"
    for method, path, body in (
        ("GET", address, None), ("POST", f"{address}/step", {}), ("DELETE", address, None),
        ("PATCH", address, {}), ("GET", f"{address}/history", None),
    ):  # fmt: skip
        assert wire.request(method, path, body).status == 404
    wire.close()
    server.kill()
