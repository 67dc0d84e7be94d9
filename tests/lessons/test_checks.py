"""Every kind of check: what is right is computed from the network, and what is wrong is not taken."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import yaml

from seqlab import paths
from seqlab.errors import Fault
from seqlab.lessons.asked import typed
from seqlab.lessons.check import Check, CheckKind, Computed, check_kinds, judged
from seqlab.lessons.scene import Scene
from seqlab.reference.intervention import Intervention
from seqlab.training import status
from seqlab.training.library import Library
from tests.support.runs import small_config

KINDS = list(check_kinds().values())
ASKING = [kind for kind in KINDS if kind.answers]
DOING = [kind for kind in KINDS if not kind.answers]


def written(kind: CheckKind, more: dict[str, object] | None = None) -> Check:
    """A check with the settings of its example, as a lesson's file has them."""
    example = yaml.safe_load(kind.example)
    values = {} if isinstance(example, str) else example[kind.name]
    return Check(kind, kind.settings.model_validate(values | (more or {})))


def made(name: str, /, **settings: object) -> Check:
    kind = check_kinds()[name]
    return Check(kind, kind.settings.model_validate(settings))


@pytest.fixture
def library(tmp_path: Path) -> Library:
    (tmp_path / "runs").mkdir()
    return Library(tmp_path / "runs", paths.checkpoints())


@pytest.fixture
def scene(library: Library) -> Scene:
    """The Echo page with a word and a delay of three."""
    run = library.get("echo-variable-gru")
    return Scene(library, "echo", {"word": "remember"}, run, None, typed(run, "remember", 3))


def writes(library: Library) -> Scene:
    run = library.get("text-gru")
    return Scene(library, "sampling", {}, run, None, typed(run, "the time traveller"))


def takes(kind: CheckKind) -> str:
    """The settings of a kind as the documentation lists them; ``of`` is told above the table."""
    known = {field.alias or name: field for name, field in kind.settings.model_fields.items() if name != "of"}
    return ", ".join(f"`{name}`" if field.is_required() else f"`{name}?`" if field.default_factory or field.default is
                     None else f"`{name}: {yaml.safe_dump(field.default).split()[0]}`" for name, field in known.items())


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_a_kind_is_whole_and_described(kind: CheckKind) -> None:
    said = (paths.SOURCE / "docs" / "lessons.md").read_text(encoding="utf-8")
    row = next(line for line in said.splitlines() if line.startswith(f"| `{kind.name}` |"))
    cells = (kind.tells.replace("``", "`"), takes(kind), f"`{kind.example}`".replace("|", "\\|"))
    assert row.endswith(f"| {' | '.join(cells)} |")
    assert yaml.safe_load(kind.example) == kind.name or kind.name in yaml.safe_load(kind.example)
    assert written(kind)
    assert bool(kind.answers) == (kind.compute is not None) == (kind.done is None) == (kind.deed is None)
    assert kind.settings.__doc__


WORDS_OF_TEXT = {"probability", "can-be-drawn", "entropy", "perplexity", "most-surprising"}


@pytest.mark.parametrize("kind", ASKING, ids=lambda kind: kind.name)
def test_what_is_right_is_taken_and_another_answer_is_not(kind: CheckKind, scene: Scene) -> None:
    here = writes(scene.library) if kind.name in WORDS_OF_TEXT else scene
    more: dict[str, object] = {"of": {"run": "echo-variable-gru", "text": "remember", "delay": 3, "step": 61}} \
        if kind.name in ("fails-at-delay", "mistakes") else {}
    check = written(kind, more)
    right = check.computed(here)
    assert right.because
    choices = ["a", "b", "c"] if isinstance(right.answer, int) else ()
    answer = choices[right.answer] if isinstance(right.answer, int) else right.answer
    verdict = check.judge(answer, here, choices)
    assert verdict.right
    assert verdict.sentence == right.because
    wrong = {int: "d", str: "?", float: 1e9, frozenset: frozenset({999})}[type(right.answer)]
    assert not check.judge(wrong, here, choices).right
    assert check.judge(None, here, choices).sentence == "Give an answer first."


