"""The section of the automaton that a network of the grammar lab learned, beside its grammar's."""

from dataclasses import dataclass, replace

import streamlit as st

from seqlab.data.grammar import Grammar
from seqlab.errors import Fault
from seqlab.figures.automaton import described, graph, table
from seqlab.numerals import number
from seqlab.reference.automata import Automaton, Word, difference, minimal
from seqlab.reference.clustering import TOLERATED, Clustered
from seqlab.tasks.grammar import GrammarConfig
from seqlab.training.answers import ConfirmedDecisions, LearnedAutomaton
from seqlab.training.question import Question
from seqlab.training.run import Run
from seqlab.training.task_input import TaskInput
from seqlab.ui.lenses.automaton_words import Words
from seqlab.ui.lenses.view import LensView
from seqlab.ui.proof import client
from seqlab.ui.proof.drawing import prove
from seqlab.ui.proof.proof import Proof
from seqlab.ui.proof.snapshot import Snapshot
from seqlab.ui.proof.store import ANSWERS, PICTURES
from seqlab.ui.proof.waiting import Ready, wait_for
from seqlab.ui.runs.following import goes_on
from seqlab.ui.shell.choices import choose
from seqlab.ui.shell.theme import is_dark

MOMENT, PAUSE = 0.5, 0.6  # seconds that a worker works between two pictures, and between two looks
THRESHOLDS = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2)
SECONDS = {10: "10 seconds", 30: "30 seconds", 120: "2 minutes", 3: "3 seconds"}
METHODS = {"l-star": "L*: asking the network", "clusters": "clusters of its states"}
STRINGS = 200  # held-out strings whose least probability is looked for
FIELDS = ("word", "string")  # those whose string is looked into: of the explorer, and of the truth


@dataclass(frozen=True)
class Study:
    """What is studied: a snapshot, the probability from which a token is possible, and for how long."""

    snapshot: Snapshot
    threshold: float
    seconds: int

    @property
    def grammar(self) -> Grammar:
        """The language that it learned."""
        language: Grammar = self.snapshot.run.config.task_config.language
        return language


@dataclass(frozen=True)
class Decisions:
    """Words after which torch is asked what is possible."""

    snapshot: Snapshot
    threshold: float
    words: tuple[Word, ...]


@ANSWERS.cached
def confirmed(asked: Decisions) -> ConfirmedDecisions:
    """Ask torch, once for all sessions; waits for a worker. Raises Fault, TimeoutError."""
    return wait_for(client.automaton_confirmed(asked.snapshot.path, asked.snapshot.step, asked.threshold, asked.words))


@ANSWERS.cached
def clusters(snapshot: Snapshot, threshold: float) -> Clustered:
    """Have a worker put a snapshot's states into clusters. Raises Fault, TimeoutError."""
    return wait_for(client.automaton_clusters(snapshot.path, snapshot.step, threshold))


DECISIONS = Proof[Decisions, ConfirmedDecisions](
    name="automaton decisions", remote=lambda asked: Ready(confirmed(asked)), symbols=("h", "logits"),
    reported=lambda answer: answer["agreement"],
    compares="The network is asked in NumPy, in single precision. The badge compares every quantity of a pass over the "
             "strings that lead to the states drawn, and the one where they differ, with torch.")


@dataclass(frozen=True)
class Progress:
    """How far a session has followed a study; over, stopped by a person, or ended by a problem."""

    study: Study
    answer: LearnedAutomaton | None = None
    stopped: bool = False
    problem: str = ""

    @property
    def rests(self) -> bool:
        """Whether nothing is being learned now."""
        return self.stopped or bool(self.problem) or (self.answer is not None and self.answer["over"])


