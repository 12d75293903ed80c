"""The first thing a person sees."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import NewPage, Watch
from tests.conftest import StartServer


def test_the_address_opens_on_the_articles_network(page: Page) -> None:
    page.goto("/")
    expect(page).to_have_title("Glassbox: a neural network, one number at a time")
    expect(page.locator("#step")).to_be_enabled()
    expect(page.locator("svg.diagram .neuron")).to_have_count(5 + 2 + 2 + 5)


@pytest.mark.chromium
def test_a_page_that_nobody_touches_stores_nothing(
    new_page: NewPage, watch: Watch, start_server: StartServer, tmp_path: Path
) -> None:
    kept = tmp_path / "sessions.db"
    server = start_server("--store", f"sqlite:{kept}")
    watch.origin = server.url
    page = new_page()
    page.goto("/")
    expect(page.locator("svg.diagram .neuron").first).to_be_visible()
    page.wait_for_load_state("networkidle")
    assert {request.split()[0] for request in watch.requests} == {"GET"}
    server.stop()
    assert sessions_in(kept) == 0


def sessions_in(store: Path) -> int:
    with closing(sqlite3.connect(store)) as connection:
        count: int = connection.execute("SELECT count(*) FROM sessions").fetchone()[0]
    return count
