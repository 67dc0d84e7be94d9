"""Making a file in another process than the one that is asked for it: the web process has no torch."""

from seqlab.export.exports import Leaving, exports


def made(name: str, leaving: Leaving) -> bytes:
    """Make the file of a form; raises Fault where the run cannot leave so."""
    return exports()[name].made(leaving)
