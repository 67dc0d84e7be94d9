"""The course's five lines, measured now on a worker and put beside the published figures."""

from html import escape
from statistics import median

import numpy as np
import streamlit as st

from seqlab.figures.cells import errors
from seqlab.figures.download import curves_csv
from seqlab.reference.published import LINES
from seqlab.ui.proof import client
from seqlab.ui.proof.store import ANSWERS
from seqlab.ui.proof.waiting import wait_for
from seqlab.ui.shell.faults import show_fault_inline
from seqlab.ui.shell.theme import is_dark
from seqlab.ui.studios.cells.inputs import seed, short

SEEDS, PORTION, LAST = 100, 20, 999_900

_MARKS = {True: '<b class="ok">✓</b>', False: '<b class="no">✗</b>'}

Errors = dict[str, np.ndarray]  # for each line and seed: NumPy against torch, and torch against its own float64


@st.fragment
@show_fault_inline
def five_lines_section() -> None:
    """Draw the table and every seed's dot."""
    st.caption("Five comparisons from the course, each with its published figure. Here they run again: NumPy "
               "formulas on one side, torch's modules on the other, in float32, with 100 sets of random weights and "
               "inputs.")
    with st.container(horizontal=True, vertical_alignment="bottom", key="five-lines-bar"):
        first = seed("seeds", value=0, last=LAST, step=SEEDS, label="First of 100 seeds", width=220)
        st.button("Run again with other seeds", icon=":material/casino:", on_click=_others, key="others")
        slot = st.empty()
    table, strip = st.columns([11, 10], gap="medium")
    rows = table.empty()
    rows.html(_table({}))
    measured = _measured(first, slot, rows)
    with slot:
        st.download_button("Download CSV", lambda: _csv(first, measured), f"five-lines-{first}.csv", "text/csv",
                           icon=":material/download:", on_click="ignore", key="five-csv",
                           help="Every figure of all 100 seeds.")
    with strip:
        st.plotly_chart(errors({line.name: measured[key][:, 0] for key, line in LINES.items()},
                               {line.name: line.published for line in LINES.values()}, dark=is_dark()),
                        theme=None, key="five-strip", config={"displayModeBar": False})
    st.caption("**✓** the median is within 1e−6 (attention: 5e−8; memory: exactly 0). **torch itself** is the same "
               "module in float32 against its own float64: the part of a difference that "
               "rounding alone explains. A relative error is large where a number is close to 0, so the worst seed "
               "says more about that number than about the formula. Each dot is one seed. Batch 4, 12 steps, 3 inputs, "
               "2 units; for attention batch 4, 8 positions, width 10, 5 heads.")


def _others() -> None:
    st.session_state["seeds"] = (int(st.session_state.get("seeds") or 0) + SEEDS) % (LAST + SEEDS)


def _measured(first: int, slot: st.delta_generator.DeltaGenerator, rows: st.delta_generator.DeltaGenerator) -> Errors:
    """Measure portion by portion; the table is there from the first moment and fills meanwhile."""
    parts: list[Errors] = []
    measured: Errors = {}
    for start in range(0, SEEDS, PORTION):
        slot.progress(start / SEEDS, f"Seeds {first + start} to {first + start + PORTION - 1} …")
        parts.append(_portion(first + start))
        measured = {name: np.concatenate([part[name] for part in parts]) for name in LINES}
        rows.html(_table(measured))
    return measured


@ANSWERS.cached
def _portion(first: int) -> Errors:
    return wait_for(client.five_lines(list(range(first, first + PORTION))))


def _table(measured: Errors) -> str:
    rows = []
    for key, line in LINES.items():
        figures = ("…", "…", "…")
        if key in measured:
            numpy, own = measured[key].T.tolist()
            mark = "" if len(numpy) < SEEDS else _MARKS[median(numpy) <= line.allowed]  # once all are there
            figures = f"<strong>{short(median(numpy))}</strong> {mark}", short(max(numpy)), short(median(own))
        rows.append(f"<tr><th scope=row>{escape(line.name)}<small>{escape(line.compares)} "
                    f"<i>{escape(line.measure).replace(' - ', ' − ')}</i></small></th><td>{short(line.published)}</td>"
                    + "".join(f"<td>{cell}</td>" for cell in figures) + "</tr>")
    heads = "".join(f"<th scope=col>{head}</th>" for head in
                    ("", "published", "NumPy, median", "worst of 100", "torch itself"))
    return f'<table class="five-lines"><thead><tr>{heads}</tr></thead><tbody>{"".join(rows)}</tbody></table>'


def _csv(first: int, measured: Errors) -> str:
    columns = {"seed": np.arange(first, first + SEEDS)}
    for key, line in LINES.items():
        columns |= {line.name: measured[key][:, 0], f"{line.name}, torch itself": measured[key][:, 1]}
    return curves_csv(columns)
