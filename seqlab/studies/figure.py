"""A figure of a study: what its source says, what its source's program gives here, ours by its measure, ours tuned."""

from dataclasses import dataclass

from seqlab.numerals import number
from seqlab.studies.published import published


@dataclass(frozen=True)
class Figure:
    """A number of a study: its key among the study's own figures, its label and format, and what it is compared with.

    ``source`` is its ``source/figure`` in ``published`` and in the results of the source's program; either may lack it.
    ``tuned`` is the key of the same measure of our tuned version. The aim is a least value where ``more`` is better,
    else the most that it may be. One with a ``column`` is a cell of a grid, in the row ``row``.
    """

    key: str
    label: str
    form: str = ".2f"
    source: str = ""
    tuned: str = ""
    aim: float | None = None
    row: str = ""
    column: str = ""
    more: bool = False

    @property
    def published(self) -> float | None:
        """The published number; None where there is none."""
        return published(self.source)

    def meets_aim(self, value: float) -> bool:
        """Whether a value reaches the aim; without an aim each does."""
        return self.aim is None or (value >= self.aim if self.more else value <= self.aim)

    def formatted(self, value: float | None) -> str:
        """Write a value of it, or a dash where there is none."""
        if value is None:
            return "–"
        text = f"{value:{self.form}}"
        return number(value) if "e+" in text else text.replace("-", "−")
