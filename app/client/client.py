"""The way in: connect to a server, or run Glassbox in this process."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import Any, Self

import httpx

from app.client.caller import Caller
from app.client.session import Json, Session

URL = "http://127.0.0.1:8000"


def connect(
    url: str = URL,
    *,
    timeout_seconds: float = 30.0,
    retries: int = 5,
    transport: httpx.BaseTransport | None = None,
    sleep: Callable[[float], None] = time.sleep,
) -> Client:
    """Connect to a Glassbox server; nothing is sent yet.

    Args:
        url: where it is.
        timeout_seconds: how long to wait for one answer.
        retries: how often a request is sent again when no answer comes or the server is busy.
        transport: another way to carry requests.
        sleep: waits so many seconds between them.
    """
    # The environment's proxies are for the network, not for a server on this computer.
    http = httpx.Client(base_url=url, timeout=timeout_seconds, transport=transport, trust_env=False)
    return Client(Caller(http, retries, sleep=sleep))


class Client:
    """Start sessions and see what there is to start from. Use it with `with`, or `close()` it."""

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    @classmethod
    def local(cls, **settings: Any) -> Client:
        """Run Glassbox in this process, without a server; sessions last as long as the client.

        Args:
            settings: the server's settings by name, such as `compute_milliseconds=1_000`.
        """
        from app.client.local import LocalTransport  # noqa: PLC0415 - only here does it need the app

        return connect(URL, transport=LocalTransport(settings), retries=2)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the connection; sessions on a server stay."""
        self._caller.http.close()

    def start(
        self,
        preset: str | None = None,
        *,
        data: Mapping[str, Any] | None = None,
        network: Mapping[str, Any] | None = None,
        training: Mapping[str, Any] | None = None,
        moment: str | None = None,
    ) -> Session:
        """Start a session; with nothing said, the article's network on the penguin colonies.

        Args:
            preset: a ready-made network, see `presets()`.
            data: {"inputs": rows, "targets": rows}, {"dataset": id} or {"csv": text, …}.
            network: {"layers": [{"size": 2, "activation": "sigmoid"}, …], "cost": "mse", …}.
            training: {"learning_rate": 0.5, "batch_size": 10, …}.
            moment: a link to a moment; the session is a copy of it, and nothing else may be said.
        """
        parts: dict[str, Any] = {"preset": preset, "data": data, "network": network}
        parts |= {"training": training, "moment": None if moment is None else _token(moment)}
        body = {name: part for name, part in parts.items() if part is not None}
        return Session(self._caller, self._caller.command("POST", "/sessions", body, None))

    def open(self, session_id: str) -> Session:
        """Open a session that exists, by its id or by the id that lets one follow it."""
        return Session(self._caller, self._caller.look(f"/sessions/{session_id}"))

    def import_session(self, file: bytes | str) -> Session:
        """Start a session from the content of a file that `Session.export` gave.

        Raises:
            Problem: it is none, or more than the server takes; `errors` point at each place.
        """
        content = file.encode() if isinstance(file, str) else file
        return Session(self._caller, self._caller.upload("/sessions/import", content))

    def moment(self, link: str) -> Json:
        """Show the moment that a link holds, as the session it would start; nothing is started.

        Args:
            link: whole, or only what stands behind `#moment=`.
        """
        found: Json = self._caller.look(f"/moments/{_token(link)}").json()
        return found

    def presets(self) -> list[Json]:
        """List the ready-made networks."""
        found: list[Json] = self._caller.look("/presets").json()
        return found

    def preset(self, preset_id: str) -> Json:
        """Show a ready-made network as the session it would start; nothing is started."""
        found: Json = self._caller.look(f"/presets/{preset_id}").json()
        return found

    def datasets(self) -> list[Json]:
        """List the data sets."""
        found: list[Json] = self._caller.look("/datasets").json()
        return found

    def dataset(self, dataset_id: str) -> Json:
        """Show a data set with its rows."""
        found: Json = self._caller.look(f"/datasets/{dataset_id}").json()
        return found


def _token(link: str) -> str:
    return link.rpartition("#moment=")[2]
