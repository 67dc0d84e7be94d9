"""A hundred random interventions on random networks of every core: NumPy against torch over every quantity."""

from dataclasses import dataclass
from functools import cache

import numpy as np
import pytest
import torch

from seqlab import notation
from seqlab.agreement import Agreement, compare
from seqlab.errors import Fault
from seqlab.models.network import SequenceNetwork
from seqlab.reference.changed import Sites, changed
from seqlab.reference.core import Core, core_of, cores
from seqlab.reference.intervention import CODES, Intervention, ValueSweep
from seqlab.reference.network import network
from seqlab.tasks import Dimensions
from seqlab.trace import Trace
from seqlab.training.config import NetworkConfig

TRIALS, PORTION = 100, 20
SYMBOLS, TIME, CONDITIONS = 6, 5, 3
POOLINGS = ("none", "none", "max", "mean")


@dataclass
class Trial:
    """A random network with an input, and changes of it, fixed by a number; every core has its turn."""

    number: int

    def __post_init__(self) -> None:
        self.draw = np.random.default_rng(self.number)
        names = list(cores())
        self.config = NetworkConfig(
            model=names[self.number % len(names)], hidden=6, heads=3, layers=int(self.draw.integers(1, 4)),
            embedding=5, input=str(self.draw.choice(["one-hot", "embedding"])), context=16,
            pooling=str(self.draw.choice(POOLINGS)), condition_first=bool(self.draw.integers(2)))
        torch.manual_seed(self.number)
        self.made = SequenceNetwork(self.config, Dimensions(SYMBOLS, 4, CONDITIONS)).double()
        self.ids = self.draw.integers(0, SYMBOLS, (2, TIME))
        self.condition = self.draw.integers(0, CONDITIONS, 2)
        self.sites = Sites.of_trace(self.core, SYMBOLS, self.reference())
        self.changes = tuple(self.change() for _ in range(self.draw.integers(1, 4)))

    @property
    def core(self) -> Core:
        return core_of(self.config)

    def reference(self, changes: tuple[Intervention, ...] = ()) -> Trace:
        weights = {name: part.numpy() for name, part in self.made.state_dict().items()}
        return changed(self.core, self.ids, weights, changes, condition=self.condition, pooling=self.config.pooling)

    def torch(self, changes: tuple[Intervention, ...] = ()) -> Trace:
        values = self.made.trace(torch.from_numpy(self.ids), torch.from_numpy(self.condition), changes=changes)
        return Trace({name: value.numpy() for name, value in values.items()})

    def agreement(self) -> Agreement:
        return compare(self.reference(self.changes), self.torch(self.changes), 1e-12)

    def change(self) -> Intervention:
        quantity = str(self.draw.choice(list(self.sites.units)))
        action = str(self.draw.choice(["set", "scale", "add"] + ["patch"] * (quantity != CODES)))
        times = tuple(range(-1 if quantity in self.sites.states and action != "patch" else 0, TIME))
        source = tuple(self.draw.integers(0, SYMBOLS, TIME).tolist()) if action == "patch" else None
        chosen = None if quantity == CODES or self.draw.integers(2) else self.some(times)
        return Intervention(quantity, action, float(self.draw.uniform(-2, 2)),
                            self.some(range(self.sites.units[quantity])) if self.draw.integers(2) else None,
                            chosen, source)

    def some(self, among: object) -> tuple[int, ...]:
        among = list(among)
        return tuple(sorted(self.draw.choice(among, self.draw.integers(1, len(among) + 1), replace=False).tolist()))


drawn = cache(Trial)  # tests look at the same ones


