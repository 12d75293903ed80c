"""The card of a number: opened, walked, nudged, changed and linked to, by keyboard alone."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import NewPage, Watch

MOST_TABS = 120
WEIGHT = "w[1][0][2]"


def begin(page: Page, path: str = "/") -> None:
    page.goto(path)
    expect(page.locator("#step")).to_be_enabled()
    expect(page.locator("svg.diagram .neuron").first).to_be_visible()


def rest(page: Page) -> None:
    expect(page.locator("#step:not([aria-busy])")).to_be_visible()


def to_event(page: Page, event: int) -> None:
    slider = page.locator("[data-hook=event]")
    slider.evaluate("(e, v) => { e.value = v; e.dispatchEvent(new Event('input')); }", event)
    expect(slider).to_have_attribute("aria-valuetext", re.compile(f"event {event} of"))
    rest(page)


def tab_to(page: Page, selector: str, key: str = "Tab") -> Locator:
    """Press Tab until the focus is on an element."""
    wanted = page.locator(selector).first
    expect(wanted).to_be_visible()
    for _ in range(MOST_TABS):
        if wanted.evaluate("e => e === document.activeElement"):
            return wanted
        page.keyboard.press(key)
    raise AssertionError(f"The Tab key does not lead to {selector}")


def shown(page: Page, address: str) -> None:
    """Wait until a number's card is there and has the focus."""
    expect(page).to_have_url(re.compile(re.escape(f"#card={address}") + "$"))
    expect(page.locator("#card")).not_to_have_attribute("aria-busy", "true")
    expect(page.locator("#card-title")).to_be_focused()


def asked(page: Page, call: str) -> Any:
    """Ask the API about the session that the page shows."""
    session = page.url.split("/s/")[1].split("#")[0]
    answer = page.request.get(f"/api/v1/sessions/{session}{call}")
    assert answer.ok, answer.text()
    return answer.json()


def chip(address: str) -> str:
    return f'#card button[data-address="{address}"]'


def test_a_sum_is_opened_walked_down_to_the_data_and_back(page: Page) -> None:
    begin(page)
    page.keyboard.press("2")
    page.keyboard.press("ArrowRight")
    rest(page)
    expect(page.locator("[data-hook=count]")).to_contain_text("event 7 of")
    page.keyboard.press("e")
    shown(page, "a[1][0][0]")
    tab_to(page, chip("z[1][0][0]"))
    page.keyboard.press("Enter")
    shown(page, "z[1][0][0]")
    told = asked(page, "/explain/z[1][0][0]")
    expect(page.locator("#card [data-hook=value]")).to_have_text(told["shown"])
    expect(page.locator("#card [data-hook=meaning]")).to_have_text(told["sentence"])
    expect(page.locator("#card [data-hook=from] button")).to_have_count(len(told["operands"]))
    tab_to(page, chip("a[0][0][2]"))
    page.keyboard.press("Enter")
    shown(page, "a[0][0][2]")
    expect(page.locator("#card-title")).to_contain_text("flipper length")
    expect(page.locator("#card [data-hook=trail] button")).to_have_count(2)
    tab_to(page, "#card [data-hook=back]", "Shift+Tab")
    page.keyboard.press("Enter")
    shown(page, "z[1][0][0]")
    page.keyboard.press("Escape")
    expect(page.locator("#card")).to_be_hidden()
    assert "#" not in page.url


def test_the_focus_returns_to_where_the_card_was_opened(page: Page) -> None:
    begin(page)
    part = tab_to(page, '.diagram [tabindex="0"]')
    expect(part).to_have_attribute("aria-label", re.compile("^bill length: "))
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowRight")
    line = page.locator('.diagram [data-part="c:1:1:1"][tabindex="0"]')
    expect(line).to_be_focused()
    expect(line).to_have_attribute(
        "aria-label", re.compile("^Weight from bill depth to Hidden 1, neuron 2: ")
    )
    page.keyboard.press("Enter")
    shown(page, "w[1][1][1]")
    page.keyboard.press("Escape")
    expect(line).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(page.locator('.diagram [data-part="n:1:1"]')).to_be_focused()
    expect(page.locator("[data-hook=event]")).to_have_value("0")


