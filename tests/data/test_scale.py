import numpy as np
import pytest

from app.data.scale import Scale, plain

SEX = Scale("coded", coding=(("female", -1.0), ("male", 1.0)))
ISLAND = Scale("one-hot", coding=(("Biscoe", 0.0), ("Dream", 1.0), ("Torgersen", 0.0)))
BILL = Scale("standardised", "mm", mean=43.992793, sd=5.460521)
INK = Scale("range", "of 16", low=0.0, high=16.0)


@pytest.mark.parametrize(
    ("scale", "readings", "fed"),
    [
        (Scale(), [0.05, -3.0], [0.05, -3.0]),
        (SEX, [1.0, 0.0, 1.0], [1.0, -1.0, 1.0]),
        (ISLAND, [0.0, 1.0, 2.0], [0.0, 1.0, 0.0]),
        (INK, [0.0, 4.0, 16.0], [0.0, 0.25, 1.0]),
        (Scale("standardised", mean=10.0, sd=4.0), [10.0, 2.0], [0.0, -2.0]),
        (Scale("range", low=-5.0, high=5.0), [-5.0, 0.0, 5.0], [0.0, 0.5, 1.0]),
    ],
)
def test_readings_become_the_numbers_fed(
    scale: Scale, readings: list[float], fed: list[float]
) -> None:
    assert scale.apply(np.array(readings)).tolist() == fed


@pytest.mark.parametrize(
    ("scale", "reading", "text"),
    [
        (BILL, 39.1, "39.1 mm"),
        (Scale(unit="g"), 3750.0, "3750 g"),
        (Scale(), -0.5, "−0.5"),
        (SEX, 1.0, "male"),
        (ISLAND, 2.0, "Torgersen"),
        (INK, 13.0, "13 of 16"),
    ],
)
def test_a_reading_is_written_as_a_person_reads_it(scale: Scale, reading: float, text: str) -> None:
    assert scale.read(reading) == text


@pytest.mark.parametrize(
    ("scale", "fed", "text"),
    [
        (BILL, (39.1 - 43.992793) / 5.460521, "39.1 mm"),
        (BILL, 0.0, "43.9928 mm"),
        (SEX, -1.0, "female"),
        (SEX, 0.3, "between female and male"),
        (ISLAND, 1.0, "Dream"),
        (ISLAND, 0.0, "not Dream"),
        (ISLAND, 0.7, "partly Dream"),
        (INK, 0.8125, "13 of 16"),
        (Scale(), 0.25, "0.25"),
    ],
)
def test_a_number_fed_is_told_in_the_units_of_the_reading(
    scale: Scale, fed: float, text: str
) -> None:
    assert scale.text(fed) == text


@pytest.mark.parametrize(
    ("scale", "reading", "sentence"),
    [
        (BILL, 39.1, "How many standard deviations from the mean? (39.1 − 43.99) ÷ 5.461 = −0.90."),
        (
            Scale("standardised", mean=-3.0, sd=2.0),
            -3.0,
            "How many standard deviations from the mean? (−3 − (−3)) ÷ 2 = 0.00.",
        ),
        (INK, 13.0, "How far along the range? (13 − 0) ÷ 16 = 0.81."),
        (SEX, 0.0, "Categories become numbers: female is −1, male is 1."),
        (ISLAND, 1.0, "1, because this one is Dream."),
        (ISLAND, 2.0, "0, because this one is Torgersen, not Dream."),
        (Scale(), 0.05, "0.05 is fed as it is."),
    ],
)
def test_the_way_from_reading_to_number_is_told(
    scale: Scale, reading: float, sentence: str
) -> None:
    assert scale.sentence(reading) == sentence


def test_the_operands_shown_give_the_result_shown() -> None:
    generator = np.random.default_rng(0)
    for _ in range(2_000):
        mean, sd = generator.normal(0, 1000), 10 ** generator.uniform(-3, 4)
        reading = float(f"{mean + sd * generator.normal():.4g}")
        sentence = Scale("standardised", mean=mean, sd=sd).sentence(reading)
        working, result = sentence.partition("? ")[2].rstrip(".").replace("−", "-").split(" = ")
        shown = eval(working.replace("÷", "/"), {"__builtins__": {}})
        assert f"{round(shown, 2) + 0.0:.2f}" == result


def test_there_is_no_negative_zero() -> None:
    assert plain(-0.0, 4) == "0"
    assert Scale("standardised", mean=10.0, sd=1e4).sentence(9.0).endswith(" = 0.00.")
