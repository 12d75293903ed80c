"""A session on paper: what a learner's commands must lead to, by lists, walks and the scalar-loop oracle.

Nothing here is quick or clever, and nothing is shared with app/sessions: the iteration is a list of events walked
one by one, the past is run again from its beginning whenever a number of it is wanted.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from tests.oracle import Matrix, OracleNetwork, cost, gradients

SIZES = [2, 2, 1]
INPUTS = [[0.5, -1.0], [1.5, 0.25], [-0.75, 1.0]]
TARGETS = [[0.2], [0.9], [0.4]]
BATCHES = [[0, 1], [2]]
FIRST = OracleNetwork(
    SIZES,
    ["tanh", "sigmoid"],
    "mse",
    [[[0.4, -0.3], [0.2, 0.6]], [[0.7, -0.5]]],
    [[0.1, -0.2], [0.05]],
)


@dataclass(frozen=True)
class Happening:
    """Name one event by its phase, layer and neuron."""

    phase: str
    layer: int
    neuron: int


def walk() -> list[Happening]:
    """List the events of one iteration in order."""
    events = []
    for layer in (1, 2):
        for neuron in range(SIZES[layer]):
            events += [Happening("forward", layer, neuron)] * (SIZES[layer - 1] + 2)
    events += [Happening("cost", 2, 0)] * 2
    for layer, sources in ((2, 1), (1, SIZES[2])):
        for neuron in range(SIZES[layer]):
            events += [Happening("backward", layer, neuron)] * (sources + 2 + SIZES[layer - 1] + 1)
    for layer in (1, 2):
        for neuron in range(SIZES[layer]):
            events += [Happening("update", layer, neuron)] * (SIZES[layer - 1] + 1)
    return events


EVENTS = walk()
COUNT = len(EVENTS)
GRADIENTS_KNOWN = sum(event.phase != "update" for event in EVENTS)


def stretch(event: Happening, by: str, number: int) -> object:
    """Return what an event has in common with those that one step takes together."""
    if by == "pass":
        return "forward" if event.phase == "cost" else event.phase
    if by == "layer":
        return event.phase, event.layer
    return event if by == "neuron" else number


def stops(by: str) -> list[int]:
    """List where steps of a granularity end within an iteration."""
    if by in ("iteration", "epoch"):
        return [COUNT]
    names = [stretch(event, by, number) for number, event in enumerate(EVENTS)]
    return [n for n in range(1, COUNT + 1) if n == COUNT or names[n] != names[n - 1]]


@dataclass(frozen=True)
class Stretch:
    """Hold where an edit, or the start, left the network, and the learning rate from there on."""

    first: int
    network: OracleNetwork
    rate: float


@dataclass(frozen=True)
class Paper:
    """Hold a session: its stretches, its place, how many iterations were finished."""

    stretches: tuple[Stretch, ...] = (Stretch(0, FIRST, 0.5),)
    iteration: int = 0
    event: int = 0
    finished: int = 0


@dataclass
class Pad:
    """Hold a session on paper with what undo and redo lead back to."""

    here: Paper = field(default_factory=Paper)
    undo: list[Paper] = field(default_factory=list)
    redo: list[Paper] = field(default_factory=list)

    def place(self, iteration: int, event: int) -> None:
        finished = max(self.here.finished, iteration + (event == COUNT))
        self.here = replace(self.here, iteration=iteration, event=event, finished=finished)

    def step(self, by: str) -> None:
        iteration, event = self.here.iteration, self.here.event
        if event == COUNT:
            iteration, event = iteration + 1, 0
        if by == "epoch":
            iteration += len(BATCHES) - 1 - iteration % len(BATCHES)
        self.place(iteration, min(stop for stop in stops(by) if stop > event or by == "epoch"))

    def at_beginning(self) -> bool:
        return (self.here.iteration, self.here.event) == (0, 0)

    def back(self, by: str) -> None:
        iteration, event = self.here.iteration, self.here.event
        if event == 0:
            # The start of an iteration is the end of the one before.
            iteration, event = iteration - 1, COUNT
        if by == "epoch":
            iteration, event = iteration - iteration % len(BATCHES), 0
        else:
            event = max((stop for stop in stops(by) if stop < event), default=0)
        if event == 0 and iteration > 0:
            iteration, event = iteration - 1, COUNT
        self.place(iteration, event)

    def reach(self) -> int:
        return max(self.here.finished, self.here.iteration)

    def edit(self, rate: float | None, weight: float | None, bias: float | None) -> None:
        """Edit the learning rate, w[1][1][0] and b[2][0], or some of them."""
        here = self.here
        self.undo, self.redo = [*self.undo, here], []
        at_once = here.event <= GRADIENTS_KNOWN
        first = here.iteration if at_once else here.iteration + 1
        old = [one for one in here.stretches if one.first <= here.iteration][-1]
        weights, biases = self.network(here.iteration, 0 if at_once else COUNT)
        if weight is not None:
            weights[0][1][0] = weight
        if bias is not None:
            biases[1][0] = bias
        network = replace(FIRST, weights=weights, biases=biases)
        kept = tuple(one for one in here.stretches if one.first < first)
        stretch_ = Stretch(first, network, old.rate if rate is None else rate)
        event = here.event if at_once else 0
        self.here = Paper((*kept, stretch_), first, event, min(here.finished, first))
        self.place(first, event)
        if not at_once:
            self.here = replace(self.here, finished=first)

    def take_back(self) -> None:
        self.redo.append(self.here)
        self.here = self.undo.pop()

    def bring_back(self) -> None:
        self.undo.append(self.here)
        self.here = self.redo.pop()

    def network(self, iteration: int, event: int) -> tuple[list[Matrix], list[list[float]]]:
        """Return weights and biases at a moment: what was stepped already is new."""
        before, after = self._around(iteration)
        stepped = max(0, event - GRADIENTS_KNOWN)
        weights, biases = [], []
        for layer in range(2):
            rows, row_biases = [], []
            for neuron in range(SIZES[layer + 1]):
                row = []
                for source in range(SIZES[layer]):
                    new = stepped > 0
                    row.append((after if new else before).weights[layer][neuron][source])
                    stepped -= 1
                new = stepped > 0
                rows.append(row)
                row_biases.append((after if new else before).biases[layer][neuron])
                stepped -= 1
            weights.append(rows)
            biases.append(row_biases)
        return weights, biases

    def cost(self, iteration: int) -> float:
        rows = BATCHES[iteration % len(BATCHES)]
        before, _ = self._around(iteration)
        return cost(before, [INPUTS[row] for row in rows], [TARGETS[row] for row in rows])

    def _around(self, iteration: int) -> tuple[OracleNetwork, OracleNetwork]:
        """Run an iteration again, from the edit before it on; return the network before and after."""
        stretch_ = [one for one in self.here.stretches if one.first <= iteration][-1]
        after = stretch_.network
        for number in range(stretch_.first, iteration + 1):
            before = after
            after = stepped_network(before, BATCHES[number % len(BATCHES)], stretch_.rate)
        return before, after


def stepped_network(network: OracleNetwork, rows: list[int], rate: float) -> OracleNetwork:
    """Take one gradient-descent step on these rows."""
    slopes, bias_slopes, _ = gradients(
        network, [INPUTS[row] for row in rows], [TARGETS[row] for row in rows]
    )
    weights = [
        [[w - rate * g for w, g in zip(*row, strict=True)] for row in zip(*layer, strict=True)]
        for layer in zip(network.weights, slopes, strict=True)
    ]
    biases = [
        [b - rate * g for b, g in zip(*layer, strict=True)]
        for layer in zip(network.biases, bias_slopes, strict=True)
    ]
    return replace(network, weights=weights, biases=biases)
