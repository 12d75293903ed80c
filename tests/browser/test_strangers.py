"""A page of another site, in a learner's own browser, tries all that a page can: it reads and changes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any, Final

import httpx
import pytest
from playwright.sync_api import Page

from tests.browser.conftest import NewPage, Watch
from tests.conftest import AppServer
from tests.figures import Figures

PAGE: Final = b"<!doctype html><meta charset=utf-8><title>Elsewhere</title><p>You have won."
# Another site, and another port of the very same host, which a browser calls the same site.
HOSTS: Final = ("localhost", "127.0.0.1")
# Each attempt ends in what it got hold of: nothing, if all is well.
TRY: Final = """async ({ url, id }) => {
  const session = `${url}/api/v1/sessions/${id}`;
  const got = {};
  const within = (promise) => Promise.race([promise,
    new Promise((resolve) => setTimeout(resolve, 3000, 'silence'))]);
  const attempt = async (name, work) => {
    try { got[name] = await within(work()); } catch (error) { got[name] = `refused: ${error.name}`; }
  };
  const reading = async (answer) => {
    const response = await answer;
    return response.type === 'opaque' ? 'opaque' : `read: ${(await response.text()).slice(0, 60)}`;
  };
  const json = { 'Content-Type': 'application/json' };
  const plain = { 'Content-Type': 'text/plain' };
  const step = '{"by": "pass"}';
  await attempt('read', () => reading(fetch(session)));
  await attempt('read blindly', () => reading(fetch(session, { mode: 'no-cors' })));
  await attempt('read the catalogue', () => reading(fetch(`${url}/api/v1/presets`)));
  await attempt('read health', () => reading(fetch(`${url}/healthz`)));
  await attempt('step', () =>
    reading(fetch(`${session}/step`, { method: 'POST', headers: json, body: step })));
  await attempt('step blindly', () =>
    reading(fetch(`${session}/step`, { method: 'POST', mode: 'no-cors', headers: plain, body: step })));
  await attempt('step with nothing said', () =>
    reading(fetch(`${session}/step`, { method: 'POST', mode: 'no-cors' })));
  await attempt('start blindly', () =>
    reading(fetch(`${url}/api/v1/sessions`, { method: 'POST', mode: 'no-cors' })));
  await attempt('end', () => reading(fetch(session, { method: 'DELETE' })));
  await attempt('change', () =>
    reading(fetch(session, { method: 'PATCH', headers: json, body: '{"focus": 0}' })));
  await attempt('beacon', async () => {
    navigator.sendBeacon(`${session}/train`, new Blob(['{"iterations": 5}'], { type: 'text/plain' }));
    navigator.sendBeacon(`${session}/step`);
    return 'sent';
  });
  await attempt('old request', () => new Promise((resolve) => {
    const request = new XMLHttpRequest();
    request.onloadend = () => resolve(request.status ? `read: ${request.responseText}` : 'refused: XHR');
    request.open('POST', `${session}/step`);
    request.send(step);
  }));
  await attempt('socket', () => new Promise((resolve) => {
    const socket = new WebSocket(`${url.replace('http', 'ws')}/api/v1/sessions/${id}`);
    socket.onopen = () => resolve('read: open');
    socket.onerror = () => resolve('refused: socket');
  }));
  await attempt('events', () => new Promise((resolve) => {
    const source = new EventSource(session);
    source.onopen = () => resolve('read: open');
    source.onerror = () => { source.close(); resolve('refused: events'); };
  }));
  const element = (tag, name, fields) => new Promise((resolve) => {
    const made = Object.assign(document.createElement(tag), fields);
    made.onload = () => resolve(`read: ${made.naturalWidth ?? 'loaded'}`);
    made.onerror = () => resolve(`refused: ${tag}`);
    document.body.append(made);
  });
  await attempt('picture', () => element('img', 'picture', { src: `${session}/diagram.svg` }));
  await attempt('icon', () => element('img', 'icon', { src: `${url}/favicon.ico` }));
  await attempt('script', () => element('script', 'script', { src: session }));
  await attempt('module', () =>
    element('script', 'module', { type: 'module', src: `${url}/static/js/api.js` }));
  await attempt('style', () =>
    element('link', 'style', { rel: 'stylesheet', href: `${url}/static/css/tokens.css` }));
  await attempt('frame', async () => {
    const frame = document.createElement('iframe');
    frame.src = `${url}/s/${id}`;
    document.body.append(frame);
    await new Promise((resolve) => { frame.onload = resolve; });
    return frame.contentDocument ? 'read: frame' : 'refused: frame';
  });
  for (const [place, kind] of [['step', 'text/plain'], ['undo', 'application/x-www-form-urlencoded'],
    ['train', 'multipart/form-data']]) {
    await attempt(`form to ${place}`, async () => {
      const frame = Object.assign(document.createElement('iframe'), { name: `sink-${place}` });
      const form = Object.assign(document.createElement('form'),
        { method: 'post', action: `${session}/${place}`, enctype: kind, target: frame.name });
      form.append(Object.assign(document.createElement('input'),
        { name: '{"iterations": 5, "x": "', value: '"}' }));
      document.body.append(frame, form);
      await new Promise((resolve) => { setTimeout(resolve, 50); });
      form.submit();
      await new Promise((resolve) => { frame.onload = resolve; });
      return frame.contentDocument?.body?.textContent ? 'read: form' : 'refused: form';
    });
  }
  return got;
}"""


class Elsewhere(BaseHTTPRequestHandler):
    """Answer every request with the page of another site."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(PAGE)))
        self.end_headers()
        self.wfile.write(PAGE)

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def elsewhere() -> Iterator[int]:
    """Run another site; give its port."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Elsewhere)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server.server_address[1]
    server.shutdown()
    server.server_close()
    thread.join(5)


@pytest.fixture
def hostile(new_page: NewPage, watch: Watch) -> Page:
    """Open a page in which everything is expected to fail."""
    watch.expect(".")
    return new_page()


@pytest.mark.parametrize("host", HOSTS)
def test_a_page_of_another_site_neither_reads_nor_changes(
    hostile: Page, elsewhere: int, app_server: AppServer, host: str, figures: Figures
) -> None:
    path = f"{app_server.url}/api/v1/sessions"
    session = httpx.post(path, timeout=30).json()
    httpx.post(f"{path}/{session['id']}/forward", json={"by": "pass"}, timeout=30)
    before = httpx.get(f"{path}/{session['id']}", timeout=30).json()
    lines = len(app_server.requests())

    hostile.goto(f"http://{host}:{elsewhere}/")
    got = hostile.evaluate(TRY, {"url": app_server.url, "id": session["id"]})
    assert len(got) == 23
    for name, result in got.items():
        assert result.startswith(("refused: ", "opaque", "silence")) or name == "beacon", (
            name,
            result,
        )
    frames = [frame for frame in hostile.frames if frame is not hostile.main_frame]
    assert len(frames) == 4
    assert not any(frame.locator("#step").count() for frame in frames)

    assert httpx.get(f"{path}/{session['id']}", timeout=30).json() == before
    since = app_server.requests(lines + 12)[lines:]
    # They did reach the server, and it was the server that refused.
    refused = [line["path"].rpartition("/")[2] for line in since if line["status"] == 403]
    assert {"step", "train", "undo", "sessions"} <= set(refused), since
    changing = [line for line in since if line["method"] not in ("GET", "HEAD", "OPTIONS")]
    assert all(line["status"] >= 400 for line in changing), changing
    figures(
        "strangers",
        f"a page of another site in a real browser: {len(got)} ways to act for a learner tried, {len(changing)} of "
        "them reached the server and were refused, nothing read, nothing changed",
    )


def test_a_page_that_opens_the_workbench_has_no_hold_on_it(
    hostile: Page, elsewhere: int, app_server: AppServer
) -> None:
    hostile.goto(f"http://localhost:{elsewhere}/")
    with hostile.context.expect_page() as opened:
        hostile.evaluate("(url) => { globalThis.opened = open(url); }", app_server.url)
    workbench = opened.value
    workbench.wait_for_selector("#step:not([disabled])")
    assert workbench.evaluate("opener") is None
    assert hostile.evaluate("() => opened.closed")
    seen = "() => { try { return opened.document?.title ?? ''; } catch { return ''; } }"
    assert "Glassbox" not in hostile.evaluate(seen)


def test_an_embedded_workbench_keeps_to_itself(
    hostile: Page, elsewhere: int, app_server: AppServer
) -> None:
    hostile.goto(f"http://localhost:{elsewhere}/")
    hostile.evaluate(
        """(url) => { const frame = document.createElement('iframe');
        frame.src = url; document.body.append(frame); }""",
        f"{app_server.url}/?embed",
    )
    frame = hostile.frame_locator("iframe")
    frame.locator("#step:not([disabled])").wait_for()
    assert hostile.evaluate("() => document.querySelector('iframe').contentDocument") is None
