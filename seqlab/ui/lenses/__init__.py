"""What a network can be asked beside its word: a section for each lens, of which one is open at a time."""
