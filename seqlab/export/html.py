"""A view as one HTML file that works without a server or a network; a notebook shows the same document in a frame."""

from collections.abc import Callable
from dataclasses import replace
from html import escape

from seqlab.export.exports import Export, Leaving
from seqlab.reference.changed import Changes
from seqlab.tasks.hello import HelloConfig
from seqlab.training.inputs import Given
from seqlab.training.run import Run


def explorer_html(run: Run, given: Given | None = None, *, condition: int | None = None, step: int | None = None,
                  changes: Changes = ()) -> str:
    """Write the explorer of a run on a text, symbols or ids as one HTML document; raises Fault."""
    return _document("explorer", replace(Leaving.of(run, given, condition, step), changes=changes))


def framed(document: str, height: int = 900) -> str:
    """Put a document into a frame of another one, such as a notebook's cell."""
    return (f'<iframe srcdoc="{escape(document)}" style="width: 100%; height: {height}px; border: 0" '
            'title="seqlab"></iframe>')


def _document(view: str, leaving: Leaving) -> str:
    from seqlab.export.making import page  # with Plotly's palettes and, for the proof, torch

    make: Callable[[Leaving], page.View] = getattr(page, view)  # a function there for each view
    return page.document(leaving, make(leaving))


def _file(view: str) -> Callable[[Leaving], bytes]:
    return lambda leaving: _document(view, leaving).encode()


def _unless(fits: Callable[[Run], bool], reason: str) -> Callable[[Run], str]:
    return lambda run: "" if fits(run) else reason


WORKS = "A page that works from a USB stick, without a server or a network."
EXPORT = (
    Export("html", "Explorer, as a page", WORKS, ".html", _file("explorer")),
    Export("html-attention", "Attention, as a page", WORKS, "-attention.html", _file("attention"),
           _unless(lambda run: "attention" in run.core.symbols, "This network has no attention to show.")),
    Export("html-hello", "Every weight, as a page", WORKS, "-hello.html", _file("hello"),
           _unless(lambda run: issubclass(run.config.task_spec.config, HelloConfig),
                   "Only the small networks of the Hello lab can be drawn weight by weight.")),
    Export("html-sampling", "Sampled text, as a page", WORKS, "-sampling.html", _file("sampling"),
           _unless(lambda run: run.predicts_next, "This network does not predict its own next input, so no text can be "
                   "drawn from it.")),
)
