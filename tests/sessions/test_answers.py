from __future__ import annotations

from dataclasses import replace

import pytest

from app.errors import Conflict, StoreError
from app.sessions import answers as module
from app.sessions.answers import Answer, Answers


def answer(number: int, size: int = 10) -> Answer:
    return Answer(f"key {number} ✓", f"print {number}", number, bytes([number % 256]) * size)


def filled(count: int, size: int = 10) -> tuple[Answers, dict[str, bytes]]:
    """Give answers one after another; return them and what a store holds then."""
    kept, stored = Answers(), dict[str, bytes]()
    for number in range(count):
        kept, parts = kept.with_answer(answer(number, size))
        for name, blob in parts.items():
            stored.pop(name, None)
            if blob is not None:
                stored[name] = blob
    return kept, stored


@pytest.mark.parametrize("body", [b"", b"{}", bytes(range(256)) * 9])
def test_an_answer_comes_back(body: bytes) -> None:
    given = Answer("kéy", "print", 12, body)
    assert Answer.decode(given.encode()) == given


def test_a_damaged_answer_is_told() -> None:
    blob = bytearray(answer(1).encode())
    blob[-1] ^= 1
    with pytest.raises(StoreError, match="damaged"):
        Answer.decode(bytes(blob))


def test_names_sort_by_revision_and_tell_keys_apart() -> None:
    names = [answer(number).name for number in (9, 10, 999, 1_000)]
    assert names == sorted(names)
    assert all(name.startswith("answer:") for name in names)
    assert Answer("a", "", 1, b"").name != Answer("b", "", 1, b"").name


def test_the_first_answer_is_found_again_for_the_same_request_only() -> None:
    kept, _ = filled(3)
    assert kept.find("key 1 ✓", "print 1") == answer(1)
    assert kept.find("key 7 ✓", "print 7") is None
    with pytest.raises(Conflict, match="another request"):
        kept.find("key 1 ✓", "print 2")


def test_an_answer_without_a_key_is_not_kept() -> None:
    kept, _ = filled(2)
    assert kept.with_answer(Answer("", "print", 9, b"x")) == (kept, {})


def test_the_oldest_go_beyond_so_many_but_of_the_start_it_stays_known_what_was_asked() -> None:
    kept, stored = filled(module.MOST_ANSWERS + 5)
    assert [one.revision for one in kept.kept] == [1, *range(5, module.MOST_ANSWERS + 5)]
    assert len(stored) == module.MOST_ANSWERS + 1
    assert kept.find("key 1 ✓", "print 1") == replace(answer(1), body=b"")
    with pytest.raises(Conflict, match="another request"):
        kept.find("key 1 ✓", "print 2")
    assert kept.find("key 2 ✓", "print 9") is None
    assert Answers.of(stored) == kept


def test_the_oldest_go_beyond_so_many_bytes_but_the_last_stays() -> None:
    kept, stored = filled(6, 300_000)
    assert [one.revision for one in kept.kept] == [1, 3, 4, 5]
    assert kept.size == 900_000
    assert len(stored) == 4
    large, stored = filled(3, 2 * module.MOST_BYTES)
    assert [one.revision for one in large.kept] == [1, 2]
    assert len(stored) == 2


def test_answers_reopen_in_their_order() -> None:
    kept, stored = filled(12)
    mixed = {"head": b"", **dict(reversed(stored.items())), "state": b""}
    assert Answers.of(mixed) == kept
    assert Answers.of({"head": b""}) == Answers()
