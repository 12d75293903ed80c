"""The order of the elementary events of one iteration, and the arithmetic between an event's number and its place.

Nothing is listed: an iteration is a few segments (one for each layer and phase), a segment is `neurons` equal bodies,
a body is a few runs of repeating kinds. So a number is found from an event, and an event from its number, by a
handful of divisions, however large the network.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import accumulate

from app.engine.network import Network
from app.engine.once import once
from app.engine.training import Training
from app.errors import InvalidInput

PHASES = ("forward", "cost", "backward", "update")
GRANULARITIES = ("term", "neuron", "layer", "pass", "iteration")


@dataclass(frozen=True)
class Event:
    """Name one elementary event.

    Args:
        number: 1 to N; the position after it is the same number.
        phase: one of PHASES.
        kind: product bias activation, loss cost, loss_derivative blame slope delta gradient bias_gradient,
            moment new_weight bias_moment new_bias.
        layer: 1 to L.
        neuron: zero-based, in `layer`; 0 for the cost phase, whose loss terms count their output in `index`.
        index: the source neuron of a product, gradient, moment or new weight, the target neuron of a blame, the
            output of a loss term, otherwise -1.
        moment: which of the optimizer's numbers a moment event renews, otherwise -1.
    """

    number: int
    phase: str
    kind: str
    layer: int
    neuron: int
    index: int = -1
    moment: int = -1


@dataclass(frozen=True)
class Kind:
    """Name a kind within a run, and which of the optimizer's numbers it is about."""

    name: str
    moment: int = -1


@dataclass(frozen=True)
class Run:
    """Repeat a few kinds; `indexed` runs count an index, the others happen once."""

    kinds: tuple[Kind, ...]
    repeats: int = 1
    indexed: bool = False

    @property
    def length(self) -> int:
        """How many events it spans."""
        return len(self.kinds) * self.repeats


def _once(*names: str) -> list[Run]:
    return [Run((Kind(name),)) for name in names]


def _each(name: str, repeats: int) -> Run:
    return Run((Kind(name),), repeats, indexed=True)


