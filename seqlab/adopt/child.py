"""Reading a file from outside: what runs in the process of its own that ``reading`` starts. No pickle is executed."""

import json
import struct
import sys
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from seqlab.adopt.names import aside, in_order
from seqlab.adopt.parts import Contents
from seqlab.errors import Fault
from seqlab.files import npz

MOST_TENSORS, DEEPEST = 20_000, 8
MOST_NUMBERS = 2**28  # of all tensors together
MOST_FACTS, LONGEST_FACT = 200_000, 2_000_000  # entries of a list beside the tensors; characters of a text
SECONDS, MEMORY_BYTES = 120, 4 * 2**30  # of address space, beside what the libraries take
FLOATS = ("float16", "bfloat16", "float32", "float64")
DAMAGED = "The file is cut short or damaged; copy it again from where it was written."


def contents(file: Path) -> Contents:
    """Read a file of any known kind; raises Fault."""
    return kind_of(file)(file)


def kind_of(file: Path) -> Callable[[Path], Contents]:
    """Say by its first bytes how a file is read; raises Fault where nothing here reads it."""
    with open(file, "rb") as opened:
        start = opened.read(16)
    if start[:4] == b"PK\x03\x04":
        try:
            with zipfile.ZipFile(file) as archive:
                members = archive.infolist()
        except (zipfile.BadZipFile, ValueError, RuntimeError, OSError, struct.error):
            raise Fault(DAMAGED) from None
        _bounded(sum(member.file_size for member in members) // 2)
        return _npz if all(member.filename.endswith(".npy") for member in members) else _torch
    if start[:1] == b"\x80":
        return _torch
    if len(start) > 8 and start[8:9] == b"{":
        return _safetensors
    if start[:4] == b"\x89HDF":
        raise Fault("This is a file of Keras or HDF5, which seqlab cannot open; save the weights as safetensors or "
                    "with numpy.savez.")
    raise Fault("This is no file of weights: seqlab opens safetensors, PyTorch's files (.pt, .pth, .ckpt, .bin) and "
                "NumPy's .npz.")


def _safetensors(file: Path) -> Contents:
    from safetensors import SafetensorError, deserialize
    data = file.read_bytes()
    try:
        parts: list[tuple[str, dict[str, Any]]] = deserialize(data)  # type: ignore[no-untyped-call]  # it has no types
        facts = json.loads(data[8:8 + int.from_bytes(data[:8], "little")]).get("__metadata__", {})
    except (SafetensorError, ValueError, RecursionError):
        raise Fault(DAMAGED) from None
    known = {"F16": "float16", "F32": "float32", "F64": "float64"}
    arrays: dict[str, np.ndarray] = {}
    for name, part in parts:
        kind = part["dtype"]
        if kind == "BF16":  # the upper half of a float32
            wide = np.frombuffer(part["data"], "<u2").astype(np.uint32) << 16
            arrays[name] = wide.view(np.float32).reshape(part["shape"])
        elif kind in known:
            arrays[name] = _widened(np.frombuffer(part["data"], known[kind]).reshape(part["shape"]))
        else:
            _refuse_other(name, kind, len(part["shape"]))
    arrays = {name: arrays[name] for name in in_order(arrays)}  # the file has them in an order of its own
    return Contents(arrays, _facts({key: _parsed(value) for key, value in facts.items()}))


def _npz(file: Path) -> Contents:
    arrays, facts = dict[str, np.ndarray](), dict[str, Any]()
    try:
        with np.load(file) as archive:
            for name in archive.files:
                array = archive[name]
                if array.dtype.kind == "f" and array.dtype.itemsize <= 8:
                    arrays[name] = _widened(array)
                elif array.dtype.kind == "U":
                    facts[name] = array.tolist()
                elif array.ndim and aside(name.partition(".")[0]) is False:
                    _refuse_other(name, str(array.dtype), array.ndim)
                else:
                    facts[name] = array.tolist()
    except (ValueError, OSError, EOFError, RuntimeError, zipfile.BadZipFile, zlib.error, struct.error,
            MemoryError) as error:
        if "pickle" in str(error):
            raise Fault("The file holds Python objects, and reading them could run code; save arrays of numbers "
                        "alone.") from None
        raise Fault(DAMAGED) from None
    return Contents(arrays, _facts(facts))


def _torch(file: Path) -> Contents:
    import torch
    try:
        tree = torch.load(file, map_location="cpu", weights_only=True)
    except Exception as error:  # a damaged file may raise anything
        whole = type(error).__name__ == "UnpicklingError"
        raise Fault(_object(file.name, str(error)) if whole else DAMAGED) from None
    arrays, facts = dict[str, np.ndarray](), dict[str, Any]()
    for name, value in _leaves(tree):
        if not isinstance(value, torch.Tensor):
            continue
        if value.layout != torch.strided or value.is_quantized:
            _refuse_other(name, "quantised or sparse", 2)
        elif str(value.dtype).removeprefix("torch.") not in FLOATS:
            _refuse_other(name, str(value.dtype).removeprefix("torch."), value.ndim)
        elif value.ndim:
            wide = value.detach() if value.dtype == torch.float64 else value.detach().float()
            arrays[name] = wide.contiguous().numpy()
    facts = _facts(tree) if isinstance(tree, Mapping) else {}
    return Contents(arrays, facts)


def _leaves(value: object, before: str = "", depth: int = 0) -> Iterator[tuple[str, Any]]:
    """All that stands in nested mappings and lists, but what belongs to training, each with its path as a name."""
    pairs = value.items() if isinstance(value, Mapping) else enumerate(value) if isinstance(
        value, list | tuple) else None
    if pairs is None:
        yield before, value
    elif depth < DEEPEST:
        for key, inner in pairs:
            if depth or not aside(str(key)):
                yield from _leaves(inner, f"{before}.{key}" if before else str(key), depth + 1)


def _facts(value: Mapping[Any, Any]) -> dict[str, Any]:
    """What stands beside the tensors and can be written as JSON: numbers, texts, and lists and tables of these."""
    facts = {str(key): _fact(inner) for key, inner in value.items() if not aside(str(key))}
    return {key: fact for key, fact in facts.items() if fact is not None}


def _fact(value: object, depth: int = 3) -> Any:
    if isinstance(value, str):
        return value if len(value) <= LONGEST_FACT else None
    if isinstance(value, bool | int | float):
        return value if abs(value) < 1e300 else None
    if isinstance(value, Mapping) and depth and len(value) <= MOST_FACTS:
        inner = {str(key): _fact(one, depth - 1) for key, one in value.items() if isinstance(key, str | int)}
        return {key: one for key, one in inner.items() if one is not None} or None
    if isinstance(value, list | tuple) and len(value) <= MOST_FACTS and all(
            isinstance(one, str | int | float) for one in value):
        return list(value)
    return None


def _parsed(text: object) -> Any:
    """A fact of a safetensors file, where all are texts: what the text is in JSON, or the text."""
    try:
        return json.loads(text) if isinstance(text, str) else None
    except (ValueError, RecursionError):
        return text


def _object(name: str, message: str) -> str:
    """Say that a file holds an object, and the two lines that save its weights."""
    what = message.partition("GLOBAL ")[2].split(" ")[0][:80] if "GLOBAL " in message else ""
    if not what and "nsupported" not in message and "eights only" not in message:
        return DAMAGED
    short = name[:60]
    return (f"This file holds a whole Python object{f' ({what})' if what else ''}, not weights alone, and reading it "
            "could run code, so it was not read. Save the weights in the program that made it:\n"
            f'model = torch.load("{short}", weights_only=False)\ntorch.save(model.state_dict(), "file.pt")')


def _widened(array: np.ndarray) -> np.ndarray:
    return array if array.dtype == np.float64 else array.astype(np.float32)


def _refuse_other(name: str, kind: str, axes: int) -> None:
    """Raise Fault for weights that are no floating-point numbers; counters and masks of such kinds are left aside."""
    if axes and ("8" in kind or "quant" in kind or "complex" in kind or name.endswith(("weight", "bias"))):
        if "mask" in name or kind == "bool":
            return
        raise Fault(f"The tensor {name!r:.80} is of type {kind.lower()}, so the network is quantised or no network of "
                    "numbers; save its weights as float32, float16 or bfloat16.")


def _bounded(numbers: int) -> None:
    if numbers > MOST_NUMBERS:
        raise Fault(f"The file unpacks to more than {2 * MOST_NUMBERS // 2**20:,} MB; seqlab opens small networks.")


def main() -> None:
    """Read the file of the first argument into the folder of the second, and print the Fault, or "", as JSON."""
    source, folder = Path(sys.argv[2]), Path(sys.argv[3])
    try:
        reader = kind_of(source)
        limit(loads_torch=reader is _torch)
        read = reader(source)
        if len(read.arrays) > MOST_TENSORS:
            raise Fault(f"The file holds {len(read.arrays):,} tensors; seqlab opens small networks.")
        _bounded(sum(array.size for array in read.arrays.values()))
        (folder / "arrays.npz").write_bytes(npz({f"a{k}": array for k, array in enumerate(read.arrays.values())}))
        (folder / "facts.json").write_text(json.dumps({"names": list(read.arrays), "facts": read.facts}))
        answer = ""
    except Fault as fault:
        answer = str(fault)
    except (MemoryError, RecursionError):
        answer = "The file asks for more memory than any small network, so nothing of it was read."
    print(json.dumps(answer))


def limit(loads_torch: bool) -> None:
    """Refuse this process more time, and more memory than a small network needs; what a system has not is left out."""
    try:
        import resource
    except ImportError:
        return
    try:
        if loads_torch:  # before the limit: its libraries take what they take
            import torch  # noqa: F401
        taken = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (taken + MEMORY_BYTES, taken + MEMORY_BYTES))
    except (OSError, ValueError, AttributeError):
        pass
    for name, most in (("CPU", SECONDS), ("CORE", 0)):
        try:
            resource.setrlimit(getattr(resource, f"RLIMIT_{name}"), (most, most))
        except (AttributeError, ValueError, OSError):
            continue
