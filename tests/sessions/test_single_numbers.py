from __future__ import annotations

import pytest

from app.engine.addresses import Address
from app.errors import InvalidInput
from app.sessions.session import Session
from app.sessions.single_numbers import SingleNumbers, single_numbers
from tests.sessions.cases import SETTINGS, goto, small, started, trained


@pytest.fixture
def session() -> Session:
    return started(small())


def sorted_out(session: Session, values: dict[str, float]) -> SingleNumbers:
    return single_numbers(values, session.rows, session.setup.dataset, SETTINGS)


def test_numbers_are_sorted_by_where_they_lie(session: Session) -> None:
    later = goto(trained(session, iterations=2).session, 1)
    assert later.rows.tolist() == [2, 3]
    found = sorted_out(
        later, {"w[1][2][1]": 1.0, "b[2][0]": 2.0, "a[0][1][0]": 3.0, "y[0][1]": 4.0}
    )
    assert found.parameters == {Address("w", (1, 2, 1)): 1.0, Address("b", (2, 0)): 2.0}
    assert found.inputs == {(3, 0): 3.0}
    assert found.targets == {(2, 1): 4.0}


def test_data_without_a_number_set_are_the_same_data(session: Session) -> None:
    dataset = session.setup.dataset
    assert sorted_out(session, {"w[1][0][0]": 1.0}).dataset(dataset) is dataset
    for values in ({"a[0][0][0]": 0.5}, {"y[0][0]": 0.5}):
        assert sorted_out(session, values).dataset(dataset) is not dataset


def test_weights_and_biases_are_put_into_place(session: Session) -> None:
    network, theta = session.setup.network, session.state.theta.copy()
    sorted_out(session, {"w[2][1][2]": 1.5, "b[1][2]": -1.5}).put(network, theta)
    assert network.weights(theta, 2)[1, 2] == 1.5
    assert network.biases(theta, 1)[2] == -1.5
    assert (theta != session.state.theta).sum() == 2


@pytest.mark.parametrize(
    "address", ["w[0][0][0]", "w[3][0][0]", "w[1][3][0]", "w[1][0][2]", "b[1][3]", "b[0][0]"]
)
def test_a_weight_that_is_not_there_is_pointed_at(session: Session, address: str) -> None:
    found = sorted_out(session, {address: 1.0})
    with pytest.raises(InvalidInput, match="network has no") as caught:
        found.put(session.setup.network, session.state.theta.copy())
    assert caught.value.faults[0].pointer == f"/values/{address}"


@pytest.mark.parametrize("address", ["a[0][2][0]", "a[0][0][2]", "y[2][0]", "y[0][2]"])
def test_an_observation_or_column_beyond_the_batch_is_pointed_at(
    session: Session, address: str
) -> None:
    with pytest.raises(InvalidInput, match="batch has no") as caught:
        sorted_out(session, {address: 1.0})
    assert caught.value.faults[0].pointer == f"/values/{address}"


@pytest.mark.parametrize("address", ["z[1][0][0]", "a[1][0][0]", "cost", "dw[1][0][0]", "loss[0]"])
def test_what_follows_from_others_cannot_be_set(session: Session, address: str) -> None:
    with pytest.raises(InvalidInput, match="Everything else follows") as caught:
        sorted_out(session, {address: 1.0})
    assert caught.value.faults[0].pointer == f"/values/{address}"


def test_nonsense_is_pointed_at_with_its_slashes_escaped(session: Session) -> None:
    with pytest.raises(InvalidInput, match="not the address") as caught:
        sorted_out(session, {"a/b~c" + "x" * 100: 1.0})
    assert caught.value.faults[0].pointer.startswith("/values/a~1b~0cxxx")
    assert len(caught.value.faults[0].pointer) < 80


def test_numbers_keep_to_the_limit_on_both_sides(session: Session) -> None:
    sorted_out(session, {"w[1][0][0]": 1e6, "b[1][0]": -1e6})
    for beyond in (1_000_000.5, -1e300):
        with pytest.raises(InvalidInput, match="from −1,000,000 to 1,000,000") as caught:
            sorted_out(session, {"w[1][0][0]": beyond})
        assert caught.value.faults[0].pointer == "/values/w[1][0][0]"
