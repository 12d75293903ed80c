from __future__ import annotations

import threading
from dataclasses import dataclass

from app.engine.once import once
from tests.conftest import ROOT


@dataclass(frozen=True)
class Counted:
    log: list[str]
    name: str
    gate: threading.Event

    @once
    def answer(self) -> str:
        """Answer when the gate opens."""
        self.log.append(self.name)
        assert self.gate.wait(10)
        return self.name.upper()


def opened() -> threading.Event:
    gate = threading.Event()
    gate.set()
    return gate


def test_a_value_is_worked_out_once_and_only_when_asked_for() -> None:
    one = Counted([], "a", opened())
    assert one.log == []
    assert (one.answer, one.answer) == ("A", "A")
    assert one.log == ["a"]
    assert one.__dict__["answer"] == "A"


def test_the_class_shows_the_attribute_itself() -> None:
    assert isinstance(Counted.__dict__["answer"], once)
    assert Counted.answer.__doc__ == "Answer when the gate opens."


def test_one_object_does_not_wait_for_another() -> None:
    slow = Counted([], "slow", threading.Event())
    thread = threading.Thread(target=lambda: slow.answer)
    thread.start()
    try:
        assert Counted([], "fast", opened()).answer == "FAST"
        assert "answer" not in slow.__dict__
    finally:
        slow.gate.set()
        thread.join()
    assert slow.answer == "SLOW"


def test_the_app_uses_no_attribute_with_a_lock_for_all() -> None:
    files = (ROOT / "app").rglob("*.py")
    assert [f for f in files if "import cached_property" in f.read_text(encoding="utf-8")] == []
