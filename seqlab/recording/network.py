"""The module that is recorded: its tensors, copied in a moment, and what they are in our names and shapes."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn

from seqlab.errors import Fault

Arrays = dict[str, np.ndarray]


@dataclass(frozen=True)
class Copy:
    """Tensors as they were at one moment; on a GPU the copy may still be under way."""

    tensors: Mapping[str, Tensor]
    event: torch.cuda.Event | None

    def arrays(self) -> Arrays:
        """Wait for the copy, and give it in the computer's memory; half precision is widened."""
        if self.event is not None:
            self.event.synchronize()
        return {name: _wide(tensor).cpu().numpy() for name, tensor in self.tensors.items()}


class Network:
    """A module while it is trained."""

    def __init__(self, module: nn.Module) -> None:
        self.module = unwrapped(module)
        self._shapes = {name: tuple(tensor.shape) for name, tensor in self._tensors().items()}

    @property
    def device(self) -> torch.device:
        """Where its weights are."""
        return next((tensor.device for tensor in self._tensors().values()), torch.device("cpu"))

    def copy(self) -> Copy:
        """Copy all tensors, on their own device; raises Fault where one is no longer of the shape that it had."""
        tensors = self._tensors()
        shapes = {name: tuple(tensor.shape) for name, tensor in tensors.items()}
        if shapes != self._shapes:
            raise Fault(_changed(self._shapes, shapes))
        memory = {name: (tensor.data_ptr(), tensor.shape, tensor.stride()) for name, tensor in tensors.items()}
        copies = {memory[name]: tensor.clone() for name, tensor in tensors.items()}
        on_gpu = next((tensor.device for tensor in tensors.values() if tensor.device.type == "cuda"), None)
        event = torch.cuda.current_stream(on_gpu).record_event() if on_gpu else None
        return Copy({name: copies[place] for name, place in memory.items()}, event)

    def _tensors(self) -> dict[str, Tensor]:
        held = dict(self.module.named_buffers()) | dict(self.module.state_dict())
        return {name: tensor for name, tensor in held.items()
                if isinstance(tensor, Tensor) and tensor.is_floating_point() and tensor.ndim}


def unwrapped(module: nn.Module) -> nn.Module:
    """Give the module within what torch.compile and the data-parallel wrappers put around it."""
    inner = getattr(module, "_orig_mod", module)
    if isinstance(inner, nn.DataParallel | nn.parallel.DistributedDataParallel):
        return unwrapped(inner.module)
    return inner if inner is module or not isinstance(inner, nn.Module) else unwrapped(inner)


def _wide(tensor: Tensor) -> Tensor:
    return tensor if tensor.dtype in (torch.float32, torch.float64) else tensor.float()


def _changed(before: Mapping[str, tuple[int, ...]], now: Mapping[str, tuple[int, ...]]) -> str:
    name = sorted(name for name in {**before, **now} if before.get(name) != now.get(name))[0]
    sizes = [" × ".join(map(str, shapes[name])) or "a number" if name in shapes else "absent"
             for shapes in (before, now)]
    return f"The weights {name[:60]} changed from {sizes[0]} to {sizes[1]} in mid-run"
