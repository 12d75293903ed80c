from __future__ import annotations

from starlette.testclient import TestClient

from tests.sessions.cases import small
from tests.web.learner import API, Learner, checked, problem


def test_a_number_that_is_not_computed_yet_is_refused_or_told(client: TestClient) -> None:
    learner = Learner(client, small())
    path = f"{learner.path}/explain/z[1][0][0]"
    refused = problem(client.get(path), 409)
    told = checked("GET", path, client.get(f"{path}?absent=tell"))
    assert told == {"address": "z[1][0][0]", "absent": refused["detail"], "event": 3}
    learner.do("goto", iteration=0, event=3)
    assert learner.get("explain/z[1][0][0]?absent=tell") == learner.get("explain/z[1][0][0]")


def test_a_number_that_overflowed_is_told_to_be_absent(client: TestClient) -> None:
    wild = small(layers=[{"size": 2, "activation": "relu"}, {"size": 2, "activation": "linear"}])
    wild["training"]["learning_rate"] = 100.0
    learner = Learner(client, wild)
    while not learner.session["diverged"]:
        learner.do("train", iterations=20)
    address = learner.session["diverged"]["address"]
    told = learner.get(f"explain/{address}?absent=tell")
    assert told["absent"] == problem(client.get(f"{learner.path}/explain/{address}"), 409)["detail"]


def test_a_preset_and_a_moment_are_explained_and_nothing_is_stored(client: TestClient) -> None:
    learner = Learner(client, small())
    learner.do("forward", by="pass")
    moment = learner.get("link")["moment"]
    for path, known in ((f"{API}/moments/{moment}", True), (f"{API}/presets/article", False)):
        weight = checked(
            "GET", f"{path}/explain/w[1][0][0]", client.get(f"{path}/explain/w[1][0][0]")
        )
        assert weight["sentence"]
        sum_ = checked(
            "GET", f"{path}/explain/z[1][0][0]", client.get(f"{path}/explain/z[1][0][0]")
        )
        assert ("sentence" in sum_, "absent" in sum_) == (known, not known)
        problem(client.get(f"{path}/explain/z[9][0][0]"), 422)
    problem(client.get(f"{API}/presets/none/explain/cost"), 404)
    same = client.get(f"{API}/moments/{moment}/explain/z[1][0][0]").json()
    assert same == learner.get("explain/z[1][0][0]")
