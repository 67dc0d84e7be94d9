"""The page hello."""

from seqlab.ui.labs.hello.page import PAGE

PAGE.draw()
