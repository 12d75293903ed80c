"""Requests that nobody sends in good faith, made from plausible ones: bodies, headers, addresses, methods.

A request is drawn from a seed, so that a finding can be sent again.
"""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

from tests.reliability.openapi_bodies import Plausible, Route
from tests.reliability.raw_http import request

SPOT = "@@here@@"

# Each stands where a value stood.
VALUES = (
    b"NaN",
    b"Infinity",
    b"-Infinity",
    b"1e400",
    b"-1e400",
    b"1e-400",
    b"-0.0",
    b"1.7976931348623157e308",
    b"5e-324",
    b"9007199254740993",
    b"18446744073709551616",
    b"-1",
    b"0",
    b"1" * 4_000,
    b"0." + b"3" * 4_000,
    b"1e" + b"9" * 400,
    b"true",
    b"null",
    b'"3"',
    b'""',
    b'"\\ud800"',
    b'"\\udc00\\ud800"',
    b'"\\u0000"',
    b'"\xff\xfe"',
    b'"\xed\xa0\x80"',
    b'"' + "é𝛿\u202e".encode() + b'"',
    b'"' + b"x" * 70_000 + b'"',
    b'"\n"',
    b"[]",
    b"{}",
    b"[[]]",
    b"[[[]]]",
    b"[null]",
    b"[" * 5_000 + b"]" * 5_000,
    b'{"a":' * 2_000 + b"1" + b"}" * 2_000,
    b"[" * 100_000,
    b"[" + b"0," * 60_000 + b"0]",
    b"[" + b"[0]," * 40_000 + b"[0]]",
    b'{"a":1,"a":2}',
    b'{"__proto__":{"x":1}}',
    b"undefined",
    b"01",
    b"+1",
    b".5",
    b"1_000",
    b"0x10",
    b"'x'",
    b"/* */ 1",
)
TYPES = (
    b"",
    b"text/plain",
    b"application/x-www-form-urlencoded",
    b"multipart/form-data; boundary=x",
    b"application/json; charset=utf-16",
    b"application/json; charset=latin-1",
    b"application/json; charset=" + b"x" * 3_000,
    b"application/json, text/plain",
    b"APPLICATION/JSON",
    b"application/json;;;",
    b"application/problem+json",
    b"\xff\xfe",
)
ODD_HEADERS: tuple[tuple[bytes, bytes], ...] = (
    (b"If-Match", b'"1e9"'),
    (b"If-Match", b'"\xb2"'),
    (b"If-Match", b'"' + b"9" * 400 + b'"'),
    (b"If-Match", b"-1"),
    (b"If-Match", b'"'),
    (b"If-Match", b'W/W/"1"'),
    (b"If-None-Match", b"*"),
    (b"If-None-Match", b'"' + b"x" * 5_000),
    (b"Idempotency-Key", b""),
    (b"Idempotency-Key", b"k" * 201),
    (b"Idempotency-Key", b"k" * 9_000),
    (b"Idempotency-Key", b"\xff\xfe\xe9"),
    (b"Idempotency-Key", b"the same for every request"),
    (b"Accept", b"text/html;q=nan"),
    (b"Accept-Encoding", b"br;q=1, gzip;q=0, *;q=x"),
    (b"Content-Encoding", b"gzip"),
    (b"Content-Encoding", b"identity, identity"),
    (b"Origin", b"http://evil.example"),
    (b"Origin", b"http://[::1"),
    (b"Origin", b"\xff"),
    (b"Sec-Fetch-Site", b"cross-site"),
    (b"Range", b"bytes=0-0,-1"),
    (b"X-Forwarded-For", b"::1, \xff, 999.999"),
    (b"X-HTTP-Method-Override", b"DELETE"),
    (b"Expect", b"200-ok"),
    (b"Upgrade", b"websocket"),
    (b"Cookie", b"a=" + b"b" * 4_000),
    (b"X", b"x" * 20_000),
    (b"Content-Length", b"-1"),
    (b"Content-Length", b"abc"),
    (b"Content-Length", b"1, 2"),
    (b"Content-Length", b"9" * 30),
    (b"Content-Length", "٣".encode()),
    (b"Transfer-Encoding", b"gzip, chunked"),
    (b"Transfer-Encoding", b"chunked"),
    (b"Name with spaces", b"x"),
    (b"N\xff", b"x"),
    (b"X", b"a\x00b"),
    (b"X", b"a\r\n folded"),
    (b"", b"empty"),
)
METHODS = (
    b"GET POST PUT PATCH DELETE HEAD OPTIONS TRACE CONNECT PROPFIND get FOO G\xff " + b"M" * 300
).split()
HOSTS = (b"", b"evil.example", b"localhost:99999999", b"[::1", b"\xff", b"a" * 3_000, b"127.0.0.1")
NAMES = (
    b"%",
    b"%zz",
    b"%00",
    b"%ff%fe",
    b"%c0%af",
    b"%ed%a0%80",
    b"%2e%2e%2f%2e%2e%2fetc%2fpasswd",
    b"..",
    b"../../../etc/passwd",
    b"..%5c..%5c",
    b"/",
    b"a/b/c",
    b"%2F",
    b"x" * 65,
    b"x" * 9_000,
    b"%F0%9F%A7%A0" * 30,
    b"null",
    b"-1",
    b"w[1][0][0]",
    b"w%5B1%5D%5B0%5D%5B0%5D",
    b"w[9999999][0][0]",
    b"w[99999999999999999999][0][0]",
    b"w[1][0]",
    b"a[0][0][0]",
    "w[١][0][0]".encode(),
    b"moment_w[0][1][0][0]",
    b"cost",
    b"cost[0]",
    b"';DROP TABLE sessions;--",
    b"<script>",
    b"AAAA",
    b"eJw" + b"A" * 3_000,
    base64.urlsafe_b64encode(zlib.compress(b"x" * 3_000_000, 9)),
    base64.urlsafe_b64encode(zlib.compress(b"[" * 900_000, 9)),
    base64.urlsafe_b64encode(zlib.compress(b'{"format":1e400}', 9)),
)
TARGETS = (
    b"*",
    b"//",
    b"//evil.example/x",
    b"http://evil.example/",
    b"http://localhost/api/v1/presets",
    b"evil.example:443",
    b"/\xff\xfe",
    b"/static/../../../../etc/passwd",
    b"/static/%2e%2e/%2e%2e/pyproject.toml",
    b"/static/%00",
    b"/static/" + b"a/" * 2_000,
    b"/docs/files/../../../etc/passwd",
    b"/s/%ff",
    b"/api/v1/sessions/",
    b"/api/v1//sessions",
    b"/api/v1/sessions;a=b",
    b"/api/v1/sessions#x",
    b"/?embed&embed=%ff",
    b"/" + b"x" * 20_000,
    b"x",
    b"/a b",
)
QUERY_VALUES = (
    b"",
    b"nan",
    b"inf",
    b"1e999",
    b"-1",
    b"0",
    b"1e3",
    b"1.5",
    b"99999999999999999999999",
    b"9" * 5_000,
    b"%ff",
    b"%",
    b"%00",
    "٣".encode(),
    b"true",
    b"null",
    b"[1]",
    b"1&1",
    b"a;b",
    b"%F0%9F%A7%A0",
    b"1_000",
    b"+1",
    b"%201",
)
RAW = (
    b"GET / HTTP/0.9\r\n\r\n",
    b"GET / HTTP/1.0\r\n\r\n",
    b"GET / HTTP/9.9\r\nHost: localhost\r\n\r\n",
    b"GET /\r\n\r\n",
    b"GET  /  HTTP/1.1\r\nHost: localhost\r\n\r\n",
    b"GET / HTTP/1.1\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
    b"GET / HTTP/1.1\nHost: localhost\n\n",
    b"GET / HTTP/1.1\r\nHost localhost\r\n\r\n",
    b"GET / HTTP/1.1\r\n Host: localhost\r\n\r\n",
    b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(200),
    b"\r\n" * 50 + b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n",
    b"\x00" * 100 + b"\r\n\r\n",
    bytes(range(256)) + b"\r\n\r\n",
    b"A" * 100_000,
    b"GET / HTTP/1.1\r\nHost: localhost\r\n" + b"X: y\r\n" * 5_000 + b"\r\n",
    b"POST /api/v1/sessions HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    b"POST /api/v1/sessions HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
    b"ffffffffffffffffffff\r\n",
    b"POST /api/v1/sessions HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n"
    b"Content-Type: application/json\r\n\r\n2;x=" + b"y" * 20_000 + b"\r\n{}\r\n0\r\n\r\n",
    b"POST /api/v1/sessions HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n"
    b"Content-Length: 4\r\n\r\n0\r\n\r\n",
    b"POST /api/v1/sessions HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\n"
    b"Content-Length: 5\r\n\r\n12345",
)

