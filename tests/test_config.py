import json
import re

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from seqlab.reference.core import cores
from seqlab.tasks import tasks
from seqlab.training.config import OptimiserConfig, RunConfig, explain

ECHO = {"task": {"name": "echo"}}
nested = st.recursive(st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
                      lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
                      max_leaves=8)
SETTINGS = ["task", "network", "optimiser", "batch", "steps", "name", "seed", "device", "stop_at", "colour"]


def said(given_config: object) -> str:
    with pytest.raises(ValidationError) as caught:
        RunConfig.model_validate(given_config)
    return explain(caught.value)


@pytest.mark.parametrize(("change", "sentence"), [
    ({"network": {"hidden": 0}}, "The hidden size must be at least 1, not 0."),
    ({"network": {"hidden": 100_000}}, "The hidden size must be at most 2048, not 100000."),
    ({"network": {"hidden": 1.5}}, "The hidden size must be a whole number, not 1.5."),
    ({"network": {"hidden": "many"}}, "The hidden size must be a whole number, not 'many'."),
    ({"network": {"hidden": None}}, "The hidden size must be a whole number."),
    ({"network": {"layers": -1}}, "The number of layers must be at least 1, not -1."),
    ({"network": {"model": 3}}, "The model must be text, not 3."),
    ({"network": {"input": "bytes"}}, "The input form must be 'one-hot' or 'embedding', not 'bytes'."),
    ({"network": {"depth": 3}}, "The network depth is not a known setting."),
    ({"network": {"heads": 0}}, "The number of heads must be at least 1, not 0."),
    ({"network": {"context": 0}}, "The reach of learned positions must be at least 1, not 0."),
    ({"network": {"positions": "waves"}},
     "The form of the positions must be 'sinusoidal', 'learned' or 'none', not 'waves'."),
    ({"network": {"model": "transformer", "hidden": 10}},
     "4 heads do not divide 10 hidden units; take a divisor."),
    ({"network": {"model": "transformer", "initialisation": "orthogonal"}},
     "The weights of the model Transformer cannot start as orthogonal; take default."),
    ({"network": {"initialisation": "magic"}},
     "The weights of the model GRU cannot start as magic; take default or orthogonal or normal or delay-line."),
    ({"network": {"model": "transformer", "positions": "learned", "context": 24}},
     "Learned positions that reach 24 steps are too few for this task, whose sequences have up to 25."),
    ({"network": {"readout": "state"}},
     "Where the hidden state is the logits it needs 27 units, one for each symbol, not 128."),
    ({"network": 3}, "The network must be a group of named settings, not 3."),
    ({"optimiser": {"lr": 1e6}}, "The learning rate must be at most 100, not 1000000.0."),
    ({"optimiser": {"lr": 0}}, "The learning rate must be more than 0, not 0."),
    ({"optimiser": {"lr": float("nan")}}, "The learning rate must be a finite number, not nan."),
    ({"optimiser": {"lr": float("-inf")}}, "The learning rate must be a finite number, not -inf."),
    ({"optimiser": {"clip": -1}}, "The gradient clip must be more than 0, not -1."),
    ({"optimiser": {"name": "magic"}}, "The optimiser must be 'adam', 'adamw', 'rmsprop' or 'sgd', not 'magic'."),
    ({"colour": "red"}, "The colour is not a known setting."),
    ({"task": 3}, "The task must be a group of named settings, not 3."),
    ({"task": {"name": "echo", "delay": 99}}, "The delay must be at most 32, not 99."),
    ({"task": {"name": "echo", "delay": "soon"}}, "The delay must be a whole number, not 'soon'."),
    ({"task": {"name": "echo", "speed": 9}}, "The task speed is not a known setting."),
    ({"name": "x" * 200}, "The name must have at most 80 characters."),
    ({"seed": -1}, "The seed must be at least 0, not -1."),
    ({"steps": 0}, "The number of steps must be at least 1, not 0."),
    ({"stop_at": 2}, "The accuracy to stop at must be at most 1, not 2."),
    ({"batch": "x" * 500}, "The batch size must be a whole number."),
    ({"device": "abacus"}, "The device must be 'auto', 'cpu', 'cuda' or 'mps', not 'abacus'."),
])
def test_what_is_wrong_is_said_in_one_sentence(change: dict, sentence: str) -> None:
    assert said(ECHO | change) == sentence


@pytest.mark.parametrize("cell", ["transformerish", "", "GRU", "__class__"])
def test_an_unknown_model_hears_the_known_ones(cell: str) -> None:
    sentence = said(ECHO | {"network": {"model": cell}})
    assert sentence == f"The model must be one of {', '.join(cores())}, not {cell!r}."


