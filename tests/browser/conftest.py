"""A real browser on a real server; what goes wrong unseen in the page fails the test."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Playwright,
    Request,
    Response,
    sync_playwright,
)

from tests.browser.browsers import NoBrowser, is_installed, launch
from tests.browser.workbench import Workbench
from tests.conftest import ROOT, AppServer

HERE = Path(__file__).parent
PICTURES = ROOT / "out" / "failed"
VIEWPORT = {"width": 1440, "height": 900}
PATIENCE_MS = 15_000
# Chromium says this on the console; Firefox says it only to whoever listens.
TELL_VIOLATIONS = """addEventListener('securitypolicyviolation', (event) =>
  console.error(`The policy forbids ${event.violatedDirective} ${event.blockedURI}`))"""

NewPage = Callable[..., Page]


@dataclass
class Watch:
    """Collect what goes wrong in the pages of one test; `expect` what is meant to."""

    origin: str
    faults: list[str] = field(default_factory=list)
    expected: list[re.Pattern[str]] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    def expect(self, pattern: str) -> None:
        """Let faults pass that match a pattern, as in `expect("^409 from")`."""
        self.expected.append(re.compile(pattern))

    def unexpected(self) -> list[str]:
        """Return the faults that nobody expected."""
        return [text for text in self.faults if not any(e.search(text) for e in self.expected)]

    def follow(self, context: BrowserContext, chromium: bool) -> None:
        """Listen to everything the pages of a context do."""
        context.add_init_script(TELL_VIOLATIONS)
        kinds = {"error", "warning"} if chromium else {"error"}
        context.on("console", lambda message: self._said(message, kinds))
        context.on("weberror", lambda fault: self.faults.append(f"uncaught: {fault.error}"))
        context.on("request", self._asked)
        context.on("response", self._answered)

    def _said(self, message: ConsoleMessage, kinds: set[str]) -> None:
        # Chromium alone says this; `_answered` hears it in every browser.
        told = message.text.startswith("Failed to load resource: the server responded")
        if message.type in kinds and not told:
            place = message.location.get("url", "")
            self.faults.append(f"console {message.type}: {message.text} ({place})")

    def _asked(self, request: Request) -> None:
        self.requests.append(f"{request.method} {request.url}")
        if not request.url.startswith((self.origin + "/", "data:", "blob:")):
            self.faults.append(f"a request left the origin: {request.url}")

    def _answered(self, response: Response) -> None:
        if response.status >= 400:
            self.faults.append(f"{response.status} from {response.url}")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run each test in Chromium, and in Firefox where it is installed."""
    if "browser_name" in metafunc.fixturenames:
        only = metafunc.definition.get_closest_marker("chromium")
        names = ["chromium"] if only or not is_installed("firefox") else ["chromium", "firefox"]
        metafunc.parametrize("browser_name", names, scope="package")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep the tests of one browser together, so that two workers take one browser each."""
    for item in items:
        if HERE not in item.path.parents:
            continue
        parameters = getattr(getattr(item, "callspec", None), "params", {})
        item.add_marker(pytest.mark.xdist_group(parameters.get("browser_name", item.name)))


@pytest.fixture(scope="package")
def playwright() -> Iterator[Playwright]:
    """Run Playwright for the tests of this folder, not longer: other tests have their own loop."""
    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="package")
def browser(playwright: Playwright, browser_name: str) -> Iterator[Browser]:
    """Start a browser once for the tests of this folder."""
    try:
        started = launch(playwright, browser_name, motion=False)
    except NoBrowser as problem:
        pytest.fail(f"{problem}\n`python -m tests` finds or installs one.", pytrace=False)
    yield started
    started.close()


@pytest.fixture(scope="package")
def moving_browser(
    playwright: Playwright, browser: Browser, browser_name: str
) -> Iterator[Callable[[], Browser]]:
    """Give a browser in which things may move, started when the first test needs it."""
    started: list[Browser] = []

    def start() -> Browser:
        if browser_name == "chromium":
            return browser
        if not started:
            started.append(launch(playwright, browser_name))
        return started[0]

    yield start
    for one in started:
        one.close()


@pytest.fixture
def app_url(app_server: AppServer) -> str:
    """Name a running server with the default settings and its sessions in memory."""
    return app_server.url


@pytest.fixture
def watch(app_url: str) -> Watch:
    """Watch the pages of one test."""
    return Watch(app_url)


@pytest.fixture
def new_page(
    request: pytest.FixtureRequest,
    browser: Browser,
    moving_browser: Callable[[], Browser],
    browser_name: str,
    watch: Watch,
) -> Iterator[NewPage]:
    """Open pages, each in a context of its own: `new_page(color_scheme="dark")`.

    The options are Playwright's for a context. Faults in a page fail the test when it is over.
    """
    contexts: list[BrowserContext] = []

    def open_page(**options: Any) -> Page:
        defaults = {"base_url": watch.origin, "viewport": VIEWPORT, "reduced_motion": "reduce"}
        moves = options.get("reduced_motion") == "no-preference"
        context = (moving_browser() if moves else browser).new_context(**(defaults | options))
        contexts.append(context)
        context.set_default_timeout(PATIENCE_MS)
        watch.follow(context, browser_name == "chromium")
        return context.new_page()

    before = request.session.testsfailed
    yield open_page
    if request.session.testsfailed > before or watch.unexpected():
        _picture(contexts, request.node.name)
    for context in contexts:
        context.close()
    if found := watch.unexpected():
        pytest.fail("In the page:\n" + "\n".join(found), pytrace=False)


@pytest.fixture
def page(new_page: NewPage) -> Page:
    """Open one page; its addresses start at the server, as in `page.goto("/")`."""
    return new_page()


@pytest.fixture
def workbench(page: Page) -> Iterator[Workbench]:
    """Work with one page, and with the API beside it."""
    with httpx.Client() as api:
        yield Workbench(page, api)


def _picture(contexts: list[BrowserContext], test: str) -> None:
    """Keep what a failed test saw, for a person to look at."""
    name = re.sub(r"[^\w.-]+", "-", test).strip("-")
    pages = [page for context in contexts for page in context.pages]
    for number, page in enumerate(pages):
        page.screenshot(path=Path(PICTURES, f"{name}-{number}.png"))
