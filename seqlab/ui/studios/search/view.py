"""Search: which units follow what is true of a text, where they are strongest, and a text on the colours of a unit."""

from collections.abc import Mapping
from dataclasses import replace

import streamlit as st

from seqlab import notation
from seqlab.figures.search import search_bytes
from seqlab.reference.selectivity import Selectivity
from seqlab.training import searched, unit_names
from seqlab.training.run import Run
from seqlab.training.searched import EXPRESSION
from seqlab.training.task_input import known_text
from seqlab.ui.proof.drawing import prove
from seqlab.ui.proof.snapshot import Snapshot
from seqlab.ui.runs.following import goes_on
from seqlab.ui.shell import acting
from seqlab.ui.shell.choices import choose, choose_number
from seqlab.ui.shell.faults import attempt, show_fault_inline
from seqlab.ui.shell.foreign import literal
from seqlab.ui.shell.own_texts import visible
from seqlab.ui.studios.search.passages import picture, shown_rows
from seqlab.ui.studios.search.rules import EXAMPLE, EXAMPLES, MARK, Rule, followed, marked, rules
from seqlab.ui.studios.search.states import STATES, TextStates, quantities
from seqlab.ui.widgets.search import search as mount

FIRST_TYPED = 400  # characters
TYPED = "typed"


def search_studio(run: Run) -> None:
    """Draw what is searched for, what follows it, and the badge; one fragment."""
    st.fragment(show_fault_inline(_search))(run)


def _search(run: Run) -> None:
    if not run.snapshots():
        st.info("This network is about to start its training; look again in a moment." if goes_on(run) else
                "This run kept no weights, so there is nothing to search.")
        return
    titles = searched.names(run)
    states, rule = _asked(run, {name: titles[name] for name in visible(titles)})
    _read(states)
    result = followed(states, rule) if rule.kind != MARK or rule.mark else None
    _answer(states, rule, result)
    badge, place = st.container(key="badge-slot-search", gap=None), st.container()
    chosen = _unit(states, rule, result)
    drawn = picture(states, rule, result, chosen)
    with place:
        mount(search_bytes(drawn.search), key="search", on_choose=lambda value: _take(value, drawn.text_first))
    _notes(states)
    prove(STATES, shown_rows(states, drawn, chosen), key="proof-search", slot=badge, run=run,
          symbols=(notation.symbol(states.quantity).key,))


def _asked(run: Run, texts: dict[str, str]) -> tuple[TextStates, Rule]:
    """Draw the fields and say what is asked."""
    snapshot = Snapshot.of(run)
    expects = EXPRESSION in (st.session_state.get("rule"), st.query_params.get("rule"))
    with st.container(key="search-fields"):
        first, *between, second, third = st.columns([3, 2, 2.5, 2.5] if expects else [3, 2.5, 2.5])
    name = choose(second.selectbox, "In", texts | {TYPED: "a text that I type …"}, "text",
                  help="The texts over which every unit is looked at.")
    named = {quantity: _named(quantity) for quantity in quantities(snapshot)}
    states = TextStates(snapshot, name, choose(third.selectbox, "Units of", named, "quantity",
                                               help="The quantity whose units are searched."))
    if name == TYPED:
        states = replace(states, typed=_field(run, texts, states))
    with st.spinner("The text is opened …"):  # a collection of reviews takes seconds when it is opened first
        text = states.searched
    chosen, pattern = choose(first.selectbox, "Which units follow", rules(run, text), "rule",
                             help="The rule that is known of each symbol, such as “inside quotes”; units are ranked "
                             "by how well they tell it."), ""
    if chosen == EXPRESSION and not between:
        st.rerun()  # the other rules went with a text, and there is no field yet
    if chosen == EXPRESSION:
        pattern = between[0].text_input(
            "Regular expression", EXAMPLES.get(text.level, EXAMPLE), key="pattern", bind="query-params", help="As "
            "Python reads it; ^ and $ are the ends of lines. A symbol counts where its last character is part of a "
            "match.") or ""
    return states, Rule.of(chosen, pattern, marked() if chosen == MARK else None)


