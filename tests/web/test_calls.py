from __future__ import annotations

import asyncio
import threading
from typing import Any

import pytest
from pydantic import BaseModel, ValidationError

from app.errors import Conflict, InvalidInput
from app.web.calls import finite, json_response, known, revision_wanted
from app.web.schema_base import Finite
from app.web.strict_json import LARGE_BODY
from tests.sessions.cases import small
from tests.web.conftest import MakeClient
from tests.web.learner import SESSIONS, Learner, problem


class Answer(BaseModel):
    number: Finite
    word: str


@pytest.mark.parametrize(
    ("sent", "revision"),
    [(None, None), ("*", None), ('"12"', 12), ('W/"12"', 12), (" 12 ", 12), ('"0"', 0)],
)
def test_if_match_is_read_as_a_revision(sent: str | None, revision: int | None) -> None:
    assert asyncio.run(revision_wanted(sent)) == revision


@pytest.mark.parametrize("sent", ["", '""', "twelve", '"1", "2"', "-1", "1.0", "²", "9" * 17])
def test_what_is_no_revision_is_refused(sent: str) -> None:
    with pytest.raises(InvalidInput, match="ETag"):
        asyncio.run(revision_wanted(sent))


@pytest.mark.parametrize("sent", ['"3"', 'W/"3"', '"1","3"', "*", ' "3" '])
def test_if_none_match_knows_a_revision(sent: str) -> None:
    assert known(sent, 3)


@pytest.mark.parametrize("sent", [None, "", "3", '"33"', '"1", "2"'])
def test_if_none_match_does_not_know_others(sent: str | None) -> None:
    assert not known(sent, 3)


def test_an_answer_with_a_number_that_is_none_is_a_conflict() -> None:
    assert finite(Answer, {"number": 1.0, "word": "x"}).number == 1.0
    for number in (float("inf"), float("nan")):
        with pytest.raises(Conflict, match="too large to be written"):
            finite(Answer, {"number": number, "word": "x"})


def test_any_other_wrong_answer_is_a_fault_of_ours() -> None:
    for content in ({"number": 1.0}, {"number": float("inf"), "word": 3}):
        with pytest.raises(ValidationError):
            finite(Answer, content)


def test_a_revision_becomes_the_etag() -> None:
    response = json_response(b"{}", 7, 201)
    assert (response.status_code, response.headers["etag"]) == (201, '"7"')
    assert response.headers["content-type"] == "application/json"
    assert "etag" not in json_response(b"{}").headers


@pytest.mark.parametrize("rows", [10, 2_000])
def test_a_large_body_is_read_on_a_thread(
    make_client: MakeClient, monkeypatch: pytest.MonkeyPatch, rows: int
) -> None:
    seen: list[str] = []
    inner: Any = __import__("app.sessions.setup", fromlist=["read_table"]).read_table

    def watched(*arguments: Any, **options: Any) -> Any:
        seen.append(threading.current_thread().name)
        return inner(*arguments, **options)

    monkeypatch.setattr("app.sessions.setup.read_table", watched)
    text = "x,y\n" + "".join(f"{row},{row % 7}\n" for row in range(rows))
    data = {"csv": text, "input_columns": ["x"], "target_columns": ["y"]}
    large = len(text) > LARGE_BODY
    learner = Learner(make_client(), {"data": data})
    learner.edit(data=data)
    # An edit, however small, may lead to a network that takes long.
    assert [name.startswith("write") for name in seen] == [large, True]


def test_a_crowd_of_large_bodies_is_told_to_wait(
    make_client: MakeClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = make_client(compute_threads=1, compute_queue=1)
    service: Any = client.app.state.service  # type: ignore[attr-defined]
    monkeypatch.setattr(service.compute, "_running", {1, 2})
    text = "x,y\n" + "1,2\n" * LARGE_BODY
    data = {"csv": text, "input_columns": ["x"], "target_columns": ["y"]}
    response = client.post(SESSIONS, json={"data": data})
    problem(response, 503)
    assert response.headers["retry-after"] == "1"
    assert client.post(SESSIONS, json=small()).status_code == 201
