"""Where sessions are kept: one protocol, in memory or in a SQLite file."""

from app.sessions.stores.opening import open_store
from app.sessions.stores.protocol import Record, Store

__all__ = ["Record", "Store", "open_store"]
