"""Where the parts meet: settings, routes, the service and what surrounds them.

`app.main:app` is for any ASGI server; `glassbox` (app/__main__.py) is ours. Importing this module
reads no setting and touches no disk: both wait until the server starts.
"""

from __future__ import annotations

import asyncio
import functools
import logging
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Final

from fastapi import FastAPI
from fastapi.routing import iter_route_contexts

from app import __version__
from app.errors import StoreError
from app.sessions.service import Service
from app.sessions.stores.opening import open_store
from app.settings import Settings
from app.web.api_docs import add_api_docs
from app.web.assets import web_root
from app.web.middleware import Frame
from app.web.openapi import DescribedApp
from app.web.pages import add_pages
from app.web.problems import add_problem_handlers
from app.web.routes_commands import commands
from app.web.routes_explain import explanations
from app.web.routes_files import files
from app.web.routes_look import looks
from app.web.routes_probe import probes
from app.web.routes_sessions import catalogue

SWEEP_SECONDS: Final = 60.0
log = logging.getLogger("glassbox")

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


def try_store(settings: Settings) -> None:
    """Open the store and close it again, to learn before the server starts what is wrong with it.

    Raises:
        GlassboxError: It cannot be used; says why.
    """
    asyncio.run(open_store(settings.store_url, max_bytes=settings.store_bytes).close())


def _add_routes(app: FastAPI, settings: Callable[[], Settings]) -> None:
    """Add every route, the hot ones first: each one in front costs a request a microsecond."""
    app.include_router(commands)
    app.include_router(catalogue)
    app.include_router(explanations)
    app.include_router(looks)
    app.include_router(probes)
    app.include_router(files)
    add_pages(app, web_root(), settings)
    add_api_docs(app)


def _lifespan(
    settings: Callable[[], Settings],
) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        chosen = settings()
        service = Service(open_store(chosen.store_url, max_bytes=chosen.store_bytes), chosen)
        app.state.settings, app.state.service = chosen, service
        app.state.ready = service.ready
        sweeping = asyncio.create_task(_sweep(service))
        # FastAPI makes its routes when they are first asked for, a twentieth of a second in which nobody is answered.
        deque(iter_route_contexts(app.routes), 0)
        try:
            yield
        finally:
            sweeping.cancel()
            await service.close()

    return lifespan


async def _sweep(service: Service) -> None:
    """Remove expired sessions, a few at a time, once a minute."""
    while True:
        await asyncio.sleep(SWEEP_SECONDS)
        try:
            await service.sweep()
        except StoreError as error:
            log.warning("expired sessions were not removed: %s", error.detail)


app = create_app()
