"""The page ``exercises``: what it is put together from."""
