from __future__ import annotations

import json
import threading
import time
import tracemalloc
from collections.abc import Callable
from typing import Annotated, Any

import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute
from hypothesis import given
from hypothesis import strategies as st
from pydantic import Field
from starlette.testclient import TestClient

from app.errors import Fault, InvalidInput
from app.sessions.spec import EditSpec
from app.sessions.strict_model import StrictModel
from app.web.strict_json import LARGE_BODY, JsonBody, JsonReader
from tests.web.conftest import MakeClient

DEEP = 100_000


class Row(StrictModel):
    rate: float = Field(0.5, ge=0, le=100)
    count: int = Field(1, ge=0, le=2**53 - 1)
    cells: list[list[float]] = Field(default_factory=list, max_length=10)
    name: str = Field("", max_length=10)
    inner: Row | None = None


class Needy(StrictModel):
    by: float = Field(le=10)


def add_routes(app: FastAPI) -> None:
    @app.post("/row")
    async def row(body: Annotated[Row, JsonBody(Row)]) -> Row:
        return body

    @app.post("/needy")
    async def needy(body: Annotated[Needy, JsonBody(Needy)]) -> Needy:
        return body


@pytest.fixture
def reader(make_client: MakeClient) -> TestClient:
    return make_client(add_routes)


def post(client: TestClient, content: bytes, path: str = "/row", **headers: str) -> Any:
    return client.post(
        path, content=content, headers={"Content-Type": "application/json"} | headers
    )


def test_a_good_body_is_read(reader: TestClient) -> None:
    answer = post(reader, b' {"rate": 3, "cells": [[1, 2.5]], "inner": {"name": "\\u00e4"}} ')
    assert answer.status_code == 200
    assert answer.json()["rate"] == 3.0
    assert answer.json()["inner"]["name"] == "ä"


def test_an_absent_body_is_an_empty_object(reader: TestClient) -> None:
    assert reader.post("/row").json()["rate"] == 0.5
    assert reader.post("/row", headers={"Content-Type": "text/plain"}).status_code == 200
    answer = reader.post("/needy")
    assert answer.status_code == 422
    assert answer.json()["errors"] == [{"pointer": "/by", "detail": "This is required."}]


# What a lax reader takes: the pointer it must be refused with.
REFUSED: dict[bytes, str] = {
    b'{"rate": NaN}': "/rate",
    b'{"rate": Infinity}': "/rate",
    b'{"rate": -Infinity}': "/rate",
    b'{"rate": 1e400}': "/rate",
    b'{"rate": -1e400}': "/rate",
    b'{"count": 1e400}': "/count",
    b'{"cells": [[0, 1e999]]}': "/cells/0/1",
    b'{"rate": ' + b"9" * 4_000 + b"}": "/rate",
    b'{"count": ' + b"9" * 4_000 + b"}": "/count",
    b'{"count": 9007199254740992}': "/count",
    b'{"count": ' + b"9" * 10_000 + b"}": "",
    b'{"rate": true}': "/rate",
    b'{"rate": "3"}': "/rate",
    b'{"rate": null}': "/rate",
    b'{"count": 1.0}': "/count",
    b'{"count": true}': "/count",
    b'{"name": 3}': "/name",
    b'{"name": "\\ud800"}': "",
    b'{"\\udc00": 1}': "",
    b'{"name": "\xed\xa0\x80"}': "",
    b'{"name": "\xff"}': "",
    b'{"name": "a\x00b"}': "",
    b'{"rate": 1, "rate": 2}': "/rate",
    b'{"rate": 1, "r\\u0061te": 1}': "/rate",
    b'{"inner": {"inner": {"name": "", "name": ""}}}': "/inner/inner/name",
    b'{"inner": {"rate": 1, "rate": 1}, "inner": {}}': "/inner",
    b'{"unknown": 1}': "/unknown",
    b'{"__proto__": {}}': "/__proto__",
    b"[]": "",
    b"null": "",
    b"3": "",
    b'""': "",
    b"{": "",
    b"{}{}": "",
    b"{},": "",
    b"{'rate': 1}": "",
    b'{"rate": 01}': "",
    b'{"rate": .5}': "",
    b'{"rate": +1}': "",
    b'{"rate": 1,}': "",
    b'{"rate": 1} // no': "",
    b"   ": "",
    b"\xef\xbb\xbf{}": "",
    b"\x00": "",
    '{"rate": 1}'.encode("utf-16"): "",
    b"[" * DEEP: "",
    b'{"inner":' * 20_000: "",
    b'{"cells": ' + b"[" * 300 + b"]" * 300 + b"}": "",
}


