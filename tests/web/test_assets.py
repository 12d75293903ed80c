from __future__ import annotations

import asyncio
import os
import re
from pathlib import Path

import pytest
from fastapi import FastAPI
from starlette.exceptions import HTTPException
from starlette.testclient import TestClient

from app.web import assets
from app.web.assets import MEDIA_TYPES, Assets, Document, web_root, without_comments
from tests.conftest import ROOT

CODE = b"export const answer = 42;\n" * 200


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    static = tmp_path / "static"
    (static / "js").mkdir(parents=True)
    (static / "js" / "main.js").write_bytes(CODE)
    (static / "small.css").write_bytes(b"body{}")
    (static / "noise.woff2").write_bytes(os.urandom(3_000))
    (tmp_path / "secret.txt").write_bytes(b"secret")
    (static / "link.txt").symlink_to(tmp_path / "secret.txt")
    for suffix in MEDIA_TYPES:
        (static / f"any{suffix}").write_bytes(b"x")
    return static


@pytest.fixture
def client(folder: Path) -> TestClient:
    app = FastAPI()
    app.add_route("/static/{name:path}", Assets(folder).answer, methods=["GET"])
    return TestClient(app)


def test_a_file_is_sent_compressed_or_plain(client: TestClient) -> None:
    packed = client.get("/static/js/main.js", headers={"Accept-Encoding": "br, gzip"})
    plain = client.get("/static/js/main.js", headers={"Accept-Encoding": "identity"})
    assert packed.content == plain.content == CODE
    assert packed.headers["Content-Encoding"] == "gzip"
    assert int(packed.headers["Content-Length"]) < 200
    assert packed.headers["Vary"] == "Accept-Encoding"
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Cache-Control"] == plain.headers["Cache-Control"] == "no-cache"
    assert packed.headers["ETag"] != plain.headers["ETag"]


def test_what_gains_nothing_is_not_compressed(client: TestClient) -> None:
    for path in ("/static/noise.woff2", "/static/small.css"):
        assert "Content-Encoding" not in client.get(path).headers


@pytest.mark.parametrize(("suffix", "media_type"), MEDIA_TYPES.items())
def test_the_media_type_is_right(client: TestClient, suffix: str, media_type: str) -> None:
    assert client.get(f"/static/any{suffix}").headers["Content-Type"] == media_type


def test_modules_have_a_type_browsers_run() -> None:
    assert MEDIA_TYPES[".js"].startswith("text/javascript")


@pytest.mark.parametrize("form", ["{}", "W/{}", '"other", {}', "*"])
def test_what_the_browser_has_is_not_sent_again(client: TestClient, form: str) -> None:
    for coding in ("gzip", "identity"):
        tag = client.get("/static/js/main.js", headers={"Accept-Encoding": coding}).headers["ETag"]
        answer = client.get("/static/js/main.js", headers={"If-None-Match": form.format(tag)})
        assert answer.status_code == 304
        assert answer.content == b""
        assert answer.headers["Cache-Control"] == "no-cache"
    other = client.get("/static/js/main.js", headers={"If-None-Match": '"other"'})
    assert other.status_code == 200


def test_a_changed_file_is_seen_at_once(client: TestClient, folder: Path) -> None:
    before = client.get("/static/small.css")
    (folder / "small.css").write_bytes(b"body{margin:0}")
    after = client.get("/static/small.css", headers={"If-None-Match": before.headers["ETag"]})
    assert after.content == b"body{margin:0}"
    (folder / "small.css").unlink()
    assert client.get("/static/small.css").status_code == 404


def test_a_file_is_read_once(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[Path] = []
    load = assets._load

    def counted(path: Path) -> Document:
        read.append(path)
        return load(path)

    monkeypatch.setattr(assets, "_load", counted)

    async def twice() -> None:
        files = Assets(folder)
        assert await files.find("small.css") is await files.find("js/../small.css")

    asyncio.run(twice())
    assert len(read) == 1


def test_files_are_joined_in_order_and_seen_when_changed(folder: Path) -> None:
    (folder / "late.css").write_bytes(b"p{}")

    async def joined(*names: str) -> Document:
        return await files.joined(names)

    files = Assets(folder)
    first = asyncio.run(joined("small.css", "late.css"))
    assert first.content == b"body{}\np{}"
    assert first.media_type == "text/css; charset=utf-8"
    assert asyncio.run(joined("small.css", "late.css")) is first
    assert asyncio.run(joined("late.css", "small.css")).content == b"p{}\nbody{}"
    (folder / "late.css").write_bytes(b"p{margin:0}")
    assert asyncio.run(joined("small.css", "late.css")).content == b"body{}\np{margin:0}"
    with pytest.raises(HTTPException):
        asyncio.run(joined("small.css", "none.css"))


@pytest.mark.parametrize(
    "name",
    [
        "",
        "js",
        "js/",
        "nothing.js",
        "../secret.txt",
        "%2e%2e/secret.txt",
        "js/../../secret.txt",
        "..%2fsecret.txt",
        "/etc/passwd",
        "%2fetc/passwd",
        "link.txt",
        "js/main.js/x",
        "a%00b",
        "x" * 5_000,
        "..%5csecret.txt",
        "%ff",
    ],
)
def test_nothing_outside_the_folder_is_found(client: TestClient, name: str) -> None:
    assert client.get(f"/static/{name}").status_code == 404


def test_the_checkout_has_its_files() -> None:
    assert web_root() == ROOT
    assert (web_root() / "templates" / "workbench.html").is_file()


def test_a_wheels_own_files_go_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    module = tmp_path / "app" / "web" / "assets.py"
    (tmp_path / "app" / "_web").mkdir(parents=True)
    monkeypatch.setattr(assets, "__file__", str(module))
    assert web_root() == tmp_path / "app" / "_web"


def test_a_script_is_sent_without_its_comments_and_every_line_keeps_its_number() -> None:
    script = """// @ts-check
/**
 * Words.
 */
const a = /** @type {B} */ (c); // stays
  // goes
/** @type {D} */ const d = 'http://x'; /* stays */
"""
    assert without_comments(script) == (
        "\n\n\n\nconst a = /** @type {B} */ (c); // stays\n\n const d = 'http://x'; /* stays */\n"
    )


def test_a_script_without_its_comments_has_all_its_code() -> None:
    """No text of several lines holds a line that looks like a comment."""
    for path in (web_root() / "static").rglob("*.js"):
        whole = path.read_text(encoding="utf-8")
        for text in re.findall(r"`[^`]*`", without_comments(whole)):
            assert text in whole, path
