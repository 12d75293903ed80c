from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import numpy as np
import pytest
from starlette.testclient import TestClient

from app.engine.addresses import PATHS, Address
from app.engine.tape import Tape
from app.errors import InvalidInput
from tests.conftest import AppServer
from tests.sessions.cases import BODIES, end_of, small, started, trained
from tests.web.conftest import MakeClient
from tests.web.learner import Learner, pointers, problem

BODY = small(layers=[{"size": 2, "activation": "tanh"}, {"size": 2, "activation": "sigmoid"}])


@pytest.fixture
def learner(client: TestClient) -> Learner:
    return Learner(client, BODY)


def addresses(tape: Tape) -> Iterator[tuple[str, int]]:
    """Yield every address this iteration has a number for, and the event it comes with."""
    ranges = {"l": 3, "b": tape.batch, "j": 3, "i": 3, "k": 3, "m": 2}
    for kind, letters in PATHS.items():
        for path in np.ndindex(*(ranges[letter] for letter in letters)):
            address = Address(kind, path)
            try:
                yield str(address), tape.event_number(address)
            except InvalidInput:
                continue


NETS = {
    "sgd": BODY,
    "adam": small(
        layers=[{"size": 2}, {"size": 2, "activation": "softmax"}],
        cost="cross_entropy",
        optimizer={"name": "adam"},
        l2=0.1,
    ),
    "softmax": small(layers=[{"size": 2, "activation": "softmax"}], l1=0.1),
}


@pytest.mark.parametrize("body", NETS.values(), ids=list(NETS))
def test_every_number_is_explained_from_its_event_on_and_not_before(
    client: TestClient, body: dict[str, Any]
) -> None:
    learner, tape = Learner(client, body), started(body).tape
    by_event: dict[int, list[str]] = {}
    for address, number in addresses(tape):
        by_event.setdefault(number, []).append(address)
    assert sum(map(len, by_event.values())) > 60
    for event in range(tape.events.count + 1):
        if event:
            learner.do("step", by="term")
        for address in by_event.get(event, []):
            found = learner.get(f"explain/{address}")
            assert found["address"] == address
            assert found["sentence"]
            assert all(operand["label"] for operand in found["operands"])
        for address in by_event.get(event + 1, []):
            response = client.get(f"{learner.path}/explain/{address}")
            body_ = problem(response, 409)
            assert body_["type"] == "urn:glassbox:problem:not-computed-yet"
            assert f"event {event + 1}" in body_["detail"]


@pytest.mark.parametrize("body", BODIES.values(), ids=list(BODIES))
def test_an_explanation_gives_the_number_of_the_tape(
    client: TestClient, body: dict[str, Any]
) -> None:
    learner, tape = Learner(client, body), trained(started(body), 1).session.tape
    learner.do("step", by="iteration")
    for text in ("cost", "a[1][0][0]", "delta[1][0][1]", "dw[1][0][1]", "new_b[1][0]", "loss[0]"):
        kind, *path = text.replace("]", "").split("[")
        value = tape.value(Address(kind, tuple(map(int, path))))
        assert learner.get(f"explain/{text}")["value"] == value


@pytest.mark.parametrize(
    "address", ["nonsense", "w[1]", "w[9][0][0]", "a[1][5][0]", "w[1][0][0]]", "W[1][0][0]"]
)
def test_what_is_no_address_here_is_refused(learner: Learner, address: str) -> None:
    problem(learner.client.get(f"{learner.path}/explain/{address}"), 422)


def test_the_events_are_listed_up_to_the_present(learner: Learner) -> None:
    assert learner.get("events") == {"events": [], "count": learner.session["position"]["events"]}
    learner.do("step", by="term", count=5)
    listed = learner.get("events")["events"]
    assert [one["number"] for one in listed] == [1, 2, 3, 4, 5]
    assert listed[-1] == learner.session["event"]


def test_the_events_come_in_pages(learner: Learner) -> None:
    learner.do("step", by="iteration")
    count = learner.session["position"]["events"]
    everything = learner.get("events?from=1&count=200")["events"]
    assert [one["number"] for one in everything] == list(range(1, count + 1))
    paged: list[Any] = []
    while len(paged) < count:
        page = learner.get(f"events?from={len(paged) + 1}&count=7")["events"]
        assert len(page) == min(7, count - len(paged))
        paged += page
    assert paged == everything
    assert learner.get(f"events?from={count + 1}")["events"] == []
    assert len(learner.get("events")["events"]) == min(50, count)
    digits = learner.get("events?count=1&digits=2")["events"][0]
    assert digits["values"] == everything[0]["values"]
    for query in ("from=0", "count=0", "count=201", "digits=0", "from=x", f"from={2**54}"):
        problem(learner.client.get(f"{learner.path}/events?{query}"), 422)


