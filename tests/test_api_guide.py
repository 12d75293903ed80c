"""The guide to the API is true: every example is run, every route is listed."""

from __future__ import annotations

import json
import math
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx

from app.main import create_app
from tests.conftest import ROOT, AppServer

GUIDE = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"^```(http|json)(?: (\d+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)
PYTHON = re.compile(r"^```python\n(.*?)^```\n\n```text\n(.*?)^```$", re.MULTILINE | re.DOTALL)
CALL = re.compile(r"`(GET|POST|PATCH|DELETE) (/[^`?]*)")


@dataclass
class Example:
    """Hold a request and what the guide says the answer has."""

    method: str
    path: str
    headers: dict[str, str]
    body: str
    status: int | None = None
    answer: Any = None


def examples() -> Iterator[Example]:
    example: Example | None = None
    for language, status, text in BLOCK.findall(GUIDE):
        if language == "http":
            if example:
                yield example
            example = request_in(text)
        else:
            assert example is not None
            example.status, example.answer = int(status or 200), json.loads(text)
    assert example is not None
    yield example


def request_in(text: str) -> Example:
    first, *lines = text.splitlines()
    method, path = first.split()
    headers = {}
    while lines and re.match(r"[A-Z][\w-]*: ", lines[0]):
        name, _, value = lines.pop(0).partition(": ")
        headers[name] = value
    return Example(method, path, headers, "\n".join(lines))


def differences(said: Any, got: Any, where: str = "") -> Iterator[str]:
    """Name the places where the answer has not what the guide shows of it."""
    if isinstance(said, dict) and isinstance(got, dict):
        for key in said:
            yield from differences(said[key], got.get(key, "nothing"), f"{where}/{key}")
    elif isinstance(said, list) and isinstance(got, list) and len(said) == len(got):
        for place, (one, other) in enumerate(zip(said, got, strict=True)):
            yield from differences(one, other, f"{where}/{place}")
    elif isinstance(said, float) and isinstance(got, float):
        if not math.isclose(said, got, rel_tol=1e-9):
            yield f"{where} is {got!r}, not {said!r}"
    elif said != got and not (said == "…" and isinstance(got, str)):
        yield f"{where} is {got!r}, not {said!r}"


def test_every_example_is_answered_as_the_guide_says(app_server: AppServer) -> None:
    wrong, session_id = [], ""
    with httpx.Client(base_url=app_server.url) as client:
        for example in examples():
            headers = {"Content-Type": "application/json"} | example.headers
            path = example.path.replace("{id}", session_id)
            answer = client.request(
                example.method, path, content=example.body or None, headers=headers
            )
            if answer.status_code == 201:
                session_id = answer.json()["id"]
            said = f"{example.method} {example.path} {example.body}"
            if example.status and answer.status_code != example.status:
                wrong.append(f"{said}\n  {answer.status_code} {answer.text[:300]}")
            elif example.status:
                found = differences(example.answer, answer.json())
                wrong += [f"{said}\n  {difference}" for difference in found]
            else:
                assert answer.is_success
    assert wrong == [], "\n".join(wrong)


def test_the_python_in_the_guide_prints_what_it_says() -> None:
    ((script, printed),) = PYTHON.findall(GUIDE)
    said = subprocess.run(
        [sys.executable, "-W", "error", "-X", "utf8"],
        input=script,
        capture_output=True,
        encoding="utf-8",
        check=True,
        cwd=ROOT,
    )
    assert said.stdout == printed


def test_every_route_is_listed_and_every_listed_route_exists() -> None:
    described = create_app().openapi()["paths"]
    routes = {
        (method.upper(), path.removeprefix("/api/v1"))
        for path, methods in described.items()
        for method in methods
    }
    listed = {(method, path) for method, path in CALL.findall(GUIDE) if "{id}" not in path}
    assert listed == routes
