"""One shape for everything that goes wrong: application/problem+json (RFC 9457)."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any, Final

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.routing import iter_route_contexts
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Match

from app.errors import Busy, Fault, GlassboxError, InvalidInput, StaleRevision, TooLarge
from app.web.faults import faults

MEDIA_TYPE: Final = "application/problem+json"
MOST_FAULTS: Final = 20
RETRY_AFTER_SECONDS: Final = 1

_DETAILS: Final[Mapping[int, str]] = {
    400: "The request cannot be understood.",
    404: "There is nothing at this address.",
    405: "This address cannot be used in this way.",
    415: "The body is not of a kind this address reads.",
}


def problem_bytes(
    status: int,
    detail: str,
    *,
    title: str | None = None,
    kind: str = "about:blank",
    errors: Sequence[Fault] = (),
    members: Mapping[str, Any] | None = None,
) -> bytes:
    """Write a problem as JSON.

    Args:
        status: The status of the answer.
        detail: What went wrong this time, for a person.
        title: What kind of thing went wrong; the status's own name when left out.
        kind: The address that names the kind of problem.
        errors: Places in the request that are wrong; at most 20 are told.
        members: Further members, such as the current revision.
    """
    body: dict[str, Any] = {
        "type": kind,
        "title": title or _phrase(status),
        "status": status,
        "detail": detail,
    }
    if errors:
        body["errors"] = [
            {"pointer": fault.pointer, "detail": fault.detail} for fault in errors[:MOST_FAULTS]
        ]
    text = json.dumps(body | dict(members or {}), ensure_ascii=False, allow_nan=False)
    # A lone surrogate, quoted from a request, cannot be written as UTF-8: it becomes "?".
    return text.encode("utf-8", "replace")


def problem_response(
    status: int,
    detail: str,
    *,
    title: str | None = None,
    kind: str = "about:blank",
    errors: Sequence[Fault] = (),
    members: Mapping[str, Any] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """Build the answer for a problem; see `problem_bytes`."""
    content = problem_bytes(status, detail, title=title, kind=kind, errors=errors, members=members)
    extra = dict(headers or {})
    if status == 503:
        extra.setdefault("Retry-After", str(RETRY_AFTER_SECONDS))
    return Response(content, status, headers=extra, media_type=MEDIA_TYPE)


def error_response(error: GlassboxError) -> Response:
    """Build the answer for an error that Glassbox raised on purpose."""
    members: dict[str, Any] = {}
    headers: dict[str, str] = {}
    if isinstance(error, StaleRevision):
        members["current"] = error.current
        headers["ETag"] = f'"{error.current}"'
    if isinstance(error, Busy):
        headers["Retry-After"] = str(error.retry_after)
    return problem_response(
        error.status,
        error.detail,
        title=error.title,
        kind=_kind(error),
        errors=error.faults if isinstance(error, InvalidInput) else (),
        members=members,
        headers=headers,
    )


def failure_response(request_id: str) -> Response:
    """Build the answer for a fault of Glassbox's own; the log has the rest under this id."""
    return problem_response(
        500,
        f"This is a fault of Glassbox, not yours. The server's log tells more under {request_id}.",
        members={"request_id": request_id},
    )


def invalid(found: Sequence[Fault], count: int | None = None) -> InvalidInput:
    """Gather the faults of one request into one error."""
    count = len(found) if count is None else count
    if count == 1 and found:
        where = f"{found[0].pointer}: " if found[0].pointer else ""
        return InvalidInput(f"{where}{found[0].detail}", found)
    more = f" The first {len(found)} are listed." if count > len(found) else ""
    return InvalidInput(f"{count:,} places in the request cannot be used.{more}", found)


def body_too_large(most: int) -> TooLarge:
    """Say how large a body may be."""
    size = f"{most:,} bytes"
    for unit, name in ((2**20, "MiB"), (2**10, "KiB")):
        if most % unit == 0:
            size = f"{most // unit:,} {name}"
            break
    return TooLarge(f"The body is larger than {size}, the most this address takes.")


def add_problem_handlers(app: FastAPI) -> None:
    """Answer every error of the app's routes in the one shape."""
    app.add_exception_handler(GlassboxError, _on_error)
    app.add_exception_handler(RequestValidationError, _on_invalid_request)
    app.add_exception_handler(HTTPException, _on_http_exception)


async def _on_error(_: Request, error: Exception) -> Response:
    assert isinstance(error, GlassboxError)
    return error_response(error)


async def _on_invalid_request(_: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    listed = error.errors()
    return error_response(invalid(faults(listed, None, MOST_FAULTS), len(listed)))


async def _on_http_exception(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    status = error.status_code
    if status in (204, 304):
        return Response(status_code=status, headers=error.headers)
    headers = dict(error.headers or {})
    own = isinstance(error.detail, str) and error.detail != _phrase(status)
    detail = error.detail if own else _DETAILS.get(status, f"{_phrase(status)}.")
    if status == 405:
        allowed = headers["Allow"] = allowed_methods(request) or headers.get("Allow", "")
        detail = f"This address does not take {request.method}. It takes {allowed}."
    return problem_response(status, detail, headers=headers)


def allowed_methods(request: Request) -> str:
    """List the methods of every route at the request's address; each route knows only its own."""
    allowed: set[str] = set()
    for route in iter_route_contexts(request.app.routes):
        match, _ = route.matches(request.scope)
        if match is not Match.NONE:
            allowed |= set(route.methods or ())
    return ", ".join(sorted(allowed | ({"HEAD"} if "GET" in allowed else set())))


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Error"


def _kind(error: GlassboxError) -> str:
    words = re.sub(r"(?<!^)(?=[A-Z])", "-", type(error).__name__).lower()
    return f"urn:glassbox:problem:{words}"
