"""The picture of where a person's numbers differ."""

import numpy as np

from seqlab.figures import check
from seqlab.figures.theme import DARK, LIGHT

REFERENCE = np.zeros((3, 4))


def figure_of(yours: np.ndarray, dark: bool = False):
    return check.differences(yours, REFERENCE, (1, 2), dark=dark)


def test_time_goes_right_and_units_up_on_one_scale_for_all_pictures():
    yours = REFERENCE.copy()
    yours[1, 2], yours[2, 0] = 1e-3, 1e-9
    heat = figure_of(yours).data[0]
    assert np.asarray(heat.z).shape == (4, 3)
    assert np.allclose([heat.z[2][1], heat.z[0][2], heat.z[0][0]], [-3, -9, -16], atol=1e-5)
    assert (heat.zmin, heat.zmax) == (-16, 0)


def test_nan_and_infinity_count_as_the_largest():
    yours = REFERENCE.copy()
    yours[0, 0], yours[0, 1], yours[0, 2] = np.nan, np.inf, 1e9
    assert [row[0] for row in figure_of(yours).data[0].z] == [0, 0, 0, -16]


def test_the_first_difference_is_framed_in_the_colour_of_wrong():
    for dark, colours in ((False, LIGHT), (True, DARK)):
        frame = figure_of(REFERENCE, dark).layout.shapes[0]
        assert (frame.x0, frame.x1, frame.y0, frame.y1) == (0.5, 1.5, 1.5, 2.5)
        assert frame.line.color == colours.wrong


def test_a_finger_reads_both_numbers():
    heat = figure_of(REFERENCE + 0.5).data[0]
    assert heat.customdata[0][0].tolist() == [0.5, 0.0]
    assert "yours" in heat.hovertemplate
    assert "reference" in heat.hovertemplate
