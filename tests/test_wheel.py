"""What a person gets who installs the wheel: everything it needs, in an empty place elsewhere."""

from __future__ import annotations

import os
import select
import subprocess
import sys
import tarfile
import venv
import zipfile
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

import app
from app.web.assets import without_comments
from tests.conftest import ROOT, START_SECONDS

pytestmark = pytest.mark.wheel


def run(*command: str | Path, cwd: Path) -> None:
    said = subprocess.run(
        list(map(str, command)),
        cwd=cwd,
        env=clean(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert said.returncode == 0, said.stdout


def clean() -> dict[str, str]:
    """Take away what could lead Python back to the checkout."""
    leading = ("PYTHONPATH", "VIRTUAL_ENV", "GLASSBOX_", "COV_")
    return {name: text for name, text in os.environ.items() if not name.startswith(leading)}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the source archive, and the wheel from what is in it."""
    folder = tmp_path_factory.mktemp("built")
    run(sys.executable, "-m", "build", "--outdir", folder, ROOT, cwd=folder)
    return folder


@pytest.fixture(scope="module")
def installed(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install the wheel in an environment of its own; return the folder of its commands."""
    place = tmp_path_factory.mktemp("elsewhere") / "venv"
    venv.create(place, with_pip=True)
    commands = place / ("Scripts" if os.name == "nt" else "bin")
    (wheel,) = built.glob("*.whl")
    run(commands / "python", "-m", "pip", "install", "--quiet", wheel, cwd=place)
    return commands


@pytest.fixture
def server(installed: Path, tmp_path: Path) -> Iterator[str]:
    """Run the installed command in an empty folder; yield its address."""
    process = subprocess.Popen(
        [installed / "glassbox", "--port", "0", "--store", "memory:"],
        cwd=tmp_path,
        env=clean() | {"PYTHONWARNINGS": "error"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    try:
        readable, _, _ = select.select([process.stdout], [], [], START_SECONDS)
        line = process.stdout.readline() if readable else ""
        assert line.startswith("Glassbox is at http://"), line
        yield line.split()[-1]
    finally:
        process.terminate()
        process.wait(10)
        process.stdout.close()


def test_the_installed_command_serves_the_page_and_the_api(server: str) -> None:
    with httpx.Client(base_url=server) as client:
        page = client.get("/")
        assert page.status_code == 200
        assert "<title>Glassbox" in page.text
        script = client.get("/static/js/main.js")
        assert script.headers["content-type"] == "text/javascript; charset=utf-8"
        whole = (ROOT / "static/js/main.js").read_text(encoding="utf-8")
        assert script.text == without_comments(whole)
        presets = client.get("/api/v1/presets").json()
        assert {"article", "worked-example"} <= {preset["id"] for preset in presets}
        started = client.post("/api/v1/sessions", json={})
        assert started.status_code == 201
        assert client.get("/docs/files/swagger-ui-bundle.js").status_code == 200


def test_the_wheel_has_the_whole_app_and_the_page_and_nothing_else(built: Path) -> None:
    (wheel,) = built.glob("*.whl")
    packed = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    assert wheel.name == f"glassbox-{app.__version__}-py3-none-any.whl"
    assert packed == {
        *files("app", "app"),
        *files("static", "app/_web/static"),
        *files("templates", "app/_web/templates"),
    }


def test_the_source_archive_has_what_the_tests_need(built: Path) -> None:
    (archive,) = built.glob("*.tar.gz")
    with tarfile.open(archive) as opened:
        packed = {name.partition("/")[2] for name in opened.getnames()}
    for folder in ("app", "static", "templates", "tests"):
        assert set(files(folder, folder)) <= packed
    alone = {"pyproject.toml", "README.md", "LICENSE", "CHANGELOG.md", "requirements.lock"}
    assert alone <= packed
    assert {
        name for name in packed if name.startswith((".git/", ".venv", "out/", "node_"))
    } == set()


def files(folder: str, packed_as: str) -> Iterator[str]:
    for path in (ROOT / folder).rglob("*"):
        if path.is_file() and "__pycache__" not in path.parts:
            yield f"{packed_as}/{path.relative_to(ROOT / folder).as_posix()}"
