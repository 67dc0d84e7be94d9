"""Search: which units follow what is true of a text, and where any unit is strongest."""

from seqlab.ui.runs.frames import studio
from seqlab.ui.runs.opens import Opens
from seqlab.ui.runs.training_panel import train_one_button
from seqlab.ui.shell.page import Card, Page, Section
from seqlab.ui.studios.search.view import search_studio

PAGE = Page(
    "search", "Search", ":material/search:", Section.INSIDE, 6, studio(search_studio, train_one_button),
    caption="Mark a stretch of a text, or give a rule: which units follow it, scored where nothing was fitted, and "
    "where any unit is strongest.",
    card=Card("Find the unit for it", "Inside quotes, depth of brackets, any expression: the unit that follows it."),
    opens=Opens("grammar-brackets", texts=True),
    empty="There is no network yet that reads a text. Train one in the Text lab, the Grammar lab or the Sentiment lab.")
