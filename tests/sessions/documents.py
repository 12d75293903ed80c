"""Documents of sessions for tests: written, changed at a place, read as a server reads them."""

from __future__ import annotations

import json
from typing import Any

from app.sessions.document import SessionDocument
from app.sessions.read_document import session_of
from app.sessions.session import Session
from app.sessions.write_document import write_file
from app.settings import Settings
from tests.sessions.cases import SETTINGS

Document = dict[str, Any]

CSV = {
    "csv": "name;mass;colour;size\nAda;1.5;red;S\nBo;2;blue;M\nCy;?;red;L\nDi;-3e-5;green;M\nEd;7;red;S\n",
    "input_columns": ["mass", "colour"],
    "target_columns": ["size"],
}


def written(session: Session, settings: Settings = SETTINGS) -> Document:
    """Return what a file of the session says."""
    document: Document = json.loads(write_file(session, settings))
    return document


def opened(document: Document, settings: Settings = SETTINGS) -> Session:
    """Read a document."""
    return session_of(SessionDocument.model_validate(json.loads(json.dumps(document))), settings)


def copied(session: Session, settings: Settings = SETTINGS) -> Session:
    """Write a session and read it again."""
    return opened(written(session, settings), settings)


def changed_at(document: Document, pointer: str, value: Any) -> Document:
    """Return a document with another value at a place; "…" behind a pointer takes its value out."""
    copy: Document = json.loads(json.dumps(document))
    *path, last = pointer.removeprefix("/").split("/")
    here: Any = copy
    for part in path:
        here = here[int(part)] if isinstance(here, list) else here[part]
    here[int(last) if isinstance(here, list) else last] = value
    return copy
