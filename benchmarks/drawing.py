"""Measure the drawing: milliseconds a frame, in a real browser, with every number changing in every frame.

    python -m benchmarks.drawing [--frames N]

The page's own diagram is given another session in each animation frame: other weights, activations, errors, blame and
gradients, in the backward pass, where most is shown. The browser draws in software and is not held back to the
screen's rate. "update" is the page's own work, "frame" the time from one frame to the next with styles, painting and
rasterising, "processor" what the page's process works for it in all its threads, whatever else the computer does.
The first two rows are the browser's own share: an empty page with nothing on it but 50 lines across a stage, or the
article's 24 with 40 numbers, all of them changed in each frame by the shortest code there is.
"""

from __future__ import annotations

import argparse
import os
import shutil
from dataclasses import dataclass
from typing import Any

import httpx
import numpy as np
from playwright.sync_api import Browser, CDPSession, Page, ViewportSize, sync_playwright

from benchmarks.serving import running_server

LIMITS = {"GLASSBOX_MAX_LAYER_NEURONS": "1000", "GLASSBOX_MAX_PARAMETERS": "50000"}
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-frame-rate-limit",
    "--disable-gpu-vsync",
)
VIEWPORT: ViewportSize = {"width": 1440, "height": 900}
WARM_UP = 10

# Makes the diagram, and `window.change` to change all of it.
PREPARE = """async (path) => {
  const session = await (await fetch(path)).json();
  const { create } = await import('/static/js/views/diagram.js');
  const { INITIAL } = await import('/static/js/state.js');
  const stage = document.getElementById('stage');
  stage.querySelector('[data-hook=canvas]').replaceChildren();
  const { update } = create(stage, () => {});
  const other = (values) => typeof values === 'number' ? values * (0.4 + 1.2 * Math.random())
    : Array.isArray(values) ? values.map(other) : values;
  const variant = () => {
    const { a, z, delta, blame_terms, weight_gradients, bias_gradients } = session.values;
    const layers = session.network.layers.map((layer) => layer.weights
      ? { ...layer, weights: other(layer.weights), biases: other(layer.biases) } : layer);
    return { ...INITIAL, scope: 'pass', session: { ...session, network: { ...session.network, layers },
      values: { ...session.values, ...Object.fromEntries(Object.entries(
        { a, z, delta, blame_terms, weight_gradients, bias_gradients }).map(([k, v]) => [k, other(v)])) } } };
  };
  const states = Array.from({ length: 4 }, variant);
  window.change = (k) => update({ ...states[k % states.length], moves: 0 });
}"""

# The same measure of a drawing that does nothing but change.
BARE = """async ([many, numbers]) => {
  const make = (name, attributes) => {
    const made = document.createElementNS('http://www.w3.org/2000/svg', name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    return made;
  };
  document.body.replaceChildren();
  const root = make('svg', { width: 960, height: 640 });
  document.body.append(root);
  const apart = 560 / many;
  const lines = Array.from({ length: many }, (_, k) => make('line',
    { x1: 100, y1: 40 + apart * k, x2: 860, y2: 600 - apart * k, stroke: 'black' }));
  const texts = Array.from({ length: numbers }, (_, k) => make('text',
    { x: 80 + 200 * (k % 5), y: 40 + 70 * Math.floor(k / 5) }));
  root.append(...lines, ...texts);
  window.change = () => {
    for (const line of lines) line.setAttribute('stroke-width', 1 + 8 * Math.random());
    for (const text of texts) text.textContent = Math.random().toFixed(4);
  };
}"""

# Changes the drawing in so many frames; gives the milliseconds each change took, and each frame.
DRAW = """async (frames) => {
  const frame = () => new Promise(requestAnimationFrame);
  const own = [];
  const between = [];
  let last = await frame();
  for (let k = 0; k < frames; k += 1) {
    const began = performance.now();
    window.change(k);
    own.push(performance.now() - began);
    const now = await frame();
    between.push(now - last);
    last = now;
  }
  return { own, between };
}"""


@dataclass(frozen=True)
class Figures:
    """Hold what one network costs, in milliseconds a frame."""

    name: str
    connections: int
    update: float
    processor: float
    frame: float


