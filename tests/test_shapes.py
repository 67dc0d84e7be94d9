"""Arrays are held to the shapes that signatures name: in every test anew, and in loops not for ever."""

import numpy as np
import pytest
from jaxtyping import TypeCheckError

from seqlab.reference import activations
from tests.support import shapes


def test_a_wrong_shape_is_seen_and_a_loop_is_not_checked_for_ever() -> None:
    with pytest.raises(TypeCheckError):
        activations.softmax("no array")
    for _ in range(shapes.ENOUGH):
        activations.softmax(np.zeros((2, 3)))
    with pytest.raises(AttributeError):
        activations.softmax("no array")
    shapes.wake()
    with pytest.raises(TypeCheckError):
        activations.softmax("no array")
