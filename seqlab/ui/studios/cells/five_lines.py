"""The course's five lines, measured now on a worker and put beside the published figures."""

from html import escape

import numpy as np
import streamlit as st

from seqlab.figures.cells import errors
from seqlab.figures.download import curves_csv
from seqlab.studies.cells import LINES, PAIR, ComparedLine
from seqlab.ui.proof import client
from seqlab.ui.proof.store import ANSWERS
from seqlab.ui.proof.waiting import wait_for
from seqlab.ui.shell.charts import chart
from seqlab.ui.shell.faults import show_fault_inline
from seqlab.ui.shell.theme import is_dark
from seqlab.ui.studios.cells.inputs import seed, short

SEEDS, PORTION, LAST = 200, 40, 999_800

_MARKS = {True: '<b class="ok">✓</b>', False: '<b class="no">✗</b>'}

Errors = dict[str, np.ndarray]  # for each line and seed: what it compares, and torch against its own float64


@st.fragment
@show_fault_inline
def five_lines_section() -> None:
    """Draw the table and every seed's dot, and folded below the same with other inputs."""
    st.caption("Five comparisons of the course, each with the number that it prints. Here they run again in its own "
               "setup and by its own measure, with 200 sets of random weights and inputs, in float32.")
    with st.container(horizontal=True, vertical_alignment="bottom", key="five-lines-bar"):
        first = seed("seeds", value=0, last=LAST, step=SEEDS, label="First of 200 seeds", width=220)
        st.button("Run again with other seeds", icon=":material/casino:", on_click=_others, key="others")
        slot = st.empty()
    table, strip = st.columns([12, 9], gap="medium")
    rows = table.empty()
    rows.html(_table({}))
    measured = _measured(first, "course", slot, rows)
    with slot:
        st.download_button("Download CSV", lambda: _csv(first, measured), f"five-lines-{first}.csv", "text/csv",
                           icon=":material/download:", on_click="ignore", key="five-csv",
                           help="Every figure of all 200 seeds.")
    with strip:
        chart(errors({line.name: measured[key][:, 0] for key, line in LINES.items()},
                     {line.name: line.published for line in LINES.values()}, dark=is_dark()),
              key="five-strip", tools=False)
    st.caption(f"Measured on **{_processor()}**: the last bits depend on the processor, which decides in what order "
               "torch adds. Batch 4, 12 steps, 3 inputs, 2 units; for attention batch 4, 8 positions, width 10, "
               "5 heads. Inputs and initial states come from a standard normal; the error is max |x − y| / "
               "max(1e−8, |x| + |y|) of the outputs plus that of the final state, for memory and attention mean "
               "|x − y|. **✓** the median is at or below the published number. **torch itself** is the same module in "
               "float32 against its own float64: what rounding alone explains. Each dot is one seed; those "
               "of a GRU that are not 0 show where torch's e^x is not rounded to the nearest number.")
    with st.expander("The same with inputs from [0, 1)", icon=":material/tune:", key="five-unit",
                     on_change="rerun") as box:
        if box.open:
            _with_other_inputs(first)


def _with_other_inputs(first: int) -> None:
    slot, rows = st.empty(), st.empty()
    rows.html(_table({}))
    _measured(first, "unit", slot, rows)
    slot.caption("States begin at zero and the outputs alone are compared: numbers stay further from 0, and a relative "
                 "error is smaller there. The published numbers belong to the setup above.")


def _others() -> None:
    st.session_state["seeds"] = (int(st.session_state.get("seeds") or 0) + SEEDS) % (LAST + SEEDS)


def _measured(first: int, setup: str, slot: st.delta_generator.DeltaGenerator,
              rows: st.delta_generator.DeltaGenerator) -> Errors:
    """Measure portion by portion; the table is there from the first moment and fills meanwhile."""
    parts: list[Errors] = []
    measured: Errors = {}
    for start in range(0, SEEDS, PORTION):
        slot.progress(start / SEEDS, f"Seeds {first + start} to {first + start + PORTION - 1} …")
        parts.append(_portion(first + start, setup))
        measured = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
        rows.html(_table(measured))
    return measured


@ANSWERS.cached
def _portion(first: int, setup: str) -> Errors:
    return wait_for(client.five_lines(list(range(first, first + PORTION)), setup))


@ANSWERS.cached
def _processor() -> str:
    return wait_for(client.measured_on())


def _table(measured: Errors) -> str:
    rows = []
    for key, line in LINES.items():
        figures = _figures(line, *measured[key].T) if key in measured else ("…", "…", "…")
        pair = _pair(measured[PAIR][:, 0]) if key == "special" and measured else ""
        published = str(line.published).replace("-", "\u2212")
        rows.append(f"<tr><th scope=row>{escape(line.name)}<small>{escape(line.compares)}{pair}</small></th>"
                    f"<td>{published}</td>" + "".join(f"<td>{cell}</td>" for cell in figures) + "</tr>")
    heads = "".join(f"<th scope=col>{head}</th>" for head in
                    ("", "published", "NumPy, median", "seeds at or below", "torch itself"))
    return f'<table class="five-lines"><thead><tr>{heads}</tr></thead><tbody>{"".join(rows)}</tbody></table>'


def _figures(line: ComparedLine, ours: np.ndarray, own: np.ndarray) -> tuple[str, str, str]:
    """Write median, share and torch's own error; the median is marked once all seeds are there."""
    median = float(np.median(ours))
    mark = _MARKS[median <= line.published] if len(ours) == SEEDS else ""
    return f"<strong>{short(median)}</strong> {mark}", f"{line.percent(ours)}", short(float(np.median(own)))


def _pair(pair: np.ndarray) -> str:
    """Say what the course itself compares in this line: two modules of torch."""
    return (f" As the course compares, torch's GRU and torch's RNN: median <b>{short(float(np.median(pair)))}</b>, "
            f"{LINES['special'].percent(pair)} of seeds.")


def _csv(first: int, measured: Errors) -> str:
    columns = {"seed": np.arange(first, first + SEEDS)}
    for key, line in LINES.items():
        columns |= {line.name: measured[key][:, 0], f"{line.name}, torch itself": measured[key][:, 1]}
    return curves_csv(columns | {"GRU as an RNN, torch's GRU against torch's RNN": measured[PAIR][:, 0]})