@pytest.mark.parametrize("content", REFUSED, ids=lambda content: repr(content[:40]))
def test_a_bad_body_is_refused_with_its_place(reader: TestClient, content: bytes) -> None:
    answer = post(reader, content)
    assert answer.status_code == 422
    assert answer.headers["Content-Type"] == "application/problem+json"
    problem = answer.json()
    assert problem["status"] == 422
    assert problem["detail"]
    assert [fault["pointer"] for fault in problem["errors"]] == [REFUSED[content]]
    assert len(answer.content) < 1_000


def test_several_faults_are_told_at_once(reader: TestClient) -> None:
    problem = post(reader, b'{"rate": "a", "count": "b", "name": 3}').json()
    assert [fault["pointer"] for fault in problem["errors"]] == ["/rate", "/count", "/name"]
    assert problem["detail"] == "3 places in the request cannot be used."


def test_what_was_sent_is_not_echoed(reader: TestClient) -> None:
    answer = post(reader, b'{"rate": "SECRET", "name": "SECRETSECRET"}')
    assert "SECRET" not in answer.text


def test_a_hostile_body_gets_a_small_answer_soon(reader: TestClient) -> None:
    keys = b",".join(b'"k%d":0' % number for number in range(20_000))
    for content in (b'{"cells": [[' + b'"",' * 80_000 + b'""]]}', b"{" + keys + b"}"):
        began = time.process_time()
        answer = post(reader, content)
        assert time.process_time() - began < 0.5
        assert answer.status_code == 422
        assert len(answer.json()["errors"]) <= 20
        assert len(answer.content) < 3_000


def test_many_twins_are_found_soon() -> None:
    keys = [f"w[1][0][{number}]" for number in range(1_000)]
    members = [f'"{key}":0' for key in [*keys, *[keys[-1]] * 12_000, keys[-2]]]
    began = time.process_time()
    with pytest.raises(InvalidInput) as refused:
        JsonReader(EditSpec).parse(f'{{"values":{{{",".join(members)}}}}}'.encode())
    # The first of the twins is told.
    assert [fault.pointer for fault in refused.value.faults] == [f"/values/{keys[-2]}"]
    assert time.process_time() - began < 0.3


@pytest.mark.parametrize("rows", [10, LARGE_BODY])
def test_a_large_body_is_read_on_a_thread(
    make_client: MakeClient, monkeypatch: pytest.MonkeyPatch, rows: int
) -> None:
    seen: list[str] = []
    parse = JsonReader.parse

    def watched(reader: JsonReader[Any], raw: bytes) -> Any:
        seen.append(threading.current_thread().name.partition("_")[0])
        return parse(reader, raw)

    monkeypatch.setattr(JsonReader, "parse", watched)
    content = b'{"cells": [' + b"[]," * min(rows, 3) + b"[" + b"0," * rows + b"0]]}"
    assert post(make_client(add_routes), content).status_code == 200
    assert (seen == ["write"]) == (len(content) > LARGE_BODY)


def test_the_count_of_many_faults_is_said(reader: TestClient) -> None:
    keys = ",".join(f'"k{number}":0' for number in range(50))
    problem = post(reader, f"{{{keys}}}".encode()).json()
    assert problem["detail"].startswith("50 places")
    assert problem["detail"].endswith("The first 20 are listed.")


class Upload(StrictModel):
    csv: str = ""
    name: str = ""


def test_a_csv_file_is_not_counted_as_json(make_client: MakeClient) -> None:
    def add_upload(app: FastAPI) -> None:
        async def upload(body: Annotated[Upload, JsonBody(Upload)]) -> int:
            return len(body.csv)

        route = APIRoute("/api/v1/sessions/upload", upload, methods=["PATCH"])
        app.router.routes.insert(0, route)

    client = make_client(add_upload, json_bytes=100, upload_bytes=10_000)

    def status(**body: str) -> int:
        content = json.dumps(body).encode()
        return int(post_to(client, content).status_code)

    assert status(csv='a,"b"\n' * 1_000) == 200
    assert status(csv="a\\" * 300, name="x" * 50) == 200
    assert status(csv="a" * 500, name="x" * 200) == 413
    assert status(csv="", name='"csv": "' + "x" * 200) == 413
    assert status(csv="a" * 10_000) == 413
    assert post_to(client, b"{" + b" " * 200 + b"}").status_code == 413
    assert post_to(client, b'{"csv": "' + b"\\" * 500).status_code == 413


