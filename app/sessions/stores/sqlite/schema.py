"""The tables, and how an older file becomes a present one."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from app.errors import StoreError, StoreUnavailable

# Step n brings a file from version n to n + 1; an empty file is version 0. Steps are only ever
# added: every released file must still open.
STEPS: tuple[tuple[str, ...], ...] = (
    (
        "CREATE TABLE meta (name TEXT PRIMARY KEY NOT NULL, value NOT NULL)",
        """CREATE TABLE sessions (
            id TEXT PRIMARY KEY NOT NULL,
            follow_id TEXT NOT NULL UNIQUE,
            creation_key TEXT UNIQUE,
            revision INTEGER NOT NULL,
            created_at REAL NOT NULL,
            expires_at REAL NOT NULL
        )""",
        "CREATE INDEX sessions_by_expiry ON sessions (expires_at, id)",
        """CREATE TABLE parts (
            session_id TEXT NOT NULL,
            name TEXT NOT NULL,
            value BLOB NOT NULL,
            PRIMARY KEY (session_id, name)
        )""",
    ),
)


def prepare(connection: sqlite3.Connection, steps: Sequence[Sequence[str]] = STEPS) -> None:
    """Create or bring up to date the tables, in one transaction.

    Raises:
        StoreError: A newer Glassbox wrote the file, or another program did.
    """
    connection.execute("BEGIN IMMEDIATE")
    try:
        found = version(connection)
        if found > len(steps):
            raise StoreError(
                f"A newer Glassbox wrote this store (format {found}; this one knows up to"
                f" {len(steps)}). Start the newer version, or choose another file."
            )
        for step in steps[found:]:
            for statement in step:
                connection.execute(statement)
        if found < len(steps):
            connection.execute(
                "INSERT OR REPLACE INTO meta (name, value) VALUES ('schema', ?)", (len(steps),)
            )
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def version(connection: sqlite3.Connection) -> int:
    """Return the version of the file's tables, 0 for an empty file.

    Raises:
        StoreUnavailable: The file is another program's database.
    """
    tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}
    if not tables:
        return 0
    if "meta" in tables and "sessions" in tables:
        row = connection.execute("SELECT value FROM meta WHERE name = 'schema'").fetchone()
        if row is not None:
            return int(row[0])
    raise StoreUnavailable("This database belongs to another program. Choose another file.")
