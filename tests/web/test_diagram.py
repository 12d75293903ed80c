from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import replace
from xml.etree import ElementTree

import pytest
from starlette.testclient import TestClient

from app.engine.addresses import Address
from app.explain.digits import display
from app.sessions.session import Session
from app.web.diagram import diagram_policy, diagram_svg
from app.web.drawing.palette import palette
from tests.web.diagrams import (
    GOLDEN,
    MOMENTS,
    SMALL,
    SVG,
    drawn,
    network,
    parts,
    session,
    texts,
    without_words,
)

EVENTS = session(SMALL).setup.events.count
ODD_NAME = "<b>\"&'" + "x" * 40


def known(one: Session, kind: str, *path: int) -> bool:
    return one.tape.event_number(Address(kind, path)) <= one.position.event


@pytest.mark.parametrize("name", MOMENTS)
def test_a_stored_drawing_stays_as_it_is(name: str) -> None:
    stored = (GOLDEN / f"diagram-{name}.svg").read_text(encoding="utf-8")
    now = diagram_svg(session(SMALL, MOMENTS[name]))
    assert without_words(now.replace("><", ">\n<") + "\n").split() == without_words(stored).split()


def test_the_same_moment_gives_the_same_text() -> None:
    assert diagram_svg(session(SMALL, 30)) == diagram_svg(session(SMALL, 30))


@pytest.mark.parametrize("event", range(EVENTS + 1))
def test_no_number_is_shown_before_its_event(event: int) -> None:
    one = session(SMALL, event, focus=1)
    root = drawn(one)
    groups = parts(root, "n", "g")
    for layer, neuron in ((1, 0), (1, 1), (2, 0), (2, 1)):
        group = groups[f"n:{layer}:{neuron}"]
        words = texts(group)
        at = (layer, 1, neuron)
        activation, error = one.tape.value(Address("a", at)), one.tape.value(Address("delta", at))
        assert (display(activation) in words) == known(one, "a", *at)
        assert bool(group.findall(f".//{SVG}circle[@cx]")) == known(one, "a", *at), (
            "the curve's dot"
        )
        backward = one.setup.events.phase_at(event) == "backward"
        assert (f"δ {display(error)}" in words) == (backward and known(one, "delta", *at))
        assert any("→" in text for text in words) == known(one, "new_b", layer, neuron)


@pytest.mark.parametrize("event", range(EVENTS + 1))
def test_an_arrow_comes_with_its_blame(event: int) -> None:
    one = session(SMALL, event)
    backward = one.setup.events.phase_at(event) == "backward"
    expected = {
        f"c:2:{target}:{neuron}"
        for target in range(2)
        for neuron in range(2)
        if backward and known(one, "blame_term", 1, 0, neuron, target)
    }
    assert set(parts(drawn(one), "c", "path")) == expected


def test_a_wider_arrow_carries_more_blame() -> None:
    one = session(SMALL, "backward bias_gradient 1 1 -1")
    arrows = parts(drawn(one), "c", "path")
    blames = {
        f"c:2:{k}:{j}": abs(one.tape.value(Address("blame_term", (1, 0, j, k))))
        for j in range(2)
        for k in range(2)
    }

    def wide(key: str) -> float:
        numbers = [float(text) for text in re.findall(r"-?[0-9.]+", arrows[key].attrib["d"])]
        first, last = (numbers[0], numbers[1]), (numbers[-2], numbers[-1])
        return math.dist(first, last)

    assert sorted(blames, key=blames.__getitem__) == sorted(arrows, key=wide)


@pytest.mark.parametrize(
    ("preset", "event"),
    [
        (preset, event)
        for preset in ("article", "small", "logistic-5", "xor", "iris", "digits")
        for event in (0, 3, 21)
    ],
)
def test_every_preset_is_well_formed_and_stays_on_its_paper(preset: str, event: int) -> None:
    root = drawn(session(preset, event))
    assert root.attrib["viewBox"] == "0 0 1280 720"
    for text in root.iter(f"{SVG}text"):
        if text.get("text-anchor") != "middle" and "x" in text.attrib:
            assert 40 <= float(text.attrib["x"]) <= 1240
    assert "nan" not in diagram_svg(session(preset, event))


def test_a_weight_tells_its_sign_twice() -> None:
    lines = parts(drawn(session(SMALL)), "c", "line")
    weights = session(SMALL).setup.network.weights(session(SMALL).state.theta, 1)
    for neuron in range(2):
        for source in range(3):
            line = lines[f"c:1:{neuron}:{source}"]
            negative = weights[neuron, source] < 0
            assert ("weight-negative" in line.attrib["class"]) == negative
            assert ("stroke-dasharray" in line.attrib) == negative


def test_a_name_cannot_break_out_of_the_drawing() -> None:
    data = {**SMALL["data"], "input_names": [ODD_NAME, "b", "c"], "target_names": [ODD_NAME, "no"]}
    svg = diagram_svg(session({**SMALL, "data": data}, 12))
    assert "<b>" not in svg
    words = texts(ElementTree.fromstring(svg))
    assert any(text.startswith("<b>\"&'xx") for text in words)
    assert all(len(text) < 60 for text in words if text.startswith("<b>") and "x" * 20 in text)


