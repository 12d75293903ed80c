from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Coroutine, Mapping
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import pytest

from app.errors import (
    Conflict,
    InvalidInput,
    NotFound,
    ReadOnly,
    StaleRevision,
    StoreError,
    StoreFull,
    StoreUnavailable,
    TooSlow,
)
from app.sessions import edits, moves
from app.sessions import service as service_module
from app.sessions.replay import Work
from app.sessions.service import DAY, Created, Outcome, Request, Service, heavy
from app.sessions.session import Session
from app.sessions.stores import Store, open_store
from app.sessions.stores.memory import MemoryStore
from app.settings import Settings
from tests.sessions.cases import SETTINGS, at, changed, moment, past, small, started, trained

Result = TypeVar("Result")
BODY = small(optimizer={"name": "adam"})


class Clock:
    def __init__(self) -> None:
        self.now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


class Faulty(MemoryStore):
    """Keep sessions, and fail when told: before a change, or after it was kept."""

    def __init__(self) -> None:
        super().__init__()
        self.fails = ""
        self.saves = 0

    async def save(
        self,
        session_id: str,
        expected_revision: int,
        revision: int,
        expires_at: float,
        changed: Mapping[str, bytes | None],
    ) -> None:
        self.saves += 1
        if self.fails == "before":
            raise StoreUnavailable("The store is away.")
        await super().save(session_id, expected_revision, revision, expires_at, changed)
        if self.fails == "after":
            raise StoreUnavailable("The answer of the store was lost.")


class Desk:
    """Play a client that talks to a service."""

    def __init__(
        self, store: Store | None = None, settings: Settings = SETTINGS, clock: Clock | None = None
    ) -> None:
        self.clock = clock or Clock()
        self.store = store or Faulty()
        self.service = Service(self.store, settings, self.clock)

    async def start(self, body: dict[str, Any] | None = None, **request: Any) -> str:
        return (await self.create(body, **request)).id

    async def create(self, body: dict[str, Any] | None = None, **request: Any) -> Created:
        begin = partial(started, BODY if body is None else body)
        return await self.service.create(begin, Request(**request), render)

    async def step(self, name: str, by: str = "term", **request: Any) -> int:
        move = partial(moves.step_once, by=by)
        return (await self.service.command(name, once(move), Request(**request), render)).revision

    async def body(self, name: str, **request: Any) -> bytes:
        move = partial(moves.step_once, by="term")
        return (await self.service.command(name, once(move), Request(**request), render)).body

    async def apply(self, name: str, move: Callable[[Session], Session], **request: Any) -> None:
        await self.service.command(name, once(move), Request(**request), render)


def render(outcome: Outcome) -> bytes:
    session = outcome.session
    return f"{session.id} {session.revision} {at(session)}".encode()


def once(move: Callable[[Session], Session]) -> Callable[[Session], Work[Outcome]]:
    def command(session: Session) -> Work[Outcome]:
        yield
        return Outcome(move(session))

    return command


def play(coroutine: Coroutine[Any, Any, Result]) -> Result:
    return asyncio.run(asyncio.wait_for(coroutine, 30))


@pytest.fixture
def desk() -> Desk:
    return Desk()


def test_a_session_is_started_kept_and_found_again(desk: Desk) -> None:
    async def story() -> None:
        created = await desk.create()
        session = await desk.service.load(created.id)
        assert session.id == created.id
        assert session.revision == created.answer.revision == 1
        assert len(session.id) == len(session.follow_id) == 32
        assert session.id != session.follow_id
        assert session.created_at == desk.clock.now
        assert session.expires_at == desk.clock.now + 7 * DAY
        assert created.answer.body == render(Outcome(session))
        assert await desk.start() != created.id

    play(story())


def test_a_command_raises_the_revision_and_renews_the_expiry(desk: Desk) -> None:
    async def story() -> None:
        name = await desk.start()
        desk.clock.now += DAY
        assert [await desk.step(name) for _ in range(3)] == [2, 3, 4]
        session = await desk.service.load(name)
        assert at(session) == (0, 3)
        assert session.expires_at == desk.clock.now + 7 * DAY
        record = await desk.store.load(name)
        assert record is not None
        assert (record.revision, record.expires_at) == (4, session.expires_at)

    play(story())


