from __future__ import annotations

import base64
import json
import zlib
from typing import Any

import pytest

from app.errors import InvalidInput
from app.sessions.moments import LONGEST_TOKEN, read_moment, write_moment
from app.sessions.session import Session
from tests.sessions.cases import (
    BODIES,
    SETTINGS,
    at,
    back,
    changed,
    goto,
    moment,
    small,
    started,
    stepped,
    trained,
)

Document = dict[str, Any]


def document_of(token: str) -> Document:
    packed = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
    document: Document = json.loads(zlib.decompress(packed))
    return document


def token_of(document: Any) -> str:
    packed = zlib.compress(json.dumps(document).encode())
    return base64.urlsafe_b64encode(packed).rstrip(b"=").decode()


@pytest.mark.parametrize("body", BODIES.values(), ids=list(BODIES))
@pytest.mark.parametrize("iterations", [0, 1, 7])
def test_a_link_leads_to_the_exact_moment(body: dict[str, Any], iterations: int) -> None:
    session = started(body)
    if iterations:
        session = trained(session, iterations=iterations).session
    for by, count in (("term", 0), ("term", 5), ("pass", 1), ("pass", 2)):
        here = stepped(session, by, count)
        copy = read_moment(write_moment(here), SETTINGS)
        assert moment(copy) == moment(here)
        assert copy.setup.training == here.setup.training
        assert moment(trained(copy, iterations=5).session) == moment(
            trained(here, iterations=5).session
        )


def test_a_copy_has_a_past_of_its_own() -> None:
    session = stepped(trained(started(small(shuffle=True)), iterations=7).session, "pass")
    copy = read_moment(write_moment(session), SETTINGS)
    assert copy.first_iteration == 7
    assert copy.history.iterations == 7
    later = trained(copy, iterations=5).session
    assert later.history.thinned(10)[0] == [7, 8, 9, 10, 11]
    assert moment(goto(later, 9)) == moment(goto(trained(session, iterations=5).session, 9))
    assert at(back(later, "epoch")) == (8, copy.setup.events.count)
    assert at(back(later, "epoch", 2)) == (7, 0)
    with pytest.raises(InvalidInput, match="Iterations 7 to 12"):
        goto(later, 6)


def test_edits_of_the_data_travel_along() -> None:
    for body in (small(), {}):
        own = changed(stepped(started(body), "pass"), values={"y[0][0]": 0.25})
        copy = read_moment(write_moment(own.within(focus=len(own.rows) - 1)), SETTINGS)
        assert moment(copy) == moment(own)
        assert copy.focus == len(own.rows) - 1
        assert copy.setup.dataset.raw(0) == own.setup.dataset.raw(0)
        assert copy.setup.dataset.raw_targets(0) == own.setup.dataset.raw_targets(0)


def test_a_large_network_does_not_fit_into_a_link() -> None:
    with pytest.raises(InvalidInput, match="Export it"):
        write_moment(started({"preset": "digits"}))
    assert len(write_moment(started())) <= LONGEST_TOKEN


@pytest.fixture
def session() -> Session:
    return stepped(trained(started(small()), iterations=4).session, "layer")


def test_a_newer_link_says_so(session: Session) -> None:
    document = document_of(write_moment(session))
    with pytest.raises(InvalidInput, match="newer version of Glassbox wrote this link"):
        read_moment(token_of(document | {"version": 2, "more": "than we know"}), SETTINGS)


@pytest.mark.parametrize("change", [{"more": 1}, {"focus": "0"}, {"focus": -1}, {"branches": []}])
def test_a_damaged_link_is_told(session: Session, change: Document) -> None:
    document = document_of(write_moment(session)) | change
    with pytest.raises(InvalidInput, match="damaged"):
        read_moment(token_of(document), SETTINGS)


def test_a_link_that_does_not_fit_together_is_told_without_pointers(session: Session) -> None:
    document = document_of(write_moment(session)) | {"focus": 2}
    with pytest.raises(InvalidInput, match="cannot be opened here") as caught:
        read_moment(token_of(document), SETTINGS)
    assert caught.value.faults == ()


@pytest.mark.parametrize("token", ["", "x", "äöü", "AAAA", token_of([]), token_of("x")])
def test_nonsense_is_a_damaged_link(token: str) -> None:
    with pytest.raises(InvalidInput, match="damaged"):
        read_moment(token, SETTINGS)


def test_a_link_of_something_else_is_told() -> None:
    with pytest.raises(InvalidInput, match="This link holds no Glassbox session"):
        read_moment(token_of({"format": 1}), SETTINGS)


def test_a_link_that_was_cut_off_is_damaged(session: Session) -> None:
    token = write_moment(session)
    for length in range(1, len(token), 17):
        with pytest.raises(InvalidInput, match="damaged"):
            read_moment(token[:length], SETTINGS)


def test_a_bomb_is_refused_without_being_unpacked() -> None:
    packed = zlib.compress(b" " * 50_000_000, 9)
    token = base64.urlsafe_b64encode(packed).decode()
    with pytest.raises(InvalidInput, match="damaged"):
        read_moment(token, SETTINGS)


def test_a_link_keeps_to_the_limits(session: Session) -> None:
    document = document_of(write_moment(session))
    document["branches"][0]["training"]["learning_rate"] = 100.5
    with pytest.raises(InvalidInput, match="at most 100"):
        read_moment(token_of(document), SETTINGS)
    document["data"] = [{"dataset": "nothing"}]
    with pytest.raises(InvalidInput, match="no data set “nothing”"):
        read_moment(token_of(document), SETTINGS)


def test_a_link_made_at_an_overflow_leads_to_it() -> None:
    body = small(layers=[{"size": 2, "activation": "linear"}], learning_rate=100.0)
    stopped = trained(started(body), iterations=1_000).session
    copy = read_moment(write_moment(stopped), SETTINGS)
    assert copy.diverged
    assert at(copy) == at(stopped)


def test_what_is_far_too_large_is_refused_unwritten(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = {"inputs": [[0.0] * 100] * 200, "targets": [[0.0]] * 200}
    session = started({"data": rows, "network": {"layers": [{"size": 1}]}})
    monkeypatch.setattr("app.sessions.moments.document_of", None)
    with pytest.raises(InvalidInput, match="too large to fit into a link"):
        write_moment(session)
