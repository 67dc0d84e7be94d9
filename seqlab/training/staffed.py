"""What an engine says of its workers: how many there are, and why there may be none."""

from seqlab.training.workers import Workers


class Staffed:
    """Something with workers."""

    _workers: Workers

    @property
    def places(self) -> int:
        """How many runs can be in training, taking turns."""
        return self._workers.trainers * self._workers.each

    @property
    def trainers(self) -> int:
        """How many of them compute at once."""
        return self._workers.trainers

    @property
    def failure(self) -> str:
        """Why there are no workers and will be none; an empty text where nothing is wrong."""
        return self._workers.failure

    @property
    def awaited(self) -> str:
        """Why nothing is trained at this moment, in a sentence; an empty text where the workers are there."""
        return self._workers.awaited

    @property
    def away(self) -> str:
        """What to say while the scheduler of a running cluster does not answer; an empty text while it does."""
        return self._workers.away

    @property
    def ready(self) -> bool:
        """Whether the workers are there."""
        return self._workers.ready
