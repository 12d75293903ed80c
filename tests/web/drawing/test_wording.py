from __future__ import annotations

import pytest

from app.web.drawing.scene import Neuron
from app.web.drawing.wording import apart, bias_text, error_text, value_text

EMPTY = Neuron(z=None, a=None, delta=None, bias=0.5, old_bias=None)


def test_a_neuron_says_the_furthest_it_has_come() -> None:
    assert value_text(EMPTY, backward=False) == ""
    summing = Neuron(None, None, None, 0.5, None, running=1.25, share=0.5)
    assert value_text(summing, backward=False) == "Σ 1.25"
    assert value_text(Neuron(1.5, None, None, 0.5, None), backward=False) == "z 1.5"
    assert value_text(Neuron(1.5, 0.25, None, 0.5, None), backward=False) == "0.25"


def test_the_error_is_said_on_the_way_back() -> None:
    blamed = Neuron(1.5, 0.25, None, 0.5, None, running=-0.125)
    known = Neuron(1.5, 0.25, -0.5, 0.5, None)
    assert error_text(blamed, backward=True) == "Σ −0.13"
    assert error_text(known, backward=True) == "δ −0.5"
    assert error_text(known, backward=False) == error_text(EMPTY, backward=True) == ""


def test_a_bias_is_never_hidden_and_says_what_it_was() -> None:
    assert bias_text(EMPTY, narrow=False) == "bias 0.5"
    assert bias_text(EMPTY, narrow=True) == "b 0.5"
    stepped = Neuron(1.5, 0.25, -0.5, 0.4321, 0.5)
    assert bias_text(stepped, narrow=False) == "0.5 → 0.43"
    assert bias_text(stepped, narrow=True) == "b 0.43"


@pytest.mark.parametrize(
    ("before", "after", "shown"),
    [(-0.2, -0.2042, ("−0.2", "−0.204")), (0.5, 0.5, ("0.5", "0.5")), (1, 2, ("1", "2"))],
)
def test_two_numbers_are_told_apart(before: float, after: float, shown: tuple[str, str]) -> None:
    assert apart(before, after) == shown
