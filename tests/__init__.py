"""The tests of seqlab, in the shape of the package; `python -m tests.benchmarks` measures its speed."""

from hypothesis import settings

# The same examples on every machine, however slow, and nothing written into the project.
settings.register_profile("seqlab", max_examples=50, deadline=None, derandomize=True, database=None)
settings.load_profile("seqlab")
