"""What can go wrong, as exceptions.

GlassboxError
├── Problem       the server answered that it cannot do this, and why
└── Unreachable   no answer came, however often it was asked
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import httpx


class GlassboxError(Exception):
    """Be the base of everything the client raises."""


@dataclass(frozen=True)
class Fault:
    """Point at a place in what was sent, and say what is wrong with it."""

    pointer: str
    detail: str


class Problem(GlassboxError):
    """The server cannot do this (RFC 9457).

    Args:
        status: of the answer: 404, 409, 412, 422, …
        title: what kind of problem it is.
        detail: what is the matter here, in a sentence.
        errors: the places in the request that are at fault.
        members: the whole problem as it was sent.
    """

    def __init__(
        self,
        status: int,
        title: str,
        detail: str,
        errors: tuple[Fault, ...] = (),
        members: dict[str, Any] | None = None,
    ) -> None:
        self.status = status
        self.title = title
        self.detail = detail
        self.errors = errors
        self.members = members or {}
        super().__init__(f"{status} {title}: {detail}")


class Unreachable(GlassboxError):
    """No answer came from the server."""


def problem_of(response: httpx.Response) -> Problem:
    """Read a problem from an answer; whatever stands between may answer in a shape of its own."""
    try:
        members = response.json()
    except ValueError:
        members = None
    if not isinstance(members, dict):
        return Problem(response.status_code, response.reason_phrase, response.text[:200])
    errors = members.get("errors", [])
    return Problem(
        response.status_code,
        str(members.get("title", response.reason_phrase)),
        str(members.get("detail", "")),
        tuple(Fault(one["pointer"], one["detail"]) for one in errors),
        members,
    )
