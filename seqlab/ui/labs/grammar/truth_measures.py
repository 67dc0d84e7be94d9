"""What was measured on many strings: how close the network is to the truth, its probes, and how far it generalises."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from seqlab import notation
from seqlab.errors import Fault
from seqlab.figures.truth import beyond, probe_table
from seqlab.ui.labs.grammar.truth_measured import MEASURES, measured
from seqlab.ui.labs.grammar.truth_string import QUANTITY, STATE, unit_name
from seqlab.ui.proof.drawing import ask_again, prove
from seqlab.ui.proof.snapshot import Snapshot
from seqlab.ui.widgets.plot import still

COLUMNS = ("symbol", "name", "r2", "r2_longer", "layer", "unit", "unit_r2", "unit_r2_longer")


def measures(snapshot: Snapshot) -> None:
    """Ask a worker for what was measured, and draw it; then the string above is drawn once more, with its probes."""
    if measured.known(snapshot) is None:
        if snapshot.run.status.active:  # its next snapshot is a moment away, and the cores are busy
            st.info("What is measured on a thousand strings will stand here when its training has ended.")
            return
        try:
            with st.spinner("Measuring it on a thousand strings …"):
                measured(snapshot)
        except (Fault, TimeoutError) as error:
            why = str(error) if isinstance(error, Fault) else "no worker has answered."
            st.info(f"Nothing was measured: {why}")
            ask_again(st.container(), "measures")
            return
        st.rerun()
    truth = measured(snapshot)
    _closeness(truth, snapshot.run.config.task_config.level)
    _probes(snapshot, truth)
    _generalisation(truth, snapshot.run.config.task_config.level)
    prove(MEASURES, snapshot, key="proof-measures", slot=st.container(key="badge-slot-measures", gap=None))


def _closeness(truth: Mapping[str, Any], level: str) -> None:
    held = truth["held"]
    tiles = ((f"{held['kl']:.4f}", f"KL(truth ‖ model), nats per {level}"), (f"{held['loss']:.4f}", "its loss"),
             (f"{held['floor']:.4f}", "the least that there can be"),
             (f"{held['allowed']:.2%}", "of its probability is on what can stand there"),
             (f"{held['strings']:,}", "held-out strings"))
    st.html('<div class="tiles">' + "".join(f"<p><b>{number}</b><small>{name}</small></p>" for number, name in tiles)
            + "</div>")


def _probes(snapshot: Snapshot, truth: Mapping[str, Any]) -> None:
    """The table of one symbol of the state, the one that is looked at above."""
    symbols = list(dict.fromkeys(probe["symbol"] for probe in truth["probes"]))
    wanted = str(st.session_state.get(STATE))
    symbol = wanted if wanted in symbols else "h"
    layers = snapshot.run.config.network.layers
    rows = [{**probe, "unit": unit_name(probe, layers)} for probe in truth["probes"] if probe["symbol"] == symbol]
    st.subheader("What its state knows")
    if not rows:
        st.caption("Nothing changes along the strings of this language that could be read off a state.")
        return
    st.caption(f"A linear probe reads each quantity off the {notation.symbol(symbol).name} {symbol}, fitted on other "
               "strings. R² = 1 is a perfect reading, 0 no better than the mean; **longer** are strings longer than "
               f"any of the training, which had at most {truth['longest']} tokens"
               + (f" and {truth['deepest']} open brackets." if truth["deepest"] else "."))
    st.html(probe_table(rows, str(st.session_state.get(QUANTITY, ""))))
    st.download_button("Download CSV", lambda: _csv(truth["probes"]), f"{snapshot.run.id}-probes.csv", "text/csv",
                       key="probes-csv", icon=":material/download:", on_click="ignore", type="tertiary",
                       help="R² of every quantity, for all units and for the best one, on held-out and longer strings.")


def _csv(probes: list[dict[str, Any]]) -> str:
    lines = [",".join(COLUMNS)]
    for probe in probes:
        lines.append(",".join(f'"{value}"' if isinstance(value, str) else f"{value:.6g}" for value in
                              (probe[column] for column in COLUMNS)))
    return "\n".join(lines) + "\n"


def _generalisation(truth: Mapping[str, Any], level: str) -> None:
    st.subheader("Beyond the training")
    st.caption("The same network on strings of other lengths. Longer ones are drawn so that, given its length, each is "
               "as probable as in the language. A network that has found the rule stays at 0 and 100%.")
    if truth["depths"]:
        left, right = st.columns(2, gap="medium")
        with right:
            still(beyond(truth["depths"], "depth", truth["deepest"], "open brackets"), key="truth-depths")
    else:
        left = st.container()
    with left:
        still(beyond(truth["lengths"], "length", truth["longest"], f"length of the string in {level}s"),
              key="truth-lengths")
