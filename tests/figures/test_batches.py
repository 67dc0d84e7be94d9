"""A batch's picture shows how much of it is no string."""

import re
from base64 import b64decode

import numpy as np

from seqlab.figures.batches import HEIGHT, WIDTH, batches


def images(html: str) -> list[str]:
    return [b64decode(code).decode() for code in re.findall(r"base64,([^\"]+)", html)]


def test_every_batch_is_drawn_on_the_scale_of_the_longest_string() -> None:
    html = batches([np.array([2, 2, 4]), np.array([8])])
    first, second = images(html)
    assert f'width="{WIDTH / 2:.2f}"' in first
    assert f'width="{WIDTH:.2f}"' in second
    assert f"H{WIDTH / 4:.2f}V{2 * HEIGHT / 3:.2f}H{WIDTH / 2:.2f}V{HEIGHT:.2f}H0Z" in first  # an edge along the ends
    assert "3 × 4" in html
    assert "33% padding" in html
    assert "0% padding" in html


def test_what_packing_leaves_out_is_an_outline() -> None:
    (image,) = images(batches([np.array([1, 3])], packed=True))
    assert 'fill="none"' in image
    assert "fill-opacity" not in image
    assert "33% left out" in batches([np.array([1, 3])], packed=True)


def test_a_large_batch_is_thinned_and_says_how_many_it_holds() -> None:
    html = batches([np.arange(1, 5001)])
    assert "5,000 × 5000" in html
    assert images(html)[0].count("H") <= 302
