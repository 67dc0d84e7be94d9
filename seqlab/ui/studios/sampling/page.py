"""Sampling: text drawn from a network, and every number down to the random draw that chose each character."""

from seqlab.ui.runs.frames import studio
from seqlab.ui.runs.opens import PREDICTS
from seqlab.ui.shell.navigation import link
from seqlab.ui.shell.page import Card, Page, Section
from seqlab.ui.studios.sampling.studio import sampling_studio

PAGE = Page(
    "sampling", "Sampling", ":material/casino:", Section.TEXT, 2,
    studio(sampling_studio, lambda: link("text", "Train one in the Text lab")),
    caption="Text drawn from a network, down to the random number that chose each character. Drag T and see the "
    "choice change.",
    card=Card("Turn the temperature", "From cold to hot: which characters may come, and the draw that chose one."),
    opens=PREDICTS,
    empty="There is no network yet that text can be drawn from. Train one in the Text lab: half a minute is enough "
    "for words.")
