from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from starlette.testclient import TestClient

from tests.sessions.cases import BODIES, small
from tests.web.learner import API, SESSIONS, Json, Learner, checked, pointers, problem

BODY = small()


@pytest.fixture
def learner(client: TestClient) -> Learner:
    learner = Learner(client, BODY)
    learner.do("step", by="pass", count=2)
    return learner


@pytest.mark.parametrize("address", ["w[1][0][1]", "b[2][1]", "a[0][1][0]"])
def test_a_nudge_meets_backpropagations_derivative(learner: Learner, address: str) -> None:
    before = learner.session
    found = learner.do("shock", address=address, by=1e-5)
    assert found["before"]["cost"] == before["values"]["cost"]
    assert found["before"]["a"] == before["values"]["a"]
    assert found["before"]["z"] == before["values"]["z"]
    assert found["central"] == pytest.approx(found["derivative"], abs=1e-9)
    assert found["secant"] == pytest.approx(found["derivative"], abs=1e-4)
    assert found["after"]["a"] != found["opposite"]["a"]
    assert learner.get() == before


def test_before_the_gradients_are_known_a_nudge_does_not_tell_them(client: TestClient) -> None:
    learner = Learner(client, BODY)
    for by, known in (("term", False), ("pass", False), ("pass", True), ("pass", True)):
        learner.do("step", by=by)
        found = learner.do("shock", address="w[1][0][0]")
        assert (found["derivative"] is not None) == known
        assert found["by"] == 0.01


@pytest.mark.parametrize(
    ("body", "places"),
    [
        ({"address": "z[1][0][0]"}, ["/address"]),
        ({"address": "w[1][0][0]", "by": 0}, ["/by"]),
        ({"address": "w[1][0][0]", "by": 1e7}, ["/by"]),
        ({"address": "w" * 61}, ["/address"]),
        ({"by": 0.1}, ["/address"]),
        ({"address": "w[1][0][9]"}, None),
        ({"address": "nonsense"}, None),
    ],
)
def test_what_cannot_be_nudged_is_refused(
    learner: Learner, body: Json, places: list[str] | None
) -> None:
    found = problem(learner.send("shock", body), 422)
    assert places is None or pointers(found) == places


def test_a_nudge_beyond_all_bounds_is_told(client: TestClient) -> None:
    layers = [{"size": 2, "activation": "linear"}] * 4
    learner = Learner(client, small(layers=layers, learning_rate=100.0))
    assert learner.do("train", iterations=5_000)["diverged"]
    found = problem(learner.send("shock", {"address": "w[1][0][0]"}), 409)
    assert "too large" in found["detail"]


@pytest.mark.parametrize("body", BODIES.values(), ids=list(BODIES))
def test_the_ways_add_up_to_the_gradient(client: TestClient, body: dict[str, Any]) -> None:
    learner = Learner(client, body)
    for event in ("forward", "cost"):
        learner.do("step", by="layer")
        problem(client.get(f"{learner.path}/paths/w[1][0][0]"), 409)
        assert event
    learner.do("goto", iteration=0, event=0)
    learner.do("step", by="pass", count=2)
    rows = len(learner.session["batch"]["rows"])
    for address in ("w[1][0][1]", "b[1][1]"):
        totals = []
        for focus in range(rows):
            learner.edit(focus=focus)
            found = learner.get(f"paths/{address}")
            assert found["count"] == len(found["ways"])
            products = [way["product"] for way in found["ways"]]
            assert sum(products) == pytest.approx(found["total"], abs=1e-14)
            for way in found["ways"]:
                factors = [factor["value"] for factor in way["factors"]]
                assert np.prod(factors) == pytest.approx(way["product"], rel=1e-12)
            totals.append(found["total"])
            assert found["total"] + found["others"] == pytest.approx(found["backprop"], abs=1e-14)
            assert found["backprop"] + found["penalty"] == pytest.approx(
                found["gradient"], abs=1e-14
            )
            assert found["gradient"] == learner.get(f"explain/d{address}")["value"]
        assert sum(totals) == pytest.approx(found["backprop"], abs=1e-14)


