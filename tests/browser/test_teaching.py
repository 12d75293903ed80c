"""What a teacher's link does: it hides what would distract, and goes on hiding it."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.browser.workbench import Workbench

PARTS = {
    "networks": ".chooser",
    "changes": "[popovertarget=settings]",
    "links": "[popovertarget=share]",
    "table": ".views",
    "views": ".panels",
    "code": "[data-panel=code]",
    "next": ".next",
    "time": ".time",
}


def test_a_link_hides_what_it_names_and_nothing_else(workbench: Workbench) -> None:
    page = workbench.open("/?hide=networks,next,code,nonsense").page
    for name, part in PARTS.items():
        expect(page.locator(part)).to_be_visible(visible=name not in {"networks", "next", "code"})
    workbench.step()
    expect(page).to_have_url(re.compile(r"/s/[\w-]+\?hide=networks,next,code$"))
    page.reload()
    expect(page.locator("#step")).to_be_enabled()
    expect(page.locator(".next")).to_be_hidden()
    expect(page.locator(".time")).to_be_visible()


def test_a_teacher_chooses_what_the_link_hides(workbench: Workbench) -> None:
    page = workbench.open().step(2).page
    page.click("[popovertarget=share]")
    page.click(".hides summary")
    for name in ("next", "time"):
        page.check(f".hides input[value={name}]")
    link = page.locator("#share [data-hook=link]")
    expect(link).to_have_value(re.compile(r"/\?hide=next,time#moment="))
    page.goto(link.input_value())
    expect(page.locator("#step")).to_be_enabled()
    expect(page.locator(PARTS["time"])).to_be_hidden()
    expect(page.locator(PARTS["networks"])).to_be_visible()
