from __future__ import annotations

from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI
from jinja2 import UndefinedError
from starlette.testclient import TestClient

from app.errors import StoreUnavailable
from app.settings import Settings
from app.web.pages import Workbench
from tests.conftest import AppServer
from tests.web.conftest import MakeClient

LEARNERS = ["/", "/s/any-name", "/?embed", "/s/any-name?embed=1&theme=dark"]


@pytest.mark.parametrize("path", LEARNERS)
def test_the_workbench_opens(client: TestClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert answer.headers["Cache-Control"] == "no-cache"
    assert answer.text.startswith("<!doctype html>")


def test_the_page_needs_nothing_inline(client: TestClient) -> None:
    page = client.get("/").text
    assert "<style" not in page
    assert "style=" not in page
    assert " onclick=" not in page
    assert "<script>" not in page


def test_every_file_the_page_names_is_there(client: TestClient) -> None:
    named = {part.split('"')[0] for part in client.get("/").text.split('"/static/')[1:]}
    assert named
    missing = [name for name in named if client.get(f"/static/{name}").status_code != 200]
    assert missing == []


def test_only_the_embedded_page_may_be_framed(make_client: MakeClient) -> None:
    client = make_client(embed_hosts=("https://course.example", "*.example.org"))
    plain, embedded = (
        client.get(path).headers["Content-Security-Policy"] for path in ("/", "/?embed")
    )
    assert plain.endswith("frame-ancestors 'none'")
    assert embedded.endswith("frame-ancestors https://course.example *.example.org")
    nobody = make_client(embed_hosts=())
    assert "frame-ancestors 'none'" in nobody.get("/?embed").headers["Content-Security-Policy"]


def test_the_page_is_not_sent_twice(client: TestClient) -> None:
    tag = client.get("/").headers["ETag"]
    assert client.get("/s/abc", headers={"If-None-Match": tag}).status_code == 304


def test_a_template_that_names_nothing_is_a_fault(tmp_path: Path) -> None:
    (tmp_path / "workbench.html").write_text("{{ nothing }}")
    workbench = Workbench(tmp_path, Settings)
    app = FastAPI()
    app.add_route("/", workbench.answer, methods=["GET"])
    with pytest.raises(UndefinedError):
        TestClient(app).get("/")


def test_the_icon(client: TestClient) -> None:
    assert client.get("/favicon.ico").headers["Content-Type"] == "image/svg+xml"


def test_the_probes(make_client: MakeClient) -> None:
    client = make_client()
    assert client.get("/healthz").json() == {"status": "ok"}
    assert client.get("/readyz").json() == {"status": "ready"}

    async def away() -> None:
        raise StoreUnavailable("The store does not answer.")

    app = client.app
    assert isinstance(app, FastAPI)
    app.state.ready = away
    assert client.get("/healthz").status_code == 200
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "1"
    assert answer.json()["detail"] == "The store does not answer."


def test_the_page_as_the_server_sends_it(app_server: AppServer) -> None:
    answer = httpx.get(app_server.url)
    assert answer.headers["Content-Encoding"] == "gzip"
    assert "Server" not in answer.headers
