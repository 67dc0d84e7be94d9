"""The path of a state in a plane, over the times of an input and over the snapshots of a training."""

from dataclasses import asdict, replace

from seqlab.figures.trajectory import Trajectory
from seqlab.ui.shell.presenting import height
from seqlab.ui.widgets import component, finite

_mount = component("trajectory")


def trajectory(picture: Trajectory, *, key: str) -> None:
    """Show a path; under the same key it is redrawn in place, its time and frame stay where they are there."""
    picture = replace(picture, height=height(picture.height))
    _mount(data=finite(asdict(picture)), key=key, height=picture.height)
