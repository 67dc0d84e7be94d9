"""How sequences are cut into batches: each once an epoch, similar lengths together, the same again after a resume."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from seqlab.data.batching import Plan, Rule, epochs
from seqlab.errors import Fault

LENGTHS = np.random.default_rng(0).geometric(0.1, 1000) + 1
RULES = [Rule(by, size, alike, curriculum) for by, size in (("sequences", 32), ("tokens", 400))
         for alike in (True, False) for curriculum in (True, False)]


def named(rule: Rule) -> str:
    return f"{rule.by}{'-alike' * rule.alike}{'-curriculum' * rule.curriculum}"


@pytest.mark.parametrize("rule", RULES, ids=named)
def test_every_sequence_comes_once_an_epoch(rule: Rule) -> None:
    plan = Plan(LENGTHS, rule)
    for epoch in range(2):
        members = np.concatenate([plan.members(epoch * plan.steps + step) for step in range(plan.steps)])
        assert sorted(members) == list(range(1000))


@pytest.mark.parametrize("rule", RULES, ids=named)
def test_a_step_alone_says_what_its_batch_holds(rule: Rule) -> None:
    """A run that goes on in the middle of its third epoch must get the batches that it would have had."""
    straight, resumed = Plan(LENGTHS, rule, seed=5), Plan(LENGTHS, rule, seed=5)
    batches = [straight.members(step) for step in range(3 * straight.steps)]
    for step in (2 * straight.steps + 3, 7, len(batches) - 1):
        np.testing.assert_array_equal(resumed.members(step), batches[step])
    other = Plan(LENGTHS, rule, seed=6)
    assert any(not np.array_equal(other.members(step), batches[step]) for step in range(3))


@pytest.mark.parametrize("alike", [True, False])
@given(lengths=st.lists(st.integers(1, 50), min_size=1, max_size=80), budget=st.integers(50, 300))
def test_a_budget_is_kept_with_the_padding(alike: bool, lengths: list[int], budget: int) -> None:
    plan = Plan(np.array(lengths), Rule("tokens", budget, alike))
    for step in range(plan.steps):
        held = plan.lengths[plan.members(step)]
        assert 0 < len(held) * held.max() <= budget


def test_a_sequence_beyond_the_budget_is_refused() -> None:
    with pytest.raises(Fault, match="longest sequence has 51 tokens, more than a budget of 50"):
        Plan(np.array([3, 51]), Rule("tokens", 50))


def test_similar_lengths_waste_a_fraction_of_what_any_waste() -> None:
    shares = {alike: Plan(LENGTHS, Rule("sequences", 32, alike)).waste().share for alike in (True, False)}
    assert shares[True] < 0.1
    assert shares[False] > 0.4


def test_epochs_differ_in_order_and_in_company() -> None:
    plan = Plan(LENGTHS, Rule("sequences", 32))
    first, second = ([frozenset(plan.members(epoch * plan.steps + step).tolist()) for step in range(plan.steps)]
                     for epoch in range(2))
    assert first != second
    assert len(set(first) & set(second)) < plan.steps / 2
    longest = [[LENGTHS[list(batch)].max() for batch in epoch] for epoch in (first, second)]
    assert sorted(longest[0]) == sorted(longest[1])  # chance decides among equal lengths alone


def test_without_replacement_the_last_batch_holds_what_is_left_over() -> None:
    plan = epochs(10, 4, 1)
    sizes = [len(plan.members(step)) for step in range(6)]
    assert sizes == [4, 4, 2] * 2
    assert plan.members(0).tolist() != plan.members(3).tolist()
    assert sorted(np.concatenate([plan.members(step) for step in range(3, 6)])) == list(range(10))


def test_a_curriculum_begins_with_the_short_ones_and_then_shuffles() -> None:
    plan = Plan(LENGTHS, Rule("sequences", 32, curriculum=True))
    longest = [LENGTHS[plan.members(step)].max() for step in range(2 * plan.steps)]
    assert longest[:plan.steps] == sorted(longest[:plan.steps])
    assert longest[plan.steps:] != sorted(longest[plan.steps:])
    steady = Plan(LENGTHS, Rule("sequences", 32))
    assert [LENGTHS[steady.members(step)].max() for step in range(5)] != longest[:5]


def test_waste_is_what_stands_beyond_each_sequence() -> None:
    waste = Plan(np.array([2, 4, 4, 1]), Rule("sequences", 2)).waste()
    assert (waste.real, waste.room) == (11, 12)
    assert waste.share == pytest.approx(1 / 12)
    assert Plan(np.array([2, 4, 4, 1]), Rule("sequences", 4)).waste(0, 1).room == 16
