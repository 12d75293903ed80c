from __future__ import annotations

import httpx
import pytest

from app.client import Problem, Unreachable, connect
from tests.client.conftest import LostAnswers
from tests.conftest import AppServer


def test_a_command_whose_answer_is_lost_is_done_once(app_server: AppServer) -> None:
    line = LostAnswers(httpx.HTTPTransport(), [])
    earlier = len(app_server.requests())
    with connect(app_server.url, transport=line, sleep=lambda _: None) as box:
        s = box.start(preset="worked-example")
        line.lost = ["/step", "/step"]
        s.step()
        sent = [one for one in line.sent if one.url.path.endswith("/step")]
        assert len(sent) == 3
        assert len({one.headers["Idempotency-Key"] for one in sent}) == 1
        assert {one.headers["If-Match"] for one in sent} == {'"1"'}
        assert (s.event, s.revision) == (1, 2)
        assert (s.read().event, s.revision) == (1, 2)
        assert s.step().event == 2
        # One start, three tries of the first step, one read, one more step.
        logged = app_server.requests(least=earlier + 6)[earlier:]
        reached = [one for one in logged if one["path"].endswith("/step")]
        assert len(reached) == 4, "the server was asked again and again"


def test_a_session_whose_start_is_lost_is_started_once(app_server: AppServer) -> None:
    line = LostAnswers(httpx.HTTPTransport(), ["/sessions"])
    with connect(app_server.url, transport=line, sleep=lambda _: None) as box:
        s = box.start(preset="xor")
        starts = [one for one in line.sent if one.method == "POST"]
        assert len(starts) == 2
        keys = {one.headers["Idempotency-Key"] for one in starts}
        again = httpx.post(
            f"{app_server.url}/api/v1/sessions",
            content=starts[0].content,
            headers={"Idempotency-Key": keys.pop(), "Content-Type": "application/json"},
        )
        assert not keys
        assert again.json()["id"] == s.id


def test_a_session_whose_end_is_lost_has_ended(app_server: AppServer) -> None:
    line = LostAnswers(httpx.HTTPTransport(), [])
    with connect(app_server.url, transport=line, sleep=lambda _: None) as box:
        s = box.start(preset="xor")
        line.lost = [s.id]
        s.delete()
        with pytest.raises(Problem):
            s.read()


def test_each_command_has_a_key_of_its_own_and_what_only_looks_has_none(
    app_server: AppServer,
) -> None:
    line = LostAnswers(httpx.HTTPTransport(), [])
    with connect(app_server.url, transport=line) as box:
        s = box.start(preset="xor").step().step().edit(focus=1)
        s.predict([[0, 1]])
        s.read()
    keys = [one.headers.get("Idempotency-Key") for one in line.sent]
    assert len(set(keys[:4])) == 4
    assert None not in keys[:4]
    assert keys[4:] == [None, None]
    assert [one.headers.get("If-Match") for one in line.sent[:4]] == [None, '"1"', '"2"', '"3"']


def answers(*responses: httpx.Response | Exception) -> httpx.MockTransport:
    left = list(responses)

    def answer(request: httpx.Request) -> httpx.Response:
        one = left.pop(0)
        if isinstance(one, Exception):
            raise one
        return one

    return httpx.MockTransport(answer)


def test_a_busy_server_is_waited_for_as_long_as_it_asks() -> None:
    busy = {"title": "Busy", "detail": "Try again."}
    line = answers(
        httpx.Response(503, json=busy, headers={"Retry-After": "3"}),
        httpx.Response(503, json=busy, headers={"Retry-After": "soon"}),
        httpx.ConnectError("refused"),
        httpx.Response(200, json=[]),
    )
    waited: list[float] = []
    with connect(transport=line, sleep=waited.append) as box:
        assert box.presets() == []
    assert waited == [3.0, 0.2, 0.4]


def test_a_server_that_stays_busy_is_a_problem() -> None:
    line = answers(*[httpx.Response(503, json={"title": "Busy", "detail": "Later."})] * 3)
    with connect(transport=line, retries=2, sleep=lambda _: None) as box:
        with pytest.raises(Problem, match="503 Busy: Later") as refused:
            box.presets()
        assert refused.value.members["title"] == "Busy"


def test_nobody_waits_an_hour() -> None:
    line = answers(httpx.Response(429, json={}, headers={"Retry-After": "3600"}))
    waited: list[float] = []
    with connect(transport=line, sleep=waited.append) as box, pytest.raises(Problem):
        box.presets()
    assert waited == []


def test_no_server_is_said_plainly() -> None:
    nowhere = connect("http://127.0.0.1:1", retries=1, sleep=lambda _: None)
    with nowhere as box, pytest.raises(Unreachable, match=r"127\.0\.0\.1:1/api/v1/presets"):
        box.presets()
