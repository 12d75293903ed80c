"""Visit a page in Chromium with nobody listening to its network, as a person does.

Playwright follows every request of every page that it makes, and a page of a hundred small files takes a third longer
for it. This page is made past Playwright, by the browser's DevTools protocol, and only asked what it has noted itself.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from typing import Any, Final

from playwright.sync_api import Browser

WAIT_SECONDS: Final = 60.0
# So rarely that asking does not keep the browser from its work.
PAUSE_SECONDS: Final = 0.2


class Unwatched:
    """Hold one page with an empty cache, and the few of Playwright's calls that a measurement needs."""

    def __init__(self, browser: Browser, width: int, height: int) -> None:
        """Make an empty page of so many pixels; `unwatched` closes it too."""
        self._wire = browser.new_browser_cdp_session()
        self._wire.on("Target.receivedMessageFromTarget", self._hear)
        self._answers: dict[int, dict[str, Any]] = {}
        self._numbers = count(1)
        self._context = self._wire.send("Target.createBrowserContext")["browserContextId"]
        place = {"url": "about:blank", "browserContextId": self._context}
        size = {"width": width, "height": height}
        target = self._wire.send("Target.createTarget", place | size)["targetId"]
        attached = self._wire.send("Target.attachToTarget", {"targetId": target})
        self._session = attached["sessionId"]
        self._ask("Page.enable")

    def _hear(self, event: dict[str, Any]) -> None:
        message = json.loads(event["message"])
        if event["sessionId"] == self._session and "id" in message:
            self._answers[message["id"]] = message

    def _ask(self, method: str, **told: Any) -> dict[str, Any]:
        number = next(self._numbers)
        message = json.dumps({"id": number, "method": method, "params": told})
        self._wire.send(
            "Target.sendMessageToTarget", {"sessionId": self._session, "message": message}
        )
        until = time.monotonic() + WAIT_SECONDS
        while number not in self._answers:
            if time.monotonic() > until:
                raise TimeoutError(f"The page does not answer {method}.")
            # Playwright hears what has come whenever something is asked.
            self._wire.send("Target.getTargetInfo")
        answer = self._answers.pop(number)
        if "error" in answer:
            raise RuntimeError(f"{method}: {answer['error']['message']}")
        result: dict[str, Any] = answer["result"]
        return result

    def add_init_script(self, script: str) -> None:
        """Run a script at the beginning of every page that is opened here."""
        self._ask("Page.addScriptToEvaluateOnNewDocument", source=script)

    def goto(self, url: str) -> None:
        """Begin to open a page, by its whole address; it is not waited for."""
        self._ask("Page.navigate", url=url)

    def evaluate(self, expression: str) -> Any:
        """Return what an expression gives in the page; RuntimeError where it fails."""
        answer = self._ask("Runtime.evaluate", expression=expression, returnByValue=True)
        if "exceptionDetails" in answer:
            raise RuntimeError(answer["exceptionDetails"]["text"])
        return answer["result"].get("value")

    def wait_for_function(self, expression: str) -> None:
        """Ask now and then until a function of no arguments gives something true; TimeoutError if it never does."""
        until = time.monotonic() + WAIT_SECONDS
        while not self.evaluate(f"Boolean(({expression})())"):
            if time.monotonic() > until:
                raise TimeoutError(f"The page never came to {expression}")
            time.sleep(PAUSE_SECONDS)

    def close(self) -> None:
        """Close the page, and forget its cache."""
        self._wire.send("Target.disposeBrowserContext", {"browserContextId": self._context})
        self._wire.detach()


@contextmanager
def unwatched(browser: Browser, width: int, height: int) -> Iterator[Unwatched]:
    """Hold a page of so many pixels open while the block lasts."""
    page = Unwatched(browser, width, height)
    try:
        yield page
    finally:
        page.close()
