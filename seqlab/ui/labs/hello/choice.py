"""What the person asks of the hello lab: a word pair and a network, in widgets and in the address; and its run."""

import random
import time
from dataclasses import dataclass

import streamlit as st
from pydantic import ValidationError

from seqlab.studies import published as source
from seqlab.tasks.hello import RECIPES, TARGET, WORD, config_for, read
from seqlab.training.config import RunConfig, explain
from seqlab.training.run import Run
from seqlab.ui.runs.opens import Opens
from seqlab.ui.runs.picker import candidates, preferred, show
from seqlab.ui.shell import acting
from seqlab.ui.shell.choices import choose_or_none
from seqlab.ui.shell.faults import attempt
from seqlab.ui.shell.foreign import literal
from seqlab.ui.shell.services import engine, library

OPENS = Opens("hello-embedding", tasks=("hello",))
FIRST = "embedding"
MOMENT = 1.5  # seconds that a press on Train waits for the run, so that the page shows the trained network at once
SEEDS = 1000


@dataclass(frozen=True)
class Choice:
    """A network for a word pair; ``fault`` says in one sentence why it cannot be trained ("" if it can)."""

    recipe: str | None
    word: str
    target: str
    fault: str = ""

    @classmethod
    def of(cls, recipe: str | None, word: str, target: str) -> "Choice":
        """Check what was typed and chosen."""
        if recipe is None:
            return cls(None, word, target, "Choose one of the five networks to train it.")
        try:
            RunConfig(**config_for(recipe, word, target))
        except ValidationError as error:
            return cls(recipe, word, target, explain(error))
        return cls(recipe, word, target)

    def config(self, seed: int = 0) -> RunConfig:
        """Make the run's config, named by what sets it apart."""
        assert self.recipe is not None
        return RunConfig(**config_for(self.recipe, self.word, self.target, seed=seed,
                                      name=f"{RECIPES[self.recipe].label}, {self.word} → {self.target}"))

    def made(self, run: Run) -> bool:
        """Whether a run is of this choice, whatever its seed and name."""
        return not self.fault and same(run.config, self.config())


def same(one: RunConfig, other: RunConfig) -> bool:
    """Whether two configs differ in nothing but seed, name and device."""
    apart = {"seed", "name", "device"}
    return one.model_dump(exclude=apart) == other.model_dump(exclude=apart)


def recipe_of(run: Run) -> str | None:
    """Which recipe a run was made from, whatever its words; None for a network of its own."""
    task = run.config.task_config
    made = {name: RunConfig(**config_for(name, task.word, task.target)) for name in RECIPES}
    return next((name for name, config in made.items() if same(run.config, config)), None)


def published(run: Run) -> float | None:
    """The published loss of a run's network, where there is one: for ``hello`` → ``ohlol`` alone."""
    task = run.config.task_config
    return source.published(f"hello/{recipe_of(run)}") if (task.word, task.target) == (WORD, TARGET) else None


def choose() -> Choice:
    """Draw the words, the networks and the button that trains, and return what they say now."""
    slot = st.empty()  # a place of its own, so that what stands below stays what it is
    unknown = _adopt(st.query_params.get("run"))
    words, network, buttons = st.columns([2.2, 3, 1.5], vertical_alignment="bottom")
    words = words.container(horizontal=True, wrap=False)
    word = words.text_input("It reads", WORD, key="hears", bind="query-params", on_change=_let_go,
                            help="1 to 12 letters, a to z.")
    target = words.text_input("It must answer", TARGET, key="says", bind="query-params", on_change=_let_go,
                             help="As many letters as it reads.")
    recipe = choose_or_none(network.segmented_control, "Network",
                            {name: recipe.label for name, recipe in RECIPES.items()}, "network", FIRST,
                            on_change=_let_go, wrap=True,
                            help="Three published networks, and two that were left open as an exercise.")
    choice = Choice.of(recipe, read(word or ""), read(target or ""))
    with buttons.container(horizontal=True, wrap=False, key="second-train"):
        if st.button("Train", type="primary", icon=":material/play_arrow:", key="train-hello", width="stretch",
                     disabled=bool(choice.fault), help="15 epochs from fresh random weights; takes a moment."):
            attempt(lambda: _train(choice))
        st.button("Reset", icon=":material/restart_alt:", key="reset-hello", on_click=_reset,
                  help=f"Back to {WORD} → {TARGET}.")
    if unknown:
        slot.warning(literal(unknown), icon=":material/error:")
    return choice


def shown(choice: Choice) -> Run | None:
    """The run to show: that of the address, else the newest of what is chosen, else the one shown before."""
    runs = candidates(OPENS)
    asked = runs.get(st.query_params.get("run", ""))
    if asked:
        return asked
    made = [run for run in runs.values() if run.snapshots() and choice.made(run)]
    shipped = [run for run in made if library().is_shipped(run)]
    return next(iter((*shipped, *made)), shown_before() or preferred(OPENS))


def shown_before() -> Run | None:
    """The run whose picture stood here last, if it is still there."""
    run = candidates(OPENS).get(st.session_state.get("hello-shown", ""))
    return run if run and run.snapshots() else None


def _adopt(wanted: str | None) -> str:
    """Set the widgets to what the run in the address was made from, once; returns a sentence where there is none."""
    if not wanted or wanted == st.session_state.get("hello-adopted"):
        return ""
    run = candidates(OPENS).get(wanted)
    if run is None:
        del st.query_params["run"]
        return "The run in the address is not there, or is none of this page. Another network is shown instead."
    task = run.config.task_config
    st.session_state.update({"hears": task.word, "says": task.target, "network": recipe_of(run),
                             "hello-adopted": wanted})
    return ""


def _let_go() -> None:
    """Another choice is no longer the run of the address."""
    st.query_params.pop("run", None)
    st.session_state.pop("hello-adopted", None)


def _reset() -> None:
    _let_go()
    st.session_state.update({"hears": WORD, "says": TARGET, "network": FIRST})
    st.session_state.pop("hello-shown", None)


def _train(choice: Choice) -> None:
    run = acting.start(choice.config(random.randrange(SEEDS)))
    end = time.monotonic() + MOMENT
    while engine().ready and run.status.active and time.monotonic() < end:
        time.sleep(0.02)
    show(run.id)
    st.session_state["hello-adopted"] = st.session_state["hello-fresh"] = run.id
