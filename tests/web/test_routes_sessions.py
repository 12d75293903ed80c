from __future__ import annotations

import json
import time
from typing import Any

import httpx
import pytest
from starlette.testclient import TestClient

from app.data.bundled import IDS as DATASETS
from app.lessons.presets import IDS as PRESETS
from tests.conftest import AppServer
from tests.sessions.cases import BODIES, INPUTS, TARGETS, small
from tests.web.conftest import MakeClient
from tests.web.learner import API, SESSIONS, Json, Learner, checked, pointers, problem

OWN = {"inputs": INPUTS, "targets": TARGETS}


@pytest.fixture
def learner(client: TestClient) -> Learner:
    return Learner(client, small())


def test_the_presets_are_listed_by_the_names_of_the_contract(client: TestClient) -> None:
    listed = client.get(f"{API}/presets").json()
    assert [one["id"] for one in listed] == list(PRESETS)
    for one in listed:
        assert one.keys() == {"id", "title", "summary", "layers", "dataset", "result"}
        assert one["dataset"] in DATASETS


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_is_shown_as_the_session_it_would_start(client: TestClient, name: str) -> None:
    path = f"{API}/presets/{name}"
    shown = checked("GET", path, client.get(path))
    started = Learner(client, {"preset": name}).session
    own = ("id", "follow_id", "revision", "created_at", "expires_at")
    assert [shown[key] for key in own] == [None, None, 0, None, None]
    assert {**shown, **{key: started[key] for key in own}} == started
    problem(client.get(f"{API}/presets/{'x' * 100}"), 404)


def test_the_datasets_are_listed_and_shown_with_their_rows(client: TestClient) -> None:
    listed = client.get(f"{API}/datasets").json()
    assert [one["id"] for one in listed] == list(DATASETS)
    for one in listed:
        path = f"{API}/datasets/{one['id']}"
        shown = checked("GET", path, client.get(path))
        assert shown.items() >= one.items()
        rows = {len(shown[key]) for key in ("rows", "row_targets", "readings", "labels")}
        assert rows == {one["observations"]}
        assert {len(row) for row in shown["rows"]} == {len(one["inputs"])}
        assert one["source"]
    problem(client.get(f"{API}/datasets/nothing"), 404)


def test_a_session_starts_with_its_place_its_revision_and_the_contracts_names(
    client: TestClient,
) -> None:
    before = time.time()
    response = client.post(SESSIONS)
    session = checked("POST", SESSIONS, response)
    assert response.status_code == 201
    assert response.headers["location"] == f"{SESSIONS}/{session['id']}"
    assert response.headers["etag"] == '"1"'
    contract = {
        "network": "layers cost parameters",
        "training": "learning_rate batch_size shuffle seed test_fraction optimizer l1 l2",
        "data": "name inputs targets observations test_observations scaling",
        "position": "iteration epoch event events phase next",
        "batch": "rows inputs targets focus",
        "values": "a z delta weight_gradients bias_gradients losses cost "
        "previous_weights previous_biases cost_after",
        "history": "first iterations costs",
    }
    for name, keys in contract.items():
        assert set(keys.split()) <= session[name].keys()
    assert session["position"]["next"].keys() == {"phase", "layer", "neuron", "sentence"}
    layers = session["network"]["layers"]
    assert [layer["role"] for layer in layers] == ["input", "hidden-1", "hidden-2", "output"]
    assert layers[0].keys() >= {"role", "size", "names"}
    assert layers[1].keys() >= {"role", "size", "names", "activation", "weights", "biases"}
    assert (len(layers[1]["weights"]), len(layers[1]["weights"][0])) == (2, 5)
    assert session["position"]["phase"] == "ready"
    assert (session["diverged"], session["revision"]) == (None, 1)
    assert before - 1 <= session["created_at"] <= time.time() + 1
    assert session["expires_at"] - session["created_at"] == pytest.approx(7 * 86_400)


def test_an_untouched_session_reads_back_as_it_was_answered(client: TestClient) -> None:
    for body in BODIES.values():
        learner = Learner(client, body)
        assert learner.get() == learner.session
        learner.do("step", by="pass", count=4)
        assert learner.get() == learner.session


def test_numbers_read_back_to_the_same_double(client: TestClient) -> None:
    numbers = [0.1, 1 / 3, 5e-324, -0.0, 123456.7890123456, -1e-17]
    body = {
        "data": {"inputs": [numbers[:2]], "targets": [[0.0]]},
        "network": {"layers": [{"size": 2, "weights": [numbers[:2], numbers[2:4]]}, {"size": 1}]},
    }
    session = Learner(client, body).session
    assert session["batch"]["inputs"] == [numbers[:2]]
    assert session["network"]["layers"][1]["weights"] == [numbers[:2], numbers[2:4]]


