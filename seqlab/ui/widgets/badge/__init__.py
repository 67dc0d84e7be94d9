"""The badge: how far torch and NumPy differ, for exactly what the explorer on the same channel shows."""

from collections.abc import Mapping

from seqlab.ui.widgets import component, finite

_mount = component("badge")


def badge(proof: Mapping[str, object], *, key: str) -> None:
    """Show a proof; its height is the same in every state.

    ``channel`` and ``id`` (of the film) say what it is about; without a channel it speaks for its one frame.
    ``state`` is proved, pending or unavailable (then with a ``message``), ``frames`` holds for each ``step`` the
    largest |Δ| in ``float32`` and ``float64``, the first ``fault`` (a place, or None) and, where float32 parts by
    rounding alone, ``rounding`` (a sentence, or None); ``tolerance``, ``numbers``, ``against`` and ``compares`` are for
    the explanation.
    """
    _mount(data=finite(dict(proof)), key=key)
