"""Every line of every core, worked out part by part from the trace and the weights, gives the trace again."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest

from seqlab import notation
from seqlab.errors import Fault
from seqlab.reference.cells import cells
from seqlab.reference.core import Core, cores
from seqlab.reference.formulas.expression import Dot, Operand, Value
from seqlab.reference.formulas.line import FormulaLine
from seqlab.reference.formulas.lines import lines, stops
from seqlab.reference.formulas.operands import Constant
from seqlab.reference.formulas.reductions import Softmax
from seqlab.reference.formulas.spot import Pass, Spot
from seqlab.reference.network import network
from seqlab.training.config import NetworkConfig

TIMES, SYMBOLS = 5, 5


def made(core: Core, *, layers: int = 2, positions: str = "sinusoidal", decoder: bool = True,
         condition: int | None = 2, first: bool = False, hidden: int = 6, heads: int = 2,
         pooling: str = "none") -> Pass:
    """A random network and its pass, in float64."""
    random = np.random.default_rng(7)
    sizes = NetworkConfig(model=core.name, hidden=hidden, layers=layers, heads=heads, positions=positions, context=9)
    width = 4 + (3 if condition is not None else 0)
    weights = {f"core.{name}": random.normal(0, 0.7, shape) for name, shape in core.shapes(width, sizes).items()}
    weights["encoder.symbol.weight"] = random.normal(size=(SYMBOLS, 4))
    if condition is not None:
        weights[f"encoder.condition{'_first' if first else ''}.weight"] = random.normal(size=(3, 3))
    if decoder:
        weights["decoder.weight"] = random.normal(size=(SYMBOLS, hidden))
        weights["decoder.bias"] = random.normal(size=SYMBOLS)
    ids = random.integers(0, SYMBOLS, TIMES)
    told = None if condition is None else np.array([condition])
    trace = network(core, ids[None], weights, condition=told, pooling=pooling)
    return Pass(trace, weights, tuple(ids.tolist()), condition)


def everywhere(core: Core, run: Pass, pooling: str = "none") -> Iterator[tuple[FormulaLine, Spot]]:
    """Every line at every time, unit and position."""
    hidden = run.trace["h.0"].shape[-1]
    for line, layer in stops(core, run.weights, run.trace.layers, pooling):
        positions = (0, 2, TIMES - 1) if "query.0" in run.trace else (0,)
        axes = notation.SYMBOLS[line.symbol].axes
        units = range(hidden if {"head", "feature"} & set(axes) or axes[-1] == "key"
                      else run.trace[line.symbol if line.place != "layer" else f"{line.symbol}.0"].shape[-1])
        for time in range(TIMES):
            for unit in units:
                for key in positions:
                    yield line, Spot(layer, time, unit, key)


def in_trace(line: FormulaLine, run: Pass, spot: Spot) -> float:
    """The number by the plainest index there is."""
    name = line.symbol if line.symbol in run.trace else f"{line.symbol}.{spot.layer}"
    head, feature = divmod(spot.unit, run.features)
    index = {"hidden": (spot.time, spot.unit), "input": (spot.time, spot.unit), "vocab": (spot.time, spot.unit),
             "key": (head, spot.time, spot.key),
             "feature": (head, spot.key if line.symbol in ("key", "value") else spot.time, feature)}
    return float(run.trace[name][0][index[notation.SYMBOLS[line.symbol].axes[-1]]])


FORMS = [pytest.param(name, options, id=f"{name}-{number}") for name in cores() for number, options in enumerate(
    ({}, {"condition": None, "layers": 1}, {"positions": "learned", "layers": 3, "heads": 3}, {"pooling": "max"},
     {"first": True, "layers": 1}))]


@pytest.mark.slow
@pytest.mark.parametrize(("name", "options"), FORMS)
def test_a_line_worked_out_is_the_trace(name: str, options: dict) -> None:
    core = cores()[name]
    run = made(core, **options)
    for line, spot in everywhere(core, run, options.get("pooling", "none")):
        expected = in_trace(line, run, spot)
        gap = abs(line.work_out(run, spot).number - expected)
        assert gap <= 1e-12 * (1 + abs(expected)), f"{line.symbol} at {spot}"
        assert line.numbers(run, spot)[line.index(run, spot)] == expected, f"{line.symbol} at {spot}"


@pytest.mark.parametrize("name", cores())
def test_the_parts_recombine_to_the_value(name: str) -> None:
    """What the page shows as parts must add up to what it shows as the result."""
    core = cores()[name]
    run = made(core)
    for line, spot in everywhere(core, run):
        if spot.time in (0, 3) and spot.key in (0, 2):
            for value in line.work_out(run, spot).walk():
                recombined = again(value)
                assert abs(recombined - value.number) <= 1e-12 * (1 + abs(value.number)), f"{line.symbol} at {spot}"


def again(value: Value) -> float:
    """Compute a node from its parts alone."""
    if isinstance(value.node, Softmax):
        assert value.terms is not None
        assert value.terms.sum() == pytest.approx(1.0)
        return float(value.terms[np.abs(value.terms - value.number).argmin()])
    if isinstance(value.node, Dot):
        assert value.rows is not None
        assert value.vector is not None
        np.testing.assert_array_equal(value.terms, value.rows * value.vector)
        shown = value.largest(3)
        rest = np.delete(value.terms, shown)
        return float(value.terms[shown].sum() + rest.sum())
    if len(value.parts) > 0 and type(value.node).__name__ != "Beside":
        return value.node.combine(tuple(np.array([part.number]) for part in value.parts)).item()
    return value.number


@pytest.mark.parametrize("name", cores())
def test_every_core_has_its_lines(name: str) -> None:
    """A new core without its formulas, or one that lost a symbol, would show a gap in the stepper."""
    core = cores()[name]
    run = made(core)
    assert tuple(line.symbol for line in core.lines()) == core.symbols
    assert [f"{line.symbol}.{layer}" if line.place == "layer" else line.symbol
            for line, layer in stops(core, run.weights, 2)] == list(run.trace)
    for line in lines(core, run.weights):
        assert line.symbol in notation.SYMBOLS
        assert line.formula.operands(), f"{line.symbol} reads nothing"


@pytest.mark.parametrize("pooling", ["max", "mean"])
def test_what_is_pooled_is_its_formula(pooling: str) -> None:
    core = cores()["gru"]
    run = made(core, pooling=pooling)
    for line, spot in everywhere(core, run, pooling):
        if line.symbol == "pooled":
            value, expected = line.work_out(run, spot), in_trace(line, run, spot)
            assert value.number == pytest.approx(expected, rel=1e-12)
            assert all(again(part) == pytest.approx(part.number, rel=1e-12) for part in value.walk())


def test_before_the_first_time_nothing_is_the_highest() -> None:
    run = made(cores()["gru"], pooling="max")
    line = next(line for line in lines(cores()["gru"], run.weights, "max") if line.symbol == "pooled")
    value = line.work_out(run, Spot(1, 0, 2))
    assert value.parts[0].number == -np.inf
    assert value.number == run.trace["h.1"][0, 0, 2]
    assert [f"{line.symbol}" for line, _ in stops(cores()["gru"], run.weights, 2, "max")][-3:] == ["pooled", "logits",
                                                                                                  "p"]


@pytest.mark.parametrize("name", cores())
def test_every_weight_has_a_place_in_the_formulas(name: str) -> None:
    """A formula that left out a bias would pass wherever that bias is 0, so each weight is moved once."""
    core = cores()[name]
    run = made(core)
    read = set()
    for line, layer in stops(core, run.weights, 2):
        for part in line.formula.operands():
            if hasattr(part, "parameter"):
                read.add(id(part.parameter(run, Spot(layer, 0, 0))))
    unread = {key for key, array in run.weights.items() if id(array) not in read and not key.startswith("encoder.")}
    assert not unread


def test_the_state_itself_can_be_the_logits() -> None:
    core = cores()["rnn_tanh"]
    run = made(core, decoder=False, layers=1)
    logits = next(line for line in lines(core, run.weights) if line.symbol == "logits")
    assert logits.work_out(run, Spot(0, 2, 3)).number == run.trace["h.0"][0, 2, 3]


def test_before_the_first_time_the_state_is_zero() -> None:
    core = cores()["lstm"]
    run = made(core)
    cell = next(line for line in lines(core, run.weights) if line.symbol == "c")
    forget, first = cell.work_out(run, Spot(0, 0, 1)).parts[0].parts
    assert forget.number != 0
    assert first.number == 0


def test_what_is_masked_has_no_share() -> None:
    core = cores()["transformer"]
    run = made(core)
    line = next(line for line in lines(core, run.weights) if line.symbol == "attention")
    value = line.work_out(run, Spot(0, 2, 0, 4))
    assert value.number == 0
    assert value.terms is not None
    assert (value.terms[3:] == 0).all()


def test_a_formula_can_be_taken_apart_and_a_change_is_seen() -> None:
    core = cores()["gru"]
    run = made(core)
    line = next(line for line in lines(core, run.weights) if line.symbol == "r")
    value = line.work_out(run, Spot(0, 3, 2))
    products = [part for part in value.walk() if part.terms is not None]
    assert [part.terms.size for part in products] == [7, 6]
    assert [abs(products[0].terms[place]) for place in products[0].largest(7)] == sorted(abs(products[0].terms))[::-1]
    changed = run.weights | {"core.bias_ih_l0": run.weights["core.bias_ih_l0"] + 0.1}
    assert abs(line.work_out(Pass(run.trace, changed, run.ids, 2), Spot(0, 3, 2)).number - value.number) > 1e-3


def test_an_unknown_core_is_told() -> None:
    with pytest.raises(Fault, match="Other are not written out"):
        lines(replace(cells()["gru"], name="other", label="Other", lines=tuple), {})


def test_names_in_code_are_names() -> None:
    """What the snippet calls its variables must be Python."""
    for name, core in cores().items():
        run = made(core)
        for line, layer in stops(core, run.weights, 2):
            for part in line.formula.operands():
                assert isinstance(part, Operand)
                assert isinstance(part, Constant) or part.named(Spot(layer, 0, 0)).isidentifier(), f"{name} {part}"
