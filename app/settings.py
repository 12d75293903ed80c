"""Every limit and every choice of the server, in one table.

Each is an environment variable too: `GLASSBOX_` and its name in capitals, for example
`GLASSBOX_PORT=9000`. Lists are written with commas. `python -m app.settings` prints the table
that stands in docs/settings.md.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Any, Final

import platformdirs
from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

PREFIX: Final = "GLASSBOX_"
KIB: Final = 1024
MIB: Final = 1024 * KIB

Names = Annotated[tuple[str, ...], NoDecode]


def _setting(default: Any, unit: str, sentence: str, **bounds: Any) -> Any:
    return Field(default, description=sentence, json_schema_extra={"unit": unit}, **bounds)


def _count(default: int, unit: str, sentence: str, least: int = 1) -> Any:
    return _setting(default, unit, sentence, ge=least, le=2**53)


def _seconds(default: float, sentence: str) -> Any:
    return _setting(default, "seconds", sentence, gt=0, le=86_400)


class Settings(BaseSettings):
    """Hold the server's limits and choices; frozen, read from the environment when made."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, frozen=True, allow_inf_nan=False, validate_default=True
    )

    # Where it listens and who may ask
    host: str = _setting(
        "127.0.0.1", "address", "Where the server listens; 0.0.0.0 opens it to the network."
    )
    port: int = _setting(8000, "port", "The port; 0 takes any that is free.", ge=0, le=65_535)
    store: str = _setting(
        "",
        "address",
        "Where sessions are kept: `memory:`, `sqlite:/path/to/file`; when empty, a file in your "
        "own data folder.",
    )
    store_bytes: int = _count(
        4096 * MIB, "bytes", "How large the SQLite file may grow; past it, writing answers 507."
    )
    allowed_hosts: Names = _setting(
        (),
        "names",
        "Host names the server answers to besides this computer's own; `*` for any.",
    )
    embed_hosts: Names = _setting(
        ("*",), "sites", "Sites that may show `/?embed` in a frame, as in `frame-ancestors`."
    )
    trusted_proxies: Names = _setting(
        (),
        "addresses",
        "Proxies whose `X-Forwarded-For` is believed; without one, a client is who connects.",
    )
    access_log: bool = _setting(
        True, "yes or no", "Whether each request is written to the log, as a line of JSON."
    )

    # Requests
    header_bytes: int = _count(16 * KIB, "bytes", "The largest block of request headers.", 1 * KIB)
    json_bytes: int = _count(256 * KIB, "bytes", "The largest JSON body of a request.", 2)
    upload_bytes: int = _count(4 * MIB, "bytes", "The largest uploaded file.", 2)
    header_seconds: float = _seconds(10, "How long a client may take to send its headers.")
    body_seconds: float = _seconds(10, "How long a client may take to send a body.")
    request_seconds: float = _seconds(
        15, "How long an answer may take to begin, and how long a client may leave it unread."
    )
    keep_alive_seconds: int = _setting(
        5, "seconds", "How long an idle connection is kept open.", ge=1, le=3_600
    )
    shutdown_seconds: int = _setting(
        5, "seconds", "How long requests may still finish when the server stops.", ge=1, le=60
    )
    requests_per_minute: int = _count(
        0, "requests", "How many requests one client address may make; 0 for no limit.", 0
    )
    new_sessions_per_hour: int = _count(
        0, "sessions", "How many sessions one client address may start; 0 for no limit.", 0
    )

    # Computing
    compute_milliseconds: int = _count(
        250, "milliseconds", "How long one request may compute; then it answers how far it came."
    )
    compute_threads: int = _setting(
        0, "threads", "How many requests compute at once; 0 for one a core.", ge=0, le=256
    )
    compute_queue: int = _count(
        64, "requests", "How many requests may wait to compute; more are answered 503."
    )
    events_per_answer: int = _count(200, "events", "How many events of the tape one answer lists.")
    numbers_per_answer: int = _count(
        40_000,
        "numbers",
        "How many numbers of a large batch one answer lists when all observations are asked for.",
    )
    history_points: int = _count(2_000, "points", "How many points one answer's cost curve has.")

    # The network and its data
    max_layers: int = _count(10, "layers", "How many layers a network may have after its input.")
    max_layer_neurons: int = _count(128, "neurons", "How many neurons a layer may have.")
    max_parameters: int = _count(10_000, "parameters", "How many weights and biases in all.")
    max_observations: int = _count(20_000, "observations", "How many rows a data set may have.")
    max_cells: int = _count(
        500_000, "cells", "How many numbers a data set may have: rows x columns."
    )
    max_number: float = _setting(
        1e6, "magnitude", "The largest weight, bias, input or target, either sign.", gt=0, le=1e100
    )
    max_learning_rate: float = _setting(100.0, "rate", "The largest learning rate.", gt=0, le=1e6)
    max_seed: int = _count(2**53 - 1, "seed", "The largest seed; every language reads it exactly.")

    # Sessions
    max_sessions: int = _count(
        10_000, "sessions", "How many sessions are kept; past it, starting one answers 507."
    )
    idle_days: float = _setting(
        7.0, "days", "How long a session is kept that nobody touches.", gt=0, le=36_500
    )
    lifetime_days: float = _setting(
        30.0, "days", "How long a session is kept at most.", gt=0, le=36_500
    )
    undo_edits: int = _count(200, "edits", "How many edits can be undone.")
    cache_bytes: int = _count(
        256 * MIB, "bytes", "How much memory sessions in use may fill before the oldest is let go."
    )

    @field_validator("allowed_hosts", "embed_hosts", "trusted_proxies", mode="before")
    @classmethod
    def _commas(cls, value: object) -> object:
        if isinstance(value, str):
            return tuple(item.strip() for item in value.split(",") if item.strip())
        return value

    @field_validator("allowed_hosts", "embed_hosts")
    @classmethod
    def _names(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for name in value:
            # Nothing that could end a header's value or begin another directive.
            if not re.fullmatch(r"[A-Za-z0-9.:/_*\[\]-]+", name):
                raise ValueError(f"“{name}” is not a host name")
        return tuple(name.lower() for name in value)

    @field_validator("trusted_proxies")
    @classmethod
    def _addresses(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for address in value:
            ip_network(address, strict=False)
        return value

    @property
    def store_url(self) -> str:
        """Name the store; nothing is made on disk."""
        return self.store or f"sqlite:{default_store_path().as_posix()}"

    @property
    def threads(self) -> int:
        """Count the compute threads, one a core unless chosen."""
        # A container may use fewer cores than the machine has; only Linux can say.
        usable = getattr(os, "sched_getaffinity", None)
        cores = len(usable(0)) if usable else os.cpu_count() or 1
        return self.compute_threads or cores


def default_store_path() -> Path:
    """Name the file that keeps sessions when no store was chosen; nothing is made on disk."""
    return platformdirs.user_data_path("glassbox", appauthor=False) / "glassbox.db"


def complaints(error: ValidationError) -> Iterator[str]:
    """Say plainly what is wrong with each setting."""
    for fault in error.errors(include_url=False):
        name = PREFIX + str(fault["loc"][0]).upper()
        yield f"{name}={fault['input']}: {fault['msg'].removeprefix('Value error, ')}"


def unknown(environment: Mapping[str, str]) -> list[str]:
    """List the environment's names that look like settings and are none."""
    known = {PREFIX + name.upper() for name in Settings.model_fields}
    return sorted(
        name for name in environment if name.startswith(PREFIX) and name.upper() not in known
    )


def as_markdown() -> str:
    """Write the table of settings as docs/settings.md shows it."""
    rows = ["| setting | default | unit | what it is |", "| --- | --- | --- | --- |"]
    for name, field in Settings.model_fields.items():
        extra = field.json_schema_extra
        unit = extra["unit"] if isinstance(extra, dict) else ""
        default = str(field.default) if unit == "port" else _shown(field.default)
        rows.append(f"| `{PREFIX}{name.upper()}` | {default} | {unit} | {field.description} |")
    return f"# Settings\n\n{_INTRODUCTION}\n\n" + "\n".join(rows) + "\n"


def _shown(value: object) -> str:
    match value:
        case bool():
            return "yes" if value else "no"
        case int() if value >= KIB and value % KIB == 0:
            return f"{value // MIB:,} MiB" if value % MIB == 0 else f"{value // KIB:,} KiB"
        case int() | float():
            return f"{value:,}".removesuffix(".0")
        case tuple():
            return ", ".join(f"`{item}`" for item in value) or "empty"
        case _:
            return f"`{value}`" if value else "empty"


_INTRODUCTION = """\
Every limit and every choice of the server. Each is an environment variable, read once when the
server starts; lists are written with commas, sizes in bytes (262144 is 256 KiB), yes and no as
`true` and `false`. `glassbox --host --port --store` go before the environment. This page is
written by `python -m app.settings`."""


if __name__ == "__main__":
    print(as_markdown(), end="")
