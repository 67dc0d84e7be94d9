"""The page stepper."""

from seqlab.ui.studios.stepper.page import PAGE

PAGE.draw()
