"""The outputs of a network for given inputs, by the steps that train."""

from __future__ import annotations

import numpy as np

from app.engine.arrays import FloatArray, run
from app.engine.network import Network
from app.engine.passes import Parameters, Pass
from app.engine.training import Optimizer, State, Training


def predict(network: Network, theta: FloatArray, inputs: FloatArray) -> FloatArray:
    """Run the forward pass.

    Args:
        network: the shape.
        theta: (P,).
        inputs: (N, n_0), one row an observation.

    Returns:
        The outputs (N, n_L).
    """
    if not len(inputs):
        return np.zeros((0, network.sizes[-1]))
    parameters = Parameters(network, Training())
    parameters.load(State.start(theta, Optimizer()))
    one = Pass(network, parameters, len(inputs))
    one.put(inputs.T, np.zeros((network.sizes[-1], len(inputs))))
    with np.errstate(all="ignore"):
        run(one.forward_steps)
    return np.ascontiguousarray(one.a[-1].T)
