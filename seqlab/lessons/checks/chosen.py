"""The check of a choice that nothing can compute: about words and ideas."""

from typing import Annotated

from pydantic import Field

from seqlab.lessons.check import CheckKind, Computed, Settings
from seqlab.lessons.scene import Scene


class Option(Settings):
    """Which of the choices is right, counted from 1, and why."""

    right: Annotated[int, Field(ge=1, le=6)]
    because: Annotated[str, Field(min_length=1, max_length=400)]


def _option(settings: Option, scene: Scene) -> Computed:
    return Computed(settings.right - 1, settings.because)


CHECKS = CheckKind(
    name="option", settings=Option, answers=("choice",), compute=_option,
    tells="One of the choices is right, as the file says. Only where nothing can be computed: about words and ideas.",
    example='option: {right: 2, because: "A gate is a number between 0 and 1 for each unit, at each time."}')