def _field(run: Run, texts: dict[str, str], states: TextStates) -> str:
    """Draw the field for a text of a person's own; it begins with some of the network's own text."""
    key, usual = f"search-typed-{run.id}", "".join(known_text(run))
    if texts:
        own = replace(states, text=next(iter(texts))).searched
        usual = "\n".join(own.sequences[:8])[:FIRST_TYPED]
    return str(st.text_area("Your text", usual, key=key, height=90, persist_state="session",
                            help="Each line is a sequence of its own where the network reads lines.") or "")


def _read(states: TextStates) -> None:
    """Have the network read the text, with a bar while it does."""
    bar = st.empty()
    states.values(lambda share: bar.progress(min(1.0, share), f"The network reads {len(states.searched):,} symbols; "
                                             "what comes of it is kept …"))
    bar.empty()


def _unit(states: TextStates, rule: Rule, result: Selectivity | None) -> int:
    """Draw the unit's number and its name; the best one stands there until another is chosen."""
    count, state, asked = quantities(states.snapshot)[states.quantity], st.session_state, (states, rule)
    best = int(result.order[0]) if result is not None else 0
    if state.get("search-asked") not in (None, asked):
        state["unit"] = best
    state["search-asked"] = asked
    number, name, _ = st.columns([1, 2, 2], vertical_alignment="bottom")
    unit = choose_number(number.number_input, "Unit", 0, count - 1, best, "unit", help="Any unit, as colour.")
    unit = best if unit is None else int(unit)
    known = acting.names_of_units(states.snapshot.run).get(states.quantity, {}).get(unit, "")
    key = f"unit-name-{states.snapshot.path}-{states.quantity}-{unit}"

    def keep() -> None:
        attempt(lambda: acting.name_unit(
            states.snapshot.run, states.quantity, unit, str(state.get(key) or "")))

    name.text_input(f"What unit {unit} is for", known, key=key, on_change=keep, max_chars=unit_names.LONGEST,
                    placeholder="A name for it, which stays with the run",
                    help="A name for this unit, which stays with the run.")
    return unit


def _answer(states: TextStates, rule: Rule, result: Selectivity | None) -> None:
    """Say in one line what was found, and how sure it is."""
    if result is None:
        st.markdown("Mark a stretch of the text below: press on its first character and draw to its last, or hold "
                    "**Shift** and press the arrow keys.")
        return
    best = int(result.order[0])
    score, probe = (_score(result, value) for value in (float(result.held_out[best]), result.probe))
    where = ("here: one stretch cannot be held out" if rule.kind == MARK else
             f"on held-out text; a linear probe of all {len(result.order)} units: {probe}")
    st.markdown(f"**Unit {best}** of the {literal(_named(states.quantity))} follows *{literal(rule.label)}* best: "
                f"**{score}** {where}.")


def _score(result: Selectivity, value: float) -> str:
    if result.measure == "R²" and not value > 0:
        return "R² 0, no better than the mean"
    return f"{result.measure} {value:.3f}"


def _notes(states: TextStates) -> None:
    text = states.searched
    if text.total > len(text):
        st.caption(f":material/info: Only the first {len(text):,} of {text.total:,} symbols are searched.")


def _take(value: Mapping[str, object], first: int) -> None:
    """Take what was chosen in the browser: a unit of the list, or a stretch of the text; all else is let be."""
    unit, mark = value.get("unit"), value.get("mark")
    if isinstance(unit, int) and not isinstance(unit, bool) and 0 <= unit < 10 ** 6:
        st.session_state["unit"] = unit
    if isinstance(mark, list) and len(mark) == 2 and all(isinstance(end, int) and 0 <= end < 10 ** 6 for end in mark):
        st.session_state["rule"] = MARK
        st.query_params[MARK] = f"{first + min(mark)}-{first + max(mark) + 1}"


def _named(quantity: str) -> str:
    symbol = notation.symbol(quantity)
    return f"{symbol.name} {symbol.key}, layer {(notation.layer(quantity) or 0) + 1}"
