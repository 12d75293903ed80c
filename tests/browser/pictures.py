"""Make the README's pictures: the workbench, and a short animation of an iteration.

Run it on a server that listens: python -m tests.browser.pictures http://127.0.0.1:8000
It needs Pillow, which only whoever makes pictures has to install. They go to docs/images/.
"""

from __future__ import annotations

import argparse
import io
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, sync_playwright

from tests.browser.screenshots import CHROMIUM, FLAGS

IMAGES = Path("docs/images")
WIDE = (1440, 900)
SMALL = (960, 600)
FRAME_MILLISECONDS = 1_100
# Where the animation stops: forward terms, an activation, the cost, blame, gradients, new weights, the end.
MOMENTS = (0, 1, 2, 3, 5, 6, 7, 14, 42, 45, 48, 51, 79, 81, 84, 85, 86, 118, 121, 151)


def _go(page: Page, event: int) -> None:
    slider = page.locator("[data-hook=event]")
    slider.evaluate("(e, v) => { e.value = v; e.dispatchEvent(new Event('input')); }", event)
    page.wait_for_timeout(500)


def _shot(page: Page) -> Image.Image:
    return Image.open(io.BytesIO(page.screenshot())).convert("RGB")


def _save_still(page: Page) -> None:
    _go(page, 10)
    _shot(page).save(IMAGES / "workbench.png", optimize=True)


def _save_animation(page: Page) -> None:
    frames = []
    for event in MOMENTS:
        _go(page, event)
        frames.append(_shot(page).resize(SMALL, Image.Resampling.LANCZOS))
    frames[0].save(
        IMAGES / "steps.webp",
        save_all=True,
        append_images=frames[1:],
        duration=FRAME_MILLISECONDS,
        loop=0,
        quality=60,
        method=6,
    )


def main() -> None:
    """Take the pictures from the server named on the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("url")
    url = parser.parse_args().url
    IMAGES.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = browser.new_context(
            viewport={"width": WIDE[0], "height": WIDE[1]}, reduced_motion="reduce"
        ).new_page()
        page.goto(url)
        page.wait_for_selector("#event-title")
        page.wait_for_timeout(800)
        page.locator("body").press("1")
        page.locator("body").press(" ")
        page.wait_for_timeout(600)
        _save_still(page)
        _save_animation(page)
        browser.close()


if __name__ == "__main__":
    main()
