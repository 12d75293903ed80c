"""Files that nobody sends in good faith, and honest ones as large as they may be: CSV, exported sessions, links."""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from random import Random
from typing import Any, Final

SESSIONS: Final = "/api/v1/sessions"
IMPORT: Final = f"{SESSIONS}/import"
WORKS: Final = (201,)
REFUSED: Final = (413, 422)
EITHER: Final = (201, 413, 422)
FOX: Final = "🦊"


@dataclass(frozen=True)
class File:
    """Hold a file as it is sent.

    Args:
        name: what is odd about it.
        method, path, body: the request.
        answers: the statuses it may be answered with.
        cells: how many numbers the session it leads to keeps, in each of two ways.
    """

    name: str
    method: str
    path: str
    body: bytes
    answers: tuple[int, ...]
    cells: int = 0


def csv_body(text: bytes, inputs: list[str], targets: list[str]) -> bytes:
    """Put a CSV file, written as JSON's text already, into a body."""
    chosen = json.dumps({"input_columns": inputs, "target_columns": targets}).encode()
    return b'{"data": {"csv": "' + text + b'", ' + chosen[1:] + b"}"


def csv(
    name: str,
    text: str,
    answers: tuple[int, ...],
    columns: tuple[list[str], list[str]] = (["a"], ["b"]),
    cells: int = 0,
) -> File:
    """Send a text as a CSV file."""
    return File(
        f"CSV: {name}",
        "POST",
        SESSIONS,
        csv_body(json.dumps(text, ensure_ascii=False)[1:-1].encode(), *columns),
        answers,
        cells,
    )


GOOD: Final = "a,b\n1,2\n3,4.5\n-1e-3,0\n"
WIDE: Final = [f"c{k}" for k in range(25)]


def small_csv_files() -> Iterator[File]:
    """Yield CSV files that say odd things in few words."""
    yield csv("plain UTF-8", GOOD, WORKS)
    yield csv("a byte order mark", "\ufeff" + GOOD, WORKS)
    yield csv("semicolons", GOOD.replace(",", ";"), WORKS)
    yield csv("CR alone ends lines", GOOD.replace("\n", "\r"), WORKS)
    yield csv("CR and LF", GOOD.replace("\n", "\r\n"), WORKS)
    yield csv("line ends inside quotation marks", 'a,b\n"x\ny",1\n"z",2\n"x\ny",3\n', WORKS)
    yield csv("formulas", "a,b\n=1+1,1\n@SUM(A1:A9),2\n=1+1,3\n+cmd|' /C calc'!A0,4\n", WORKS)
    yield csv("emoji", f"a,b\n{FOX},1\n🐧,2\n{FOX},3\n", WORKS)
    yield csv("markup", "a,b\n<script>alert(1)</script>,1\n</style>,2\n</style>,3\n", WORKS)
    yield csv("Latin-1 read as UTF-8", "a,b\nl\ufffdge,1\nb\ufffdse,2\nl\ufffdge,3\n", WORKS)
    yield csv("letters that write backwards", "a,b\n\u202egnp,1\nx,2\nx,3\n", WORKS)
    yield csv("NUL", "a,b\n1,\0\n2,3\n", REFUSED)
    yield csv("UTF-16 read as UTF-8", GOOD.encode("utf-16-le").decode("latin-1"), REFUSED)
    yield csv("UTF-16's mark", "\ufffe" + GOOD, EITHER)
    yield csv("unbalanced quotes", 'a,b\n"1,2\n3,4\n', REFUSED)
    yield csv("something after a quote", 'a,b\n"1"x,2\n3,4\n', REFUSED)
    yield csv("rows of all lengths", "a,b\n1\n1,2,3\n\n,\n1,2\n", REFUSED)
    yield csv("names without rows", "a,b\n", REFUSED)
    yield csv("nothing", "", REFUSED)
    yield csv("blank lines", "\n" * 20_000, REFUSED)
    yield csv("commas", "," * 50_000, REFUSED)
    yield csv("no such column", "x,y\n1,2\n3,4\n", REFUSED)
    yield csv("a column twice", "a,a\n1,2\n3,4\n", REFUSED)
    yield csv("NaN and infinity", "a,b\nnan,1\ninf,2\n-Infinity,3\n", EITHER)
    yield csv("numbers too large", "a,b\n1e400,1\n-1e300,2\n1e13,3\n", EITHER)
    yield csv("numbers too small", "a,b\n1e-400,1\n5e-324,2\n0,3\n", EITHER)
    yield csv("other digits", "a,b\n١,1\n1_000,2\n٣,3\n", EITHER)
    yield csv("columns that never change", "a,b\n1,2\n1,2\n", REFUSED)
    yield csv("1,001 columns", ",".join("abcdefghij" * 100 + "k") + "\n", REFUSED)
    yield csv("51 categories", "a,b\n" + "".join(f"w{k},{k}\n" for k in range(51)), REFUSED)
    raw = {
        "a lone surrogate": rb"a,b\n\ud800,1\n2,3",
        "half an escape": rb"a,b\n1,2\u00",
        "bytes of UTF-16": GOOD.encode("utf-16"),
        "bytes of Latin-1": "a,b\\nläge,1\\nbäse,2".encode("latin-1"),
        "bytes of no encoding": b"\xff\xfe\xc0\xaf\xed\xa0\x80",
    }
    for name, text in raw.items():
        yield File(f"CSV: {name}", "POST", SESSIONS, csv_body(text, ["a"], ["b"]), REFUSED)


