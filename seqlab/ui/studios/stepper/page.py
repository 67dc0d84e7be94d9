"""Step by step: every formula of a network, with the numbers of one time step put in."""

from seqlab.ui.runs.frames import studio
from seqlab.ui.runs.opens import ANY
from seqlab.ui.runs.training_panel import train_one_button
from seqlab.ui.shell.page import Card, Page, Section
from seqlab.ui.studios.stepper.stepper import stepper

PAGE = Page(
    "stepper", "Step by step", ":material/function:", Section.INSIDE, 1, studio(stepper, train_one_button),
    caption="Every formula that this network computes, letter by letter, with its numbers put in. Keys: **→ ←** lines, "
    "**Shift + → ←** time, **Shift + ↓ ↑** unit.",
    card=Card("Follow one number", "Every formula of any network, with its numbers put in."),
    opens=ANY,
    empty="There is no trained network yet. Train one, which takes a few seconds, and step through its formulas.")
