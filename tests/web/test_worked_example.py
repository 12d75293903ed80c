"""The worked example's published numbers, to all their digits, by the API.

Source: M. Mazur, "A Step by Step Backpropagation Example", 2015. His biases stay as they are; ours are stepped too,
which no number of the first step hangs on.
"""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from starlette.testclient import TestClient

from tests.conftest import AppServer
from tests.web.learner import Learner

PRESET = {"preset": "worked-example"}
WEIGHTS = [
    [["0.149780716", "0.19956143"], ["0.24975114", "0.29950229"]],
    [["0.35891648", "0.408666186"], ["0.511301270", "0.561370121"]],
]


def rounded(number: float, like: str) -> str:
    """Write a number with as many decimals as the published one has."""
    return f"{number:.{len(like.partition('.')[2])}f}"


@pytest.fixture
def learner(client: TestClient) -> Learner:
    return Learner(client, PRESET)


def agree(numbers: Any, published: Any) -> None:
    if isinstance(published, str):
        assert rounded(numbers, published) == published
    else:
        assert len(numbers) == len(published)
        for number, other in zip(numbers, published, strict=True):
            agree(number, other)


def test_the_forward_pass(learner: Learner) -> None:
    values = learner.do("forward", by="pass")["values"]
    agree(values["z"][1][0], ["0.3775", "0.3925"])
    agree(values["a"][1][0], ["0.593269992", "0.596884378"])
    agree(values["z"][2][0][0], "1.105905967")
    agree(values["a"][2][0], ["0.75136507", "0.772928465"])
    agree(values["loss_terms"][0], ["0.274811083", "0.023560026"])
    agree(values["losses"][0], "0.298371109")
    agree(values["cost"], "0.298371109")


def test_the_backward_pass(learner: Learner) -> None:
    learner.do("forward", by="pass")
    values = learner.do("backward", by="pass")["values"]
    agree(values["blame"][2][0][0], "0.74136507")
    agree(values["slope"][2][0][0], "0.186815602")
    agree(values["delta"][2][0], ["0.138498562", "-0.0380982"])
    agree(values["weight_gradients"][2][0][0], "0.082167041")
    agree(values["blame_terms"][1][0], ["0.055399425", "-0.0190491"])
    agree(values["blame"][1][0][0], "0.036350306")
    agree(values["slope"][1][0][0], "0.241300709")
    agree(values["weight_gradients"][1][0][0], "0.000438568")


def test_the_new_weights(learner: Learner) -> None:
    learner.do("step", by="iteration")
    layers = learner.session["network"]["layers"]
    for layer, published in zip(layers[1:], WEIGHTS, strict=True):
        agree(layer["weights"], published)
    old = learner.session["values"]["previous_weights"]
    assert old[1:] == [[[0.15, 0.2], [0.25, 0.3]], [[0.4, 0.45], [0.5, 0.55]]]
    assert learner.session["values"]["previous_biases"][1:] == [[0.35, 0.35], [0.6, 0.6]]


def test_the_new_weights_on_a_real_server(app_server: AppServer) -> None:
    with httpx.Client(base_url=app_server.url) as client:
        learner = Learner(client, PRESET)
        for command, by in (("forward", "term"), ("forward", "pass"), ("backward", "pass")):
            learner.do(command, by=by)
        agree(learner.session["values"]["cost"], "0.298371109")
        learner.do("update")
        for layer, published in zip(learner.session["network"]["layers"][1:], WEIGHTS, strict=True):
            agree(layer["weights"], published)


def test_ten_thousand_steps_end_lower_than_published_because_biases_learn_too(
    learner: Learner,
) -> None:
    done = 0
    while done < 10_000:
        done += learner.do("train", iterations=10_000 - done)["trained"]["iterations"]
    assert learner.session["history"]["iterations"] == 10_000
    agree(learner.session["values"]["cost_after"], "0.0000024476")
