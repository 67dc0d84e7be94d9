"""The grammar of the form, a built-in one or a person's own: its strings, and how they are put into batches."""

import re

import streamlit as st

from seqlab.data.batching import Plan, Rule
from seqlab.data.grammar import BUILT_IN, Grammar, read
from seqlab.data.grammar.ambiguity import notes
from seqlab.errors import Fault
from seqlab.figures.batches import batches
from seqlab.figures.film import evenly
from seqlab.tasks.grammar import GrammarConfig, plan
from seqlab.training.config import RunConfig
from seqlab.ui.labs.grammar.titles import TITLES
from seqlab.ui.proof.store import PICTURES
from seqlab.ui.shell.foreign import literal
from seqlab.ui.shell.theme import is_dark
from seqlab.ui.widgets.code_field import code_field
from seqlab.ui.widgets.kept_area import kept_area

MOST_RULES = 20_000  # characters
OWN, FIELD = "own", "grammar-text"
FEW, DRAWN = 8, 10  # strings that are shown, batches that are drawn
WIDE = 70  # characters of a string that is shown
NOTATION = """\
A rule a line: a name, `->`, and its alternatives with `|` between them. What stands in quotes is written as it is; what
does not is replaced by its own rule. An alternative may end in its probability, as in `[0.3]` or `[1/4]`; those without
one share what is left evenly. `""` is the empty string, `#` begins a comment, and the first rule is where every string
begins. A line `spaced` puts a space between terminals where strings are cut into characters."""


def choose_language(first: str, level: str, recipe: str) -> tuple[str, str]:
    """Draw the picker and, for an own grammar, its editor; give the grammar, and what is wrong with it ("")."""
    names = [*BUILT_IN, OWN]
    chosen = st.selectbox("Grammar", names, names.index(first), key=f"grammar-{recipe}",
                          format_func=lambda name: "Your own …" if name == OWN else _titled(name),
                          help="Which language the strings come from: a built-in one, or rules of your own.")
    if chosen != OWN:
        st.code(BUILT_IN[chosen], language=None, wrap_lines=True, height=176)
        return chosen, ""
    text = st.text_area("Rules", BUILT_IN[first], key=FIELD, height=230, persist_state="session", help=NOTATION)
    try:
        if len(text or "") > MOST_RULES:
            raise Fault(f"These rules have {len(text or ''):,} characters; at most {MOST_RULES:,} are read.")
        read(text or "", "word" if level == "word" else "character")
        wrong = ""
    except Fault as fault:
        wrong = str(fault)
    line = re.match(r"Line (\d+)", wrong)
    code_field(FIELD, text or "", int(line[1]) if line else None, key="grammar-field")
    kept_area(FIELD, BUILT_IN[first], key="kept-grammar", most=10 * MOST_RULES)
    if wrong:
        st.error(literal(wrong), icon=":material/error:")
    st.button("Reset", icon=":material/restart_alt:", key="grammar-reset", on_click=_reset, args=(first,),
              help="Write the grammar of the recipe here again.")
    return text or "", wrong


def _titled(name: str) -> str:
    return TITLES[name][0].upper() + TITLES[name][1:]


def _reset(first: str) -> None:
    st.session_state[FIELD] = BUILT_IN[first]


def language_view(config: RunConfig) -> None:
    """Show some strings of the language and how they are put into batches; raises Fault."""
    task: GrammarConfig = config.task_config
    language, lengths = task.language, task.source.training(task.strings).lengths - 1
    st.markdown(f"**{_titled(language.name) if language.name else 'Your own grammar'}** · {len(language.tokens)} "
                f"different {task.level}s · {lengths.mean():.1f} in a string on average, up to {lengths.max()}")
    st.code("\n".join(_cut(language, tokens) for tokens in task.source.held_out()[:FEW]), language=None, height=176)
    st.caption(f"Drawn from the exact distribution. No network can do better than {task.source.floor():.3f} nats a "
               f"{task.level}, the END of each string counted as one: that is the entropy of the language, and the "
               "broken line under the loss.")
    for note in notes(language):
        st.caption(f":material/info: {literal(note)}")
    _batches(task, config.batch)


def _cut(language: Grammar, tokens: tuple[str, ...]) -> str:
    text = language.joined(tokens)
    return text if len(text) <= WIDE else f"{text[:WIDE - 1]}…"


def _batches(task: GrammarConfig, size: int) -> None:
    whole = plan(task, size)
    steps = evenly(whole.steps, DRAWN)
    st.markdown(f"**Batches of an epoch** · {whole.steps:,}, of which {len(steps)} are drawn, in their order")
    drawn = [whole.lengths[whole.members(step)] for step in steps]
    st.html(batches(drawn, packed=task.padding == "pack", dark=is_dark()))
    share, naive = _waste(task.model_dump_json(), size)
    what = "of what is computed is padding" if task.padding == "mask" else "would be padding; packing leaves it out"
    st.caption(f"Strings × the longest of them; a row is a string with its END. In the whole epoch {share:.1%} {what}; "
               f"in batches of {size} as they come it would be {naive:.1%}.")


@PICTURES.cached
def _waste(config: str, size: int) -> tuple[float, float]:
    task = GrammarConfig.model_validate_json(config)
    lengths = plan(task, size).lengths
    return plan(task, size).waste().share, Plan(lengths, Rule(size=size, alike=False)).waste().share
