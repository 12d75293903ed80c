"""P9: whichever operation of the store fails, the old state or the new one is there, and a repetition does the rest."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from app.main import create_app
from app.sessions.service import DAY, Service
from app.sessions.stores.memory import MemoryStore
from app.sessions.stores.protocol import Store
from app.sessions.stores.sqlite import SqliteStore
from app.settings import Settings
from tests.figures import Figures
from tests.reliability.failing_store import WAYS, FailingStore, Fault, ScriptedStore
from tests.reliability.learner import SESSIONS, lasting
from tests.reliability.test_p09_sqlite import whole
from tests.sessions.stores.sqlite.faults import Script

HANG_SECONDS = 0.05
SETTINGS = Settings(store="memory:", access_log=False, max_sessions=3)
BRISK = SETTINGS.model_copy(update={"request_seconds": HANG_SECONDS})
Answer = tuple[int, dict[str, Any]]
Look = dict[str, Answer]
Record = list[tuple[Look, Answer, Look]]
# What differs from run to run.
NAMES = ("id", "follow_id")


@dataclass(frozen=True)
class Step:
    """Hold one request of the script; {a} and {b} stand for sessions, {watch} for a's read-only name."""

    method: str
    path: str
    body: Any = None
    starts: str = ""
    sent_again: bool = False
    days: float = 0.0


SCRIPT = (
    Step("POST", SESSIONS, {"preset": "xor"}, starts="a"),
    Step("GET", "{a}"),
    Step("POST", "{a}/step", {"by": "term", "count": 3}),
    Step("POST", "{a}/forward", {"by": "pass"}),
    Step("POST", "{a}/forward", {"by": "pass"}),  # does not fit: 409
    Step("POST", "{a}/backward", {"by": "pass"}),
    Step("POST", "{a}/update", {}),
    Step("POST", "{a}/train", {"iterations": 30}),
    Step("POST", "{a}/train", {"iterations": 30}, sent_again=True),
    Step("POST", "{a}/back", {"by": "layer"}),
    Step("POST", "{a}/goto", {"iteration": 2, "event": 7}),
    Step("PATCH", "{a}", {"training": {"learning_rate": 0.125}}),
    Step("PATCH", "{a}", {"values": {"w[1][0][0]": 0.5}}),
    Step("POST", "{a}/undo", {}),
    Step("POST", "{a}/redo", {}),
    Step("GET", "{watch}"),
    Step("POST", "{watch}/step", {}),  # may only watch: 403
    Step("POST", SESSIONS, {"preset": "worked-example"}, starts="b"),
    Step("POST", SESSIONS, {"preset": "worked-example"}, starts="b", sent_again=True),
    Step("POST", "{b}/train", {"iterations": 3}),
    Step("GET", "/readyz"),
    Step("DELETE", "{b}"),
    Step("GET", "{b}"),  # gone: 404
    Step("POST", SESSIONS, {"preset": "xor"}, starts="c"),
    Step("POST", SESSIONS, {"preset": "xor"}, starts="d"),
    Step("POST", SESSIONS, {"preset": "xor"}, starts="d", sent_again=True),
    Step("POST", SESSIONS, {"preset": "xor"}, starts="e"),  # three are as many as there may be: 507
    Step("POST", "{a}/step", {"by": "pass"}, days=6.0),
    # By now two of the three have expired.
    Step("POST", SESSIONS, {"preset": "xor"}, starts="e", days=6.0),
    Step("POST", "{a}/step", {"by": "iteration"}),
    Step("GET", "{c}"),  # gone: 404
)