def test_a_command_keeps_what_was_computed_of_the_iteration(desk: Desk) -> None:
    async def story() -> None:
        name = await desk.start()
        await desk.step(name)
        tape = (await desk.service.load(name)).tape
        await desk.step(name)
        assert (await desk.service.load(name)).tape is tape

    play(story())


def test_a_command_that_does_not_fit_changes_nothing(desk: Desk) -> None:
    async def story() -> None:
        name = await desk.start()
        before = await desk.service.load(name)
        backward = partial(moves.run_command, command="backward", by="pass")
        with pytest.raises(Conflict):
            await desk.apply(name, backward, key="k")
        with pytest.raises(InvalidInput):
            await desk.apply(name, partial(changed, network={"seed": 2**53}))
        assert await desk.service.load(name) is before
        assert await desk.step(name, key="k", fingerprint="other") == 2

    play(story())


@pytest.mark.parametrize("if_match", [0, 2, 10**15])
def test_a_stale_revision_is_refused_with_the_present_one(desk: Desk, if_match: int) -> None:
    async def story() -> None:
        name = await desk.start()
        with pytest.raises(StaleRevision) as caught:
            await desk.step(name, if_match=if_match)
        assert caught.value.current == 1
        with pytest.raises(StaleRevision):
            await desk.service.delete(name, if_match)
        assert await desk.step(name, if_match=1) == 2

    play(story())


def test_a_repeated_key_gets_the_first_answer_and_is_applied_once(desk: Desk) -> None:
    async def story() -> None:
        name = await desk.start()
        first = await desk.body(name, key="a", fingerprint="x")
        await desk.step(name)
        assert await desk.body(name, key="a", fingerprint="x") == first
        assert await desk.body(name, key="a", fingerprint="x", if_match=1) == first
        assert at(await desk.service.load(name)) == (0, 2)
        with pytest.raises(Conflict, match="another request"):
            await desk.body(name, key="a", fingerprint="y")
        other = await desk.start()
        assert await desk.step(other, key="a", fingerprint="y") == 2

    play(story())


def test_a_repeated_start_gets_the_first_answer_and_starts_once(desk: Desk) -> None:
    async def story() -> None:
        first = await desk.create(key="a", fingerprint="x")
        await desk.step(first.id)
        assert await desk.create(key="a", fingerprint="x") == first
        assert await desk.store.count() == 1
        with pytest.raises(Conflict, match="another request"):
            await desk.create(key="a", fingerprint="y")
        assert (await desk.create(key="b", fingerprint="x")).id != first.id
        assert await desk.store.count() == 2

    play(story())


def test_starts_at_the_same_time_under_one_key_start_once(desk: Desk) -> None:
    async def story() -> None:
        made = await asyncio.gather(*(desk.create(key="a", fingerprint="x") for _ in range(20)))
        assert len({one.id for one in made}) == 1
        assert len({one.answer.body for one in made}) == 1
        assert await desk.store.count() == 1

    play(story())


def test_a_start_repeated_after_many_answers_leads_to_the_same_session(desk: Desk) -> None:
    async def story() -> None:
        first = await desk.create(key="a", fingerprint="x")
        for number in range(40):
            await desk.step(first.id, key=str(number))
        again = await desk.create(key="a", fingerprint="x")
        assert again.id == first.id
        assert again.answer.revision == 41
        # Whoever asks for something else never gets it, however long ago that was.
        with pytest.raises(Conflict, match="another request"):
            await desk.create(key="a", fingerprint="y")

    play(story())


def test_a_start_repeated_after_its_session_expired_starts_anew(desk: Desk) -> None:
    async def story() -> None:
        first = await desk.create(key="a", fingerprint="x")
        desk.clock.now += 8 * DAY
        again = await desk.create(key="a", fingerprint="x")
        assert again.id != first.id
        assert await desk.store.count() == 1
        with pytest.raises(NotFound):
            await desk.service.load(first.id)

    play(story())