def large_csv_files() -> Iterator[File]:
    """Yield CSV files of megabytes."""
    chosen = WIDE[:20], WIDE[20:]
    head = ",".join(WIDE) + "\n"
    short = (",".join(str(row * k % 97) for k in range(1, 26)) for row in range(20_000))
    long = (",".join(f"{row * k % 97 / 7:.5f}" for k in range(1, 26)) for row in range(18_900))
    yield csv("as many cells as there may be", head + "\n".join(short), WORKS, chosen, 500_000)
    yield csv("nearly 4 MiB of numbers", head + "\n".join(long), WORKS, chosen, 472_500)
    gaps = (f"{row % 89},{row / 7:.3f}" + ",NA,,0.5" * 7 + f",?,{row}" for row in range(20_000))
    few = (["c0"], ["c1"])
    yield csv("most cells missing", head + "\n".join(gaps), WORKS, few, 40_000)
    yield csv("20,000 rows", "a,b\n" + "7,1\n8,2\n" * 10_000, WORKS, cells=40_000)
    yield csv("20,001 rows", "a,b\n" + "7,1\n8,2\n" * 10_000 + "9,1\n", REFUSED)
    yield csv("1e6 columns", ",".join(["a"] * 1_000_000) + "\n", REFUSED)
    yield csv("1e6 commas in a row", "a,b\n" + "," * 1_000_000, REFUSED)
    yield csv("a cell of 3 MB", "a,b\n" + "9" * 3_000_000 + ",1\n", REFUSED)
    yield csv("a quotation mark that stays open", 'a,b\n"' + "x\n" * 1_000_000, REFUSED)
    yield csv("line ends alone", "a,b\n" + "\n" * 2_000_000, REFUSED)
    yield csv("1e6 emoji", "a,b\n" + FOX * 1_000_000, REFUSED)
    yield csv("one emoji in 4 MB", "a,b\n" + ("x" * 998 + ",1\n") * 3_900 + FOX, REFUSED)
    yield csv("an emoji in every cell", "a,b\n" + ("x" * 990 + FOX + ",1\n") * 3_900, REFUSED)
    yield csv(
        "20,000 emoji in rows",
        f"a,b\n{FOX},1\n🐧,2\n" * 1 + f"{FOX},3\n" * 19_000,
        WORKS,
        cells=38_002,
    )
    yield csv("5 MiB", "a,b\n" + "1,2\n" * 1_400_000, (413,))
    escapes = b"a,b\\n" + b"\\u00e9" * 690_000
    yield File("CSV: 4 MiB of escapes", "POST", SESSIONS, csv_body(escapes, ["a"], ["b"]), REFUSED)


Document = dict[str, Any]
STRANGE: Final = [f"k{number}" for number in range(980)]
HEAD: Final = b'{"format": "glassbox-session", "version": 1, '


def session_file(
    name: str, body: bytes, answers: tuple[int, ...] = REFUSED, cells: int = 0
) -> File:
    """Send bytes as an exported session."""
    return File(f"session: {name}", "POST", IMPORT, body, answers, cells)


