"""Find the browsers that are here, and start them the same way every time."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from playwright.sync_api import Browser, Playwright
from playwright.sync_api import Error as PlaywrightError

CHROMIUM_COMMANDS: Final = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
)
# Installed where the system keeps programs, as on macOS and Windows, and not on the PATH.
CHROMIUM_CHANNELS: Final = ("chrome", "msedge")
FIREFOX_COMMANDS: Final = ("firefox-esr", "firefox")

# The same pixels on every machine, and no connection of the browser's own.
CHROMIUM_FLAGS: Final = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--force-color-profile=srgb",
    "--font-render-hinting=none",
)
FIREFOX_PREFERENCES: Final[dict[str, str | float | bool]] = {
    "app.normandy.enabled": False,
    "browser.safebrowsing.downloads.remote.enabled": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "services.settings.server": "",
}


class NoBrowser(Exception):
    """No browser of this name starts here; the text says what was tried."""


@dataclass(frozen=True)
class Candidate:
    """Know one browser that may be here: how to start it, and what to call it in a message."""

    called: str
    options: Mapping[str, Any]


def launch(
    playwright: Playwright, name: str, motion: bool = True, flags: Sequence[str] = ()
) -> Browser:
    """Start the first browser of a name that starts.

    Args:
        playwright: The running Playwright.
        name: `chromium` or `firefox`.
        motion: Whether things may move. Chromium can be told for each context; a context's own wish
            does not reach Debian's Firefox, which has to know when it starts.
        flags: Further arguments for Chromium.

    Raises:
        NoBrowser: None does.
    """
    tried: list[str] = []
    for candidate in _candidates(name, motion, flags):
        try:
            browser: Browser = getattr(playwright, name).launch(**candidate.options)
        except PlaywrightError as error:
            tried.append(f"  {candidate.called}: {_first_line(error)}")
        else:
            return browser
    raise NoBrowser(
        f"No {name} starts here. Tried:\n" + ("\n".join(tried) or "  nothing: none is on the PATH")
    )


def is_installed(name: str) -> bool:
    """Say whether a browser of this name is on the PATH."""
    commands = CHROMIUM_COMMANDS if name == "chromium" else FIREFOX_COMMANDS
    return any(shutil.which(command) for command in commands)


def _candidates(name: str, motion: bool, flags: Sequence[str]) -> Iterator[Candidate]:
    return _chromiums([*CHROMIUM_FLAGS, *flags]) if name == "chromium" else _firefoxes(motion)


def _chromiums(flags: list[str]) -> Iterator[Candidate]:
    for command in CHROMIUM_COMMANDS:
        if path := shutil.which(command):
            yield Candidate(path, {"executable_path": path, "args": flags})
    yield Candidate("Playwright's own", {"args": flags})
    for channel in CHROMIUM_CHANNELS:
        yield Candidate(channel, {"channel": channel, "args": flags})


def _firefoxes(motion: bool) -> Iterator[Candidate]:
    preferences = FIREFOX_PREFERENCES | {"ui.prefersReducedMotion": 0 if motion else 1}
    for command in FIREFOX_COMMANDS:
        if path := shutil.which(command):
            options = {"channel": "moz-firefox", "executable_path": path}
            yield Candidate(path, options | {"firefox_user_prefs": preferences})
    # No Firefox of Playwright's own: it is patched, and not what people use.


def _first_line(error: PlaywrightError) -> str:
    return error.message.strip().splitlines()[0]
