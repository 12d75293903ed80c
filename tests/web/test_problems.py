from __future__ import annotations

import json
import logging
from typing import Annotated

import pytest
from fastapi import APIRouter, FastAPI, Query
from starlette.exceptions import HTTPException
from starlette.testclient import TestClient

from app import errors
from app.errors import Fault, GlassboxError
from app.web.problems import invalid, problem_bytes, problem_response
from tests.web.conftest import MakeClient

EVERY_ERROR = [
    errors.InvalidInput.at("/a", "Wrong."),
    errors.TooLarge("Too large."),
    errors.NotFound("Not here."),
    errors.Conflict("Do the forward pass first."),
    errors.NotComputedYet("Not yet."),
    errors.StaleRevision(7),
    errors.TooSlow("Too slow."),
    errors.Busy("Busy.", retry_after=3),
    errors.StoreError("Broken."),
    errors.StoreUnavailable("Away."),
    errors.StoreFull("Full."),
]


def add_routes(app: FastAPI) -> None:
    @app.get("/raise/{number}")
    async def raise_error(number: int) -> None:
        raise EVERY_ERROR[number]

    @app.get("/http/{status}")
    async def raise_http(status: int, detail: str | None = None) -> None:
        raise HTTPException(status, detail)

    @app.get("/boom")
    async def boom() -> None:
        raise ZeroDivisionError("SECRET")

    @app.get("/query")
    async def query(points: Annotated[int, Query(ge=1, le=9)], span: float = 1) -> None:
        """Take numbers."""

    nested = APIRouter(prefix="/nested")
    nested.add_api_route("/thing", raise_error, methods=["PATCH"])
    nested.add_api_route("/thing", boom, methods=["GET"])
    nested.add_api_route("/{name}", boom, methods=["DELETE"])
    app.include_router(nested, prefix="/deeply")


@pytest.fixture
def client(make_client: MakeClient) -> TestClient:
    return make_client(add_routes)


@pytest.mark.parametrize("number", range(len(EVERY_ERROR)))
def test_every_error_has_the_one_shape(client: TestClient, number: int) -> None:
    error: GlassboxError = EVERY_ERROR[number]
    answer = client.get(f"/raise/{number}")
    assert answer.status_code == error.status
    assert answer.headers["Content-Type"] == "application/problem+json"
    problem = answer.json()
    assert problem["title"] == error.title
    assert problem["status"] == error.status
    assert problem["detail"] == error.detail
    assert problem["type"].startswith("urn:glassbox:problem:")
    assert ("Retry-After" in answer.headers) == (error.status == 503)


def test_an_error_says_what_else_it_knows(client: TestClient) -> None:
    stale = client.get("/raise/5")
    assert stale.json()["type"] == "urn:glassbox:problem:stale-revision"
    assert stale.json()["current"] == 7
    assert stale.headers["ETag"] == '"7"'
    assert client.get("/raise/7").headers["Retry-After"] == "3"
    assert client.get("/raise/0").json()["errors"] == [{"pointer": "/a", "detail": "Wrong."}]


def test_an_unknown_address(client: TestClient) -> None:
    answer = client.get("/nowhere")
    assert answer.status_code == 404
    assert answer.json() == {
        "type": "about:blank",
        "title": "Not Found",
        "status": 404,
        "detail": "There is nothing at this address.",
    }


@pytest.mark.parametrize(
    ("method", "path", "allow"),
    [
        ("POST", "/", "GET, HEAD"),
        ("PUT", "/deeply/nested/thing", "DELETE, GET, HEAD, PATCH"),
        ("GET", "/deeply/nested/other", "DELETE"),
        ("HEAD", "/deeply/nested/other", "DELETE"),
        ("OPTIONS", "/boom", "GET, HEAD"),
        ("BREW", "/boom", "GET, HEAD"),
        ("DELETE", "/static/theme.js", "GET, HEAD"),
        ("PUT", "/openapi.json", "GET, HEAD"),
    ],
)
def test_a_wrong_method_is_told_the_right_ones(
    client: TestClient, method: str, path: str, allow: str
) -> None:
    answer = client.request(method, path)
    assert answer.status_code == 405
    assert answer.headers["Allow"] == allow
    assert answer.headers["Content-Type"] == "application/problem+json"
    if method != "HEAD":
        assert answer.json()["detail"] == (
            f"This address does not take {method}. It takes {allow}."
        )


def test_what_a_route_says_stands(client: TestClient) -> None:
    assert client.get("/http/418?detail=Short").json()["detail"] == "Short"
    assert client.get("/http/400").json()["detail"] == "The request cannot be understood."
    assert client.get("/http/599?detail=x").json()["title"] == "Error"
    assert client.get("/http/304").content == b""


def test_a_bad_parameter_has_its_place(client: TestClient) -> None:
    answer = client.get("/query?points=many&span=x")
    assert answer.status_code == 422
    assert answer.json()["errors"] == [
        {"pointer": "/query/points", "detail": "This must be a whole number."},
        {"pointer": "/query/span", "detail": "This must be a number."},
    ]
    one = client.get("/query?points=10").json()
    assert one["detail"] == "/query/points: This may be at most 9."
    assert "SECRET" not in client.get("/query?points=SECRET").text


def test_a_fault_of_our_own_tells_nothing_but_a_number(
    client: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO):
        answer = client.get("/boom")
    assert answer.status_code == 500
    problem = answer.json()
    assert problem["request_id"] == answer.headers["X-Request-ID"]
    assert problem["request_id"] in problem["detail"]
    assert "SECRET" not in answer.text
    assert "Zero" not in answer.text
    said = next(record for record in caplog.records if record.name == "glassbox.error")
    assert problem["request_id"] in said.getMessage()
    assert "SECRET" in caplog.text


def test_at_most_twenty_faults_are_told() -> None:
    faults = [Fault(f"/{number}", "Wrong.") for number in range(30)]
    assert len(json.loads(problem_bytes(422, "x", errors=faults))["errors"]) == 20
    assert invalid(faults[:2]).detail == "2 places in the request cannot be used."
    assert invalid([Fault("", "Not JSON.")]).detail == "Not JSON."


def test_any_text_can_be_told() -> None:
    body = problem_response(400, "half \ud800 a character, «ä» \x00").body
    assert json.loads(bytes(body))["detail"] == "half ? a character, «ä» \x00"
