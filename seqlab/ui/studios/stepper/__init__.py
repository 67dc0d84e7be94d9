"""The page ``stepper``: what it is put together from."""
