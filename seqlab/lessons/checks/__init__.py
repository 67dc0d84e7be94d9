"""The kinds of checks that a step of a lesson can name, one file for each group; a new one is a new ``CheckKind``."""
