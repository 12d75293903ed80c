"""The pages a person opens, the files they need, and the two probes of whoever runs the server."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from fastapi import FastAPI, Request
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response

from app import __version__
from app.errors import GlassboxError
from app.lessons.presets import preset
from app.sessions.begin import DEFAULT_PRESET, begin
from app.sessions.spec import SessionSpec
from app.settings import Settings
from app.web.assets import MEDIA_TYPES, REVALIDATE, Assets, Document
from app.web.security import page_policy
from app.web.views import session_view

ICON: Final = "icon.svg"
# The page's stylesheet is made of these, in this order: the later has the last word.
STYLES: Final = (
    "tokens",
    "base",
    "workbench",
    "diagram",
    "explanation",
    "sections",
    "card",
    "dock",
    "dialogs",
    "sheets",
    "print",
)

Ready = Callable[[], Awaitable[None]]


@dataclass(frozen=True)
class Introduction:
    """Hold what the page says of a preset before the first step, so that it can be read while scripts load."""

    preset: str
    title: str
    summary: str
    data: str
    events: int
    following: str

    @classmethod
    def of(cls, name: str, settings: Settings) -> Introduction | None:
        """Introduce a preset; None where there is none of that name, or none that the limits allow."""
        try:
            about = preset(name)
            view = session_view(begin(SessionSpec(preset=about.id), settings))
        except GlassboxError:
            return None
        position = view.position
        sizes = " – ".join(str(layer.size) for layer in view.network.layers)
        return cls(
            about.id,
            about.title,
            about.summary,
            # Nothing is said twice; the page keeps to the same rule.
            sizes if view.data.name == about.title else view.data.name,
            position.events,
            position.next.sentence,
        )


class Workbench:
    """Render the workbench; the numbers it shows the page itself fetches."""

    def __init__(self, templates: Path, settings: Callable[[], Settings]) -> None:
        self.settings = settings
        self._environment = Environment(
            loader=FileSystemLoader(templates), autoescape=True, undefined=StrictUndefined
        )
        self._introductions: dict[str, Introduction] = {}
        self._documents: dict[str, Document] = {}

    async def answer(self, request: Request) -> Response:
        """Answer with the page; with `?embed` other sites may show it in a frame."""
        document = self._document(self._introduction(request))
        embedded = "embed" in request.query_params
        ancestors = self.settings().embed_hosts if embedded else ("'none'",)
        headers = {
            "Cache-Control": REVALIDATE,
            "Content-Security-Policy": page_policy(ancestors or ("'none'",)),
        }
        return document.answer(request, headers)

    def _introduction(self, request: Request) -> Introduction | None:
        if "session_id" in request.path_params:
            return None
        name = request.query_params.get("preset") or DEFAULT_PRESET
        known = self._introductions.get(name) or Introduction.of(name, self.settings())
        if known is not None:
            self._introductions[name] = known
        return known

    def _document(self, introduction: Introduction | None) -> Document:
        template = self._environment.get_template("workbench.html")
        content = template.render(version=__version__, introduction=introduction).encode()
        name = introduction.preset if introduction else ""
        last = self._documents.get(name)
        if last is None or content != last.content:
            last = self._documents[name] = Document.of(content, MEDIA_TYPES[".html"])
        return last


def add_pages(app: FastAPI, root: Path, settings: Callable[[], Settings]) -> None:
    """Add the workbench, its files and the probes.

    Args:
        app: The app.
        root: The folder that holds `static` and `templates`.
        settings: Gives the settings.
    """
    workbench = Workbench(root / "templates", settings)
    files = Assets(root / "static")

    async def icon(request: Request) -> Response:
        document = await files.find(ICON)
        if document is None:
            raise HTTPException(404)
        return document.answer(request, {"Cache-Control": REVALIDATE})

    async def styles(request: Request) -> Response:
        document = await files.joined(f"css/{name}.css" for name in STYLES)
        return document.answer(request, {"Cache-Control": REVALIDATE})

    app.add_route("/", workbench.answer, methods=["GET"], include_in_schema=False)
    app.add_route("/s/{session_id}", workbench.answer, methods=["GET"], include_in_schema=False)
    app.add_route("/static/page.css", styles, methods=["GET"], include_in_schema=False)
    app.add_route("/static/{name:path}", files.answer, methods=["GET"], include_in_schema=False)
    app.add_route("/favicon.ico", icon, methods=["GET"], include_in_schema=False)
    app.add_route("/healthz", _healthy, methods=["GET"], include_in_schema=False)
    app.add_route("/readyz", _ready, methods=["GET"], include_in_schema=False)


async def _healthy(_: Request) -> Response:
    """Say that the process answers, whatever its store does."""
    return JSONResponse({"status": "ok"})


async def _ready(request: Request) -> Response:
    """Say that sessions can be served; `app.state.ready` raises when they cannot (503)."""
    ready: Ready = request.app.state.ready
    await ready()
    return JSONResponse({"status": "ready"})
