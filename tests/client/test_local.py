from __future__ import annotations

import threading

import pytest

from app.client import Client, Unreachable


def test_the_app_ends_with_the_client() -> None:
    with Client.local() as box:
        assert any(thread.name == "glassbox" for thread in threading.enumerate())
        assert box.start(preset="xor").step().event == 1
    # A thread of the module's own client may still live.
    with pytest.raises(RuntimeError):
        box.presets()


def test_a_wrong_setting_is_said_at_once() -> None:
    with pytest.raises(ValueError, match="max_layers"):
        Client.local(max_layers=0)


def test_a_store_that_cannot_be_opened_is_said_at_once() -> None:
    with pytest.raises(Exception, match="store"):
        Client.local(store="nowhere:")


def test_large_answers_come_whole() -> None:
    with Client.local() as box:
        rows = box.dataset("digits")["rows"]
        assert len(rows) == 1_797
        assert len(rows[0]) == 64


def test_a_stopped_app_is_unreachable() -> None:
    box = Client.local()
    box._caller.http._transport.close()
    with pytest.raises(Unreachable, match="closed"):
        box.presets()
    box.close()
