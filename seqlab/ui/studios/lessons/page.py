"""Lessons: every lesson that there is, the next one ready, and a lesson of one's own."""

from seqlab.ui.runs.frames import plain
from seqlab.ui.shell.page import Card, Page, Section
from seqlab.ui.studios.lessons.cards import cards

PAGE = Page(
    "lessons", "Lessons", ":material/signpost:", Section.LABS, 0, plain(cards),
    caption="Each runs beside the real pages: a few words, a question that the network answers, and at the end "
            "something that you made.",
    empty="No lesson is here. Add one from a file below.",
    card=Card("Learn step by step", "From a letter that comes back to a GRU of your own, at your pace."))
