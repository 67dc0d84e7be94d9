"""What a network wrote after each epoch, with the place where a string leaves its language; in the browser."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from seqlab.ui.widgets import component, finite

_mount = component("samples")


@dataclass(frozen=True)
class Written:
    """What was written at a step: the share of valid strings, and some of them.

    Each is the part that is in the language, the rest from where it leaves, and whether it is valid; one that ends too
    early has no rest.
    """

    step: int
    name: str
    valid: float | None
    samples: Sequence[tuple[str, str, bool]]


def samples(evaluations: Sequence[Written], *, seed: str, key: str) -> None:
    """Show evaluations, the last one at first; more under the same key leave the one that is looked at.

    ``seed`` is the seed sequence, with which every sample begins.
    """
    data: dict[str, object] = {"evaluations": [asdict(one) for one in evaluations], "seed": seed}
    _mount(data=finite(data), key=key)
