"""How a route reads a JSON body: strictly, and with a place for every fault.

A route says

    async def start(body: Annotated[NewSession, JsonBody(NewSession)]) -> ...

and gets a valid NewSession. FastAPI's own reading takes NaN, 1e400, "3" for 3 and the last of two
equal keys; here they are refused. app/web/openapi.py finds the readers and describes the bodies.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable
from io import BytesIO
from typing import Any, Final, Generic, TypeVar

from fastapi import Depends, Request
from pydantic import ValidationError
from pydantic_core import from_json
from starlette.exceptions import HTTPException

from app.errors import Fault, InvalidInput
from app.sessions.strict_model import StrictModel
from app.web.faults import faults, pointer
from app.web.problems import MOST_FAULTS, body_too_large, invalid

MEDIA_TYPE: Final = "application/json"
LARGE_BODY: Final = 16 * 1024
"""A body of more bytes is read, and what it asks for begun, where it holds up nobody."""

# A member "csv" with its text; in a string the quotation marks would be escaped.
_FILE: Final = re.compile(rb'"csv"\s*+:\s*+"(?:[^"\\]++|\\.)*+"', re.DOTALL)
_TEXT: Final = re.compile(rb'"(?:[^"\\]++|\\.)*+"', re.DOTALL)
_LONG_TEXT: Final = 64
_MOST_KEYS: Final = 1_000
_LARGE: Final = 64 * 1024
_UNREADABLE: Final = {
    "recursion limit": "It is nested too deeply.",
    "number out of range": "A number in it has too many digits.",
    "hex escape": "It has a \\u escape that stands for half a character.",
}


Model = TypeVar("Model", bound=StrictModel)


class JsonReader(Generic[Model]):
    """Read a request's body as one model; use it through `JsonBody`.

    Args:
        model: What the body must be.
        glance: Looks at what was parsed before every part of it is, and may refuse it.
    """

    def __init__(self, model: type[Model], glance: Callable[[Any], None] = lambda _: None) -> None:
        self.model = model
        self.glance = glance

    async def __call__(self, request: Request) -> Model:
        """Read the body; an absent one is an empty object."""
        raw = await request.body()
        if raw:
            require_json(request)
        state = request.app.state
        read: Model = await state.service.compute.write(
            lambda: self._read(raw, state.settings.json_bytes), heavy=len(raw) > LARGE_BODY
        )
        return read

    def _read(self, raw: bytes, most: int) -> Model:
        require_small(raw, most)
        return self.parse(raw or b"{}")

    async def file(self, request: Request) -> bytes:
        """Return the body of a request that brings a file; who `parse`s it chooses where that holds up nobody."""
        require_json(request)
        return await request.body()

    def parse(self, raw: bytes) -> Model:
        """Validate a body.

        Raises:
            InvalidInput: It is not JSON, or not such a model; the faults point at the places.
        """
        try:
            document = from_json(raw)
        except ValueError as error:
            raise _unreadable(str(error)) from None
        self.glance(document)
        _refuse_wide(raw, document)
        try:
            # Not from the bytes: each fault would come with a copy of all that lies around it.
            read = self.model.model_validate(document)
        except ValidationError as error:
            listed = error.errors(include_url=False, include_input=False)
            raise invalid(faults(listed, document, MOST_FAULTS), len(listed)) from None
        _refuse_twins(raw)
        return read


def JsonBody(model: type[StrictModel]) -> Any:  # noqa: N802 - it stands where Body() stands
    """Depend on the request's body, read strictly as this model."""
    return Depends(JsonReader(model))


def require_json(request: Request) -> None:
    """Refuse a body that does not say it is JSON in UTF-8, uncompressed (415)."""
    kind, _, parameters = request.headers.get("content-type", "").lower().partition(";")
    charset = re.search(r'charset="?([^";\s]+)', parameters)
    if kind.strip() != MEDIA_TYPE or (charset and charset[1] not in ("utf-8", "utf8")):
        raise HTTPException(415, f"Send the body as JSON, with Content-Type: {MEDIA_TYPE}.")
    if request.headers.get("content-encoding", "identity").lower() != "identity":
        raise HTTPException(415, "Send the body as it is, without Content-Encoding.")


def require_small(raw: bytes, most: int) -> None:
    """Refuse a body with more than so many bytes beside a CSV file in it (413)."""
    if len(raw) > most:
        held = max(
            (end - start for start, end in map(re.Match.span, _FILE.finditer(raw))), default=0
        )
        if len(raw) - held > most:
            raise body_too_large(most)


def _unreadable(reason: str) -> InvalidInput:
    known = (said for sign, said in _UNREADABLE.items() if sign in reason)
    detail = next(known, f"The body is not JSON: {reason}.")
    return InvalidInput(detail, [Fault("", detail)])


def _refuse_wide(raw: bytes, document: Any) -> None:
    """Refuse an object with more keys than any has, of which each would be a fault of a thousand bytes."""
    if raw.count(b":") > _MOST_KEYS:
        path = _search(document, lambda value: isinstance(value, dict) and len(value) > _MOST_KEYS)
        if path is not None:
            raise invalid([Fault(pointer(path), f"This may have at most {_MOST_KEYS:,} entries.")])


def _bones(raw: bytes) -> bytes:
    """Return valid JSON with a number for each long text: a file of megabytes, read anew to find a place in it, would
    fill four times its size if but one of its letters is rare.
    """
    if len(raw) < _LARGE:
        return raw
    bones, end = BytesIO(), 0
    for text in _TEXT.finditer(raw):
        if text.end() - text.start() > _LONG_TEXT:
            bones.write(raw[end : text.start()])
            bones.write(b'"%d"' % text.start())
            end = text.end()
    bones.write(raw[end:])
    return bones.getvalue()


def _refuse_twins(raw: bytes) -> None:
    """Refuse an object that says a key twice; parsers differ in which of the two they take."""
    twins: list[tuple[dict[str, Any], str]] = []

    def gather(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        read = dict(pairs)
        if len(read) != len(pairs):
            counts = Counter(key for key, _ in pairs)
            twins.append((read, next(key for key in read if counts[key] > 1)))
        return read

    document = json.loads(_bones(raw), object_pairs_hook=gather)
    if twins:
        # The last one closed is the outermost, so nothing can have hidden it.
        holder, key = twins[-1]
        path = _search(document, lambda value: value is holder) or []
        raise invalid([Fault(pointer([*path, key]), "This key stands twice.")])


def _search(here: Any, wanted: Callable[[Any], bool]) -> list[str | int] | None:
    """Return the path to the first value that is wanted, None when there is none."""
    if wanted(here):
        return []
    entries: Iterable[tuple[str | int, Any]] = ()
    if isinstance(here, dict):
        entries = here.items()
    elif isinstance(here, list):
        entries = enumerate(here)
    for key, value in entries:
        if (rest := _search(value, wanted)) is not None:
            return [key, *rest]
    return None
