"""A run as its folder holds it, read with NumPy only: what pages, the command line and notebooks see."""

import time
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np
from pydantic import ValidationError

from seqlab.data.vocabulary import Vocabulary
from seqlab.errors import Fault
from seqlab.files import fresh_id, parse_json, refusal, write_aside
from seqlab.reference.core import Core, core_of
from seqlab.tasks import Dimensions, no_data
from seqlab.training import metrics, origin, samples, snapshots, status, weights, words
from seqlab.training import owner as owners
from seqlab.training.config import RunConfig, explain
from seqlab.training.origin import Origin
from seqlab.training.status import Status
from seqlab.training.weights import network_shapes

__all__ = ["Run", "create", "network_shapes"]

_cache = weights.Cache()


class Run:
    """One run folder: live, finished, shipped or uploaded.

    Making one is cheap and reads nothing. Every property reads what is there now and raises Fault, in one plain
    sentence, where the folder is gone or half written.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    def __repr__(self) -> str:
        return f"Run({self.id!r})"

    @property
    def id(self) -> str:
        """Name of the folder; safe in a URL."""
        return self.path.name

    @property
    def config(self) -> RunConfig:
        """What the run was made from."""
        try:
            return _config(self.path / "config.json", (self.path / "config.json").stat().st_mtime_ns)
        except OSError:
            raise Fault(f"Run {self.id} has no config; it was deleted or not written to its end.") from None

    @property
    def name(self) -> str:
        """The name a person gave it, or its id."""
        return self.config.name or self.id

    @property
    def core(self) -> Core:
        """The core of its network, as the reference has it and its settings say."""
        return core_of(self.config.network)

    @property
    def sizes(self) -> Dimensions:
        """Sizes that its task fixes for the network."""
        return self.config.task_spec.dimensions(self.config.task_config)

    @property
    def planned(self) -> int:
        """Updates that its training was to have; 0 where it was not trained here, for it was opened or recorded."""
        return self.config.steps if self.config.has_data else 0

    @property
    def predicts_next(self) -> bool:
        """Whether its network predicts its own next input, so that text can be sampled from it."""
        return self.config.task_spec.next_symbol(self.config.task_config)

    @property
    def reads_texts(self) -> bool:
        """Whether it reads texts as people write them: its network predicts what follows, or classifies a whole one."""
        return self.config.task_spec.collections is not None and (self.predicts_next or self.sizes.whole)

    @property
    def status(self) -> Status:
        """How it is doing; a run that nobody holds any more is ``interrupted``."""
        return status.as_seen(status.read(self.path))

    @property
    def passport(self) -> dict[str, object]:
        """Seed, versions, data hash, device, duration; empty before the run has begun."""
        try:
            passport = parse_json((self.path / "passport.json").read_bytes())
        except FileNotFoundError:
            return {}
        except (OSError, ValueError):
            raise Fault(f"The passport of run {self.id} cannot be read.") from None
        return passport if isinstance(passport, dict) else {}

    @property
    def origin(self) -> Origin | None:
        """The file that it was opened from and what was said of it; None for a network that was trained here."""
        return origin.read(self.path)

    @property
    def was_opened(self) -> bool:
        """Whether it came from a file or a program of its owner's, and was not trained on here."""
        return (self.path / origin.FILE).is_file() and not self.config.has_data

    def metrics(self) -> dict[str, np.ndarray]:
        """Columns of its metrics, float64, one value for each publication.

        ``evaluation`` (accuracy on fresh data), ``validation`` (loss there, in nats) and ``valid`` (share of samples in
        the language) are NaN where absent. The same dict comes back while nothing was added, so that a poll costs one
        ``stat``.
        """
        return metrics.reader(self.path / metrics.FILE).read()

    def samples(self) -> dict[int, tuple[samples.Sample, ...]]:
        """What it wrote at each evaluation, by step, where its task has it write."""
        return samples.read(self.path)

    @property
    def vocabulary(self) -> Vocabulary:
        """The words that its network knows, where its task reads words; raises Fault."""
        return words.read(self.path, self.config)

    @property
    def alphabet(self) -> Vocabulary | None:
        """How it cuts a text into symbols and writes them as ids; None where its task names no alphabet for texts.

        Raises Fault where a list of words is needed and not there.
        """
        if self.config.task_spec.vocabulary is not None:
            return self.vocabulary
        known = getattr(self.config.task_config, "alphabet", None)
        return known if isinstance(known, Vocabulary) else None

    @property
    def symbols(self) -> Sequence[str]:
        """What its network reads, as people see it, in the order of the ids; numbers where its task names none.

        Raises Fault where a list of words is needed and not there.
        """
        config = self.config
        if config.task_spec.vocabulary is not None:
            return self.vocabulary.symbols
        named = config.task_spec.alphabet
        return [str(number) for number in range(self.sizes.symbols)] if named is None else named(config.task_config)

    @property
    def classes(self) -> Sequence[str]:
        """What its network can answer, in the order of its logits: its task's labels, or the symbols that it reads."""
        config, sizes = self.config, self.sizes
        if config.task_spec.labels is not None:
            return config.task_spec.labels(config.task_config)
        return self.symbols if sizes.classes == sizes.symbols else [str(number) for number in range(sizes.classes)]

    def snapshots(self) -> list[int]:
        """Steps whose weights are kept, ascending; 0 is before training."""
        return snapshots.steps_in(self.path)

    @property
    def newest(self) -> int:
        """Step of its newest weights; raises Fault where it kept none."""
        kept = self.snapshots()
        if not kept:
            raise Fault(f"Run {self.id} has no weights yet; start it, or choose another one.")
        return kept[-1]

    def weights(self, step: int | None = None, dtype: str = "float32") -> dict[str, np.ndarray]:
        """Weights after ``step`` updates (None: the newest), under torch's names, checked, read-only."""
        step = self.newest if step is None else step
        return _cache.read(snapshots.file(self.path, "weights", step), self.config, dtype)


def create(root: Path, config: RunConfig, id: str | None = None, owner: str = "") -> Run:
    """Make the folder of a new run, waiting to be trained; raises Fault where it cannot be, or cannot be written.

    ``owner`` is the id of the person to whom it belongs, where several share a server.
    """
    if not config.has_data:
        no_data()
    model, task = config.network.model, config.task["name"]
    path = root / (id or fresh_id(config.name or f"{task}-{model}"))
    try:
        path.mkdir(parents=True)
        for part in ("weights", "optimiser"):
            (path / part).mkdir()
        if owner:
            owners.write(path, owners.Owner(owner))
        write_aside(path / "config.json", config.model_dump_json(indent=1).encode())
        status.write(path, Status(steps=config.steps, started=time.time(), lr=config.optimiser.lr))
    except FileExistsError:
        raise Fault(f"There is already a run {path.name}; choose another name.") from None
    except OSError as error:
        raise Fault(f"The run cannot be written: {refusal(error)}.") from None
    return Run(path)


def forget_unused_weights(seconds: float) -> int:
    """Let go of the weights that nobody has asked for that long; returns how many bytes that were."""
    return _cache.held.forget_unused(seconds)


@lru_cache(maxsize=4096)
def _config(file: Path, stamp: int) -> RunConfig:
    try:
        return RunConfig.model_validate_json(file.read_bytes())
    except ValidationError as error:
        if error.errors()[0]["type"] == "json_invalid":
            raise Fault(f"The config of run {file.parent.name} is not whole.") from None
        raise Fault(f"The config of run {file.parent.name} is not valid. {explain(error)}") from None
