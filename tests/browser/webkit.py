"""WebKit, where Debian's driver for it is installed: a page on a screen of its own, spoken to over plain HTTP."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any, Final

import httpx

DRIVER: Final = "WebKitWebDriver"
SCREEN: Final = "Xvfb"
START_SECONDS: Final = 30.0
WAIT_SECONDS: Final = 60.0


def missing() -> str | None:
    """Say what is not installed that WebKit needs here; None where all is."""
    absent = [name for name in (DRIVER, SCREEN) if shutil.which(name) is None]
    if not absent:
        return None
    return (
        f"{' and '.join(absent)} not installed; on Debian: apt-get install webkit2gtk-driver xvfb"
    )


class WebKitPage:
    """Do with one page of WebKit what a test does with a page of Playwright, under the same names."""

    def __init__(self, driver: httpx.Client) -> None:
        self._driver = driver
        self._path = "/session"
        self._path += f"/{self._call('POST', '', {'capabilities': {}})['sessionId']}"

    @property
    def url(self) -> str:
        """The page's address."""
        return str(self._call("GET", "/url"))

    def goto(self, url: str) -> None:
        """Open an address and wait until it is loaded."""
        self._call("POST", "/url", {"url": url})

    def evaluate(self, function: str, argument: object = None) -> Any:
        """Call a function of JavaScript in the page, and wait for what it promises."""
        script = f"return ({function})(arguments[0])"
        return self._call("POST", "/execute/sync", {"script": script, "args": [argument]})

    def click(self, selector: str) -> None:
        """Click on an element, where the mouse would."""
        found = self._call("POST", "/element", {"using": "css selector", "value": selector})
        (element,) = found.values()
        self._call("POST", f"/element/{element}/click", {})

    def close(self) -> None:
        """End the browser."""
        self._call("DELETE", "")

    def _call(self, method: str, path: str, body: object = None) -> Any:
        answer = self._driver.request(method, self._path + path, json=body)
        value = answer.json()["value"]
        assert answer.is_success, f"{value['error']}: {value['message']}"
        return value


@contextmanager
def webkit_page() -> Iterator[WebKitPage]:
    """Start WebKit while the block lasts."""
    with ExitStack() as started:
        display = started.enter_context(_screen())
        driver = started.enter_context(_driver(display))
        page = WebKitPage(driver)
        started.callback(page.close)
        yield page


@contextmanager
def _screen() -> Iterator[str]:
    """Run a screen that nobody sees, on a display that is free."""
    reads, writes = os.pipe()
    command = [SCREEN, "-displayfd", str(writes), "-screen", "0", "1440x900x24", "-nolisten", "tcp"]
    with _running(command, dict(os.environ), pass_fds=(writes,)):
        os.close(writes)
        with os.fdopen(reads) as told:
            yield f":{told.readline().strip()}"


@contextmanager
def _driver(display: str) -> Iterator[httpx.Client]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = os.environ | {"DISPLAY": display, "LIBGL_ALWAYS_SOFTWARE": "1"}
    with (
        _running([DRIVER, f"--port={port}"], environment),
        httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=WAIT_SECONDS) as client,
    ):
        _wait_for(client)
        yield client


def _wait_for(client: httpx.Client) -> None:
    until = time.monotonic() + START_SECONDS
    while True:
        try:
            client.get("/status").raise_for_status()
        except httpx.TransportError:
            assert time.monotonic() < until, f"{DRIVER} does not answer"
            time.sleep(0.05)
        else:
            return


@contextmanager
def _running(
    command: list[str], environment: dict[str, str], pass_fds: tuple[int, ...] = ()
) -> Iterator[None]:
    quiet = subprocess.DEVNULL
    process = subprocess.Popen(
        command, env=environment, stdout=quiet, stderr=quiet, pass_fds=pass_fds
    )
    try:
        yield
    finally:
        process.terminate()
        process.wait()
