"""A whole network in torch: encoder, recurrent core, decoder. Its twin is ``reference.network``."""

from collections.abc import Mapping

import torch
from torch import Tensor, nn

from seqlab.models import models
from seqlab.models.initialisation import initialise
from seqlab.tasks import Dimensions
from seqlab.training.config import NetworkConfig


class Encoder(nn.Module):
    """Symbols, and a condition where the task has one, to vectors; ``batch time`` → ``batch time width``.

    A one-hot input is an embedding whose matrix is the identity and is not trained.
    """

    def __init__(self, config: NetworkConfig, sizes: Dimensions) -> None:
        super().__init__()
        self.symbol = _codes(config, sizes.symbols)
        self.condition = _codes(config, sizes.conditions) if sizes.conditions else None
        self.width = sum(part.embedding_dim for part in (self.symbol, self.condition) if part is not None)

    def forward(self, ids: Tensor, condition: Tensor | None = None) -> Tensor:
        """Join the symbol's code and the condition's, the same at every time."""
        codes = self.symbol(ids)
        if self.condition is None or condition is None:
            return codes
        same = self.condition(condition)[:, None].expand(-1, ids.shape[1], -1)
        return torch.cat((codes, same), -1)


class SequenceNetwork(nn.Module):
    """Encoder → core → decoder; ``forward`` gives logits, ``trace`` every quantity.

    Where the readout is the state itself, the core's output is the logits and the decoder does nothing.
    """

    def __init__(self, config: NetworkConfig, sizes: Dimensions) -> None:
        super().__init__()
        self.model = models()[config.model]
        self.encoder = Encoder(config, sizes)
        self.dropout = nn.Dropout(config.dropout)
        self.core = self.model.build(self.encoder.width, config)
        self.decoder = nn.Linear(config.hidden, sizes.classes) if config.readout == "linear" else nn.Identity()
        initialise(self.core, self.decoder, config.initialisation, sizes.memory)

    def forward(self, ids: Tensor, condition: Tensor | None = None) -> Tensor:
        """Logits at every time; ``batch time`` → ``batch time classes``."""
        return self.advance(ids, condition)[0]

    def advance(self, ids: Tensor, condition: Tensor | None = None,
                state: tuple[Tensor, ...] = ()) -> tuple[Tensor, tuple[Tensor, ...]]:
        """Logits at every time and the state that the last one leaves, from which a later call may go on.

        While training, ``dropout`` silences some of what the core reads and of what it gives.
        """
        x = self.dropout(self.encoder(ids, condition))
        values, last = self.core(x, state if len(state) > 1 else state[0] if state else None)
        after = () if last is None else last if isinstance(last, tuple) else (last,)
        return self.decoder(self.dropout(values)), after

    @torch.inference_mode()
    def trace(self, ids: Tensor, condition: Tensor | None = None,
              state: tuple[Tensor, ...] | None = None) -> Mapping[str, Tensor]:
        """Every quantity of a pass, named as in the reference; each ``batch time …``."""
        x = self.encoder(ids, condition)
        values = {"x": x, **self.model.trace(self.core, x, state)}
        logits = self.decoder(values[list(values)[-1]])
        return values | {"logits": logits, "p": logits.softmax(-1)}


def _codes(config: NetworkConfig, count: int) -> nn.Embedding:
    if config.input == "one-hot":
        return nn.Embedding.from_pretrained(torch.eye(count), freeze=True)
    return nn.Embedding(count, config.embedding)
