"""How a run's pass agrees with other programs, in words and as numbers."""

from collections.abc import Iterator, Mapping
from html import escape

from seqlab.agreement import Agreement


class Agreements(Mapping[str, Agreement]):
    """The agreement of NumPy's pass with each other program, by its name, such as ``torch, float64``."""

    def __init__(self, compared: Mapping[str, Agreement]) -> None:
        self._compared = dict(compared)

    def __getitem__(self, program: str) -> Agreement:
        return self._compared[program]

    def __iter__(self) -> Iterator[str]:
        return iter(self._compared)

    def __len__(self) -> int:
        return len(self._compared)

    @property
    def holds(self) -> bool:
        """Whether all programs agree within the tolerance."""
        return all(agreement.holds for agreement in self.values())

    def __repr__(self) -> str:
        return "\n".join(_sentence(program, agreement) for program, agreement in self.items())

    def _repr_html_(self) -> str:
        return "<br>".join(escape(_sentence(program, agreement)) for program, agreement in self.items())


def _sentence(program: str, agreement: Agreement) -> str:
    where = f"largest |Δ| {agreement.largest:.1e} at {agreement.at}, {agreement.numbers:,} numbers"
    if agreement.first_fault is None:
        return f"✓ NumPy agrees with {program}: {where}"
    return f"✗ NumPy differs from {program}, first at {agreement.first_fault}: {where}"
