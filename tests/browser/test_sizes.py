"""Enlarged to 200 and 400 %, 360 px wide, by touch and on paper: nothing is cut off or covered, all can be reached."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from playwright.sync_api import Page, ViewportSize, expect

from tests.browser.conftest import NewPage
from tests.browser.workbench import Workbench

SIZES: dict[str, ViewportSize] = {
    # A window of 1440 × 900 at 200 %, and one of 1280 × 1024 at 400 %.
    "200 %": {"width": 720, "height": 450},
    "400 %": {"width": 320, "height": 256},
    "360 px": {"width": 360, "height": 640},
}
NETWORKS = ("article", "iris", "xor", "digits")
# Where the backward pass has shown most, and an event of each kind of label.
MOMENTS = (0, 10, 48, 81, 105)

WIDE = "() => document.documentElement.scrollWidth - innerWidth"

# The diagram is drawn anew in the frame after the one that has another size.
DRAWN = "() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))"

# Puts the keyboard's focus on each control there is, and says which cannot be seen then, or not be hit.
REACH = """async () => {
  const name = (e) => `${e.localName} ${e.getAttribute('aria-label') ?? e.dataset.hook ?? e.textContent.trim()}`;
  const all = document.querySelectorAll(':is(.bar, .stage, .explanation, .dock) :is(a, button, select, input)');
  const live = [...all].filter((e) => !e.disabled && !e.closest('[hidden]') && e.ariaDisabled !== 'true'
    && !e.matches('.views [aria-pressed=true]'));
  const missed = [];
  for (const control of live) {
    control.focus();
    await new Promise((resolve) => setTimeout(resolve, 30));
    const { left, right, top, bottom } = control.getBoundingClientRect();
    const hit = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
    const seen = left >= 0 && top >= 0 && right <= innerWidth + 0.5 && bottom <= innerHeight + 0.5;
    if (!seen) missed.push(`${name(control)}: outside, ${[left, top, right, bottom].map(Math.round)}`);
    else if (!control.contains(hit)) missed.push(`${name(control)}: under ${hit ? name(hit) : 'nothing'}`);
    else if (right - left < 24 || bottom - top < 20) missed.push(`${name(control)}: too small to hit`);
  }
  return { count: live.length, missed };
}"""

# Says which words of the diagram lie on a neuron, a picture or other words, or beyond the stage's edge.
COLLISIONS = """() => {
  // Words have a hem of the paper's colour, and a browser may count it.
  const slack = 3;
  const box = (e) => e.getBoundingClientRect();
  const shown = (e) => e.checkVisibility({ visibilityProperty: true }) && box(e).width > 0;
  const all = (selector) => [...document.querySelectorAll(selector)].filter(shown);
  const meet = (a, b) => a.left < b.right - slack && b.left < a.right - slack
    && a.top < b.bottom - slack && b.top < a.bottom - slack;
  // Numbers have no letters that hang down, and stand close: only their figures count.
  const figures = (e) => {
    const { left, right, top, bottom } = box(e);
    const trim = 0.2 * (bottom - top) - slack / 2;
    return { left: left - slack / 2, right: right + slack / 2, top: top + trim, bottom: bottom - trim };
  };
  const nameOf = (e) => e.textContent || e.closest('[data-part]')?.dataset.part || e.getAttribute('class');
  const thing = (e, extent, owner) => ({ extent, owner, name: nameOf(e) });
  const of = (e) => e.closest('.neuron') ?? e.parentElement;
  const words = all('.diagram :is(.label, .header, .tag, .connections) text').map((e) => thing(e, box(e), of(e)));
  const numbers = all('.diagram .neuron :is(.note, .value) text').map((e) => thing(e, figures(e), e));
  const pills = all('.diagram .neuron > .pill').map((e) => thing(e, box(e.querySelector('.pill-box')), e));
  const rims = all('.diagram .neuron > .rim').map((e) => thing(e, box(e), of(e)));
  const pictures = all('.diagram .frame').map((e) => thing(e, box(e), e));
  const stage = box(document.querySelector('.canvas'));
  const found = [];
  for (const { extent, name } of [...words, ...numbers, ...pills]) {
    if (extent.left < stage.left - slack || extent.right > stage.right + slack
      || extent.top < stage.top - slack || extent.bottom > stage.bottom + slack) found.push(`${name}: cut off`);
  }
  const written = [...words, ...numbers, ...pills];
  const neuronOf = new Map(all('.diagram .neuron').flatMap((n) => [...n.querySelectorAll('*')].map((e) => [e, n])));
  for (const [k, one] of written.entries()) {
    for (const other of [...written.slice(k + 1), ...rims, ...pictures]) {
      // A label's own lines are one block, and a neuron's value and pills belong on it.
      const own = one.owner === other.owner || (rims.includes(other) && neuronOf.get(one.owner) === other.owner);
      if (!own && meet(one.extent, other.extent)) found.push(`${one.name}: meets ${other.name}`);
    }
  }
  return found;
}"""


def workbench_at(
    new_page: NewPage, api: httpx.Client, size: str, path: str, **how: Any
) -> Workbench:
    page = new_page(viewport=SIZES[size], **how)
    return Workbench(page, api).open(path)


@pytest.mark.parametrize("size", SIZES)
def test_every_control_can_be_reached(new_page: NewPage, app_url: str, size: str) -> None:
    with httpx.Client(base_url=app_url) as api:
        bench = workbench_at(new_page, api, size, "/")
        page = bench.press("1", "Space").page
        expect(page.locator("#step")).to_be_in_viewport(ratio=1)
        bench.goto(81)
        # Two iterations, so that there is something to drag between.
        bench.press("5", "Space", "Space")
        bench.goto(81)
        page.keyboard.press("Tab")
        reached = page.evaluate(REACH)
        assert reached["count"] > 20
        assert reached["missed"] == []


@pytest.mark.parametrize("network", NETWORKS)
def test_no_words_are_cut_off_or_covered(new_page: NewPage, app_url: str, network: str) -> None:
    found: dict[tuple[int, str], list[str]] = {}
    with httpx.Client(base_url=app_url) as api:
        bench = Workbench(new_page(), api).open(f"/?preset={network}").press("1", "Space")
        page, last = bench.page, bench.session()["position"]["events"]
        for moment in (*(m for m in MOMENTS if m < last), last):
            bench.goto(moment)
            for size, viewport in SIZES.items():
                page.set_viewport_size(viewport)
                page.evaluate(DRAWN)
                found[moment, size] = page.evaluate(COLLISIONS)
                if page.evaluate(WIDE) > 0:
                    found[moment, size].append("the page can be scrolled sideways")
    assert {where: what for where, what in found.items() if what} == {}


@pytest.mark.parametrize("size", SIZES)
def test_what_opens_fits(new_page: NewPage, app_url: str, size: str) -> None:
    with httpx.Client(base_url=app_url) as api:
        bench = workbench_at(new_page, api, size, "/")
        page = bench.press("1", "Space").goto(81).page
        for sheet in ("settings", "share", "presets"):
            page.click(f"[popovertarget={sheet}]")
            assert outside(page, f"#{sheet}") == []
            page.keyboard.press("Escape")
        page.keyboard.press("?")
        assert outside(page, "#help") == []
        page.keyboard.press("Escape")
        page.keyboard.press("e")
        expect(page.locator("#card")).to_be_visible()
        bench.rest()
        assert outside(page, "#card") == []


def outside(page: Page, sheet: str) -> list[str]:
    """Name what a sheet cuts off at its sides, or squeezes until its own words do not fit."""
    found: list[str] = page.locator(sheet).evaluate(
        """(sheet) => {
          const { left, right } = sheet.getBoundingClientRect();
          const bad = left < 0 || right > innerWidth ? ['the sheet'] : [];
          const pen = document.createElement('canvas').getContext('2d');
          for (const e of sheet.querySelectorAll('select')) {
            const { font, paddingLeft, paddingRight } = getComputedStyle(e);
            pen.font = font;
            // A browser's arrow takes some twenty pixels.
            const room = e.clientWidth - parseFloat(paddingLeft) - parseFloat(paddingRight) - 16;
            const longest = Math.max(...[...e.options].map((option) => pen.measureText(option.text).width));
            if (e.checkVisibility() && longest > room) bad.push(`select ${e.name}: ${longest} px in ${room}`);
          }
          for (const e of sheet.querySelectorAll('button, select, input, p, h2, h3, dd, label')) {
            if (!e.checkVisibility()) continue;
            const box = e.getBoundingClientRect();
            const scrolls = e.closest('.trail ol, .way-factors, .math, .answers');
            const squeezed = e.localName === 'select' && box.width < 60;
            if (!scrolls && (box.left < left - 1 || box.right > right + 1 || squeezed)) {
              bad.push(`${e.localName} ${e.getAttribute('aria-label') ?? e.textContent.trim().slice(0, 40)}`);
            }
          }
          return bad;
        }"""
    )
    return found


@pytest.mark.chromium  # Debian's Firefox takes no touches from Playwright.
def test_a_finger_is_enough(new_page: NewPage, app_url: str) -> None:
    with httpx.Client(base_url=app_url) as api:
        bench = workbench_at(new_page, api, "360 px", "/", has_touch=True)
        page = bench.page
        page.tap("#step")
        bench.rest(1)
        page.tap("[data-granularity=neuron]")
        page.tap("#step")
        bench.rest(7)
        page.tap("[data-do=back]")
        bench.rest(0)
        page.tap(".diagram [data-part='n:1:0'] .rim", force=True)
        expect(page.locator("#card")).to_be_visible()
        page.tap("#card [data-hook=close]")
        expect(page.locator("#card")).to_be_hidden()


@pytest.mark.chromium
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_what_is_printed(new_page: NewPage, app_url: str, theme: str) -> None:
    page = new_page(color_scheme=theme)
    with httpx.Client(base_url=app_url) as api:
        bench = Workbench(page, api).open()
        bench.press("1", "Space").goto(81)
        page.evaluate("(theme) => { document.documentElement.dataset.theme = theme; }", theme)
        # A sheet of A4 between its margins.
        page.set_viewport_size({"width": 680, "height": 1000})
        # It draws the tables, too, when it is told that it will be printed.
        assert page.pdf(format="A4").startswith(b"%PDF")
        page.emulate_media(media="print")
        for part in (".diagram", "#legend", "#event-title", ".values table"):
            expect(page.locator(part).first).to_be_visible()
        for part in (
            ".tools",
            ".dock",
            ".panels",
            ".digits",
            ".fill-choice",
            ".next",
            "[data-hook=why]",
        ):
            expect(page.locator(part).first).to_be_hidden()
        assert page.evaluate(WIDE) <= 0
        ink = page.evaluate("getComputedStyle(document.querySelector('#event-title')).color")
        red, green, blue = (int(part) for part in ink[4:-1].split(","))
        assert max(red, green, blue) < 80
