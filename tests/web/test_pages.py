from __future__ import annotations

import os
from html import unescape
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI
from jinja2 import UndefinedError
from starlette.testclient import TestClient

from app.errors import StoreUnavailable
from app.lessons.presets import IDS
from app.settings import Settings
from app.web.pages import STYLES, Workbench
from tests.conftest import ROOT, AppServer
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


@pytest.mark.parametrize("name", IDS)
def test_the_page_introduces_its_preset(client: TestClient, name: str) -> None:
    page = unescape(client.get(f"/?preset={name}").text)
    shown = client.get(f"/api/v1/presets/{name}").json()
    listed = next(one for one in client.get("/api/v1/presets").json() if one["id"] == name)
    said = [listed["title"], listed["summary"], shown["data"]["name"]]
    said += [shown["position"]["next"]["sentence"]]
    said += [f"{shown['position']['events']} events an iteration"]
    assert [text for text in said if f">{text}<" not in page] == []
    assert page.count(f'data-preset="{name}"') == 2


def test_without_a_preset_the_article_is_introduced(client: TestClient) -> None:
    assert client.get("/").content == client.get("/?preset=article").content
    assert 'data-preset="article"' in client.get("/").text


@pytest.mark.parametrize("path", ["/s/any-name", "/?preset=none-of-them", "/s/any?preset=xor"])
def test_what_is_not_known_yet_is_not_introduced(client: TestClient, path: str) -> None:
    page = client.get(path).text
    assert "One moment…" in page
    assert "data-preset" not in page


def test_a_preset_beyond_the_limits_is_not_introduced(make_client: MakeClient) -> None:
    client = make_client(max_layers=2)
    assert "One moment…" in client.get("/").text
    assert 'data-preset="xor"' in make_client(max_layers=3).get("/?preset=xor").text


def test_the_stylesheet_holds_every_part(client: TestClient) -> None:
    parts = [(ROOT / "static" / "css" / f"{name}.css").read_text() for name in STYLES]
    assert client.get("/static/page.css").text == "\n".join(parts)
    assert sorted(f"{name}.css" for name in STYLES) == sorted(os.listdir(ROOT / "static" / "css"))


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
    for path, same in (("/", "/?embed"), ("/s/abc", "/s/def"), ("/?preset=xor", "/?preset=xor")):
        tag = client.get(path).headers["ETag"]
        assert client.get(same, headers={"If-None-Match": tag}).status_code == 304
        assert client.get("/?preset=iris", headers={"If-None-Match": tag}).status_code == 200


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