def test_keys_live_as_long_as_the_last_answers(desk: Desk) -> None:
    async def story() -> None:
        name = await desk.start()
        for number in range(20):
            await desk.step(name, key=str(number))
        assert await desk.step(name, key="19") == 21
        assert await desk.step(name, key="4") == 6
        assert await desk.step(name, key="0") == 22

    play(story())


def test_who_follows_reads_and_changes_nothing(desk: Desk) -> None:
    async def story() -> None:
        name = await desk.start()
        await desk.step(name)
        follow = (await desk.service.load(name)).follow_id
        assert (await desk.service.load(follow)).id == name
        with pytest.raises(ReadOnly):
            await desk.step(follow)
        with pytest.raises(ReadOnly):
            await desk.service.delete(follow, None)
        assert (await desk.service.load(follow)).revision == 2

    play(story())


@pytest.mark.parametrize("name", ["nothing", "", "a b", "ä", "x" * 65, "../x", "\0"])
def test_an_unknown_session_is_not_found(desk: Desk, name: str) -> None:
    async def story() -> None:
        with pytest.raises(NotFound):
            await desk.service.load(name)
        with pytest.raises(NotFound):
            await desk.step(name)
        with pytest.raises(NotFound):
            await desk.service.delete(name, None)

    play(story())


def test_a_deleted_session_is_gone_and_its_key_free(desk: Desk) -> None:
    async def story() -> None:
        name = await desk.start(key="a")
        follow = (await desk.service.load(name)).follow_id
        await desk.service.delete(name, 1)
        for gone in (name, follow):
            with pytest.raises(NotFound):
                await desk.service.load(gone)
        assert await desk.start(key="a") != name

    play(story())


def test_a_session_nobody_touches_expires(desk: Desk) -> None:
    async def story() -> None:
        name = await desk.start()
        follow = (await desk.service.load(name)).follow_id
        desk.clock.now += 7 * DAY - 1
        await desk.step(name)
        desk.clock.now += 7 * DAY - 1
        assert (await desk.service.load(follow)).revision == 2
        desk.clock.now += 1
        for gone in (name, follow):
            with pytest.raises(NotFound):
                await desk.service.load(gone)
        for gone in (name, follow):
            with pytest.raises(NotFound):
                await desk.step(gone)
            with pytest.raises(NotFound):
                await desk.service.delete(gone, None)
        assert await desk.service.sweep() == 1
        assert await desk.store.count() == 0

    play(story())


def test_no_session_outlives_its_lifetime(desk: Desk) -> None:
    async def story() -> None:
        name = await desk.start()
        born = desk.clock.now
        for _ in range(9):
            desk.clock.now += 3 * DAY
            await desk.step(name)
        assert (await desk.service.load(name)).expires_at == born + 30 * DAY
        desk.clock.now = born + 30 * DAY
        with pytest.raises(NotFound):
            await desk.step(name)

    play(story())


def test_expired_sessions_are_swept_a_few_at_a_time(desk: Desk) -> None:
    async def story() -> None:
        for _ in range(7):
            await desk.start()
        desk.clock.now += 8 * DAY
        fresh = await desk.start()
        assert [await desk.service.sweep(3) for _ in range(4)] == [3, 3, 1, 0]
        assert (await desk.service.load(fresh)).id == fresh

    play(story())


def test_there_are_at_most_so_many_sessions() -> None:
    desk = Desk(settings=Settings(store="memory:", max_sessions=2))

    async def story() -> None:
        name = await desk.start(key="a", fingerprint="x")
        await desk.start()
        for key in (None, "b", ""):
            with pytest.raises(StoreFull):
                await desk.start(key=key)
        assert await desk.start(key="a", fingerprint="x") == name
        assert await desk.store.count() == 2
        assert await desk.step(name) == 2
        desk.clock.now += 8 * DAY
        await desk.start()
        assert await desk.store.count() == 1

    play(story())


