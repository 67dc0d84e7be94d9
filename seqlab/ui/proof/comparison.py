"""The badge of a comparison that belongs to no film: what torch and NumPy say of the numbers beside it."""

from collections.abc import Callable, Mapping, Sequence

import streamlit as st

from seqlab import notation
from seqlab.agreement import Agreement
from seqlab.errors import Fault
from seqlab.ui.widgets.badge import badge


def verdict(found: Mapping[str, Agreement], *, key: str, symbols: Sequence[str] = (), compares: str = "",
            against: str = "torch", channel: str = "", film: str = "") -> None:
    """Draw the badge of a comparison in one or more precisions (``float32``, ``float64``).

    ``symbols`` are explained under "what is this?", ``compares`` is a sentence there on what was compared. Where a
    component in the browser says on a ``channel`` what it shows, the badge speaks for that ``film`` alone.
    """
    fault = next((str(part.first_fault) for part in found.values() if not part.holds), None)
    frame = {"step": 0, "fault": fault, **{precision: part.largest for precision, part in found.items()}}
    explained = [notation.symbol(name) for name in symbols]
    badge({"channel": channel, "id": film or key, "state": "proved", "message": "", "frames": [frame],
           "against": against, "tolerance": {precision: part.tolerance for precision, part in found.items()},
           "compares": compares, "numbers": next(iter(found.values())).numbers,
           "symbols": [{"key": s.key, "name": s.name, "meaning": s.meaning} for s in explained]}, key=key)


def proved(compute: Callable[[], Mapping[str, Agreement]], *, key: str, symbols: Sequence[str] = (),
           compares: str = "", against: str = "torch", channel: str = "", film: str = "") -> None:
    """Compute a comparison, which may wait for a worker, and draw its badge; say in its place why there is none."""
    # The badge of before stays until the next one takes its place; where there was none, one that waits stands there.
    with st.container(gap=None):
        waiting = st.empty()
        if key not in st.session_state.get("proved", ()):
            with waiting.container():
                badge({"channel": "", "id": key, "state": "pending", "message": "", "frames": []}, key=f"{key}-pending")
        try:
            found = compute()
        except (Fault, TimeoutError) as error:
            said = str(error) if isinstance(error, Fault) else "no worker has answered."
            waiting.empty()
            badge({"channel": "", "id": key, "state": "unavailable", "message": f"Not proved: {said}", "frames": []},
                  key=f"{key}-none")
            return
        waiting.empty()
        verdict(found, key=key, symbols=symbols, compares=compares, against=against, channel=channel, film=film)
    st.session_state["proved"] = {*st.session_state.get("proved", ()), key}
