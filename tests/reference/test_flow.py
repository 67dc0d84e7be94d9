"""Every core taken apart: each operation, worked out from what it reads, gives what the trace has."""

import numpy as np
import pytest

from seqlab.reference.core import cores
from seqlab.reference.formulas.flow import machine
from seqlab.reference.formulas.spot import Spot
from tests.reference.test_formulas import TIMES, made


@pytest.mark.parametrize("name", cores())
def test_every_operation_worked_out_is_the_trace(name: str) -> None:
    core = cores()[name]
    run = made(core)
    parts = machine([line for line in core.lines() if line.place == "layer"])
    assert {part.symbol for part in parts if part.kind != "source"} - {""} == {
        line.symbol for line in core.lines() if line.place == "layer"}
    for part in parts:
        for spot in (Spot(layer, time, unit, time) for layer in (0, 1) for time in range(TIMES) for unit in (0, 4)):
            expected = part.numbers(run, spot)
            np.testing.assert_allclose(part.node.all_units(run, spot), expected, atol=1e-12, rtol=1e-12,
                                       err_msg=f"{part.name} at {spot}")


@pytest.mark.parametrize("name", cores())
def test_a_part_reads_only_what_stands_before_it(name: str) -> None:
    known: set[str] = set()
    for part in machine([line for line in cores()[name].lines() if line.place == "layer"]):
        assert set(part.reads) <= known, part.name
        assert bool(part.reads) != (part.kind == "source")
        known.add(part.name)


def test_a_gate_is_the_valve_of_what_it_multiplies() -> None:
    valves = {name: {part.name: part.gate for part in machine(cores()[name].lines()) if part.gate}
              for name in ("gru", "lstm", "rnn_tanh")}
    assert valves == {"gru": {"n:0": "r", "h:1": "h:0", "h:2": "z"}, "lstm": {"c:0": "f", "c:1": "i", "h": "o"},
                      "rnn_tanh": {}}