def test_a_failing_save_leaves_the_old_state() -> None:
    store = Faulty()
    desk = Desk(store)

    async def story() -> None:
        name = await desk.start()
        await desk.step(name, "pass")
        before = await desk.service.load(name)
        store.fails = "before"
        with pytest.raises(StoreUnavailable):
            await desk.step(name, key="a")
        found = await desk.service.load(name)
        assert (moment(found), past(found), found.revision) == (moment(before), past(before), 2)
        store.fails = ""
        assert await desk.step(name, key="a") == 3

    play(story())


def test_a_save_that_was_kept_though_it_failed_is_found_by_its_key() -> None:
    store = Faulty()
    desk = Desk(store)

    async def story() -> None:
        name = await desk.start()
        store.fails = "after"
        with pytest.raises(StoreUnavailable):
            await desk.step(name, key="a")
        store.fails = ""
        assert await desk.step(name, key="a") == 2
        assert at(await desk.service.load(name)) == (0, 1)

    play(story())


def test_a_caller_who_gives_up_changes_all_or_nothing(desk: Desk) -> None:
    async def story() -> None:
        name = await desk.start()
        begun = asyncio.Event()

        def endless(session: Session) -> Work[Outcome]:
            while True:
                begun.set()
                yield

        task = asyncio.create_task(desk.service.command(name, endless, Request(), render))
        await begun.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert await desk.step(name) == 2

    play(story())


def test_work_past_its_deadline_changes_nothing() -> None:
    desk = Desk(settings=Settings(store="memory:", request_seconds=0.01))

    async def story() -> None:
        name = await desk.start()

        def endless(session: Session) -> Work[Outcome]:
            while True:
                yield

        with pytest.raises(TooSlow):
            await desk.service.command(name, endless, Request(), render)
        assert await desk.step(name) == 2

    play(story())


def test_sessions_beyond_the_cache_are_read_from_the_store() -> None:
    desk = Desk(settings=Settings(store="memory:", cache_bytes=1))

    async def story() -> None:
        names = [await desk.start() for _ in range(5)]
        for _ in range(3):
            for name in names:
                await desk.step(name, "layer")
        sessions = [await desk.service.load(name) for name in names]
        assert {moment(session) for session in sessions} == {moment(sessions[0])}
        assert {session.revision for session in sessions} == {4}

    play(story())


def test_a_session_that_changed_behind_the_cache_is_read_anew(desk: Desk) -> None:
    async def story() -> None:
        name = await desk.start()
        other = Desk(desk.store, clock=desk.clock)
        await other.step(name)
        assert (await desk.service.load(name)).revision == 2
        assert await desk.step(name) == 3
        with pytest.raises(StaleRevision) as caught:
            await other.step(name, if_match=2)
        assert caught.value.current == 3
        await other.service.delete(name, None)
        with pytest.raises(NotFound):
            await desk.step(name)

    play(story())


def test_thirty_two_tasks_on_one_session_lose_nothing(desk: Desk) -> None:
    async def story() -> None:
        name = await desk.start()
        revisions = await asyncio.gather(*(desk.step(name) for _ in range(32)))
        assert sorted(revisions) == list(range(2, 34))
        assert at(await desk.service.load(name)) == (0, 32)

    play(story())


def test_thirty_two_tasks_with_if_match_lose_nothing(desk: Desk) -> None:
    async def story() -> None:
        name = await desk.start()

        async def client() -> int:
            done, revision = 0, 1
            while done < 5:
                try:
                    revision = await desk.step(name, if_match=revision)
                    done += 1
                except StaleRevision as stale:
                    revision = stale.current
            return done

        assert sum(await asyncio.gather(*(client() for _ in range(32)))) == 160
        assert (await desk.service.load(name)).revision == 161

    play(story())


