from __future__ import annotations

import inspect
from collections.abc import Iterator

from fastapi.dependencies.models import Dependant
from fastapi.routing import iter_route_contexts

from app.main import create_app
from app.settings import Settings


def callables(dependant: Dependant) -> Iterator[object]:
    """Yield a route's function and all it depends on."""
    yield dependant.call
    for dependency in dependant.dependencies:
        yield from callables(dependency)


def waits(function: object) -> bool:
    return inspect.iscoroutinefunction(function) or inspect.iscoroutinefunction(
        getattr(function, "__call__", None)  # noqa: B004 - a reader of bodies is an object
    )


def test_no_call_takes_a_detour_over_a_thread() -> None:
    app = create_app(Settings(store="memory:"))
    dependants = [getattr(route, "dependant", None) for route in iter_route_contexts(app.routes)]
    found = {one for dependant in dependants if dependant for one in callables(dependant)}
    assert len(found) > 20
    assert [one for one in found if not waits(one)] == []
