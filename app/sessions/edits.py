"""Edits: each begins a new branch where it is made, keeps what can be kept, and says what could not be."""

from __future__ import annotations

from dataclasses import dataclass, replace

from app.data.dataset import Dataset
from app.engine.arrays import FloatArray
from app.engine.network import Network
from app.engine.schedule import Schedule
from app.engine.training import State, Training
from app.errors import Conflict, InvalidInput
from app.sessions.bounds import bounded
from app.sessions.carrying import Origins, carry_over, goes_on, origins_of, stays
from app.sessions.changes import changes
from app.sessions.moves import arrive
from app.sessions.session import Branch, Position, Session, Snapshot
from app.sessions.setup import (
    Setup,
    build_dataset,
    build_network,
    build_training,
    first_parameters,
)
from app.sessions.single_numbers import SingleNumbers, single_numbers
from app.sessions.spec import EditSpec, LayerEdit, NetworkEdit
from app.settings import Settings


@dataclass(frozen=True, eq=False)
class Edited:
    """Hold the session after an edit, a sentence for all that could not be kept, and one for all that changed."""

    session: Session
    notices: tuple[str, ...]
    changes: tuple[str, ...] = ()


def edit(session: Session, spec: EditSpec, settings: Settings) -> Edited:
    """Apply an edit.

    Raises:
        InvalidInput: something in it cannot be used; nothing is changed.
    """
    focus = session.focus if spec.focus is None else spec.focus
    if focus >= len(session.rows):
        raise InvalidInput.at(
            "/focus", f"This batch has the observations 0 to {len(session.rows) - 1}."
        )
    if not spec.model_fields_set - {"focus"}:
        return Edited(session.within(focus=focus), ())
    notices: list[str] = []
    dataset = session.setup.dataset
    numbers = single_numbers(spec.values or {}, session.rows, dataset, settings)
    given = bool(numbers.inputs or numbers.targets)
    iteration, state, event = _where(session, given, notices)
    if spec.data is not None and given:
        raise InvalidInput.at(
            "/values", "Send other data, or set single inputs and targets: not both at once."
        )
    setup = _new_setup(session.setup, spec, numbers, settings)
    origins = _origins(session.setup, setup, spec)
    theta = _new_parameters(session.setup, setup, state.theta, spec, numbers, settings, origins)
    notices += _kept_weights(session.setup.network, setup.network, origins)
    new_state = _new_state(session.setup, setup, state, theta, origins, notices)
    if not _same_events(session.setup, setup, event):
        notices.append("The iteration begins again: its steps are others now.")
        event = 0
    schedule = _schedule(session, setup, iteration, spec.data is not None, notices)
    branch = Branch(session.next_key, iteration, setup, schedule, new_state)
    begun = _begin(session, branch, event, focus)
    kept = bounded(begun, settings.undo_edits)
    if session.history.iterations > max(iteration, session.position.iteration + 1):
        notices.append("The iterations that came after it were let go; undo brings them back.")
    if kept.first_iteration > begun.first_iteration:
        notices.append(f"The past before iteration {kept.first_iteration} was let go.")
    changed = changes(session.setup, setup, numbers, redrawn=origins is None)
    return Edited(kept, tuple(notices), changed)


def _where(session: Session, given: bool, notices: list[str]) -> tuple[int, State, int]:
    """Return the iteration, state and event that an edit takes hold at.

    Args:
        given: whether an observation's own numbers change: then it is what is looked at, not the next one.
    """
    position, ends = session.position, session.setup.events.phase_ends
    if position.event <= ends["backward"]:
        return position.iteration, session.state, position.event
    if session.tape.overflow is not None:
        notices.append("The update met a number that is too large, so its iteration begins again.")
        return position.iteration, session.state, 0
    if given:
        notices.append("The iteration begins again with it.")
        return position.iteration, session.state, 0
    if not session.finished:
        notices.append("The update was finished first, so that the change meets the new weights.")
    return position.iteration + 1, session.tape.after, 0


def _new_setup(old: Setup, spec: EditSpec, numbers: SingleNumbers, settings: Settings) -> Setup:
    dataset = numbers.dataset(old.dataset)
    if spec.data is not None:
        dataset = build_dataset(spec.data, settings)
    given = {} if spec.training is None else spec.training.given()
    training = build_training(given, old.training, settings)
    asked = spec.network or NetworkEdit()
    layers = asked.layers or _layers_for(old.network, dataset)
    said = (("/network/cost", asked.cost), ("/data", spec.data), ("/values", spec.values))
    pointer = next((place for place, part in said if part), "/network/cost")
    network = build_network(layers, asked.cost or old.network.cost, dataset, settings, pointer)
    return Setup(
        old.network if network == old.network else network,
        training,
        dataset,
        asked.initializer or old.initializer,
        old.seed if asked.seed is None else asked.seed,
        old.preset,
    )


