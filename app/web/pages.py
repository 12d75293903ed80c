"""The pages a person opens, the files they need, and the two probes of whoever runs the server."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Final

from fastapi import FastAPI, Request
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response

from app import __version__
from app.settings import Settings
from app.web.assets import MEDIA_TYPES, REVALIDATE, Assets, Document
from app.web.security import page_policy

ICON: Final = "icon.svg"

Ready = Callable[[], Awaitable[None]]


class Workbench:
    """Render the workbench; the page itself fetches what it shows."""

    def __init__(self, templates: Path, settings: Callable[[], Settings]) -> None:
        self.settings = settings
        self._environment = Environment(
            loader=FileSystemLoader(templates), autoescape=True, undefined=StrictUndefined
        )
        self._last = Document.of(b"", "")

    async def answer(self, request: Request) -> Response:
        """Answer with the page; with `?embed` other sites may show it in a frame."""
        template = self._environment.get_template("workbench.html")
        content = template.render(version=__version__).encode()
        if content != self._last.content:
            self._last = Document.of(content, MEDIA_TYPES[".html"])
        embedded = "embed" in request.query_params
        ancestors = self.settings().embed_hosts if embedded else ("'none'",)
        headers = {
            "Cache-Control": REVALIDATE,
            "Content-Security-Policy": page_policy(ancestors or ("'none'",)),
        }
        return self._last.answer(request, headers)


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

    app.add_route("/", workbench.answer, methods=["GET"], include_in_schema=False)
    app.add_route("/s/{session_id}", workbench.answer, methods=["GET"], include_in_schema=False)
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
