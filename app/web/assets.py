"""Files for the browser: found, read once, compressed once, and checked by ETag each time."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from anyio import to_thread
from fastapi import Request
from starlette.exceptions import HTTPException
from starlette.responses import Response

# Not the system's table: on some machines it calls JavaScript text/plain.
MEDIA_TYPES: Final[Mapping[str, str]] = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".ico": "image/x-icon",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".webmanifest": "application/manifest+json",
    ".woff2": "font/woff2",
}
# Kept by the browser, but asked for again each time: an update is seen at once.
REVALIDATE: Final = "no-cache"
# Below this a packet holds it anyway; the layer that compresses answers has the same bound.
SMALLEST_PACKED: Final = 1_000


def web_root() -> Path:
    """Find the folder that holds `static` and `templates`: in the wheel, else in the checkout."""
    here = Path(__file__).resolve()
    packed = here.parents[1] / "_web"
    return packed if packed.is_dir() else here.parents[2]


@dataclass(frozen=True)
class Document:
    """Hold what is sent for one address, plain and compressed.

    Args:
        media_type: The Content-Type.
        content: The bytes.
        packed: The bytes compressed with gzip, None where that does not help.
        tag: A name for exactly these bytes.
    """

    media_type: str
    content: bytes
    packed: bytes | None
    tag: str

    @classmethod
    def of(cls, content: bytes, media_type: str) -> Document:
        """Compress and name some bytes."""
        packed = gzip.compress(content, 9, mtime=0) if len(content) >= SMALLEST_PACKED else None
        if packed is not None and len(packed) > 0.9 * len(content):
            packed = None
        return cls(media_type, content, packed, hashlib.sha256(content).hexdigest()[:20])

    def answer(self, request: Request, headers: Mapping[str, str]) -> Response:
        """Send the bytes, compressed if the browser can, or 304 if it has them."""
        offers = request.headers.get("accept-encoding", "")
        packed = self.packed if "gzip" in offers else None
        tag = f'"{self.tag}"' if packed is None else f'"{self.tag}-gz"'
        if _has(request, {f'"{self.tag}"', f'"{self.tag}-gz"'}):
            return Response(status_code=304, headers={**headers, "ETag": tag})
        sent = {**headers, "ETag": tag, "Content-Type": self.media_type}
        if packed is None:
            return Response(self.content, headers=sent)
        sent |= {"Content-Encoding": "gzip", "Vary": "Accept-Encoding"}
        return Response(packed, headers=sent)


class Assets:
    """Answer with the files of one folder, and of no other."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder.resolve()
        self._read: dict[Path, tuple[tuple[int, int], Document]] = {}
        self._joined: dict[tuple[str, ...], Document] = {}

    async def answer(self, request: Request) -> Response:
        """Answer with the file named by the path parameter `name`."""
        document = await self.find(request.path_params["name"])
        if document is None:
            raise HTTPException(404)
        return document.answer(request, {"Cache-Control": REVALIDATE})

    async def joined(self, names: Iterable[str]) -> Document:
        """Return files of one kind one after the other, as one: for each request costs a round trip.

        Raises:
            HTTPException: One of them is not there.
        """
        parts = [await self.find(name) for name in names]
        found = [part for part in parts if part is not None]
        if len(found) < len(parts):
            raise HTTPException(404)
        tags = tuple(part.tag for part in found)
        if tags not in self._joined:
            content = b"\n".join(part.content for part in found)
            document = await to_thread.run_sync(Document.of, content, found[0].media_type)
            self._joined = {tags: document}
        return self._joined[tags]

    async def find(self, name: str) -> Document | None:
        """Return a file of the folder as it is now, None when there is none of that name."""
        try:
            path = (self.folder / name).resolve()
            if not path.is_relative_to(self.folder) or not path.is_file():
                return None
            found = path.stat()
        except (OSError, ValueError):
            # A name that is too long, or that no file can have.
            return None
        stamp = (found.st_mtime_ns, found.st_size)
        known = self._read.get(path)
        if known is None or known[0] != stamp:
            document = await to_thread.run_sync(_load, path)
            known = self._read[path] = (stamp, document)
        return known[1]


def _load(path: Path) -> Document:
    media_type = MEDIA_TYPES.get(path.suffix, "application/octet-stream")
    content = path.read_bytes()
    if path.suffix == ".js":
        content = without_comments(content.decode()).encode()
    return Document.of(content, media_type)


def without_comments(script: str) -> str:
    """Leave out the comments that begin a line: a third of a module, and of no use to a browser.

    Every line keeps its number, so that what a browser says of a line is true of the file.
    """
    lines, inside = [], False
    for line in script.split("\n"):
        begins = line.lstrip()
        if inside or begins.startswith("/*"):
            _, closed, rest = line.partition("*/")
            inside = not closed
            lines.append(rest)
        else:
            lines.append("" if begins.startswith("//") else line)
    return "\n".join(lines)


def _has(request: Request, tags: set[str]) -> bool:
    known = request.headers.get("if-none-match", "")
    offered = {tag.strip().removeprefix("W/") for tag in known.split(",")}
    return "*" in offered or bool(offered & tags)
