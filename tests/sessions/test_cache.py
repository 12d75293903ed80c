from __future__ import annotations

import pytest

from app.sessions.answers import Answer, Answers
from app.sessions.cache import Cache, Kept
from tests.sessions.cases import changed, small, started, trained


def kept(name: str, body: int = 0) -> Kept:
    answers = Answers((Answer("k", "p", 1, bytes(body)),))
    return Kept(started(small()).within(id=name), answers)


def test_what_is_put_is_found_until_it_is_dropped() -> None:
    cache, one = Cache(10**9), kept("a")
    assert cache.get("a") is None
    cache.put(one)
    assert cache.get("a") is one
    cache.drop("a")
    cache.drop("a")
    assert cache.get("a") is None
    assert cache.total == 0


def test_the_same_session_is_kept_once() -> None:
    cache = Cache(10**9)
    cache.put(kept("a", 100_000))
    cache.put(kept("a", 5))
    assert cache.total == kept("a", 5).weight()


def test_the_ones_not_used_for_longest_go_first() -> None:
    weight = kept("a").weight()
    cache = Cache(5 * weight)
    for name in "abcde":
        cache.put(kept(name))
    assert cache.get("a") is not None
    cache.put(kept("f"))
    assert [name for name in "abcdef" if cache.get(name)] == ["a", "c", "d", "e", "f"]
    assert cache.total == 5 * weight


def with_large_batch(name: str) -> Kept:
    rows = {"inputs": [[0.5]] * 3_000, "targets": [[0.5]] * 3_000}
    layers = {"layers": [{"size": 50}, {"size": 1}]}
    spec = {"data": rows, "network": layers, "training": {"batch_size": None}}
    session = started(spec).within(id=name)
    assert session.tape.batch == 3_000
    return Kept(session, Answers())


def test_a_session_that_fills_much_gives_up_its_tape_before_others_go() -> None:
    large = with_large_batch("large")
    assert large.weight() > 5 * large.weight(lean=True)
    cache = Cache(large.weight() + kept("a").weight())
    cache.put(large)
    assert cache.get("large") is large
    for name in "abcde":
        cache.put(kept(name))
    assert all(cache.get(name) for name in "abcde")
    found = cache.get("large")
    assert found is not None
    assert found.session.state is large.session.state
    assert "tape" not in found.session.__dict__
    assert cache.total == large.weight(lean=True) + 5 * kept("a").weight()
    # One tape that was computed to be looked at is not kept either.
    assert found.session.tape.batch == 3_000
    again = cache.get("large")
    assert again is not None
    assert "tape" not in again.session.__dict__
    cache.put(large)
    assert cache.total <= large.weight() + kept("a").weight()
    cache.drop("large")
    assert cache.total == 5 * kept("a").weight()


def test_one_session_is_kept_however_large() -> None:
    cache = Cache(1)
    cache.put(kept("a", 10**6))
    assert cache.get("a") is not None
    cache.put(kept("b"))
    assert cache.get("a") is None
    assert cache.get("b") is not None


def test_the_weight_grows_with_what_a_session_holds() -> None:
    session = started(small())
    weights = [Kept(session, Answers()).weight()]
    session = trained(session, iterations=499).session
    weights.append(Kept(session, Answers()).weight())
    session = changed(session, training={"learning_rate": 0.1})
    weights.append(Kept(session, Answers()).weight())
    session = changed(session, data={"inputs": [[0.5, 0.5]] * 500, "targets": [[0.0, 1.0]] * 500})
    weights.append(Kept(session, Answers()).weight())
    weights.append(Kept(session, Answers((Answer("k", "p", 1, bytes(100_000)),))).weight())
    assert weights == sorted(set(weights))
    assert weights[1] - weights[0] >= 499 * 8
    assert weights[3] - weights[2] >= 500 * 4 * 8 * 2


@pytest.mark.parametrize("name", ["article", "digits"])
def test_the_weight_is_of_the_order_of_what_is_held(name: str) -> None:
    session = trained(started({"preset": name}), iterations=3).session
    tape = session.tape
    arrays = (*tape.a, *tape.z, *tape.slope, *tape.blame, *tape.delta)
    held = sum(array.nbytes for array in arrays)
    held += sum(one.theta.nbytes for one in (session.state, tape.after)) + 2 * tape.gradient.nbytes
    weight = Kept(session, Answers()).weight()
    assert held <= weight <= 3 * held + 10_000
