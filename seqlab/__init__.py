"""seqlab: train small sequence models live and look inside, with the same computation proved in NumPy."""

__version__ = "0.1.0"
