"""The numbers of a machine: the same of NumPy's and torch's pass, and in the browser those that are drawn."""

from collections.abc import Callable

import numpy as np
import pytest

from seqlab.agreement import compare
from seqlab.figures import machine as pictures
from seqlab.figures.film import header_of, restore
from seqlab.figures.machine import LayerMachine, machine_picture
from seqlab.lenses.proof import in_precisions
from seqlab.reference.core import cores
from seqlab.reference.formulas.spot import Pass
from seqlab.reference.network import network
from seqlab.tasks.echo import inputs_for
from seqlab.trace import Trace
from seqlab.training.run import Run

IDS = inputs_for("strips", 2)


def passed(run: Run, dtype: str, trace: Trace | None = None) -> Pass:
    weights = run.weights(dtype=dtype)
    own = network(run.core, IDS, weights, condition=np.array([2])) if trace is None else trace
    return Pass(own, weights, tuple(IDS[0].tolist()), 2)


@pytest.mark.parametrize("model", sorted(cores()))
def test_torch_sends_the_same_numbers_through_every_machine(model: str, trained: Callable[[str], Run]) -> None:
    run = trained(model)
    shown = LayerMachine(run.core, layer=1, head=int(run.core.heads))
    for dtype, torch in in_precisions(str(run.path), [run.newest], IDS, np.array([2]), ("float64", "float32")).items():
        difference = compare(shown.numbers(passed(run, dtype)), shown.numbers(passed(run, dtype, Trace(torch[0]))))
        assert difference.holds, difference.at
        assert dtype == "float32" or difference.largest <= 1e-12


def test_the_browser_gets_what_is_drawn_as_far_as_it_fits(trained: Callable[[str], Run],
                                                              monkeypatch: pytest.MonkeyPatch) -> None:
    run = trained("lstm")
    shown, forward = LayerMachine(run.core), passed(run, "float32")
    numbers = shown.numbers(forward)
    letters = ["x"] * IDS.shape[1]
    options = {"letters": letters, "predicted": letters, "target": letters, "key": "machine-"}
    data = machine_picture(shown, forward, numbers, **options)
    header = header_of(data)
    assert (header["times"], [line["symbol"] for line in header["lines"]]) == (len(letters), list("ifgoch"))
    body = data[4 + int.from_bytes(data[:4], "little"):]
    for about in header["arrays"][1:]:
        codes = np.frombuffer(body, np.int16, about["length"], about["offset"]).reshape(len(letters), -1)
        np.testing.assert_allclose(restore(codes, *about["range"]), numbers[about["name"]],
                                   atol=(about["range"][1] - about["range"][0]) / 65534)
        assert about["range"][0] <= about["span"][0] < about["span"][1] <= about["range"][1]
    # x_t has its own entries, not the layer's units, even where there are as many
    axes = {about["name"]: about["axis"] for about in header["arrays"][1:]}
    assert (axes["h below"], axes["h before"], axes["i"]) == ("entry", "unit", "unit")
    monkeypatch.setattr(pictures, "MOST_NUMBERS", 3 * sum(array.shape[1] for array in numbers.values()))
    assert header_of(machine_picture(shown, forward, numbers, **options))["times"] == 3
