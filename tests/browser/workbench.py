"""The workbench as a test works with it: open it, click, wait until it rests, ask the API beside it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final

import httpx
from playwright.sync_api import Page, Route, expect

# What no click waits for longer, on a machine that is busy with other things.
PATIENCE_MS: Final = 15_000

expect.set_options(timeout=PATIENCE_MS)

# Resolves when nothing is asked of the server any more and the page stands at an event.
REST = """async ({ event, patience }) => {
  const step = document.querySelector('#step');
  const slider = document.querySelector('[data-hook=event]');
  const busy = () => step.disabled || step.hasAttribute('aria-busy');
  const until = performance.now() + patience;
  while (busy() || (event !== null && Number(slider.value) !== event)) {
    if (performance.now() > until) {
      throw new Error(`The page stands at event ${slider.value}, busy: ${busy()}, not at ${event}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 4));
  }
}"""


@dataclass
class Workbench:
    """Work with the page in one tab."""

    page: Page
    api: httpx.Client

    def open(self, path: str = "/") -> Workbench:
        """Open an address and wait until the network is drawn and all of the page is there."""
        self.page.goto(path)
        expect(self.page.locator("#step")).to_be_enabled()
        expect(self.page.locator("svg.diagram .neuron").first).to_be_visible()
        self.page.wait_for_selector("html[data-furnished]")
        return self

    def rest(self, event: int | None = None) -> Workbench:
        """Wait until every answer is there, and the page stands at an event if one is named."""
        self.page.evaluate(REST, {"event": event, "patience": PATIENCE_MS})
        return self

    def step(self, times: int = 1) -> Workbench:
        """Press Step as often and wait for the last answer."""
        for _ in range(times):
            self.page.click("#step")
        return self.rest()

    def press(self, *keys: str) -> Workbench:
        """Press keys one after the other and wait for the last answer."""
        for key in keys:
            self.page.keyboard.press(key)
        return self.rest()

    def goto(self, event: int) -> Workbench:
        """Drag the iteration's timeline to an event."""
        slider = self.page.locator("[data-hook=event]")
        slider.evaluate("(e, v) => { e.value = v; e.dispatchEvent(new Event('input')); }", event)
        return self.rest(event)

    def choose_digits(self, digits: int) -> None:
        """Choose how many digits are shown, after a step, and wait until they are."""
        self.page.select_option("[data-hook=digits]", str(digits))
        told = self.session(digits)["event"]["explanation"]
        text = (told["running"] or told)["substituted"]["text"]
        expect(self.page.locator("#explanation [data-hook=numbers]")).to_have_attribute(
            "aria-label", text
        )

    @property
    def session_id(self) -> str:
        """Read the session's id from the address."""
        return self.page.url.split("/s/")[1].split("#")[0].split("?")[0]

    @property
    def session_path(self) -> str:
        """Name the session for the API, with the server."""
        origin = self.page.url.split("/s/")[0]
        return f"{origin}/api/v1/sessions/{self.session_id}"

    def session(self, digits: int = 2, granularity: str = "term") -> dict[str, Any]:
        """Ask the API for the session, as the page does but beside it."""
        asked: dict[str, str | int] = {"digits": digits, "granularity": granularity}
        answer = self.api.get(self.session_path, params=asked)
        found: dict[str, Any] = answer.raise_for_status().json()
        return found


@dataclass
class Gate:
    """Hold the server's answers back until they are let go, one by one or all."""

    page: Page
    held: list[Route] = field(default_factory=list)

    def wait_for(self, count: int) -> None:
        """Wait until so many requests are held."""
        waited = 0
        while len(self.held) < count:
            self.page.wait_for_timeout(10)
            waited += 10
            assert waited < PATIENCE_MS, f"{len(self.held)} requests are held, not {count}"

    def let_go(self) -> None:
        """Let the oldest request through to the server."""
        self.held.pop(0).continue_()


@contextmanager
def gate(page: Page, pattern: str) -> Iterator[Gate]:
    """Hold back the requests whose address matches a glob; what is still held at the end goes through."""
    keeper = Gate(page)

    def hold(route: Route) -> None:
        keeper.held.append(route)

    page.route(pattern, hold)
    yield keeper
    while keeper.held:
        keeper.let_go()
    page.unroute(pattern, hold)