def test_a_session_reads_by_its_follow_id_without_telling_its_own(learner: Learner) -> None:
    learner.do("step", by="pass")
    path = f"{SESSIONS}/{learner.session['follow_id']}"
    response = learner.client.get(path)
    followed = checked("GET", path, response)
    assert (followed["id"], followed["read_only"]) == (None, True)
    assert learner.session["id"] not in response.text
    assert {**followed, "id": learner.session["id"], "read_only": False} == learner.get()
    assert response.headers["etag"] == '"2"'
    problem(learner.client.patch(path, json={"focus": 0}), 403)
    problem(learner.client.delete(path), 403)


@pytest.mark.parametrize("sent", ['"2"', 'W/"2"', '"1", "2"', "*"])
def test_what_is_known_already_is_not_sent_again(learner: Learner, sent: str) -> None:
    learner.do("step")
    response = learner.client.get(learner.path, headers={"If-None-Match": sent})
    assert response.status_code == 304
    assert response.content == b""
    assert response.headers["etag"] == '"2"'


@pytest.mark.parametrize("sent", ['"1"', "2", '"22"', ""])
def test_what_is_new_is_sent(learner: Learner, sent: str) -> None:
    learner.do("step")
    response = learner.client.get(learner.path, headers={"If-None-Match": sent})
    assert response.status_code == 200
    assert response.json()["revision"] == 2


def test_a_deleted_session_is_gone(learner: Learner) -> None:
    assert problem(learner.client.delete(learner.path, headers={"If-Match": '"9"'}), 412)
    response = learner.client.delete(learner.path, headers={"If-Match": '"1"'})
    assert (response.status_code, response.content) == (204, b"")
    for gone in (
        learner.client.get(learner.path),
        learner.client.delete(learner.path),
        learner.send("step"),
        learner.client.get(f"{SESSIONS}/{learner.session['follow_id']}"),
    ):
        problem(gone, 404)


@pytest.mark.parametrize("name", ["nothing", "x" * 64, "x" * 500, "%00", "ä", "a.b"])
def test_an_unknown_session_is_not_found(client: TestClient, name: str) -> None:
    path = f"{SESSIONS}/{name}"
    problem(client.get(path), 404)
    problem(client.patch(path, json={}), 404)
    problem(client.delete(path), 404)


def test_a_start_repeated_under_its_key_starts_once(client: TestClient) -> None:
    headers = {"Idempotency-Key": "mine"}
    first, again = (client.post(SESSIONS, json=small(), headers=headers) for _ in range(2))
    assert first.content == again.content
    assert again.status_code == 201
    assert first.headers["location"] == again.headers["location"]
    client.post(first.headers["location"] + "/step")
    assert client.post(SESSIONS, json=small(), headers=headers).content == first.content
    problem(client.post(SESSIONS, json={}, headers=headers), 409)


def test_an_edit_says_what_changed_and_what_could_not_be_kept(learner: Learner) -> None:
    learner.do("step", by="pass", count=2)
    learner.do("step", by="term", count=2)
    answer = learner.edit(network={"layers": [{"size": 4, "activation": "tanh"}, {"size": 2}]})
    assert answer["notices"] == [
        "Hidden 1 now has 4 neurons.",
        "The update was finished first, so that the change meets the new weights.",
        "Weights between neurons that are still there were kept; new ones were drawn.",
    ]
    assert learner.at == (1, 0)
    assert answer["history"]["undo"] == 1
    assert answer["history"]["iterations"] == len(answer["history"]["costs"]) == 1
    assert learner.get()["notices"] == []


def test_every_kind_of_edit_is_taken(learner: Learner) -> None:
    session = learner.edit(training={"learning_rate": 0.25, "optimizer": {"name": "adam"}})
    assert session["training"]["learning_rate"] == 0.25
    assert session["training"]["optimizer"]["name"] == "adam"
    assert session["training"]["batch_size"] == 2
    session = learner.edit(values={"w[1][0][1]": 0.125, "b[2][0]": -2, "a[0][1][0]": 9.5})
    assert session["network"]["layers"][1]["weights"][0][1] == 0.125
    assert session["network"]["layers"][2]["biases"][0] == -2
    assert session["batch"]["inputs"][1][0] == 9.5
    session = learner.edit(data={"dataset": "xor"})
    assert (session["data"]["id"], session["network"]["layers"][-1]["size"]) == ("xor", 1)
    session = learner.edit(focus=1)
    assert (session["batch"]["focus"], session["history"]["undo"]) == (1, 3)
    csv = "x,y\n1,2\n2,4\n3,6\n"
    columns = {"input_columns": ["x"], "target_columns": ["y"]}
    session = learner.edit(data={"csv": csv, **columns}, training={"batch_size": None})
    assert session["data"]["observations"] == 3
    assert session["batch"]["readings"][0] == ["1"]
    for _ in range(4):
        learner.do("undo")
    assert learner.session["training"]["learning_rate"] == 0.3


