"""The page ``check``: what it is put together from."""
