"""The page ``attention``: what it is put together from."""
