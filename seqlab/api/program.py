"""The owner's own network, called as it stands: ids in, logits out, whichever of the usual forms it has."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import numpy as np

from seqlab.errors import Fault

if TYPE_CHECKING:
    from torch import Tensor, nn

Program = Callable[[np.ndarray, np.ndarray | None], np.ndarray]  # ids ``batch time`` and a condition, to logits


def program_of(module: "nn.Module", symbols: int, classes: int) -> Program:
    """Make a module a program: ids, batch first, to logits, ``batch time classes`` or ``batch classes``.

    It is called with ids, or with their one-hot codes where it takes none, the condition after them; time comes first
    where its recurrent layers say so. It is evaluated as it is, without dropout, and left as it was.
    """
    def program(ids: np.ndarray, condition: np.ndarray | None) -> np.ndarray:
        import torch

        training, reasons = module.training, list[str]()
        module.eval()
        try:
            with torch.no_grad():
                for arguments, time_first in _calls(module, ids, condition, symbols):
                    try:
                        answer = _tensor(module(*arguments))
                    except (TypeError, RuntimeError, ValueError, IndexError, AttributeError) as error:
                        reasons.append(str(error).split("\n")[0][:160])
                        continue
                    logits = _laid(answer, ids.shape, classes, time_first)
                    if logits is not None:
                        return logits
        finally:
            module.train(training)
        why = f" It says: {reasons[0]}" if reasons else ""
        raise Fault(f"Your module cannot be asked with ids alone; give program=, a function of ids and condition that "
                    f"returns logits.{why}".rstrip(".") + ".")
    return program


def _calls(module: "nn.Module", ids: np.ndarray, condition: np.ndarray | None,
           symbols: int) -> Iterator[tuple[list["Tensor"], bool]]:
    """The ways in which such modules are called, and whether time comes first in them."""
    import torch

    first = next(iter(module.parameters()))
    time_first = any(getattr(part, "batch_first", True) is False for part in module.modules())
    given = torch.from_numpy(ids).to(first.device)
    given = given.T if time_first else given
    repeated = None if condition is None else torch.from_numpy(np.broadcast_to(condition, len(ids)).copy())
    beside = [] if repeated is None else [repeated.to(first.device)]
    one_hot = torch.nn.functional.one_hot(given, symbols).to(first.dtype)
    for read in (given, one_hot):
        yield [read, *beside], time_first
        yield [*beside, read], time_first
        if len(ids) == 1:
            yield [read[:, 0] if time_first else read[0], *beside], True


def _tensor(answer: object) -> "Tensor":
    """The logits among what a module returns: the thing itself, or the first of several."""
    import torch

    while isinstance(answer, tuple | list) and answer:
        answer = answer[0]
    if not isinstance(answer, torch.Tensor):
        answer = getattr(answer, "logits", None)
    if not isinstance(answer, torch.Tensor):
        raise TypeError("it returns no tensor")
    return answer.detach().cpu()


def _laid(answer: "Tensor", shape: tuple[int, ...], classes: int, time_first: bool) -> np.ndarray | None:
    """Lay logits out batch first; None for a shape that is none of theirs."""
    import torch

    batch, time = shape
    array: np.ndarray = answer.to(torch.float64 if answer.dtype == torch.float64 else torch.float32).numpy()
    if array.shape == (batch, classes) and not (time_first and batch == 1 and time == 1):
        return array
    if array.shape == (time, classes) and batch == 1:
        return array[None]
    if time_first and array.shape == (time, batch, classes):
        return array.swapaxes(0, 1)
    return array if array.shape == (batch, time, classes) else None
