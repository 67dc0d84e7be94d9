"""The tests of seqlab, in the shape of the package; `python -m tests.benchmarks` measures its speed."""