@pytest.mark.parametrize("kind", DOING, ids=lambda kind: kind.name)
def test_what_was_not_done_is_not_right_and_what_was_is(kind: CheckKind, scene: Scene) -> None:
    check = written(kind)
    before = check.judge(None, scene)
    assert not before.right
    assert before.sentence.endswith(".")
    assert kind.deed
    done = check.judge(None, kind.deed(check.settings, scene))
    assert done.right, done.sentence


def test_what_the_network_says_is_that_of_its_own_pass(scene: Scene) -> None:
    assert scene.given
    for time, letter in enumerate(scene.given.letters_target):
        assert made("letter-said", time=time).computed(scene).answer == letter
    assert made("letter-said", time=-1).computed(scene).answer == "r"
    assert made("waiting", time=5).computed(scene).answer == 3
    with pytest.raises(Fault, match="ends at 10"):
        made("letter-said", time=11).computed(scene)
    with pytest.raises(Fault, match="at every delay"):
        made("fails-at-delay").computed(scene)
    early = {"run": "echo-variable-gru", "text": "remember", "step": 313}
    assert made("fails-at-delay", of=early | {"delay": 0}).computed(scene).answer == 7


def test_a_named_network_and_text_do_not_depend_on_the_page(scene: Scene) -> None:
    of = {"run": "echo-variable-gru", "text": "hello", "delay": 2}
    check = made("letter-said", time=3, of=of)
    assert check.computed(scene).answer == check.computed(replace(scene, run=None, given=None)).answer == "e"
    with pytest.raises(Fault, match="no run nobody"):
        made("letter-said", time=3, of={"run": "nobody"}).computed(scene)
    with pytest.raises(Fault, match="no weights of step 5"):
        made("letter-said", time=3, of={"step": 5}).computed(scene)
    with pytest.raises(Fault, match="Name a text"):
        made("letter-said", time=3, of={"run": "echo-small-gru"}).computed(scene)
    assert made("letter-said", time=3, of={"delay": 1}).computed(scene).answer == "m"  # of the page's own word


def test_a_page_without_a_network_or_a_text_is_told(scene: Scene) -> None:
    assert "no network" in made("letter-said", time=3).judge("r", replace(scene, run=None)).sentence
    assert "no text" in made("letter-said", time=3).judge("r", replace(scene, given=None)).sentence


def test_numbers_of_a_pass_are_those_of_the_trace(scene: Scene) -> None:
    z = scene.trace()["z.0"][0]
    assert made("value", quantity="z", time=3, unit=5).computed(scene).answer == pytest.approx(z[3, 5])
    assert made("where", quantity="z", unit=7, above=0.5).computed(scene).answer == set(np.flatnonzero(z[:, 7] > 0.5))
    assert made("where", quantity="z", below=0.5).computed(scene).answer == set(np.flatnonzero(z.mean(-1) < 0.5))
    h = scene.trace()["h.0"][0, 4]
    assert made("strongest-unit", quantity="h.0", time=4).computed(scene).answer == np.abs(h).argmax()
    spots = [{"quantity": "z", "time": time, "unit": 5} for time in range(4)]
    assert made("largest", spots=spots).computed(scene).answer == z[:4, 5].argmax()
    assert made("largest", spots=spots, smallest=True).computed(scene).answer == z[:4, 5].argmin()
    for wrong, said in (({"quantity": "y"}, "no quantity 'y'"), ({"unit": 999}, "no unit 999"),
                        ({"time": 50}, "t = 50")):
        with pytest.raises(Fault, match=said):
            made("value", **({"quantity": "z", "time": 3, "unit": 5} | wrong)).computed(scene)
    with pytest.raises(Fault, match="nowhere above 2"):
        made("where", quantity="z", above=2).computed(scene)
    with pytest.raises(Fault, match="are the same"):
        made("largest", spots=[spots[0], spots[0]]).computed(scene)


