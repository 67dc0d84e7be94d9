"""The functions that a person can write and have checked; a new one is a new file here with an ``EXERCISE``."""

from seqlab.checking.exercise import CodingExercise
from seqlab.registry import discover

EXERCISES = dict(sorted(discover("seqlab.checking.exercises", "EXERCISE", CodingExercise).items(),
                        key=lambda item: item[1].place))
