"""What the README and the other pages say is true: their commands, their script, their links."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT, AppServer

README = (ROOT / "README.md").read_text(encoding="utf-8")
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
LINK = re.compile(r"\[[^\]]*\]\(([^)#\s]+)(?:#[^)]*)?\)")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)


def test_the_script_prints_what_the_readme_says(app_server: AppServer) -> None:
    (script,), (printed,) = blocks("python"), blocks("text")
    assert "http://127.0.0.1:8000" in script
    said = subprocess.run(
        [sys.executable, "-W", "error", "-X", "utf8"],
        input=script.replace("http://127.0.0.1:8000", app_server.url),
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    assert said.stdout == printed


def test_the_script_has_ten_lines() -> None:
    assert len([line for line in blocks("python")[0].splitlines() if line]) == 10


def test_two_commands_do_everything() -> None:
    commands = [line for block in blocks("sh") for line in block.splitlines()]
    whole = [command for command in commands if command.startswith("python3 -m venv ")]
    assert len(whole) == 2
    assert whole[0].endswith(".venv/bin/glassbox --open")
    assert whole[1].endswith(".venv/bin/python -m tests")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(page: Path) -> None:
    targets = LINK.findall(page.read_text(encoding="utf-8"))
    local = [target for target in targets if "://" not in target]
    assert [target for target in local if not (page.parent / target).exists()] == []
