"""Measure the first visit: what it transfers, and how long until the first step can be taken and is answered.

    python -m benchmarks.loading [--rounds N]

The browser knows nothing of the page yet and the server is on the same computer. Bytes are those of Chromium's network
log, headers included. Times count from the beginning of the navigation, in visits that nobody keeps a log of: the log
takes the browser a third longer. The first step is taken the moment it can be.
"""

from __future__ import annotations

import argparse
from collections import Counter
from dataclasses import dataclass
from statistics import median
from typing import Any, Final

from playwright.sync_api import Browser, Page, sync_playwright

from benchmarks.serving import running_server
from benchmarks.unwatched import unwatched
from tests.browser.browsers import launch

MOST_BYTES: Final = 250_000
MOST_MILLISECONDS: Final = 1_000

# Takes the first step as soon as the page lets one, and notes both moments.
WATCH: Final = """
  window.moments = {};
  const look = () => {
    const step = document.querySelector('#step');
    if (!moments.possible && step && !step.disabled && document.querySelector('.diagram .neuron')) {
      moments.possible = performance.now();
      step.click();
    }
    if (document.querySelector('[data-hook=count]')?.textContent.startsWith('event 1 of')) {
      moments.answered ??= performance.now();
    }
  };
  new MutationObserver(look).observe(document,
    { subtree: true, childList: true, attributes: true, characterData: true });
"""
WIDTH: Final = 1440
HEIGHT: Final = 900
PAINTED: Final = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? null"


@dataclass(frozen=True)
class Times:
    """Hold the milliseconds of one visit, from the beginning of the navigation."""

    painted: float
    possible: float
    answered: float


def transferred(page: Page, path: str = "/") -> Counter[str]:
    """Open a page that was never open before; return the bytes it took, by kind of file."""
    kinds: dict[str, str] = {}
    bytes_of: Counter[str] = Counter()

    def received(event: dict[str, Any]) -> None:
        kinds[event["requestId"]] = event["type"]

    def finished(event: dict[str, Any]) -> None:
        bytes_of[kinds.get(event["requestId"], "Other")] += int(event["encodedDataLength"])

    log = page.context.new_cdp_session(page)
    log.on("Network.responseReceived", received)
    log.on("Network.loadingFinished", finished)
    log.send("Network.enable")
    page.goto(path)
    page.wait_for_selector(".diagram .neuron")
    page.wait_for_load_state("networkidle")
    # A browser without a window asks for no icon.
    page.evaluate("fetch(document.querySelector('link[rel=icon]').href).then((a) => a.text())")
    log.detach()
    return bytes_of


def first_step(browser: Browser, url: str) -> Times:
    """Open a page that was never open before, and take the first step as soon as it can be taken."""
    with unwatched(browser, WIDTH, HEIGHT) as page:
        page.add_init_script(WATCH)
        page.goto(url)
        page.wait_for_function("() => window.moments?.answered")
        moments = page.evaluate("window.moments")
        return Times(page.evaluate(PAINTED), moments["possible"], moments["answered"])


def main() -> int:
    """Print both tables; return 1 where a promise is missed."""
    parser = argparse.ArgumentParser(description="Measure the first visit in a real browser.")
    parser.add_argument("--rounds", type=int, default=15)
    rounds = parser.parse_args().rounds
    with running_server() as url, sync_playwright() as playwright:
        browser = launch(playwright, "chromium")
        context = browser.new_context(base_url=url, viewport={"width": WIDTH, "height": HEIGHT})
        weight = transferred(context.new_page())
        context.close()
        visits = [first_step(browser, url) for _ in range(rounds)]
        browser.close()
    print("| transferred | bytes |\n| --- | ---: |")
    for kind, count in weight.most_common():
        print(f"| {kind} | {count:,} |")
    print(f"| all | {weight.total():,} |\n")
    print("| milliseconds | median | least | most |\n| --- | ---: | ---: | ---: |")
    for name in ("painted", "possible", "answered"):
        found = sorted(getattr(visit, name) for visit in visits)
        print(f"| {name} | {median(found):.0f} | {found[0]:.0f} | {found[-1]:.0f} |")
    possible = median(visit.possible for visit in visits)
    return int(weight.total() > MOST_BYTES or possible > MOST_MILLISECONDS)


if __name__ == "__main__":
    raise SystemExit(main())
