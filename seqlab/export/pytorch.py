"""The network in PyTorch: one readable file made of the models' own source, weights, and an example."""

from typing import TYPE_CHECKING, Any

from safetensors.numpy import save

from seqlab.export.exports import Export, Leaving
from seqlab.export.making.as_file import example, head, in_json, module_of, require_close, zipped
from seqlab.export.making.standalone import Assembly

if TYPE_CHECKING:
    from torch import nn

_TAIL = '''

HERE = Path(__file__).parent if "__file__" in globals() else Path()


def network():
    """Make the network, with weights that are not trained."""
    return Network(CORE, settings=SimpleNamespace(**SETTINGS), **SIZES).eval()


def load():
    """Make the network and give it its weights."""
    made = network()
    made.load_state_dict(load_file(HERE / "weights.safetensors"))
    return made


@torch.no_grad()
def main():
    """Compare with the answer in example.json."""
    example = json.loads((HERE / "example.json").read_text(encoding="utf-8"))
    condition = None if example["condition"] is None else torch.tensor(example["condition"])
    logits = load().double()(torch.tensor(example["ids"]), condition)
    print("answers:", *(example["classes"][best] for best in logits[0].argmax(-1)))
    print("largest difference:", float((logits - torch.tensor(example["logits"], dtype=logits.dtype)).abs().max()))


if __name__ == "__main__":
    main()
'''
_IMPORTS = {"import json", "import torch", "from pathlib import Path", "from safetensors.torch import load_file",
            "from torch import nn", "from types import SimpleNamespace"}


def source(leaving: Leaving) -> str:
    """Write the file; raises Fault where the network is made of what cannot be written."""
    from seqlab.models import models
    from seqlab.models.plain import Network

    config, sizes = leaving.run.config.network, leaving.run.sizes
    model = models()[config.model]
    assembly = Assembly({"Dropout": "nn.Dropout"}, imports=set(_IMPORTS), attributes={"forward"})
    text = assembly.source([Network], {"CORE": model.plain or model.build})
    given = {"symbols": sizes.symbols, "conditions": sizes.conditions, "classes": sizes.classes}
    settings = config.model_dump() | {"dropout": 0.0}
    return (head(leaving, "in PyTorch.", "torch and safetensors") + text + f"SIZES = {given!r}\n"
            f"SETTINGS = {_dictionary(settings)}\n" + _TAIL)


def _dictionary(values: dict[str, Any]) -> str:
    return "{\n" + "".join(f"    {name!r}: {value!r},\n" for name, value in values.items()) + "}"


def module(leaving: Leaving, text: str | None = None) -> "nn.Module":
    """Make the file's own network, with its weights in float64, and see that it gives the run's answer."""
    import torch

    made: nn.Module = module_of(text or source(leaving)).network().double()
    weights = leaving.weights(dtype="float64")
    made.load_state_dict({name: torch.from_numpy(part.copy()) for name, part in weights.items()})
    condition = None if leaving.given.condition is None else torch.tensor([leaving.given.condition])
    with torch.no_grad():
        require_close(made(torch.from_numpy(leaving.given.ids), condition).numpy(), leaving)
    return made


def content(leaving: Leaving) -> bytes:
    """Pack the file with its weights and an example; raises Fault where it would not give the run's answer."""
    text, weights = source(leaving), save(leaving.weights())
    module(leaving, text)
    return zipped({"network.py": text.encode(), "weights.safetensors": weights,
                   "example.json": in_json(example(leaving))})


EXPORT = Export("pytorch", "PyTorch file", "One module, its weights and an example.", "-pytorch.zip", content)