@pytest.mark.parametrize("task", [{"name": "dance"}, {}, {"name": []}, {"name": None}, {"delay": 3}])
def test_an_unknown_task_hears_the_known_ones(task: dict) -> None:
    assert said({"task": task}) == f"The task must be one of {', '.join(tasks())}."


def test_an_empty_config_says_what_is_missing() -> None:
    assert said({}) == "The task is missing."
    assert said(None) == "The config must be a group of named settings."


def test_the_first_of_several_faults_is_named() -> None:
    assert said(ECHO | {"network": {"hidden": 0}, "batch": 0}) == "The hidden size must be at least 1, not 0."


@given(st.dictionaries(st.sampled_from(SETTINGS), nested))
def test_anything_at_all_is_taken_or_explained(values: dict) -> None:
    try:
        config = RunConfig.model_validate(values)
    except ValidationError as error:
        sentence = explain(error)
        assert re.fullmatch(r"[A-Z0-9].+\.", sentence, re.DOTALL)
        assert len(sentence) < 200
        assert "Input should" not in sentence
    else:
        assert config.task["name"] in tasks()


def test_a_strange_name_of_a_setting_is_cut() -> None:
    assert len(said(ECHO | {"x" * 10_000: 1})) < 100


def test_nothing_can_be_changed_afterwards() -> None:
    config = RunConfig(**ECHO)
    with pytest.raises(ValidationError):
        config.batch = 3


def test_a_config_survives_json() -> None:
    config = RunConfig(**ECHO, network={"model": "lstm", "layers": 2}, optimiser={"lr": 0.01, "clip": None},
                       stop_at=0.9)
    assert RunConfig.model_validate_json(config.model_dump_json()) == config
    assert RunConfig.model_validate(json.loads(config.model_dump_json())) == config


def test_the_tasks_own_settings_are_filled_in_and_given_back() -> None:
    config = RunConfig(task={"name": "echo", "delay": 3, "form": "fixed"})
    assert config.task["length"] == 20
    assert config.task_spec is tasks()["echo"]
    assert config.task_config == tasks()["echo"].config(delay=3, form="fixed")


def test_the_learning_rate_warms_up() -> None:
    factors = [OptimiserConfig(warmup=4).factor(step, 100) for step in range(6)]
    assert factors == pytest.approx([0.2, 0.4, 0.6, 0.8, 1, 1])


def test_the_learning_rate_decays_to_nothing() -> None:
    factors = [OptimiserConfig(decay="linear").factor(step, 4) for step in range(4)]
    assert factors == pytest.approx([1, 0.75, 0.5, 0.25])


def test_the_learning_rate_falls_in_steps_as_torch_s_scheduler_does() -> None:
    config = OptimiserConfig(lr=0.003, decay="steps", milestones=(3, 3, 5), fall=0.8)
    theirs = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=config.lr)
    schedule = torch.optim.lr_scheduler.MultiStepLR(theirs, [3, 3, 5], 0.8)
    for step in range(8):
        assert config.lr * config.factor(step, 8) == pytest.approx(theirs.param_groups[0]["lr"], rel=1e-12)
        theirs.step()
        schedule.step()
    assert config.factor(7, 8) == pytest.approx(0.8 ** 3)


@given(st.integers(0, 1000), st.sampled_from(["none", "linear", "steps"]), st.integers(1, 500), st.data())
def test_the_factor_is_a_positive_share(warmup: int, decay: str, steps: int, data: st.DataObject) -> None:
    step, milestones = data.draw(st.integers(0, steps - 1)), data.draw(st.lists(st.integers(1, 500), max_size=5))
    config = OptimiserConfig(warmup=warmup, decay=decay, milestones=tuple(milestones), fall=0.5)
    assert 0 < config.factor(step, steps) <= 1


def test_a_rule_between_two_settings_names_both() -> None:
    small = {"hidden": 8, "initialisation": "delay-line"}
    assert said({"task": {"name": "echo", "delay": 8}, "network": small}) == (
        "A delay line over 8 steps needs more than 8 hidden units, not 8.")
    assert RunConfig(task={"name": "echo", "delay": 7}, network=small)


def test_settings_of_a_transformer_bind_only_a_transformer() -> None:
    assert RunConfig(**ECHO, network={"model": "gru", "hidden": 10, "heads": 4, "positions": "learned", "context": 3})
    assert RunConfig(**ECHO, network={"model": "transformer", "positions": "learned", "context": 25})
