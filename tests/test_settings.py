from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from pydantic import ValidationError

from app import settings
from app.settings import Settings, as_markdown, complaints, unknown

ROOT = Path(__file__).parents[1]

# The limits the project promises; a change here is a change of the promise.
PROMISED = {
    "host": "127.0.0.1",
    "port": 8000,
    "max_layers": 10,
    "max_layer_neurons": 128,
    "max_parameters": 10_000,
    "max_observations": 20_000,
    "max_cells": 500_000,
    "json_bytes": 256 * 1024,
    "upload_bytes": 4 * 1024 * 1024,
    "header_bytes": 16 * 1024,
    "body_seconds": 10,
    "request_seconds": 15,
    "compute_milliseconds": 250,
    "events_per_answer": 200,
    "undo_edits": 200,
    "max_sessions": 10_000,
    "idle_days": 7,
    "lifetime_days": 30,
    "cache_bytes": 256 * 1024 * 1024,
    "compute_threads": 0,
    "compute_queue": 64,
    "max_number": 1e6,
    "max_learning_rate": 100,
    "max_seed": 2**53 - 1,
    "requests_per_minute": 0,
    "new_sessions_per_hour": 0,
    "shutdown_seconds": 5,
}


@pytest.fixture(autouse=True)
def _without_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.startswith(settings.PREFIX):
            monkeypatch.delenv(name)


def test_the_limits_are_the_promised_ones() -> None:
    made = Settings()
    assert {name: getattr(made, name) for name in PROMISED} == PROMISED


@pytest.mark.parametrize("name", Settings.model_fields)
def test_every_setting_is_documented(name: str) -> None:
    field = Settings.model_fields[name]
    assert field.description
    assert field.description.endswith(".")
    assert "|" not in field.description
    assert isinstance(field.json_schema_extra, dict)
    assert field.json_schema_extra["unit"]


def test_the_stored_page_is_current() -> None:
    stored = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    assert stored == as_markdown(), "write it anew: python -m app.settings > docs/settings.md"


@pytest.mark.parametrize(
    "page", [*sorted((ROOT / "docs").rglob("*.md")), ROOT / "README.md", ROOT / "Dockerfile"]
)
def test_no_page_names_a_setting_that_is_none(page: Path) -> None:
    named = set(
        re.findall(rf"{settings.PREFIX}([A-Z][A-Z_]+[A-Z])", page.read_text(encoding="utf-8"))
    )
    assert {name.lower() for name in named} <= set(Settings.model_fields)


def test_the_module_prints_the_page() -> None:
    said = subprocess.run(
        [sys.executable, "-m", "app.settings"], cwd=ROOT, capture_output=True, check=True
    )
    assert said.stdout.decode() == as_markdown()


def test_the_environment_is_read_when_settings_are_made(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GLASSBOX_PORT", "9000")
    monkeypatch.setenv("GLASSBOX_ALLOWED_HOSTS", "Glass.Example, other.example")
    monkeypatch.setenv("GLASSBOX_IDLE_DAYS", "0.5")
    made = Settings()
    assert made.port == 9000
    assert made.allowed_hosts == ("glass.example", "other.example")
    assert made.idle_days == 0.5
    assert Settings(port=1).port == 1


def test_settings_are_frozen() -> None:
    with pytest.raises(ValidationError):
        Settings().port = 1


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "99999"),
        ("PORT", "many"),
        ("BODY_SECONDS", "nan"),
        ("BODY_SECONDS", "0"),
        ("MAX_NUMBER", "inf"),
        ("TRUSTED_PROXIES", "10.0.0.0/99"),
        ("EMBED_HOSTS", "a.example; script-src *"),
        ("ALLOWED_HOSTS", "a b"),
    ],
)
def test_a_bad_value_is_named_plainly(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(f"GLASSBOX_{name}", value)
    with pytest.raises(ValidationError) as caught:
        Settings()
    said = list(complaints(caught.value))
    assert len(said) == 1
    assert said[0].startswith(f"GLASSBOX_{name}=")
    assert "Value error" not in said[0]


def test_a_name_that_is_no_setting_is_noticed() -> None:
    assert unknown({"GLASSBOX_PROT": "1", "GLASSBOX_PORT": "1", "HOME": "/"}) == ["GLASSBOX_PROT"]


def test_the_store_is_chosen_late_and_nothing_is_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    made = Settings()
    assert made.store_url == f"sqlite:{tmp_path}/glassbox/glassbox.db"
    assert list(tmp_path.iterdir()) == []
    assert Settings(store="memory:").store_url == "memory:"


def test_threads_are_the_cores_unless_chosen() -> None:
    assert Settings().threads >= 1
    assert Settings(compute_threads=3).threads == 3
