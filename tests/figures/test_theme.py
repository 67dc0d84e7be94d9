import json
import tomllib
from itertools import combinations
from pathlib import Path

import numpy as np
import plotly.graph_objects as go
import pytest

from seqlab import notation
from seqlab.figures.theme import DARK, DASHES, LIGHT, Palette, contrast, palette, scale, template, tokens
from seqlab.reference.core import cores

ROOT = Path(__file__).parents[2]
themes = pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])


def test_contrast_is_that_of_wcag() -> None:
    assert contrast("#ffffff", "#000000") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
    assert contrast("#123456", "#123456") == 1


@themes
@pytest.mark.parametrize("name", ["text", "muted", "accent", "right", "wrong"])
def test_every_text_colour_is_legible_on_page_and_surface(colours: Palette, name: str) -> None:
    for ground in (colours.background, colours.surface):
        assert contrast(getattr(colours, name), ground) >= 4.5


@themes
def test_every_symbol_has_a_legible_colour_of_its_own(colours: Palette) -> None:
    assert set(colours.symbols) == set(DASHES) == {notation.symbol(v).key for c in cores().values() for v in c.views}
    assert notation.SYMBOLS.own  # of a core that brings its own
    assert len(set(colours.symbols.values())) == len(colours.symbols)
    assert all(contrast(colour, colours.background) >= 4.5 for colour in colours.symbols.values())


@pytest.mark.parametrize("cell", list(cores().values()), ids=list(cores()))
@themes
def test_lines_of_one_cell_differ_in_dash_or_in_lightness_too(cell, colours: Palette) -> None:
    for one, other in combinations(cell.views, 2):
        apart = contrast(colours.symbols[one], colours.symbols[other]) > 1.15
        assert DASHES[one] != DASHES[other] or apart, (one, other)


@themes
def test_colour_maps_start_or_centre_on_the_page(colours: Palette) -> None:
    middle = colours.diverging[len(colours.diverging) // 2]
    assert len(colours.diverging) % 2 == 1
    assert contrast(middle, colours.background) < 1.15
    assert contrast(colours.sequential[0], colours.background) < 1.15


@themes
def test_colour_maps_gain_contrast_with_every_stop(colours: Palette) -> None:
    half = len(colours.diverging) // 2
    for ramp in (colours.sequential, colours.diverging[half:], colours.diverging[half::-1]):
        seen = [contrast(colour, ramp[0]) for colour in ramp]
        assert seen == sorted(seen)
        assert seen[-1] > 4


def test_tokens_are_plain_json() -> None:
    again = json.loads(json.dumps(tokens()))
    assert again["dark"]["right"] == DARK.right
    assert again["light"]["symbols"]["h"] == LIGHT.symbols["h"]
    assert {key: again["letters"][key] for key in ("h", "z", "attended")} == {"h": "h", "z": "z", "attended": "m"}


@pytest.mark.parametrize("dark", [False, True])
def test_the_template_takes_the_palette(dark: bool) -> None:
    figure = go.Figure(layout={"template": template(dark)})
    assert figure.layout.template.layout.font.color == palette(dark).text
    assert scale(("#000000", "#888888", "#ffffff")) == [[0.0, "#000000"], [0.5, "#888888"], [1.0, "#ffffff"]]


@pytest.mark.parametrize(("section", "colours"), [("light", LIGHT), ("dark", DARK)])
def test_streamlits_themes_have_the_same_colours(section: str, colours: Palette) -> None:
    config = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    theme = config["theme"][section]
    pairs = {"primaryColor": colours.accent, "backgroundColor": colours.background, "textColor": colours.text,
             "secondaryBackgroundColor": colours.surface, "borderColor": colours.border,
             "greenColor": colours.right, "redColor": colours.wrong}
    assert {name: theme[name] for name in pairs} == pairs


def test_the_server_keeps_to_itself() -> None:
    config = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    assert config["server"]["address"] == "127.0.0.1"
    assert config["server"]["fileWatcherType"] == "none"
    assert config["client"]["showErrorDetails"] == "none"
    assert config["runner"] == {"magicEnabled": False, "postScriptGC": False}
    assert config["browser"]["gatherUsageStats"] is False


@themes
def test_the_two_ends_of_signed_numbers_can_be_told_apart(colours: Palette) -> None:
    low, high = (np.array([int(colour[place:place + 2], 16) for place in (1, 3, 5)]) for colour in
                 (colours.diverging[0], colours.diverging[-1]))
    assert np.linalg.norm(low - high) > 180  # of 442 from black to white; two pale ends were 102 apart
