"""Whom and what a check asks: the network and the text of the page, or those that the lesson's file names."""

from dataclasses import replace
from typing import Annotated

from pydantic import Field

from seqlab.errors import Fault
from seqlab.lessons.check import Settings
from seqlab.lessons.scene import Scene
from seqlab.training.run import Run
from seqlab.training.task_input import UNSCORED, TaskInput, read

Time = Annotated[int, Field(ge=-1, le=9999)]  # -1 is the last
Unit = Annotated[int, Field(ge=0, le=9999)]
MOST_LISTED = 20  # snapshots in a sentence


class Of(Settings):
    """A network and a text of the file's own, in place of what the page shows: then nobody can turn the page away."""

    run: Annotated[str, Field(pattern=r"[a-z0-9][a-z0-9-]{0,119}")] | None = None
    text: Annotated[str, Field(min_length=1, max_length=2000)] | None = None
    delay: Annotated[int, Field(ge=0, le=999)] | None = None
    step: Annotated[int, Field(ge=0)] | None = None


class Computes(Settings):
    """The settings of a check that asks the network; ``of`` is whom and what, else what the page shows."""

    of: Of | None = None

    def _word(self, scene: Scene) -> str:
        """The text of the file, or the word of the page without the blanks behind it. Raises Fault."""
        if self.of is not None and self.of.text is not None:
            return self.of.text
        return word_of(scene.sequence)

    def scene(self, scene: Scene) -> Scene:
        """The scene that is asked; raises Fault for a run or a text that is not there."""
        if self.of is None:
            return scene
        run = scene.library.get(self.of.run) if self.of.run else scene.shown
        given = scene.given
        if self.of.text is not None or self.of.delay is not None:
            given = typed(run, self._word(scene), self.of.delay)
        elif scene.run is None or run.path != scene.run.path:
            raise Fault(f"Name a text: beside run: {run.id}, for the page shows another network.")
        if self.of.step is not None and self.of.step not in run.snapshots():
            raise Fault(f"Run {run.id} kept no weights of step {self.of.step}; there are those of "
                        f"{', '.join(map(str, run.snapshots()[:MOST_LISTED]))}.")
        return replace(scene, run=run, step=self.of.step, given=given, changes=())


def typed(run: Run, text: str, delay: int | None = None) -> TaskInput:
    """What a network reads of a text; behind a word that it repeats come blanks, in which it answers. Raises Fault."""
    blanks = [UNSCORED] * (delay or 0) if UNSCORED in run.symbols else []
    return read(run, [*text, *blanks] if blanks else text, delay if run.sizes.conditions else None)


def word_of(given: TaskInput) -> str:
    """What was typed, without the blanks in which it is answered."""
    return "".join(given.letters_in)[:len(given.letters_in) - (given.delay or 0)]


def others(scene: Scene) -> str:
    """Say what else can be asked where a network knows all: its earlier snapshots by their steps, or something else."""
    run = scene.shown
    early = [step for step in run.snapshots() if step < (run.newest if scene.step is None else scene.step)]
    listed = f"a snapshot from before (step {', '.join(map(str, early[:MOST_LISTED]))}), " if early else ""
    return f"ask {listed}another text or another network"


def at(scene: Scene, time: int) -> int:
    """Pass a time through that the sequence has, -1 for the last; raises Fault."""
    length = len(scene.sequence.letters_in)
    if time >= length:
        raise Fault(f"The text on the page has no time t = {time}; it ends at {length - 1}. Type a longer one.")
    return length - 1 if time < 0 else time
