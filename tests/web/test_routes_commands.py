from __future__ import annotations

from typing import Any

import httpx
import pytest
from starlette.testclient import TestClient

from tests.conftest import AppServer
from tests.sessions.cases import BODIES, INPUTS, small
from tests.web.conftest import MakeClient
from tests.web.learner import Learner, pointers, problem

COMMANDS = ("step", "back", "forward", "backward", "update", "goto", "train", "undo", "redo")
BODY = small()


@pytest.fixture
def learner(client: TestClient) -> Learner:
    return Learner(client, BODY)


def ends(learner: Learner) -> dict[str, int]:
    """Return where each phase ends, read from the stretches."""
    stretches = learner.session["position"]["stretches"]
    return {one["phase"]: one["last"] for one in stretches}


def test_forward_backward_and_update_by_default_go_by_layer_and_by_pass(learner: Learner) -> None:
    stretches = learner.session["position"]["stretches"]
    stops = []
    while learner.session["position"]["phase"] in ("ready", "forward"):
        learner.do("forward")
        stops.append(learner.at[1])
    assert stops == [one["last"] for one in stretches if one["phase"] in ("forward", "cost")]
    assert learner.session["position"]["phase"] == "cost"
    learner.do("backward")
    learner.do("backward")
    assert learner.at[1] == ends(learner)["backward"]
    learner.do("update")
    assert learner.session["position"]["phase"] == "done"
    assert learner.session["position"]["event"] == learner.session["position"]["events"]


def test_by_pass_the_three_commands_make_an_iteration(learner: Learner) -> None:
    values = learner.do("forward", by="pass")["values"]
    assert values["cost"] is not None
    assert values["delta"] == [None, None, None]
    values = learner.do("backward", by="pass")["values"]
    assert values["bias_gradients"][1:] != [None, None]
    assert values["previous_weights"] is None
    values = learner.do("update")["values"]
    assert values["cost_after"] < values["cost"]
    learner.do("forward", by="pass")
    assert learner.at == (1, ends(learner)["cost"])


@pytest.mark.parametrize(
    ("stand", "command", "comes"),
    [
        ("ready", "backward", "forward"),
        ("ready", "update", "forward"),
        ("cost", "forward", "backward"),
        ("cost", "update", "backward"),
        ("backward", "forward", "update"),
        ("backward", "backward", "update"),
        ("update", "backward", "forward"),
        ("update", "update", "forward"),
    ],
)
def test_a_command_that_does_not_fit_says_what_comes_next(
    learner: Learner, stand: str, command: str, comes: str
) -> None:
    learner.do("goto", iteration=0, event=ends(learner).get(stand, 0))
    before = learner.session
    body = problem(learner.send(command), 409)
    assert f"call {comes}" in body["detail"]
    assert learner.get() == {**before, "trained": None, "notices": []}


@pytest.mark.parametrize("by", ["term", "neuron", "layer", "pass", "iteration", "epoch"])
def test_step_and_back_stop_at_the_same_places(learner: Learner, by: str) -> None:
    stops = [learner.at]
    for _ in range(5):
        learner.do("step", by=by)
        stops.append(learner.at)
    assert len(set(stops)) == 6
    for stop in reversed(stops[:-1]):
        learner.do("back", by=by)
        assert learner.at == stop
    assert "very beginning" in problem(learner.send("back", {"by": by}), 409)["detail"]


def test_a_count_takes_so_many_steps(learner: Learner) -> None:
    learner.do("step", by="term", count=7)
    assert learner.at == (0, 7)
    learner.do("back", by="term", count=3)
    assert learner.at == (0, 4)
    learner.do("back", by="term", count=1_000)
    assert learner.session["position"]["phase"] == "ready"
    answer = learner.do("step", by="iteration", count=5)
    assert learner.at == (4, answer["position"]["events"])
    assert answer["trained"]["iterations"] == 5
    answer = learner.do("step", by="epoch", count=2)
    assert answer["trained"]["epochs"] == 2
    assert answer["position"]["iteration"] == 8
    assert answer["notices"] == []


def test_steps_beyond_a_requests_time_are_left_and_it_is_said(make_client: MakeClient) -> None:
    learner = Learner(make_client(compute_milliseconds=1), BODY)
    answer = learner.do("step", by="pass", count=1_000)
    taken = 3 * learner.at[0] + ["cost", "backward", "done"].index(answer["position"]["phase"]) + 1
    assert 0 < taken < 1_000
    assert answer["notices"] == [
        f"This took long, so {taken:,} of 1,000 steps were taken. Ask again for more."
    ]
    while learner.at != (0, 0):
        answer = learner.do("back", by="pass", count=1_000)
        assert answer["notices"] or learner.at == (0, 0)