@pytest.mark.parametrize("portion", range(TRIALS // PORTION))
def test_torch_and_numpy_agree_over_every_quantity_of_a_changed_pass(portion: int, record_property: object) -> None:
    largest = 0.0
    for number in range(portion * PORTION, (portion + 1) * PORTION):
        trial = drawn(number)
        result = trial.agreement()
        assert result.holds, f"{trial.config.model} {trial.changes}: {result.at}"
        largest = max(largest, result.largest)
    record_property("largest difference, float64", largest)


def test_the_trials_cover_what_they_claim() -> None:
    trials = [drawn(number) for number in range(TRIALS)]
    changes = [change for trial in trials for change in trial.changes]
    assert {trial.config.model for trial in trials} == set(cores())
    assert {change.action for change in changes} == {"set", "scale", "add", "patch"}
    assert any(-1 in (change.times or ()) for change in changes)
    touched = {CODES if change.quantity == CODES else notation.symbol(change.quantity).key for change in changes}
    assert touched >= {CODES, "x", "h", "c", "z", "logits", "pooled", "attention", "heads"}


@pytest.mark.parametrize("name", cores())
def test_each_row_of_a_sweep_is_the_change_with_its_value_alone(name: str) -> None:
    values, number = (-2.0, 1.7), next(n for n in range(TRIALS) if drawn(n).config.model == name)
    trial = Trial(number)
    others = tuple(change for change in trial.changes if change.action != "patch")
    trial.ids, trial.condition = (np.repeat(part[:1], len(values), axis=0) for part in (trial.ids, trial.condition))
    for last in (trial.change(), Intervention("h.0", "add", units=(1, 4), times=(1, 3)),
                 Intervention(CODES, "scale", units=tuple(trial.ids[0, :2].tolist()))):
        action = "set" if last.action == "patch" else last.action
        sweep = ValueSweep(last.quantity, action, units=last.units, times=last.times, values=values)
        rows = trial.reference((*others, sweep)), trial.torch((*others, sweep))
        for row, value in enumerate(values):
            single = (*others, Intervention(last.quantity, action, value, last.units, last.times))
            for swept, alone in zip(rows, (trial.reference(single), trial.torch(single)), strict=True):
                for quantity, array in swept.items():
                    np.testing.assert_allclose(array[row], alone[quantity][row], rtol=1e-12, atol=1e-12,
                                               err_msg=f"{quantity} at {value}: {last}")


@pytest.mark.parametrize(("action", "written"), [("set", [0, 3, 3]), ("scale", [0, 3, 6]), ("add", [0, 4, 5]),
                                                 ("patch", [0, 8, 9])])
def test_each_action_writes_what_it_is_called(action: str, written: list[float]) -> None:
    array, other = np.array([0.0, 1.0, 2.0]), np.array([7.0, 8.0, 9.0])
    Intervention("h.0", action, 3.0, (1, 2), source=(1,) if action == "patch" else None).write(array, [1, 2], other)
    assert array.tolist() == written


def test_the_initial_state_changes_only_where_it_is_named() -> None:
    assert [Intervention("h.0").at(t) for t in (-1, 0, 4)] == [False, True, True]
    assert [Intervention("h.0", times=(-1, 4)).at(t) for t in (-1, 0, 4)] == [True, False, True]


@pytest.mark.parametrize("name", cores())
def test_a_change_is_what_it_says_and_nothing_before_it_moves(name: str) -> None:
    trial = next(trial for trial in map(drawn, range(TRIALS)) if trial.config.model == name)
    whole = trial.reference()
    for quantity in (quantity for quantity in whole if quantity.startswith("h.")):
        now = trial.reference((Intervention(quantity, "set", 0.25, (1, 3), (3,)),))
        assert (now[quantity][:, 3, [1, 3]] == 0.25).all()
        if trial.core.sees != "all":
            assert all(np.array_equal(now[key][..., :3, :], whole[key][..., :3, :])
                       for key in ("x", quantity, "logits", "p"))
        assert not np.array_equal(now["p"], whole["p"])
    patched = trial.reference((Intervention("x", "patch", source=tuple(trial.ids[0].tolist())),))
    np.testing.assert_array_equal(patched["p"][0], whole["p"][0])


def test_a_head_that_attends_to_what_follows_by_force_still_does_not_see_it() -> None:
    trial = next(trial for trial in map(drawn, range(TRIALS)) if trial.config.model == "transformer")
    forced = trial.reference((Intervention("attention.0", "set", 0.5),))["attention.0"]
    assert not np.triu(forced[0, 0], 1).any()
    assert (np.tril(forced[0, 0]) == np.tril(np.full_like(forced[0, 0], 0.5))).all()


CHANGE = Intervention("h.0", units=(1,))


@pytest.mark.parametrize(("make", "says"), [
    (lambda: Intervention("h.0", value=float("nan")), "a number from −100 to 100, not nan"),
    (lambda: Intervention("h.0", value=1e30), "not 1e"),
    (lambda: Intervention("h.0", "patch"), "Another input is needed"),
    (lambda: Intervention("h.0", units=()), "at least one unit"),
    (lambda: Intervention("h.0", "patch", times=(-1,), source=(1,)), "same initial state"),
    (lambda: Intervention(CODES, times=(1,)), "wherever the symbol stands"),
    (lambda: drawn(0).reference((Intervention("q.17"),)), "of the candidate 'q.17' to change; it has encoder.symbol, "),
    (lambda: drawn(0).reference((Intervention("p"),)), "no probabilities 'p'"),
    (lambda: drawn(0).reference((Intervention("h.0", units=(6,)),)), "no unit 6 in layer 0 to change; they are 0 to 5"),
    (lambda: drawn(0).reference((Intervention(CODES, units=(-1,)),)), "no symbol -1 to change"),
    (lambda: drawn(0).reference((Intervention("h.0", times=(5,)),)), "no time 5 in this input to change; it has 5"),
    (lambda: drawn(0).reference((Intervention("h.0", times=(-2,)),)), "no time -2"),
    (lambda: drawn(0).reference((Intervention("x", times=(-1,)),)), "Only a state has a value before"),
    (lambda: drawn(0).reference((Intervention("h.0", "patch", source=(1, 2)),)), "as long as this one, 5 symbols, not"),
    (lambda: drawn(0).reference((Intervention("h.0", "patch", source=(9,) * 5),)), "does not know"),
    (lambda: drawn(0).reference((CHANGE,) * 51), "At most 50 changes"),
    (lambda: drawn(0).torch((Intervention("h.9"),)), "no hidden state 'h.9'"),
    (lambda: ValueSweep("h.0", values=(0.0, 1e30)), "not 1e"),
])
def test_what_cannot_be_changed_is_refused_in_a_sentence(make: object, says: str) -> None:
    with pytest.raises(Fault, match=says) as refused:
        make()  # type: ignore[operator]
    assert str(refused.value).endswith(".")


def test_without_changes_it_is_the_network_itself() -> None:
    trial = drawn(3)
    weights = {name: part.numpy() for name, part in trial.made.state_dict().items()}
    plain = network(trial.core, trial.ids, weights, condition=trial.condition, pooling=trial.config.pooling)
    assert all(np.array_equal(array, plain[name]) for name, array in trial.reference().items())
