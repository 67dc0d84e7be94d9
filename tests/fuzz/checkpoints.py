"""A person's checkpoint with broken bytes, or with tensors that contradict one another, opened with any answers."""

from functools import cache
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import numpy as np

from seqlab.adopt.child import contents
from seqlab.adopt.parts import Contents
from seqlab.adopt.proposal import Proposal, propose
from tests.adopt.owners import KINDS, SAVED, Trial, save
from tests.fuzz import broken

NAMES = ("x.weight", "emb.weight", "fc.bias", "norm.weight", "attn.in_proj_weight", "h.0.ln_1.weight",
         "rnn.weight_hr_l0")
FREE = ("", "3", "abc", '["a", "b"]', "numbers", '{"a": 0}', "\ud800")


@cache
def good(kind: int, way: str) -> tuple[str, bytes, dict[str, np.ndarray]]:
    """A network of a kind, saved in a way: the file's name, what is in it, and its tensors."""
    state = Trial(kind).module.state_dict()
    with TemporaryDirectory() as folder:
        file = save(state, way, Path(folder))
        return file.name, file.read_bytes(), {name: part.numpy() for name, part in state.items()}


def checkpoints(random: Random, folder: Path) -> None:
    """Read and open one; what is proposed can be shown, and every answer is taken or refused."""
    name, data, arrays = good(random.randrange(len(KINDS)), random.choice(list(SAVED)))
    if random.random() < 0.5:
        (folder / name).write_bytes(broken.in_bytes(random, data))
        proposal = propose(contents(folder / name))
    else:
        proposal = propose(Contents(_broken(random, arrays)))
    assert all(network.uses and network.label for network in proposal.networks)
    proposal.settle(_answers(random, proposal))


def _answers(random: Random, proposal: Proposal) -> dict[str, str]:
    return {question.key: random.choice(list(question.choices) or FREE) for question in proposal.questions()
            if random.random() < 0.3}


def _broken(random: Random, arrays: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Leave out, turn, flatten, cut, repeat, empty or lengthen a few tensors."""
    arrays = dict(arrays)
    for _ in range(random.choice((1, 1, 2, 3))):
        name = random.choice(list(arrays))
        array, way = arrays[name], random.randrange(7)
        if way == 0 and len(arrays) > 1:
            del arrays[name]
        elif way == 1:
            arrays[random.choice(NAMES)] = array
        else:
            arrays[name] = (array.T, array.reshape(-1), array[:-1], array[None], np.zeros((0,) * max(1, array.ndim)))[
                way - 2 if way else 0]
    return arrays
