"""Quick hands, slow answers, two tabs, no network: no step is lost, none is doubled, nothing old is painted."""

from __future__ import annotations

import json
from collections.abc import Callable

import httpx
import pytest
from playwright.sync_api import Route, expect

from tests.browser.conftest import Watch
from tests.browser.workbench import Workbench, gate
from tests.figures import Figures

STEPS = "**/api/v1/sessions/*/step?*"
CLICKS = 12
MOVED_ON = "This session moved on in another tab"
# The server hears and answers, but the answer does not arrive.
LOSE_ANSWERS = """{
  window.lost = 0;
  const { fetch } = window;
  window.fetch = async (...request) => {
    const answer = await fetch(...request);
    if (window.lost === 0) return answer;
    window.lost -= 1;
    throw new TypeError('The answer was lost');
  };
}"""
SHOWN = """() => document.querySelector('[data-hook=count]').textContent"""


def answer_now(route: Route) -> Callable[[], None]:
    """Let the server answer a question now; return what hands the answer to the page, whenever called."""
    answer = httpx.get(route.request.url)
    kept = {"content-type": answer.headers["content-type"]}
    return lambda: route.fulfill(status=answer.status_code, headers=kept, body=answer.content)


def test_clicking_twice_as_fast_as_the_server_answers_loses_no_step(
    workbench: Workbench, figures: Figures
) -> None:
    workbench.open().step()
    counted: list[int] = []
    with gate(workbench.page, STEPS) as held:
        for click in range(CLICKS):
            workbench.page.click("#step")
            held.wait_for(1)
            if click % 2:
                counted.append(json.loads(held.held[0].request.post_data or "{}").get("count", 1))
                held.let_go()
    workbench.rest(1 + CLICKS)
    assert counted[0] == 1
    assert len(counted) == CLICKS // 2
    taken = workbench.session()["position"]["event"] - 1
    assert taken == CLICKS
    figures(
        "P5",
        f"{CLICKS} clicks, two in the time of each answer: {taken} steps taken, none lost or doubled",
    )


def test_steps_back_and_forth_come_in_the_order_of_the_clicks(workbench: Workbench) -> None:
    workbench.open().goto(20)
    with gate(workbench.page, STEPS) as held:
        for key in ("ArrowRight", "ArrowLeft", "ArrowLeft", "2", "ArrowRight", "1", "ArrowRight"):
            workbench.page.keyboard.press(key)
        held.wait_for(1)
    # 21, 19, the end of that neuron, one more.
    workbench.rest(23)


def test_a_late_reply_does_not_paint_over_a_newer_state(workbench: Workbench) -> None:
    page = workbench.open().step(5).page
    late: list[Callable[[], None]] = []
    asked = f"{workbench.session_path}?granularity=neuron"
    page.route(f"{asked}*", lambda route: late.append(answer_now(route)))
    # To tell the next click in other words the page asks again: this answer comes late.
    page.click("[data-granularity=neuron]")
    page.click("[data-granularity=term]")
    while not late:
        page.wait_for_timeout(10)
    workbench.step(3)
    workbench.rest(8)
    before = workbench.page.inner_html("svg.diagram")
    late[0]()
    page.wait_for_timeout(300)
    assert page.evaluate(SHOWN) == "event 8 of 151"
    assert page.inner_html("svg.diagram") == before


def test_a_late_step_of_another_network_is_not_painted(workbench: Workbench) -> None:
    page = workbench.open().step(2).page
    with gate(page, STEPS) as held:
        page.click("#step")
        held.wait_for(1)
        page.click(".chooser")
        page.click("[data-preset=xor]")
        expect(page.locator("[data-hook=preset-title]")).to_have_text("Exclusive or")
        expect(page.locator("[data-hook=count]")).to_have_text("41 events an iteration")
    page.wait_for_timeout(300)
    expect(page.locator("[data-hook=count]")).to_have_text("41 events an iteration")
    expect(page.locator("svg.diagram .neuron")).to_have_count(5)
    workbench.step()
    workbench.rest(1)


def test_a_late_card_does_not_cover_a_newer_one(workbench: Workbench) -> None:
    page = workbench.open().step(14).page
    late: list[Callable[[], None]] = []
    page.route("**/explain/b*", lambda route: late.append(answer_now(route)))
    page.click("[data-part='n:1:0'] .pill.bias")
    while not late:
        page.wait_for_timeout(10)
    page.click("#card [data-address='z[1][0][0]']")
    late[0]()
    label = page.locator("#card [data-hook=label]")
    expect(label).to_have_text("Z₁")
    page.wait_for_timeout(200)
    expect(label).to_have_text("Z₁")
    expect(page.locator("#card [data-hook=name]")).to_have_text(
        "weighted sum of Hidden 1, neuron 1"
    )


def test_the_second_tab_is_told_and_catches_up(
    workbench: Workbench, watch: Watch, figures: Figures
) -> None:
    first = workbench.open().step(3)
    second = Workbench(workbench.page.context.new_page(), workbench.api)
    second.open(f"/s/{workbench.session_id}").rest(3)
    first.step(2)
    watch.expect(r"^412 from .*/step")
    second.page.click("#step")
    expect(second.page.locator("#messages")).to_contain_text(MOVED_ON)
    second.rest(5)
    assert "event 5 of 151" in second.page.inner_text("#explanation")
    second.step()
    second.rest(6)
    # Whoever comes back to a tab finds it where the work is now.
    first.page.evaluate("dispatchEvent(new Event('focus'))")
    first.rest(6)
    assert first.session()["position"]["event"] == 6
    figures(
        "P5", "a click in a tab left behind: 412, told, caught up; both tabs went on to event 6"
    )


def test_a_step_whose_answer_is_lost_is_taken_once(workbench: Workbench) -> None:
    page = workbench.page
    page.add_init_script(LOSE_ANSWERS)
    workbench.open().step()
    page.evaluate("window.lost = 2")
    page.click("#step")
    expect(page.locator("#messages")).to_contain_text("Trying again")
    workbench.rest(2)
    expect(page.locator("#messages")).not_to_contain_text("Trying again")
    assert page.evaluate("window.lost") == 0
    assert workbench.session()["position"]["event"] == 2


def test_without_the_network_a_step_waits_for_it(workbench: Workbench, watch: Watch) -> None:
    page = workbench.open().step().page
    watch.expect("ERR_FAILED|NetworkError|Failed to load|Load failed")
    keys: list[str | None] = []

    def cut(route: Route) -> None:
        keys.append(route.request.headers.get("idempotency-key"))
        if len(keys) < 3:
            route.abort()
        else:
            route.continue_()

    page.route(STEPS, cut)
    page.click("#step")
    workbench.rest(2)
    assert (len(keys), len(set(keys))) == (3, 1)
    assert workbench.session()["position"]["event"] == 2


@pytest.mark.chromium
def test_after_a_long_time_offline_the_steps_are_still_there(
    workbench: Workbench, watch: Watch
) -> None:
    page = workbench.open().step().page
    watch.expect("ERR_INTERNET_DISCONNECTED")
    page.context.set_offline(True)
    for _ in range(3):
        page.click("#step")
    offer = page.get_by_role("button", name="Try again")
    expect(offer).to_be_visible()
    assert page.evaluate(SHOWN) == "event 1 of 151"
    page.context.set_offline(False)
    offer.click()
    workbench.rest(4)
    assert workbench.session()["position"]["event"] == 4
