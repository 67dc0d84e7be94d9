"""Broken and hostile input for every door: it comes in, or one ``Fault`` says why not."""
