"""The page ``sweeps``: what it is put together from."""
