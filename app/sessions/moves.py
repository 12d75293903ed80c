"""The moves of a position: step, back and goto, at every granularity."""

from __future__ import annotations

from dataclasses import replace

from app.errors import Conflict, InvalidInput
from app.sessions.replay import Work, state_at, with_checkpoint
from app.sessions.session import Position, Session

NEXT_COMMAND = {
    "forward": "the forward pass is not complete: call forward first",
    "backward": "the cost is known, so backpropagation comes next: call backward",
    "update": "every gradient is known, so the update comes next: call update",
}


def next_command(session: Session) -> str:
    """Name the command that the next event belongs to."""
    ends, event = session.setup.events.phase_ends, session.position.event
    if session.finished or event < ends["cost"]:
        return "forward"
    return "backward" if event < ends["backward"] else "update"


def refuse_diverged(session: Session) -> None:
    """Refuse to go on from a number that is not finite."""
    if session.diverged:
        raise Conflict(
            "A number has grown too large to be written, so nothing can be computed from it. "
            "Step back, or lower the learning rate."
        )


def arrive(session: Session, event: int) -> Session:
    """Place a session at an event of its present iteration, or at the overflow before it."""
    overflow = session.tape.overflow
    event = event if overflow is None else min(event, overflow)
    moved = session.within(position=Position(session.position.iteration, event))
    if not moved.finished:
        return moved
    return moved.within(
        history=session.history.extended(session.position.iteration, [session.tape.cost])
    )


def enter_next(session: Session) -> Session:
    """Begin the iteration after a finished one, or the edit that stands there."""
    iteration = session.position.iteration + 1
    branch = session.branch_at(iteration)
    edited = branch.first_iteration == iteration
    state = branch.state if edited else session.tape.after
    checkpoints = with_checkpoint(session, branch, iteration, state)
    return replace(session, checkpoints=checkpoints).at(Position(iteration), state)


def step_once(session: Session, by: str) -> Session:
    """Take one step by term, neuron, layer, pass or iteration."""
    refuse_diverged(session)
    if session.finished:
        session = enter_next(session)
    return arrive(session, session.setup.events.next_stop(session.position.event, by))


def run_command(session: Session, command: str, by: str) -> Session:
    """Step forward, backward or update, if that is what comes next.

    Raises:
        Conflict: something else comes next; the detail says what.
    """
    refuse_diverged(session)
    expected = next_command(session)
    if expected != command:
        raise Conflict(f"That does not fit here: {NEXT_COMMAND[expected]}.")
    return step_once(session, by)


def at_beginning(session: Session) -> bool:
    """Tell whether a session stands at its very beginning."""
    return session.position == Position(session.first_iteration)


def back(session: Session, by: str) -> Work[Session]:
    """Take one step back: the reverse of step, across iterations and epochs.

    Raises:
        Conflict: there is nothing to go back to.
    """
    if at_beginning(session):
        raise Conflict("This is the very beginning: there is nothing to go back to.")
    return (yield from _back_once(session, by))


def _back_once(session: Session, by: str) -> Work[Session]:
    position, iteration = session.position, session.position.iteration
    if by == "epoch":
        return (yield from _back_to_epoch(session))
    event = session.setup.events.previous_stop(position.event, by)
    if event > 0:
        return arrive(session, event)
    if iteration == session.first_iteration:
        return arrive(session, 0)
    # The start of an iteration is the end of the one before, where a step forward came from.
    end = session.branch_at(iteration - 1).setup.events.count
    earlier = yield from goto(session, iteration - 1, end)
    if position.event == 0:
        return (yield from _back_once(earlier, by))
    return earlier


def _back_to_epoch(session: Session) -> Work[Session]:
    position = session.position
    first = position.iteration - session.branch.schedule.place(position.iteration)
    if first <= session.first_iteration:
        return (yield from goto(session, session.first_iteration, 0))
    end = session.branch_at(first - 1).setup.events.count
    earlier = yield from goto(session, first - 1, end)
    if position == Position(first):
        return (yield from _back_to_epoch(earlier))
    return earlier


def goto(session: Session, iteration: int, event: int) -> Work[Session]:
    """Go to any moment of the explored past or of the present iteration.

    Raises:
        InvalidInput: it was never reached, or the iteration has no such event.
    """
    reach = max(session.history.iterations, session.position.iteration)
    first = session.first_iteration
    if not first <= iteration <= reach:
        raise InvalidInput.at(
            "/iteration", f"Iterations {first} to {reach} have been reached; step on to see more."
        )
    most = session.branch_at(iteration).setup.events.count
    if not 0 <= event <= most:
        raise InvalidInput.at("/event", f"An iteration here has the events 0 to {most}.")
    if iteration == session.position.iteration:
        return arrive(session, event)
    if iteration == session.position.iteration + 1 and session.finished:
        return arrive(enter_next(session), event)
    state = yield from state_at(session, iteration)
    return arrive(session.at(Position(iteration), state), event)