def test_what_the_penalties_add_is_told_apart(client: TestClient) -> None:
    learner = Learner(client, {"preset": "worked-example", "training": {"l2": 0.1, "l1": 0.01}})
    learner.do("step", by="pass", count=2)
    session = learner.session
    weight = session["network"]["layers"][1]["weights"][0][1]
    found = learner.get("paths/w[1][0][1]")
    assert found["others"] == 0.0
    assert found["penalty"] == pytest.approx(
        0.1 * weight + math.copysign(0.01, weight), rel=1e-9, abs=1e-15
    )
    assert found["gradient"] == session["values"]["weight_gradients"][1][0][1]
    assert learner.get("paths/b[1][0]")["penalty"] == 0.0


def test_a_derivative_is_told_from_its_own_event_on(client: TestClient) -> None:
    learner = Learner(client, {"preset": "worked-example"})
    learner.do("step", by="pass")
    event = learner.get("explain/dw[2][0][1]?absent=tell")["event"]
    learner.do("goto", iteration=0, event=event - 1)
    assert learner.do("shock", address="w[2][0][1]")["derivative"] is None
    learner.do("goto", iteration=0, event=event)
    gradient = learner.get("explain/dw[2][0][1]")["value"]
    assert learner.do("shock", address="w[2][0][1]")["derivative"] == gradient


def test_only_weights_and_biases_have_ways(learner: Learner) -> None:
    for address in ("cost", "a[1][0][0]", "dw[1][0][0]", "nonsense", "w[9][0][0]"):
        problem(learner.client.get(f"{learner.path}/paths/{address}"), 422)
    few = learner.get("paths/w[1][0][0]?most=1")
    assert (len(few["ways"]), few["count"]) == (1, 2)
    assert few["rest"] + few["ways"][0]["product"] == pytest.approx(few["total"])
    problem(learner.client.get(f"{learner.path}/paths/w[1][0][0]?most=0"), 422)


def test_a_link_shows_and_starts_the_same_moment(learner: Learner) -> None:
    learner.do("train", iterations=5)
    learner.do("step", by="layer", count=2)
    link = learner.get("link")
    assert link["path"] == f"/#moment={link['moment']}"
    path = f"{API}/moments/{link['moment']}"
    shown = checked("GET", path, learner.client.get(path))
    copy = Learner(learner.client, {"moment": link["moment"]})
    own = ("id", "follow_id", "revision", "created_at", "expires_at", "history")
    for session in (shown, copy.session):
        assert {**session, **{key: learner.session[key] for key in own}} == learner.session
    assert shown["id"] is None
    assert copy.session["id"] != learner.session["id"]
    for one in (copy, learner):
        one.do("train", iterations=3)
    assert copy.session["network"] == learner.session["network"]


def test_a_damaged_link_is_told(learner: Learner) -> None:
    moment = learner.get("link")["moment"]
    for token in (moment[:-5], "nonsense", moment[::-1]):
        found = problem(learner.client.get(f"{API}/moments/{token}"), 422)
        assert "damaged" in found["detail"]
        problem(learner.client.post(SESSIONS, json={"moment": token}), 422)


def test_a_network_too_large_for_a_link_is_told(client: TestClient) -> None:
    learner = Learner(client, {"preset": "digits"})
    assert "too large" in problem(client.get(f"{learner.path}/link"), 422)["detail"]


def test_probing_changes_nothing_and_is_open_to_followers(learner: Learner) -> None:
    root, follow = learner.path.rpartition("/")[0], learner.session["follow_id"]
    before = learner.get()
    for what in ("paths/w[1][0][0]", "link"):
        own = learner.client.get(f"{learner.path}/{what}")
        assert learner.client.get(f"{root}/{follow}/{what}").json() == own.json()
        problem(learner.client.get(f"{root}/nothing/{what}"), 404)
    body = {"address": "w[1][0][0]"}
    assert learner.client.post(f"{root}/{follow}/shock", json=body).status_code == 200
    assert learner.get() == before
