from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from app import errors
from app.errors import GlassboxError
from app.main import create_app
from app.settings import Settings
from tests.conftest import ROOT

PAGE = (ROOT / "docs" / "errors.md").read_text(encoding="utf-8")


def tree(root: type[GlassboxError] = GlassboxError) -> Iterator[type[GlassboxError]]:
    """Yield the public errors of app/errors.py, a parent before its children."""
    yield root
    for child in root.__subclasses__():
        if child.__module__ == errors.__name__:
            yield from tree(child)


@pytest.mark.parametrize("error", list(tree()), ids=lambda error: error.__name__)
def test_every_error_is_documented(error: type[GlassboxError]) -> None:
    parent = error.__bases__[0].__name__ if error is not GlassboxError else ""
    above = f"`{parent}`" if parent else ""
    assert re.search(rf"^\| `{error.__name__}` \| {above} ?\| {error.status} \| \S", PAGE, re.M)
    assert error.__doc__
    assert re.search(rf"{error.__name__} +(what|{error.status}) ", errors.__doc__ or "")


def test_no_error_is_documented_that_is_none() -> None:
    listed = re.findall(r"^\| `([A-Z]\w+)` \|", PAGE, re.M)
    assert listed == [error.__name__ for error in tree()]


def test_every_member_of_a_problem_is_documented() -> None:
    described = create_app(Settings(store="memory:")).openapi()["components"]["schemas"]["Problem"]
    listed = re.findall(r"^\| `([a-z_]+)` \|", PAGE, re.M)
    assert sorted(listed) == sorted(described["properties"])
