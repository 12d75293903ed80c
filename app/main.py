"""Where the parts meet: settings, routes, the service and what surrounds them.

`app.main:app` is for any ASGI server; `glassbox` (app/__main__.py) is ours. Importing this module
reads no setting and touches no disk: both wait until the server starts.
"""

from __future__ import annotations

import functools
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Final

from fastapi import FastAPI

from app import __version__
from app.settings import Settings
from app.web.api_docs import add_api_docs
from app.web.assets import web_root
from app.web.middleware import Frame
from app.web.openapi import DescribedApp
from app.web.pages import add_pages
from app.web.problems import add_problem_handlers

SUMMARY: Final = "Step through a neural network and see every number."


def create_app(settings: Settings | None = None) -> FastAPI:
    """Put the app together.

    Args:
        settings: The server's choices; read from the environment at its start when left out.
    """
    read = functools.cache(lambda: settings if settings is not None else Settings())
    app = DescribedApp(
        title="Glassbox",
        summary=SUMMARY,
        version=__version__,
        lifespan=_lifespan(read),
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
    )
    _add_routes(app, read)
    add_problem_handlers(app)
    app.add_middleware(Frame, settings=read)
    return app


def _add_routes(app: FastAPI, settings: Callable[[], Settings]) -> None:
    """Add every route, the hot ones first: each one in front costs a request a microsecond."""
    add_pages(app, web_root(), settings)
    add_api_docs(app)


def _lifespan(
    settings: Callable[[], Settings],
) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        app.state.settings = settings()
        app.state.ready = _always_ready
        yield

    return lifespan


async def _always_ready() -> None:
    """Stand in until the service says whether its store can be reached."""


app = create_app()
