"""How large a network, its data and its numbers may be: each limit at its edge and one beyond."""

from __future__ import annotations

from math import inf, nextafter
from typing import Any, Final

from tests.reliability.edges import INPUTS, SMALL, TARGETS, Place, Refusal, Start, limit, shape
from tests.reliability.learner import SESSIONS


def both_ways(place: Place, refusal: Refusal, edge: Any, beyond: Any) -> None:
    """Begin a session, and change another, at the edge; be refused one beyond."""
    place.begin(edge)
    path = place.begin()
    place.refuses(refusal, "POST", SESSIONS, beyond)
    place.keeps_state(refusal, path, "", beyond)
    reply = place.command(path, "", edge)
    assert (reply.status, reply.revision) == (200, 2), reply.body


@limit("max_layers")
def layers(start: Start) -> None:
    refusal = Refusal(422, "invalid-input", "/network/layers", "10 layers")
    both_ways(start(), refusal, shape(*[2] * 11), shape(*[2] * 12))
    refusal = Refusal(422, "invalid-input", "/network/layers", "3 layers")
    both_ways(start(max_layers="3"), refusal, shape(2, 2, 2, 1), shape(2, 2, 2, 2, 1))


@limit("max_layer_neurons")
def neurons(start: Start) -> None:
    place = start()
    refusal = Refusal(422, "invalid-input", "/network/layers/0/size", "128 neurons")
    both_ways(place, refusal, shape(2, 128, 1), shape(2, 129, 1))
    refusal = Refusal(413, "too-large", "/data/inputs/0", "at most 128")
    both_ways(place, refusal, shape(128, 1), shape(129, 1))


@limit("max_parameters")
def parameters(start: Start) -> None:
    # 99 · 99 + 99 + 99 + 1 and 98 · 100 + 100 + 100 + 1.
    refusal = Refusal(422, "invalid-input", "/network/layers", "10,000 are allowed")
    both_ways(start(), refusal, shape(99, 99, 1), shape(98, 100, 1))


def rows(count: int, columns: int) -> dict[str, Any]:
    """Ask for so many rows of so many columns, the last of them the target."""
    data = {"inputs": [[0] * (columns - 1)] * count, "targets": [[0]] * count}
    return {"data": data, "network": {"layers": [{"size": 1}]}}


@limit("max_observations")
def observations(start: Start) -> None:
    refusal = Refusal(413, "too-large", "/data/inputs", "at most 20,000")
    both_ways(start(), refusal, rows(20_000, 2), rows(20_001, 2))


@limit("max_cells")
def cells(start: Start) -> None:
    refusal = Refusal(413, "too-large", "/data", "at most 77")
    both_ways(start(max_cells="77"), refusal, rows(7, 11), rows(6, 13))


@limit("max_number")
def numbers(start: Start) -> None:
    place, most, beyond = start(), 1e6, nextafter(1e6, inf)

    def refusal(pointer: str) -> Refusal:
        return Refusal(422, "invalid-input", pointer, "from −1,000,000 to 1,000,000")

    for sign in (1, -1):
        for pointer, holds in GIVEN.items():
            place.begin(holds(sign * most))
            place.refuses(refusal(pointer), "POST", SESSIONS, holds(sign * beyond))
        path = place.begin()
        for address in ("w[1][0][0]", "b[1][0]", "a[0][0][1]", "y[0][0]"):
            too_far = {"values": {address: sign * beyond}}
            place.keeps_state(refusal(f"/values/{address}"), path, "", too_far)
            assert place.command(path, "", {"values": {address: sign * most}}).status == 200
        shock = {"address": "w[1][0][0]", "by": sign * 2 * most}
        assert place.command(path, "shock", shock).status == 200
        far = Refusal(422, "invalid-input", "/by", "from −2,000,000 to 2,000,000")
        place.keeps_state(far, path, "shock", shock | {"by": sign * nextafter(2 * most, inf)})
        predict = {"inputs": [[0.0, sign * most]]}
        assert place.command(path, "predict", predict).status == 200
        predict = {"inputs": [[0.0, sign * beyond]]}
        place.keeps_state(refusal("/inputs/0"), path, "predict", predict)


def _weights(number: float) -> dict[str, Any]:
    first = {"size": 2, "weights": [[0.0, number], [0.0, 0.0]]}
    return {**SMALL, "network": {"layers": [first, {"size": 1}]}}


def _biases(number: float) -> dict[str, Any]:
    return {**SMALL, "network": {"layers": [{"size": 2, "biases": [0.0, number]}, {"size": 1}]}}


def _inputs(number: float) -> dict[str, Any]:
    return {**SMALL, "data": {"inputs": [[0.0, number], *INPUTS[1:]], "targets": TARGETS}}


def _targets(number: float) -> dict[str, Any]:
    return {**SMALL, "data": {"inputs": INPUTS, "targets": [[number], *TARGETS[1:]]}}


GIVEN: Final = {
    "/network/layers/0/weights": _weights,
    "/network/layers/0/biases": _biases,
    "/data/inputs/0/1": _inputs,
    "/data/targets/0/0": _targets,
}


@limit("max_learning_rate")
def learning_rate(start: Start) -> None:
    refusal = Refusal(422, "invalid-input", "/training/learning_rate", "at most 100.")

    def rate(number: float) -> Any:
        return {"training": {"learning_rate": number}}

    both_ways(start(), refusal, rate(100.0), rate(nextafter(100.0, inf)))


@limit("max_seed")
def seed(start: Start) -> None:
    place, most = start(), 2**53 - 1
    for part in ("network", "training"):
        refusal = Refusal(422, "invalid-input", f"/{part}/seed", "9,007,199,254,740,991")
        both_ways(place, refusal, {part: {"seed": most}}, {part: {"seed": most + 1}})