def test_different_sessions_do_not_wait_for_one_another(desk: Desk) -> None:
    async def story() -> None:
        slow, quick = await desk.start(), await desk.start()
        go_on = asyncio.Event()

        def waiting(session: Session) -> Work[Outcome]:
            while not go_on.is_set():
                yield
            return Outcome(session)

        task = asyncio.create_task(desk.service.command(slow, waiting, Request(), render))
        await asyncio.sleep(0)
        assert await desk.step(quick) == 2
        queued = asyncio.create_task(desk.step(slow))
        await asyncio.sleep(0.01)
        assert not queued.done()
        go_on.set()
        assert (await task).revision == 2
        assert await queued == 3

    play(story())


def test_a_session_is_not_deleted_under_a_running_command(desk: Desk) -> None:
    async def story() -> None:
        name = await desk.start()
        go_on = asyncio.Event()

        def waiting(session: Session) -> Work[Outcome]:
            while not go_on.is_set():
                yield
            return Outcome(session)

        command = asyncio.create_task(desk.service.command(name, waiting, Request(), render))
        await asyncio.sleep(0)
        end = asyncio.create_task(desk.service.delete(name, None))
        await asyncio.sleep(0.01)
        assert not end.done()
        go_on.set()
        assert (await command).revision == 2
        await end
        with pytest.raises(NotFound):
            await desk.step(name)
        assert await desk.store.count() == 0

    play(story())


def test_a_session_swept_under_a_running_command_does_not_come_back(desk: Desk) -> None:
    async def story() -> None:
        name = await desk.start()

        def swept(session: Session) -> Work[Outcome]:
            asyncio.get_running_loop().create_task(desk.store.delete(name))
            for _ in range(5):
                yield
            return Outcome(session)

        with pytest.raises(NotFound):
            await desk.service.command(name, swept, Request(), render)
        assert await desk.store.count() == 0
        with pytest.raises(NotFound):
            await desk.service.load(name)

    play(story())


@pytest.mark.parametrize("large", [False, True])
def test_work_goes_to_a_thread_when_it_is_large_or_heavy(desk: Desk, large: bool) -> None:
    async def story() -> None:
        seen: list[str] = []
        name = await desk.start()

        def look(session: Session) -> Session:
            seen.append(threading.current_thread().name)
            return session

        await desk.apply(name, look, large=large)
        assert seen[0].startswith("write") == large

        def begin() -> Session:
            return look(started(BODY))

        await desk.service.create(begin, Request(large=large), render)
        assert seen[1].startswith("write") == large

    play(story())