def test_a_weight_is_nudged_changed_and_undone(page: Page) -> None:
    begin(page)
    to_event(page, 118)
    page.locator('.diagram .connection[data-part="c:1:0:2"]').dispatch_event("click")
    shown(page, WEIGHT)
    before = asked(page, "")["values"]["cost"]
    tab_to(page, "#card [data-hook=plus]")
    page.keyboard.press("Enter")
    proof = page.locator("#card .answers dd:not(.proof-why)")
    expect(proof).to_have_count(2)
    assert proof.nth(0).inner_text() == proof.nth(1).inner_text()
    assert asked(page, "")["values"]["cost"] == before
    expect(page.locator(".diagram .neuron[data-mark=ripple]")).to_have_count(1 + 2 + 5)

    field = tab_to(page, "#card [data-hook=change-number]", "Shift+Tab")
    kept = float(field.input_value())
    assert kept == asked(page, f"/explain/{WEIGHT}")["value"]
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("−1,5")
    expect(page.locator("#card [data-hook=change-note]")).to_contain_text("Enter keeps −1.5")
    assert asked(page, "")["history"]["undo"] == 0
    page.keyboard.press("Enter")
    expect(page.locator("#card [data-hook=value]")).to_have_text("−1.5")
    after = asked(page, "")
    assert after["network"]["layers"][1]["weights"][0][2] == -1.5
    assert after["values"]["cost"] != before
    tab_to(page, "#card [data-hook=change-undo]")
    page.keyboard.press("Enter")
    expect(field).to_have_value(str(kept))
    assert asked(page, "")["values"]["cost"] == before


def test_a_slider_shows_what_answers_and_keeps_nothing_until_enter(page: Page) -> None:
    begin(page)
    to_event(page, 48)
    page.locator('.diagram .connection[data-part="c:1:0:2"]').dispatch_event("click")
    shown(page, WEIGHT)
    tab_to(page, "#card [data-hook=change-slider]")
    for _ in range(10):
        page.keyboard.press("ArrowRight")
    expect(page.locator("#card .answers-cost")).to_be_visible()
    assert asked(page, "")["history"]["undo"] == 0
    page.keyboard.press("Escape")
    expect(page.locator("#card .answers-cost")).to_have_count(0)
    expect(page.locator("#card")).to_be_visible()
    for _ in range(10):
        page.keyboard.press("ArrowRight")
    wanted = float(page.locator("#card [data-hook=change-number]").input_value())
    page.keyboard.press("Enter")
    expect(page.locator("#card [data-hook=change-undo]")).to_be_visible()
    assert asked(page, f"/explain/{WEIGHT}")["value"] == wanted
    # What is tried out next is tried from there.
    page.keyboard.press("ArrowRight")
    further = float(page.locator("#card [data-hook=change-number]").input_value())
    caption = page.locator("#card .answers caption")
    expect(caption).to_contain_text("+")
    assert float(caption.inner_text().split("+")[1]) == pytest.approx(further - wanted, abs=1e-4)


def test_the_ways_of_a_weight_add_up_to_its_gradient(page: Page) -> None:
    begin(page)
    to_event(page, 118)
    page.locator('.diagram .connection[data-part="c:1:0:2"]').dispatch_event("click")
    shown(page, WEIGHT)
    tab_to(page, "#card summary")
    page.keyboard.press("Enter")
    ways = page.locator("#card .way")
    expect(ways).to_have_count(2 * 5)
    sums = page.locator("#card .ways .proof dd")
    assert sums.nth(0).inner_text() == sums.nth(1).inner_text()
    ways.nth(0).hover()
    expect(page.locator(".diagram .neuron[data-mark=way]")).to_have_count(4)
    expect(page.locator(".diagram .connection[data-mark=way]")).to_have_count(3)


