"""How a session begins: from a preset, from a learner's own wishes, or from both."""

from __future__ import annotations

from app.engine.arrays import frozen
from app.engine.training import State, Training
from app.errors import InvalidInput
from app.lessons.presets import preset
from app.sessions.history import Checkpoints, History
from app.sessions.moments import read_moment
from app.sessions.session import Branch, Position, Session
from app.sessions.setup import (
    Setup,
    build_dataset,
    build_network,
    build_training,
    default_layers,
    first_parameters,
    fitted_layers,
    merge_network,
    merge_training,
)
from app.sessions.spec import DataSpec, NetworkSpec, SessionSpec, TrainingSpec
from app.settings import Settings

DEFAULT_PRESET = "article"
DEFAULT_COST = "mse"
DEFAULT_INITIALIZER = "xavier_uniform"


def begin(spec: SessionSpec, settings: Settings) -> Session:
    """Make a session that was not stored yet.

    With a preset named, or nothing said at all, the preset is the ground and what is said lies over it. A body that
    brings its own network or data without a preset starts from the plain defaults of the contract.

    Raises:
        NotFound: there is no such preset or data set.
        InvalidInput: something cannot be used; points at it.
    """
    if spec.moment is not None:
        if spec.model_fields_set - {"moment"}:
            raise InvalidInput.at("/moment", "A moment says everything: send nothing beside it.")
        return read_moment(spec.moment, settings)
    name = spec.preset
    if name is None and spec.data is None and spec.network is None:
        name = DEFAULT_PRESET
    network, training, data = NetworkSpec(), TrainingSpec(), DataSpec()
    if name is not None:
        chosen = preset(name)
        network = NetworkSpec.model_validate(chosen.network)
        training = TrainingSpec.model_validate(chosen.training)
        data = DataSpec(dataset=chosen.dataset)
    return _first(spec, merge_network(spec.network, network), training, data, name, settings)


def _first(
    spec: SessionSpec,
    network_spec: NetworkSpec,
    training_base: TrainingSpec,
    data_base: DataSpec,
    name: str | None,
    settings: Settings,
) -> Session:
    default = DataSpec(dataset="penguin-colonies")
    data = spec.data or (data_base if data_base.model_fields_set else default)
    dataset = build_dataset(data, settings)
    given = merge_training(spec.training, training_base)
    training = build_training(given, Training(), settings)
    layers = network_spec.layers or default_layers(dataset)
    own = spec.network or NetworkSpec()
    if own.layers is None:
        layers = fitted_layers(layers, dataset)
    pointer = "/network/cost" if own.cost else "/data"
    cost = network_spec.cost or DEFAULT_COST
    network = build_network(layers, cost, dataset, settings, pointer)
    initializer = network_spec.initializer or DEFAULT_INITIALIZER
    seed = network_spec.seed or 0
    theta = first_parameters(network, layers, initializer, seed, settings)
    setup = Setup(network, training, dataset, initializer, seed, name)
    state = State.start(frozen(theta), training.optimizer)
    branch = Branch(0, 0, setup, setup.schedule(), state)
    return Session(
        id="",
        follow_id="",
        revision=0,
        created_at=0.0,
        expires_at=0.0,
        trunk=(branch,),
        position=Position(),
        state=state,
        history=History.empty(),
        checkpoints=Checkpoints(),
    )