def draw(question: Question, given: TaskInput, key: str) -> None:
    """Draw the choices, both automata while they are learned, and what they come to."""
    study, held = _study(question, key), f"{key}progress"
    progress = st.session_state.get(held)
    if not isinstance(progress, Progress) or progress.study != study:
        progress = st.session_state[held] = Progress(study)
    if not progress.rests:
        st.fragment(_learn, run_every=PAUSE)(study, key)
        return
    if progress.problem:
        st.info(progress.problem)
    again = "Ask again" if progress.problem else "Go on"
    if (progress.problem or progress.stopped) and st.button(again, icon=":material/play_arrow:", key=f"{key}on"):
        st.session_state[held] = Progress(study, progress.answer)
        st.rerun(scope="fragment")
    if progress.answer is not None:
        _result(study, progress.answer, key)


def _result(study: Study, answer: LearnedAutomaton, key: str) -> None:
    """Draw what was learned in the way that is chosen, what it comes to, and the badge."""
    method = choose(st.segmented_control, "Read off by", METHODS, f"{key}by", label_visibility="collapsed",
                    required=True)
    if method == "clusters":
        _clusters(study, answer)
    else:
        _sides(study, answer["automaton"], f"Learned by L*: {described(answer['automaton'])}", answer, _marked(answer))
        _verdict(study, answer, key)
    words = tuple(answer["automaton"].access()) + ((answer["compared"].word,) if answer["compared"].word else ())
    prove(DECISIONS, Decisions(study.snapshot, study.threshold, words), key=f"{key}badge",
          slot=st.container(key=f"badge-slot-{key}", gap=None), run=study.snapshot.run)


def _study(question: Question, key: str) -> Study:
    """Draw what can be chosen; of a run that trains, the snapshot stays until another one is asked for."""
    run, state = question.run, st.session_state
    held = f"{key}step"
    if state.get(held, (None, 0))[0] != run.path or not goes_on(run) or state[held][1] not in run.snapshots():
        state[held] = run.path, question.step
    step = int(state[held][1])
    with st.container(horizontal=True, vertical_alignment="bottom", key=f"{key}choices"):
        usual = threshold_for(run.config.task_config.model_dump_json())
        threshold = choose(st.selectbox, "Possible from", {
            one: f"{one:.1%}".replace(".0%", "%") for one in THRESHOLDS}, f"{key}from", usual, width=150,
            help="A token is possible from this probability on; at first at most half of the grammar's least one.")
        seconds = choose(st.selectbox, "Learn for at most", SECONDS, f"{key}time", next(iter(SECONDS)), width=170,
                         help="How long strings are asked about before what is known so far is shown.")
        if step != question.step and st.button("Read the newest snapshot", icon=":material/update:", key=f"{key}new"):
            state[held] = run.path, question.step
            st.rerun(scope="fragment")
    return Study(Snapshot.of(run, step), threshold, seconds)


@PICTURES.cached
def threshold_for(config: str) -> float:
    """Give the greatest threshold that is at most half of the least probability on strings of a grammar."""
    task = GrammarConfig.model_validate_json(config)
    rows = [task.language.walk(string).expected for string in task.source.held_out()[:STRINGS]]
    least = min((float(row[row > 0].min()) for row in rows), default=1.0)
    return max((one for one in THRESHOLDS if one <= least / 2), default=THRESHOLDS[0])


def _learn(study: Study, key: str) -> None:
    """Have a worker learn for a moment, and draw how far it is; a timer calls this until it is over or stopped."""
    state, held = st.session_state, f"{key}progress"
    progress = state[held]
    if progress.study != study or progress.rests:
        st.rerun()  # the whole page: it stops this timer
    with st.container(horizontal=True, vertical_alignment="center", key=f"{key}working"):
        stopped = st.button("Stop", icon=":material/stop:", key=f"{key}stop", disabled=progress.answer is None)
        bar = st.progress(0.0 if progress.answer is None else progress.answer["share"], "Asking the network …")
    try:
        if not stopped:
            answer = wait_for(client.learned_automaton(study.snapshot.path, study.snapshot.step, study.threshold,
                                                       float(study.seconds), MOMENT))
            progress = Progress(study, answer)
            bar.progress(answer["share"], f"{len(answer['automaton'])} states after {answer['asked']:,} strings …")
            _sides(study, answer["automaton"], f"Learned by L*: {described(answer['automaton'])}", answer, None)
        state[held] = replace(progress, stopped=stopped)
    except (Fault, TimeoutError) as error:
        problem = f"Nothing more could be read off: {error}" if isinstance(error, Fault) else "No worker has answered."
        state[held] = replace(progress, problem=problem)
    if state[held].rests:
        st.rerun()


