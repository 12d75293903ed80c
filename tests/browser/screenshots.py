"""Photograph the workbench in its states, sizes and themes, for eyes to judge.

Run it on a server that listens: python tests/browser/screenshots.py http://127.0.0.1:8000
The pictures go to out/.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

OUT = Path("out")
CHROMIUM = os.environ.get("GLASSBOX_CHROMIUM", "/usr/bin/chromium")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--force-color-profile=srgb",
    "--font-render-hinting=none",
]
SIZES = {"wide": (1440, 900), "middle": (1024, 768), "phone": (390, 844), "narrow": (360, 640)}
# One state: which granularity, how many steps, after the state before it. Keys of the page do the work.
STATES: dict[str, tuple[str, int]] = {
    "1-ready": ("term", 0),
    "2-term": ("term", 10),
    "3-layer": ("layer", 1),
    "4-forward-done": ("pass", 1),
    "5-loss-derivative": ("term", 1),
    "6-output-neuron": ("neuron", 1),
    "7-blame": ("goto", 81),
    "8-blame-layer": ("layer", 1),
    "9-gradient": ("goto", 105),
    "10-gradients": ("pass", 1),
    "11-update": ("goto", 121),
    "12-update-neuron": ("neuron", 1),
    "13-done": ("iteration", 1),
}
KEYS = {"term": "1", "neuron": "2", "layer": "3", "pass": "4", "iteration": "5"}


def _settle(page: Page) -> None:
    page.wait_for_selector("#step:not([aria-busy])")
    page.wait_for_timeout(120)


def _reach(page: Page, how: str, count: int) -> None:
    if how == "goto":
        slider = page.locator("[data-hook=event]")
        slider.evaluate("(e, v) => { e.value = v; e.dispatchEvent(new Event('input')); }", count)
        _settle(page)
        return
    page.locator("body").press(KEYS[how])
    for _ in range(count):
        page.keyboard.press("ArrowRight")
        _settle(page)


def _states(page: Page, wanted: set[str]) -> Iterator[str]:
    for state, (how, count) in STATES.items():
        _reach(page, how, count)
        if not wanted or state.split("-")[0] in wanted:
            yield state


def _shoot(browser: Browser, url: str, size: str, theme: str, wanted: set[str]) -> None:
    width, height = SIZES[size]
    context = browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme="dark" if theme == "dark" else "light",
        reduced_motion="reduce",
        has_touch=size in {"phone", "narrow"},
    )
    page = context.new_page()
    page.on("console", lambda message: print("console:", message.type, message.text))
    page.on("pageerror", lambda error: print("error:", error))
    page.goto(url)
    page.wait_for_selector("#step:not([disabled])")
    page.wait_for_selector("svg.diagram .neuron")
    for state in _states(page, wanted):
        page.screenshot(path=OUT / f"{size}-{theme}-{state}.png")
        wide = page.evaluate("document.documentElement.scrollWidth")
        if wide > width:
            print(f"{size} {state}: the page is {wide} px wide")
    context.close()


def main() -> None:
    """Read the arguments and take the pictures."""
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("url")
    reader.add_argument("--sizes", nargs="*", default=list(SIZES))
    reader.add_argument("--themes", nargs="*", default=["light", "dark"])
    reader.add_argument("--states", nargs="*", default=[], help="their numbers; all by default")
    asked = reader.parse_args()
    OUT.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        for size in asked.sizes:
            for theme in asked.themes:
                _shoot(browser, asked.url, size, theme, set(asked.states))
        browser.close()


if __name__ == "__main__":
    main()
