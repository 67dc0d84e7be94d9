"""The page ``text``: what it is put together from."""
