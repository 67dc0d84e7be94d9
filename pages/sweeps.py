"""The page sweeps."""

from seqlab.ui.studios.sweeps.page import PAGE

PAGE.draw()
