"""What a page asks of a loop: the thread that reads the commands notes it here, and the loop looks."""

import threading
from dataclasses import dataclass, field

WAIT = 0.2  # seconds after which a loop that is held looks again, so that Ctrl-C reaches it


@dataclass
class Steering:
    """Whether the loop is to stop or to be held, and the learning rate that was asked for (None: its own)."""

    stopped: bool = False
    held: bool = False
    lr: float | None = None
    _single: bool = False
    _changed: threading.Condition = field(default_factory=threading.Condition)

    def ask(self, do: str, value: float | None) -> None:
        """Note a command: ``stop``, ``pause``, ``resume``, ``step`` or ``lr``."""
        with self._changed:
            if do == "lr":
                self.lr = value
            elif do == "stop":
                self.stopped, self.held = True, False
            elif do in ("pause", "resume", "step"):
                self.held, self._single = do != "resume", do == "step"
            self._changed.notify_all()

    def wait(self) -> None:
        """Sleep while the loop is held, or until it is let do a single step."""
        with self._changed:
            while self.held and not self._single:
                self._changed.wait(WAIT)
            self._single = False
