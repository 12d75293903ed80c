import json
from dataclasses import asdict

import numpy as np
import pytest

from app.data.bundled import IDS, bundled
from app.errors import NotFound


@pytest.mark.parametrize("identifier", IDS)
def test_every_set_is_complete(identifier: str) -> None:
    dataset = bundled(identifier)
    about = dataset.about
    assert about.id == identifier
    assert about.title
    assert about.summary
    assert about.source
    assert about.licence or identifier == "worked-example"
    assert np.isfinite(dataset.inputs).all()
    assert np.isfinite(dataset.targets).all()
    assert np.abs(dataset.inputs).max() < 10.0
    assert 0.0 <= dataset.targets.min() <= dataset.targets.max() <= 1.0
    assert len(set(dataset.input_names)) == len(dataset.input_names)
    assert len(set(dataset.target_names)) == len(dataset.target_names)
    assert json.loads(json.dumps([asdict(scale) for scale in dataset.scaling]))


@pytest.mark.parametrize("identifier", IDS)
def test_what_is_read_leads_back_to_what_is_fed(identifier: str) -> None:
    dataset = bundled(identifier)
    for column, scale in enumerate(dataset.scaling):
        fed = scale.apply(dataset.readings[:, column])
        assert np.array_equal(fed, dataset.inputs[:, column])
        for row in (0, dataset.observations - 1):
            assert scale.text(float(fed[row])) == dataset.raw(row)[column]


def test_a_set_is_read_once() -> None:
    assert bundled("iris") is bundled("iris")


def test_an_unknown_set_is_not_found() -> None:
    with pytest.raises(NotFound, match="penguin-colonies"):
        bundled("titanic")
