"""Read-only copies, aligned memory, and steps in order."""

import numpy as np
import pytest

from app.engine.arrays import LARGE_RESULT, aligned_zeros, constant, frozen, product, run, sealed


def test_frozen_is_a_read_only_copy_in_float64() -> None:
    source = np.arange(6).reshape(2, 3).T
    copy = frozen(source)
    assert copy.dtype == np.float64
    assert copy.flags.c_contiguous
    source[0, 0] = 7
    assert copy[0, 0] == 0
    with pytest.raises(ValueError, match="read-only"):
        copy[0, 0] = 1.0


@pytest.mark.parametrize("size", [0, 1, 7, 8, 9, 1000])
def test_aligned_zeros_begin_on_a_boundary_of_64_bytes(size: int) -> None:
    for _ in range(20):
        array = aligned_zeros(size)
        assert array.shape == (size,)
        assert array.ctypes.data % 64 == 0 or size == 0
        assert not array.any()


def test_a_constant_has_no_dimension() -> None:
    assert constant(2.5).shape == ()
    assert float(constant(2.5)) == 2.5


def test_steps_run_in_order() -> None:
    met: list[int] = []
    run([lambda: met.append(1), lambda: met.append(2), lambda: met.append(3)])
    assert met == [1, 2, 3]


def test_sealed_is_the_same_memory_read_only_unless_it_must_be_copied() -> None:
    source = np.arange(6.0).reshape(2, 3)
    assert sealed(source) is source
    assert not source.flags.writeable
    turned = sealed(np.arange(6.0).reshape(2, 3).T)
    assert turned.flags.c_contiguous
    assert not turned.flags.writeable


@pytest.mark.parametrize("batch", [7, 9_001])
def test_a_product_has_the_bits_of_dot_however_large_it_is(batch: int) -> None:
    chance = np.random.default_rng(4)
    weights, below = chance.normal(size=(5, 4)), chance.normal(size=(4, batch))
    delta, result = chance.normal(size=(5, batch)), np.full((5, batch), np.nan)
    product(weights, below, result)()
    assert result.tobytes() == weights.dot(below).tobytes()
    blame = np.empty((4, batch))
    product(weights.T, delta, blame)()
    assert blame.tobytes() == weights.T.dot(delta).tobytes()
    gradient = np.empty((5, 4))
    product(delta, below.T, gradient)()
    assert gradient.tobytes() == delta.dot(below.T).tobytes()
    assert (blame.size > LARGE_RESULT) == (batch > 7)
