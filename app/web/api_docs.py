"""The API's pages at /docs: Swagger UI from this computer, so that it works without a network."""

from __future__ import annotations

import base64
import hashlib
import re
from importlib.resources import files
from pathlib import Path
from typing import Final

from fastapi import FastAPI, Request
from fastapi.openapi.docs import get_swagger_ui_html
from starlette.responses import Response

from app.web.assets import MEDIA_TYPES, REVALIDATE, Assets, Document
from app.web.security import page_policy

_SCRIPT: Final = re.compile(rb"<script>(.*?)</script>", re.DOTALL)


def add_api_docs(app: FastAPI) -> None:
    """Serve Swagger UI, as fastapi-offline ships it, at /docs."""
    html = bytes(
        get_swagger_ui_html(
            openapi_url="/openapi.json",
            title=f"{app.title}: the API",
            swagger_js_url="/docs/files/swagger-ui-bundle.js",
            swagger_css_url="/docs/files/swagger-ui.css",
            swagger_favicon_url="/favicon.ico",
            # Its own default asks a server on the internet to check the document.
            swagger_ui_parameters={"validatorUrl": None},
        ).body
    )
    page = Document.of(html, MEDIA_TYPES[".html"])
    headers = {"Cache-Control": REVALIDATE, "Content-Security-Policy": _policy(html)}

    async def docs(request: Request) -> Response:
        return page.answer(request, headers)

    shipped = Assets(Path(str(files("fastapi_offline") / "static")))
    app.add_route("/docs", docs, methods=["GET"], include_in_schema=False)
    app.add_route(
        "/docs/files/{name:path}", shipped.answer, methods=["GET"], include_in_schema=False
    )


def _policy(html: bytes) -> str:
    """Allow the page's one inline script by its hash, and the styles Swagger UI writes."""
    digests = (hashlib.sha256(script).digest() for script in _SCRIPT.findall(html))
    hashes = " ".join(f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests)
    return (
        page_policy()
        .replace("script-src 'self'", f"script-src 'self' {hashes}")
        .replace("style-src 'self'", "style-src 'self' 'unsafe-inline'")
    )
