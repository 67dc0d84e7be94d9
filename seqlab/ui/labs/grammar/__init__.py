"""The grammar lab: a network learns a formal language, and everything that it could know is known."""
