"""The Python API: the objects that the pages use, for notebooks and scripts.

>>> import seqlab
>>> run = seqlab.open("text-gru")
>>> run.trace("the time ")["z.0"].shape  # batch time hidden
(1, 9, 384)
>>> run.agreement("the time ").holds
True
"""

from seqlab.api.launching import launch
from seqlab.api.opening import open_run as open
from seqlab.api.run import Run
from seqlab.api.training import train
from seqlab.trace import Trace

__all__ = ["Run", "Trace", "launch", "open", "train"]
