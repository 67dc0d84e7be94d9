"""Is this normal? A run's curves on the band of its recipe, and a sentence where they lie outside."""

from math import exp
from typing import Any

import streamlit as st

from seqlab.tasks import tasks
from seqlab.training.band_recipes import why_unmeasured
from seqlab.training.bands import Band, Bands, config_of
from seqlab.training.diagnosis import diagnose, ruled_out
from seqlab.training.run import Run
from seqlab.ui.shell.foreign import literal

MOST_LOSS = 20.0  # nats, whose exponential has a place on an axis


def drawn(bands: Bands) -> dict[str, Any]:
    """What the live curves draw of bands: areas by column, the perplexity's among them, and words for the legend."""
    columns = {name: _area(band) for name, band in bands.columns.items()}
    of_loss = columns["loss"]
    columns["perplexity"] = of_loss | {line: [exp(min(MOST_LOSS, loss)) for loss in of_loss[line]]
                                       for line in ("low", "high")}
    return {"name": f"10–90 % of {len(bands.seeds)} seeds", "tells": _tells(bands), "columns": columns}


def _area(band: Band) -> dict[str, list[float]]:
    low, _, high = band.lines
    return {"x": list(band.steps), "low": list(low), "high": list(high)}


def _tells(bands: Bands) -> str:
    task, _, name = bands.recipe.partition("/")
    last, steps = bands.columns["loss"].steps[-1], config_of(bands.recipe).steps
    until = f", each for the first {last:,} of its {steps:,} steps" if last < steps else ""
    return (f"The recipe “{tasks()[task].recipes[name].label}” was trained with {len(bands.seeds)} seeds{until}; "
            "eight of ten such runs lie in this area. Settings that differ from the recipe's may lead out of it.")


def said(run: Run, bands: Bands | None) -> None:
    """Say under the curves what is probably wrong, where they lie outside of their band; nothing where they do not.

    Where their recipe has no band, say why.
    """
    if bands is None:
        why = why_unmeasured(run.config)
        if why:
            st.caption(why)
        return
    found = diagnose(run.metrics(), bands, ruled_out(run.config, config_of(bands.recipe), run.status.lr))
    if found:
        with st.container(key="diagnosis"):
            st.caption(f":material/troubleshoot: {literal(found.sentence)}",
                       help="Known causes were tried on this recipe, with several seeds each; this one's curves are "
                            "the nearest to those of this run.")
