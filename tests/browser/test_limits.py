"""The page at each limit that a person can reach by it: at the edge all is well, beyond it they are told, kindly.

The servers have small limits by their settings, where that is nearer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, Final

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import NewPage, Watch
from tests.browser.workbench import Workbench
from tests.conftest import AppServer, StartServer, start_process

LIMITS: Final = {
    "GLASSBOX_MAX_LAYERS": "4",
    "GLASSBOX_MAX_LAYER_NEURONS": "6",
    # As many as 5-6-2-5 has.
    "GLASSBOX_MAX_PARAMETERS": "65",
    "GLASSBOX_UNDO_EDITS": "3",
}
PHONE: Final = {"width": 390, "height": 780}
NUMBERS: Final = "Numbers go from −1,000,000 to 1,000,000."
# Whether what is in the middle of the message can be seen and pressed there.
IN_SIGHT: Final = """(message) => {
  const { left, top, width, height } = message.getBoundingClientRect();
  return message.contains(document.elementFromPoint(left + width / 2, top + height / 2));
}"""


@pytest.fixture(scope="module")
def tight_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AppServer]:
    server = start_process(tmp_path_factory.mktemp("tight"), env=LIMITS)
    yield server
    server.stop()


@pytest.fixture
def app_url(tight_server: AppServer) -> str:
    return tight_server.url


def told(page: Page, text: str) -> None:
    """See the problem that the page tells, where a person can read it, and close it."""
    message = page.locator("#messages .message-problem")
    expect(message).to_contain_text(text)
    assert message.evaluate(IN_SIGHT)
    message.get_by_role("button", name="Close").click()
    expect(message).to_have_count(0)


def open_sheet(page: Page) -> None:
    """Open the sheet of changes; a press elsewhere has closed it."""
    if not page.locator("#settings").is_visible():
        page.click("[popovertarget=settings]")


def keep_setting(page: Page, name: str, text: str) -> None:
    """Type a training setting, key by key, and press Enter."""
    open_sheet(page)
    page.click(f"#settings [name={name}]")
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type(text)
    page.keyboard.press("Enter")


def refused(workbench: Workbench, text: str, act: Callable[[], None]) -> None:
    """Do what lies beyond a limit: it is told, and the session is the same in all that the API says."""
    workbench.rest()
    before = workbench.session()
    act()
    told(workbench.page, text)
    assert workbench.rest().session() == before


def sizes(session: Any) -> list[int]:
    return [layer["size"] for layer in session["network"]["layers"]]


def test_layers_and_neurons_and_parameters(new_page: NewPage, watch: Watch) -> None:
    watch.expect("^422 from")
    with httpx.Client() as api:
        # On a phone the sheet covers the page, and the message must lie above it.
        page = new_page(viewport=PHONE)
        workbench = Workbench(page, api).open().step()
        open_sheet(page)
        settings = page.locator("#settings")
        add = settings.get_by_label("Add a layer here").first
        add.click()
        assert sizes(workbench.rest().session()) == [5, 2, 2, 2, 5]
        refused(workbench, "at most 4 layers after its input", add.click)
        settings.get_by_label("Remove Hidden 1").click()
        workbench.rest()
        more = settings.get_by_label("One neuron more in Hidden 1")
        for _ in range(4):
            more.click()
            workbench.rest()
        made = workbench.session()
        assert (sizes(made), made["network"]["parameters"]) == ([5, 6, 2, 5], 65)
        refused(workbench, "at most 6 neurons", more.click)
        beyond = settings.get_by_label("One neuron more in Hidden 2")
        refused(workbench, "has 77 weights and biases; at most 65 are allowed", beyond.click)
        # Closing what was told has left the sheet open.
        page.keyboard.press("Escape")
        workbench.step()


def test_numbers_typed_by_hand(workbench: Workbench, watch: Watch) -> None:
    watch.expect("^422 from")
    page = workbench.open().step().page
    start = page.url.split("#")[0]
    field = page.locator("#card [data-hook=change-number]")
    note = page.locator("#card [data-hook=change-note]")

    def keep(text: str) -> None:
        field.fill(text)
        expect(note).to_contain_text("Enter keeps")
        field.press("Enter")

    for address in ("w[1][0][2]", "b[1][0]", "a[0][0][1]", "y[0][1]"):
        page.goto(f"{start}#card={address}")
        expect(page).to_have_url(f"{start}#card={address}")
        # The number that was refused last goes with the card it was typed in.
        expect(note).not_to_contain_text("Enter keeps")
        for sign in ("", "−"):
            keep(f"{sign}1000000")
            expect(page.locator("#card [data-hook=value]")).to_have_text(f"{sign}10⁶")
            explained = workbench.rest().api.get(f"{workbench.session_path}/explain/{address}")
            assert explained.json()["value"] == (-1e6 if sign else 1e6)
            refused(workbench, NUMBERS, partial(keep, f"{sign}1000001"))


def test_learning_rate_and_penalties(workbench: Workbench, watch: Watch) -> None:
    watch.expect("^422 from")
    page = workbench.open().step().page

    for field, words, edge, beyond in (
        ("learning_rate", "The learning rate may be at most 100.", "100", "100.5"),
        ("l1", "The L1 penalty may be at most 1,000,000.", "1e6", "1000001"),
        ("l2", "The L2 penalty may be at most 1,000,000.", "1e6", "1000001"),
    ):
        keep_setting(page, field, edge)
        assert workbench.rest().session()["training"][field] == float(edge)
        refused(workbench, words, partial(keep_setting, page, field, beyond))


def test_undo(workbench: Workbench, watch: Watch) -> None:
    watch.expect("^409 from")
    page = workbench.open().step().page
    for rate in ("0.1", "0.2", "0.3", "0.4"):
        keep_setting(page, "learning_rate", rate)
        workbench.rest()
    page.keyboard.press("Escape")
    page.locator("#step").focus()
    for expected in (0.3, 0.2, 0.1):
        rested = workbench.press("ControlOrMeta+z").session()
        assert rested["training"]["learning_rate"] == expected
    expect(page.locator("#toolbar [data-hook=undo]")).to_be_disabled()
    text = "There is no edit to undo. Of all edits the last 3 are kept."
    refused(workbench, text, lambda: page.keyboard.press("ControlOrMeta+z"))
    assert workbench.press("ControlOrMeta+Shift+z").session()["training"]["learning_rate"] == 0.2


def test_a_full_server(new_page: NewPage, watch: Watch, start_server: StartServer) -> None:
    watch.origin = start_server(env={"GLASSBOX_MAX_SESSIONS": "1"}).url
    watch.expect("^507 from")
    with httpx.Client() as api:
        first = Workbench(new_page(), api).open().step(2)
        before = first.session()
        page = new_page()
        second = Workbench(page, api).open()
        page.click("#step")
        message = page.locator("#messages .message-problem")
        expect(message).to_contain_text("No more sessions fit here: the most is 1.")
        expect(page.locator("svg.diagram .neuron").first).to_be_visible()
        assert first.session() == before
        assert first.step().session()["position"]["event"] == 3
        # Once there is room, the click that was refused is done.
        assert api.delete(first.session_path).status_code == 204
        message.get_by_role("button", name="Try again").click()
        assert second.rest(1).session()["position"]["event"] == 1


def test_new_sessions_an_hour(new_page: NewPage, watch: Watch, start_server: StartServer) -> None:
    watch.origin = start_server(env={"GLASSBOX_NEW_SESSIONS_PER_HOUR": "1"}).url
    watch.expect("^429 from")
    with httpx.Client() as api:
        first = Workbench(new_page(), api).open().step(2)
        before = first.session()
        page = new_page()
        Workbench(page, api).open()
        page.click("#step")
        told(page, "the limit here is 1 new session an hour. Try again in 60 min.")
        assert first.session() == before
        first.step()


def test_requests_a_minute(new_page: NewPage, watch: Watch, start_server: StartServer) -> None:
    watch.origin = start_server(env={"GLASSBOX_REQUESTS_PER_MINUTE": "10"}).url
    watch.expect("^429 from")
    page = new_page()
    message = page.locator("#messages .message-problem")
    # From another address of this computer, so that looking does not count.
    with httpx.Client(transport=httpx.HTTPTransport(local_address="127.0.0.2")) as api:
        workbench = Workbench(page, api).open().step()
        clicks = 1
        while not message.count():
            assert clicks <= 60
            before = workbench.session()
            workbench.step()
            clicks += 1
        told(page, "the limit here is 10 requests a minute. Try again in")
        # Every step but the last was taken, and that one was said not to be.
        assert workbench.session() == before
        assert before["position"]["event"] == clicks - 1
