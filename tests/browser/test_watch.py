"""The watch over the pages sees what it must: without it every browser test would pass blindly."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import Watch


@pytest.mark.parametrize(
    ("script", "said"),
    [
        ("console.error('oh no')", r"console error: .*oh no"),
        ("setTimeout(() => { throw new Error('oh no') })", r"uncaught: .*oh no"),
        ("fetch('http://127.0.0.2:9/').catch(() => 0)", r"policy forbids connect-src"),
        ("document.body.setAttribute('style', 'color: red')", r"policy forbids style-src"),
        ("void fetch('/api/v1/no-such-thing')", r"^404 from http://.*/no-such-thing"),
    ],
)
def test_a_fault_in_the_page_is_seen(page: Page, watch: Watch, script: str, said: str) -> None:
    page.goto("/")
    page.wait_for_selector("#step:not([disabled])")
    assert watch.unexpected() == []
    page.evaluate(script)
    page.wait_for_timeout(300)
    seen = watch.unexpected()
    watch.expect(".")
    assert [fault for fault in seen if re.search(said, fault)], seen


def test_a_request_that_leaves_the_origin_is_seen(page: Page, watch: Watch) -> None:
    page.goto(watch.origin + "/healthz")
    watch.origin = "http://elsewhere.example"
    page.goto("/healthz")
    assert watch.unexpected()
    watch.expect("left the origin")
    assert watch.unexpected() == []
