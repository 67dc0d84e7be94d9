"""Orders in which the units of a layer are worth looking at; each is a permutation of unit numbers."""

import numpy as np
from jaxtyping import Float, Int


def strongest(h: Float[np.ndarray, "time hidden"]) -> Int[np.ndarray, " hidden"]:
    """Order units by the time at which |h| is largest; among equals from the most positive to the most negative.

    Units that answer one after another become a diagonal in the picture.
    """
    known = _known(h)
    peak = np.abs(known).argmax(axis=0)
    return np.lexsort((-np.take_along_axis(known, peak[None], axis=0)[0], peak))


def clusters(h: Float[np.ndarray, "time hidden"]) -> Int[np.ndarray, " hidden"]:
    """Order units so that those with a similar course over time stand together.

    Each course is centred and scaled to length 1; units are sorted by their angle in the plane of the two largest
    principal components, cut open at the widest gap. Units that never change come last, in their own order.
    Source: Friendly 2002, "Corrgrams", the order by angles of eigenvectors.
    """
    course = _known(h.astype(np.float64))
    course = course - course.mean(axis=0)
    length = np.linalg.norm(course, axis=0)
    moving = np.flatnonzero(length > 1e-9)
    constant = np.flatnonzero(length <= 1e-9)
    if moving.size < 3:
        return np.concatenate([moving, constant])
    angle = _angles(course[:, moving] / length[moving])
    around = np.argsort(angle, kind="stable")
    return np.concatenate([moving[_cut_open(around, angle[around])], constant])


def _known(h: Float[np.ndarray, "time hidden"]) -> Float[np.ndarray, "time hidden"]:
    """Read NaN and infinity, which have no place in an order, as 0."""
    return np.asarray(np.nan_to_num(h, nan=0.0, posinf=0.0, neginf=0.0))


def _angles(course: Float[np.ndarray, "time moving"]) -> Float[np.ndarray, " moving"]:
    """Angle of each course in the plane of the two largest principal components, in (-π, π]."""
    _, directions = np.linalg.eigh(course @ course.T)
    first, second = directions[:, -1], directions[:, -2]
    # eigh leaves the signs open; fixing them makes the order the same on every machine.
    first, second = (axis * np.sign(axis[np.argmax(np.abs(axis))]) for axis in (first, second))
    return np.asarray(np.arctan2(second @ course, first @ course))


def _cut_open(around: Int[np.ndarray, " moving"], angle: Float[np.ndarray, " moving"]) -> Int[np.ndarray, " moving"]:
    """Start the circle after its widest gap, so that the two ends of the list are the least alike."""
    gaps = np.diff(angle, append=angle[0] + 2 * np.pi)
    return np.roll(around, -(int(gaps.argmax()) + 1))