def test_the_events_of_an_answer_are_limited(make_client: MakeClient) -> None:
    learner = Learner(make_client(events_per_answer=3), BODY)
    learner.do("step", by="iteration")
    assert len(learner.get("events")["events"]) == 3
    assert len(learner.get("events?count=3")["events"]) == 3
    found = problem(learner.client.get(f"{learner.path}/events?count=4"), 422)
    assert pointers(found) == ["/query/count"]
    assert found["detail"] == "One answer lists at most 3 events."


def test_every_event_tells_the_number_of_its_address(learner: Learner) -> None:
    learner.do("train", iterations=2)
    tape = trained(started(BODY), iterations=2).session.tape
    for one in learner.get("events?count=200")["events"]:
        event = tape.events.at(one["number"])
        assert (one["phase"], one["kind"]) == (event.phase, event.kind)
        assert one["values"] == tape.values(event).tolist()
        running = tape.running(event)
        assert one["running"] == (None if running is None else running.tolist())
        assert one["explanation"]["address"] == one["address"]


def test_backpropagation_agrees_with_central_differences(client: TestClient) -> None:
    for body in BODIES.values():
        learner = Learner(client, body)
        learner.do("step", by="pass", count=4)
        problem(client.get(f"{learner.path}/gradient-check"), 409)
        learner.do("backward", by="pass")
        checked = learner.get("gradient-check")
        assert checked["complete"]
        assert len(checked["parameters"]) == learner.session["network"]["parameters"]
        assert checked["largest_relative_error"] <= 1e-6
        gradients = learner.session["values"]["weight_gradients"][1]
        row = checked["parameters"][1]
        assert row["address"] == "w[1][0][1]"
        assert row["backprop"] == gradients[0][1]


def test_a_gradient_check_beyond_a_requests_time_says_so(make_client: MakeClient) -> None:
    learner = Learner(make_client(compute_milliseconds=1), {"preset": "digits"})
    learner.do("step", by="pass", count=2)
    checked = learner.get("gradient-check")
    assert not checked["complete"]
    assert 0 < len(checked["parameters"]) < 1_210


def test_predictions_are_the_networks_outputs_now(learner: Learner) -> None:
    inputs = learner.session["batch"]["inputs"]
    outputs = learner.do("predict", inputs=inputs)["outputs"]
    learner.do("forward", by="pass")
    assert learner.session["values"]["a"][-1] == pytest.approx(np.array(outputs), abs=1e-15)
    before = learner.session["revision"]
    learner.do("backward", by="pass")
    for _ in range(5):
        learner.do("update", by="term")
    layer = learner.session["network"]["layers"][1]
    z = np.array(layer["weights"]) @ inputs[0] + layer["biases"]
    last = learner.session["network"]["layers"][2]
    a = 1 / (1 + np.exp(-(np.array(last["weights"]) @ np.tanh(z) + last["biases"])))
    assert learner.do("predict", inputs=inputs[:1])["outputs"][0] == pytest.approx(a, abs=1e-12)
    assert learner.get()["revision"] == before + 6
    assert learner.do("predict", inputs=[])["outputs"] == []


@pytest.mark.parametrize(
    ("inputs", "place"),
    [
        ([[0.5]], "/inputs/0"),
        ([[0.5, 0.5], [0.5, 0.5, 0.5]], "/inputs/1"),
        ([[0.5, 1e7]], "/inputs/0"),
        ([[0.5, "x"]], "/inputs/0/1"),
        ([0.5], "/inputs/0"),
        (None, "/inputs"),
    ],
)
def test_inputs_that_do_not_fit_are_pointed_at(learner: Learner, inputs: Any, place: str) -> None:
    found = problem(learner.send("predict", {"inputs": inputs}), 422)
    assert pointers(found) == [place]


def test_predictions_keep_to_the_limits(make_client: MakeClient) -> None:
    learner = Learner(make_client(max_observations=5), BODY)
    assert len(learner.do("predict", inputs=[[0.5, 0.5]] * 5)["outputs"]) == 5
    found = problem(learner.send("predict", {"inputs": [[0.5, 0.5]] * 6}), 422)
    assert pointers(found) == ["/inputs"]


def test_predictions_are_not_more_numbers_than_an_answer_lists(make_client: MakeClient) -> None:
    learner = Learner(make_client(numbers_per_answer=9), BODY)
    most = 9 // len(learner.session["network"]["layers"][-1]["names"])
    assert len(learner.do("predict", inputs=[[0.5, 0.5]] * most)["outputs"]) == most
    found = problem(learner.send("predict", {"inputs": [[0.5, 0.5]] * (most + 1)}), 422)
    assert pointers(found) == ["/inputs"]
    assert f"{most} rows" in found["detail"]


