"""Reading: what surprises a network, how it does on other books, how far back it sees, what its embedding knows."""

from seqlab.ui.runs.frames import studio
from seqlab.ui.runs.opens import PREDICTS
from seqlab.ui.shell.navigation import link
from seqlab.ui.shell.page import Page, Section
from seqlab.ui.studios.reading.sections import chosen_section

PAGE = Page(
    "reading", "Reading", ":material/chrome_reader_mode:", Section.TEXT, 3,
    studio(chosen_section, lambda: link("text", "Train one in the Text lab")),
    caption="What a network makes of any text: what surprises it, how far back it can see, and what its embedding "
    "knows.",
    opens=PREDICTS,
    empty="There is no network yet that predicts text. Train one in the Text lab: it writes words after half a "
    "minute.",
    sections={
        "What surprises it": "Each character of a text by how surprised the network was.",
        "Another book": "The loss and the perplexity of the network on texts that it never read.",
        "How far back": "What the network gains from more of the text before.",
        "One-hot is an embedding": "A one-hot code times a matrix is a row of it; which characters have rows alike.",
    })
