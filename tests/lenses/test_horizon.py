"""How gradients fade, against torch's autograd; and networks whose horizon is known."""

from pathlib import Path

import numpy as np
import pytest
import torch

from seqlab.agreement import compare
from seqlab.figures.horizon import horizon as figure
from seqlab.figures.plot import Plot
from seqlab.lenses import horizon, windows
from seqlab.lenses.gradients import as_batch, quantities
from seqlab.models.network import SequenceNetwork
from seqlab.reference.cells import cells
from seqlab.reference.core import core_of, cores
from seqlab.reference.horizon import Fading, Windows, by_lag, context_loss, lagged_gradients
from seqlab.tasks import Dimensions
from seqlab.training.answers import Horizon
from seqlab.training.config import NetworkConfig
from seqlab.training.run import Run

SIZES, BATCH, TIME = Dimensions(5, 5, 3), 3, 7


@pytest.mark.parametrize("name", list(cores()))
def test_autograd_gives_the_same_gradient_at_every_lag(name: str) -> None:
    torch.manual_seed(0)
    made = SequenceNetwork(NetworkConfig(model=name, hidden=4, heads=2, layers=2), SIZES).double().eval()
    made.requires_grad_(False)
    rng = np.random.default_rng(0)
    drawn = Windows(rng.integers(0, 5, (BATCH, TIME)), rng.integers(0, 5, BATCH), rng.integers(0, 3, BATCH))
    weights = {key: part.numpy() for key, part in made.state_dict().items()}
    gradients = lagged_gradients(core_of(made.config), drawn, weights)
    targets, weight = np.zeros((BATCH, TIME), int), np.zeros((BATCH, TIME))
    targets[:, -1], weight[:, -1] = drawn.targets, 1
    by_torch = quantities(made, as_batch(drawn.ids, targets, weight, drawn.condition), "sum")
    assert {"x", *(f"{key}.1" for key in core_of(made.config).state)} <= set(gradients)
    agreement = compare(gradients, {part: by_torch[part] * BATCH for part in gradients})
    assert agreement.largest < 1e-12, str(agreement.at)
    assert by_lag(gradients["x"])[0] > 0


def linear_memory(keep: float) -> dict[str, np.ndarray]:
    """A ReLU RNN of one unit that multiplies what it holds by ``keep`` at every step."""
    return {"encoder.symbol.weight": np.array([[1.0], [2.0]]), "core.weight_ih_l0": np.ones((1, 1)),
            "core.weight_hh_l0": np.full((1, 1), keep), "core.bias_ih_l0": np.zeros(1), "core.bias_hh_l0": np.zeros(1),
            "decoder.weight": np.array([[1.0], [0.0]]) / 50, "decoder.bias": np.zeros(2)}


@pytest.mark.parametrize("keep", [0.5, 0.9, 1.0, 1.2])
def test_what_is_multiplied_by_a_factor_at_each_step_fades_or_grows_by_it(keep: float) -> None:
    drawn = Windows(np.random.default_rng(0).integers(0, 2, (4, 12)), np.array([0, 1, 0, 1]))
    lengths = by_lag(lagged_gradients(cells()["rnn_relu"], drawn, linear_memory(keep))["h.0"])
    np.testing.assert_allclose(lengths / lengths[0], keep ** np.arange(12), rtol=1e-12)
    fading = Fading.of(lengths)
    assert fading.rate == pytest.approx(keep)
    assert fading.half == (pytest.approx(np.log(0.5) / np.log(keep)) if keep < 1 else None)
    nothing_left = context_loss(cells()["rnn_relu"], drawn, linear_memory(keep), range(1, 13))
    assert len(nothing_left) == 12


def test_what_never_arrives_has_no_half_and_no_rate() -> None:
    assert Fading.of(np.zeros(4)).half is None
    alone = Fading.of(np.array([1.0, 0.0, 0.0]))
    assert alone.half == 1.0
    assert np.isnan(alone.rate)


def test_an_echo_gains_nothing_until_its_letter_is_within_reach_and_everything_then() -> None:
    run = Run(Path("checkpoints/echo-fixed-lstm").resolve())
    drawn = windows.drawn(str(run.path))
    answer = horizon.measured(str(run.path), run.newest, Windows(drawn.ids[:4], drawn.targets[:4]))
    delay = run.config.task_config.delay
    reads = dict(zip(answer["lengths"].tolist(), answer["loss"].tolist(), strict=True))
    assert min(reads[count] for count in range(1, delay + 1)) > 1
    assert max(reads[count] for count in reads if count > delay) < 0.3
    assert int(answer["gradients"]["x"].argmax()) == delay
    assert answer["trail"][0] == 1
    assert all(agreement.holds for agreement in answer["agreement"].values())
    kept = horizon.faded(str(run.path), run.newest, Windows(drawn.ids[:4], drawn.targets[:4]))
    np.testing.assert_array_equal(kept["h.0"], answer["gradients"]["h.0"])


def test_without_data_there_is_no_loss_and_all_else_is_the_same(run: Run) -> None:
    drawn = windows.drawn(str(run.path), 2 if run.sizes.conditions else None).first(2)
    with_data = horizon.measured(str(run.path), run.newest, drawn)
    alone = horizon.measured(str(run.path), run.newest, drawn, from_data=False)
    assert (len(alone["lengths"]), len(alone["loss"])) == (0, 0)
    np.testing.assert_array_equal(alone["trail"], with_data["trail"])
    np.testing.assert_array_equal(alone["gradients"]["x"], with_data["gradients"]["x"])
    assert alone["agreement"]["float64"].holds
    assert [len(drawing(answer).panels) for answer in (with_data, alone)] == [3, 2]


def drawing(answer: Horizon) -> Plot:
    return figure(answer["gradients"], answer["lengths"], answer["loss"], answer["trail"], "letter")
