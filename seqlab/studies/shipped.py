"""The networks in ``checkpoints/``: how each is trained and made small enough to ship."""

import json
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from safetensors.numpy import load_file, save_file

from seqlab.errors import Fault
from seqlab.figures.film import evenly
from seqlab.studies import Report
from seqlab.tasks import grammar, hello, sentiment, text
from seqlab.tasks.echo import RECIPES
from seqlab.training.config import RunConfig
from seqlab.training.run import Run, create
from seqlab.training.session import train

SNAPSHOTS = 20
ROOM, ROOMS = 6_000_000, {"sentiment": 3_000_000}  # bytes for the snapshots of one run: all together are to be shipped
SMALL = 8192  # bytes; halving less would save nothing worth an inexact weight
CELLS = {"gru": ("gru", 2500), "lstm": ("lstm", 4000), "rnn": ("rnn_tanh", 4000)}  # and steps, for delays 0 to 8
FIXED_STEPS = 600
GRAMMARS = {"ndfa": "NDFA", "brackets": "brackets", "toy": "toy English"}
# Small as they are, they need less dropout than the large ones.
REVIEWERS = {"lstm": ("LSTM", {"hidden": 64}), "mlp": ("MLP", {"hidden": 128, "dropout": 0.1, "spread": 0.1})}
WORDS = 6000  # that a shipped network knows of the reviews': most of its weights are theirs


def build(root: Path, report: Report, names: Sequence[str] = ()) -> None:
    """Train the named networks, or every shipped one, from their seeds and put them into ``root``.

    They take the place of what is there; raises Fault for a name that is none.
    """
    made = configs()
    unknown = sorted(set(names) - set(made))
    if unknown:
        raise Fault(f"There is no shipped network {unknown[0]!r}; there are {', '.join(made)}.")
    with tempfile.TemporaryDirectory(dir=root) as workshop:
        for name in names or made:
            run = create(Path(workshop), RunConfig(**made[name]), id=name)
            status = train(run.path)
            compact(run)
            if (root / name).exists():
                shutil.rmtree(root / name)
            run.path.rename(root / name)
            report(f"{name}: {100 * (status.evaluation or status.accuracy or 0):.2f} % after {status.seconds:.0f} s")


def configs() -> dict[str, dict[str, Any]]:
    """Config of each shipped run by its id."""
    made = {}
    for form, recipe, label in (("variable", "fast", "delays 0 to 8"), ("fixed", "fixed", "delay 4")):
        for short, (cell, steps) in CELLS.items():
            base = RECIPES[recipe].config
            made[f"echo-{form}-{short}"] = base | {
                "name": f"{short.upper()}, {label}", "seed": 1,
                "network": base["network"] | {"model": cell, "hidden": 128 if form == "variable" else 64},
                "steps": steps if form == "variable" else FIXED_STEPS, "evaluate_every": 100,
                "optimiser": base["optimiser"] | {"decay": "linear"}}
    made["echo-variable-transformer"] = RECIPES["transformer"].config | {
        "name": "Transformer, delays 0 to 8", "seed": 2, "evaluate_every": 100}
    for short, recipe, name in (("gru", "long", "GRU, The Time Machine"), ("rnn", "chapter", "RNN, the chapter's own"),
                                ("transformer", "transformer", "Transformer, The Time Machine")):
        made[f"text-{short}"] = text.RECIPES[recipe].config | {"name": name, "seed": 1}
    for recipe, label in GRAMMARS.items():
        made[f"grammar-{recipe}"] = grammar.RECIPES[recipe].config | {"name": f"LSTM, {label}", "seed": 1}
    for short, (model, network) in REVIEWERS.items():
        base = sentiment.RECIPES[short].config
        made[f"sentiment-{short}"] = base | {
            "name": f"{model}, IMDb", "seed": 1, "evaluate_every": 50, "task": base["task"] | {"words": WORDS},
            "network": base["network"] | network | {"embedding": 32}}
    return made | hello.shipped()


def compact(run: Run) -> None:
    """Keep up to 20 snapshots, large ones but the last in half precision, and nothing that only resuming needs."""
    shutil.rmtree(run.path / "optimiser")
    for passing in ("control.jsonl", ".lock", ".progress"):
        (run.path / passing).unlink(missing_ok=True)
    files = sorted((run.path / "weights").glob("step-*.safetensors"))
    size, room = files[-1].stat().st_size, ROOMS.get(run.config.task["name"], ROOM)
    kept = {files[place] for place in evenly(len(files), min(SNAPSHOTS, 1 + max(1, 2 * (room - size) // size)))}
    for file in files:
        if file not in kept:
            file.unlink()
        elif file != files[-1] and file.stat().st_size > SMALL:
            save_file({name: array.astype(np.float16) for name, array in load_file(file).items()}, file)
    status = json.loads((run.path / "status.json").read_text())
    (run.path / "status.json").write_text(json.dumps(status | {"pid": 0, "worker": ""}, indent=1))
