"""Cells: the course's figures reproduced, GRUs set by hand, conventions that differ, errors that grow."""

from seqlab.ui.runs.frames import plain
from seqlab.ui.shell.page import Card, Page, Section
from seqlab.ui.studios.cells.sections import chosen_section

PAGE = Page(
    "cells", "Cells", ":material/memory:", Section.INSIDE, 2, plain(chosen_section),
    caption="What RNN, GRU, LSTM and attention compute, how closely NumPy and torch agree on it, and where they "
    "cannot.",
    card=Card("Where torch and NumPy part", "Published figures, conventions that differ, errors that grow, gradients."),
    sections={
        "Five lines": "The course's figures on how closely torch and NumPy agree, measured again on 200 seeds.",
        "Special GRUs": "A GRU set by hand so that it is an RNN, and one that never forgets.",
        "Two conventions": "What z and r mean elsewhere, and what happens where weights of one are read by the other.",
        "Error growth": "How a difference in the last bit grows over time.",
        "Gradients": "How the gradient goes back through time, unit by unit, and what the optimiser makes of it: "
        "vanishing, exploding, clipped.",
    })
