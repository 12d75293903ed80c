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
    cache = Cache(3 * weight)
    for name in "abc":
        cache.put(kept(name))
    assert cache.get("a") is not None
    cache.put(kept("d"))
    assert [name for name in "abcd" if cache.get(name)] == ["a", "c", "d"]
    assert cache.total == 3 * weight


def test_a_session_that_fills_much_pushes_nobody_out() -> None:
    cache = Cache(20 * kept("a").weight())
    for name in "abc":
        cache.put(kept(name))
    large = kept("large", cache.total * 6)
    for name in ("large", "d", "large", "e"):
        cache.put(large if name == "large" else kept(name))
    assert cache.get("large") is None
    assert all(cache.get(name) for name in "abcde")


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
