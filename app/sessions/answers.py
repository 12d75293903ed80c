"""The last answers of a session, so that a repeated command gets the first answer and is applied once."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from app.errors import Conflict
from app.sessions.codec import pack, unpack

MOST_ANSWERS = 16
MOST_BYTES = 2**20
START = 1
"""The revision that a session starts with."""
PREFIX = "answer:"


@dataclass(frozen=True)
class Answer:
    """Hold an answer: the key it was given under, the request's fingerprint, the revision, the body."""

    key: str
    fingerprint: str
    revision: int
    body: bytes

    @property
    def name(self) -> str:
        """Name its part; names sort by revision."""
        digest = hashlib.sha256(self.key.encode()).hexdigest()[:32]
        return f"{PREFIX}{self.revision:012d}:{digest}"

    def encode(self) -> bytes:
        """Write it."""
        header = {"key": self.key, "fingerprint": self.fingerprint, "revision": self.revision}
        return pack(header, {"body": np.frombuffer(self.body, dtype=np.uint8)})

    @classmethod
    def decode(cls, blob: bytes) -> Answer:
        """Read it."""
        header, arrays = unpack(blob)
        body = arrays["body"].tobytes()
        return cls(header["key"], header["fingerprint"], header["revision"], body)


@dataclass(frozen=True)
class Answers:
    """Hold the last answers, oldest first; of a start's, in the end, only which request it was for."""

    kept: tuple[Answer, ...] = ()

    @classmethod
    def of(cls, parts: Mapping[str, bytes]) -> Answers:
        """Read the answers among a session's parts."""
        names = sorted(name for name in parts if name.startswith(PREFIX))
        return cls(tuple(Answer.decode(parts[name]) for name in names))

    @property
    def size(self) -> int:
        """The bytes of all bodies."""
        return sum(len(one.body) for one in self.kept)

    def find(self, key: str, fingerprint: str) -> Answer | None:
        """Return the answer given under a key, or None; without a body where that is not kept any more.

        Raises:
            Conflict: the key was used for another request.
        """
        found = next((one for one in self.kept if one.key == key), None)
        if found is not None and found.fingerprint != fingerprint:
            raise Conflict("This Idempotency-Key was used for another request. Use a new one.")
        return found

    def with_answer(self, answer: Answer) -> tuple[Answers, dict[str, bytes | None]]:
        """Add an answer and drop the oldest beyond the limits; return the parts that changed too."""
        if not answer.key:
            return self, {}
        start = tuple(one for one in self.kept if not one.body)
        kept = [*self.kept[len(start) :], answer]
        parts: dict[str, bytes | None] = {answer.name: answer.encode()}
        while len(kept) > 1 and (
            len(kept) > MOST_ANSWERS or sum(len(one.body) for one in kept) > MOST_BYTES
        ):
            oldest = kept.pop(0)
            parts[oldest.name] = None
            if oldest.revision == START:
                # Its key still leads here, and nobody else's request under it may get the session.
                start = (replace(oldest, body=b""),)
                parts[oldest.name] = start[0].encode()
        return Answers((*start, *kept)), parts
