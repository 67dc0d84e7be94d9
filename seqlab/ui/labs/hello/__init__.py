"""The page ``hello``: what it is put together from."""