@dataclass(frozen=True)
class Network:
    """Name a network and what it is drawn with."""

    sizes: tuple[int, ...]
    preset: str | None = None

    @property
    def name(self) -> str:
        """Return its sizes, as in 5-2-2-5."""
        return "-".join(map(str, self.sizes))

    @property
    def connections(self) -> int:
        """Count its weights."""
        return sum(a * b for a, b in zip(self.sizes, self.sizes[1:], strict=False))

    def body(self) -> dict[str, Any]:
        """Return what starts its session."""
        if self.preset:
            return {"preset": self.preset}
        draw = np.random.default_rng(0)
        targets = np.eye(self.sizes[-1])[draw.integers(self.sizes[-1], size=4)]
        layers = [{"size": size, "activation": "tanh"} for size in self.sizes[1:]]
        inputs = draw.random((4, self.sizes[0])).round(3)
        return {
            "data": {"inputs": inputs.tolist(), "targets": targets.tolist()},
            "network": {"layers": layers, "cost": "mse"},
        }


NETWORKS = (
    Network((5, 2, 2, 5), "article"),
    Network((12, 12, 12, 8)),
    Network((64, 16, 10), "digits"),
    Network((64, 30, 10)),
    Network((784, 30, 10)),
)


def start(url: str, network: Network) -> str:
    """Start a session and step it to the end of its backward pass; return its path."""
    with httpx.Client(base_url=f"{url}/api/v1", timeout=60.0) as client:
        answer = client.post("/sessions", json=network.body())
        answer.raise_for_status()
        path = f"/sessions/{answer.json()['id']}"
        for _ in ("forward", "backward"):
            client.post(f"{path}/step", json={"by": "pass"}).raise_for_status()
    return f"/api/v1{path}"


def _worked(session: CDPSession) -> float:
    """Return the seconds of processor time that the page's process has taken."""
    found = session.send("SystemInfo.getProcessInfo")["processInfo"]
    return float(sum(one["cpuTime"] for one in found if one["type"] == "renderer"))


def measure(browser: Browser, url: str, network: Network, frames: int) -> Figures:
    """Draw one network again and again."""
    page = browser.new_page(viewport=VIEWPORT, reduced_motion="reduce")
    page.goto(url)
    page.wait_for_selector("html[data-furnished]")
    page.evaluate(PREPARE, start(url, network))
    return watch(browser, page, network.name, network.connections, frames)


def measure_bare(browser: Browser, lines: int, numbers: int, frames: int) -> Figures:
    """Draw so many long lines and numbers, and nothing else."""
    page = browser.new_page(viewport=VIEWPORT)
    page.evaluate(BARE, [lines, numbers])
    name = f"lines and {numbers} numbers alone" if numbers else "lines alone"
    return watch(browser, page, name, lines, frames)


def watch(browser: Browser, page: Page, name: str, connections: int, frames: int) -> Figures:
    """Let a page draw so many frames, and close it."""
    page.evaluate(DRAW, WARM_UP)
    session = browser.new_browser_cdp_session()
    before = _worked(session)
    found = page.evaluate(DRAW, frames)
    processor = (_worked(session) - before) / frames * 1e3
    page.close()
    update, frame = (float(np.median(found[key])) for key in ("own", "between"))
    return Figures(name, connections, update, processor, frame)


def _print(one: Figures) -> None:
    print(
        f"| {one.name} | {one.connections:,} | {one.update:.1f} | {one.processor:.1f} |"
        f" {one.frame:.1f} | {1e3 / one.frame:.0f} |"
    )


def main() -> None:
    """Print a table of milliseconds a frame."""
    parser = argparse.ArgumentParser(description="Measure the drawing in a real browser.")
    parser.add_argument("--frames", type=int, default=120)
    frames = parser.parse_args().frames
    chromium = os.environ.get("GLASSBOX_CHROMIUM") or shutil.which("chromium")
    print("| network | connections | update, ms | processor, ms | frame, ms | frames/s |")
    print("| --- | --- | --- | --- | --- | --- |")
    with running_server(LIMITS) as url, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=list(FLAGS))
        for lines, numbers in ((50, 0), (24, 40)):
            _print(measure_bare(browser, lines, numbers, frames))
        for network in NETWORKS:
            _print(measure(browser, url, network, frames))
        browser.close()


if __name__ == "__main__":
    main()
