"""The network changed where it is drawn: layers, neurons and curves by their titles, numbers by dragging."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.workbench import Workbench


def middle(page: Page, part: str) -> tuple[float, float]:
    box = page.locator(f'.neuron[data-part="{part}"] .rim').bounding_box()
    assert box
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def layers(workbench: Workbench) -> list[tuple[int, str | None]]:
    shown = workbench.rest().session()["network"]["layers"]
    return [(layer["size"], layer.get("activation")) for layer in shown]


def test_a_layer_is_changed_at_its_title_and_what_was_kept_is_said(workbench: Workbench) -> None:
    page = workbench.open().step(2).page
    before: Any = workbench.session()["network"]["layers"]
    page.click('.layer-head[data-layer="1"]')
    menu = page.locator("#layer-menu")
    expect(menu).to_contain_text("Hidden 1")
    menu.locator("[data-act=more]").click()
    said = page.locator("#messages")
    expect(said).to_contain_text(
        "Hidden 1 now has 3 neurons. Weights between neurons that are still"
    )
    expect(page.locator('.neuron[data-part="n:1:2"]')).to_be_visible()
    menu.locator("[value=tanh]").click()
    expect(said).to_contain_text("Hidden 1 now bends by tanh. The weights were kept.")
    expect(menu.locator("[value=tanh]")).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("Escape")
    expect(page.locator('.layer-head[data-layer="1"]')).to_be_focused()
    now: Any = workbench.session()["network"]["layers"]
    assert now[1]["weights"][:2] == before[1]["weights"]
    assert now[1]["activation"] == "tanh"

    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(said).to_contain_text("The network is now 5-3-2-2-5.")
    assert [size for size, _ in layers(workbench)] == [5, 3, 2, 2, 5]
    page.click('.layer-head[data-layer="2"]')
    menu.locator("[data-act=remove]").click()
    expect(menu).to_be_hidden()
    expect(said).to_contain_text("The network is now 5-3-2-5.")
    for _ in range(4):
        page.keyboard.press("ControlOrMeta+z")
        workbench.rest()
    assert workbench.session()["network"]["layers"] == before
    expect(said).to_be_empty()


def test_a_message_is_closed_without_the_sheet_it_is_about(workbench: Workbench) -> None:
    page = workbench.open().page
    page.click("[popovertarget=settings]")
    sheet, said = page.locator("#settings"), page.locator("#messages")
    rate = sheet.locator("[name=learning_rate]")
    rate.press_sequentially("fast")
    rate.press("Tab")
    expect(said).to_contain_text("The learning rate is a number, 0 or more.")
    said.get_by_role("button", name="Close").click()
    expect(said).to_be_empty()
    expect(sheet).to_be_visible()
    rate.press_sequentially("er")
    rate.press("Tab")
    expect(said).to_be_visible()
    page.keyboard.press("Escape")
    expect(sheet).to_be_hidden()
    expect(said).to_be_visible()


def test_the_neuron_whose_card_lies_open_is_removed(workbench: Workbench) -> None:
    page = workbench.open().step().page
    before: Any = workbench.session()["network"]["layers"]
    page.locator('.neuron[data-part="n:1:0"]').dispatch_event("click")
    page.click("#card [data-hook=remove-neuron]")
    expect(page.locator("#messages")).to_contain_text(
        "Hidden 1 now has 1 neuron. All other weights and biases were kept."
    )
    expect(page.locator("#card")).to_be_hidden()
    now: Any = workbench.rest().session()["network"]["layers"]
    assert now[1]["weights"] == before[1]["weights"][1:]
    assert now[2]["weights"] == [row[1:] for row in before[2]["weights"]]


@pytest.mark.parametrize("keep", [True, False])
def test_a_weight_is_dragged_and_answers_before_it_is_kept(
    workbench: Workbench, keep: bool
) -> None:
    page = workbench.open().step().page
    before: Any = workbench.session()
    (x1, y1), (x2, y2) = middle(page, "n:0:0"), middle(page, "n:1:0")
    x, y = (x1 + x2) / 2, (y1 + y2) / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x, y - 60, steps=3)
    reading = page.locator(".drag-reading")
    expect(reading).to_contain_text("→ −0.18, cost 1.5")
    expect(page.locator(".diagram .neuron[data-mark=ripple]")).to_have_count(1 + 2 + 5)
    assert workbench.session()["network"] == before["network"]
    if not keep:
        page.keyboard.press("Escape")
    page.mouse.up()
    expect(reading).to_be_hidden()
    expect(page.locator(".diagram [data-mark=ripple]")).to_have_count(0)
    after: Any = workbench.rest().session()
    old = before["network"]["layers"][1]["weights"][0][0]
    wanted = round(old, 2) + 0.6 if keep else old
    assert after["network"]["layers"][1]["weights"][0][0] == pytest.approx(wanted, abs=1e-9)
    assert after["history"]["undo"] == int(keep)
    expect(page.locator("#card")).to_be_hidden()


def test_an_input_dragged_after_the_update_stays_in_sight(workbench: Workbench) -> None:
    page = workbench.open().page
    workbench.press("5", "ArrowRight")
    shown: Any = workbench.session()
    assert shown["position"]["phase"] == "done"
    x, y = middle(page, "n:0:0")
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x, y - 50, steps=3)
    page.mouse.up()
    expect(page.locator("#messages")).to_contain_text("The iteration begins again with it.")
    after: Any = workbench.rest().session()
    assert after["batch"]["rows"] == shown["batch"]["rows"]
    assert after["batch"]["inputs"][0][0] != shown["batch"]["inputs"][0][0]
    assert after["position"]["iteration"] == shown["position"]["iteration"]


def test_who_only_watches_changes_nothing(workbench: Workbench) -> None:
    page = workbench.open("/?hide=changes").step().page
    expect(page.locator(".layer-head")).to_have_count(0)
    (x1, y1), (x2, y2) = middle(page, "n:0:0"), middle(page, "n:1:0")
    page.mouse.move((x1 + x2) / 2, (y1 + y2) / 2)
    page.mouse.down()
    page.mouse.move((x1 + x2) / 2, y1 - 60, steps=3)
    page.mouse.up()
    expect(page.locator(".drag-reading")).to_be_hidden()
    assert workbench.rest().session()["history"]["undo"] == 0


def test_escape_ends_a_drag_and_opens_nothing(workbench: Workbench) -> None:
    page = workbench.open().step(2).page
    x, y = middle(page, "n:0:0")
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x, y - 40, steps=3)
    expect(page.locator(".drag-reading")).to_be_visible()
    page.keyboard.press("Escape")
    page.mouse.up()
    expect(page.locator(".drag-reading")).to_be_hidden()
    expect(page.locator("#card")).to_be_hidden()
    # The next click is a click again.
    page.mouse.click(x, y)
    expect(page.locator("#card")).to_be_visible()


def test_the_focus_stays_with_what_can_still_be_done(workbench: Workbench) -> None:
    page = workbench.open().step().page
    page.locator('.layer-add[data-after="1"]').focus()
    page.keyboard.press("Enter")
    expect(page.locator("#messages")).to_contain_text("The network is now 5-2-2-2-5.")
    expect(page.locator('.layer-add[data-after="1"]')).to_be_focused()
    workbench.rest()
    page.click("[popovertarget=settings]")
    sheet = page.locator("#settings")
    for label in ("One neuron fewer in Hidden 1", "Remove Hidden 3"):
        sheet.get_by_label(label).focus()
        page.keyboard.press("Enter")
        workbench.rest()
        assert page.evaluate("() => document.activeElement.closest('#settings') !== null"), label
    page.keyboard.press("Escape")
    undo = page.locator("#toolbar [data-hook=undo]")
    while undo.is_enabled():
        undo.focus()
        page.keyboard.press("Enter")
        workbench.rest()
    expect(page.locator("#toolbar [data-hook=redo]")).to_be_focused()


def test_a_card_does_not_go_over_to_another_neuron(workbench: Workbench) -> None:
    page = workbench.open().step().page
    page.goto(page.url.split("#")[0] + "#card=b[2][1]")
    expect(page.locator("#card")).to_contain_text("bias of Hidden 2, neuron 2")
    page.click('.layer-add[data-after="1"]')
    expect(page.locator("#messages")).to_contain_text("The network is now 5-2-2-2-5.")
    expect(page.locator("#card")).to_be_hidden()


def test_a_bookmark_says_that_the_network_was_changed(workbench: Workbench) -> None:
    page = workbench.open().step(3).page
    page.keyboard.press("k")
    page.click('.layer-add[data-after="1"]')
    said = page.locator("#messages")
    expect(said).to_contain_text("The network is now 5-2-2-2-5.")
    page.click("[popovertarget=share]")
    page.click("#share .bookmark")
    expect(said).to_contain_text("The network was changed since this bookmark")
    workbench.rest(3)
    page.keyboard.press("Escape")
    page.keyboard.press("ControlOrMeta+z")
    workbench.rest()
    page.click("[popovertarget=share]")
    page.click("#share .bookmark")
    workbench.rest(3)
    expect(said).to_be_empty()