def test_a_heavy_sessions_commands_and_answers_are_made_on_a_thread(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [[0.5] * 100] * 200
    session = started(
        {
            "data": {"inputs": rows, "targets": [[0.0]] * 200},
            "network": {"layers": [{"size": 90}, {"size": 1}]},
            "training": {"batch_size": None},
        }
    )
    assert heavy(session)
    assert not heavy(started(BODY))

    async def story() -> None:
        seen: list[str] = []

        def watched(outcome: Outcome) -> bytes:
            seen.append(threading.current_thread().name)
            return render(outcome)

        created = await desk.service.create(lambda: session, Request(), watched)

        def step(here: Session) -> Work[Outcome]:
            seen.append(threading.current_thread().name)
            yield
            return Outcome(moves.step_once(here, "term"))

        await desk.service.command(created.id, step, Request(), watched)
        assert [name.partition("_")[0] for name in seen] == ["write", "compute", "write"]

    play(story())


def sqlite(folder: Path) -> Store:
    return open_store(f"sqlite:{folder}/s.db")


def test_after_a_restart_everything_is_as_it_was(tmp_path: Path) -> None:
    clock = Clock()

    def train(session: Session) -> Session:
        return trained(session, iterations=30).session

    async def story() -> None:
        desk = Desk(sqlite(tmp_path), clock=clock)
        name = await desk.start(key="begin", fingerprint="x")
        await desk.apply(name, train)
        await desk.apply(name, partial(changed, training={"batch_size": 1}))
        await desk.apply(name, partial(changed, values={"a[0][0][0]": 0.5}))
        await desk.apply(name, train)
        await desk.apply(name, edits.undo)
        first = await desk.body(name, key="a", fingerprint="x")
        before = await desk.service.load(name)
        await desk.service.close()

        again = Desk(sqlite(tmp_path), clock=clock)
        after = await again.service.load(name)
        assert (moment(after), past(after)) == (moment(before), past(before))
        for word in ("id", "follow_id", "revision", "created_at", "expires_at", "focus"):
            assert getattr(after, word) == getattr(before, word)
        assert await again.body(name, key="a", fingerprint="x") == first
        assert await again.start(key="begin", fingerprint="x") == name
        await again.apply(name, edits.redo)
        await again.apply(name, edits.undo)
        await again.apply(name, edits.undo)
        assert (await again.service.load(name)).undo == ()
        await again.service.close()

    play(story())


def test_two_services_on_one_file_lose_nothing(tmp_path: Path) -> None:
    async def story() -> None:
        clock = Clock()
        desks = [Desk(sqlite(tmp_path), clock=clock) for _ in range(2)]
        name = await desks[0].start()

        async def client(desk: Desk, number: int) -> int:
            done = 0
            while done < 3:
                try:
                    await desk.step(name, key=f"{number} {done}")
                    done += 1
                except Conflict:
                    await asyncio.sleep(0.001 * number)
            return done

        tasks = [client(desks[number % 2], number) for number in range(32)]
        assert sum(await asyncio.gather(*tasks)) == 96
        for desk in desks:
            session = await desk.service.load(name)
            assert session.revision == 97
            assert (
                session.position.iteration * session.setup.events.count + (session.position.event)
                == 96
            )
        for desk in desks:
            await desk.service.close()

    play(story())


def test_after_losing_five_times_a_command_says_so(desk: Desk) -> None:
    async def story() -> None:
        name = await desk.start()
        other = Desk(desk.store, clock=desk.clock)
        rounds = 0

        def overtaken(session: Session) -> Work[Outcome]:
            nonlocal rounds
            rounds += 1
            task = asyncio.get_running_loop().create_task(other.step(name))
            while not task.done():
                yield
            return Outcome(session)

        with pytest.raises(Conflict, match="faster than this request"):
            await desk.service.command(name, overtaken, Request(), render)
        assert rounds == 5
        assert (await desk.service.load(name)).revision == 6

    play(story())


def test_a_damaged_session_is_told(desk: Desk) -> None:
    async def story() -> None:
        name = await desk.start()
        await desk.store.save(name, 1, 2, desk.clock.now + DAY, {"head": b"damaged"})
        with pytest.raises(StoreError, match="damaged"):
            await desk.service.load(name)
        with pytest.raises(StoreError, match="damaged"):
            await desk.step(name)

    play(story())


def test_readiness_is_the_stores(desk: Desk) -> None:
    async def story() -> None:
        await desk.service.ready()
        await desk.service.close()
        with pytest.raises(StoreUnavailable):
            await desk.service.ready()

    play(story())


def test_a_learners_own_large_data_are_written_and_read_on_a_thread(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[str] = []
    for name in ("changed_parts", "session_of"):
        monkeypatch.setattr(
            f"app.sessions.service.{name}", watched(getattr(service_module, name), seen)
        )
    large = {"inputs": [[0.5] * 40] * 1_000, "targets": [[0.0]] * 1_000}

    async def story() -> None:
        small = await desk.start()
        await desk.apply(small, partial(changed, values={"w[1][0][0]": 0.25}))
        await desk.apply(small, partial(changed, data=large), large=True)
        await desk.apply(small, partial(changed, values={"w[1][0][0]": 0.5}))
        desk.service._cache.drop(small)
        await desk.apply(small, partial(moves.step_once, by="term"))
        assert seen == [
            "MainThread",
            "MainThread",
            "write_0",
            "MainThread",
            "write_0",
            "MainThread",
        ]

    play(story())


def watched(function: Callable[..., Any], seen: list[str]) -> Callable[..., Any]:
    def inner(*arguments: Any) -> Any:
        seen.append(threading.current_thread().name)
        return function(*arguments)

    return inner
