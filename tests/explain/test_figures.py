from __future__ import annotations

from app.engine.addresses import Address
from app.explain.digits import display
from app.explain.figures import FEW, Figure, Teller
from app.explain.names import Names
from app.explain.scene import Scene
from app.explain.sentence import Part, parts, plain
from tests.explain.cases import Case, tape_of


def teller(case: Case | None = None, digits: int = 2) -> Teller:
    return Teller(Scene(tape_of(case or Case()), Names()), digits)


def test_a_few_numbers_are_listed_and_the_rest_counted() -> None:
    one = teller(Case(sizes=(2, 7, 1)))
    errors, single = one.of_layer("delta", 1), one.of_layer("delta", 2)
    assert plain(parts(one.several(errors))).endswith(" and 2 more")
    assert " and " in one.several(errors[:3])
    assert plain(parts(one.several(single))) == display(single[0].value)
    summary = one.summary("Errors", "They are there.", errors, single)
    assert len(summary.figures) == FEW + 1
    assert summary.more == 2
    assert summary.sentence == "They are there."


def test_a_figure_says_which_number_it_is() -> None:
    one = teller()
    (figure,) = one.summary("", "", one.of_layer("delta", 1)[:1]).figures
    assert (figure.label, figure.name) == ("δ₁", "error of Hidden 1, neuron 1")
    assert (figure.number.address, figure.number.role) == ("delta[1][0][0]", "error")
    assert figure.before is None


def test_before_and_after_are_seen_to_differ() -> None:
    one = teller(digits=1)
    address = Address("new_w", (1, 0, 0))
    summary = one.stepped("", "", [address] * 7)
    assert summary.more == 7 - FEW
    for figure in summary.figures:
        assert isinstance(figure, Figure)
        assert figure.before is not None
        assert figure.before.address == "w[1][0][0]"
        assert figure.before.text != figure.number.text


def test_what_stays_keeps_its_digits() -> None:
    one = teller()
    cost = one.scene.ref("cost")
    figure = one.change(cost, cost)
    assert figure.before == figure.number == Part(figure.number.text, "cost", "cost")


def test_the_step_names_its_rule_and_the_learning_rate() -> None:
    assert teller().step == "took a step against their gradients (learning rate η = 0.1)"
    assert (
        teller(Case(optimizer="adam")).step
        == "took a step by the rule of Adam (learning rate η = 0.1)"
    )