def test_many_predictions_are_made_on_a_thread(client: TestClient) -> None:
    learner = Learner(client, {"preset": "digits"})
    rows = [[0.0] * 64] * 1_000
    assert len(learner.do("predict", inputs=rows)["outputs"]) == 1_000


def test_a_prediction_that_overflows_is_told(client: TestClient) -> None:
    # The deeper it is, the further the last step before the overflow reaches.
    layers = [{"size": 2, "activation": "linear"}] * 4
    learner = Learner(client, small(layers=layers, learning_rate=100.0))
    assert learner.do("train", iterations=5_000)["diverged"]
    found = problem(learner.send("predict", {"inputs": [[1e6, 1e6]]}), 422)
    assert "too large" in found["detail"]


def test_the_history_is_thinned_to_so_many_points(learner: Learner) -> None:
    assert learner.get("history") == {"iterations": [], "costs": [], "finished": 0}
    costs: list[float] = []
    while len(costs) < 1_000:
        trained_ = learner.do("train", iterations=1_000 - len(costs))["trained"]
        costs += trained_["costs"]
    whole = learner.get("history?points=100000")
    assert whole["iterations"] == list(range(1_000))
    assert whole["costs"] == costs
    assert whole["finished"] == 1_000
    assert len(learner.get("history")["costs"]) == 500
    few = learner.get("history?points=7")
    assert len(few["costs"]) == 7
    assert few["iterations"][-1] == 999
    assert few["costs"] == [costs[iteration] for iteration in few["iterations"]]
    assert learner.get("history?points=1")["iterations"] == [999]
    for query in ("points=0", "points=100001"):
        problem(learner.client.get(f"{learner.path}/history?{query}"), 422)


def test_the_history_keeps_to_the_settings(make_client: MakeClient) -> None:
    learner = Learner(make_client(history_points=10), BODY)
    learner.do("train", iterations=50)
    assert len(learner.get("history?points=100")["costs"]) == 10


def test_looking_changes_nothing_and_is_open_to_followers(learner: Learner) -> None:
    learner.do("step", by="pass", count=2)
    before = learner.get()
    root, follow = learner.path.rpartition("/")[0], learner.session["follow_id"]
    for what in ("events", "explain/cost", "gradient-check", "history"):
        own = learner.client.get(f"{learner.path}/{what}")
        followed = learner.client.get(f"{root}/{follow}/{what}")
        assert followed.json() == own.json()
        assert own.headers["etag"] == followed.headers["etag"] == '"2"'
        problem(learner.client.get(f"{root}/nothing/{what}"), 404)
        problem(learner.client.post(f"{learner.path}/{what}"), 405)
    drawing = learner.client.get(f"{learner.path}/diagram.svg")
    assert drawing.headers["content-type"] == "image/svg+xml"
    assert drawing.headers["etag"] == '"2"'
    assert learner.client.get(f"{root}/{follow}/diagram.svg").content == drawing.content
    predicted = learner.client.post(f"{root}/{follow}/predict", json={"inputs": [[0.5, 0.5]]})
    assert predicted.status_code == 200
    assert learner.get() == before


def test_a_heavy_session_is_looked_at_too(client: TestClient) -> None:
    rows = [[0.01 * (i % 7), 0.5] for i in range(4_000)]
    body = {
        "data": {"inputs": rows, "targets": [[0.5]] * 4_000},
        "network": {"layers": [{"size": 100}, {"size": 1}]},
        "training": {"batch_size": None},
    }
    learner = Learner(client, body)
    learner.do("step", by="pass", count=2)
    service: Any = learner.client.app.state.service  # type: ignore[union-attr]
    service._cache.drop(learner.session["id"])
    for what in ("events?count=2", "explain/cost", "", "history"):
        learner.get(what)


def test_looking_on_a_real_server(app_server: AppServer) -> None:
    with httpx.Client(base_url=app_server.url) as client:
        learner = Learner(client, BODY)
        learner.do("step", by="pass", count=2)
        assert learner.get("explain/delta[1][0][0]")["label"]
        assert learner.get("gradient-check")["complete"]
        assert learner.get("events?from=3&count=2")["events"][0]["number"] == 3
        assert end_of(started(BODY), "backward") == learner.at[1]
        problem(client.get(f"{learner.path}/explain/new_w[1][0][0]"), 409)


def test_whoever_looks_may_name_the_revision_too(learner: Learner) -> None:
    looks = ("", "/events", "/explain/w[1][0][0]", "/history", "/diagram.svg", "/link")
    for look in looks:
        address = f"{learner.path}{look}"
        for sent in ('"1"', "*"):
            assert learner.client.get(address, headers={"If-Match": sent}).status_code == 200
        stale = learner.client.get(address, headers={"If-Match": '"7"'})
        assert problem(stale, 412)["current"] == 1
    assert problem(learner.send("predict", {"inputs": []}, {"If-Match": '"7"'}), 412)
