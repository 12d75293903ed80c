"""axe finds nothing to object to, in light and dark, wide and on a phone, in every state."""

from __future__ import annotations

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.conftest import NewPage
from tests.browser.workbench import Workbench

SIZES = {"wide": {"width": 1440, "height": 900}, "phone": {"width": 390, "height": 844}}
MOMENTS = (0, 3, 10, 44, 48, 81, 92, 121, 151)


VIOLATIONS = """async () => (await axe.run({ resultTypes: ['violations'] })).violations"""


def objections(bench: Workbench, where: str) -> list[str]:
    found = bench.page.evaluate(VIOLATIONS)
    return [
        f"{where}: {one['id']}: {node['html'][:160]} {node['failureSummary'][:300]}"
        for one in found
        for node in one["nodes"][:3]
    ]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_objects_to_nothing(new_page: NewPage, app_url: str, scheme: str, size: str) -> None:
    page = new_page(color_scheme=scheme, viewport=SIZES[size])
    found: list[str] = []
    with httpx.Client(base_url=app_url) as api:
        bench = Workbench(page, api).open()
        # Half a megabyte, once for all states of the page.
        page.evaluate(Axe().axe_script)
        bench.press("1").step()
        for moment in MOMENTS:
            found += objections(bench.goto(moment), f"event {moment}")
        bench.goto(92)
        for key in ("m", "b", "c", "f"):
            found += objections(bench.press(key), f"panel {key}")
        page.click("[data-view=table]")
        found += objections(bench, "table")
        page.click("[data-view=diagram]")
        for sheet in ("settings", "share", "presets"):
            page.click(f"[popovertarget={sheet}]")
            found += objections(bench, sheet)
            page.keyboard.press("Escape")
        page.keyboard.press("?")
        found += objections(bench, "help")
        page.keyboard.press("Escape")
        bench.press("e")
        page.wait_for_selector("#card:not([hidden])")
        found += objections(bench.rest(), "card")
    assert not found, "\n".join(found)
