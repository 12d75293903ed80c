from __future__ import annotations

from typing import Any

import pytest

from tests.sessions.cases import at, bits, edited, small, started, stepped

KEPT = "The weights were kept."


@pytest.mark.parametrize(
    ("body", "sentences"),
    [
        ({"training": {"learning_rate": 0.05}}, ("The learning rate is now 0.05.", KEPT)),
        ({"training": {"batch_size": None}}, ("A batch is now all observations.", KEPT)),
        ({"training": {"batch_size": 3}}, ("A batch is now of size 3.", KEPT)),
        ({"training": {"optimizer": {"name": "adam"}}}, ("The optimizer is now adam.", KEPT)),
        (
            {"training": {"shuffle": True}},
            ("The order of the observations is now drawn anew each epoch.", KEPT),
        ),
        (
            {"training": {"l1": 0.1, "l2": 0.2}},
            ("The L1 penalty is now 0.1.", "The L2 penalty is now 0.2.", KEPT),
        ),
        (
            {"training": {"test_fraction": 0.2}},
            ("20% of the observations are now kept for the test.", KEPT),
        ),
        (
            {"network": {"cost": "binary_cross_entropy"}},
            ("The cost is now binary cross entropy.", KEPT),
        ),
        (
            {"network": {"layers": [{"size": 3, "activation": "relu"}, {"size": 2}]}},
            ("Hidden 1 now bends by relu.", KEPT),
        ),
        ({"network": {"layers": [{"size": 4}, {"size": 2}]}}, ("Hidden 1 now has 4 neurons.",)),
        ({"network": {"layers": [{"size": 1}, {"size": 2}]}}, ("Hidden 1 now has 1 neuron.",)),
        (
            {"network": {"layers": [{"size": 3}, {"size": 2}, {"size": 2}]}},
            ("The network is now 2-3-2-2.",),
        ),
        ({"network": {"seed": 9}}, ("New first weights were drawn.",)),
        ({"values": {"w[1][0][0]": 0.5}}, ()),
        ({"data": {"dataset": "xor"}, "network": {"layers": [{"size": 3}, {"size": 1}]}}, None),
    ],
)
def test_what_changed_is_said(body: dict[str, Any], sentences: tuple[str, ...] | None) -> None:
    found = edited(started(small()), **body).changes
    if sentences is None:
        assert found[-1].startswith("The data is now “")
    else:
        assert found == sentences


def test_what_is_as_before_is_not_said() -> None:
    session = started(small())
    assert edited(session, training={"learning_rate": 0.3, "shuffle": False}).changes == ()


@pytest.mark.parametrize("by", ["pass", "iteration"])
def test_an_input_changes_for_the_observation_that_is_seen(by: str) -> None:
    """After the update the iteration begins again with it: the next one has other observations."""
    session = stepped(started(small()), by)
    found = edited(session, values={"a[0][1][0]": 3.0, "y[0][1]": 0.5})
    after = found.session
    assert found.changes == (
        "In row 2 of the data x1 is now 3.",
        "In row 1 of the data the actual value of y2 is now 0.5.",
    )
    assert (after.tape.inputs[0, 1], after.tape.targets[1, 0]) == (3.0, 0.5)
    assert bits(after.state.theta) == bits(session.state.theta)
    if by == "pass":
        assert (at(after), found.notices) == (at(session), ())
    else:
        assert (at(after), after.history.iterations) == ((0, 0), 0)
        assert found.notices == ("The iteration begins again with it.",)
