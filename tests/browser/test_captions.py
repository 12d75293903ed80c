"""What the small labels of the diagram say: the server's own formulas, on one line and in full."""

from __future__ import annotations

from typing import Any

import pytest

from tests.browser.workbench import Workbench

PLAIN = """async (path) => {
  const { plain, tokensOf } = await import('/static/js/formula.js');
  const answer = await fetch(path);
  const { events } = await answer.json();
  return events.map(({ explanation: { substituted, formula } }) =>
    [formula, substituted].map((one) => [plain(tokensOf(one)), one.text]));
}"""
NETWORKS: dict[str, dict[str, Any]] = {
    "article": {"preset": "article"},
    "averaged": {"preset": "iris", "training": {"batch_size": 3, "l2": 0.1}},
    "adam": {
        "preset": "xor",
        "network": {
            "layers": [{"size": 2, "activation": "elu"}, {"size": 1, "activation": "tanh"}],
            "cost": "half_squared_error",
        },
        "training": {"optimizer": {"name": "adam"}, "l1": 0.1},
    },
}
AT_ONCE = 200


@pytest.mark.chromium
@pytest.mark.parametrize("network", NETWORKS)
def test_a_formula_on_one_line_is_the_servers(
    workbench: Workbench, app_url: str, network: str
) -> None:
    sessions = f"{app_url}/api/v1/sessions"
    begun = workbench.api.post(sessions, json=NETWORKS[network]).raise_for_status().json()
    path = f"{sessions}/{begun['id']}"
    last = begun["position"]["events"]
    end = {"iteration": 0, "event": last}
    workbench.api.post(f"{path}/goto", json=end).raise_for_status()
    workbench.open()
    told = 0
    for first in range(1, last + 1, AT_ONCE):
        events = workbench.page.evaluate(PLAIN, f"{path}/events?from={first}&count={AT_ONCE}")
        for written, text in (pair for pairs in events for pair in pairs):
            wanted = text.replace("·", "×").replace(" / ", " ⁄ ")
            assert written == wanted
        told += len(events)
    assert told == last
