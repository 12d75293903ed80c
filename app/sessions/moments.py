"""A moment as a link: everything needed to stand there again, on any server, to the bit.

The token is a session's document, cut down to the present, packed and written in the letters that a link may have.
What comes from a link is checked like any other input.
"""

from __future__ import annotations

import base64
import binascii
import json
import zlib
from dataclasses import replace

from pydantic import ValidationError
from pydantic_core import from_json

from app.errors import InvalidInput
from app.sessions.document import SessionDocument, refuse_foreign, too_dense
from app.sessions.history import History
from app.sessions.read_document import session_of
from app.sessions.session import Session
from app.sessions.write_document import at_present, document_of
from app.settings import Settings

LONGEST_TOKEN = 7_000
MOST_JSON = 2**20
MOST_NUMBERS = 20_000
"""More would not fit, and to write half a million numbers only to find that out takes a second."""


def write_moment(session: Session) -> str:
    """Return the token of a session's present moment.

    Raises:
        InvalidInput: the network or its data are too large for a link.
    """
    if _numbers_of(session) > MOST_NUMBERS:
        raise _too_large()
    present = replace(at_present(session), history=History.empty(session.position.iteration))
    text = json.dumps(document_of(present), separators=(",", ":"), ensure_ascii=False)
    token = base64.urlsafe_b64encode(zlib.compress(text.encode(), 9)).rstrip(b"=").decode()
    if len(token) > LONGEST_TOKEN:
        raise _too_large()
    return token


def _numbers_of(session: Session) -> int:
    """Count the numbers that a link would hold."""
    dataset, state = session.setup.dataset, session.state
    own = 0 if dataset.id else dataset.inputs.size + dataset.targets.size
    return state.theta.size + state.moments.size + own


def read_moment(token: str, settings: Settings) -> Session:
    """Return a session, not stored yet, that stands where the link says.

    Raises:
        InvalidInput: the link is damaged, or beyond the limits of this server.
    """
    try:
        parsed = from_json(_unpacked(token))
    except ValueError as error:
        raise _damaged() from error
    refuse_foreign(parsed, "link")
    try:
        return session_of(SessionDocument.model_validate(parsed), settings)
    except ValidationError as error:
        raise _damaged() from error
    except InvalidInput as error:
        # Its pointers lead into what is packed, where nobody can look.
        raise InvalidInput(f"This link cannot be opened here. {error.detail}") from error


def _unpacked(token: str) -> bytes:
    try:
        packed = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
        unpacker = zlib.decompressobj()
        text = unpacker.decompress(packed, MOST_JSON)
    except (binascii.Error, zlib.error, ValueError) as error:
        raise _damaged() from error
    if unpacker.unconsumed_tail or not unpacker.eof or too_dense(text, MOST_JSON):
        raise _damaged()
    return text


def _too_large() -> InvalidInput:
    return InvalidInput(
        "This network, or its data, is too large to fit into a link. Export it as a file instead."
    )


def _damaged() -> InvalidInput:
    return InvalidInput("This link is damaged, or was cut off. Ask for it once more.")
