"""A view in a notebook's cell, or in a file."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Shown:
    """A view of a run as one HTML document, which a notebook draws in its cell."""

    run: str
    document: str
    height: int

    def save(self, path: str | Path) -> Path:
        """Write the document to a file that works without seqlab and without a network; raises OSError."""
        Path(path).write_text(self.document, encoding="utf-8")
        return Path(path)

    def __repr__(self) -> str:
        return f'Shown({self.run}: a notebook draws it; .save("view.html") writes it)'

    def _repr_html_(self) -> str:
        from seqlab.export.html import framed

        return framed(self.document, self.height)