@dataclass(frozen=True)
class Segment:
    """Hold one layer's share of a phase: one event a neuron, the bodies, one event a neuron.

    Args:
        start: how many events come before.
        opening, closing: a kind that happens for every neuron before or after all bodies, or None.
    """

    start: int
    phase: str
    layer: int
    neurons: int
    body: tuple[Run, ...]
    opening: str | None = None
    closing: str | None = None

    @once
    def _run_starts(self) -> tuple[int, ...]:
        return tuple(accumulate((run.length for run in self.body), initial=0))

    @property
    def body_length(self) -> int:
        """How many events one neuron takes."""
        return self._run_starts[-1]

    @property
    def opening_length(self) -> int:
        """How many events come before the first body."""
        return self.neurons if self.opening else 0

    @once
    def length(self) -> int:
        """How many events it spans."""
        closing = self.neurons if self.closing else 0
        return self.opening_length + self.neurons * self.body_length + closing

    @property
    def end(self) -> int:
        """The number of its last event."""
        return self.start + self.length

    def at(self, number: int) -> Event:
        """Return the event with this number."""
        offset = number - self.start - 1
        if offset < self.opening_length:
            return Event(number, self.phase, str(self.opening), self.layer, offset)
        neuron, within = divmod(offset - self.opening_length, self.body_length)
        if neuron >= self.neurons:
            last = offset - self.opening_length - self.neurons * self.body_length
            return Event(number, self.phase, str(self.closing), self.layer, last)
        place = bisect_right(self._run_starts, within) - 1
        run = self.body[place]
        index, which = divmod(within - self._run_starts[place], len(run.kinds))
        kind, index = run.kinds[which], index if run.indexed else -1
        return Event(number, self.phase, kind.name, self.layer, neuron, index, kind.moment)

    def number(self, kind: str, neuron: int, index: int, moment: int) -> int | None:
        """Return an event's number, or None if no such kind happens here."""
        if kind == self.opening:
            return self.start + 1 + neuron
        before = self.start + self.opening_length
        if kind == self.closing:
            return before + self.neurons * self.body_length + 1 + neuron
        before += neuron * self.body_length
        for run in self.body:
            wanted = Kind(kind, moment)
            if wanted in run.kinds:
                return before + max(index, 0) * len(run.kinds) + run.kinds.index(wanted) + 1
            before += run.length
        return None

    def neuron_end(self, number: int) -> int:
        """Return the last event of the neuron that this event belongs to; openings and closings stand alone."""
        offset = number - self.start - 1 - self.opening_length
        if offset < 0 or offset >= self.neurons * self.body_length:
            return number
        first = self.start + self.opening_length
        return first + (offset // self.body_length + 1) * self.body_length


def _forward(network: Network, layer: int) -> Segment:
    couples = network.activations[layer - 1] == "softmax"
    runs = [_each("product", network.sizes[layer - 1]), *_once("bias")]
    if not couples:
        runs += _once("activation")
    closing = "activation" if couples else None
    return Segment(0, "forward", layer, network.sizes[layer], tuple(runs), closing=closing)


def _cost(network: Network) -> Segment:
    outputs = network.sizes[-1]
    return Segment(0, "cost", network.depth, 1, (_each("loss", outputs), *_once("cost")))


def _backward(network: Network, layer: int) -> Segment:
    last, opening = layer == network.depth, None
    if not last:
        runs = [_each("blame", network.sizes[layer + 1]), *_once("slope", "delta")]
    elif network.joined:
        runs = _once("delta")
    elif network.activations[-1] == "softmax":
        opening, runs = "loss_derivative", _once("delta")
    else:
        runs = _once("loss_derivative", "slope", "delta")
    runs += [_each("gradient", network.sizes[layer - 1]), *_once("bias_gradient")]
    return Segment(0, "backward", layer, network.sizes[layer], tuple(runs), opening=opening)


def _update(network: Network, moment_count: int, layer: int) -> Segment:
    moments = range(moment_count)
    weight = (*(Kind("moment", k) for k in moments), Kind("new_weight"))
    bias = (*(Kind("bias_moment", k) for k in moments), Kind("new_bias"))
    runs = (Run(weight, network.sizes[layer - 1], indexed=True), Run(bias))
    return Segment(0, "update", layer, network.sizes[layer], runs)


@dataclass(frozen=True)
class EventMap:
    """Map the events of one iteration to their numbers and back."""

    segments: tuple[Segment, ...]

    @classmethod
    def of(cls, network: Network, training: Training) -> EventMap:
        """Lay out the iteration of a network under given settings."""
        return _laid_out(network, training.optimizer.moment_count)

    @once
    def _ends(self) -> tuple[int, ...]:
        return tuple(segment.end for segment in self.segments)

    @once
    def _by_place(self) -> dict[tuple[str, int], Segment]:
        return {(segment.phase, segment.layer): segment for segment in self.segments}

    @property
    def count(self) -> int:
        """N, how many events an iteration has."""
        return self._ends[-1]

    @once
    def phase_ends(self) -> dict[str, int]:
        """The number of each phase's last event."""
        return {segment.phase: segment.end for segment in self.segments}

    def segment(self, number: int) -> Segment:
        """Return the segment that an event belongs to."""
        if not 1 <= number <= self.count:
            raise InvalidInput.at("/event", f"Events are numbered from 1 to {self.count}.")
        return self.segments[bisect_right(self._ends, number - 1)]

    def at(self, number: int) -> Event:
        """Return the event with this number, 1 to N."""
        return self.segment(number).at(number)

    def number(
        self, phase: str, kind: str, layer: int, neuron: int, index: int = -1, moment: int = -1
    ) -> int | None:
        """Return an event's number, or None if this network has no such event."""
        return self._by_place[phase, layer].number(kind, neuron, index, moment)

    def phase_at(self, event: int) -> str:
        """Return the phase of a position: ready before the first event, done after the last."""
        if event == 0:
            return "ready"
        return "done" if event == self.count else self.segment(event).phase

    def next_stop(self, event: int, by: str) -> int:
        """Return where a step from position `event` ends; the last event ends everything."""
        following = min(event + 1, self.count)
        segment = self.segment(following)
        if by == "term":
            return following
        if by == "neuron":
            return segment.neuron_end(following)
        if by == "layer":
            return segment.end
        if by == "pass":
            # The forward pass ends with the cost known.
            phase = "cost" if segment.phase == "forward" else segment.phase
            return self.phase_ends[phase]
        return self.count

    def previous_stop(self, event: int, by: str) -> int:
        """Return where a step back from position `event` ends; 0 begins everything."""
        if event <= 1 or by == "iteration":
            return 0
        if by == "term":
            return event - 1
        if by == "pass":
            ends = [0, *(self.phase_ends[phase] for phase in PHASES[1:])]
            return max(end for end in ends if end < event)
        segment = self.segment(event)
        if by == "layer":
            return segment.start
        opening = segment.start + segment.opening_length
        within = event - opening - 1
        if 0 <= within < segment.neurons * segment.body_length:
            return opening + within // segment.body_length * segment.body_length
        return event - 1


@lru_cache(256)
def _laid_out(network: Network, moment_count: int) -> EventMap:
    """Place the segments one behind the other.

    Learners of one network share one map: it is two hundred objects, and whatever looks through all objects for
    garbage lets everybody wait.
    """
    layers = range(1, network.depth + 1)
    segments = [
        *(_forward(network, layer) for layer in layers),
        _cost(network),
        *(_backward(network, layer) for layer in reversed(layers)),
        *(_update(network, moment_count, layer) for layer in layers),
    ]
    placed: list[Segment] = []
    for one in segments:
        placed.append(replace(one, start=placed[-1].end if placed else 0))
    return EventMap(tuple(placed))
