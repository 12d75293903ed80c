from __future__ import annotations

from typing import Annotated, Any, Literal

import pytest
from pydantic import Field, ValidationError, field_validator
from pydantic_core import from_json

from app.errors import Fault
from app.sessions.strict_model import StrictModel
from app.web.faults import OTHER, SENTENCES, faults, pointer


class Layer(StrictModel):
    size: int = Field(ge=1, le=128)
    activation: Literal["sigmoid", "tanh"] = "sigmoid"
    weights: list[list[float]] | None = None


class Named(StrictModel):
    kind: Literal["named"]
    dataset: str = Field(min_length=2, max_length=4, pattern="^[a-z]+$")


class Typed(StrictModel):
    kind: Literal["typed"]
    inputs: list[float] = Field(min_length=1, max_length=3)


class Everything(StrictModel):
    layers: list[Layer] = Field(default_factory=list)
    layer: Layer | None = None
    data: Annotated[Named | Typed, Field(discriminator="kind")] | None = None
    either: Named | Typed | None = None
    rate: float = Field(0.5, gt=0, lt=1000)
    shuffle: bool = False
    nothing: None = None
    even: int = Field(2, multiple_of=2)
    odd: int = 1

    @field_validator("odd")
    @classmethod
    def _odd(cls, value: int) -> int:
        if value % 2 == 0:
            raise ValueError("Only odd numbers.")
        return value


def found(body: str) -> tuple[Fault, ...]:
    with pytest.raises(ValidationError) as caught:
        Everything.model_validate_json(body)
    return faults(caught.value.errors(), from_json(body))


@pytest.mark.parametrize(
    ("body", "where", "said"),
    [
        ("[]", "", "This must be an object."),
        ('{"lairs": 1}', "/lairs", "There is no such key here."),
        ('{"layers": {}}', "/layers", "This must be a list."),
        ('{"layers": [{}]}', "/layers/0/size", "This is required."),
        ('{"layers": [{"size": true}]}', "/layers/0/size", "This must be a whole number."),
        ('{"layers": [{"size": "3"}]}', "/layers/0/size", "This must be a whole number."),
        ('{"layers": [{"size": 3.0}]}', "/layers/0/size", "This must be a whole number."),
        ('{"layers": [{"size": 0}]}', "/layers/0/size", "This must be at least 1."),
        ('{"layer": {"size": 129}}', "/layer/size", "This may be at most 128."),
        (
            '{"layer": {"size": 1, "activation": "step"}}',
            "/layer/activation",
            "This must be 'sigmoid' or 'tanh'.",
        ),
        (
            '{"layer": {"size": 1, "weights": [[1, null]]}}',
            "/layer/weights/0/1",
            "This must be a number.",
        ),
        ('{"rate": 1e400}', "/rate", "This must be a finite number."),
        ('{"rate": NaN}', "/rate", "This must be a finite number."),
        ('{"rate": 0}', "/rate", "This must be more than 0."),
        ('{"rate": 1000}', "/rate", "This must be less than 1,000."),
        ('{"shuffle": 1}', "/shuffle", "This must be true or false."),
        ('{"nothing": 1}', "/nothing", "This must be null."),
        ('{"even": 3}', "/even", "This must be a multiple of 2."),
        ('{"odd": 2}', "/odd", "Only odd numbers."),
        ('{"data": {}}', "/data", "The key 'kind' is required: it says what this is."),
        ('{"data": {"kind": "x"}}', "/data", "This must be one of 'named', 'typed'."),
        ('{"data": {"kind": "named"}}', "/data/dataset", "This is required."),
        (
            '{"data": {"kind": "named", "dataset": 3}}',
            "/data/dataset",
            "This must be text.",
        ),
        (
            '{"data": {"kind": "named", "dataset": "x"}}',
            "/data/dataset",
            "This must have at least 2 characters.",
        ),
        (
            '{"data": {"kind": "named", "dataset": "xxxxx"}}',
            "/data/dataset",
            "This may have at most 4 characters.",
        ),
        (
            '{"data": {"kind": "named", "dataset": "X/1"}}',
            "/data/dataset",
            "This is not written in the way it must be.",
        ),
        (
            '{"data": {"kind": "typed", "inputs": []}}',
            "/data/inputs",
            "This needs at least 1 entries.",
        ),
        (
            '{"data": {"kind": "typed", "inputs": [1, 2, 3, 4]}}',
            "/data/inputs",
            "This may have at most 3 entries.",
        ),
    ],
)
def test_a_fault_has_its_place_and_a_plain_sentence(body: str, where: str, said: str) -> None:
    assert found(body) == (Fault(where, said),)


def test_a_union_does_not_put_its_members_into_the_pointer() -> None:
    listed = found('{"either": {"kind": "named"}}')
    assert {fault.pointer for fault in listed} == {
        "/either/dataset",
        "/either/kind",
        "/either/inputs",
    }


def test_a_list_stops_at_its_first_fault() -> None:
    assert len(found('{"layers": [{}, {}, {}]}')) == 1


def test_the_number_of_faults_is_bounded() -> None:
    body = "{" + ",".join(f'"k{number}": 1' for number in range(50)) + "}"
    assert len(found(body)) == 20


def test_no_sentence_echoes_what_was_sent() -> None:
    body = '{"rate": "SECRET", "layer": {"size": "SECRET", "activation": "SECRET"}}'
    assert "SECRET" not in repr(found(body))


def test_a_kind_without_a_sentence_is_told_in_general() -> None:
    error: dict[str, Any] = {"type": "url_scheme", "loc": ("x",), "ctx": {"expected_schemes": "a"}}
    assert faults([error]) == (Fault("/x", OTHER),)


@pytest.mark.parametrize("sentence", [*SENTENCES.values(), OTHER])
def test_every_sentence_ends_and_has_no_jargon(sentence: str) -> None:
    assert sentence == "{error}" or sentence.endswith(".")
    assert not any(word in sentence.lower() for word in ("valid", "input", "integer", "dict"))


def test_a_pointer_escapes_and_shortens() -> None:
    assert pointer([]) == ""
    assert pointer(["a/b", "m~n", 0]) == "/a~1b/m~0n/0"
    assert pointer(["x" * 1000]) == "/" + "x" * 100 + "…"
