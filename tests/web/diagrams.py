"""Sessions to draw, and the stored drawings: python -m tests.web.diagrams draws them anew."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from app.sessions.begin import begin
from app.sessions.session import Position, Session
from app.sessions.spec import SessionSpec
from app.settings import Settings
from app.web.diagram import diagram_svg

GOLDEN = Path(__file__).with_name("golden")
SVG = "{http://www.w3.org/2000/svg}"

SMALL: dict[str, Any] = {
    "data": {
        "inputs": [[0.35, -1.2, 2.5], [0.8, 0.45, -0.6]],
        "targets": [[1, 0], [0, 1]],
        "input_names": ["wind", "rain", "frost"],
        "target_names": ["stay in", "go out"],
    },
    "network": {
        "layers": [
            {
                "size": 2,
                "activation": "tanh",
                "weights": [[0.42, -0.87, 0.31], [-0.66, 0.15, 0.9]],
                "biases": [0.1, -0.25],
            },
            {
                "size": 2,
                "activation": "sigmoid",
                "weights": [[1.3, -0.5], [-0.75, 0.6]],
                "biases": [0.05, -0.15],
            },
        ],
        "cost": "mse",
    },
    "training": {"learning_rate": 0.5, "batch_size": 2},
}
MOMENTS: dict[str, int | str] = {
    "ready": 0,
    "forward": "forward product 1 1 2",
    "blame": "backward blame 1 0 1",
}


def session(spec: dict[str, Any] | str, event: int | str = 0, focus: int = 0) -> Session:
    """Start a session and put it after an event: its number, or "phase kind layer neuron index"."""
    wanted = {"preset": spec} if isinstance(spec, str) else spec
    begun = begin(SessionSpec.model_validate(wanted), Settings(store="memory:"))
    if isinstance(event, str):
        phase, kind, *place = event.split()
        number = begun.setup.events.number(phase, kind, *map(int, place))
        assert number is not None
        event = number
    return replace(begun, position=Position(0, event), focus=focus)


def network(layers: list[tuple[int, str]], inputs: int, cost: str = "mse") -> dict[str, Any]:
    """Ask for a network of given sizes and activations on one made-up row."""
    return {
        "data": {
            "inputs": [[((7 * i) % 11 - 5) / 4 for i in range(inputs)]],
            "targets": [[float(i == 0) for i in range(layers[-1][0])]],
        },
        "network": {
            "layers": [{"size": size, "activation": name} for size, name in layers],
            "cost": cost,
        },
    }


def drawn(one: Session) -> ElementTree.Element:
    """Draw a session and read the drawing."""
    return ElementTree.fromstring(diagram_svg(one))


def texts(element: ElementTree.Element) -> list[str]:
    """List the words of a drawing or of a part of it."""
    return ["".join(text.itertext()) for text in element.iter(f"{SVG}text")]


def parts(root: ElementTree.Element, kind: str, tag: str) -> dict[str, ElementTree.Element]:
    """Find parts by their keys: neurons "n" are groups, connections "c" lines, their blame paths."""
    return {
        element.attrib["data-part"]: element
        for element in root.iter(f"{SVG}{tag}")
        if element.get("data-part", "").startswith(kind)
    }


def without_words(svg: str) -> str:
    """Leave out title, description and caption: their sentences have tests of their own."""
    svg = re.sub(r"<(title|desc)\b.*?</\1>", "", svg, flags=re.DOTALL)
    return re.sub(r'<g id="caption">.*?</g>', "", svg, flags=re.DOTALL)


if __name__ == "__main__":
    for name, moment in MOMENTS.items():
        text = diagram_svg(session(SMALL, moment)).replace("><", ">\n<")
        (GOLDEN / f"diagram-{name}.svg").write_text(text + "\n", encoding="utf-8")
