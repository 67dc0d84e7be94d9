"""The page ``compare``: what it is put together from."""
