"""Which devices the workers have, as far as that is known: no page waits for their answer."""

from functools import cache

from seqlab.errors import Fault
from seqlab.training.answer import Answer
from seqlab.ui.shell.services import engine

DEVICES = {"cpu": "CPU", "cuda": "GPU (CUDA)", "mps": "GPU (Apple)"}


def names() -> dict[str, str]:
    """What the choice of a device offers, by the words of the config."""
    known = here()
    absent = " (not here)" if known else ""
    return {"auto": f"automatic: {DEVICES[known[0]]} here" if known else "automatic",
            **{name: label + ("" if name in known else absent) for name, label in DEVICES.items()}}


def require(device: str) -> None:
    """Raise Fault for a device that is known not to be here; a worker refuses one that only it knows of."""
    known = here()
    if known and device not in ("auto", *known):
        present = " or ".join(DEVICES[name] for name in known)
        raise Fault(f"There is no {DEVICES[device]} here; choose automatic, or {present}.")


def here() -> list[str]:
    """Devices of the workers, the fastest first; none before they have said so."""
    try:
        return list(_asked().result()) if engine().ready and _asked().done() else []
    except (Fault, TimeoutError):
        _asked.cache_clear()  # another time it is asked anew
        return []


@cache
def _asked() -> Answer:
    return engine().devices()
