"""Everything that pages ask of the workers: one typed function for each, whose place is text, for torch is not here.

A signature is the lens's own: type checkers follow the second argument of ``Remote`` into ``seqlab.lenses``, which this
process never imports. A test resolves every target, and binds every call in ``seqlab/ui`` to what it finds there.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Generic, ParamSpec, TypeVar

from seqlab.ui.proof.waiting import Pending
from seqlab.ui.shell.services import engine

if TYPE_CHECKING:
    from seqlab.export.making import apart
    from seqlab.lenses import (
        attention,
        automaton,
        beginnings,
        cells,
        comparison,
        conventions,
        course,
        echo,
        examples,
        final,
        gradients,
        grammar,
        growth,
        horizon,
        proof,
        reading,
        rest,
        sampling,
        search,
        sentiment,
        trail,
        windows,
    )
    from seqlab.studies import durations, measuring

P = ParamSpec("P")
R = TypeVar("R")


class Remote(Generic[P, R]):
    """A function of ``seqlab.lenses`` that is called on a worker; ``target`` is its module and name."""

    def __init__(self, target: str, signature: Callable[[], Callable[P, R]]) -> None:
        self.target = target
        self.signature = signature

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> Pending[R]:
        """Ask for it; returns at once with what ``wait_for`` waits for. Raises Fault where there is no engine."""
        return engine().ask(self.target, *args, **kwargs)


traces = Remote("seqlab.lenses.proof:in_precisions", lambda: proof.in_precisions)
trails = Remote("seqlab.lenses.trail:in_precisions", lambda: trail.in_precisions)
attention_layer = Remote("seqlab.lenses.attention:in_precisions", lambda: attention.in_precisions)
sampled_again = Remote("seqlab.lenses.sampling:again", lambda: sampling.again)
training_step = Remote("seqlab.lenses.gradients:step", lambda: gradients.step)

text_logits = Remote("seqlab.lenses.reading:logits", lambda: reading.logits)
book_portion = Remote("seqlab.lenses.reading:scored", lambda: reading.scored)
context_portion = Remote("seqlab.lenses.reading:contexts", lambda: reading.contexts)
searched_states = Remote("seqlab.lenses.search:states", lambda: search.states)
searched_rows = Remote("seqlab.lenses.search:in_precisions", lambda: search.in_precisions)
embedding_rows = Remote("seqlab.lenses.reading:codes", lambda: reading.codes)
cosines = Remote("seqlab.lenses.reading:cosines", lambda: reading.cosines)

five_lines = Remote("seqlab.lenses.cells:five_lines", lambda: cells.five_lines)
measured_on = Remote("seqlab.lenses.cells:measured_on", lambda: cells.measured_on)
cell_states = Remote("seqlab.lenses.cells:in_precisions", lambda: cells.in_precisions)
cell_memories = Remote("seqlab.lenses.cells:memories", lambda: cells.memories)
convention_layer = Remote("seqlab.lenses.conventions:traces", lambda: conventions.traces)
convention_network = Remote("seqlab.lenses.conventions:network_traces", lambda: conventions.network_traces)
convention_logits = Remote("seqlab.lenses.conventions:network_logits", lambda: conventions.network_logits)
error_growth = Remote("seqlab.lenses.growth:growth", lambda: growth.growth)
error_growth_of_run = Remote("seqlab.lenses.growth:growth_of_run", lambda: growth.growth_of_run)

review = Remote("seqlab.lenses.sentiment:view", lambda: sentiment.view)
review_beginnings = Remote("seqlab.lenses.beginnings:answers", lambda: beginnings.answers)
final_test = Remote("seqlab.lenses.final:measured", lambda: final.measured)
grammar_truth = Remote("seqlab.lenses.grammar:truth", lambda: grammar.truth)
learned_automaton = Remote("seqlab.lenses.automaton:advance", lambda: automaton.advance)
automaton_clusters = Remote("seqlab.lenses.automaton:clusters", lambda: automaton.clusters)
automaton_confirmed = Remote("seqlab.lenses.automaton:confirmed", lambda: automaton.confirmed)
echo_by_delay = Remote("seqlab.lenses.echo:by_delay", lambda: echo.by_delay)
echo_by_length = Remote("seqlab.lenses.echo:by_length", lambda: echo.by_length)
exercise = Remote("seqlab.studies.measuring:measured", lambda: measuring.measured)
training_seconds = Remote("seqlab.studies.durations:measured", lambda: durations.measured)
example = Remote("seqlab.lenses.examples:drawn", lambda: examples.drawn)
leaving_file = Remote("seqlab.export.making.apart:made", lambda: apart.made)
compared = Remote("seqlab.lenses.comparison:in_precisions", lambda: comparison.in_precisions)
drawn_sequences = Remote("seqlab.lenses.comparison:drawn", lambda: comparison.drawn)
unit_correlations = Remote("seqlab.lenses.comparison:correlations", lambda: comparison.correlations)
course_answers = Remote("seqlab.lenses.course:answers", lambda: course.answers)
drawn_beginnings = Remote("seqlab.lenses.windows:beginnings", lambda: windows.beginnings)
drawn_windows = Remote("seqlab.lenses.windows:drawn", lambda: windows.drawn)
resting_states = Remote("seqlab.lenses.rest:searched", lambda: rest.searched)
memory_horizon = Remote("seqlab.lenses.horizon:measured", lambda: horizon.measured)
faded_gradients = Remote("seqlab.lenses.horizon:faded", lambda: horizon.faded)