# Bodies that would be taken as they are: what spoils them is met deep inside.
ROWS = {"inputs": [[0.05, 0.1], [1, 0]], "targets": [[0.01, 0.99], [1, 0]]}
LAYERS = [
    {"size": 3, "activation": "tanh", "biases": [0.1, 0.2, 0.3]},
    {"size": 2, "weights": [[0.1, 0.2, 0.3], [0.4, 0.5, 0.6]]},
]
TRAINING = {
    "learning_rate": 0.1,
    "batch_size": 2,
    "shuffle": True,
    "seed": 3,
    "test_fraction": 0.0,
    "optimizer": {"name": "adam", "beta1": 0.9, "epsilon": 1e-8},
    "l1": 0.01,
    "l2": 0.01,
}
CSV = {"csv": "a,b,c\n1,2,x\n3,5,y\n4,4,x\n", "input_columns": ["a", "b"], "target_columns": ["c"]}
FILES = Path(__file__).parent / "fixtures" / "document-version-1"
GOOD: Mapping[str, tuple[Any, ...]] = {
    "POST /api/v1/sessions": (
        {
            "data": ROWS,
            "network": {"layers": LAYERS, "cost": "mse", "seed": 1},
            "training": TRAINING,
        },
        {"data": CSV, "network": {"layers": [*LAYERS[:1], {"size": 2, "activation": "softmax"}]}},
        {"preset": "article", "training": TRAINING},
        {"data": {"dataset": "penguin-colonies"}, "network": {"initializer": "zeros"}},
    ),
    "PATCH /api/v1/sessions/{session_id}": (
        {"values": {"w[1][0][0]": 0.3, "b[1][0]": 0.1, "a[0][0][0]": 1.0, "y[0][0]": 0.5}},
        {"training": TRAINING},
        {"network": {"layers": LAYERS}, "data": ROWS},
        {"network": {"cost": "half_squared_error", "seed": 4}, "focus": 0},
        {"data": CSV},
    ),
    "POST /api/v1/sessions/import": tuple(
        json.loads((FILES / name).read_text(encoding="utf-8")) for name in ("1.json", "2.json")
    ),
    "POST /api/v1/sessions/{session_id}/predict": ({"inputs": [[1, 2, 3, 4, 5], [0] * 5]},),
    "POST /api/v1/sessions/{session_id}/shock": ({"address": "w[1][0][0]", "by": 0.01},),
    "POST /api/v1/sessions/{session_id}/train": ({"iterations": 5, "until_cost": 0.1},),
}


