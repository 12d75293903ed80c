"""Hold the house to its plan: which room may import which, how long things are, where colours live."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator, Mapping, Set
from functools import cache
from pathlib import Path
from typing import Final

import pytest

from tests.conftest import ROOT

APP: Final = ROOT / "app"
STATIC: Final = ROOT / "static"
PAGE: Final = STATIC / "js"

# web → sessions → explain, data, lessons → engine → errors; a preset names its data set.
BELOW: Final[Mapping[str, Set[str]]] = {
    "errors": set(),
    "settings": set(),
    "engine": {"errors"},
    "explain": {"engine", "errors"},
    "data": {"engine", "errors"},
    "lessons": {"data", "engine", "errors"},
    "sessions": {"explain", "data", "lessons", "engine", "errors", "settings"},
    "web": {"sessions", "explain", "data", "lessons", "engine", "errors", "settings", "app"},
    "main": {"web", "sessions", "settings", "errors", "app"},
    "client": {"main", "settings", "errors", "app"},
    "__main__": {"main", "web", "settings", "errors", "app"},
    "app": set(),
}
# What a room may use of other people's work; the command and main may use anything.
FOREIGN: Final[Mapping[str, Set[str]]] = {
    "errors": set(),
    "settings": {"platformdirs", "pydantic", "pydantic_settings"},
    "engine": {"numpy"},
    "explain": {"numpy"},
    "data": {"numpy"},
    "lessons": {"numpy"},
    "sessions": {"numpy", "pydantic", "pydantic_core"},
    "client": {"httpx"},
}

LONGEST_FILE: Final = 300
LONGEST_FUNCTION: Final = 40
# A function that must be longer says so, with the reason: "Long because …".
REASON: Final = re.compile(r"(#|//|\*) Long because \w+")
MAY_BE_LONG: Final = {APP / "settings.py"}

# Modules that touch the document. All others are pure, and run without a browser.
DOM_FOLDERS: Final = ("views", "drawing", "card")
DOM_MODULES: Final = {PAGE / name for name in ("main.js", "furnish.js", "dom.js", "mathml.js")}
DOM_NAMES: Final = re.compile(
    r"(?<![.\w'])(document|window|localStorage|sessionStorage|navigator|location|history)\s*[.\[(]"
)
JS_IMPORT: Final = re.compile(r"""(?:^|[;}\s])(?:import|export)\s[^;'"]*?from\s*['"]([^'"]+)['"]""")
JS_BARE_IMPORT: Final = re.compile(r"""\bimport\s*\(?\s*['"]([^'"]+)['"]""")
JS_FUNCTION: Final = re.compile(
    r"^(?P<indent> *)(?:export )?(?:default )?(?:async )?"
    r"(?:function\b.*|(?:const|let) \w+ = (?:async )?(?:\(.*|\w+ =>.*)|(?!if|for|while|switch)\w+\(.*\)) ?\{$"
)
JS_COMMENT: Final = re.compile(r"/\*.*?\*/|(?<![:'\"\w])//[^\n]*", re.DOTALL)

COLOUR: Final = re.compile(r"(?<![&\w])#(?:[0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})\b", re.IGNORECASE)
# The icon in the browser's tab is a picture of its own that no stylesheet reaches.
MAY_HAVE_COLOURS: Final = {STATIC / "css" / "tokens.css", STATIC / "icon.svg"}

PYTHON_FILES: Final = sorted(APP.rglob("*.py"))
JS_FILES: Final = sorted(STATIC.rglob("*.js"))
CSS_FILES: Final = sorted(STATIC.rglob("*.css"))


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def module_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def room_of(module: str) -> str:
    parts = module.split(".")
    return parts[1] if len(parts) > 1 else parts[0]


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def imports_of(path: Path) -> Iterator[str]:
    """Name every module a Python file imports; `from app.engine import tape` is app.engine.tape."""
    known = {module_of(file) for file in PYTHON_FILES}
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name_of(path)}:{node.lineno} imports relatively"
            assert node.module is not None
            parts = [f"{node.module}.{alias.name}" for alias in node.names]
            yield from (part if part in known else node.module for part in parts)


def js_imports_of(path: Path) -> Iterator[Path]:
    text = JS_COMMENT.sub("", path.read_text(encoding="utf-8"))
    for name in {*JS_IMPORT.findall(text), *JS_BARE_IMPORT.findall(text)}:
        assert name.startswith("."), f"{name_of(path)} imports {name!r}, which is not its own"
        yield (path.parent / name).resolve()


def is_pure(path: Path) -> bool:
    inside = path.is_relative_to(PAGE) and path.relative_to(PAGE).parts[0]
    return path not in DOM_MODULES and inside not in (False, *DOM_FOLDERS)


def circle_in(arrows: Mapping[str, Set[str]]) -> list[str]:
    """Walk the arrows from every module; return the first way that leads back into itself."""
    done: set[str] = set()

    def walk(module: str, way: list[str]) -> list[str]:
        if module in way:
            return [*way[way.index(module) :], module]
        if module in done:
            return []
        for target in sorted(arrows.get(module, ())):
            if circle := walk(target, [*way, module]):
                return circle
        done.add(module)
        return []

    return next(filter(None, (walk(module, []) for module in sorted(arrows))), [])


