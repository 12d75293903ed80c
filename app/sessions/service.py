"""The service: applies commands to sessions, one at a time each, and keeps what it answered for."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import re
import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TypeAlias
from weakref import WeakValueDictionary

from app.errors import Conflict, NotFound, ReadOnly, StaleRevision, StoreFull
from app.sessions.answers import START, Answer, Answers
from app.sessions.bounds import size_of
from app.sessions.cache import Cache, Kept
from app.sessions.compute import HEAVY_SECONDS, Compute
from app.sessions.learning import Trained
from app.sessions.parts import changed_parts, session_of
from app.sessions.replay import Work, iteration_seconds
from app.sessions.session import Session
from app.sessions.stores.protocol import Record, Store
from app.settings import Settings

DAY = 86_400.0
TRIES = 5
NUMBER_SECONDS = 2e-6
"""What it takes to write a number of an answer, roughly."""
MOST_WRITTEN = 4_000
"""Of a batch with more activations, one observation is written."""
LARGE_BLOB = 2**19
"""To write, check or copy more bytes takes longer than others should wait for the loop."""
_NAME = re.compile(r"[A-Za-z0-9_-]{1,64}")


@dataclass(frozen=True, eq=False)
class Outcome:
    """Hold what a command gave: the session, what changed and what could not be kept, how far training came."""

    session: Session
    notices: tuple[str, ...] = ()
    trained: Trained | None = None


Command: TypeAlias = Callable[[Session], Work[Outcome]]
Render: TypeAlias = Callable[[Outcome], bytes]


@dataclass(frozen=True)
class Request:
    """Hold what a caller demands of a command besides the command itself.

    Args:
        if_match: the revision it must be applied to, or None for any.
        key: the idempotency key, or None.
        fingerprint: of the request, to tell a repetition from another request under the same key.
        large: whether it may take long whatever the session is now: it brings much, or leads to another network.
    """

    if_match: int | None = None
    key: str | None = None
    fingerprint: str = ""
    large: bool = False


class _Overtaken(Exception):
    """The stored session is not at the revision it was read at any more."""


@dataclass(frozen=True)
class Created:
    """Hold the id of a session that was started, and the answer to its start."""

    id: str
    answer: Answer


class Service:
    """Start, read, change and end sessions.

    Args:
        store: where they are kept.
        settings: the limits.
        clock: seconds since the epoch.
    """

    def __init__(
        self, store: Store, settings: Settings, clock: Callable[[], float] = time.time
    ) -> None:
        self.settings = settings
        self.compute = Compute(settings)
        self._store, self._clock = store, clock
        self._cache = Cache(settings.cache_bytes)
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def create(
        self, start: Callable[[], Session], request: Request, render: Render
    ) -> Created:
        """Start a session; a repeated key gets the first answer.

        Raises:
            StoreFull: there are as many sessions as there may be.
            Conflict: the key was used for another request.
        """
        key = hashlib.sha256(request.key.encode()).hexdigest() if request.key else None
        await self._make_room(key)
        session = self._first(await self.compute.write(start, heavy=request.large))
        answer = await self._answer(Outcome(session), request, render)
        answers, parts = Answers().with_answer(answer)
        parts.update(await self._changed(None, session))
        while (kept_id := await self._store.create(_record(session, parts), key)) != session.id:
            kept = await self._find(kept_id)
            if kept is not None:
                found = kept.answers.find(request.key or "", request.fingerprint)
                if found is None or not found.body:
                    # Many answers later the first is not kept any more: the present one stands in.
                    found = await self._answer(Outcome(kept.session), request, render)
                return Created(kept_id, found)
            # It has expired, and was not swept away yet.
            await self._store.delete(kept_id)
        self._cache.put(Kept(session, answers))
        return Created(session.id, answer)

    async def _make_room(self, key: str | None) -> None:
        most = self.settings.max_sessions
        if await self._store.count() < most:
            return
        await self.sweep()
        full = await self._store.count() >= most
        # What the key has started already needs no room.
        if full and (key is None or await self._store.created(key) is None):
            raise StoreFull(f"No more sessions fit here: the most is {most:,}. Try again later.")

    def _first(self, fresh: Session) -> Session:
        now = self._clock()
        return fresh.within(
            id=secrets.token_urlsafe(24),
            follow_id=secrets.token_urlsafe(24),
            revision=START,
            created_at=now,
            expires_at=now + min(self.settings.idle_days, self.settings.lifetime_days) * DAY,
        )

    async def _answer(self, outcome: Outcome, request: Request, render: Render) -> Answer:
        session = outcome.session
        body = await self.compute.write(lambda: render(outcome), heavy=heavy(session))
        return Answer(request.key or "", request.fingerprint, session.revision, body)

    async def _changed(self, old: Session | None, new: Session) -> dict[str, bytes | None]:
        """Write the parts that changed; a learner's own data, where there are many, on a thread."""
        same = old is not None and old.setup.dataset is new.setup.dataset
        large = not same and size_of(new.setup.dataset) > LARGE_BLOB
        return await self.compute.write(lambda: changed_parts(old, new), heavy=large)

    async def load(self, name: str) -> Session:
        """Return a session by its id, or by the id that lets one follow it.

        Raises:
            NotFound: there is none, or not any more.
        """
        _check(name)
        kept = await self._find(name)
        if kept is None:
            followed = await self._store.resolve(name)
            kept = None if followed is None else await self._find(followed)
        if kept is None:
            raise _gone()
        return kept.session

    async def command(
        self, name: str, command: Command, request: Request, render: Render
    ) -> Answer:
        """Apply a command and keep its answer; a repeated key gets the first answer.

        Raises:
            NotFound, ReadOnly: the session cannot be changed by this name.
            StaleRevision: `if_match` is not the present revision.
            Conflict, InvalidInput: the command does not fit; nothing was changed.
        """
        _check(name)
        async with self._lock(name):
            for _ in range(TRIES):
                # Another process was faster, or this very command was kept though it seemed to
                # fail. Reading again tells: its answer is there, or `if_match` does not fit.
                with contextlib.suppress(_Overtaken):
                    return await self._apply(name, command, request, render)
            raise Conflict("Others change this session faster than this request could. Try again.")

    async def _apply(self, name: str, command: Command, request: Request, render: Render) -> Answer:
        kept = await self._find(name)
        if kept is None:
            # Raises what is right for a name of no session, or of one that has expired.
            await self.load(name)
            raise ReadOnly("This link lets you watch. Start a session of your own to step.")
        session = kept.session
        if request.key is not None:
            repeated = kept.answers.find(request.key, request.fingerprint)
            if repeated is not None:
                return repeated
        if request.if_match is not None and request.if_match != session.revision:
            raise StaleRevision(session.revision)
        long = request.large or heavy(session) or _was_heavy(session)
        outcome = await self.compute.drive(command(session), heavy=long, words=request.large)
        moved = self._renewed(outcome.session)
        answer = await self._answer(replace(outcome, session=moved), request, render)
        answers, answer_parts = kept.answers.with_answer(answer)
        changed = {**await self._changed(session, moved), **answer_parts}
        try:
            await self._store.save(
                name, session.revision, moved.revision, moved.expires_at, changed
            )
        except BaseException as error:
            # Whether it was written is not known here; the store will tell.
            self._cache.drop(name)
            if isinstance(error, StaleRevision):
                raise _Overtaken from error
            raise
        self._cache.put(Kept(moved, answers))
        return answer

    async def delete(self, name: str, if_match: int | None) -> None:
        """End a session.

        Raises:
            NotFound, ReadOnly, StaleRevision: as for a command.
        """
        async with self._lock(name):
            session = await self.load(name)
            if session.id != name:
                raise ReadOnly("This link lets you watch, not end the session.")
            if if_match is not None and if_match != session.revision:
                raise StaleRevision(session.revision)
            self._cache.drop(name)
            await self._store.delete(name)

    async def sweep(self, most: int = 100) -> int:
        """Remove expired sessions, at most so many at a time."""
        return await self._store.expire(self._clock(), most)

    async def ready(self) -> None:
        """Return when sessions can be served."""
        await self._store.ready()

    async def close(self) -> None:
        """Let go of threads and store."""
        self.compute.close()
        await self._store.close()

    def _lock(self, name: str) -> asyncio.Lock:
        return self._locks.setdefault(name, asyncio.Lock())

    def _renewed(self, session: Session) -> Session:
        most = session.created_at + self.settings.lifetime_days * DAY
        expires = min(self._clock() + self.settings.idle_days * DAY, most)
        return session.within(revision=session.revision + 1, expires_at=expires)

    async def _find(self, name: str) -> Kept | None:
        kept = self._cache.get(name)
        if kept is None or await self._store.revision(name) != kept.session.revision:
            self._cache.drop(name)
            record = await self._store.load(name)
            if record is None:
                return None
            large = sum(map(len, record.parts.values())) > LARGE_BLOB
            session = await self.compute.write(lambda: session_of(record), heavy=large)
            kept = Kept(session, Answers.of(record.parts))
            self._cache.put(kept)
        return None if kept.session.expires_at <= self._clock() else kept


def heavy(session: Session) -> bool:
    """Tell whether one iteration, or writing down what it gave, would hold the event loop for long."""
    network = session.setup.network
    written = network.parameter_count + min(len(session.rows) * sum(network.sizes), MOST_WRITTEN)
    return iteration_seconds(session.setup) + NUMBER_SECONDS * written > HEAVY_SECONDS


def _was_heavy(session: Session) -> bool:
    """Tell whether a step back may lead to where it was."""
    return any(iteration_seconds(branch.setup) > HEAVY_SECONDS for branch in session.trunk)


def _record(session: Session, changed: Mapping[str, bytes | None]) -> Record:
    parts = {name: blob for name, blob in changed.items() if blob is not None}
    names = session.id, session.follow_id
    return Record(*names, session.revision, session.expires_at, session.created_at, parts)


def _check(name: str) -> None:
    """Let no text reach the store that cannot be an id."""
    if not _NAME.fullmatch(name):
        raise _gone()


def _gone() -> NotFound:
    return NotFound("There is no such session, or not any more. Start a new one.")
