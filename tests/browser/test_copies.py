"""What somebody else's link opens: a copy that begins where the link was made, and steps to follow."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import NewPage
from tests.browser.workbench import Workbench

SHARED = "#share [data-hook={}]"


def shared(page: Page, name: str) -> str:
    """Read a link of the Share sheet."""
    page.click("[popovertarget=share]")
    field = page.locator(SHARED.format(name))
    expect(field).to_have_value(re.compile("^http"))
    link = field.input_value()
    page.keyboard.press("Escape")
    return link


def test_a_copy_goes_back_to_where_it_begins_and_asks_for_nothing_before_it(
    workbench: Workbench, new_page: NewPage
) -> None:
    workbench.open().press("5", "ArrowRight", "ArrowRight", "1", "ArrowRight")
    copy = Workbench(new_page(), workbench.api).open(shared(workbench.page, "link"))
    back = copy.page.locator("[data-do=back]")
    copy.step()
    first = copy.session()["history"]["first"]
    assert first == 2
    copy.press("ArrowLeft", "ArrowLeft")
    expect(back).to_have_attribute("aria-disabled", "true")
    copy.press("ArrowLeft", "Home")
    position = copy.session()["position"]
    assert (position["iteration"], position["event"]) == (first, 0)
    expect(copy.page.locator("#messages")).to_be_empty()
    expect(copy.page.locator("[data-hook=curve]")).to_contain_text("The costs from iteration 2 on")


def test_a_follower_sees_the_costs_and_that_they_follow(
    workbench: Workbench, new_page: NewPage
) -> None:
    workbench.open().press("5", "ArrowRight", "ArrowRight", "ArrowRight")
    other = new_page()
    other.goto(shared(workbench.page, "follow"))
    expect(other.locator("[data-hook=observation]")).to_contain_text("you follow someone’s steps")
    expect(other.locator("[data-hook=curve] .cost-point")).to_have_count(3)
    expect(other.locator(".layer-head")).to_have_count(0)


def test_chips_say_their_layer_and_settings_their_plain_names(workbench: Workbench) -> None:
    page = workbench.open().press("4", "ArrowRight").page
    page.locator('.neuron[data-part="n:2:0"]').dispatch_event("click")
    uses = page.locator("#card [data-hook=uses] .chip").first
    expect(uses).to_have_text(re.compile("^Out "))
    page.keyboard.press("Escape")
    page.click("[popovertarget=settings]")
    expect(page.locator("#settings [name=cost] option").first).to_have_text("mean squared error")