def test_who_cannot_see_it_is_told() -> None:
    root = drawn(session(SMALL, "forward activation 2 1 -1"))
    ids = root.attrib["aria-labelledby"].split()
    title, description = (root.find(f"*[@id='{one}']") for one in ids)
    assert root.attrib["role"] == "img"
    assert title is not None
    assert title.text == "Your data · 3 → 2 → 2: Output 2 (go out): squash with sigmoid"
    assert description is not None
    said = description.text or ""
    assert said.startswith("A neural network: 3 inputs, Hidden 1 with 2 tanh neurons, Output")
    assert "Outputs: stay in " in said
    assert "actual 1; go out " in said


def test_the_caption_says_when_what_and_why() -> None:
    words = texts(drawn(session(SMALL, 8)))
    assert "Iteration 0 · event 8 of 63 · forward pass · Hidden 1" in words
    assert "Hidden 1, neuron 2: add frost" in words
    assert "row 1, one of a batch of 2" in words
    assert any(text.startswith("Z₂ so far: ") for text in words)
    assert "Ready for the first step" in texts(drawn(session(SMALL)))


def test_a_finished_iteration_says_what_it_gained() -> None:
    words = texts(drawn(session(SMALL, EVENTS)))
    assert "Iteration 0 is done" in words
    one = session(SMALL, EVENTS)
    assert any(display(one.tape.cost_after) in text for text in words if "new weights" in text)


def test_a_number_that_grew_too_large_is_said_and_not_drawn() -> None:
    spec = network([(2, "linear"), (1, "linear")], 1)
    spec["training"] = {"learning_rate": 1.0}
    begun = session(spec)
    one = replace(begun, state=replace(begun.state, theta=begun.state.theta * 0 + 1e200))
    late = replace(one, position=replace(one.position, event=one.tape.events.count))
    words = texts(drawn(late))
    assert "A number has grown too large" in words
    assert not re.search(r"\b(inf|nan)\b", " ".join(words))


def test_the_legend_has_the_numbers_of_the_scales_in_use() -> None:
    words = texts(drawn(session(SMALL, "backward gradient 1 1 2")))
    for name in ("weight", "blame carried", "gradient", "error δ"):
        assert name in words
    assert "−2" in words
    assert "+2" in words
    assert "blame carried" not in texts(drawn(session(SMALL, 8)))
    assert "has taken its step" in texts(drawn(session(SMALL, EVENTS - 2)))


def bright(root: ElementTree.Element) -> set[str]:
    return {
        key for key, line in parts(root, "c", "line").items() if float(line.attrib["opacity"]) > 0.9
    }


@pytest.mark.parametrize(
    ("event", "lit"),
    [
        ("forward product 1 1 2", ["c:1:1:2"]),
        ("forward bias 1 1 -1", ["c:1:1:0", "c:1:1:1", "c:1:1:2"]),
        ("backward gradient 2 0 1", ["c:2:0:1"]),
        ("update new_weight 1 0 0", ["c:1:0:0"]),
    ],
)
def test_the_operands_stand_out(event: str, lit: Sequence[str]) -> None:
    assert bright(drawn(session(SMALL, event))) == set(lit)


def test_large_layers_fold() -> None:
    spec = network([(100, "tanh"), (31, "sigmoid")], 60)
    root = drawn(session(spec, "backward blame 1 70 12"))
    words = texts(root)
    assert {"… 54 more", "… 94 more", "… 25 more"} <= set(words)
    assert any("the strongest 72 of 9,100 connections" in text for text in words)
    assert {"n:1:70", "n:2:12"} <= set(parts(root, "n", "g")), "the neurons at work are drawn"
    assert "c:2:12:70" in parts(root, "c", "path")


def test_pixels_become_a_picture() -> None:
    root = drawn(session("digits", "forward product 1 5 20"))
    cells = [
        rect
        for rect in root.iter(f"{SVG}rect")
        if rect.attrib["width"] == "30" and rect.get("fill") != "none"
    ]
    one = session("digits")
    assert len(cells) == sum(one.tape.inputs[:, 0] != 0)
    assert "8 × 8 pixels" in texts(root)


def test_a_browser_may_use_its_style_and_nothing_else(client: TestClient) -> None:
    address = client.post("/api/v1/sessions", json={}).headers["Location"]
    answer = client.get(f"{address}/diagram.svg")
    assert answer.headers["Content-Type"] == "image/svg+xml"
    assert answer.headers["Content-Security-Policy"] == diagram_policy()
    assert "'unsafe-inline'" not in diagram_policy()
    style = drawn(session("article")).find(f"{SVG}style")
    assert style is not None
    assert style.text == palette().style()
    assert ElementTree.fromstring(answer.text).tag == f"{SVG}svg"
