"""What workers are born knowing: imported once, in the process that every worker is forked from.

Nobody else imports this module. It only imports: no CUDA is touched and no thread is started, for neither would
survive the fork.
"""

import gc
import importlib
import signal
from collections.abc import Mapping
from multiprocessing import spawn
from pkgutil import iter_modules

from seqlab.training.memory import unmap_code

MODULES = ("distributed", "torch", "seqlab.training.worker", "seqlab.training.session")
PACKAGES = ("seqlab.models", "seqlab.tasks", "seqlab.lenses")


def load() -> None:
    """Import torch and every part of seqlab that a run or a question may need."""
    for name in MODULES:
        importlib.import_module(name)
    for package in PACKAGES:
        for part in iter_modules(importlib.import_module(package).__path__, f"{package}."):
            importlib.import_module(part.name)


def without_main(data: Mapping[str, object]) -> None:
    """Prepare a forked worker, but leave the server's script alone: multiprocessing would run it in each worker."""
    _prepare({name: value for name, value in data.items() if not name.startswith("init_main")})


# Ctrl-C in a terminal reaches all its processes; workers are ended by the engine, in order.
signal.signal(signal.SIGINT, signal.SIG_IGN)
_prepare = spawn.prepare
spawn.prepare = without_main
load()
# The collector would write into every page that the workers share.
gc.collect()
gc.freeze()
unmap_code()
