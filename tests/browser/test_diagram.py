"""What is written in the diagram can be read: on the stage, on nothing else, and marked where it no longer holds."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import NewPage
from tests.browser.workbench import Workbench

pytestmark = pytest.mark.chromium

SIZES = {
    "wide": {"width": 1440, "height": 900},
    "middle": {"width": 1024, "height": 768},
    "phone": {"width": 390, "height": 844},
}
LAYERS = [(4, "tanh"), (4, "relu"), (3, "elu"), (4, "swish"), (3, "softplus"), (5, "sigmoid")]
DEEP = [{"size": size, "activation": name} for size, name in LAYERS]
TWELVE = {
    "data": {"inputs": [[0.1, 0.2, 0.3, 0.4]] * 2, "targets": [[0, 1] * 6] * 2},
    "network": {"layers": [{"size": 5, "activation": "tanh"}, {"size": 12}], "cost": "mse"},
}
NETWORKS: dict[str, dict[str, Any]] = {
    "article": {"preset": "article"},
    "encoder": {"preset": "encoder"},
    "digits": {"preset": "digits"},
    "iris": {"preset": "iris", "training": {"batch_size": 10}},
    "deep": {"preset": "article", "network": {"layers": DEEP}},
    "twelve": TWELVE,
}
# Texts that meet by more than this many pixels, both ways, cannot be told apart.
MOST_SHARED = 1.5
# Every visible text of the neurons and of the names, its box trimmed to its letters.
TEXTS = """() => [...document.querySelectorAll('.diagram :is(.neuron, .label, .header) text')]
  .filter((text) => text.textContent.trim() && getComputedStyle(text).visibility === 'visible'
    && getComputedStyle(text).display !== 'none')
  .map((text) => {
    const { left, right, top, bottom } = text.getBoundingClientRect();
    const trim = 0.22 * (bottom - top);
    const part = text.closest('[data-part]')?.dataset.part ?? text.parentElement.className.baseVal;
    return { text: `${part} ${text.textContent}`, left, right, top: top + trim, bottom: bottom - trim };
  })"""
STAGE = """() => {
  const { left, right, top, bottom } = document.querySelector('.diagram').getBoundingClientRect();
  return { left, right, top, bottom };
}"""
TAGS = """() => [...document.querySelectorAll('.diagram .tag')].map((tag) => {
  const box = tag.querySelector('.tag-box').getBoundingClientRect();
  const texts = [...tag.querySelectorAll('text')].map((text) => text.getBoundingClientRect());
  return { left: box.left, right: box.right, top: box.top, bottom: box.bottom, words: tag.textContent,
    air: Math.min(...texts.map(({ left, right }) => Math.min(left - box.left, box.right - right))) };
})"""
DRAWN = """() => JSON.stringify([
  [...document.querySelectorAll('.diagram .neuron text')].map((text) => text.textContent),
  [...document.querySelectorAll('.diagram .dot')].map((dot) => dot.style.transform),
  [...document.querySelectorAll('.diagram .tint')].map((tint) => tint.getAttribute('fill-opacity')),
  [...document.querySelectorAll('.diagram .weight')].map((line) => line.getAttribute('stroke-width')),
])"""

Box = dict[str, Any]


def begin(api: httpx.Client, origin: str, body: dict[str, Any]) -> str:
    """Start a session and return its path in the API."""
    answer = api.post(f"{origin}/api/v1/sessions", json=body).raise_for_status()
    return f"{origin}/api/v1/sessions/{answer.json()['id']}"


def inside(box: Box, stage: Box) -> bool:
    return bool(
        box["left"] >= stage["left"] - 0.5
        and box["right"] <= stage["right"] + 0.5
        and box["top"] >= stage["top"] - 0.5
        and box["bottom"] <= stage["bottom"] + 0.5
    )


def shared(one: Box, other: Box) -> float:
    across = min(one["right"], other["right"]) - max(one["left"], other["left"])
    down = min(one["bottom"], other["bottom"]) - max(one["top"], other["top"])
    return float(min(across, down))


def covered(texts: list[Box]) -> Iterator[str]:
    for place, one in enumerate(texts):
        for other in texts[place + 1 :]:
            if shared(one, other) > MOST_SHARED:
                yield f"{one['text']!r} and {other['text']!r}"


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("network", NETWORKS)
def test_no_text_is_cut_or_covered(
    new_page: NewPage, app_url: str, network: str, size: str
) -> None:
    page = new_page(viewport=SIZES[size])
    with httpx.Client() as api:
        path = begin(api, app_url, NETWORKS[network])
        bench = Workbench(page, api).open(f"/s/{path.rsplit('/', 1)[1]}").press("4")
        for _ in ("forward", "cost", "backward", "update"):
            bench.press("ArrowRight")
            texts, stage = page.evaluate(TEXTS), page.evaluate(STAGE)
            assert [text["text"] for text in texts if not inside(text, stage)] == []
            assert list(covered(texts)) == []
        shown = bench.session()
    for layer in shown["network"]["layers"][1:]:
        if page.locator(f".diagram .neuron.role-{layer['role']}").count() == 0:
            continue
        biases = page.locator(f".diagram .neuron.role-{layer['role']} .bias text")
        assert len([text for text in biases.all_text_contents() if text]) == layer["size"]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("batch", [4, 10])
def test_the_label_of_a_batchs_gradient_stands_in_the_picture(
    new_page: NewPage, app_url: str, batch: int, size: str
) -> None:
    page = new_page(viewport=SIZES[size])
    body = {"preset": "iris", "training": {"batch_size": batch}}
    with httpx.Client() as api:
        path = begin(api, app_url, body)
        bench = Workbench(page, api).open(f"/s/{path.rsplit('/', 1)[1]}").press("1", "ArrowRight")
        stretches = bench.session()["position"]["stretches"]
        for stretch in (one for one in stretches if one["phase"] == "backward"):
            for event in range(stretch["first"] + 2, stretch["last"], 5):
                bench.goto(event)
                tags, stage = page.evaluate(TAGS), page.evaluate(STAGE)
                assert all(inside(tag, stage) for tag in tags), event
                assert all(tag["air"] > 5 for tag in tags), tags
                if bench.session()["event"]["kind"] == "gradient":
                    # On a phone there may be room for the result alone.
                    brief = "|" if size == "phone" else ""
                    pattern = rf"(Σ over {batch} flowers {brief})= [−\d.]+"
                    assert re.fullmatch(pattern, tags[0]["words"])


def nudge(page: Page, path: str, card: str) -> None:
    page.goto(f"/s/{path.rsplit('/', 1)[1]}#card={card}")
    expect(page.locator("#card [data-hook=nudge]")).to_be_visible()
    page.locator("#card [data-hook=plus]").dispatch_event("click")
    expect(page.locator(".diagram.is-nudged")).to_be_attached()


def test_what_a_nudge_makes_stale_is_struck_out_and_what_answers_is_the_servers(
    page: Page, app_url: str
) -> None:
    weight = "w[1][0][2]"
    with httpx.Client() as api:
        path = begin(api, app_url, {"preset": "article"})
        api.post(f"{path}/goto", json={"iteration": 0, "event": 118}).raise_for_status()
        page.goto(f"/s/{path.rsplit('/', 1)[1]}#card={weight}")
        expect(page.locator("#card [data-hook=nudge]")).to_be_visible()
        before = page.evaluate(DRAWN)
        nudge(page, path, weight)
        found = api.post(f"{path}/shock", json={"address": weight, "by": 0.01}).json()

    errors = page.locator(".diagram .error-pill.is-stale text")
    expect(errors).to_have_count(9)
    for text in errors.all():
        expect(text).to_have_css("text-decoration-line", "line-through")
    for arrow in page.locator(".diagram .arrow").all():
        expect(arrow).to_have_css("fill", "none")
    answering = page.locator(".diagram .neuron.is-answering")
    expect(answering).to_have_count(1 + 2 + 5)
    for neuron in answering.all():
        _, layer, index = str(neuron.get_attribute("data-part")).split(":")
        was, value = (found[when]["a"][int(layer)][0][int(index)] for when in ("before", "after"))
        told = str(neuron.locator(".value text").text_content())
        digits = len(told.removeprefix("→ ").split()[0].partition(".")[2])
        written = f"{value:.{digits}f}"
        assert told in (f"→ {written}", f"{written} {'↑' if value > was else '↓'}")
    assert page.evaluate(DRAWN) != before

    page.locator("#card [data-hook=calm]").click()
    expect(page.locator(".diagram.is-nudged")).to_have_count(0)
    expect(page.locator(".diagram .is-stale, .diagram .is-answering")).to_have_count(0)
    page.wait_for_function(f"(before) => ({DRAWN})() === before", arg=before)


def test_a_dot_moves_on_its_curve_while_a_nudge_is_looked_at(page: Page, app_url: str) -> None:
    with httpx.Client() as api:
        path = begin(api, app_url, {"preset": "article"})
        api.post(f"{path}/goto", json={"iteration": 0, "event": 42}).raise_for_status()
        page.goto(f"/s/{path.rsplit('/', 1)[1]}#card=b[1][0]")
        expect(page.locator("#card [data-hook=nudge]")).to_be_visible()
        dot = page.locator('.diagram [data-part="n:1:0"] .dot')
        was = str(dot.get_attribute("style"))
        page.locator("#card [data-hook=epsilon]").select_option("1")
        nudge_by_one = page.locator("#card [data-hook=plus]")
        nudge_by_one.click()
        expect(page.locator(".diagram.is-nudged")).to_be_attached()
        expect(dot).not_to_have_attribute("style", was)


def test_only_the_blame_that_is_negative_is_broken(workbench: Workbench) -> None:
    workbench.open().press("ArrowRight").goto(118)
    blames = workbench.session()["values"]["blame_terms"]
    for layer, rows in enumerate(blames):
        for source, row in enumerate(rows or []):
            for neuron, blame in enumerate(row):
                part = f"c:{layer + 1}:{neuron}:{source}"
                drawn = workbench.page.locator(f'.diagram .arrow[data-part="{part}"]')
                pieces = str(drawn.get_attribute("d")).count("M")
                assert (pieces > 1) == (blame < 0), (part, blame)


def test_the_neuron_at_work_unfolds_and_the_focus_stays(workbench: Workbench) -> None:
    page = workbench.page
    workbench.open("/?preset=digits").press("1", "ArrowRight")
    large = page.locator('.diagram [data-part="n:1:0"] .rim')
    small = page.locator('.diagram [data-part="n:1:1"] .rim')
    assert float(str(large.get_attribute("r"))) > 1.5 * float(str(small.get_attribute("r")))
    held = page.locator('.diagram .neuron[data-part="n:1:5"]')
    held.dispatch_event("click")
    expect(page.locator("#card [data-hook=value]")).not_to_be_empty()
    page.keyboard.press("Escape")
    expect(page.locator("#card")).to_be_hidden()
    expect(held).to_be_focused()
    workbench.press("2")
    page.locator("#step").dispatch_event("click")
    page.locator("#step").dispatch_event("click")
    workbench.rest()
    expect(page.locator('.diagram [data-part="n:1:1"] .pill.bias')).to_be_attached()
    expect(held).to_be_focused()


@pytest.mark.parametrize("size", ["wide", "middle"])
def test_the_network_keeps_its_place_when_the_scales_of_the_way_back_appear(
    new_page: NewPage, app_url: str, size: str
) -> None:
    with httpx.Client(base_url=app_url) as api:
        bench = Workbench(new_page(viewport=SIZES[size]), api).open("/").press("1", "Space")
        before = bench.page.evaluate(STAGE)
        bench.goto(88)
        expect(bench.page.locator("#legend .legend-entry")).to_have_count(4)
        assert bench.page.evaluate(STAGE) == before


def test_a_bias_that_gave_way_tells_its_old_value(new_page: NewPage, app_url: str) -> None:
    with httpx.Client(base_url=app_url) as api:
        small = new_page(viewport={"width": 360, "height": 640})
        bench = Workbench(small, api).open("/").press("1", "Space").goto(151)
        bias = bench.page.locator('.diagram [data-part="n:2:0"] .bias')
        expect(bias.locator("text")).to_have_text("b −0.0085")
        expect(bias.locator("title")).to_have_text("0.05 → −0.0085")
