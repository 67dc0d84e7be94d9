"""The beginning of a recording: a run's folder for a module that was recognised."""

import sys
from pathlib import Path

import torch
from pydantic import ValidationError
from torch import nn

from seqlab import paths
from seqlab.adopt.opening import write
from seqlab.adopt.proposal import Adopted
from seqlab.errors import Fault
from seqlab.files import refusal
from seqlab.recording.log import Log, say
from seqlab.recording.network import Network
from seqlab.recording.recognise import Recognised, recognise
from seqlab.recording.writer import Writer
from seqlab.training import device as devices
from seqlab.training.config import RunConfig, explain
from seqlab.training.recorder import surroundings, write_passport
from seqlab.training.run import Run

NOT_RECORDED = "Nothing is recorded, and the loop goes on."


def record(model: nn.Module, *, vocabulary: object = None, name: str = "", steps: int | None = None,
           runs: str | Path | None = None, **answers: object) -> Log:
    """Record a training loop of your own as a run that the pages draw live.

    ``vocabulary`` names the symbols that the model reads: its characters in the order of their ids, a list, a table
    from symbols to ids; without it they are numbers. ``steps`` is how many updates there will be, if that is known.
    ``runs`` is the folder of runs (else the one that the pages use). What the module itself does not tell can be given
    by keyword, such as ``purpose="class"``; what is taken for granted is printed.

    Raises Fault, before anything is trained, for a module that is none of those that seqlab knows and for a vocabulary
    that does not fit it. What goes wrong later ends the recording in one printed sentence, and never the loop.

        with seqlab.record(model, vocabulary=chars, name="my gru") as log:
            for batch in batches:
                ...
                if not log.step(loss=loss, lr=lr):
                    break
    """
    network = Network(model)
    known = recognise(network, vocabulary, **answers)
    return begin(network, _called(known, name or type(network.module).__name__, steps),
                 Path(runs) if runs else paths.runs(), grows=steps is None)


def begin(network: Network, known: Recognised, root: Path, *, grows: bool) -> Log:
    """Make the run's folder and begin to write it; with ``grows`` nobody knows how many steps there will be.

    Where the folder cannot be written, or another process of the same training records it, the loop goes on without a
    recording, and one sentence says so.
    """
    rank = _rank()
    if rank:
        say(f"Process {rank} of this training is not recorded; process 0 is.")
        return Log(network, None)
    try:
        run = write(known.adopted, None, root, known.config.name)
        writer = _writer(run, network, known, grows=grows)
    except Fault as fault:
        say(f"{fault} {NOT_RECORDED}")
    except OSError as error:
        say(f"The run cannot be written: {refusal(error)}. {NOT_RECORDED}")
    else:
        say(f"Recording {run.id}; `seqlab serve` shows it. {known.guesses}".rstrip())
        return Log(network, writer)
    return Log(network, None)


def _called(known: Recognised, name: str, steps: int | None) -> Recognised:
    """The same module, as a run of a name and of so many steps; raises Fault for what cannot be."""
    changes = {"name": " ".join(name.split()), "steps": 1 if steps is None else steps}
    try:
        config = RunConfig.model_validate(known.config.model_dump() | changes)
    except ValidationError as error:
        raise Fault(explain(error)) from None
    return Recognised(Adopted(config, known.adopted.weights, known.adopted.origin), known.facts, known.answers)


def _writer(run: Run, network: Network, known: Recognised, *, grows: bool) -> Writer:
    facts = surroundings(devices.describe(network.device), torch.get_num_threads())
    write_passport(run.path, **facts, program=Path(sys.argv[0]).name[:60])
    writer = Writer(run, known, say, grows)
    writer.start(device=network.device.type, steps=0 if grows else known.config.steps)
    return writer


def _rank() -> int:
    """The number of this process among those that train one model together; 0 where it trains alone."""
    together = torch.distributed.is_available() and torch.distributed.is_initialized()
    return int(torch.distributed.get_rank()) if together else 0
