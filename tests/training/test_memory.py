"""Memory that is given back is really gone, and what it held still works."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CODE = """
from pathlib import Path
import torch
from seqlab.training.memory import give_back
def mapped():
    lines = Path("/proc/self/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Rss:"))
x = torch.randn(64, 64, dtype=torch.float64, generator=torch.Generator().manual_seed(0), requires_grad=True)
(x @ x).tanh().sum().backward()
first, before = x.grad.clone(), mapped()
give_back()
after = mapped()
x.grad = None
(x @ x).tanh().sum().backward()
print(before - after, torch.equal(first, x.grad))
"""


@pytest.mark.skipif(not Path("/proc/self/smaps_rollup").exists(), reason="only Linux says what is mapped")
def test_code_that_ran_once_is_let_go_and_runs_again() -> None:
    done = subprocess.run([sys.executable, "-c", CODE], cwd=ROOT, text=True, check=False, capture_output=True,
                          timeout=120, env=os.environ | {"PYTHONPATH": str(ROOT)})
    assert done.returncode == 0, done.stderr[-2000:]
    freed, same = done.stdout.split()
    assert int(freed) > 20_000  # kB
    assert same == "True"
