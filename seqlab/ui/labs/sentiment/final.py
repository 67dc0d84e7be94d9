"""The final test: a button that asks the test set once, when nothing will be chosen any more."""

import streamlit as st

from seqlab.data import reviews
from seqlab.errors import Fault
from seqlab.training.run import Run
from seqlab.ui.proof import client
from seqlab.ui.proof.snapshot import Snapshot
from seqlab.ui.proof.store import ANSWERS
from seqlab.ui.proof.waiting import Pending
from seqlab.ui.shell.faults import show_fault_inline


@ANSWERS.cached
def final_test(snapshot: Snapshot) -> Pending[dict[str, float]]:
    """Ask the test set about some weights: once on this server, for all who look."""
    return client.final_test(snapshot.path, snapshot.step)


def final_section(run: Run) -> None:
    """Draw the button, or the test's result; while it runs, the place looks for it by itself."""
    if run.status.active or not run.snapshots():
        return
    st.subheader("The final test", anchor=False)
    if run.config.task_config.way.test:
        st.caption("The test set validated this network while it trained, as its preparation says, so there is no "
                   "other test of it.")
        return
    answer = final_test.known(Snapshot.of(run))
    waits = answer is not None and not answer.done()
    st.fragment(show_fault_inline(_section), run_every=0.5 if waits else None)(run, waits)


def _section(run: Run, waited: bool) -> None:
    snapshot, corpus = Snapshot.of(run), run.config.task["corpus"]
    answer = final_test.known(snapshot)
    if answer is None:
        _offer(snapshot, corpus)
    elif not answer.done():
        st.caption(":material/hourglass_top: Reading the whole test set; with a large network that takes minutes.")
    else:
        _result(snapshot, answer, corpus)
        if waited:
            st.rerun()  # the whole page: it stops this timer


def _offer(snapshot: Snapshot, corpus: str) -> None:
    st.caption("The test set is for the very last figure. Whoever looks at it and then chooses another network has "
               "learned from it, and it tests no longer. Compare networks by their validation; press this once, for "
               "the one that you have settled on.")
    here = reviews.at_hand(corpus)
    pressed = st.button("Ask the test set, once", icon=":material/gavel:", key="final", disabled=not here,
                        help=None if here else "The reviews that this network learned from are not on this machine.")
    if pressed:
        final_test(snapshot)
        st.rerun()


def _result(snapshot: Snapshot, answer: Pending[dict[str, float]], corpus: str) -> None:
    try:
        result = answer.result()
    except Fault:
        final_test.forget(snapshot)  # nothing was learned from it, so it may be asked again
        raise
    st.html(f'<div class="tiles"><p><b>{result["accuracy"]:.2%}</b><small>right on the test set</small></p>'
            f'<p><b>{result["low"]:.1%} – {result["high"]:.1%}</b><small>95 % interval</small></p>'
            f'<p><b>{result["loss"]:.3f}</b><small>loss, nats a review</small></p>'
            f'<p><b>{result["count"]:,.0f}</b><small>reviews, each read once</small></p></div>')
    stand_in = " These are made-up reviews: the figure says nothing about real ones." if corpus == "opinions" else ""
    st.caption(f"The test set has been asked about this network, at step {snapshot.step:,}.{stand_in}")
