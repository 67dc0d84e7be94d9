"""A whole network in torch: encoder, recurrent core, decoder. Its twin is ``reference.network``."""

from collections.abc import Iterable, Mapping

import torch
from jaxtyping import Float
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812

from seqlab.models import models
from seqlab.models.dropout import Dropout
from seqlab.models.pooling import over_time
from seqlab.models.recurrent import packed_pass
from seqlab.reference.changed import Sites, applied
from seqlab.reference.core import core_of
from seqlab.reference.edit import UNCHANGED, Edits
from seqlab.reference.intervention import Intervention
from seqlab.tasks import Dimensions
from seqlab.training.config import NetworkConfig


class Encoder(nn.Module):
    """Symbols, and a condition where the task has one, to vectors; ``batch time`` → ``batch time width``.

    A one-hot input is an embedding whose matrix is the identity and is not trained. The condition's code stands after
    the symbol's or before it, and its matrix is named accordingly.
    """

    def __init__(self, config: NetworkConfig, sizes: Dimensions) -> None:
        super().__init__()
        self.symbol = _codes(config, sizes.symbols)
        condition = _codes(config, sizes.conditions) if sizes.conditions else None
        self.condition = None if config.condition_first else condition
        self.condition_first = condition if config.condition_first else None
        self.width = sum(part.embedding_dim for part in (self.symbol, condition) if part is not None)

    def forward(self, ids: Tensor, condition: Tensor | None = None, time_first: bool = False,
                edits: Edits = UNCHANGED) -> Tensor:
        """Join the symbol's code and the condition's, the same at every time; ``time_first`` in memory, or batch."""
        codes, given = self.symbol(ids.T if time_first else ids), self.condition or self.condition_first
        edits.codes(codes, ids)
        if given is not None and condition is not None:
            code = given(condition)
            same = code.expand(len(codes), -1, -1) if time_first else code[:, None].expand(-1, ids.shape[1], -1)
            codes = torch.cat((codes, same) if given is self.condition else (same, codes), -1)
        return codes.transpose(0, 1) if time_first else codes


class TiedDecoder(nn.Module):
    """Logits by the symbols' own codes and a bias; the codes belong to the encoder, and are held there alone."""

    def __init__(self, codes: nn.Embedding) -> None:
        super().__init__()
        self._codes = (codes,)  # in a tuple, so that it is no part of this module
        self.bias = nn.Parameter(torch.zeros(codes.num_embeddings))

    @property
    def weight(self) -> Tensor:
        """The codes."""
        return self._codes[0].weight

    def forward(self, read: Float[Tensor, "*shape hidden"]) -> Float[Tensor, "*shape classes"]:
        """Give the logits."""
        return F.linear(read, self.weight, self.bias)


