"""A small loop of a person's own."""

import sys
from pathlib import Path

import torch
from torch import nn

from seqlab.recording.begin import record
from seqlab.recording.log import Log

LETTERS, UNITS, CODE = "abcd", 6, 3


class Loop(nn.Module):
    """A character network as somebody else wrote it."""

    def __init__(self) -> None:
        super().__init__()
        torch.manual_seed(0)
        self.embed = nn.Embedding(4, CODE)
        self.rnn, self.head = nn.GRU(CODE, UNITS, batch_first=True), nn.Linear(UNITS, 4)
        self.optimiser = torch.optim.SGD(self.parameters(), lr=0.1)

    def forward(self, ids: torch.Tensor) -> torch.Tensor:
        """Logits at every time."""
        return self.head(self.rnn(self.embed(ids))[0])

    def update(self) -> torch.Tensor:
        """Do one update on random letters; returns the loss."""
        ids = torch.randint(0, 4, (2, 6))
        loss = nn.functional.cross_entropy(self(ids[:, :-1]).flatten(0, 1), ids[:, 1:].flatten())
        self.optimiser.zero_grad()
        loss.backward()
        self.optimiser.step()
        return loss


def recorded(root: Path, loop: Loop | None = None, steps: int | None = None, name: str = "my gru") -> Log:
    """Begin to record a small loop."""
    return record(loop or Loop(), vocabulary=LETTERS, name=name, steps=steps, runs=root)


if __name__ == "__main__":  # a loop for ever, for those who kill it
    torch.set_num_threads(1)
    loop = Loop()
    with recorded(Path(sys.argv[1]), loop) as log:
        while log.step(loss=loop.update(), lr=0.1):
            pass
