"""The page ``sampling``: what it is put together from."""
