from __future__ import annotations

import json
import socket
import time
from collections.abc import Iterator
from contextlib import closing

import httpx
import pytest

from tests.conftest import AppServer, StartServer
from tests.reliability.processes import held_by
from tests.web.test_security import check


@pytest.fixture
def impatient(start_server: StartServer) -> AppServer:
    return start_server(env={"GLASSBOX_HEADER_SECONDS": "0.4", "GLASSBOX_KEEP_ALIVE_SECONDS": "1"})


@pytest.fixture
def wire(app_server: AppServer) -> Iterator[socket.socket]:
    with closing(connect(app_server)) as connection:
        yield connection


def connect(server: AppServer) -> socket.socket:
    return socket.create_connection(("127.0.0.1", server.port), 10)


def answers(connection: socket.socket) -> bytes:
    parts = []
    while part := connection.recv(65_536):
        parts.append(part)
    return b"".join(parts)


def one_answer(connection: socket.socket) -> bytes:
    answer = b""
    while not answer.endswith(b'{"status":"ok"}'):
        answer += connection.recv(65_536)
    return answer


def parsed(raw: bytes) -> httpx.Response:
    head, _, body = raw.partition(b"\r\n\r\n")
    status, *lines = head.split(b"\r\n")
    headers = [tuple(line.split(b": ", 1)) for line in lines]
    return httpx.Response(int(status.split()[1]), headers=headers, content=body)  # type: ignore[arg-type]


NO_HTTP = [
    b"GARBAGE\r\n\r\n",
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    b"GET / HTTP/1.1\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
    b"GET /\xff HTTP/1.1\r\nHost: a\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: a\r\nX: \x00\r\n\r\n",
]


@pytest.mark.parametrize("sent", NO_HTTP, ids=repr)
def test_what_is_no_request_gets_a_problem(wire: socket.socket, sent: bytes) -> None:
    wire.sendall(sent)
    answer = parsed(answers(wire))
    assert 400 <= answer.status_code < 500
    problem = json.loads(answer.content)
    assert problem["status"] == answer.status_code
    assert answer.headers["Content-Type"] == "application/problem+json"
    check(answer.headers)


def test_large_headers_get_a_problem(wire: socket.socket) -> None:
    head = b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nX: "
    wire.sendall(head + b"x" * 20_000 + b"\r\n\r\n")
    answer = parsed(answers(wire))
    assert answer.status_code == 431
    check(answer.headers)


def test_headers_that_never_end_get_a_problem(wire: socket.socket) -> None:
    wire.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\nX: ")
    for _ in range(33):
        wire.sendall(b"x" * 500)
        time.sleep(0.002)
    answer = parsed(answers(wire))
    assert answer.status_code == 431
    assert answer.json()["detail"] == "The request's headers are larger than 16,384 bytes."
    check(answer.headers)


def test_headers_up_to_the_limit_are_read(app_server: AppServer) -> None:
    answer = httpx.get(app_server.url + "/healthz", headers={"X": "x" * 15_000})
    assert answer.status_code == 200


def test_slow_headers_are_given_up(impatient: AppServer) -> None:
    with closing(connect(impatient)) as connection:
        began = time.monotonic()
        connection.sendall(b"GET / HTTP/1.1\r\n")
        for _ in range(2):
            time.sleep(0.1)
            connection.sendall(b"X: y\r\n")
        answer = parsed(answers(connection))
    assert answer.status_code == 408
    assert 0.3 < time.monotonic() - began < 2


def test_a_connection_that_says_nothing_is_closed_without_a_word(impatient: AppServer) -> None:
    with closing(connect(impatient)) as connection:
        began = time.monotonic()
        assert answers(connection) == b""
    assert 0.3 < time.monotonic() - began < 2


def test_the_second_request_has_its_own_deadline(impatient: AppServer) -> None:
    request = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"
    with closing(connect(impatient)) as connection:
        for _ in range(3):
            connection.sendall(request)
            assert one_answer(connection).startswith(b"HTTP/1.1 200")
            time.sleep(0.25)
        connection.sendall(request[:9])
        began = time.monotonic()
        assert answers(connection).startswith(b"HTTP/1.1 408")
    assert time.monotonic() - began < 2


def test_an_idle_connection_is_closed_later(impatient: AppServer) -> None:
    with closing(connect(impatient)) as connection:
        connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
        began = time.monotonic()
        assert b"200 OK" in answers(connection)
    assert 0.8 < time.monotonic() - began < 3


def test_a_body_that_breaks_off_into_nonsense_hangs_up(wire: socket.socket) -> None:
    wire.sendall(b"POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nZZZ\r\n")
    assert parsed(answers(wire)).status_code == 400


def test_requests_in_one_packet_are_answered_in_turn(wire: socket.socket) -> None:
    one = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n"
    wire.sendall((one + b"\r\n") * 3 + one + b"Connection: close\r\n\r\n")
    assert answers(wire).count(b"HTTP/1.1 200 OK") == 4


def test_an_upgrade_is_answered_as_a_page(wire: socket.socket) -> None:
    wire.sendall(
        b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade, close\r\n"
        b"Upgrade: websocket\r\nSec-WebSocket-Key: x\r\nSec-WebSocket-Version: 13\r\n\r\n"
    )
    assert answers(wire).startswith(b"HTTP/1.1 ")


def at_rest(server: AppServer) -> int:
    """Count the files a server has open when it has let go of everyone before."""
    counts = []
    for _ in range(20):
        counts.append(held_by(server.pid).files)
        time.sleep(0.05)
    return min(counts)


@pytest.mark.parametrize("closing_header", [b"", b"Connection: close\r\n"])
def test_who_does_not_read_is_hung_up_on(start_server: StartServer, closing_header: bytes) -> None:
    server = start_server(env={"GLASSBOX_REQUEST_SECONDS": "2"})
    # Read and packed once, which takes a busy computer a while.
    httpx.get(f"{server.url}/docs/files/swagger-ui-bundle.js")
    files = at_rest(server)
    asked = b"GET /docs/files/swagger-ui-bundle.js HTTP/1.1\r\nHost: localhost\r\n"
    with closing(socket.socket()) as connection:
        # Small, or the two kernels between them would take the whole answer.
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
        connection.connect(("127.0.0.1", server.port))
        connection.sendall((asked + closing_header + b"\r\n") * 3)
        # The kernels may take the whole of a last answer, and the server be done before anyone looks.
        until = time.monotonic() + 30
        while (
            not closing_header and held_by(server.pid).files <= files and time.monotonic() < until
        ):
            time.sleep(0.01)
        assert closing_header or held_by(server.pid).files > files
        # Two lines: of the answer that was read, and of one that was not.
        assert len(server.requests(least=2)) >= 2
        while held_by(server.pid).files > files and time.monotonic() < until:
            time.sleep(0.05)
        assert held_by(server.pid).files == files
    assert {line["status"] for line in server.requests(least=1)} == {200}
    assert [line for line in server.log().splitlines() if not line.startswith("{")] == []


def test_nothing_of_this_is_a_fault_in_the_log(app_server: AppServer) -> None:
    for sent in NO_HTTP:
        with closing(connect(app_server)) as connection:
            connection.sendall(sent)
            answers(connection)
    assert "Traceback" not in app_server.log()