def large_session_files(honest: Document) -> Iterator[File]:
    """Yield session files of megabytes; `honest` is an exported one."""
    yield session_file("deep nesting", HEAD + b'"data": ' + b"[" * 1_000_000)
    yield session_file("deep objects", HEAD + b'"data": ' + b'{"a":' * 600_000)
    yield session_file("deep, and few", HEAD + b'"data": ' + b"[" * 5_000 + b" " * 3_000_000)
    yield session_file("2e6 zeros", HEAD + b'"data": [' + b"0," * 2_000_000 + b"0]}")
    yield session_file("1e6 empty lists", HEAD + b'"data": [' + b"[]," * 1_000_000 + b"0]}")
    yield session_file(
        "as many lists as there may be", HEAD + b'"data": [' + b"[]," * 86_000 + b"0]}"
    )
    yield session_file(
        "as many keys as there may be",
        HEAD + b",".join(b'"k%d":0' % k for k in range(80_000)) + b"}",
    )
    yield session_file("a number of 4e6 digits", HEAD + b'"focus": ' + b"9" * 4_000_000 + b"}")
    yield session_file(
        "4e6 digits after the point", HEAD + b'"focus": 0.' + b"9" * 4_000_000 + b"}"
    )
    yield session_file("1e6 emoji", HEAD + b'"title": "' + FOX.encode() * 1_000_000 + b'"}')
    yield session_file(
        "one emoji in 4 MB", HEAD + b'"title": "' + b"x" * 4_000_000 + FOX.encode() + b'"}'
    )
    yield session_file("blanks", HEAD + b" " * 4_000_000 + b'"focus": 0}')
    yield session_file("5 MiB", HEAD + b" " * 5_300_000 + b"}", (413,))
    yield session_file("strange keys everywhere", json.dumps(crowded(honest)).encode())
    yield session_file("too many rows", with_rows(honest, ["1 2"] * 90_000))
    yield session_file("rows of emoji", with_rows(honest, [FOX * 20] * 45_000))
    yield session_file("a row of 4 MB", with_rows(honest, ["1 " * 2_000_000]))
    wide = [" ".join(str(row * k % 97 / 8) for k in range(1, 26)) for row in range(20_000)]
    by_hand = [" ".join(f"={row * k % 97}" for k in range(1, 26)) for row in range(20_000)]
    for name, rows in (
        ("as many cells as there may be", wide),
        ("every cell set by hand", by_hand),
    ):
        yield session_file(name, with_rows(widened(honest), rows), WORKS, 500_000)


def crowded(value: Any) -> Any:
    """Return a document whose every object has hundreds of keys that nobody knows."""
    if isinstance(value, dict):
        return {key: crowded(inner) for key, inner in value.items()} | dict.fromkeys(STRANGE, 0)
    return [crowded(inner) for inner in value] if isinstance(value, list) else value


def with_rows(document: Document, rows: list[str]) -> bytes:
    """Return a document whose table has other rows."""
    table = {**document["data"][0]["table"], "rows": rows, "row_numbers": None}
    return json.dumps({**document, "data": [{"table": table}]}, ensure_ascii=False).encode()


def widened(document: Document) -> Document:
    """Return a document of 22 inputs, three outputs and one layer."""
    columns = [{"name": name, "kind": "none"} for name in WIDE]
    table = {
        **document["data"][0]["table"], "inputs": columns[:22], "targets": columns[22:], "classes": [],
    }  # fmt: skip
    numbers = {"weights": [[[0.01] * 22] * 3], "biases": [[0.01] * 3]}
    branch = {
        **document["branches"][0],
        "network": {
            "layers": [{"size": 3, "activation": "linear"}], "cost": "mse", "initializer": "zeros",
            "seed": 0,
        },
        "training": {"batch_size": 10, "learning_rate": 0.001},
        "iteration": 0,
        "epoch": {"number": 0, "iteration": 0},
        "state": {**numbers, "moments": [], "updates": 0},
    }  # fmt: skip
    return {
        **document,
        "data": [{"table": table}],
        "branches": [branch],
        "position": {"iteration": 0, "event": 0},
        "focus": 0,
        "state": None,
        "history": {"iterations": 0, "stride": 1, "first": 0, "costs": []},
        "checkpoints": [],
    }


