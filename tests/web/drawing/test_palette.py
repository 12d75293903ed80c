from __future__ import annotations

import re

import pytest

from app.web.drawing.palette import USED, palette, parse, role_colour


def test_every_colour_comes_from_the_page() -> None:
    assert set(palette().colours) == set(USED)
    assert all(
        re.fullmatch("#[0-9a-f]{6}", hue) for pair in palette().colours.values() for hue in pair
    )


def test_a_missing_colour_is_not_made_up() -> None:
    with pytest.raises(KeyError):
        parse(":root { --paper: light-dark(#ffffff, #000000); }")


def test_the_style_changes_colours_on_a_dark_screen_only() -> None:
    style = palette().style()
    assert "@media screen and (prefers-color-scheme:dark)" in style
    assert palette().light("paper") not in style
    assert palette().colours["paper"][1] in style


def test_hidden_layers_beyond_the_colours_begin_again() -> None:
    assert [role_colour(f"hidden-{layer}") for layer in (1, 8, 9, 10)] == [
        "hidden-1",
        "hidden-8",
        "hidden-1",
        "hidden-2",
    ]
    assert role_colour("output") == "output"
