"""What moves comes to rest where the drawing without motion stands."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import NewPage

SERIALIZED = "() => document.querySelector('svg.diagram').outerHTML"
MOVING = """() => document.querySelector('svg.diagram').getAnimations({ subtree: true })
  .filter((one) => !(one instanceof CSSTransition)).length"""
AT_REST = """() => !document.querySelector('svg.diagram').getAnimations({ subtree: true }).length
  && !document.querySelector('svg.diagram .over').childElementCount"""
# Nobody has to watch a test: what moves goes to its end by itself, but in a fraction of the time.
QUICK = """() => {
  const { animate } = Element.prototype;
  Element.prototype.animate = function (frames, timing) {
    return animate.call(this, frames, { ...timing, delay: timing.delay / 10, duration: timing.duration / 10 });
  };
}"""
ENDED = """() => {
  for (const one of document.querySelector('svg.diagram').getAnimations({ subtree: true })) one.finish();
}"""
REACH = """(event) => {
  const slider = document.querySelector('[data-hook=event]');
  slider.value = event;
  slider.dispatchEvent(new Event('input'));
}"""
# Whatever begins to move from now on stands still at its beginning.
HELD = """() => {
  const { animate } = Element.prototype;
  Element.prototype.animate = function (...how) {
    const one = animate.apply(this, how);
    one.pause();
    return one;
  };
}"""
LONGEST_MS = 1000
# Where to start, the key of the step's size, the key pressed: each kind of event, forwards and back.
MOVES = [
    (8, "1", "ArrowRight"),
    (8, "1", "ArrowLeft"),
    (5, "1", "ArrowRight"),
    (6, "1", "ArrowRight"),
    (7, "1", "ArrowLeft"),
    (36, "1", "ArrowRight"),
    (82, "1", "ArrowRight"),
    (82, "1", "ArrowLeft"),
    (83, "1", "ArrowRight"),
    (84, "1", "ArrowRight"),
    (85, "1", "ArrowRight"),
    (122, "1", "ArrowRight"),
    (122, "1", "ArrowLeft"),
    (7, "2", "ArrowRight"),
    (14, "3", "ArrowRight"),
    (14, "3", "ArrowLeft"),
    (44, "4", "ArrowRight"),
    (112, "4", "ArrowRight"),
]


def opened(page: Page) -> None:
    page.goto("/")
    expect(page.locator("svg.diagram .neuron").first).to_be_visible()
    page.keyboard.press("ArrowRight")
    page.wait_for_selector("[data-hook=count]:has-text('event 1 ')")


def settled(page: Page) -> None:
    page.wait_for_selector("#step:not([aria-busy])")
    page.wait_for_function(AT_REST)


def reach(page: Page, event: int) -> None:
    page.evaluate(REACH, event)
    page.wait_for_selector(f"[data-hook=count]:has-text('event {event} ')")
    settled(page)


def test_a_motion_ends_where_no_motion_stands(new_page: NewPage) -> None:
    moving, still = new_page(reduced_motion="no-preference"), new_page()
    for page in (moving, still):
        opened(page)
    moving.evaluate(QUICK)
    for event, size, key in MOVES:
        ends = []
        for page in (moving, still):
            reach(page, event)
            page.keyboard.press(size)
            before = page.locator("[data-hook=count]").inner_text()
            page.keyboard.press(key)
            expect(page.locator("[data-hook=count]")).not_to_have_text(before)
            settled(page)
            ends.append(page.evaluate(SERIALIZED))
        assert ends[0] == ends[1], (event, size, key)


def test_nothing_moves_where_motion_is_unwanted(page: Page) -> None:
    opened(page)
    page.keyboard.press("ArrowRight")
    page.wait_for_selector("[data-hook=count]:has-text('event 2 ')")
    assert page.evaluate(MOVING) == 0


def test_on_the_way_back_it_is_seen_what_goes(new_page: NewPage) -> None:
    page = new_page(reduced_motion="no-preference")
    opened(page)
    dot = page.locator('.neuron[data-part="n:1:0"] .dot')
    reach(page, 7)
    expect(dot).to_be_visible()
    page.evaluate(HELD)
    page.keyboard.press("ArrowLeft")
    page.wait_for_selector("[data-hook=count]:has-text('event 6 ')")
    page.wait_for_function(MOVING)
    expect(dot).to_be_visible()
    page.evaluate(ENDED)
    expect(dot).to_be_hidden()


@pytest.mark.parametrize("how", ["click", "key"])
def test_a_click_ends_a_motion_at_once(new_page: NewPage, how: str) -> None:
    page = new_page(reduced_motion="no-preference")
    opened(page)
    page.evaluate(HELD)
    page.keyboard.press("ArrowRight")
    page.wait_for_selector("svg.diagram .over > *", state="attached")
    if how == "click":
        page.locator("svg.diagram").dispatch_event("pointerdown")
        expect(page.locator("svg.diagram .over > *")).to_have_count(0)
    else:
        token = page.locator("svg.diagram .over > .tag").text_content()
        assert token
        page.keyboard.press("ArrowRight")
        expect(page.locator("svg.diagram .over > .tag")).not_to_have_text(token)


def test_a_motion_lasts_less_than_a_second(new_page: NewPage) -> None:
    page = new_page(reduced_motion="no-preference")
    opened(page)
    for event, size, key in MOVES:
        reach(page, event)
        page.keyboard.press(size)
        page.keyboard.press(key)
        page.wait_for_selector("#step:not([aria-busy])")
        ends = page.evaluate("""() => document.querySelector('svg.diagram')
          .getAnimations({ subtree: true }).map((one) => one.effect.getComputedTiming().endTime)""")
        assert max(ends, default=0) < LONGEST_MS, (event, size, key)
        page.evaluate(ENDED)
