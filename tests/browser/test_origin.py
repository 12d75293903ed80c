"""P21: it works without the network: Chromium's own log of a whole walk knows no request of a page to elsewhere."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import httpx
import pytest
from playwright.sync_api import Browser, Page, Playwright

from tests.browser.browsers import launch
from tests.browser.workbench import Workbench
from tests.conftest import AppServer
from tests.figures import Figures

# Asked at the end by a page of nobody's, to know that the log would show it.
ELSEWHERE: Final = "http://127.0.0.2:9/elsewhere"
# What a browser asks for itself (updates, its account, how to fill forms), on behalf of no page.
OF_NO_PAGE: Final = "not an origin"
BROWSERS_OWN: Final = ("google.com", "googleapis.com", "gvt1.com")
LAST: Final = 151
MOST_STEPS: Final = 80


@dataclass(frozen=True)
class Asked:
    """Hold a request of the log: its address, and the origin of the page that made it."""

    url: str
    initiator: str

    @property
    def is_browsers_own(self) -> bool:
        """Whether the browser made it for itself."""
        host = urlsplit(self.url).hostname or ""
        return self.initiator == OF_NO_PAGE and host.endswith(BROWSERS_OWN)


@dataclass(frozen=True)
class Log:
    """Hold what Chromium wrote down: its requests, the names it looked up, the sockets it opened."""

    requests: list[Asked]
    names: set[str]
    sockets: set[str]


def read_log(path: Path) -> Log:
    """Read Chromium's network log."""
    document = json.loads(path.read_text(encoding="utf-8"))
    kinds = {number: name for name, number in document["constants"]["logEventTypes"].items()}
    requests, names, sockets = list[Asked](), set[str](), set[str]()
    for event in document["events"]:
        kind, said = kinds[event["type"]], event.get("params", {})
        if kind == "URL_REQUEST_START_JOB" and "url" in said:
            requests.append(Asked(said["url"], said["initiator"]))
        elif kind == "HOST_RESOLVER_MANAGER_REQUEST" and "host" in said:
            names.add(urlsplit(said["host"]).hostname or said["host"])
        elif kind in ("TCP_CONNECT_ATTEMPT", "WEBSOCKET_ALIVE") and said:
            sockets.add(str(said.get("address", said)))
    return Log(requests, names, sockets)


@pytest.fixture
def logged(playwright: Playwright, browser_name: str, tmp_path: Path) -> Iterator[Browser]:
    """Start a Chromium that writes down what it asks of the network."""
    assert browser_name == "chromium"
    path = tmp_path / "network.json"
    browser = launch(playwright, "chromium", flags=[f"--log-net-log={path}"])
    yield browser
    browser.close()


def walk(workbench: Workbench) -> None:
    """Use everything once: a whole iteration there and back, tables, card, edits, presets, the drawing."""
    page = workbench.open().page
    workbench.press("2", "Space")
    for _ in range(MOST_STEPS):
        if workbench.press("Space").session()["position"]["phase"] == "done":
            break
    assert workbench.session()["position"]["event"] == LAST
    page.click("[data-do=back]")
    workbench.rest()
    workbench.choose_digits(6)
    page.click("[data-view=table]")
    page.goto(f"{workbench.session_path}/diagram.svg")
    for address in ("/?preset=xor", "/?embed", "/?preset=digits"):
        workbench.open(address).step()
    page.emulate_media(color_scheme="dark", media="print")
    page.goto("/docs")
    page.wait_for_selector(".opblock-summary")
    page.locator(".opblock-summary").first.click()
    page.wait_for_timeout(300)


def ask_elsewhere(page: Page) -> None:
    page.goto("about:blank")
    page.evaluate("(url) => fetch(url).catch(() => 0)", ELSEWHERE)


@pytest.mark.chromium
def test_no_page_asks_anything_of_elsewhere(
    logged: Browser, app_server: AppServer, tmp_path: Path, figures: Figures
) -> None:
    page = logged.new_context(base_url=app_server.url).new_page()
    with httpx.Client(timeout=30) as api:
        walk(Workbench(page, api))
    ask_elsewhere(page)
    logged.close()
    log = read_log(tmp_path / "network.json")
    elsewhere = [one.url for one in log.requests if not one.url.startswith(app_server.url + "/")]
    others = [one for one in log.requests if one.url in elsewhere and not one.is_browsers_own]
    assert {one.url for one in others} == {ELSEWHERE}
    assert len(log.requests) > 100
    ours = urlsplit(app_server.url)
    own = {urlsplit(one.url).hostname for one in log.requests if one.is_browsers_own}
    assert log.names <= own | {ours.hostname, "127.0.0.2"}
    assert ours.netloc in log.sockets
    assert not any(socket.startswith("{") for socket in log.sockets), "a web socket"
    figures(
        "P21",
        f"{len(log.requests):,} requests in Chromium's own log of the whole walk, none of a page's beyond the origin "
        "but the one that proves the log",
    )
