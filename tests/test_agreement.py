import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from seqlab.agreement import TOLERANCE, Position, compare, relative_error
from seqlab.reference.cells import cells
from seqlab.reference.network import network
from tests.benchmarks.agreement import Setting, passes

BATCH, TIME, HIDDEN, VOCAB, HEADS = 3, 6, 5, 4, 2
SHAPES = {"x": (BATCH, TIME, VOCAB), "r.0": (BATCH, TIME, HIDDEN), "h.0": (BATCH, TIME, HIDDEN),
          "value.1": (BATCH, HEADS, TIME, HIDDEN), "attention.1": (BATCH, HEADS, TIME, TIME),
          "h.1": (BATCH, TIME, HIDDEN), "logits": (BATCH, TIME, VOCAB)}
TIME_AXIS = {"value.1": 2, "attention.1": 2}  # of a map, that of the queries; 1 elsewhere

places = st.sampled_from(list(SHAPES)).flatmap(
    lambda name: st.tuples(st.just(name), st.tuples(*(st.integers(0, size - 1) for size in SHAPES[name]))))
wrong = st.sampled_from([1e-3, -0.5, 1e9, np.nan, np.inf, -np.inf])


def trace(dtype: str = "float64") -> dict[str, np.ndarray]:
    draw = np.random.default_rng(0)
    return {name: draw.standard_normal(shape).astype(dtype) for name, shape in SHAPES.items()}


def planted(theirs: dict[str, np.ndarray], place: Position, by: float) -> None:
    theirs[place.name][place.index] += by


@given(places, wrong)
def test_one_wrong_number_is_found_where_it_is(at: tuple, by: float) -> None:
    ours, theirs, place = trace(), trace(), Position(*at)
    planted(theirs, place, by)
    found = compare(ours, theirs)
    assert not found.holds
    assert found.first_fault == found.at == place
    assert found.largest == pytest.approx(abs(by), rel=1e-9) if np.isfinite(by) else found.largest == np.inf


several = st.lists(st.tuples(places, wrong), min_size=2, max_size=6, unique_by=lambda pair: pair[0])


@given(several, st.booleans())
def test_the_earliest_in_time_is_the_first(wrongs: list[tuple[tuple, float]], ours_too: bool) -> None:
    ours, theirs = trace(), trace()
    for number, (place, by) in enumerate(wrongs):
        planted(ours if ours_too and number % 2 else theirs, Position(*place), by)
    first = compare(ours, theirs).first_fault
    order = list(SHAPES)
    time, at = min((index[TIME_AXIS.get(name, 1)], order.index(name)) for (name, index), _ in wrongs)
    assert first is not None
    assert (first.time, first.name) == (time, order[at])


def test_the_largest_and_the_first_may_differ() -> None:
    ours, theirs = trace(), trace()
    planted(theirs, Position("h.1", (0, 4, 2)), 5.0)
    planted(theirs, Position("r.0", (2, 1, 3)), 0.1)
    found = compare(ours, theirs)
    assert found.at == Position("h.1", (0, 4, 2))
    assert found.first_fault == Position("r.0", (2, 1, 3))


@pytest.mark.parametrize(("place", "said"), [
    (Position("z.1", (0, 7, 12)), "update gate (layer 1, t = 7, unit 12)"),
    (Position("logits", (2, 0, 3)), "logits (t = 0, unit 3)"),
    (Position("attention.0", (0, 1, 5, 3)), "attention weights (layer 0, head 1, query 5, key 3)"),
    (Position("scores.2", (4, 0, 5, 6)), "scores (layer 2, head 0, query 5, key 6)"),
    (Position("value.1", (0, 3, 8, 2)), "value (layer 1, head 3, t = 8, unit 2)"),
    (Position("core.weight_hh_l0", (4, 2)), "core.weight_hh_l0[4, 2]"),
    (Position("b", (7,)), "b[7]"),
])
def test_a_place_reads_as_a_person_says_it(place: Position, said: str) -> None:
    assert str(place) == said


def test_a_wrong_attention_weight_is_named() -> None:
    ours, theirs = ({"h.0": np.zeros((1, 7, 4)), "attention.0": np.full((1, 2, 7, 7), 1 / 7)} for _ in range(2))
    theirs["attention.0"][0, 1, 5, 3] += 1e-3
    fault = compare(ours, theirs).first_fault
    assert str(fault) == "attention weights (layer 0, head 1, query 5, key 3)"
    assert fault is not None
    assert (fault.time, fault.unit) == (5, 3)


def test_weights_are_compared_by_their_own_names_and_have_no_time() -> None:
    ours = {"core.weight_hh_l0": np.ones((4, 3)), "decoder.bias": np.ones(4)}
    theirs = {name: array.copy() for name, array in ours.items()}
    assert compare(ours, theirs).holds
    theirs["decoder.bias"][2] = 2
    theirs["core.weight_hh_l0"][3, 1] = 3
    found = compare(ours, theirs)
    assert str(found.first_fault) == "core.weight_hh_l0[3, 1]"  # the first in order, for none has a time
    assert found.first_fault.time == 0
    assert found.numbers == 16


