"""Watching a loop that somebody else wrote: three lines in it, and an ordinary run folder comes of it."""
