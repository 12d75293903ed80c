"""The tape: one training iteration as the arrays of its passes, frozen, and the events read from them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np

from app.engine.addresses import Address
from app.engine.arrays import FloatArray, run
from app.engine.events import Event, EventMap, Segment
from app.engine.locate import check_address, event_address, event_number
from app.engine.network import Network
from app.engine.once import once
from app.engine.overflow import first_overflow
from app.engine.passes import Parameters, Pass
from app.engine.training import State, Training

SAFE = 1e150
"""Where all numbers are smaller, no product of two of them and no sum of such products can overflow."""

EVERY = slice(None)

_SUMS = {"product": "z", "blame": "blame", "loss": "loss"}
"""The sum that an event's number is a term of."""


@dataclass(frozen=True, eq=False)
class Tape:
    """Hold every number of one iteration.

    All arrays are read-only float64. `a, z, slope, blame, delta` are by layer, (n_l, B), one column an observation;
    entries without a meaning are empty. `blame` is ∂C/∂a, `delta` is ∂C/∂z.

    Args:
        state, after: the parameters and the optimizer's memory at the start and after the update.
        inputs: (n_0, B); targets: (n_L, B); terms: (n_L, B) the loss terms.
        data_gradient: (P,) plain sums of delta·a; gradient: (P,) the penalties' share included.
        data_cost, penalty: their sum is `cost`.
    """

    network: Network
    training: Training
    state: State
    after: State
    targets: FloatArray
    a: tuple[FloatArray, ...]
    z: tuple[FloatArray, ...]
    slope: tuple[FloatArray, ...]
    blame: tuple[FloatArray, ...]
    delta: tuple[FloatArray, ...]
    terms: FloatArray
    data_gradient: FloatArray
    gradient: FloatArray
    data_cost: float
    penalty: float

    @classmethod
    def record(
        cls,
        network: Network,
        training: Training,
        state: State,
        inputs: FloatArray,
        targets: FloatArray,
    ) -> Tape:
        """Run one iteration by the very steps that train, and keep its buffers.

        Args:
            inputs: (B, n_0), one row an observation, as on the wire.
            targets: (B, n_L).
        """
        parameters = Parameters(network, training)
        parameters.load(state)
        one = Pass(network, parameters, len(inputs))
        one.put(inputs.T, targets.T)
        with np.errstate(all="ignore"):
            penalty = parameters.penalty()
            run(one.forward_steps)
            run(one.backward_steps)
            run(parameters.update_steps)
            data_cost = float(one.data_cost())
        for memory in (one.memory, parameters.memory):
            memory.flags.writeable = False
        views = (one.a, one.z, one.slope, one.blame, one.delta)
        a, z, slope, blame, delta = (tuple(map(_read_only, layers)) for layers in views)
        return cls(
            network=network,
            training=training,
            state=state,
            after=parameters.state(),
            targets=_read_only(one.targets),
            a=a,
            z=z,
            slope=slope,
            blame=blame,
            delta=delta,
            terms=_read_only(one.terms),
            data_gradient=_read_only(parameters.data_gradient),
            gradient=_read_only(parameters.gradient),
            data_cost=data_cost,
            penalty=penalty,
        )

    @property
    def batch(self) -> int:
        """B, the number of observations."""
        return int(self.targets.shape[1])

    @property
    def inputs(self) -> FloatArray:
        """The batch's inputs, (n_0, B)."""
        return self.a[0]

    @property
    def cost(self) -> float:
        """The batch's cost, penalties included."""
        return self.data_cost + self.penalty

    @once
    def losses(self) -> FloatArray:
        """Each observation's loss, (B,): the sum of its terms."""
        with np.errstate(all="ignore"):
            return _read_only(self.terms.sum(axis=0))

    @once
    def cost_after(self) -> float:
        """The same batch's cost with the new parameters."""
        parameters = Parameters(self.network, self.training)
        parameters.load(self.after)
        one = Pass(self.network, parameters, self.batch)
        one.put(self.inputs, self.targets)
        with np.errstate(all="ignore"):
            return one.forward_cost()

    @once
    def events(self) -> EventMap:
        """The order of this iteration's events."""
        return EventMap.of(self.network, self.training)

    def values(self, event: Event) -> FloatArray:
        """Return the number an event computes: one for each observation, (B,), or just one, (1,)."""
        kind, l, j = event.kind, event.layer, event.neuron
        if kind in ("product", "blame"):
            term: FloatArray = self._summands(event, event.index)[0]
            return term
        by_observation = {
            "bias": self.z,
            "activation": self.a,
            "loss_derivative": self.blame,
            "slope": self.slope,
            "delta": self.delta,
        }
        if kind in by_observation:
            return _read_only(by_observation[kind][l][j])
        if kind == "loss":
            return _read_only(self.terms[event.index])
        return np.array([self.value(event_address(event, 0))])

    def running(self, event: Event, observations: slice = EVERY) -> FloatArray | None:
        """Return the sum so far, (B,) or of some observations, at a product or a blame event; None elsewhere.

        Summed term by term, as a person does. The layer's own product adds in an order of its own, so the last
        bits of the whole sum may differ from z.
        """
        if event.kind not in ("product", "blame"):
            return None
        terms = self._summands(event, 0, observations)
        with np.errstate(all="ignore"):
            return np.asarray(np.add.accumulate(terms, axis=0)[-1])

    def _summands(self, event: Event, first: int, observations: slice = EVERY) -> FloatArray:
        """Return the terms of a product's or a blame's sum from `first` to the event's own, (terms, B)."""
        l, j, span = event.layer, event.neuron, slice(first, event.index + 1)
        theta = self.state.theta
        if event.kind == "product":
            weights, others = self.network.weights(theta, l)[j, span], self.a[l - 1]
        else:
            weights, others = self.network.weights(theta, l + 1)[span, j], self.delta[l + 1]
        with np.errstate(all="ignore"):
            return np.asarray(weights[:, None] * others[span, observations])

    def value(self, address: Address) -> float:
        """Return the number at an address, whether or not its event has happened.

        Raises:
            InvalidInput: this iteration has no such number.
        """
        check_address(self.network, self.training, self.batch, address)
        return float(self._look_up(address))

    def event_number(self, address: Address) -> int:
        """Return the event after which an address's number is known; 0 for what is given from the start.

        Raises:
            InvalidInput: this iteration has no such number.
        """
        check_address(self.network, self.training, self.batch, address)
        return event_number(self.network, self.events, address)

    def _look_up(self, address: Address) -> float:  # noqa: PLR0911 - one line for each family of numbers
        kind, path = address.kind, address.path
        if kind in ("a", "z", "slope", "blame", "delta"):
            layer, observation, neuron = path
            return getattr(self, kind)[layer][neuron, observation]  # type: ignore[no-any-return]
        if kind in ("data_cost", "penalty", "cost", "cost_after"):
            return getattr(self, kind)  # type: ignore[no-any-return]
        if kind in ("y", "loss_term"):
            return float((self.targets if kind == "y" else self.terms)[path[1], path[0]])
        if kind == "loss":
            return float(self.losses[path[0]])
        if kind == "product":
            layer, observation, neuron, source = path
            weight = float(self.network.weights(self.state.theta, layer)[neuron, source])
            return weight * float(self.a[layer - 1][source, observation])
        if kind == "blame_term":
            layer, observation, neuron, target = path
            weight = float(self.network.weights(self.state.theta, layer + 1)[target, neuron])
            return weight * float(self.delta[layer + 1][target, observation])
        return float(self._parameter(kind, path))

    def _parameter(self, kind: str, path: tuple[int, ...]) -> float:
        vectors = {
            "w": self.state.theta,
            "b": self.state.theta,
            "dw": self.gradient,
            "db": self.gradient,
            "data_dw": self.data_gradient,
            "new_w": self.after.theta,
            "new_b": self.after.theta,
        }
        if kind in vectors:
            flat = vectors[kind]
        else:
            moments = self.state.moments if kind.startswith("old") else self.after.moments
            flat, path = moments[path[0]], path[1:]
        index = self.network.weight_index if len(path) == 3 else self.network.bias_index
        return float(flat[index(*path)])

    @once
    def overflow(self) -> int | None:
        """The number of the first event whose number is not finite, or None."""
        for segment in self.events.segments:
            if not all(bool((np.abs(one) < SAFE).all()) for one in self._numbers_of(segment)):
                found = first_overflow(self.network, self.events, segment, self._overflowed)
                if found is not None:
                    return found
        return None

    def _numbers_of(self, segment: Segment) -> list[FloatArray]:
        """Return what a segment computes, and what it multiplies."""
        l, block = segment.layer, partial(self.network.augmented, layer=segment.layer)
        if segment.phase == "forward":
            return [block(self.state.theta), self.a[l - 1], self.z[l], self.a[l]]
        if segment.phase == "cost":
            return [self.terms, np.array(self.cost)]
        if segment.phase == "update":
            return [block(self.after.theta), *map(block, self.after.moments)]
        numbers = [self.slope[l], self.blame[l], self.delta[l], block(self.gradient)]
        if l < self.network.depth:
            numbers += [self.network.augmented(self.state.theta, l + 1), self.delta[l + 1]]
        return numbers

    def _overflowed(self, number: int) -> bool:
        return not np.isfinite(self._known_with(self.events.at(number))).all()

    def _known_with(self, event: Event) -> FloatArray:
        """Return what is known after an event: its number, or the sum that it is a term of."""
        if event.kind == "loss" and event.index == len(self.terms) - 1:
            return self.losses
        running = self.running(event)
        return self.values(event) if running is None else running

    def overflowed(self, observation: int) -> Address:
        """Return the address of the first number that is not finite; of the overflow's event, this observation's.

        Where the observation's own is finite, it is that of the first observation whose number is not.
        """
        event = self.events.at(self.overflow or 0)
        finite = np.isfinite(self._known_with(event))
        if len(finite) > 1 and finite[observation]:
            observation = int(finite.argmin())
        if event.kind in _SUMS and np.isfinite(self.values(event)[observation]):
            kind = _SUMS[event.kind]
            path = (observation,) if kind == "loss" else (event.layer, observation, event.neuron)
            return Address(kind, path)
        return event_address(event, observation)


def _read_only(array: FloatArray) -> FloatArray:
    view: FloatArray = array.view()
    view.flags.writeable = False
    return view