def _sides(study: Study, learned: Automaton, caption: str, answer: LearnedAutomaton, marked: int | None) -> None:
    """Draw a learned automaton and, beside it, the true one."""
    tokens, truth = study.grammar.tokens, answer["truth"]
    left, right = st.columns(2, gap="medium")
    depth = "" if answer["exact"] else ", as deep as it was asked"
    for place, automaton, name, mark in ((left, learned, caption, marked),
                                         (right, truth, f"The grammar's: {described(truth)}{depth}", None)):
        with place:
            st.caption(name)
            st.html(graph(automaton, tokens, name, dark=is_dark(), marked=mark))


def _marked(answer: LearnedAutomaton) -> int | None:
    """The state of the network's automaton after the string where they differ."""
    word = answer["compared"].word
    return None if word is None or not answer["settled"] else answer["automaton"].follow(word)


def _verdict(study: Study, answer: LearnedAutomaton, key: str) -> None:
    """Say what both come to, offer the string where they differ, and fold the rest."""
    words = Words(study.grammar, study.threshold)
    st.markdown(words.comparison(answer))
    string = words.string(answer["compared"])
    if answer["compared"].word is not None and answer["settled"] and st.button(
            "Look at its hidden states there", key=f"{key}look", icon=":material/search:", on_click=_look,
            args=(string,), help="Puts the string into the field above, and into that of the truth."):
        st.rerun()
    st.caption(words.unsure(answer, stopped=st.session_state[f"{key}progress"].stopped))
    with st.expander("Both as tables: every state, a string that leads to it, and what may come"):
        for name, automaton in (("The network's", answer["automaton"]), ("The grammar's", answer["truth"])):
            st.markdown(f"**{name}**")
            st.html(table(automaton, study.grammar.tokens))


def _look(string: str) -> None:
    for field in FIELDS:
        st.session_state[field] = string


def _clusters(study: Study, answer: LearnedAutomaton) -> None:
    """Draw the automaton of clusters, and say how many there are and why."""
    try:
        with st.spinner("Putting states into clusters …"):
            result = clusters(study.snapshot, study.threshold)
    except (Fault, TimeoutError) as error:
        st.info(str(error) if isinstance(error, Fault) else "No worker has answered.")
        return
    count = result.clusters
    compared = difference(minimal(result.automaton), answer["truth"])
    _sides(study, result.automaton, f"Of {count} clusters: {described(result.automaton)}", answer,
           None if compared.word is None else result.automaton.follow(compared.word))
    words = Words(study.grammar, study.threshold)
    st.markdown(words.compared(compared, "the clusters") or "No string was found after which the clusters and the "
                "grammar hold different things possible.")
    errors = ", ".join(f"{k}: {number(error, 3)}" for k, error in zip(result.counts, result.errors, strict=True))
    st.caption(f"k-means of the hidden states h on drawn strings. {count} is the fewest clusters that predict new "
               f"strings within {TOLERATED} nats a token of the best. Error by the number of clusters: {errors}. "
               f"{result.share:.1%} of the steps went where the arrows say.")


def _offered(run: Run) -> bool:
    """Whether a run's task has a grammar whose automaton can be asked for."""
    return isinstance(getattr(run.config.task_config, "language", None), Grammar) and run.predicts_next


LENS = LensView(
    "automaton", "Automaton", "The automaton that it learned, read out by asking what it holds possible after strings, "
    "beside that of the grammar.", 90, _offered, draw, changed=False)
