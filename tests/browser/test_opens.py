"""The first thing a person sees."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import NewPage, Watch
from tests.browser.workbench import gate
from tests.conftest import StartServer


def test_the_address_opens_on_the_articles_network(page: Page) -> None:
    page.goto("/")
    expect(page).to_have_title("Glassbox: a neural network, one number at a time")
    expect(page.locator("#step")).to_be_enabled()
    expect(page.locator("svg.diagram .neuron")).to_have_count(5 + 2 + 2 + 5)


@pytest.mark.parametrize("path", ["/", "/?preset=digits"])
def test_the_words_are_there_before_the_scripts_and_stay(new_page: NewPage, path: str) -> None:
    bare, full = new_page(java_script_enabled=False), new_page()
    bare.goto(path)
    full.goto(path)
    expect(full.locator("svg.diagram .neuron").first).to_be_visible()
    full.wait_for_load_state("networkidle")
    for part in (".chooser", "#explanation"):
        # A script keeps together what belongs together: the spaces are others, the words are not.
        said, kept = (one.inner_text(part).replace("\u00a0", " ") for one in (bare, full))
        assert said.strip()
        assert said == kept


def test_a_link_to_a_moment_shows_no_other_networks_words(page: Page, app_url: str) -> None:
    made = page.request.post(f"{app_url}/api/v1/sessions", data={"preset": "xor"}).json()
    page.request.post(f"{app_url}/api/v1/sessions/{made['id']}/step", data={"by": "term"})
    path = f"/api/v1/sessions/{made['id']}/link"
    token = page.request.get(app_url + path).json()["moment"]
    title = page.locator("#event-title")
    with gate(page, "**/api/v1/moments/*") as held:
        page.goto(f"/#moment={token}")
        held.wait_for(1)
        expect(title).to_be_hidden()
        expect(page.locator("[data-hook=preset-title]")).to_be_hidden()
    expect(title).to_have_text("Hidden 1, neuron 1: add input a")
    expect(title).to_be_visible()
    expect(page.locator("[data-hook=preset-title]")).to_have_text("Exclusive or")


def test_it_works_from_a_classrooms_server_too(page: Page) -> None:
    # A page that comes over plain HTTP from another computer is no secure context, and has less at hand.
    page.add_init_script("delete Crypto.prototype.randomUUID; delete Navigator.prototype.clipboard")
    page.goto("/")
    page.click("#step")
    expect(page.locator("#explanation [data-hook=count]")).to_have_text("event 1 of 151")


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
