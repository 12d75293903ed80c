"""What an explanation is made from: the tape, the observation in focus and the words for both."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from app.engine.addresses import Address
from app.engine.arrays import FloatArray
from app.engine.once import once
from app.engine.tape import Tape
from app.explain.digits import Claim, Precision
from app.explain.expression import Node, Ref, Rest, Sum, Symbol
from app.explain.labels import Label, label, label_text, layer_role, role
from app.explain.names import Names, Voice
from app.explain.sentence import mark

MOST_TERMS = 128
"""Terms of a sum that stay numbers of their own; of a longer one only the first and the last do."""

FEW_TERMS = 8
ENDS = 3


@dataclass(frozen=True)
class Speech:
    """Write numbers in a sentence with the digits that the formula beside it has.

    Args:
        precision: the formula's.
        own: the number explained.
        running: the running sum it leads to; None when there is none.
    """

    precision: Precision
    own: Ref
    running: float | None = None

    def __call__(self, number: Ref) -> str:
        """Write an operand, which becomes a link to itself."""
        return _marked(self.precision.operand(number.value), number)

    @property
    def value(self) -> float:
        """The number explained, unrounded."""
        return self.own.value

    @property
    def result(self) -> str:
        """The number explained."""
        return _marked(self.own_text(self.value), self.own)

    @property
    def size(self) -> str:
        """The number explained, without its sign."""
        return _marked(self.own_text(abs(self.value)), self.own)

    def own_text(self, value: float) -> str:
        """Display the number explained: the result, or a step on the way to a running sum."""
        precision = self.precision
        return precision.outcome(value) if self.running is None else precision.on_the_way(value)

    @property
    def so_far(self) -> str:
        """The running sum it leads to."""
        return self.precision.outcome(self.running or 0.0)

    def told(self, number: Ref | float) -> str:
        """Write a number that the sentence tells on the way to the result."""
        if isinstance(number, Ref):
            return _marked(self.precision.on_the_way(number.value), number)
        return self.precision.on_the_way(number)


def _marked(text: str, number: Ref) -> str:
    return mark(text, str(number.address), number.role)


@dataclass(frozen=True)
class Progress:
    """Hold a sum that grows event by event.

    Args:
        label: what it will be.
        expression: the whole formula, what is still to come marked as pending.
        before, value: the sum without and with the present term.
        done, of: how many terms are counted, of how many.
        counted: that in words.
    """

    label: Label
    expression: Node
    before: float
    value: float
    done: int
    of: int
    counted: str


@dataclass(frozen=True)
class Draft:
    """Hold what an explanation will be made of.

    Args:
        title: what is done, and where.
        sentence: write the sentence, given a way to write numbers.
        expression: the formula; None for a number that is given.
        progress: the sum that this number adds to, if it does.
        apart_from: a number from which the result must be seen to differ, such as the weight before its update.
        told: what the sentence says beyond the formula, and what has to add up too.
    """

    title: str
    sentence: Callable[[Speech], str]
    expression: Node | None = None
    progress: Progress | None = None
    apart_from: float | None = None
    told: tuple[Claim, ...] = ()


@dataclass(frozen=True, eq=False)
class Scene:
    """Read one tape for one observation in focus.

    Args:
        tape: the iteration.
        names: what the data's columns are called.
        observation: which observation of the batch is in focus.
    """

    tape: Tape
    names: Names
    observation: int = 0

    @once
    def voice(self) -> Voice:
        """The names of this network's parts."""
        return Voice(self.tape.network, self.tape.training.optimizer.name, self.names)

    @property
    def depth(self) -> int:
        """L, the output layer."""
        return self.tape.network.depth

    @property
    def sizes(self) -> tuple[int, ...]:
        """Neurons by layer."""
        return self.tape.network.sizes

    def value(self, kind: str, *path: int) -> float:
        """Return the number at an address."""
        return self.tape.value(Address(kind, path))

    def own(self, address: Address) -> Ref:
        """Return a sentence's link to a number that may have no letter of its own."""
        value = self.tape.value(address)
        return Ref(address, Label(""), value, role(self.tape.network, address, value))

    def label(self, address: Address) -> Label:
        """Return an address's label."""
        return label(self.tape.network, self.tape.training.optimizer.name, address)

    def label_text(self, address: Address) -> str:
        """Return any address's label in Unicode."""
        return label_text(self.tape.network, self.tape.training.optimizer.name, address)

    def ref(self, kind: str, *path: int, sup: str = "") -> Ref:
        """Return a formula's leaf for the number at an address."""
        address = Address(kind, path)
        value = self.tape.value(address)
        letters = self.label(address)
        if sup:
            letters = letters.at(sup)
        return Ref(address, letters, value, role(self.tape.network, address, value))

    def symbol(self, base: str, sub: str, layer: int | None = None, kind: str = "plain") -> Symbol:
        """Return a letter for a pattern under a sum sign; a layer gives its colour."""
        return Symbol(
            Label(base, sub), kind if layer is None else layer_role(self.tape.network, layer)
        )

    def sender(self, layer: int) -> str:
        """Return the letter of what a layer sends on: In or A."""
        return "A" if layer else "In"

    @property
    def old_weights(self) -> FloatArray:
        """The parameters as they were when the iteration began."""
        return self.tape.state.theta


@dataclass(frozen=True)
class Pattern:
    """Say how a sum's terms are made.

    Args:
        index, generic: the letter that runs, and the term's pattern.
        count: how many terms there are.
        term: make one.
        partial: add up the terms from one place up to another, quickly.
    """

    index: str
    generic: Node
    count: int
    term: Callable[[int], Node]
    partial: Callable[[int, int], float]

    def total(self, most: int = MOST_TERMS) -> Sum:
        """Return the whole sum; when longer than `most`, a Rest stands for its middle."""
        terms = self._spelled(0, self.count, most)
        return Sum(self.index, self.generic, terms, len(terms))

    def so_far(self, done: int) -> Sum:
        """Return the sum with `done` terms counted, the last of them marked, the others still to come."""
        if self.count <= FEW_TERMS:
            terms = tuple(self.term(place) for place in range(self.count))
            return Sum(self.index, self.generic, terms, done, done - 1)
        counted = self._spelled(0, done, FEW_TERMS)
        coming = (Rest(self.count - done, None),) if done < self.count else ()
        shown = len(counted)
        return Sum(self.index, self.generic, (*counted, *coming), shown, shown - 1)

    def _spelled(self, start: int, end: int, most: int) -> tuple[Node, ...]:
        if end - start <= most:
            return tuple(self.term(place) for place in range(start, end))
        first, last = start + ENDS, end - ENDS
        middle = Rest(last - first, self.partial(first, last))
        head = tuple(self.term(place) for place in range(start, first))
        return (*head, middle, *(self.term(place) for place in range(last, end)))
