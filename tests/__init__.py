"""The tests of seqlab, in the shape of the package; `python -m tests.benchmarks` measures its speed."""

import os

from hypothesis import settings

# Two parts that seqlab does not ship stand beside its own in every test, also in workers and in other processes.
os.environ["SEQLAB_PARTS"] = "tests.parts"

# The same examples on every machine, however slow, and nothing written into the project.
settings.register_profile("seqlab", max_examples=50, deadline=None, derandomize=True, database=None)
settings.load_profile("seqlab")