def test_goto_goes_to_any_moment_of_the_past_to_the_bit(learner: Learner) -> None:
    seen = {}
    for _ in range(12):
        answer = learner.do("step", by="pass")
        seen[learner.at] = (answer["values"], answer["network"])
    for iteration, event in reversed(seen):
        answer = learner.do("goto", iteration=iteration, event=event)
        assert (answer["values"], answer["network"]) == seen[iteration, event]
    for body, place in (
        ({"iteration": 99, "event": 0}, "/iteration"),
        ({"iteration": 0, "event": 10_000}, "/event"),
    ):
        assert pointers(problem(learner.send("goto", body), 422)) == [place]


def test_train_says_how_far_it_came(learner: Learner) -> None:
    answer = learner.do("train", iterations=7)
    trained = answer["trained"]
    assert trained["iterations"] == 7
    assert trained["epochs"] == 2
    assert (trained["done"], trained["stopped"]) == (True, "done")
    assert trained["cost_iterations"] == list(range(7))
    assert trained["costs"] == answer["history"]["costs"] == learner.get("history")["costs"]
    assert answer["position"]["phase"] == "done"
    answer = learner.do("train", epochs=1)
    assert answer["trained"]["cost_iterations"] == [7, 8]


def test_train_keeps_to_its_budget(learner: Learner) -> None:
    trained = learner.do("train", iterations=10_000_000, budget_ms=5)["trained"]
    assert (trained["done"], trained["stopped"]) == (False, "budget")
    assert 0 < trained["iterations"] < 100_000
    assert len(trained["costs"]) <= 2_000
    assert trained["cost_iterations"][-1] == learner.at[0]


def test_train_stops_at_a_cost(learner: Learner) -> None:
    costs = learner.do("train", iterations=50)["trained"]["costs"]
    learner.do("goto", iteration=0, event=0)
    target = costs[20]
    first = next(place for place, cost in enumerate(costs) if cost <= target)
    trained = learner.do("train", iterations=50, until_cost=target)["trained"]
    assert (trained["done"], trained["stopped"]) == (True, "until_cost")
    assert learner.at[0] == first
    assert trained["costs"] == costs[: first + 1]


@pytest.mark.parametrize("body", [{}, {"iterations": 1, "epochs": 1}, {"until_cost": 0.1}])
def test_train_needs_one_measure_of_length(learner: Learner, body: dict[str, Any]) -> None:
    found = problem(learner.send("train", body), 422)
    assert pointers(found) == [""]
    assert "either `iterations` or `epochs`" in found["detail"]


def test_training_at_speed_is_stepping_to_the_bit(client: TestClient) -> None:
    for body in BODIES.values():
        fast, slow = Learner(client, body), Learner(client, body)
        fast.do("train", iterations=4)
        slow.do("step", by="pass", count=12)
        for part in ("network", "values", "batch", "position"):
            assert fast.session[part] == slow.session[part]
        assert fast.session["history"]["costs"] == slow.session["history"]["costs"]


def test_undo_and_redo_return_to_the_exact_moment(learner: Learner) -> None:
    learner.do("step", by="layer", count=3)
    before = learner.session
    learner.edit(training={"learning_rate": 0.125})
    after = learner.do("step", by="layer")
    assert after["history"]["undo"] == 1
    parts = ("network", "training", "data", "position", "values", "batch")
    undone = learner.do("undo")
    assert [undone[part] for part in parts] == [before[part] for part in parts]
    assert (undone["history"]["undo"], undone["history"]["redo"]) == (0, 1)
    redone = learner.do("redo")
    assert [redone[part] for part in parts] == [after[part] for part in parts]
    assert "no undone edit" in problem(learner.send("redo"), 409)["detail"]
    learner.do("undo")
    assert "no edit to undo" in problem(learner.send("undo"), 409)["detail"]


def exploding(client: TestClient) -> Learner:
    layers = [{"size": 3, "activation": "relu"}, {"size": 2, "activation": "linear"}]
    return Learner(client, small(layers=layers, learning_rate=100.0))


def test_divergence_is_a_state_with_an_explanation(client: TestClient) -> None:
    learner = exploding(client)
    answer = learner.do("train", iterations=5_000)
    assert answer["trained"]["stopped"] == "diverged"
    assert not answer["trained"]["done"]
    diverged = answer["diverged"]
    assert diverged["iteration"] == learner.at[0] == answer["trained"]["iterations"]
    assert diverged["event"] == learner.at[1]
    assert "Step back" in answer["position"]["next"]["sentence"]
    for command in ("step", "forward", "backward", "update"):
        body = problem(learner.send(command), 409)
        assert "lower the learning rate" in body["detail"]
    problem(learner.send("train", {"iterations": 1}), 409)
    assert learner.get()["diverged"] == diverged
    for look in ("events", "history", "link"):
        learner.get(look)
    for look in (diverged["address"], "cost_after"):
        found = problem(learner.client.get(f"{learner.path}/explain/{look}"), 409)
        assert found["detail"] == diverged["sentence"]
    for look in ("gradient-check", "paths/w[1][0][0]"):
        found = problem(learner.client.get(f"{learner.path}/{look}"), 409)
        assert found["detail"] == diverged["sentence"]
    assert f"At event {diverged['event']}, the {diverged['name']} " in diverged["sentence"]