def told_otherwise(honest: Document) -> Iterator[File]:
    """Yield session files that are no JSON, or say something twice, or are of another version."""
    text = json.dumps(honest)
    whole = text.encode()
    yield session_file("an honest one", whole, WORKS)
    for name, body in {
        "cut off": whole[: len(whole) // 2],
        "twice": whole + whole,
        "in a list": b"[" + whole + b"]",
        "in quotation marks": json.dumps(text).encode(),
        "after a byte order mark": b"\xef\xbb\xbf" + whole,
        "in UTF-16": text.encode("utf-16"),
        "packed": zlib.compress(whole),
        "a ZIP": b"PK\x03\x04" + bytes(100),
        "a pickle": b"\x80\x04\x95\x0e\x00\x00\x00\x00\x00\x00\x00\x8c\x05posix\x94.",
        "nothing": b"",
        "null": b"null",
        "a number": b"1",
        "another API's body": b'{"preset": "article"}',
        "an outer key twice": whole.replace(b'"focus"', b'"focus": 0, "focus"', 1),
        "an inner key twice": whole.replace(b'"updates"', b'"updates": 0, "updates"', 1),
        "a lone surrogate": whole.replace(b'"title": "', b'"title": "\\ud83d', 1),
        "a NaN": whole.replace(b'"costs": [', b'"costs": [NaN, ', 1),
        "an infinity": whole.replace(b'"costs": [', b'"costs": [-Infinity, ', 1),
    }.items():
        yield session_file(name, body)
    for version in (0, 2, -1, 1.5, "1", None, True, [1], 2**70, 10**300):
        yield session_file(
            f"version {str(version)[:20]}", json.dumps({**honest, "version": version}).encode()
        )


HOSTILE_VALUES: Final[tuple[Any, ...]] = (
    None, True, -1, 0, 1, 0.5, 2**53, 2**53 + 1, 2**64, 10**400, -1e308, 1e308, 5e-324, "", "x", "1",
    "\0", "\u202e", "=1", "1 1", "a" * 5_000, [], [[]], [0], {}, {"a": 1}, [None], [1] * 200,
)  # fmt: skip


def places(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Yield the path to every value of a document; of a long list to its first entries."""
    yield path
    entries: Any = ()
    if isinstance(value, dict):
        entries = value.items()
    elif isinstance(value, list):
        entries = enumerate(islice(value, 3))
    for key, inner in entries:
        yield from places(inner, (*path, key))


def replaced(value: Any, path: tuple[Any, ...], other: Any) -> Any:
    """Return a document with another value at a path."""
    if not path:
        return other
    copy: Any = dict(value) if isinstance(value, dict) else list(value)
    copy[path[0]] = replaced(copy[path[0]], path[1:], other)
    return copy


def tampered(honest: Document, count: int) -> Iterator[File]:
    """Yield so many session files with a hostile value at one place or two."""
    random = Random(19)
    everywhere = [path for path in places(honest) if path]
    for number in range(count):
        document = honest
        # Every place has its turn, then places are drawn.
        paths = [everywhere[number]] if number < len(everywhere) else random.sample(everywhere, 2)
        said = []
        for path in paths:
            other = random.choice(HOSTILE_VALUES)
            try:
                document = replaced(document, path, other)
            except (IndexError, KeyError, TypeError):
                continue
            said.append(f"/{'/'.join(map(str, path))} is {str(other)[:20]!r}")
        yield session_file(" and ".join(said), json.dumps(document).encode(), EITHER)


def token_of(raw: bytes) -> bytes:
    """Write bytes in the letters of a link."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=")


def links(honest: bytes) -> Iterator[File]:
    """Yield tokens of links, each looked at and started from; `honest` is one as the server wrote it."""
    raw = base64.urlsafe_b64decode(honest + b"=" * (-len(honest) % 4))
    document = json.loads(zlib.decompress(raw))
    for name, token, answers in _tokens(honest, raw, document):
        looks = tuple(200 if status == 201 else status for status in answers)
        yield File(
            f"link: {name}, looked at",
            "GET",
            f"/api/v1/moments/{token.decode()}",
            b"",
            (*looks, 431),
        )
        body = json.dumps({"moment": token.decode()}).encode()
        yield File(f"link: {name}, started from", "POST", SESSIONS, body, answers)


def _tokens(
    honest: bytes, raw: bytes, document: Document
) -> Iterator[tuple[str, bytes, tuple[int, ...]]]:
    yield "an honest one", honest, WORKS
    bombs = {
        "50 MB of blanks": b" " * 50_000_000,
        "1 MiB of zeros": HEAD + b'"data": [' + b"0," * 520_000 + b"0]}",
        "1 MiB of lists": HEAD + b'"data": [' + b"[]," * 340_000 + b"0]}",
        "deep nesting": b"[" * 1_000_000,
        "a number of 1e6 digits": HEAD + b'"focus": ' + b"9" * 1_000_000 + b"}",
        "1 MiB of emoji": HEAD + b'"title": "' + FOX.encode() * 250_000 + b'"}',
        "16 MiB of a bomb in a bomb": zlib.compress(zlib.compress(bytes(2**24), 9), 9),
    }
    for name, bomb in bombs.items():
        yield name, token_of(zlib.compress(bomb, 9)), (422,)
    deflater = zlib.compressobj(wbits=-15)
    lies = {
        "without a header": deflater.compress(json.dumps(document).encode()) + deflater.flush(),
        "gzip": zlib.compressobj(wbits=31).compress(b"x") + raw,
        "a wrong checksum": raw[:-4] + bytes(4),
        "a header that lies": bytes([raw[0] ^ 0x70]) + raw[1:],
        "a dictionary nobody has": b"\x78\xbb" + raw[2:],
        "cut off": raw[:-30],
        "no more than a header": raw[:2],
        "random bytes": Random(1).randbytes(2_000),
    }
    for name, lie in lies.items():
        yield name, token_of(lie), (422,)
    yield "two behind one another", token_of(raw + raw), EITHER
    yield "no letters of a link", b"~" * 40, (422,)
    random = Random(2)
    everywhere = [path for path in places(document) if path]
    for path in random.sample(everywhere, 25):
        other = replaced(document, path, random.choice(HOSTILE_VALUES))
        said = f"/{'/'.join(map(str, path))} tampered with"
        yield said, token_of(zlib.compress(json.dumps(other).encode(), 9)), EITHER
