"""Labels of lists: what is chosen by its label must have one of its own."""

from hypothesis import given
from hypothesis import strategies as st

from seqlab.ui.shell.labels import unique


def test_what_shares_a_label_gets_its_end_and_the_rest_stays() -> None:
    labels = {"a-20261128-1f": "GRU · own", "b-20261128-2e": "GRU · own", "c": "LSTM", "one-x": "same", "two-x": "same"}
    assert unique(labels) == {"a-20261128-1f": "GRU · own · 1f", "b-20261128-2e": "GRU · own · 2e", "c": "LSTM",
                              "one-x": "same · one-x", "two-x": "same · two-x"}


@given(st.dictionaries(st.from_regex(r"[a-z]-[a-z]", fullmatch=True), st.sampled_from(["one", "two"]), max_size=12))
def test_no_two_are_alike(labels: dict[str, str]) -> None:
    assert len(set(unique(labels).values())) == len(labels)