BAD: list[tuple[Json, list[str]]] = [
    ({"unknown": 1}, ["/unknown"]),
    ({"training": {"speed": 1}}, ["/training/speed"]),
    ({"training": {"learning_rate": "fast"}}, ["/training/learning_rate"]),
    ({"training": {"learning_rate": 100.0001}}, ["/training/learning_rate"]),
    ({"training": {"learning_rate": -1}}, ["/training/learning_rate"]),
    ({"training": {"batch_size": 0}}, ["/training/batch_size"]),
    ({"training": {"shuffle": 1}}, ["/training/shuffle"]),
    ({"training": {"test_fraction": 1}}, ["/training/test_fraction"]),
    ({"training": {"seed": 2**53}}, ["/training/seed"]),
    ({"training": {"optimizer": {"name": "magic"}}}, ["/training/optimizer/name"]),
    ({"training": {"optimizer": {"momentum": 1}}}, ["/training/optimizer/momentum"]),
    ({"network": {"layers": []}}, ["/network/layers"]),
    ({"network": {"layers": [{"size": 0}]}}, ["/network/layers/0/size"]),
    ({"network": {"layers": [{"size": 129}, {"size": 2}]}}, ["/network/layers/0/size"]),
    ({"network": {"layers": [{"size": 2}] * 11}}, ["/network/layers"]),
    ({"network": {"layers": [{"size": 128}] * 2 + [{"size": 2}]}}, ["/network/layers"]),
    ({"network": {"layers": [{"size": 3}]}}, ["/network/layers/0/size"]),
    (
        {"network": {"layers": [{"size": 2, "activation": "softmax"}, {"size": 2}]}},
        ["/network/layers/0/activation"],
    ),
    (
        {"network": {"layers": [{"size": 2, "weights": [[1, 2]], "biases": [1]}]}},
        ["/network/layers/0/weights", "/network/layers/0/biases"],
    ),
    (
        {"network": {"layers": [{"size": 2, "weights": [[1, 2], [3, 1e7]]}]}},
        ["/network/layers/0/weights"],
    ),
    (
        {"network": {"layers": [{"size": 2, "weights": [[1, "2"]]}]}},
        ["/network/layers/0/weights/0/1"],
    ),
    ({"network": {"cost": "cross_entropy"}}, ["/network/cost"]),
    ({"network": {"seed": 2**53}}, ["/network/seed"]),
    ({"network": {"initializer": "luck"}}, ["/network/initializer"]),
    ({"data": {}}, ["/data"]),
    ({"data": {"inputs": [[1]]}}, ["/data/targets"]),
    ({"data": {"inputs": [[1], [1, 2]], "targets": [[1], [1]]}}, ["/data/inputs/1"]),
    ({"data": {"inputs": [[1e7]], "targets": [[1]]}}, ["/data/inputs/0/0"]),
    ({"data": {**OWN, "input_names": ["x"]}}, ["/data/input_names"]),
    ({"data": {**OWN, "input_names": ["x", "x"]}}, ["/data/input_names/1"]),
    ({"data": {**OWN, "input_names": ["x", "y" * 61]}}, ["/data/input_names/1"]),
]


@pytest.mark.parametrize(("body", "places"), BAD)
def test_what_is_wrong_in_a_body_is_pointed_at_and_nothing_is_stored(
    client: TestClient, body: Json, places: list[str]
) -> None:
    learner = Learner(client, small())
    own = {"data": OWN, **body}
    assert pointers(problem(client.post(SESSIONS, json=own), 422)) == places
    assert pointers(problem(learner.send("", body), 422)) == places
    assert learner.get() == learner.session


