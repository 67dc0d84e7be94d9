"""One quantity of a pass that ends where it is computed is that of the whole pass."""

import numpy as np
import pytest

from seqlab.reference.core import cores
from seqlab.reference.network import encode, stack
from seqlab.reference.quantity import batches, by_unit
from tests.reference.test_reading import weights_of


@pytest.mark.parametrize("name", cores())
def test_a_pass_that_ends_at_a_quantity_has_the_same_numbers(name: str) -> None:
    core = cores()[name]
    weights, rows = weights_of(core), [np.arange(length) % 3 for length in (5, 2)]
    ids = np.stack([rows[0], np.pad(rows[1], (0, 3), "edge")])
    whole = stack(core, encode(ids, weights), weights)
    for quantity in by_unit(core, weights):
        values: dict[int, np.ndarray] = {}
        for group, part in batches(core, rows, weights, quantity):
            values |= dict(zip(group, part, strict=True))
        for place in (0, 1):
            np.testing.assert_array_equal(values[place], whole[quantity][place], quantity)
