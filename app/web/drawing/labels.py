"""Draws the words around the network: headings, names with readings, targets, and what is folded away."""

from __future__ import annotations

from app.explain.digits import display
from app.explain.labels import layer_role
from app.explain.names import Voice
from app.web.drawing.beside import NOTE, Run, Side
from app.web.drawing.focus import Focus
from app.web.drawing.layout import LEFT, RIGHT, Column
from app.web.drawing.lettering import shortened
from app.web.drawing.palette import role_colour
from app.web.drawing.pen import Pen
from app.web.drawing.scene import Scene
from app.web.drawing.wording import bias_text, error_text, value_text

HEADING_Y = 64.0
_GAP = 14.0


def draw_headings(pen: Pen, scene: Scene, voice: Voice, columns: tuple[Column, ...]) -> str:
    """Name each column, with its activation."""
    room = (columns[1].x - columns[0].x) - 6
    parts = []
    for layer, column in enumerate(columns):
        ink = f"{role_colour(layer_role(scene.network, layer))}-ink"
        title = shortened(voice.layer(layer), 15, room)
        parts.append(_middle(pen, title, column.x, HEADING_Y, 15, ink, 700))
        note = shortened(_note(scene, layer, column), NOTE, room)
        parts.append(_middle(pen, note, column.x, HEADING_Y + 18, NOTE, "muted", 400))
        if column.folded:
            more = f"… {column.folded:,} more"
            parts.append(_middle(pen, more, column.x, column.more_y + 4, 13, "muted", 500))
    return "".join(parts)


def _note(scene: Scene, layer: int, column: Column) -> str:
    if layer:
        return scene.network.activations[layer - 1].replace("_", " ")
    picture = scene.session.setup.dataset.about.picture
    if column.picture is None or picture is None:
        return ""
    return f"{picture[0]} × {picture[1]} pixels"


def _middle(
    pen: Pen, text: str, x: float, y: float, size: float, colour: str, weight: float
) -> str:
    return pen.text(
        text, x, y, fill=colour, font_size=size, font_weight=weight, text_anchor="middle"
    )


def draw_names(pen: Pen, scene: Scene, columns: tuple[Column, ...], focus: Focus) -> str:
    """Name the inputs with their readings and the outputs with their targets."""
    parts = [] if columns[0].picture else [_inputs(pen, scene, columns[0], focus)]
    return "".join([*parts, _outputs(pen, scene, columns[-1], focus)])


def _inputs(pen: Pen, scene: Scene, column: Column, focus: Focus) -> str:
    dataset = scene.session.setup.dataset
    readings = dataset.raw(int(scene.session.rows[scene.observation]))
    side = Side("end", LEFT - next(iter(column.places.values())).r - _GAP)
    parts = []
    for neuron, place in column.places.items():
        fed, reading = display(scene.activation(0, neuron) or 0.0), readings[neuron]
        notes = [] if reading == fed else [[Run(reading)]]
        dim = focus.strength((0, neuron)) == "dim"
        parts.append(side.draw(pen, place.y, dataset.input_names[neuron], notes, dim))
    return "".join(parts)


def _outputs(pen: Pen, scene: Scene, column: Column, focus: Focus) -> str:
    names, last = scene.session.setup.dataset.target_names, scene.depth
    side = Side("start", RIGHT + next(iter(column.places.values())).r + _GAP + 2)
    parts = []
    for neuron, place in column.places.items():
        dim = focus.strength((last, neuron)) == "dim"
        notes = [[_target(scene, neuron)]]
        if not column.detailed:
            notes = _numbers(scene, neuron, notes[0][0], dim)
        parts.append(side.draw(pen, place.y, names[neuron], notes, dim))
    return "".join(parts)


def _target(scene: Scene, neuron: int) -> Run:
    """Write what an output should say, as fed and as it was read; the chosen class stands out."""
    dataset, row = scene.session.setup.dataset, int(scene.session.rows[scene.observation])
    target = scene.value("y", scene.observation, neuron) or 0.0
    scale, text = dataset.target_scaling[neuron], f"actual {display(target)}"
    if not scale.coding and (scale.unit or scale.kind != "none"):
        text = f"{text} ({dataset.raw_targets(row)[neuron]})"
    chosen = len(dataset.classes) == len(dataset.target_names) and target == 1
    return Run(text, "output-ink", 650) if chosen else Run(text)


def _numbers(scene: Scene, neuron: int, target: Run, dim: bool) -> list[list[Run]]:
    """Write an output's numbers beside it, where its ring is too small for them."""
    known = scene.neuron(scene.depth, neuron)
    value, bias = value_text(known, scene.backward), bias_text(known, narrow=True)
    first = [Run(f"{value} ", "muted" if dim else "ink", 650), target] if value else [target]
    error = error_text(known, scene.backward)
    red = "muted" if dim else "error-ink"
    second = [Run(bias), Run(f" · {error}", red, 600)] if error else [Run(bias)]
    return [first, second]
