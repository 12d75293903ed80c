"""The command and the module that any ASGI server loads, as real processes."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
import sys
import time
import tomllib
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

import app
from app.__main__ import StartError, address, listen, main
from app.main import create_app
from app.settings import Settings
from tests.conftest import ROOT, AppServer, StartServer


def test_the_command_says_where_it_is_and_answers(app_server: AppServer) -> None:
    assert app_server.url == f"http://127.0.0.1:{app_server.port}"
    assert httpx.get(app_server.url + "/healthz").json() == {"status": "ok"}
    assert httpx.get(app_server.url + "/readyz").json() == {"status": "ready"}


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_stops_in_good_order_and_soon(start_server: StartServer, number: int) -> None:
    server = start_server()
    with httpx.Client(base_url=server.url) as client:
        assert client.get("/healthz").status_code == 200
        began = time.monotonic()
        status = server.stop(number)
    assert time.monotonic() - began < 6
    assert status in ((-signal.SIGTERM,) if number == signal.SIGTERM else (130,))
    assert "Traceback" not in server.log()


def test_the_version(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="0"):
        main(["--version"])
    assert capsys.readouterr().out == f"glassbox {app.__version__}\n"
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["version"] == app.__version__


def test_a_busy_port_is_said_plainly(
    app_server: AppServer, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--port", str(app_server.port), "--store", "memory:"]) == 2
    first, second = capsys.readouterr().err.splitlines()
    assert first.startswith(f"Port {app_server.port} is in use")
    free = int(second.removeprefix("Try: glassbox --port "))
    listen("127.0.0.1", free).close()


def test_a_bad_choice_is_said_plainly(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("GLASSBOX_IDLE_DAYS", "-1")
    monkeypatch.setenv("GLASSBOX_PROT", "1")
    assert main(["--port", "70000"]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.splitlines() == [
        "GLASSBOX_PROT is no setting of Glassbox and was not used.",
        "GLASSBOX_PORT=70000: Input should be less than or equal to 65535",
        "GLASSBOX_IDLE_DAYS=-1: Input should be greater than 0",
    ]


def test_an_address_that_is_not_here_is_said_plainly() -> None:
    with pytest.raises(StartError, match=r"cannot listen at 203\.0\.113\.1"):
        listen("203.0.113.1", 0)
    with pytest.raises(StartError, match="cannot listen at no such host"):
        listen("no such host", 0)


def test_every_free_port_may_be_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    with listen("127.0.0.1", 0) as taken:
        taken.listen()
        monkeypatch.setattr("app.__main__._free_port", lambda *_: 0)
        with pytest.raises(StartError, match="--port 0"):
            listen("127.0.0.1", taken.getsockname()[1])


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("127.0.0.1", "http://127.0.0.1:"),
        ("0.0.0.0", "http://127.0.0.1:"),
        ("::1", "http://[::1]:"),
    ],
)
def test_the_address_is_one_a_person_can_open(host: str, expected: str) -> None:
    try:
        listener = listen(host, 0)
    except StartError:
        pytest.skip("this computer has no such address")
    with listener:
        assert address(listener).startswith(expected)


def test_the_browser_is_opened_when_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []

    def stop_again(url: str) -> None:
        opened.append(url)
        os.kill(os.getpid(), signal.SIGINT)

    monkeypatch.setattr("webbrowser.open", stop_again)
    assert main(["--port", "0", "--store", "memory:", "--open"]) == 130
    assert len(opened) == 1
    assert opened[0].startswith("http://127.0.0.1:")


def test_numpy_is_told_to_compute_on_one_thread_before_it_is_imported() -> None:
    code = "import sys, app, os; print('numpy' in sys.modules, os.environ['OPENBLAS_NUM_THREADS'])"
    said = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env=os.environ | {"OPENBLAS_NUM_THREADS": "8"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert said.stdout == "False 1\n"


def test_importing_reads_no_setting_and_touches_no_disk(tmp_path: Path) -> None:
    code = "import app.main; print(type(app.main.app).__mro__[1].__name__)"
    said = subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        cwd=tmp_path,
        env=os.environ
        | {
            "PYTHONPATH": str(ROOT),
            "GLASSBOX_PORT": "nonsense",
            "XDG_DATA_HOME": str(tmp_path / "data"),
            "PYTHONDONTWRITEBYTECODE": "1",
        },
        capture_output=True,
        text=True,
        check=True,
    )
    assert said.stdout == "FastAPI\n"
    assert list(tmp_path.iterdir()) == []


def test_any_asgi_server_can_load_the_app(tmp_path: Path) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-m", "uvicorn", "app.main:app", "--port", str(port)],
        cwd=ROOT,
        env=os.environ | {"GLASSBOX_STORE": "memory:"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        for _ in range(200):
            try:
                answer = httpx.get(f"http://127.0.0.1:{port}/readyz")
                break
            except httpx.ConnectError:
                time.sleep(0.05)
        assert answer.json() == {"status": "ready"}
    finally:
        process.terminate()
        process.wait(10)


def test_two_apps_share_nothing() -> None:
    async def settings_of(made: FastAPI) -> Settings:
        async with made.router.lifespan_context(made):
            settings: Settings = made.state.settings
            return settings

    first = create_app(Settings(store="memory:", max_layers=3))
    second = create_app(Settings(store="memory:", max_layers=4))
    assert asyncio.run(settings_of(first)).max_layers == 3
    assert asyncio.run(settings_of(second)).max_layers == 4


@pytest.mark.parametrize(
    ("store", "words"),
    [
        ("redis:6379", "names no store"),
        ("sqlite:/dev/null/sessions.db", "cannot be opened"),
        ("sqlite:{0}/file.db", "is not a Glassbox store"),
    ],
)
def test_a_store_that_cannot_be_opened_is_said_plainly(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], store: str, words: str
) -> None:
    (tmp_path / "file.db").write_bytes(b"no database at all" * 100)
    assert main(["--port", "0", "--store", store.format(tmp_path)]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert words in said.err
    assert len(said.err.splitlines()) == 1
