"""Which device a run trains on."""

import platform
from pathlib import Path
from typing import TYPE_CHECKING

from seqlab.errors import Fault

if TYPE_CHECKING:
    import torch


def available() -> list[str]:
    """Names of the devices of this machine, the fastest first; ``cpu`` is always there."""
    import torch

    offered = (("cuda", torch.cuda.is_available()), ("mps", torch.backends.mps.is_available()), ("cpu", True))
    return [name for name, present in offered if present]


def choose(wanted: str) -> "torch.device":
    """Take the device that is asked for, or the fastest for ``auto``; raises Fault naming what there is."""
    import torch

    present = available()
    if wanted == "auto":
        return torch.device(present[0])
    if wanted not in present:
        raise Fault(f"This worker has no {wanted} device; it has {' and '.join(present)}.")
    return torch.device(wanted)


def describe(device: "torch.device") -> str:
    """Name of the device as a person knows it."""
    import torch

    if device.type == "cuda":
        return torch.cuda.get_device_name(device)
    return {"cpu": processor(), "mps": f"Apple GPU ({platform.machine()})"}.get(device.type, device.type)


def processor() -> str:
    """Name of this machine's processor."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        lines = []
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.processor() or platform.machine())
