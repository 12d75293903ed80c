from __future__ import annotations

import sqlite3
from collections.abc import Iterator

import pytest

from app.errors import StaleRevision
from app.sessions.stores.sqlite import statements
from app.sessions.stores.sqlite.schema import prepare
from tests.sessions.stores.records import record


@pytest.fixture
def connection() -> Iterator[sqlite3.Connection]:
    opened = sqlite3.connect(":memory:", isolation_level=None)
    opened.execute("PRAGMA auto_vacuum = INCREMENTAL")
    prepare(opened)
    yield opened
    opened.close()


def free_pages(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA freelist_count").fetchone()[0])


def test_space_is_given_back_in_bounded_amounts(connection: sqlite3.Connection) -> None:
    statements.create(connection, record("a", head=bytes(6_000_000)), None)
    assert statements.delete(connection, "a")
    before = free_pages(connection)
    assert before > 1400
    statements.give_back(connection)
    assert free_pages(connection) == before - 512
    for _ in range(3):
        statements.give_back(connection)
    assert free_pages(connection) == 0


def test_a_negative_limit_removes_nothing(connection: sqlite3.Connection) -> None:
    statements.create(connection, record("a", expires_at=1.0), None)
    assert statements.expire(connection, 1.0, -1) == 0
    assert statements.count(connection) == 1


def test_a_stale_save_touches_no_row(connection: sqlite3.Connection) -> None:
    statements.create(connection, record("a"), None)
    changes = connection.total_changes
    with pytest.raises(StaleRevision):
        statements.save(
            connection,
            "a",
            expected_revision=1,
            new_revision=2,
            expires_at=0.0,
            changed={"head": b"", "x": b""},
        )
    assert connection.total_changes == changes


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT id FROM sessions WHERE follow_id = 'x'",
        "SELECT id FROM sessions WHERE creation_key = 'x'",
        "SELECT 1 FROM sessions WHERE id = 'x' OR follow_id = 'y'",
        "SELECT name, value FROM parts WHERE session_id = 'x'",
        "SELECT id FROM sessions WHERE expires_at <= 1 ORDER BY expires_at, id LIMIT 2",
    ],
)
def test_no_look_reads_the_whole_store(connection: sqlite3.Connection, sql: str) -> None:
    plan = [row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {sql}")]
    assert not any(step.startswith("SCAN") or "TEMP B-TREE" in step for step in plan), plan
