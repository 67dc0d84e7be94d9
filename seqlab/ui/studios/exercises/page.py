"""Exercises: what the chapter asks, what was published, what comes out here, and a button to do each."""

from seqlab.ui.runs.frames import plain
from seqlab.ui.shell.page import Page, Section
from seqlab.ui.studios.exercises.exercises import exercises

PAGE = Page(
    "exercises", "Exercises", ":material/school:", Section.TEXT, 4, plain(exercises),
    caption="The ten exercises of the Time Machine chapter, and the assignments on sentences and reviews: what the "
    "source says, what its own program gives here, what ours gives, and a button to do each.")
