"""What a larger step shows of itself: a title, a sentence and the few numbers that matter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from app.engine.addresses import Address
from app.engine.tape import Tape
from app.explain.digits import Precision, in_words
from app.explain.expression import Ref
from app.explain.names import rule_name
from app.explain.scene import Scene
from app.explain.sentence import Part, mark, parts, plain

FEW = 5


@dataclass(frozen=True)
class Figure:
    """Hold one of the numbers that a larger step came to.

    Args:
        label, name: which number it is, or was before the step: its letter and its plain name.
        number: as it is displayed, with its address.
        before: what it was before the step, where it was something.
    """

    label: str
    name: str
    number: Part
    before: Part | None = None


@dataclass(frozen=True)
class Summary:
    """Hold what a larger step says of itself.

    Args:
        title, told: what was done, and what that means, with its numbers.
        figures: the numbers that matter.
        more: how many of their kind are left out.
    """

    title: str
    told: tuple[Part, ...]
    figures: tuple[Figure, ...] = ()
    more: int = 0

    @property
    def sentence(self) -> str:
        """What it means, as it is read."""
        return plain(self.told)


@dataclass(frozen=True)
class Teller:
    """Write the numbers of a larger step.

    Args:
        scene: the iteration, and the observation in focus.
        digits: the learner's choice.
    """

    scene: Scene
    digits: int

    @property
    def tape(self) -> Tape:
        """The iteration."""
        return self.scene.tape

    @property
    def step(self) -> str:
        """How weights and biases take their step."""
        training = self.tape.training
        name, rate = training.optimizer.name, in_words(training.learning_rate)
        rule = "against their gradients" if name == "sgd" else f"by the rule of {rule_name(name)}"
        return f"took a step {rule} (learning rate η = {rate})"

    def show(self, number: Ref, precision: Precision | None = None) -> str:
        """Write a number in a sentence, as an operand of what follows."""
        text = (precision or Precision(self.digits)).operand(number.value)
        return mark(text, str(number.address), number.role)

    def outcome(self, number: Ref, precision: Precision) -> str:
        """Write in a sentence what the numbers before it give."""
        return mark(precision.outcome(number.value), str(number.address), number.role)

    def several(self, numbers: Sequence[Ref]) -> str:
        """Write a few numbers as a list in words."""
        shown = [self.show(number) for number in numbers[:FEW]]
        if len(numbers) > FEW:
            return f"{', '.join(shown)} and {len(numbers) - FEW} more"
        return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} and {shown[-1]}"

    def of_layer(self, kind: str, layer: int) -> list[Ref]:
        """Return one kind of number for every neuron of a layer."""
        scene = self.scene
        neurons = range(scene.sizes[layer])
        return [scene.ref(kind, layer, scene.observation, neuron) for neuron in neurons]

    def apart(self, before: Ref, after: Ref) -> Precision:
        """Return the digits with which two numbers are seen to differ, if they do."""
        precision = Precision(self.digits)
        differ = before.value != after.value
        while differ and precision.confuses(before.value, after.value):
            precision = precision.finer()
        return precision

    def summary(
        self,
        title: str,
        sentence: str,
        numbers: Sequence[Ref] = (),
        last: Sequence[Ref] = (),
        precision: Precision | None = None,
    ) -> Summary:
        """Return a summary that shows a few of some numbers, and the last ones in any case."""
        figures = tuple(self._figure(number, precision) for number in (*numbers[:FEW], *last))
        return Summary(title, parts(sentence), figures, max(0, len(numbers) - FEW))

    def stepped(self, title: str, sentence: str, places: Sequence[Address]) -> Summary:
        """Return a summary that shows a few parameters before and after their step."""
        pairs = [(self.scene.own(_before(place)), self.scene.own(place)) for place in places[:FEW]]
        figures = tuple(self.change(*pair) for pair in pairs)
        return Summary(title, parts(sentence), figures, max(0, len(places) - FEW))

    def change(self, before: Ref, after: Ref) -> Figure:
        """Show a number before and after."""
        precision = self.apart(before, after)
        figure = self._figure(before, precision)
        return replace(figure, number=_part(after, precision), before=figure.number)

    def _figure(self, number: Ref, precision: Precision | None = None) -> Figure:
        scene, shown = self.scene, _part(number, precision or Precision(self.digits))
        return Figure(scene.label_text(number.address), scene.voice.name(number.address), shown)


def _before(place: Address) -> Address:
    return Address(place.kind.removeprefix("new_"), place.path)


def _part(number: Ref, precision: Precision) -> Part:
    return Part(precision.operand(number.value), str(number.address), number.role)