def test_a_change_on_the_page_changes_what_is_right(scene: Scene) -> None:
    changed = replace(scene, changes=(Intervention("z.0", "set", 1.0, None, None),))
    assert made("value", quantity="z", time=3, unit=5).computed(changed).answer == 1.0
    of = {"run": "echo-variable-gru", "text": "remember", "delay": 3}
    assert made("value", quantity="z", time=3, unit=5, of=of).computed(changed).answer != 1.0


def test_weights_are_those_of_the_file(scene: Scene) -> None:
    weights = scene.shown.weights()
    check = made("weight", name="core.weight_hh_l0", row=2, column=1)
    assert check.computed(scene).answer == pytest.approx(weights["core.weight_hh_l0"][2, 1])
    assert made("count-weights").computed(scene).answer == sum(part.size for part in weights.values())
    with pytest.raises(Fault, match=r"no weights 'core\.w'"):
        made("weight", name="core.w", row=2, column=1).computed(scene)
    with pytest.raises(Fault, match="row: and column:"):
        made("weight", name="core.weight_hh_l0", row=2).computed(scene)


def test_dials_are_those_of_the_file_else_those_of_the_page(library: Library) -> None:
    scene = writes(library)
    hot = replace(scene, address={"temperature": "2.0"})
    cold = made("entropy", temperature=0.5)
    assert cold.computed(scene).answer == cold.computed(hot).answer
    as_shown = made("entropy")
    assert float(as_shown.computed(hot).answer) > float(as_shown.computed(scene).answer)  # type: ignore[arg-type]
    assert made("can-be-drawn", top_k=3).computed(scene).answer == 3
    assert made("can-be-drawn", temperature=0).computed(scene).answer == 1
    assert "never answers" in made("probability", letter="ß").judge(0.5, scene).sentence


def test_a_unit_that_counts_is_the_one_of_greatest_correlation(library: Library) -> None:
    of = {"run": "grammar-brackets", "text": "((()())(()))()"}
    scene = made("counting-unit", of=of).settings.scene(Scene(library, ""))  # type: ignore[attr-defined]
    letters, states = scene.sequence.letters_in, scene.trace()["h.0"][0]
    depths = np.cumsum([{"(": 1, ")": -1}.get(letter, 0) for letter in letters])
    scores = [abs(np.corrcoef(states[:, unit], depths)[0, 1]) for unit in range(states.shape[1])]
    assert made("counting-unit").computed(scene).answer == int(np.argmax(scores))
    assert made("open-brackets", of=of | {"text": "(()(("}).computed(scene).answer == 3
    with pytest.raises(Fault, match="not nested"):
        made("counting-unit", of=of | {"text": "()()"}).computed(scene)


def test_enough_letters_is_from_where_on_the_answer_stays(library: Library) -> None:
    text = "said the time travel"
    enough = made("enough-letters", of={"run": "text-gru", "text": text}).computed(Scene(library, "")).answer
    assert isinstance(enough, float)

    def said(count: int) -> object:
        of = {"run": "text-gru", "text": text[-count:]}
        return made("letter-said", time=-1, of=of).computed(Scene(library, "")).answer

    assert {said(count) for count in range(int(enough), len(text) + 1)} == {said(len(text))}
    assert said(int(enough) - 1) != said(len(text))


def test_perplexity_is_that_of_the_mean_surprise(library: Library) -> None:
    scene = writes(library)
    logits, ids = scene.trace()["logits"][0].astype(np.float64), scene.question.ids
    log_p = logits - np.log(np.exp(logits).sum(-1, keepdims=True))
    surprises = [-log_p[t, ids[t + 1]] for t in range(len(ids) - 1)]
    assert made("perplexity").computed(scene).answer == pytest.approx(np.exp(np.mean(surprises)))
    assert made("most-surprising").computed(scene).answer == scene.sequence.letters_in[int(np.argmax(surprises)) + 1]
    echo = library.get("echo-variable-gru")
    with pytest.raises(Fault, match="does not predict"):
        made("perplexity").computed(replace(scene, run=echo, given=typed(echo, "remember", 3)))


