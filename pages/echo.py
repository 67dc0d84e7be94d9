"""The page echo."""

from seqlab.ui.labs.echo.page import PAGE

PAGE.draw()
