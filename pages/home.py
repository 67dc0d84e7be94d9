"""The page home."""

from seqlab.ui.home.page import PAGE

PAGE.draw()
