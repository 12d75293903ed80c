from __future__ import annotations

import json
from typing import Any

import httpx
import pytest
from starlette.testclient import TestClient

from tests.sessions.cases import BODIES, small
from tests.sessions.documents import changed_at
from tests.web.conftest import MakeClient
from tests.web.learner import SESSIONS, Json, Learner, Response, checked, pointers, problem

IMPORT = f"{SESSIONS}/import"
OWN = ("id", "follow_id", "revision", "created_at", "expires_at", "notices", "trained")


@pytest.fixture
def learner(client: TestClient) -> Learner:
    learner = Learner(client, small())
    learner.do("train", iterations=5)
    learner.do("step", by="pass")
    return learner


def export(learner: Learner, file_format: str = "json") -> Response:
    return learner.client.get(f"{learner.path}/export/{file_format}")


def send(client: TestClient | httpx.Client, content: Any, **headers: str) -> Response:
    raw = content if isinstance(content, bytes) else json.dumps(content).encode()
    return client.post(IMPORT, content=raw, headers={"content-type": "application/json"} | headers)


def shared(session: Json) -> Json:
    return {name: value for name, value in session.items() if name not in OWN}


@pytest.mark.parametrize("body", BODIES.values(), ids=list(BODIES))
def test_a_file_becomes_the_same_session(client: TestClient, body: Json) -> None:
    learner = Learner(client, body)
    learner.do("train", iterations=7)
    learner.do("step", by="pass")
    answer = send(client, export(learner).content)
    assert answer.status_code == 201
    copy = checked("POST", IMPORT, answer)
    assert copy["id"] != learner.session["id"]
    assert (copy["revision"], answer.headers["etag"]) == (1, '"1"')
    assert answer.headers["location"] == f"{SESSIONS}/{copy['id']}"
    assert shared(copy) == shared(learner.get())


def test_the_file_says_what_it_is(learner: Learner) -> None:
    answer = export(learner)
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["etag"] == f'"{learner.session["revision"]}"'
    assert answer.headers["content-disposition"] == 'attachment; filename="glassbox-session.json"'
    text = answer.text
    assert learner.session["id"] not in text
    assert learner.session["follow_id"] not in text
    named = Learner(learner.client, {"preset": "xor"})
    assert "glassbox-xor.json" in export(named).headers["content-disposition"]


def test_who_may_only_watch_may_have_the_file(learner: Learner) -> None:
    follow = f"{SESSIONS}/{learner.session['follow_id']}/export/json"
    assert learner.client.get(follow).content == export(learner).content


def test_an_unknown_format_is_told_what_there_is(learner: Learner) -> None:
    found = problem(export(learner, "abacus"), 404)
    assert found["detail"] == "There is no format “abacus”. What there is: json."
    assert problem(learner.client.get(f"{SESSIONS}/nobody/export/json"), 404)


def test_a_repeated_key_starts_one_session(learner: Learner) -> None:
    file = export(learner).content
    first, again = (send(learner.client, file, **{"idempotency-key": "k"}) for _ in range(2))
    assert first.json() == again.json()
    other = changed_at(json.loads(file), "/branches/0/network/seed", 4)
    assert problem(send(learner.client, other, **{"idempotency-key": "k"}), 409)


@pytest.mark.parametrize(
    ("raw", "detail"),
    [
        (b"", "not JSON"),
        (b"PK\x03\x04", "not JSON"),
        (b"[]", "must be an object"),
        (b'"x"', "must be an object"),
        (b"{}", "holds no Glassbox session: one exported as json says"),
        (b'{"preset": "article"}', "holds no Glassbox session"),
        (b'{"format": "glassbox-session", "version": 9, "new": {}}', "A newer version"),
        (b'{"format": "glassbox-session", "version": 1}', "8 places"),
    ],
)
def test_what_is_no_file_of_a_session_says_so(client: TestClient, raw: bytes, detail: str) -> None:
    assert detail in problem(send(client, raw), 422)["detail"]


def test_a_fault_is_pointed_at(learner: Learner) -> None:
    document = export(learner).json()
    spoilt = changed_at(document, "/branches/0/state/weights/1/0/2", "0.5")
    assert pointers(problem(send(learner.client, spoilt), 422)) == [
        "/branches/0/state/weights/1/0/2"
    ]
    spoilt = changed_at(document, "/data/0/table/rows/3", "1 2")
    assert pointers(problem(send(learner.client, spoilt), 422)) == ["/data/0/table/rows/3"]
    twice = json.dumps(document).replace('"focus"', '"thinning": 1, "focus"').encode()
    assert pointers(problem(send(learner.client, twice), 422)) == ["/thinning"]


def test_another_kind_of_body_is_not_looked_at(client: TestClient) -> None:
    found = problem(client.post(IMPORT, content=b"{}", headers={"content-type": "text/csv"}), 415)
    assert "application/json" in found["detail"]


def test_a_file_keeps_to_the_limits(learner: Learner, make_client: MakeClient) -> None:
    file = export(learner).content
    least = -(-file.count(b",") - file.count(b":") - file.count(b"[") - file.count(b"{")) * 24
    assert send(make_client(upload_bytes=max(len(file), least)), file).status_code == 201
    found = problem(send(make_client(upload_bytes=len(file) - 1), file), 413)
    assert "The body is larger than" in found["detail"]
    found = problem(send(make_client(upload_bytes=max(len(file), least - 24)), file), 413)
    assert f"more than {least // 24 - 1:,} values" in found["detail"]
    found = problem(send(make_client(max_layer_neurons=2), file), 422)
    assert pointers(found) == ["/branches/0/network/layers/0/size"]
    assert problem(export(Learner(make_client(upload_bytes=500), small())), 422)
