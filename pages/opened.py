"""The page opened."""

from seqlab.ui.labs.opened.page import PAGE

PAGE.draw()