@dataclass
class Play:
    """Play the script to an app over some store.

    Args:
        app: The app; its service is this play's own.
        store: Where sessions are kept.
        settings: The limits.
    """

    app: FastAPI
    store: Any
    settings: Settings
    places: dict[str, str] = field(default_factory=dict)
    revisions: dict[str, int] = field(default_factory=dict)
    now: float = 0.0
    request: dict[str, Any] = field(default_factory=dict)

    @asynccontextmanager
    async def opened(self) -> AsyncIterator[httpx.AsyncClient]:
        """Serve, and give a client."""
        service = Service(self.store, self.settings, lambda: self.now)
        self.app.state.settings, self.app.state.service = self.settings, service
        self.app.state.ready = service.ready
        transport = httpx.ASGITransport(self.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
            yield client
        service.compute.close()

    def prepare(self, number: int) -> None:
        """Make the request of a step; one that is sent again is the same to the last letter."""
        step = SCRIPT[number]
        self.now += step.days * DAY
        if step.sent_again:
            return
        headers = {}
        name = step.path[:3]
        if step.method != "GET":
            headers["Idempotency-Key"] = f"the key of step {number}"
            if name in self.revisions:
                headers["If-Match"] = f'"{self.revisions[name]}"'
        url = step.path.format(**self.places)
        self.request = {"method": step.method, "url": url, "json": step.body, "headers": headers}

    async def send(self, client: httpx.AsyncClient, number: int) -> Answer:
        """Send the request that was prepared."""
        step = SCRIPT[number]
        reply = await client.request(**self.request)
        said = reply.json() if reply.content else {}
        if reply.status_code == 201:
            self.places[step.starts] = reply.headers["location"]
            self.revisions[f"{{{step.starts}}}"] = 1
            if step.starts == "a":
                self.places["watch"] = f"{SESSIONS}/{said['follow_id']}"
        elif reply.status_code == 200 and "revision" in said:
            self.revisions[step.path[:3]] = said["revision"]
        return reply.status_code, plain(said)

    async def look(self, client: httpx.AsyncClient) -> Look:
        """See every session, as the service at work and one that has just started show it."""
        self.store.paused = True
        seen = [await self._look(client)]
        service = self.app.state.service
        async with self.opened() as fresh:
            seen.append(await self._look(fresh))
        self.app.state.service, self.app.state.ready = service, service.ready
        self.store.paused = False
        assert seen[0] == seen[1]
        return seen[0]

    async def _look(self, client: httpx.AsyncClient) -> Look:
        seen: Look = {}
        for name, address in self.places.items():
            if name != "watch":
                reply = await client.get(address)
                seen[name] = reply.status_code, plain(reply.json())
        return {**seen, "living": (await living(self.store.store, self.now), {})}


async def living(store: Store, now: float) -> int:
    """Count the sessions that have not expired."""
    if isinstance(store, MemoryStore):
        return sum(record.expires_at > now for record in store._records.values())
    assert isinstance(store, SqliteStore)
    sql = "SELECT count(*) FROM sessions WHERE expires_at > ?"
    return int(await store._read(lambda c: c.execute(sql, (now,)).fetchone()[0]))


def among(found: Look, state: Look) -> bool:
    """Say whether everything found is as in a state; a session whose name is unknown cannot be found."""
    return all(state[name] == seen for name, seen in found.items())


def plain(said: dict[str, Any]) -> dict[str, Any]:
    """Leave out what differs from run to run."""
    return {name: value for name, value in lasting(said).items() if name not in NAMES}


async def recorded(play: Play) -> Record:
    """Play the script without a fault; record each answer, and what there was before and after."""
    record: Record = []
    async with play.opened() as client:
        before = await play.look(client)
        for number, step in enumerate(SCRIPT):
            play.prepare(number)
            if step.days:
                before = await play.look(client)  # time alone ends sessions
            answer = await play.send(client, number)
            after = await play.look(client)
            record.append((before, answer, after))
            before = after
    return record


async def faulty(play: Play, record: Record, further: int) -> Counter[str]:
    """Play the script with a fault in it, and so many requests after it; return how it showed."""
    shown, store = Counter[str](), play.store
    async with play.opened() as client:
        for number, (before, wanted, after) in enumerate(record):
            was_reached = store.reached
            play.prepare(number)
            answer = await play.send(client, number)
            if store.reached and not was_reached:
                if answer != wanted:
                    assert answer[0] in (500, 503, 507), answer
                    found = await play.look(client)
                    old, new = among(found, before), among(found, after)
                    assert old or new, SCRIPT[number]
                    shown["new" if new and not old else "old"] += 1
                    answer = await play.send(client, number)
                else:
                    shown["unseen"] += 1
                record = record[: number + 1 + further]
            # A session that is gone already cannot be told from one that never was.
            gone = SCRIPT[number].method == "DELETE" and answer[0] == 404
            assert answer == wanted or gone, (SCRIPT[number], answer)
            if number == len(record) - 1:
                assert await play.look(client) == after
                break
    assert store.reached, f"never reached: {store.fault}"
    return shown


@pytest.fixture(scope="module")
def app() -> FastAPI:
    return create_app(SETTINGS)


@pytest.fixture
def quiet() -> Iterator[None]:
    """Keep the log from telling of faults that were asked for."""
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


BEFORE_AND_AFTER = (Fault(0, "unavailable"), Fault(0, "unavailable", after=True))
EVERY_WAY = tuple(Fault(0, way, after) for way in WAYS for after in (False, True))


@pytest.mark.usefixtures("quiet")
@pytest.mark.parametrize(
    ("ways", "further"),
    [(BEFORE_AND_AFTER, 1), pytest.param(EVERY_WAY, len(SCRIPT), marks=pytest.mark.long)],
)
def test_every_call_of_the_store_may_fail(
    app: FastAPI, figures: Figures, ways: tuple[Fault, ...], further: int
) -> None:
    began, shown = time.monotonic(), Counter[str]()
    healthy = FailingStore(MemoryStore())
    record = asyncio.run(recorded(Play(app, healthy, SETTINGS)))
    for call in range(1, len(healthy.calls) + 1):
        for way in ways:
            store = FailingStore(MemoryStore(), replace(way, call=call))
            shown += asyncio.run(faulty(Play(app, store, SETTINGS), record, further))
    figures("P9", told("calls of the store", len(healthy.calls), len(ways), shown, began))


@pytest.mark.usefixtures("quiet")
@pytest.mark.parametrize("after", [False, True])
def test_a_call_that_never_comes_back_is_given_up(
    app: FastAPI, figures: Figures, after: bool
) -> None:
    began, shown = time.monotonic(), Counter[str]()
    healthy = FailingStore(MemoryStore())
    record = asyncio.run(recorded(Play(app, healthy, SETTINGS)))
    brisk = create_app(BRISK)
    calls = [n for n, name in enumerate(healthy.calls, 1) if name in ("create", "save", "delete")]
    for call in calls:
        store = FailingStore(MemoryStore(), Fault(call, "hangs", after))
        shown += asyncio.run(faulty(Play(brisk, store, BRISK), record, 1))
    figures("P9", told("writing calls, left hanging,", len(calls), 1, shown, began))


@pytest.mark.usefixtures("quiet")
@pytest.mark.parametrize(
    ("stride", "further"), [(37, 2), pytest.param(1, len(SCRIPT), marks=pytest.mark.long)]
)
def test_every_statement_of_sqlite_may_fail(
    app: FastAPI, tmp_path: Path, figures: Figures, stride: int, further: int
) -> None:
    began, shown = time.monotonic(), Counter[str]()

    async def on_sqlite(name: str, script: Script, record: Record | None) -> Record:
        nonlocal shown
        script.paused = True
        store = SqliteStore(tmp_path / name, factory=script.connection())
        script.paused = False
        play = Play(app, ScriptedStore(store, script), SETTINGS)
        if record is None:
            record = await recorded(play)
        else:
            shown += await faulty(play, record, further)
        await store.close()
        return record

    healthy = Script()
    record = asyncio.run(on_sqlite("healthy.db", healthy, None))
    commits = [n for n, sql in enumerate(healthy.executed, 1) if sql == "COMMIT"]
    tried = sorted({*range(1, len(healthy.executed) + 1, stride), *commits[:: min(stride, 5)]})
    for number in tried:
        for after in (False, True):
            script = Script(number, after, sqlite3.SQLITE_IOERR_WRITE)
            asyncio.run(on_sqlite(f"{number}-{after}.db", script, record))
            assert whole(tmp_path / f"{number}-{after}.db")
    assert shown["old"] > shown["new"] > 0
    what = f"of {len(healthy.executed)} statements of SQLite"
    figures("P9", told(what, len(tried), 2, shown, began))


def told(what: str, count: int, ways: int, shown: Counter[str], began: float) -> str:
    assert shown.total() == count * ways
    return (
        f"{count} {what} made by {len(SCRIPT)} requests, each failed in {ways} ways: "
        f"{shown.total()} faults reached; the old state was there {shown['old']} times, the new "
        f"{shown['new']} times, a torn one never, {shown['unseen']} did no harm; every repetition got "
        f"its answer; {time.monotonic() - began:.0f} s"
    )