@pytest.mark.parametrize(("answer", "right", "taken", "said"), [
    (0.71, Computed(0.7, "yes", 0.02), True, "yes"), (0.73, Computed(0.7, "yes", 0.02), False, "smaller"),
    (0.6, Computed(0.7, "yes"), False, "larger"), ("a", Computed(0.7, "yes"), False, "number"),
    (frozenset({1, 2}), Computed(frozenset({1, 3}), "yes"), False, "1 right, 1 too many, 1 missing."),
    (frozenset({1, 3}), Computed(frozenset({1, 3}), "yes"), True, "yes"), ("a", Computed("a", "yes"), True, "yes"),
    ("b", Computed("a", "yes"), False, "Not b"), ("", Computed("a", "yes"), False, "first")])
def test_an_answer_is_judged_and_the_right_one_is_not_given_away(answer: str, right: Computed, taken: bool,
                                                                 said: str) -> None:
    verdict = judged(answer, right)
    assert verdict.right is taken
    assert said in verdict.sentence


def test_a_run_counts_that_is_ones_own_and_began_after_the_step(library: Library) -> None:
    from seqlab.training.run import create

    check = made("trained", task="echo", accuracy=0.9, settings={"network.hidden": {"most": 64}})
    scene = Scene(library, "echo", began=100.0)
    assert check.judge(None, scene).sentence == \
        "Train a network in Echo; wanted: hidden size at most 64, 90 % right."
    assert made("trained", settings={"optimiser.clip": None}).judge(None, scene).sentence.endswith("no gradient clip.")
    run = create(library.root, small_config())
    now = run.status.model_copy(update={"state": "finished", "accuracy": 0.8, "evaluation": 0.95})
    for update, right in (({}, True), ({"evaluation": 0.85}, False), ({"started": 99.0}, False)):
        status.write(run.path, now.model_copy(update=update))
        assert check.judge(None, scene).right is right
    status.write(run.path, now)
    assert not made("trained", task="hello").judge(None, scene).right
    assert not made("trained", cell="lstm").judge(None, scene).right
    assert not made("trained", settings={"network.hidden": {"least": 1000}}).judge(None, scene).right
    assert made("trained", settings={"optimiser.lr": run.config.optimiser.lr}).judge(None, scene).right
    assert made("trained", below=0.99).judge(None, scene).right
    assert not made("trained", below=0.9).judge(None, scene).right
    assert not made("trained", ended="diverged").judge(None, scene).right


def test_a_run_that_cannot_be_is_told_by_its_deed(library: Library) -> None:
    for settings, said in (({"network.hiden": 3}, "no setting 'network.hiden'"),
                           ({"network.hidden": -3}, "hidden size")):
        check = made("trained", settings=settings)
        assert check.kind.deed
        with pytest.raises(Fault, match=said):
            check.kind.deed(check.settings, Scene(library, "echo"))


def test_a_change_and_a_setting_are_seen_as_they_stand_now(scene: Scene) -> None:
    clamp = replace(scene, changes=(Intervention("z.0", "set", 1.0, (5,), None),))
    for settings, right in (({"quantity": "z"}, True), ({"quantity": "z", "unit": 5, "value": 1}, True),
                            ({"quantity": "z", "unit": 4}, False), ({"quantity": "r"}, False),
                            ({"quantity": "z", "action": "scale"}, False), ({"quantity": "z", "value": 0}, False)):
        assert made("changed", **settings).judge(None, clamp).right is right
    cold = replace(scene, address={"temperature": "0.2", "colour": "entropy"})
    for settings, right in (({"name": "temperature", "most": 0.3}, True),
                            ({"name": "temperature", "least": 0.3}, False),
                            ({"name": "colour", "is": "entropy"}, True), ({"name": "top_k", "is": 5}, False),
                            ({"name": "top_p", "least": 1, "usual": 1}, True)):
        assert made("setting", **settings).judge(None, cold).right is right
