"""The page sampling."""

from seqlab.ui.studios.sampling.page import PAGE

PAGE.draw()