def test_after_divergence_back_and_a_lower_rate_go_on(client: TestClient) -> None:
    learner = exploding(client)
    learner.do("train", iterations=5_000)
    earlier = learner.do("back", by="term")
    assert earlier["diverged"] is None
    learner.do("goto", iteration=0, event=0)
    learner.edit(training={"learning_rate": 0.01})
    answer = learner.do("train", iterations=200)
    assert answer["trained"]["done"]
    assert answer["diverged"] is None
    assert answer["trained"]["costs"][-1] < answer["trained"]["costs"][0]


@pytest.mark.parametrize("seed", range(8))
def test_networks_that_diverge_never_put_more_than_numbers_on_the_wire(
    client: TestClient, seed: int
) -> None:
    activation = ["relu", "linear", "elu", "softplus", "swish", "leaky_relu"][seed % 6]
    layers = [{"size": 2, "activation": activation}, {"size": 2, "activation": "linear"}]
    body = small(layers=layers, learning_rate=100.0, batch_size=1 + seed % 5)
    learner = Learner(client, {**body, "network": {**body["network"], "seed": seed}})
    last = learner.do("train", iterations=3_000)["diverged"]
    assert last is not None
    learner.do("back", by="iteration", count=2)
    while learner.session["diverged"] is None:
        learner.do("step", by="layer")
    assert learner.session["diverged"] == last
    for _ in range(4):
        learner.do("back", by="neuron")
        assert learner.session["diverged"] is None


FIELDS = [
    ("step", {"by": "leap"}, "/by"),
    ("step", {"count": 0}, "/count"),
    ("step", {"count": 1_001}, "/count"),
    ("step", {"count": 1.5}, "/count"),
    ("step", {"count": "3"}, "/count"),
    ("step", {"count": True}, "/count"),
    ("step", {"more": 1}, "/more"),
    ("back", {"count": -1}, "/count"),
    ("forward", {"by": "iteration"}, "/by"),
    ("backward", {"by": "epoch"}, "/by"),
    ("update", {"by": None}, "/by"),
    ("goto", {"event": 0}, "/iteration"),
    ("goto", {"iteration": -1, "event": 0}, "/iteration"),
    ("goto", {"iteration": 0, "event": 2**54}, "/event"),
    ("train", {"iterations": 0}, "/iterations"),
    ("train", {"epochs": 10**7}, "/epochs"),
    ("train", {"iterations": 1, "budget_ms": 0}, "/budget_ms"),
    ("train", {"iterations": 1, "until_cost": "low"}, "/until_cost"),
    ("undo", {"count": 1}, "/count"),
    ("redo", {"count": 1}, "/count"),
]


@pytest.mark.parametrize(("command", "body", "pointer"), FIELDS)
def test_what_is_wrong_in_a_body_is_pointed_at(
    learner: Learner, command: str, body: dict[str, Any], pointer: str
) -> None:
    assert pointers(problem(learner.send(command, body), 422)) == [pointer]
    assert learner.get()["revision"] == 1


RAW = [
    (b'{"by": "term", "by": "pass"}', "/by"),
    (b'{"count": NaN}', "/count"),
    (b'{"count": 1e400}', "/count"),
    (b"[1, 2]", ""),
    (b"{", ""),
    (b'"\\ud800"', ""),
    (b"\xff", ""),
]


@pytest.mark.parametrize(("raw", "pointer"), RAW)
def test_bytes_that_are_no_such_body_are_refused(
    learner: Learner, raw: bytes, pointer: str
) -> None:
    for command in COMMANDS:
        response = learner.client.post(
            f"{learner.path}/{command}", content=raw, headers={"content-type": "application/json"}
        )
        found = pointers(problem(response, 422))
        assert found == [pointer] or command not in ("step", "back")


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_is_read_only_to_a_follower_and_unknown_elsewhere(
    learner: Learner, command: str
) -> None:
    body = {"goto": {"iteration": 0, "event": 1}, "train": {"iterations": 1}}.get(command, {})
    follow = learner.session["follow_id"]
    client, root = learner.client, learner.path.rpartition("/")[0]
    found = problem(client.post(f"{root}/{follow}/{command}", json=body), 403)
    assert "watch" in found["detail"]
    problem(client.post(f"{root}/nothing/{command}", json=body), 404)
    problem(client.get(f"{learner.path}/{command}"), 405)
    assert client.get(f"{root}/{follow}").json()["revision"] == 1


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_honours_if_match(learner: Learner, command: str) -> None:
    body = {"goto": {"iteration": 0, "event": 1}, "train": {"iterations": 1}}.get(command, {})
    response = learner.send(command, body, {"If-Match": '"7"'})
    found = problem(response, 412)
    assert found["current"] == 1
    assert response.headers["etag"] == '"1"'
    problem(learner.send(command, body, {"If-Match": "seven"}), 422)


