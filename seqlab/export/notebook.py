"""A notebook that loads the network, traces it, draws it and checks its answer, with NumPy and Matplotlib alone."""

import json
from collections.abc import Iterable

from seqlab import notation
from seqlab.export.exports import Export, Leaving
from seqlab.export.making import cells
from seqlab.export.making.as_file import zipped
from seqlab.export.plain_numpy import files
from seqlab.reference.core import span

_LOAD = """import json
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np

import network

example = json.loads(Path("example.json").read_text(encoding="utf-8"))
weights = network.load()
print(sum(part.size for part in weights.values()), "weights in", len(weights), "arrays")"""
_TRACE = """trace = network.trace(example["ids"], weights, example["condition"])
for name, values in trace.items():
    print(f"{name:12} {values.shape}")"""
_DRAW = """def draw(name, title, low, high, colours):
    \"\"\"A quantity as a picture of units over time, with colours between fixed ends.\"\"\"
    values = trace[name][0].T
    figure, axes = plt.subplots(figsize=(9, 3.2))
    picture = axes.imshow(values, aspect="auto", vmin=low, vmax=high, cmap=colours, interpolation="nearest")
    letters = [example["symbols"][place] for place in example["ids"][0]]
    axes.set_xticks(range(len(letters)), [repr(letter)[1:-1] for letter in letters])
    axes.set(title=title, ylabel="unit")
    figure.colorbar(picture)
    plt.show()"""
_ANSWER = """p, classes = trace["p"][0], example["classes"]
for time, best in enumerate(p.argmax(-1)):
    read = example["symbols"][example["ids"][0][time]]
    print(f"t = {time:3}  reads {read!r:8}  answers {classes[best]!r:8}  p = {p[time, best]:.3f}")"""
_CHECK = """expected = np.array(example["logits"])
gap = np.abs(trace["logits"] - expected).max()
print("largest difference:", gap)
assert gap < 1e-9"""


def content(leaving: Leaving) -> bytes:
    """Pack the notebook beside the NumPy file, the weights and the example that it reads."""
    return zipped({**files(leaving), "notebook.ipynb": json.dumps(notebook(leaving), ensure_ascii=False).encode()})


def notebook(leaving: Leaving) -> dict[str, object]:
    """Write the notebook, in nbformat 4."""
    run, network = leaving.run, leaving.run.config.network
    about = (f"# {run.core.label}: the run `{run.id}` after {leaving.step:,} updates\n\nHidden size {network.hidden}, "
             f"{network.layers} layer(s), {run.sizes.symbols} symbols. It needs NumPy and Matplotlib, and not seqlab.")
    parts = [cells.text(about), cells.code(_LOAD), cells.text("## Every quantity of one pass"), cells.code(_TRACE),
             cells.code("\n\n\n".join([_DRAW, "\n".join(_pictures(leaving))])),
             cells.text("## What it answers"), cells.code(_ANSWER),
             cells.text("## The answer is the one that seqlab's screen showed"), cells.code(_CHECK)]
    return cells.whole(parts)


def _pictures(leaving: Leaving) -> Iterable[str]:
    """A call for each picture of each layer: its title, the ends of its colours and their map."""
    core, layers = leaving.run.core, leaving.run.config.network.layers
    for layer in range(layers):
        for key in core.views:
            symbol, (low, high) = notation.symbol(key), span(core, key)
            colours = "YlGnBu" if low >= 0 else "PuOr_r"
            yield f"draw({f'{key}.{layer}'!r}, {f'{symbol.name}, layer {layer}'!r}, {low!r}, {high!r}, {colours!r})"


EXPORT = Export("notebook", "Notebook", "Loads, traces, draws and checks the network, with NumPy and Matplotlib.",
                "-notebook.zip", content)
