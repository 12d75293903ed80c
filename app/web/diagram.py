"""The diagram of a session at its position: one SVG file, for handouts, slides and screen readers.

Every number in it is one of the tape's, shown from its event on. The same moment gives the same text.
"""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from xml.sax.saxutils import escape

from app.explain.digits import display
from app.explain.events import explain_event
from app.explain.explanation import Explanation
from app.explain.names import Names, Voice
from app.sessions.session import Session
from app.web.drawing.caption import Caption, caption_of, draw_caption, heading_of
from app.web.drawing.connections import draw_arrows, draw_lines
from app.web.drawing.labels import draw_headings, draw_names
from app.web.drawing.layout import HEIGHT, WIDTH
from app.web.drawing.legend import draw_legend
from app.web.drawing.neurons import draw_input, draw_neuron
from app.web.drawing.palette import palette
from app.web.drawing.pen import Pen, clean, tag
from app.web.drawing.pictures import draw_picture
from app.web.drawing.plan import Plan, plan_of
from app.web.drawing.scene import Scene
from app.web.drawing.tags import draw_tag
from app.web.views_explain import names_of

FONT = "Inter, system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif"


def diagram_svg(session: Session) -> str:
    """Draw a session at its position as an SVG document that needs nothing else."""
    scene, names = Scene(session), names_of(session)
    told = scene.event is not None
    explanation = (
        explain_event(scene.tape, scene.shown, scene.observation, names=names) if told else None
    )
    plan, caption = plan_of(scene, explanation), caption_of(scene, explanation, names)
    return _document(plan, caption, _network(plan, explanation, names))


@cache
def diagram_policy() -> str:
    """Return the Content-Security-Policy under which a browser shows a diagram: its one style, nothing else."""
    digest = hashlib.sha256(palette().style().encode()).digest()
    style = f"'sha256-{base64.b64encode(digest).decode()}'"
    return f"default-src 'none'; style-src {style}; frame-ancestors 'none'"


def _document(plan: Plan, caption: Caption, network: str) -> str:
    pen, heading = Pen(palette()), heading_of(plan.scene)
    title = f"{heading}: {caption.title}"
    return tag(
        "svg",
        tag("title", escape(clean(title)), id="diagram-title"),
        tag("desc", escape(clean(_description(plan.scene, caption))), id="diagram-desc"),
        tag("style", palette().style()),
        pen.mark("rect", fill="paper", width=WIDTH, height=HEIGHT),
        network,
        draw_legend(pen, plan.facts()),
        draw_caption(pen, caption, " · ".join(filter(None, (heading, plan.left_out)))),
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {WIDTH:.0f} {HEIGHT:.0f}",
        width=WIDTH,
        height=HEIGHT,
        role="img",
        aria_labelledby="diagram-title diagram-desc",
        font_family=FONT,
    )


def _network(plan: Plan, explanation: Explanation | None, names: Names) -> str:
    pen, scene = Pen(palette()), plan.scene
    voice = Voice(scene.network, scene.tape.training.optimizer.name, names)
    quiet = plan.focus.everything
    parts = [
        draw_headings(pen, scene, voice, plan.columns),
        draw_lines(pen, plan.drawn, plan.domains, scene.phase),
        draw_arrows(pen, plan.drawn, plan.domains) if scene.backward else "",
        _inputs(pen, plan),
        *(_layer(pen, plan, layer) for layer in range(1, scene.depth + 1)),
        draw_names(pen, scene, plan.columns, plan.focus),
        "" if quiet else draw_tag(pen, scene.event, explanation, plan.columns, plan.drawn),
    ]
    return "".join(parts)


def _inputs(pen: Pen, plan: Plan) -> str:
    column, scene = plan.columns[0], plan.scene
    values = {neuron: scene.activation(0, neuron) or 0.0 for neuron in column.places}
    if column.picture is not None:
        top = plan.activations[0]
        return draw_picture(pen, column.picture, column.places, values, top, plan.focus)
    return "".join(
        draw_input(pen, place, values[neuron], plan.look(0, neuron))
        for neuron, place in column.places.items()
    )


def _layer(pen: Pen, plan: Plan, layer: int) -> str:
    return "".join(
        draw_neuron(pen, place, plan.scene.neuron(layer, neuron), plan.look(layer, neuron))
        for neuron, place in plan.columns[layer].places.items()
    )


def _description(scene: Scene, caption: Caption) -> str:
    """Say in words what the drawing shows."""
    network = scene.network
    voice = Voice(network, scene.tape.training.optimizer.name, Names())
    layers = [f"{network.sizes[0]} inputs"]
    for layer, activation in enumerate(network.activations, start=1):
        layers.append(f"{voice.layer(layer)} with {network.sizes[layer]} {activation} neurons")
    outputs = _outputs(scene)
    parts = [
        f"A neural network: {', '.join(layers)}.",
        f"{caption.moment}, {caption.observation}.",
        f"{caption.title}: {caption.numbers}." if caption.numbers else f"{caption.title}.",
        caption.sentence,
        f"Outputs: {outputs}." if outputs else "",
    ]
    return " ".join(part for part in parts if part)


def _outputs(scene: Scene) -> str:
    """List the predictions that are known beside what was actual."""
    names, at = scene.session.setup.dataset.target_names, scene.observation
    told = []
    for output, name in enumerate(names):
        a, actual = scene.activation(scene.depth, output), scene.value("y", at, output)
        if a is not None and actual is not None:
            told.append(f"{name} {display(a)}, actual {display(actual)}")
    return "; ".join(told)
