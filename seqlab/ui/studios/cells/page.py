"""Cells: the course's figures reproduced, GRUs set by hand, conventions that differ, errors that grow."""

from seqlab.ui.runs.frames import plain
from seqlab.ui.shell.page import Card, Page, Section
from seqlab.ui.studios.cells.sections import chosen_section

PAGE = Page(
    "cells", "Cells", ":material/memory:", Section.INSIDE, 2, plain(chosen_section),
    caption="What RNN, GRU, LSTM and attention compute, how closely NumPy and torch agree on it, and where they "
    "cannot.",
    card=Card("Where torch and NumPy part", "Published figures, conventions that differ, errors that grow, gradients."))
