"""An answer written field by field is the one that pydantic writes whole."""

from __future__ import annotations

import json
from typing import Any

import pytest

from app.sessions.moves import arrive
from app.web.schema_base import View
from app.web.views import session_view
from tests.sessions.cases import small, started


class Inner(View):
    """Hold what JSON writes in its own way."""

    text: str
    numbers: list[float | None]


class Outer(View):
    """Hold views in every place there may be one."""

    one: Inner
    many: list[Inner]
    named: dict[str, Inner]
    none: Inner | None
    flag: bool
    count: int


ODD = Inner(text='ä\u2028"\\\n\x00', numbers=[-0.0, 5e-324, 1e308, 0.1, None])


def test_fields_views_in_lists_and_odd_texts_are_written_alike() -> None:
    view = Outer(one=ODD, many=[ODD, ODD], named={"a": ODD}, none=None, flag=True, count=2**53)
    assert view.written() == view.model_dump_json().encode()
    assert Outer.model_validate_json(view.written()) == view


@pytest.mark.parametrize("share", [0, 0.3, 0.7, 1])
@pytest.mark.parametrize("batch", [1, None])
def test_a_session_is_written_as_pydantic_writes_it(batch: Any, share: float) -> None:
    session = started(small(batch_size=batch))
    view = session_view(arrive(session, round(share * session.setup.events.count)))
    assert view.written() == view.model_dump_json().encode()
    assert json.loads(view.written())["position"]["event"] == view.position.event
