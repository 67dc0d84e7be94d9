"""Which runs a page can show, and which of them it opens with."""

from dataclasses import dataclass

from seqlab.training.run import Run


@dataclass(frozen=True)
class Opens:
    """What a run must have to be shown: its task, its symbols, that it predicts its own next input, or reads texts.

    ``tasks`` empty: any task. ``prefers`` is the id of the shipped run that the page opens with.
    """

    prefers: str
    tasks: tuple[str, ...] = ()
    needs: frozenset[str] = frozenset()
    next_symbol: bool = False
    texts: bool = False

    def accepts(self, run: Run) -> bool:
        """Whether the page can show a run."""
        return ((not self.tasks or run.config.task["name"] in self.tasks) and self.needs <= set(run.core.symbols)
                and (run.predicts_next or not self.next_symbol) and (run.reads_texts or not self.texts))


ANY = Opens("echo-variable-gru")
PREDICTS = Opens("text-gru", next_symbol=True)  # its own next input