@dataclass(frozen=True)
class Hostile:
    """Hold a request: what kind of malice it is, its bytes, whether the client then breaks off."""

    kind: str
    raw: bytes
    breaks_off: bool = False


@dataclass
class Corpus:
    """Draw malformed requests.

    Args:
        document: The server's description of itself.
        seed: Of the draws.
        ids: The names a session is known by just now; whoever draws keeps them fresh.
    """

    document: Mapping[str, Any]
    routes: list[Route]
    random: Random
    ids: dict[str, bytes] = field(default_factory=dict)

    def draw(self) -> Hostile:
        """Draw one request."""
        kinds: dict[str, tuple[int, Callable[[], Hostile]]] = {
            "value": (40, self._value),
            "body": (16, self._body),
            "type": (6, self._type),
            "header": (10, self._header),
            "method": (6, self._method),
            "name": (8, self._name),
            "query": (8, self._query),
            "target": (3, self._target),
            "raw": (3, lambda: Hostile("raw", self.random.choice(RAW), True)),
        }
        weights = [weight for weight, _ in kinds.values()]
        _, make = self.random.choices(list(kinds.values()), weights)[0]
        return make()

    def _route(self, *, with_body: bool = False) -> Route:
        fitting = [one for one in self.routes if one.body is not None or not with_body]
        return self.random.choice(fitting)

    def _target_of(self, route: Route, names: Mapping[str, bytes] | None = None) -> bytes:
        target = route.path.encode()
        for name, value in {**self.ids, **(names or {})}.items():
            target = target.replace(b"{" + name.encode() + b"}", value)
        return target

    def _plausible(self, route: Route) -> Any:
        if route.body is None:
            return {}
        good = GOOD.get(f"{route.method} {route.path}", ())
        if good and self.random.random() < 0.7:
            return self.random.choice(good)
        return Plausible(self.document, self.random).value(route.body)

    def _send(
        self, kind: str, route: Route, body: bytes, headers: Iterable[tuple[bytes, bytes]] = ()
    ) -> Hostile:
        sent = [(b"Content-Type", b"application/json"), *headers]
        return Hostile(kind, request(route.method.encode(), self._target_of(route), body, sent))

    def _value(self) -> Hostile:
        """Put something foul where a value stood."""
        route = self._route(with_body=True)
        spoilt = json.dumps(_with_spot(self._plausible(route), self.random)).encode()
        body = spoilt.replace(json.dumps(SPOT).encode(), self.random.choice(VALUES), 1)
        return self._send("value", route, body)

    def _body(self) -> Hostile:
        """Spoil the text of a body as a whole."""
        route = self._route(with_body=True)
        text = json.dumps(self._plausible(route))
        body, place = text.encode(), self.random.randrange(len(text) + 1)
        noise = self.random.randbytes(self.random.randint(1, 40))
        spoilt = self.random.choice(
            (
                body[:place],
                body[:place] + noise + body[place:],
                noise,
                body + body,
                body.replace(b"{", b'{"by":1,"by":2,', 1),
                body.replace(b"{", b'{"unknown":[1,{"a":null}],', 1),
                b"\xef\xbb\xbf" + body,
                text.encode("utf-16"),
                text.encode("utf-32-le"),
                zlib.compress(body),
                b" " * 100_000 + body,
                b"[" + body + b"]",
                b'"' + body + b'"',
                b"",
                b"\x00",
                b"x" * 300_000,
            )
        )
        if self.random.random() < 0.2:
            whole = self._send("broken off", route, body + b"  ")
            return Hostile("broken off", whole.raw[:-1], True)
        return self._send("body", route, spoilt)

    def _type(self) -> Hostile:
        route = self._route(with_body=True)
        body = json.dumps(self._plausible(route)).encode()
        headers = [(b"Content-Type", self.random.choice(TYPES))]
        raw = request(route.method.encode(), self._target_of(route), body, headers)
        return Hostile("type", raw)

    def _header(self) -> Hostile:
        route = self._route()
        body = json.dumps(self._plausible(route)).encode() if route.body else b""
        headers = [self.random.choice(ODD_HEADERS) for _ in range(self.random.randint(1, 2))]
        host = self.random.choice(HOSTS) if self.random.random() < 0.2 else b"localhost"
        sent = [(b"Content-Type", b"application/json"), *headers]
        raw = request(route.method.encode(), self._target_of(route), body, sent, host=host)
        # What such a header says of the body's length may be wrong, so nothing more is to come.
        return Hostile("header", raw, True)

    def _method(self) -> Hostile:
        target = self.random.choice(
            [self._target_of(self._route()), *TARGETS[:6], b"/", b"/healthz"]
        )
        body = self.random.choice((b"", b"{}"))
        headers = [(b"Content-Type", b"application/json")]
        return Hostile("method", request(self.random.choice(METHODS), target, body, headers))

    def _name(self) -> Hostile:
        named = [one for one in self.routes if "{" in one.path]
        route = self.random.choice(named)
        names = {
            part[1:-1]: self.random.choice(NAMES)
            for part in route.path.split("/")
            if part.startswith("{") and (part != "{session_id}" or self.random.random() < 0.3)
        }
        target = self._target_of(route, names)
        body = json.dumps(self._plausible(route)).encode() if route.body else b""
        headers = [(b"Content-Type", b"application/json")]
        return Hostile("name", request(route.method.encode(), target, body, headers))

    def _query(self) -> Hostile:
        route = self._route()
        names = [name.encode() for name in (*route.query, "x", "digits")]
        pairs = [
            self.random.choice(names) + b"=" + self.random.choice(QUERY_VALUES)
            for _ in range(self.random.randint(1, 3))
        ]
        target = self._target_of(route) + b"?" + b"&".join(pairs)
        body = json.dumps(self._plausible(route)).encode() if route.body else b""
        headers = [(b"Content-Type", b"application/json")]
        return Hostile("query", request(route.method.encode(), target, body, headers))

    def _target(self) -> Hostile:
        return Hostile("target", request(b"GET", self.random.choice(TARGETS)))


def _with_spot(value: Any, random: Random) -> Any:
    """Copy a value with a marked spot somewhere in it."""
    if isinstance(value, dict) and value and random.random() < 0.85:
        name = random.choice(list(value))
        return {**value, name: _with_spot(value[name], random)}
    if isinstance(value, list) and value and random.random() < 0.85:
        place = random.randrange(len(value))
        return [*value[:place], _with_spot(value[place], random), *value[place + 1 :]]
    return SPOT
