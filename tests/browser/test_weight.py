"""The first visit: what it transfers, and how soon the first step can be taken."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page

from benchmarks.loading import MOST_BYTES, MOST_MILLISECONDS, first_step, transferred
from tests.figures import Figures

VISITS = 3
# The promise is for a computer that does nothing else; `python -m benchmarks.loading` holds it to that.
BUSY = 3


@pytest.mark.chromium
def test_a_first_visit_is_light(page: Page) -> None:
    bytes_of = transferred(page)
    # The network's log saw the visit: every kind of file the page is made of.
    assert {"Document", "Stylesheet", "Script", "Fetch"} <= set(bytes_of)
    assert bytes_of.total() < MOST_BYTES, bytes_of


@pytest.mark.chromium
def test_the_first_step_can_be_taken_at_once(
    browser: Browser, app_url: str, figures: Figures
) -> None:
    visits = [first_step(browser, app_url) for _ in range(VISITS)]
    assert all(0 < one.painted <= one.possible <= one.answered for one in visits), visits
    least = min(one.possible for one in visits)
    figures(
        "page", f"the first step can be taken after {least:.0f} ms, the least of {VISITS} visits"
    )
    assert least < BUSY * MOST_MILLISECONDS, visits
