"""The page ``echo``: what it is put together from."""