def test_if_match_takes_etags_as_they_are_sent(learner: Learner) -> None:
    for revision, sent in enumerate(('"1"', 'W/"2"', "*", "4"), start=1):
        response = learner.send("step", {"by": "term"}, {"If-Match": sent})
        assert response.headers["etag"] == f'"{revision + 1}"'


def test_a_repeated_command_is_answered_alike_and_applied_once(learner: Learner) -> None:
    headers = {"Idempotency-Key": "a key of mine"}
    first = learner.send("step", {"by": "term"}, headers)
    again = learner.send("step", {"by": "term"}, headers)
    stale = learner.send("step", {"by": "term"}, headers | {"If-Match": '"1"'})
    assert first.content == again.content == stale.content
    assert first.headers["etag"] == again.headers["etag"] == '"2"'
    assert learner.get()["position"]["event"] == 1
    for other in (
        learner.send("step", {"by": "layer"}, headers),
        learner.send("back", {"by": "term"}, headers),
        learner.send("step?digits=3", {"by": "term"}, headers),
    ):
        assert "another request" in problem(other, 409)["detail"]
    problem(learner.send("step", {}, {"Idempotency-Key": "x" * 201}), 422)
    assert learner.get()["revision"] == 2


def test_an_empty_key_is_none(learner: Learner) -> None:
    for event in (1, 2):
        response = learner.send("step", {"by": "term"}, {"Idempotency-Key": ""})
        assert response.json()["position"]["event"] == event


def test_the_answer_is_written_as_it_was_asked_for(learner: Learner) -> None:
    few = learner.do("step?digits=2", by="pass")
    many = learner.client.get(f"{learner.path}?digits=17").json()
    assert few["values"] == many["values"]
    assert few["event"]["explanation"]["value"] == many["event"]["explanation"]["value"]
    assert len(few["event"]["explanation"]["shown"]) < len(many["event"]["explanation"]["shown"])
    sentences = {
        by: learner.client.get(f"{learner.path}?granularity={by}").json()["position"]["next"][
            "sentence"
        ]
        for by in ("term", "neuron", "layer", "pass", "iteration", "epoch")
    }
    assert len(set(sentences.values())) >= 5
    for query in ("digits=0", "digits=18", "granularity=leap", "observations=some"):
        problem(learner.client.get(f"{learner.path}?{query}"), 422)


def test_all_observations_of_a_large_batch_are_listed_on_demand(client: TestClient) -> None:
    rows = [[0.1 * i, 0.5] for i in range(900)]
    data = {"inputs": rows, "targets": [[0.0]] * 900}
    learner = Learner(client, {"data": data, "training": {"batch_size": None}})
    layers = {"network": {"layers": [{"size": 5}, {"size": 1}]}}
    learner.edit(**layers, focus=3)
    assert learner.session["batch"]["shown"] == [3]
    assert learner.session["batch"]["inputs"] == [rows[3]]
    answer = learner.do("step?observations=all", by="pass")
    assert answer["batch"]["shown"] == list(range(900))
    assert len(answer["values"]["a"][1]) == 900
    assert len(answer["batch"]["rows"]) == len(learner.get()["batch"]["rows"]) == 900


def test_the_commands_on_a_real_server(app_server: AppServer) -> None:
    with httpx.Client(base_url=app_server.url) as client:
        learner = Learner(client, BODY)
        for command in ("forward", "backward", "update"):
            learner.do(command, by="pass")
        learner.do("train", iterations=100)
        learner.edit(training={"learning_rate": 0.1})
        learner.do("undo")
        learner.do("back", by="epoch")
        answer = learner.do("goto", iteration=0, event=5)
        assert answer["batch"]["inputs"] == INPUTS[:2]
        key = {"Idempotency-Key": "twice"}
        one, two = (learner.send("step", {"by": "term"}, key) for _ in range(2))
        assert one.content == two.content
        assert problem(learner.send("step", {}, {"If-Match": '"1"'}), 412)["current"] == 10
