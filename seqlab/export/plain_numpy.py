"""The network in NumPy alone: one readable file made of the reference's own source, weights, and an example."""

from seqlab.export.exports import Export, Leaving
from seqlab.export.making.as_file import example, head, in_json, module_of, require_close, zipped
from seqlab.export.making.standalone import Assembly
from seqlab.files import npz
from seqlab.reference.network import network

_TAIL = '''

HERE = Path(__file__).parent if "__file__" in globals() else Path()


def load(dtype="float64"):
    """Read the weights, by name."""
    with np.load(HERE / "weights.npz") as archive:
        return {name: archive[name].astype(dtype) for name in archive.files}


def trace(ids, weights, condition=None):
    """Every quantity of a pass by name, "logits" and "p" last; ids: batch time."""
    condition = None if condition is None else np.asarray(condition)
    return network(CORE, np.asarray(ids), weights, condition=condition, **SETTINGS)


def main():
    """Compare with the answer in example.json."""
    example = json.loads((HERE / "example.json").read_text(encoding="utf-8"))
    logits = trace(example["ids"], load(), example["condition"])["logits"]
    print("answers:", *(example["classes"][best] for best in logits[0].argmax(-1)))
    print("largest difference:", float(np.abs(logits - np.array(example["logits"])).max()))


if __name__ == "__main__":
    main()
'''


def source(leaving: Leaving) -> str:
    """Write the file; raises Fault where the network is made of what cannot be written."""
    assembly = Assembly({"Trace": "dict"}, imports={"import json", "import numpy as np", "from pathlib import Path"})
    text = assembly.source([network], {"CORE": leaving.run.core})
    settings = {"pooling": leaving.run.config.network.pooling}
    needs = "NumPy and SciPy" if "scipy" in text else "NumPy"
    return head(leaving, "in NumPy alone.", needs) + text + f"SETTINGS = {settings!r}\n" + _TAIL


def content(leaving: Leaving) -> bytes:
    """Pack the file with its weights and an example."""
    return zipped(files(leaving))


def files(leaving: Leaving) -> dict[str, bytes]:
    """Write the file, its weights and an example; raises Fault where it would not give the run's answer."""
    text, weights = source(leaving), leaving.weights()
    wide = {name: part.astype("float64") for name, part in weights.items()}
    given = example(leaving)
    require_close(module_of(text).trace(given["ids"], wide, given["condition"])["logits"], leaving)
    return {"network.py": text.encode(), "weights.npz": npz(weights), "example.json": in_json(given)}


EXPORT = Export("numpy", "NumPy file", "One file of plain NumPy, its weights and an example.", "-numpy.zip", content)
