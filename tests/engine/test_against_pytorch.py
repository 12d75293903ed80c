"""Every golden network of PyTorch, in double precision: outputs, cost, gradients and five updates."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from app.engine.tape import Tape
from tests.engine.bridge import first_tape, flat, gap, next_tape
from tests.figures import Figures

GOLDEN = json.loads((Path(__file__).parents[1] / "golden" / "pytorch.json").read_text("utf-8"))
NETWORKS = GOLDEN["networks"]
TOLERANCE = 1e-10


def name_of(golden: dict[str, Any]) -> str:
    return "-".join([*golden["activations"], golden["cost"], golden["optimizer"]])


def first_gaps(golden: dict[str, Any], tape: Tape) -> list[float]:
    expected = golden["expected"]
    return [
        gap(tape.a[-1].T, expected["outputs"]),
        gap(tape.cost, expected["cost"]),
        gap(tape.gradient, flat(expected["dW"], expected["db"])),
    ]


def update_gaps(golden: dict[str, Any], tape: Tape) -> list[float]:
    gaps = []
    for update in golden["expected"]["updates"]:
        gaps.append(gap(tape.after.theta, flat(update["weights"], update["biases"])))
        gaps.append(gap(tape.cost_after, update["cost"]))
        tape = next_tape(tape)
    return gaps


@pytest.mark.parametrize("golden", NETWORKS, ids=name_of)
def test_the_engine_computes_what_pytorch_does(golden: dict[str, Any]) -> None:
    tape = first_tape(golden)
    assert max(first_gaps(golden, tape)) <= TOLERANCE
    assert max(update_gaps(golden, tape)) <= TOLERANCE


def test_a_changed_golden_number_is_noticed() -> None:
    golden = json.loads(json.dumps(NETWORKS[0]))
    golden["expected"]["updates"][4]["weights"][0][0][0] += 1e-9
    assert max(update_gaps(golden, first_tape(golden))) > TOLERANCE


def test_how_near_they_are(figures: Figures) -> None:
    gaps = []
    for golden in NETWORKS:
        tape = first_tape(golden)
        gaps.append((max(first_gaps(golden, tape)), max(update_gaps(golden, tape))))
    first, later = np.max(gaps, axis=0)
    assert len(NETWORKS) == 105
    figures(
        "engine",
        f"{GOLDEN['made_with']}: {len(NETWORKS)} networks, largest difference {first:.1e} in outputs, cost and "
        f"gradients, {later:.1e} over five updates",
    )