def test_equal_traces_agree_and_every_number_is_counted() -> None:
    found = compare(trace(), trace())
    assert found.holds
    assert found.largest == 0
    assert found.numbers == sum(array.size for array in trace().values())


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_what_is_not_finite_never_agrees_even_with_itself(value: float) -> None:
    ours, theirs = trace(), trace()
    for side in (ours, theirs):
        side["h.0"][1, 2, 3] = value
    found = compare(ours, theirs)
    assert found.first_fault == Position("h.0", (1, 2, 3))
    assert found.largest == np.inf


@pytest.mark.parametrize(("ours", "theirs", "tolerance"), [
    ("float64", "float64", TOLERANCE["float64"]),
    ("float32", "float64", TOLERANCE["float32"]),
    ("float64", "float32", TOLERANCE["float32"]),
    ("float32", "float32", TOLERANCE["float32"]),
])
def test_the_tolerance_is_that_of_the_less_precise_side(ours: str, theirs: str, tolerance: float) -> None:
    assert compare(trace(ours), trace(theirs)).tolerance == tolerance


@pytest.mark.parametrize("size", [0.0, 1.0, 1000.0])
def test_the_tolerance_grows_with_the_number(size: float) -> None:
    ours, theirs = trace(), trace()
    ours["h.0"][0, 0, 0] = size
    for share, holds in ((0.9, True), (1.1, False)):
        theirs["h.0"][0, 0, 0] = size + share * 1e-3 * (1 + size)
        assert compare(ours, theirs, tolerance=1e-3).holds is holds


def test_traces_of_another_form_are_refused() -> None:
    whole = trace()
    fewer = {name: array for name, array in whole.items() if name != "h.1"}
    shorter = {**whole, "h.1": whole["h.1"][:, :-1]}
    empty = {"h.0": np.zeros((0, TIME, HIDDEN))}
    for ours, theirs, said in (({}, {}, "different quantities"), (whole, fewer, r"\['h.1'\]"),
                               (fewer, whole, r"\['h.1'\]"), (whole, shorter, "h.1 has shape"),
                               (empty, empty, "h.0 is empty")):
        with pytest.raises(ValueError, match=said):
            compare(ours, theirs)


def test_comparing_changes_neither_side() -> None:
    ours, theirs = trace(), trace()
    theirs["h.0"][0, 0, 0] = np.nan
    before = {name: array.copy() for name, array in theirs.items()}
    compare(ours, theirs)
    assert all(np.array_equal(before[name], theirs[name], equal_nan=True) for name in before)


def swapped(weights: dict[str, np.ndarray], hidden: int, first: int, second: int) -> dict[str, np.ndarray]:
    """The weights with two blocks of gates exchanged in the lowest layer."""
    def change(array: np.ndarray) -> np.ndarray:
        blocks = np.split(array, len(array) // hidden)
        blocks[first], blocks[second] = blocks[second], blocks[first]
        return np.concatenate(blocks)
    return {name: change(array) if name.endswith("_l0") else array for name, array in weights.items()}


@pytest.mark.parametrize(("cell", "first", "second", "name"), [
    ("gru", 0, 1, "r.0"), ("gru", 1, 2, "z.0"), ("lstm", 0, 1, "i.0"), ("lstm", 2, 3, "g.0"), ("lstm", 1, 3, "f.0")])
def test_exchanged_gates_are_found_at_the_first_time(cell: str, first: int, second: int, name: str) -> None:
    number = list(cells()).index(cell) + 4 * len(cells())
    setting = Setting.drawn(number)
    assert setting.config.model == cell
    made = setting.network("float64")
    ids, condition, state = setting.inputs("float64")
    theirs = {key: value.numpy() for key, value in made.trace(ids, condition, state).items()}
    weights = {key: array.numpy() for key, array in made.state_dict().items()}
    ours = network(setting.cell, ids.numpy(), swapped(weights, setting.config.hidden, first, second),
                   condition=None if condition is None else condition.numpy(),
                   state=None if state is None else tuple(part.numpy() for part in state))
    fault = compare(ours, theirs).first_fault
    assert fault is not None
    assert (fault.name, fault.time) == (name, 0)


def test_a_missing_bias_is_found() -> None:
    for number in range(len(cells())):
        setting = Setting.drawn(number)
        ours, theirs = passes(setting, "float64")
        assert compare(ours, theirs).holds
        bare = {name: array.numpy() * (0 if name.endswith(("bias_hh_l0", "core.bias_l0")) else 1)
                for name, array in setting.network("float64").state_dict().items()}
        ids, condition, state = setting.inputs("float64")
        without = network(setting.cell, ids.numpy(), bare, condition=None if condition is None else condition.numpy(),
                          state=None if state is None else tuple(part.numpy() for part in state))
        fault = compare(without, theirs).first_fault
        assert fault is not None
        assert fault.time == 0


def test_relative_error_is_the_published_measure() -> None:
    assert relative_error(np.array([1.0, 2.0]), np.array([1.0, 2.0])) == 0
    assert relative_error(np.array([1.0, 3.0]), np.array([1.0, 1.0])) == 0.5
    assert relative_error(np.array([0.0, 1.0]), np.array([0.0, 1.0])) == 0
    assert relative_error(np.array([0.0]), np.array([1e-9])) == pytest.approx(0.1)  # below 1e-8 it is |x - y| / 1e-8
    assert relative_error(np.array([0.0]), np.array([1e-30])) == pytest.approx(1e-22)
    assert relative_error(np.array([-1.0]), np.array([1.0])) == 1
