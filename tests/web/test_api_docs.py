from __future__ import annotations

import base64
import hashlib
import re

from starlette.testclient import TestClient


def test_the_docs_come_from_here_alone(client: TestClient) -> None:
    answer = client.get("/docs")
    assert answer.status_code == 200
    assert not re.search(r"https?://|[\"']//", answer.text)
    named = re.findall(r'(?:src|href)="([^"]+)"', answer.text)
    assert "/docs/files/swagger-ui-bundle.js" in named
    for path in [*named, "/openapi.json"]:
        assert client.get(path).status_code == 200
    # Its default is a checker on the internet.
    assert '"validatorUrl": null' in answer.text


def test_the_docs_policy_is_looser_by_no_more_than_it_needs(client: TestClient) -> None:
    answer = client.get("/docs")
    policy = answer.headers["Content-Security-Policy"]
    (script,) = re.findall(r"<script>(.*?)</script>", answer.text, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert f"script-src 'self' 'sha256-{digest}';" in policy
    assert "style-src 'self' 'unsafe-inline';" in policy
    assert policy.count("unsafe") == 1
    assert "unsafe" not in client.get("/").headers["Content-Security-Policy"]
    bundle = client.get("/docs/files/swagger-ui-bundle.js")
    assert "unsafe" not in bundle.headers["Content-Security-Policy"]


def test_there_is_no_other_way_to_the_docs(client: TestClient) -> None:
    for path in ("/redoc", "/docs/", "/docs/oauth2-redirect", "/docs/files/../core.py"):
        assert client.get(path).status_code == 404
