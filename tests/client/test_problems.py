from __future__ import annotations

import httpx
import pytest

from app.client.problems import Fault, GlassboxError, problem_of


def test_a_problem_is_read_whole() -> None:
    members = {
        "title": "Invalid input",
        "detail": "Two places cannot be used.",
        "errors": [{"pointer": "/a", "detail": "No."}],
        "current": 3,
    }
    problem = problem_of(httpx.Response(422, json=members))
    assert isinstance(problem, GlassboxError)
    assert problem.errors == (Fault("/a", "No."),)
    assert problem.members == members
    assert str(problem) == "422 Invalid input: Two places cannot be used."


@pytest.mark.parametrize("content", [b"<html>Bad gateway", b"[1]", b'"no"', b"\xff"])
def test_whoever_stands_between_may_answer_otherwise(content: bytes) -> None:
    problem = problem_of(httpx.Response(502, content=content))
    assert (problem.status, problem.title, problem.errors) == (502, "Bad Gateway", ())
