from __future__ import annotations

from xml.etree import ElementTree

import numpy as np
import pytest

from app.client import Client, Problem, Session


@pytest.fixture
def s(box: Client) -> Session:
    return box.start(preset="worked-example")


def test_the_passes_go_by_term_neuron_layer_and_pass(s: Session) -> None:
    assert (s.phase, s.event, s.cost, s.outputs) == ("ready", 0, None, None)
    assert s.forward(by="term").event == 1
    assert s.forward(by="neuron").event == 4
    assert s.forward().event == 8
    assert s.z(1) is not None
    assert s.z(2) is None
    assert s.forward(by="pass").phase == "cost"
    assert s.cost is not None
    assert s.backward(by="neuron").delta(2) is not None
    assert s.backward(by="pass").weight_gradients(1) is not None
    assert s.bias_gradients(2) is not None
    assert s.update(by="layer").cost_after is None
    assert s.update().phase == "done"
    assert s.cost_after is not None
    assert s.cost_after < s.cost


def test_step_and_back_are_each_others_reverse(s: Session) -> None:
    before = s.view["values"]
    s.step(count=7).step(by="layer").step(by="iteration", count=3)
    assert s.iteration == 2
    s.back(by="iteration", count=3)
    assert (s.iteration, s.event, s.view["values"]) == (0, 0, before)
    assert s.step(by="epoch", count=2).epoch == 1


def test_any_moment_of_the_past_can_be_gone_to(s: Session) -> None:
    s.train(iterations=20)
    last = s.weights(1)
    s.goto(3, 5)
    assert (s.iteration, s.event) == (3, 5)
    s.goto(19, s.view["position"]["events"])
    assert s.weights(1) == last


def test_an_edit_can_be_taken_back(s: Session) -> None:
    old = s.weights(1)[0][0]
    assert s.edit(values={"w[1][0][0]": 0.75}).weights(1)[0][0] == 0.75
    assert s.undo().weights(1)[0][0] == old
    assert s.redo().weights(1)[0][0] == 0.75
    assert s.patch(training={"learning_rate": 0.1}).view["training"]["learning_rate"] == 0.1
    assert isinstance(s.notices, list)


def test_a_point_of_view_is_set_without_an_edit(box: Client) -> None:
    s = box.start(preset="xor")
    assert s.edit(focus=2).view["batch"]["focus"] == 2


def test_every_number_can_be_asked_for(s: Session) -> None:
    s.forward(by="pass")
    explanation = s.explain("z[1][0][0]", digits=4)
    assert explanation["value"] == s.view["values"]["z"][1][0][0]
    assert "operands" in explanation
    assert [one["number"] for one in s.events(first=2, count=3)] == [2, 3, 4]
    assert s.sentence == s.view["event"]["explanation"]["sentence"]
    with pytest.raises(Problem) as early:
        s.explain("delta[1][0][0]")
    assert early.value.status == 409


def test_backpropagation_is_right(s: Session) -> None:
    s.forward(by="pass").backward(by="pass")
    checked = s.gradient_check()
    assert checked["largest_relative_error"] < 1e-6


def test_a_row_of_ones_own_goes_through_the_network(s: Session) -> None:
    assert s.predict([[0.05, 0.10]]) == s.forward(by="pass").outputs
    both = np.array(s.predict(((1, 2), (3, 4))))
    assert both == pytest.approx(np.array([*s.predict([[1, 2]]), *s.predict([[3, 4]])]))


def test_a_nudge_proves_the_gradient_and_changes_nothing(s: Session) -> None:
    s.forward(by="pass").backward(by="pass")
    shocked = s.shock("w[1][0][0]", by=1e-4)
    assert shocked["secant"] == pytest.approx(shocked["derivative"], rel=1e-3)
    assert s.shock("b[1][0]")["by"] == 0.01
    ways = s.paths("w[1][0][0]", most=1)
    assert ways["total"] == pytest.approx(shocked["derivative"])
    assert len(ways["ways"]) == 1
    assert s.read().revision == 3


def test_a_moment_travels_as_a_link(box: Client, s: Session) -> None:
    s.train(iterations=3)
    s.step(count=5)
    shown = box.moment(f"https://example.org{s.link()}")
    assert shown["position"]["event"] == 5
    assert shown["values"] == s.view["values"]
    assert shown["id"] is None
    copy = box.start(moment=s.link())
    assert copy.id != s.id
    assert copy.step().view["values"] == s.step().view["values"]


def test_the_costs_so_far(s: Session) -> None:
    s.train(iterations=30)
    assert s.history()["finished"] == 30
    assert len(s.history(points=5)["costs"]) <= 5


def test_the_diagram_is_an_svg_document(s: Session) -> None:
    root = ElementTree.fromstring(s.diagram_svg())
    assert root.tag == "{http://www.w3.org/2000/svg}svg"


def test_a_large_batch_is_listed_when_asked_for(box: Client) -> None:
    s = box.start(preset="digits", training={"batch_size": 150}).forward(by="pass")
    assert len(s.read().view["batch"]["shown"]) == 1
    assert len(s.read(everything=True).view["batch"]["shown"]) == 150


def test_an_ended_session_is_gone(s: Session) -> None:
    s.delete()
    s.delete()
    with pytest.raises(Problem) as gone:
        s.read()
    assert gone.value.status == 404


def test_it_shows_itself_in_a_notebook(s: Session) -> None:
    assert repr(s.step()) == "<Session 'Worked example': iteration 0, event 1 of 57, forward>"
    assert s.next


def test_the_input_has_no_weights(s: Session) -> None:
    assert s.activations(0) == [[0.05, 0.1]]
    with pytest.raises(IndexError):
        s.weights(0)
    with pytest.raises(IndexError):
        s.biases(-1)
    assert s.biases(1) == [0.35, 0.35]


def test_divergence_is_a_state(box: Client) -> None:
    layers = [{"size": 1, "activation": "linear", "weights": [[1e5]], "biases": [0]}] * 2
    s = box.start(
        data={"inputs": [[1e5]], "targets": [[0]]},
        network={"layers": layers},
        training={"learning_rate": 100},
    )
    assert s.diverged is None
    assert s.train(iterations=50).stopped == "diverged"
    assert s.diverged is not None
    assert s.diverged["sentence"]


def test_a_file_opens_again_with_its_past(box: Client, s: Session) -> None:
    s.train(iterations=8)
    s.step(by="layer")
    file = s.export()
    for content in (file, file.decode()):
        copy = box.import_session(content)
        assert copy.id != s.id
        assert copy.view["values"] == s.view["values"]
    assert copy.goto(3).view["values"] == s.goto(3).view["values"]
    with pytest.raises(Problem) as unknown:
        s.export("abacus")
    assert unknown.value.status == 404
    assert "json" in unknown.value.detail
    with pytest.raises(Problem) as damaged:
        box.import_session(file[:-9])
    assert damaged.value.status == 422
