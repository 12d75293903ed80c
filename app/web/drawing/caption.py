"""Writes what happens: the moment, the event, its numbers and its sentence."""

from __future__ import annotations

from dataclasses import dataclass

from app.explain.digits import display
from app.explain.events import overflow_sentence
from app.explain.explanation import Explanation
from app.explain.names import Names, Voice
from app.explain.next_step import next_sentence
from app.explain.scene import Scene as Spoken
from app.web.drawing.layout import EDGE, WIDTH
from app.web.drawing.lettering import BOLD, shortened, width, wrapped
from app.web.drawing.pen import Pen
from app.web.drawing.scene import Scene

_TITLE, _SENTENCE, _NOTE = 19.0, 15.0, 13.0
_ROOM = WIDTH - 2 * EDGE


@dataclass(frozen=True)
class Caption:
    """Hold the words of a moment.

    Args:
        moment: iteration, event and phase.
        title: what has just happened.
        numbers: with which numbers; may be empty.
        result: what comes out, for where the numbers are too long.
        sentence: what it means.
        observation: which one is looked at.
        cost: the batch's cost, once it is known.
    """

    moment: str
    title: str
    numbers: str
    result: str
    sentence: str
    observation: str
    cost: str


def caption_of(scene: Scene, explanation: Explanation | None, names: Names) -> Caption:
    """Find the words of a moment."""
    title, numbers, result, sentence = _told(scene, explanation, names)
    return Caption(
        moment=_moment(scene),
        title=title,
        numbers=numbers,
        result=result,
        sentence=sentence,
        observation=_observation(scene),
        cost=_cost(scene),
    )


def _told(scene: Scene, explanation: Explanation | None, names: Names) -> tuple[str, str, str, str]:
    tape, event = scene.tape, scene.event
    if scene.session.diverged and tape.overflow is not None:
        spoken, address = Spoken(tape, names, scene.observation), tape.overflowed(scene.observation)
        told = overflow_sentence(spoken, address, tape.overflow)
        return "A number has grown too large", "", "", told
    if event is None or explanation is None:
        return "Ready for the first step", "", "", next_sentence(tape, 0, "term", names)
    if scene.phase == "done":
        number = scene.session.position.iteration
        return f"Iteration {number} is done", "", "", _after(scene)
    numbers, result = _numbers(explanation)
    return explanation.title, numbers, result, explanation.sentence


def _numbers(explanation: Explanation) -> tuple[str, str]:
    """Return the formula with its numbers, the running sum's where there is one, and the result alone."""
    running = explanation.running
    if running is None:
        written = explanation.written
        return written.substituted.text, f"{explanation.label} = {written.shown}"
    return (
        f"{running.label} so far: {running.written.substituted.text}",
        f"{running.label} = {running.written.shown}, {running.counted}",
    )


def _after(scene: Scene) -> str:
    before, after = scene.value("cost"), scene.value("cost_after")
    told = "Every weight and bias has taken its step."
    if before is None or after is None or not abs(after) < float("inf"):
        return told
    return (
        f"{told} On the same observations the cost was {display(before)}; "
        f"with the new weights it is {display(after)}."
    )


def _moment(scene: Scene) -> str:
    events = scene.tape.events.count
    parts = [f"Iteration {scene.session.position.iteration}", f"event {scene.shown} of {events}"]
    event = scene.event
    if event is None or scene.phase == "done":
        return " · ".join(parts)
    voice = Voice(scene.network, scene.tape.training.optimizer.name, Names())
    parts.append(f"{scene.phase} pass" if scene.phase in ("forward", "backward") else scene.phase)
    return " · ".join([*parts, *([] if event.kind == "cost" else [voice.layer(event.layer)])])


def _observation(scene: Scene) -> str:
    dataset, rows = scene.session.setup.dataset, scene.session.rows
    label = dataset.row_label(int(rows[scene.observation]))
    return label if len(rows) == 1 else f"{label}, one of a batch of {len(rows):,}"


def _cost(scene: Scene) -> str:
    cost = scene.value("cost")
    return "" if cost is None else f"cost {display(cost)}"


def heading_of(scene: Scene) -> str:
    """Return what the drawing is of: the data and the layers."""
    title = scene.session.setup.dataset.title
    return f"{title} · {' → '.join(str(size) for size in scene.network.sizes)}"


def draw_caption(pen: Pen, caption: Caption, heading: str) -> str:
    """Write the line above and the lines below the network."""
    right, anchor = WIDTH - EDGE, "end"
    room = _ROOM - BOLD * width(caption.title, _TITLE) - 40
    numbers = next(
        (text for text in (caption.numbers, caption.result) if width(text, _SENTENCE) <= room), ""
    )
    parts = [
        pen.text(shortened(heading, 14, 800), EDGE, 32, fill="muted", font_size=14),
        pen.text(caption.observation, right, 32, fill="muted", font_size=14, text_anchor=anchor),
        pen.mark("line", stroke="line", x1=EDGE, x2=right, y1=614, y2=614),
        pen.text(caption.moment, EDGE, 638, fill="muted", font_size=_NOTE),
        pen.text(caption.cost, right, 638, font_size=_NOTE, font_weight=650, text_anchor=anchor),
        pen.text(
            shortened(caption.title, _TITLE, _ROOM), EDGE, 664, font_size=_TITLE, font_weight=700
        ),
        pen.text(numbers, right, 664, font_size=_SENTENCE, text_anchor=anchor),
    ]
    for place, line in enumerate(wrapped(caption.sentence, _SENTENCE, _ROOM, 2)):
        parts.append(pen.text(line, EDGE, 688 + 20 * place, fill="ink-soft", font_size=_SENTENCE))
    return pen.mark("g", *parts, id="caption")
