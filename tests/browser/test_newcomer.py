"""A newcomer with nothing but a keyboard, and the link that brings somebody else to the same moment."""

from __future__ import annotations

import re

import httpx
from playwright.sync_api import expect

from tests.browser.conftest import NewPage
from tests.browser.workbench import Workbench


def test_a_newcomer_finds_the_way_by_keyboard(new_page: NewPage, app_url: str) -> None:
    page = new_page()
    with httpx.Client(base_url=app_url) as api:
        bench = Workbench(page, api).open()
        # Step a neuron forward by its terms.
        bench.press("1")
        bench.press(*["Space"] * 6)
        expect(page.locator("#event-title")).to_have_text("Hidden 1, neuron 1: add the bias")
        # Open the card of its z, walk to an input, and back.
        page.keyboard.press("e")
        card = page.locator("#card")
        expect(card).to_contain_text("weighted sum of Hidden 1, neuron 1")
        card.get_by_role("button", name="In₁").first.press("Enter")
        expect(card).to_contain_text("bill length")
        page.keyboard.press("Escape")
        # Step back.
        bench.press("ArrowLeft")
        expect(page.locator("#event-title")).to_have_text("Hidden 1, neuron 1: add sex")
        # Change a weight and see the cost answer, then undo.
        bench.press("4", "Space")
        before = bench.session()
        page.goto(page.url.split("#")[0] + "#card=w[1][0][0]")
        page.reload()
        field = card.locator("input[inputmode], input[type=number], input[type=text]").first
        field.fill("1.5")
        field.press("Enter")
        bench.rest()
        changed = bench.session()
        assert changed["network"]["layers"][1]["weights"][0][0] == 1.5
        assert changed["values"]["cost"] != before["values"]["cost"]
        page.keyboard.press("Escape")
        bench.press("Control+z")
        undone = bench.session()
        assert undone["values"] == before["values"]
        # The link opens elsewhere at the same moment, with the same card.
        page.goto(page.url.split("#")[0] + "#card=w[1][0][0]")
        page.reload()
        expect(card).to_contain_text("weight from bill length")
        page.locator("[popovertarget=share]").press("Enter")
        link = page.locator("[data-hook=link]")
        expect(link).to_have_value(re.compile(r"#moment=[\w-]+&card=w"))
        other = new_page()
        Workbench(other, api).open(link.input_value().removeprefix(app_url))
        expect(other.locator("#event-title")).to_have_text(
            page.locator("#event-title").inner_text()
        )
        expect(other.locator("[data-hook=cost]")).to_have_text(
            page.locator("[data-hook=cost]").inner_text()
        )
        expect(other.locator("#card")).to_contain_text("bill length → Hidden 1, neuron 1")
