"""The explorer's pictures as an SVG in the size of a slide, with caption, settings, link and proof."""

from seqlab.export.exports import Export, Leaving


def content(leaving: Leaving) -> bytes:
    """Draw them; raises Fault."""
    from seqlab.export.making.slide import slide  # with Plotly's palettes and, for the proof, torch

    return slide(leaving).encode()


EXPORT = Export("svg", "Picture for a slide", "States and gates as an SVG of 1600 × 900, with settings and link.",
                ".svg", content)