@pytest.mark.parametrize("path", PYTHON_FILES, ids=name_of)
def test_python_imports_point_one_way(path: Path) -> None:
    room = room_of(module_of(path))
    allowed = BELOW[room] | {room}
    own = {module for module in imports_of(path) if module.split(".")[0] == "app"}
    assert {module for module in own if room_of(module) not in allowed} == set()


@pytest.mark.parametrize("path", PYTHON_FILES, ids=name_of)
def test_rooms_use_only_the_packages_they_may(path: Path) -> None:
    room = room_of(module_of(path))
    packages = {module.split(".")[0] for module in imports_of(path)}
    foreign = packages - {"app"} - sys.stdlib_module_names
    assert foreign <= FOREIGN.get(room, foreign)


def test_python_imports_make_no_circle() -> None:
    arrows = {
        module_of(path): {name for name in imports_of(path) if name.startswith("app.")}
        for path in PYTHON_FILES
    }
    assert circle_in(arrows) == []


def test_javascript_imports_make_no_circle() -> None:
    arrows = {name_of(path): {name_of(to) for to in js_imports_of(path)} for path in JS_FILES}
    assert circle_in(arrows) == []


def test_a_circle_would_be_seen() -> None:
    assert circle_in({"a": {"b"}, "b": {"c"}, "c": {"b"}}) == ["b", "c", "b"]


@pytest.mark.parametrize("path", JS_FILES, ids=name_of)
def test_javascript_imports_point_one_way(path: Path) -> None:
    targets = set(js_imports_of(path))
    assert {name_of(target) for target in targets if not target.is_file()} == set()
    if is_pure(path):
        assert {name_of(target) for target in targets if not is_pure(target)} == set()
    if path not in {PAGE / "main.js", PAGE / "furnish.js"}:
        views = {target for target in targets if target.parent == PAGE / "views"}
        assert views == set(), "only main.js and furnish.js know the views"
    assert PAGE / "main.js" not in targets


@pytest.mark.parametrize("path", [path for path in JS_FILES if is_pure(path)], ids=name_of)
def test_pure_modules_know_no_document(path: Path) -> None:
    code = JS_COMMENT.sub("", path.read_text(encoding="utf-8"))
    assert DOM_NAMES.findall(code) == []


@pytest.mark.parametrize("path", [*PYTHON_FILES, *JS_FILES, *CSS_FILES], ids=name_of)
def test_files_are_short(path: Path) -> None:
    lines = len(path.read_text(encoding="utf-8").splitlines())
    assert lines <= LONGEST_FILE or path in MAY_BE_LONG


@pytest.mark.parametrize("path", PYTHON_FILES, ids=name_of)
def test_python_functions_are_short(path: Path) -> None:
    source = path.read_text(encoding="utf-8").splitlines()
    long = []
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            reason = any(map(REASON.search, source[node.lineno - 1 : node.end_lineno]))
            if length_of(node) > LONGEST_FUNCTION and not reason:
                long.append(f"{node.name}: {length_of(node)} lines")
    assert long == []


def length_of(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Count a function's lines without its docstring, which may say what it has to."""
    assert node.end_lineno is not None
    lines = node.end_lineno - node.lineno + 1
    first = node.body[0]
    if ast.get_docstring(node) is not None and first.end_lineno is not None:
        lines -= first.end_lineno - first.lineno + 1
    return lines


@pytest.mark.parametrize("path", JS_FILES, ids=name_of)
def test_javascript_functions_are_short(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    long = [
        f"{name}: {lines} lines"
        for name, lines, reason in js_functions(text.splitlines())
        if lines > LONGEST_FUNCTION and not reason
    ]
    assert long == []


def js_functions(lines: list[str]) -> Iterator[tuple[str, int, bool]]:
    """List the functions of a file with their lengths; the functions inside count for themselves."""
    spans = []
    for start, line in enumerate(lines):
        if found := JS_FUNCTION.match(line):
            closing = found["indent"] + "}"
            end = next(i for i in range(start, len(lines)) if lines[i].startswith(closing))
            spans.append((start, end))
    for start, end in spans:
        inner = [(s, e) for s, e in spans if start < s and e < end]
        within = {i for s, e in inner for i in range(s, e + 1)}
        reason = any(map(REASON.search, lines[start : end + 1]))
        yield lines[start].strip(), end - start + 1 - len(within), reason


def test_functions_are_found_and_measured() -> None:
    text = """\
export function outer(a) {
  const inner = (b) => {
    return b;
  };
  return inner(a);
}
"""
    found = {name.split("(")[0]: lines for name, lines, _ in js_functions(text.splitlines())}
    assert found == {"export function outer": 3, "const inner = ": 3}


def test_colours_live_in_one_place() -> None:
    files = [*PYTHON_FILES, *(ROOT / "templates").rglob("*"), *STATIC.rglob("*")]
    found = [
        f"{name_of(path)}:{number} {colour}"
        for path in files
        if path.is_file() and path not in MAY_HAVE_COLOURS and "__pycache__" not in path.parts
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        for colour in COLOUR.findall(line)
    ]
    assert found == []