class SequenceNetwork(nn.Module):
    """Encoder → core → decoder; ``forward`` gives logits, ``trace`` every quantity.

    Where the readout is the state itself, the core's output is the logits and the decoder does nothing. With pooling
    the running maximum of the core's output takes its place. Where the task asks for one answer to a whole sequence,
    ``forward`` gives only that of its last real time step, of length 1; ``trace`` gives those of every time.
    """

    def __init__(self, config: NetworkConfig, sizes: Dimensions) -> None:
        super().__init__()
        self.config, self.model = config, models()[config.model]
        self.encoder = Encoder(config, sizes)
        self.dropout = Dropout(config.dropout)
        self.core = self.model.build(self.encoder.width, config)
        self.pooling, self.whole = config.pooling, sizes.whole
        self.decoder = self._decoder(config, sizes)
        if not self.encoder.symbol.weight.is_meta:  # or the weights are about to be loaded
            self.model.start(self.core, self.decoder, config.initialisation, sizes.memory)
            self._leave_out(config.left_out)
        self.set_trainable(config)

    def _decoder(self, config: NetworkConfig, sizes: Dimensions) -> nn.Module:
        if config.readout == "state":
            return nn.Identity()
        return TiedDecoder(self.encoder.symbol) if config.tied else nn.Linear(config.hidden, sizes.classes)

    def set_trainable(self, config: NetworkConfig) -> None:
        """Have all weights trained but those that are fixed: one-hot codes, and biases held at 0."""
        parameters = dict(self.named_parameters())
        fixed = config.fixed(parameters)
        for name, weight in parameters.items():
            weight.requires_grad_(name not in fixed)

    @torch.no_grad()
    def _leave_out(self, names: Iterable[str]) -> None:
        for name in names:
            self.get_parameter(name).zero_()

    def forward(self, ids: Tensor, condition: Tensor | None = None, lengths: Tensor | None = None) -> Tensor:
        """Logits at every time, or of each whole sequence; ``batch time`` → ``batch time classes``."""
        return self.advance(ids, condition, lengths=lengths)[0]

    def everywhere(self, ids: Tensor, condition: Tensor | None = None) -> Tensor:
        """Logits at every time, even where the task asks for one answer; ``batch time`` → ``batch time classes``."""
        values, _ = self.core(self.encoder(ids, condition), None)
        return self.decoder(over_time(values, self.pooling))

    def advance(self, ids: Tensor, condition: Tensor | None = None,
                state: tuple[Tensor, ...] = (), lengths: Tensor | None = None,
                packed: bool = False) -> tuple[Tensor, tuple[Tensor, ...]]:
        """Logits at every time and the state that the last one leaves, from which a later call may go on."""
        read, after = self.read(ids, condition, state, lengths, packed)
        return self.decoder(read), after

    def read(self, ids: Tensor, condition: Tensor | None = None, state: tuple[Tensor, ...] = (),
             lengths: Tensor | None = None, packed: bool = False) -> tuple[Tensor, tuple[Tensor, ...]]:
        """Give what the decoder reads, and the last state.

        While training, ``dropout`` silences some of what the core reads and of what it gives. Where sequences of such
        ``lengths`` are ``packed``, recurrent cores compute nothing after a sequence's end: the core's output is 0
        there, and its last state is that of the last real time step.
        """
        before = state if len(state) > 1 else state[0] if state else None
        look_up = self.model.look_up
        if packed and lengths is not None:
            if not self.model.packs:
                raise ValueError(f"{self.model.name} cannot run packed sequences")
            values, last = packed_pass(self.core, self._codes(ids, condition), lengths, before)
        elif self.model.lengths:
            values, last = self.core(self._codes(ids, condition), before, lengths)
        elif look_up is not None and self._repeats(ids, condition) and look_up.pays(self.core, ids):
            values, last = look_up.run(self.core, self.encoder.symbol.weight, ids, state[0] if state else None)
        else:
            values, last = self.core(self._codes(ids, condition), before)
        after = () if last is None else last if isinstance(last, tuple) else (last,)
        return self.dropout(over_time(values, self.pooling, self.whole, lengths)), after

    def _codes(self, ids: Tensor, condition: Tensor | None) -> Tensor:
        """Codes of the inputs; where a core takes one time after another, they lie so in memory, and are not copied."""
        return self.dropout(self.encoder(ids, condition, self.model.time_first))

    def _repeats(self, ids: Tensor, condition: Tensor | None) -> bool:
        """Whether symbols alone are read, each of them the same wherever it stands, and there are more than symbols."""
        return condition is None and not self.dropout.p and ids.numel() >= self.encoder.symbol.num_embeddings

    @torch.inference_mode()
    def trace(self, ids: Tensor, condition: Tensor | None = None, state: tuple[Tensor, ...] | None = None,
              changes: tuple[Intervention, ...] = ()) -> Mapping[str, Tensor]:
        """Every quantity of a pass, named as in the reference; each ``batch time …``.

        With ``changes`` each quantity that they name is changed before it is read. Raises Fault for what is not there.
        """
        edits = self._edits(changes, ids.shape[1], condition)
        x = self.encoder(ids, condition, edits=edits)
        edits.at()(x=x)
        values = {"x": x, **self.model.trace(self.core, x, state, edits)}
        if self.pooling != "none":
            values["pooled"] = over_time(values[list(values)[-1]], self.pooling)
            edits.at()(pooled=values["pooled"])
        logits = self.decoder(values[list(values)[-1]]).clone()  # or, without a decoder, it is the core's output itself
        edits.at()(logits=logits)
        return values | {"logits": logits, "p": logits.softmax(-1)}

    def _edits(self, changes: tuple[Intervention, ...], time: int, condition: Tensor | None) -> Edits:
        def unchanged(given: tuple[int, ...]) -> Mapping[str, Tensor]:
            return self.trace(torch.tensor([given]), None if condition is None else condition[:1])

        if not changes:
            return UNCHANGED
        values = self.trace(torch.zeros(1, 1, dtype=torch.int64), None if condition is None else condition[:1])
        sites = Sites.of_trace(core_of(self.config), self.encoder.symbol.num_embeddings, values)
        return applied(sites, changes, time, unchanged)


def _codes(config: NetworkConfig, count: int) -> nn.Embedding:
    if config.input == "one-hot":
        return nn.Embedding.from_pretrained(torch.eye(count), freeze=True)
    made = nn.Embedding(count, config.embedding)
    with torch.no_grad():
        made.weight.mul_(config.spread)
    return made
