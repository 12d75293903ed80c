"""WebKit, which iPhones run, in brief: the page opens, steps forward and back, and shows the API's numbers."""

from __future__ import annotations

import time
from typing import cast

import httpx
import pytest
from playwright.sync_api import Page

from tests.browser.test_walk import check
from tests.browser.webkit import WAIT_SECONDS, WebKitPage, missing, webkit_page
from tests.browser.workbench import Workbench

DRAWN = """() => !document.querySelector('#step').disabled
  && document.querySelectorAll('svg.diagram .neuron').length === 5 + 2 + 2 + 5"""
# What is drawn for a motion alone shows numbers, too.
STILL = """(event) => Number(document.querySelector('[data-hook=event]').value) === event
  && !document.querySelector('svg.diagram .over').childElementCount"""


def wait_until(page: WebKitPage, condition: str, argument: object = None) -> None:
    until = time.monotonic() + WAIT_SECONDS
    while not page.evaluate(condition, argument):
        assert time.monotonic() < until, condition
        time.sleep(0.02)


def test_webkit_steps_forward_and_back(app_url: str) -> None:
    if reason := missing():
        pytest.skip(reason)
    with httpx.Client() as api, webkit_page() as page:
        page.goto(app_url)
        wait_until(page, DRAWN)
        # It answers to what these checks ask of a page of Playwright.
        workbench = Workbench(cast(Page, page), api)
        for button, event in (("step", 1), ("step", 2), ("step", 3), ("back", 2)):
            page.click(f"[data-do={button}]")
            wait_until(page, STILL, event)
            check(workbench, event, digits=2)
