"""Optimisers work without torch's compiler, to the bit as with it, and whoever wants the compiler gets it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
UPDATES = """
import sys
import torch
from torch import nn
from seqlab.training.config import OptimiserConfig
from seqlab.training.loop import optimiser
{first}
torch.manual_seed(0)
layer, x = nn.Linear(5, 3), torch.randn(7, 5)
for name in ("adam", "adamw", "sgd", "rmsprop"):
    made = optimiser(OptimiserConfig(name=name, lr=0.1), list(layer.parameters()), torch.device("cpu"))
    for _ in range(4):
        made.zero_grad()
        layer(x).square().sum().backward()
        made.step()
    print(layer.weight.detach().numpy().tobytes().hex())
print("torch._dynamo.eval_frame" in sys.modules)
"""
ASKED_FOR = """
import torch
from seqlab.training.compiler import leave_unloaded
leave_unloaded()
assert not hasattr(torch._dynamo, "__file__")
{asked}
print(torch._dynamo.__name__, torch._dynamo.__file__ is not None, torch.compiler.is_compiling())
"""


def alone(code: str) -> list[str]:
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, text=True, check=False, capture_output=True,
                          timeout=120, env=os.environ | {"PYTHONPATH": str(ROOT)})
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout.split()


@pytest.mark.slow
def test_an_update_of_each_optimiser_is_the_same_without_the_compiler() -> None:
    *without, loaded = alone(UPDATES.format(first=""))
    assert loaded == "False"
    *with_it, loaded = alone(UPDATES.format(first="import torch._dynamo"))
    assert loaded == "True"
    assert without == with_it
    assert len(set(with_it)) == 4  # each moved the weights


@pytest.mark.slow
@pytest.mark.parametrize("asked", ["torch._dynamo.config", "import torch._dynamo.config",
                                   "from torch._dynamo import config"])
def test_whoever_wants_the_compiler_gets_it(asked: str) -> None:
    assert alone(ASKED_FOR.format(asked=asked)) == ["torch._dynamo", "True", "False"]
