"""Exercises: what the chapter asks, what one expects, a button to do each, and then ours and the published figures."""

from seqlab.ui.runs.frames import plain
from seqlab.ui.shell.page import Page, Section
from seqlab.ui.studios.exercises.exercises import exercises

PAGE = Page(
    "exercises", "Exercises", ":material/school:", Section.TEXT, 4, plain(exercises),
    caption="The Time Machine chapter's ten and two assignments: say what you expect, run it, then open the answer.")