def _layers_for(network: Network, dataset: Dataset) -> list[LayerEdit]:
    """Return the present layers, the last one as wide as the data's targets."""
    sizes = [*network.sizes[1:-1], len(dataset.target_names)]
    pairs = zip(sizes, network.activations, strict=True)
    return [LayerEdit.model_construct(size=size, activation=name) for size, name in pairs]


def _origins(old: Setup, new: Setup, spec: EditSpec) -> Origins | None:
    """Tell where the new network's layers come from, or None where all weights are drawn anew."""
    asked = spec.network or NetworkEdit()
    if asked.seed is not None or asked.initializer is not None:
        return None
    return origins_of(old.network, new.network, asked.layers or [])


def _new_parameters(
    old: Setup,
    new: Setup,
    theta: FloatArray,
    spec: EditSpec,
    numbers: SingleNumbers,
    settings: Settings,
    origins: Origins | None,
) -> FloatArray:
    layers = (spec.network or NetworkEdit()).layers or []
    drawn = first_parameters(new.network, layers, new.initializer, new.seed, settings)
    if origins is not None:
        carry_over(old.network, new.network, theta, drawn, layers, origins)
    numbers.put(new.network, drawn)
    drawn.flags.writeable = False
    return drawn


def _kept_weights(old: Network, new: Network, origins: Origins | None) -> list[str]:
    if origins is None or stays(old, new, origins):
        return []
    if goes_on(new, origins):
        return ["All other weights and biases were kept."]
    return ["Weights between neurons that are still there were kept; new ones were drawn."]


def _new_state(
    old: Setup,
    new: Setup,
    state: State,
    theta: FloatArray,
    origins: Origins | None,
    notices: list[str],
) -> State:
    same = origins is not None and stays(old.network, new.network, origins)
    if same and old.training.optimizer.name == new.training.optimizer.name:
        return State(theta, state.moments, state.updates)
    if state.moments.size and state.updates:
        notices.append("What the optimizer remembered was let go; it begins anew.")
    return State.start(theta, new.training.optimizer)


def _same_events(old: Setup, new: Setup, event: int) -> bool:
    """Tell whether the first `event` events are of the same kinds before and after."""
    if event == 0 or old.events == new.events:
        return True
    return old.network == new.network and event <= new.events.phase_ends["backward"]


def _batches(setup: Setup) -> tuple[object, ...]:
    training: Training = setup.training
    order = (training.batch_size, training.shuffle, training.seed, training.test_fraction)
    return (setup.dataset.observations, *order)


def _schedule(
    session: Session, new: Setup, iteration: int, other_data: bool, notices: list[str]
) -> Schedule:
    # The present branch's: an earlier edit that stands right after it will be gone.
    old = session.branch.schedule
    if not other_data and _batches(session.setup) == _batches(new):
        return old
    epoch = old.epoch(iteration)
    if old.place(iteration):
        notices.append("The epoch begins anew, because its batches are others now.")
    return new.schedule(iteration, epoch)


def _begin(session: Session, branch: Branch, event: int, focus: int) -> Session:
    iteration, key = branch.first_iteration, session.next_key
    history = session.history.until(iteration)
    if iteration > session.position.iteration:
        # The update was finished for the edit, and so its iteration.
        history = history.extended(session.position.iteration, [session.tape.cost])
    begun = replace(
        session,
        trunk=(*(one for one in session.trunk if one.first_iteration < iteration), branch),
        history=history,
        undo=(*session.undo, _snapshot(session, key + 1)),
        redo=(),
        next_key=key + 2,
        focus=focus,
    )
    return arrive(begun.at(Position(iteration), branch.state), event)


def _snapshot(session: Session, key: int) -> Snapshot:
    return Snapshot(key, session.trunk, session.position, session.state, session.history)


def undo(session: Session, kept: int | None = None) -> Session:
    """Return to the moment before the last edit.

    Args:
        session: Where an edit may have been made.
        kept: How many edits are kept, for whoever has undone them all.

    Raises:
        Conflict: there is none.
    """
    if not session.undo:
        most = "" if kept is None else f" Of all edits the last {kept:,} are kept."
        raise Conflict("There is no edit to undo." + most)
    restored = _restore(session, session.undo[-1])
    here = _snapshot(session, session.next_key)
    return replace(restored, undo=session.undo[:-1], redo=(*session.redo, here))


def redo(session: Session) -> Session:
    """Return to the moment before the last undo.

    Raises:
        Conflict: there is none, or an edit came after it.
    """
    if not session.redo:
        raise Conflict("There is no undone edit to bring back.")
    restored = _restore(session, session.redo[-1])
    here = _snapshot(session, session.next_key)
    return replace(restored, redo=session.redo[:-1], undo=(*session.undo, here))


def _restore(session: Session, to: Snapshot) -> Session:
    next_key = session.next_key + 1
    restored = replace(session, trunk=to.trunk, history=to.history, next_key=next_key)
    return restored.at(to.position, to.state)
