"""Connections that count their calls, and fail one of them on purpose."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Script:
    """What was executed, and which call fails: the `fail_at`-th, before or after its work."""

    fail_at: int | None = None
    after: bool = False
    code: int = sqlite3.SQLITE_IOERR_WRITE
    executed: list[str] = field(default_factory=list)
    reached: bool = False
    paused: bool = False

    def ran(self, beginning: str) -> int:
        return sum(sql.startswith(beginning) for sql in self.executed)

    def connection(self) -> type[sqlite3.Connection]:
        script = self

        class Scripted(sqlite3.Connection):
            def execute(self, sql: str, parameters: Any = (), /) -> sqlite3.Cursor:
                if script.paused:
                    return super().execute(sql, parameters)
                script.executed.append(sql)
                due = len(script.executed) == script.fail_at
                script.reached |= due
                if due and not script.after:
                    raise failure(script.code)
                cursor = super().execute(sql, parameters)
                if due:
                    cursor.close()  # a failed statement holds no locks
                    raise failure(script.code)
                return cursor

        return Scripted


def failure(code: int, kind: type[sqlite3.Error] = sqlite3.OperationalError) -> sqlite3.Error:
    """Make an error as SQLite would raise it."""
    error = kind("on purpose")
    error.sqlite_errorcode = code
    return error
