from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from app.errors import InvalidInput
from app.sessions.document import FORMAT, VERSION, SessionDocument, refuse_foreign, too_dense
from tests.sessions.cases import small, started
from tests.sessions.documents import changed_at, written


def test_what_is_no_session_says_so() -> None:
    for document in ({}, {"format": "glass"}, {"format": 1}, {"preset": "article"}):
        with pytest.raises(InvalidInput, match="This file holds no Glassbox session") as caught:
            refuse_foreign(document, "file")
        assert caught.value.faults[0].pointer == "/format"


def test_a_newer_one_says_so_whatever_else_it_holds() -> None:
    document = {"format": FORMAT, "version": VERSION + 1, "more": [1, {"than": "we know"}]}
    with pytest.raises(InvalidInput, match="A newer version of Glassbox wrote this file") as caught:
        refuse_foreign(document, "file")
    assert caught.value.faults[0].pointer == "/version"


def test_the_rest_is_left_to_who_validates_it() -> None:
    others: list[Any] = [[], None, "x", {"format": FORMAT}, {"format": FORMAT, "version": "2"}]
    for document in others:
        refuse_foreign(document, "file")


def test_density_is_counted_without_reading() -> None:
    assert not too_dense(b"[" + b"0.12345678901234567890," * 99 + b"0]", 2_400)
    assert too_dense(b"[" + b"0," * 1_200 + b"0]", 2_400)
    assert too_dense(b"[" * 200, 2_400)
    assert too_dense(b'{"":' * 200, 2_400)


@pytest.mark.parametrize(
    ("pointer", "value"),
    [
        ("/version", 0),
        ("/version", "1"),
        ("/version", True),
        ("/focus", -1),
        ("/position/event", 2.5),
        ("/branches", []),
        ("/branches/0/network/layers/0/size", 0),
        ("/branches/0/network/layers/0/weights", [[1.0]]),
        ("/branches/0/network/cost", "none"),
        ("/branches/0/preset", 'x"\r\n'),
        ("/branches/0/state/weights/0/0/0", "0.5"),
        ("/branches/0/state/moments", [{}]),
        ("/data/0/table/title", "line\nbreak"),
        ("/data/0/table/title", "\u202egnp.exe"),
        ("/data/0/table/rows/0", 7),
        ("/data/0/table/rows/0", "1 " * 6_000),
        ("/data/0/table/inputs/0/kind", "other"),
        ("/data/0/table/inputs/0/mean", 1e300),
        ("/history/stride", 0),
        ("/thinning", 0),
        ("/more", 1),
    ],
)  # fmt: skip
def test_the_shape_is_strict(pointer: str, value: Any) -> None:
    document = written(started(small()))
    SessionDocument.model_validate(document)
    with pytest.raises(ValidationError):
        SessionDocument.model_validate(changed_at(document, pointer, value))