@pytest.mark.parametrize(
    ("body", "place"),
    [
        ({"values": {"w[1][0][0]": 1e7}}, "/values/w[1][0][0]"),
        ({"values": {"w[7][0][0]": 1}}, "/values/w[7][0][0]"),
        ({"values": {"z[1][0][0]": 1}}, "/values/z[1][0][0]"),
        ({"values": {"a/b": 1}}, "/values/a~1b"),
        ({"values": {"w[1][0][0]": "1"}}, "/values/w[1][0][0]"),
        ({"values": {"w[1][0][0]": None}}, "/values/w[1][0][0]"),
        ({"focus": 2}, "/focus"),
        ({"preset": "xor"}, "/preset"),
    ],
)
def test_what_is_wrong_in_an_edit_is_pointed_at(learner: Learner, body: Json, place: str) -> None:
    assert pointers(problem(learner.send("", body), 422)) == [place]
    assert learner.get() == learner.session


@pytest.mark.parametrize(
    ("raw", "pointer"),
    [
        (b'{"preset": "xor", "preset": "iris"}', "/preset"),
        (b'{"training": {"l1": 1, "l1": 2}}', "/training/l1"),
        (b'{"training": {"learning_rate": NaN}}', "/training/learning_rate"),
        (b'{"training": {"learning_rate": -Infinity}}', "/training/learning_rate"),
        (b'{"training": {"learning_rate": 1e400}}', "/training/learning_rate"),
        (b'{"data": {"inputs": [[1e400]], "targets": [[1]]}}', "/data/inputs/0/0"),
        (b'{"preset": "\\ud800"}', ""),
        (b"[]", ""),
        (b"null", ""),
        (b"{", ""),
        (b"", None),
    ],
)
def test_bytes_are_read_strictly(client: TestClient, raw: bytes, pointer: str | None) -> None:
    response = client.post(SESSIONS, content=raw, headers={"content-type": "application/json"})
    if pointer is None:
        assert response.status_code == 201
    else:
        assert pointers(problem(response, 422)) == [pointer]


def test_at_most_twenty_faults_are_told(client: TestClient) -> None:
    body = {"network": {"layers": [{"size": 0}] * 30}}
    found = problem(client.post(SESSIONS, json=body), 422)
    assert len(found["errors"]) <= 20


def test_unknown_presets_and_data_are_not_found(client: TestClient) -> None:
    for body in ({"preset": "nothing"}, {"data": {"dataset": "nothing"}}):
        assert "nothing" in problem(client.post(SESSIONS, json=body), 404)["detail"]


def test_bodies_have_their_size(make_client: MakeClient) -> None:
    client = make_client(json_bytes=2_000)
    data = {"inputs": [[0.5]] * 500, "targets": [[0.5]] * 500}
    problem(client.post(SESSIONS, json={"data": data}), 413)
    problem(client.post(SESSIONS, content=b"{}", headers={"content-type": "text/plain"}), 415)


def test_places_and_lifetimes_are_limited(make_client: MakeClient) -> None:
    client = make_client(max_sessions=1)
    learner = Learner(client)
    found = problem(client.post(SESSIONS), 507)
    assert "the most is 1." in found["detail"]
    learner.do("step")
    client.delete(learner.path)
    Learner(client)


def test_limits_are_the_settings_and_hold_at_the_edge(make_client: MakeClient) -> None:
    client = make_client(max_layers=2, max_layer_neurons=3, max_parameters=17, max_observations=5)
    Learner(client, small())
    too_many = {"inputs": INPUTS + INPUTS[:1], "targets": TARGETS + TARGETS[:1]}
    found = problem(client.post(SESSIONS, json={**small(), "data": too_many}), 413)
    assert pointers(found) == ["/data/inputs"]
    tight = make_client(max_parameters=16)
    found = problem(tight.post(SESSIONS, json=small()), 422)
    assert "17 weights and biases; at most 16" in found["detail"]
    assert pointers(found) == ["/network/layers"]


def test_a_session_on_a_real_server(app_server: AppServer) -> None:
    with httpx.Client(base_url=app_server.url) as client:
        learner = Learner(client)
        assert learner.get() == learner.session
        known = client.get(learner.path, headers={"If-None-Match": '"1"'})
        assert (known.status_code, known.content) == (304, b"")
        learner.edit(training={"learning_rate": 0.25})
        raw = client.post(
            SESSIONS, content=b'{"preset": NaN}', headers={"content-type": "application/json"}
        )
        assert pointers(problem(raw, 422)) == ["/preset"]
        assert client.delete(learner.path).status_code == 204
        problem(client.get(learner.path), 404)
        assert json.loads(client.get(f"{API}/presets").content)[0]["id"] == "article"


def test_nothing_that_was_sent_stands_in_an_answer_of_refusal(client: TestClient) -> None:
    secret: Any = "a-secret-word"
    for body in ({"preset": [secret]}, {"training": {"learning_rate": secret}}):
        response = client.post(SESSIONS, json=body)
        problem(response, 422)
        assert secret not in response.text