def post_to(client: TestClient, content: bytes) -> Any:
    headers = {"Content-Type": "application/json"}
    return client.patch("/api/v1/sessions/upload", content=content, headers=headers)


@pytest.mark.parametrize(
    "kind",
    [
        "text/plain",
        "application/x-www-form-urlencoded",
        "application/jsonx",
        "application/json; charset=latin-1",
        "multipart/form-data; boundary=x",
        "",
        "\xff",
    ],
)
def test_a_body_of_another_kind_is_415(reader: TestClient, kind: str) -> None:
    answer = reader.post("/row", content=b"{}", headers={b"content-type": kind.encode("latin-1")})
    assert answer.status_code == 415
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert "application/json" in answer.json()["detail"]


@pytest.mark.parametrize(
    "kind", ["application/json; charset=utf-8", 'Application/JSON;charset="UTF-8"']
)
def test_utf8_may_be_said(reader: TestClient, kind: str) -> None:
    assert reader.post("/row", content=b"{}", headers={"Content-Type": kind}).status_code == 200


def test_a_compressed_body_is_415(reader: TestClient) -> None:
    assert post(reader, b"{}", **{"Content-Encoding": "gzip"}).status_code == 415
    assert post(reader, b"{}", **{"Content-Encoding": "identity"}).status_code == 200


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**400), 10**400)
    | st.floats()
    | st.text(st.characters(codec=None)),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


def faults_of(read: Callable[[bytes], object], raw: bytes) -> int | None:
    try:
        read(raw)
    except InvalidInput as error:
        return len(error.faults)
    return None


@given(JSON | st.dictionaries(st.sampled_from(list(Row.model_fields)), JSON))
def test_whatever_is_sent_is_read_or_refused(value: object) -> None:
    raw = json.dumps(value).encode()
    assert faults_of(JsonReader(Row).parse, raw) in (None, *range(1, 21))


@given(st.binary(max_size=200))
def test_whatever_bytes_are_read_or_refused(raw: bytes) -> None:
    assert faults_of(JsonReader(Row).parse, raw) in (None, 1)


class Essay(StrictModel):
    text: str
    more: dict[str, int] = Field(default_factory=dict)


LONG = '🦊\\"{[,:"' * 20_000


def test_beside_a_long_text_faults_are_found_all_the_same() -> None:
    raw = json.dumps({"text": LONG, "more": {"a": 1, "b": "2", "/": True}}).encode()
    with pytest.raises(InvalidInput) as caught:
        JsonReader(Essay).parse(raw)
    assert [fault.pointer for fault in caught.value.faults] == ["/more/b", "/more/~1"]
    text = json.dumps(LONG, ensure_ascii=False)
    twice = f'{{"text": {text}, "more": {{"a": 1, "a": 1}}}}'.encode()
    with pytest.raises(InvalidInput) as caught:
        JsonReader(Essay).parse(twice)
    assert caught.value.faults == (Fault("/more/a", "This key stands twice."),)
    assert JsonReader(Essay).parse(json.dumps({"text": LONG}).encode()).text == LONG
    keys = json.dumps({"text": LONG, "more": {"x" * 300: 1, "y" * 300: 2}}).encode()
    assert len(JsonReader(Essay).parse(keys).more) == 2


def test_a_long_text_is_not_read_again() -> None:
    """Where one letter of it is rare, Python holds four bytes for each."""
    raw = b'{"text": "' + b"x" * 2_000_000 + "🦊".encode() + b'"}'
    tracemalloc.start()
    try:
        text = JsonReader(Essay).parse(raw).text
        held = tracemalloc.get_traced_memory()[0]
        assert held > 4 * len(text)
        assert tracemalloc.get_traced_memory()[1] - held < len(text)
    finally:
        tracemalloc.stop()


def test_an_object_of_very_many_keys_is_one_fault() -> None:
    many = {f"k{number}": number for number in range(1_000)}
    assert JsonReader(Essay).parse(json.dumps({"text": "", "more": many}).encode()).more == many
    raw = json.dumps({"text": 1, "more": {**many, "one": 1}}).encode()
    with pytest.raises(InvalidInput) as caught:
        JsonReader(Essay).parse(raw)
    assert caught.value.faults == (Fault("/more", "This may have at most 1,000 entries."),)
    text = json.dumps({"text": ":" * 2_000, "more": {"a": 1}}).encode()
    assert JsonReader(Essay).parse(text).more == {"a": 1}
