"""Click through the article's iteration, there and back: what the page shows is what the API says, and adds up."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from tests.browser.promised import Promise, numbers, without_result
from tests.browser.reading import Reading, leaves, on_one_line, read
from tests.browser.workbench import Workbench
from tests.explain.paper import adds_up, sums_of
from tests.figures import Figures

LAST = 151
FINE = 6
NUMBER = re.compile(r"−?\d[\d.]*(?: × 10[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)?")


def test_every_number_of_the_articles_iteration_there_and_back(
    workbench: Workbench, figures: Figures
) -> None:
    workbench.open()
    before = read(workbench, 0)
    click = mouse_over(workbench, "#step")
    click()
    for event in range(1, LAST + 1):
        check(workbench, event, digits=2)
        if event < LAST:
            click()
    start = workbench.session()["values"]["previous_weights"]

    workbench.choose_digits(FINE)
    click = mouse_over(workbench, "[data-do=back]")
    for event in range(LAST, 0, -1):
        check(workbench, event, digits=FINE)
        click()
    again = read(workbench, 0)
    assert list(again.neurons) == list(before.neurons)
    assert again.neurons == Promise(workbench.session(), FINE).neurons()
    session = workbench.session()
    assert [layer["weights"] for layer in session["network"]["layers"][1:]] == start[1:]
    assert session["values"]["cost"] is None
    figures(
        "P15",
        f"in the browser: {LAST} clicks there with 2 digits and {LAST} back with {FINE}, every number on the page "
        "the API's, every formula and sentence adds up",
    )


def test_every_number_of_the_tables(workbench: Workbench) -> None:
    workbench.open().page.click("[data-view=table]")
    for event, digits in ((0, 2), (42, 2), (48, 4), (100, 9), (120, 2), (130, 2), (LAST, 17)):
        if event:
            workbench.goto(event)
            workbench.choose_digits(digits)
            shown, promise = read(workbench, event), Promise(workbench.session(digits), digits)
            assert len(shown.table) >= 5 + 33 + 9
            check_cells(shown.table, promise)


def test_the_worked_examples_published_numbers(workbench: Workbench) -> None:
    workbench.open("/?preset=worked-example").press("4", "Space")
    workbench.choose_digits(9)
    shown = read(workbench)
    assert (shown.figures[-1], shown.cost) == ("0.298371109", "cost 0.298371109")
    stretches = workbench.session()["position"]["stretches"]
    last_layer = next(s for s in stretches if (s["phase"], s["layer"]) == ("update", 2))
    workbench.press("Space", "Space")
    workbench.goto(last_layer["first"])
    assert read(workbench).result == "= 0.358916480"
    assert workbench.session()["network"]["layers"][2]["weights"][0][0] == pytest.approx(
        0.35891648, abs=5e-9
    )


def mouse_over(workbench: Workbench, selector: str) -> Callable[[], None]:
    """Find a button once, for it does not move during the walk; return what clicks there with the mouse."""
    box = workbench.page.locator(selector).bounding_box()
    assert box
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    return lambda: workbench.page.mouse.click(x, y)


def check(workbench: Workbench, event: int, digits: int) -> None:
    """Compare what the page shows at an event with what the API says of it, and add it up."""
    shown = read(workbench, event)
    promise = Promise(workbench.session(digits), digits)
    assert promise.session["position"]["event"] == event
    try:
        check_diagram(shown, promise)
        check_words(shown, promise.session)
        check_formula(shown, promise)
        check_cells(shown.cells, promise)
        assert shown.strays == [], "numbers stand on the page that this test does not know"
    except AssertionError as fault:
        fault.add_note(f"at event {event}: {shown.title}, with {digits} digits")
        raise


def check_diagram(shown: Reading, promise: Promise) -> None:
    session = promise.session
    assert shown.neurons == promise.neurons()
    assert shown.targets == promise.targets()
    assert set(session["batch"]["readings"][0]) <= set(shown.readings)
    assert shown.cost == promise.cost()
    assert shown.iteration == "Iteration 0"
    explanation = session["event"]["explanation"]
    known = {text for _, text in written(explanation)} | {explanation["shown"]}
    known |= set(NUMBER.findall(promise.change()))
    for tag in shown.tags:
        assert set(NUMBER.findall(tag)) <= known, tag


def check_words(shown: Reading, session: dict[str, Any]) -> None:
    explanation, event = session["event"]["explanation"], session["position"]["event"]
    assert shown.title == explanation["title"]
    assert shown.sentence == explanation["sentence"]
    parts = explanation["sentence_parts"]
    assert "".join(part["text"] for part in parts) == explanation["sentence"]
    assert shown.links == [[part["address"], part["text"]] for part in parts if part["address"]]
    assert all(one.adds_up for one in sums_of(shown.sentence)), shown.sentence
    assert shown.count == f"event {event} of {LAST}"
    assert shown.next == session["position"]["next"]["sentence"]
    assert shown.code[:2] == [session["event"]["code"][name] for name in ("numpy", "pytorch")]


def written(explanation: dict[str, Any]) -> list[tuple[str | None, str]]:
    formulas = [explanation["substituted"], (explanation["running"] or explanation)["substituted"]]
    return [(at, text) for one in formulas for text, at in numbers(one["tokens"])]


def check_formula(shown: Reading, promise: Promise) -> None:
    explanation = promise.session["event"]["explanation"]
    told = explanation["running"] or explanation
    assert shown.formula_said == told["formula"]["text"]
    assert shown.numbers_said == told["substituted"]["text"]
    assert shown.result == f"= {told['shown']}"
    assert leaves(shown.numbers) == list(numbers(without_result(told["substituted"]["tokens"])))
    for text, address in leaves(shown.numbers):
        if address:
            assert text in promise.writings(address), address
    sum_on_paper = f"{on_one_line(shown.numbers)} {shown.result}"
    assert adds_up(sum_on_paper, promise.digits), sum_on_paper


def check_cells(cells: list[tuple[str, str]], promise: Promise) -> None:
    for address, text in cells:
        value = promise.at(address)
        assert value is not None, address
        assert text == promise.written(value), address
