"""A class on one server: who is there, whose a run is, what each may do; nothing of it without ``SEQLAB_CLASS``."""
