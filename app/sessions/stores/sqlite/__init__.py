"""A store in one SQLite file."""

from app.sessions.stores.sqlite.store import SqliteStore

__all__ = ["SqliteStore"]