def test_a_number_to_come_says_with_which_event_and_leads_there(page: Page, watch: Watch) -> None:
    watch.expect("^409 from .*/explain/delta")
    begin(page)
    to_event(page, 20)
    page.locator('.diagram [data-part="n:2:1"]').dispatch_event("click")
    shown(page, "b[2][1]")
    tab_to(page, chip("delta[2][0][1]"))
    page.keyboard.press("Enter")
    shown(page, "delta[2][0][1]")
    expect(page.locator("#card [data-hook=unknown-text]")).to_contain_text("comes with event 95")
    tab_to(page, "#card [data-hook=go-there]")
    page.keyboard.press("Enter")
    expect(page.locator("#card [data-hook=name]")).to_have_text("error of Hidden 2, neuron 2")
    expect(page.locator("[data-hook=event]")).to_have_value("95")


def test_a_link_opens_the_card_again(page: Page, new_page: NewPage) -> None:
    begin(page)
    to_event(page, 48)
    page.keyboard.press("e")
    shown(page, "cost")
    value = page.locator("#card [data-hook=value]").inner_text()
    page.reload()
    expect(page.locator("#card [data-hook=name]")).to_have_text("cost of the batch")
    expect(page.locator("#card [data-hook=value]")).to_have_text(value)
    other = new_page()
    other.goto(page.url)
    expect(other.locator("#card [data-hook=value]")).to_have_text(value)


@pytest.mark.chromium
def test_a_linked_card_is_explained_and_nothing_stored(page: Page, watch: Watch) -> None:
    begin(page, f"/#card={WEIGHT}")
    expect(page.locator("#card [data-hook=value]")).to_have_text("−0.42")
    expect(page.locator("#card [data-hook=meaning]")).to_contain_text("A negative weight")
    page.wait_for_load_state("networkidle")
    assert {request.split()[0] for request in watch.requests} == {"GET"}


def test_a_link_to_a_moment_shows_its_card(page: Page, new_page: NewPage) -> None:
    begin(page)
    to_event(page, 48)
    page.keyboard.press("e")
    shown(page, "cost")
    value = page.locator("#card [data-hook=value]").inner_text()
    page.locator("#toolbar [popovertarget=share]").click()
    link = page.locator("#share [data-hook=link]")
    expect(link).to_have_value(re.compile("moment=.*card=cost|card=cost.*moment="))
    other = new_page()
    other.goto(link.input_value())
    expect(other.locator("#card [data-hook=name]")).to_have_text("cost of the batch")
    expect(other.locator("#card [data-hook=value]")).to_have_text(value)
    expect(other.locator("#card [data-hook=numbers]")).to_contain_text("=")


def test_a_product_is_told_with_its_factors(page: Page) -> None:
    begin(page)
    to_event(page, 3)
    page.keyboard.press("e")
    shown(page, "product[1][0][0][2]")
    expect(page.locator("#card [data-hook=formula] math")).to_be_visible()
    expect(page.locator("#card [data-hook=numbers]")).to_contain_text("0.12")


def test_in_a_batch_a_card_says_whose_number_it_is(page: Page) -> None:
    begin(page, "/?preset=iris")
    to_event(page, 104)
    session = asked(page, "")
    for observation in (0, 1):
        page.goto(page.url.split("#")[0] + f"#card=z[1][{observation}][2]")
        name = session["batch"]["labels"][observation]
        expect(page.locator("#card-title")).to_contain_text(f", {name}")
    page.goto(page.url.split("#")[0] + "#card=w[1][2][2]")
    tab_to(page, "#card summary")
    page.keyboard.press("Enter")
    proof = page.locator("#card .ways .proof")
    expect(proof).to_contain_text(f"All 3 ways for {session['batch']['labels'][0]} added up")
    expect(proof).to_contain_text("The other 9 of the batch")
    gradient = session["values"]["weight_gradients"][1][2][2]
    parts = [float(text.replace("−", "-")) for text in proof.locator("dd").all_inner_texts()]
    assert parts[-1] == pytest.approx(gradient, abs=1e-4)
    assert sum(parts[:-1]) == pytest.approx(gradient, abs=2e-4)
    page.click("#card [data-hook=plus]")
    expect(page.locator("#card .answers .proof")).not_to_contain_text("not known yet")
