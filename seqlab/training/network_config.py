"""What a network is made from: its core and that core's choices, how inputs enter it, and what gives the logits."""

from collections.abc import Iterable
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from seqlab.reference.core import DEFAULT, core_of, cores
from seqlab.reference.pooling import Pooling
from seqlab.reference.weights import is_bias

# Settings that only some cores have (``Core.choices``), as people call them.
CHOICES = {"norm": "place of its normalisation to choose", "final_norm": "last normalisation to leave out",
           "entry": "input layer to leave out", "feed_forward": "feed-forward network whose width can be chosen"}


class Section(BaseModel):
    """A part of a config: immutable, no unknown fields, no infinities."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class NetworkConfig(Section):
    """The network: model, size, input form, how its weights start, and what gives the logits.

    ``heads``, ``positions`` and ``context`` (the most positions that can be learned) matter to attention alone.
    ``spread`` is the standard deviation of a learned embedding at the start: where thousands of words are each read
    seldom, a small one lets what they learn stand out. ``dropout`` is the share of what the core reads and gives that
    is silenced at random while training. With ``readout`` ``state`` the core's output is the logits, without a linear
    layer. With ``pooling`` the logits come from the running maximum of that output over time, or from its running
    ``mean``; ``max-with-padding`` lets what fills a batch up take part. With one ``bias`` the second one of each layer
    is 0 and is not trained, for two move twice as fast; with none all biases of the core are. A condition's code is
    joined after the symbol's, or with ``condition_first`` before it.

    ``activation`` is one of the core's own (``Core.activations``), or ``default``, its first. A transformer normalises
    ``first``, before each part, or ``last``, behind it, and above all blocks with ``final_norm``. With ``entry``
    ``none`` no linear layer stands before it, so that the code is as wide as ``hidden``. ``feed_forward`` is the width
    inside its feed-forward network (None: 4 × ``hidden``). Without ``decoder_bias`` the logits' bias is held at 0.
    With ``tied`` the symbols' codes are the decoder's matrix as well: one tensor, which both uses train.
    """

    model: str = "gru"
    hidden: Annotated[int, Field(ge=1, le=2048)] = 128
    layers: Annotated[int, Field(ge=1, le=8)] = 1
    input: Literal["one-hot", "embedding"] = "embedding"
    embedding: Annotated[int, Field(ge=1, le=1024)] = 64
    spread: Annotated[float, Field(gt=0, le=10)] = 1.0
    initialisation: str = DEFAULT
    dropout: Annotated[float, Field(ge=0, lt=1)] = 0.0
    heads: Annotated[int, Field(ge=1, le=64)] = 4
    positions: Literal["sinusoidal", "learned", "none"] = "sinusoidal"
    context: Annotated[int, Field(ge=1, le=4096)] = 128
    readout: Literal["linear", "state"] = "linear"
    pooling: Pooling = "none"
    bias: Literal["none", "one", "two"] = "two"
    condition_first: bool = False
    activation: str = DEFAULT
    norm: Literal["first", "last"] = "first"
    final_norm: bool = True
    entry: Literal["linear", "none"] = "linear"
    feed_forward: Annotated[int, Field(ge=1, le=65536)] | None = None
    decoder_bias: bool = True
    tied: bool = False

    @field_validator("model")
    @classmethod
    def _known_model(cls, name: str) -> str:
        if name not in cores():
            raise ValueError(f"must be one of {', '.join(cores())}")
        return name

    @model_validator(mode="after")
    def _fits(self) -> "NetworkConfig":
        core = cores()[self.model]
        if core.heads and self.hidden % self.heads:
            raise ValueError(f"{self.heads} heads do not divide {self.hidden} hidden units; take a divisor")
        if self.initialisation not in core.initialisations:
            raise ValueError(f"the weights of the model {core.label} cannot start as {self.initialisation[:40]}; take "
                             f"{' or '.join(core.initialisations)}")
        if self.bias == "one" and not core.second_bias:
            raise ValueError(f"the layers of the model {core.label} have no second bias to leave out; take bias two")
        self._require_tie()
        for choice, name in CHOICES.items():
            if choice not in core.choices and getattr(self, choice) != type(self).model_fields[choice].default:
                raise ValueError(f"the model {core.label} has no {name}; leave {choice} as it is")
        if self.activation not in (DEFAULT, *core.activations):
            raise ValueError(f"the model {core.label} has no activation {self.activation[:40]}; take "
                             f"{' or '.join(core.activations)}")
        return self

    def _require_tie(self) -> None:
        """Raise ValueError where a decoder is to share a matrix that it cannot."""
        if self.tied and (self.readout, self.input) != ("linear", "embedding"):
            raise ValueError("a decoder can only be tied to an embedding, and where the readout is linear")
        if self.tied and self.embedding != self.hidden:
            raise ValueError(f"a decoder that is tied to the embedding needs codes as wide as the hidden state: "
                             f"{self.hidden} numbers, not {self.embedding}")

    @property
    def reach(self) -> int | None:
        """Most inputs that it can read at once: as many as it has learned positions; None where nothing bounds them."""
        return self.context if self.positions == "learned" and core_of(self).heads else None

    @property
    def left_out(self) -> list[str]:
        """Names of the weights that are held at 0: biases, where there are to be fewer."""
        core, named = core_of(self), list[str]()
        if self.bias == "one":
            named = [core.second_bias.format(layer=layer) for layer in range(self.layers)]
        elif self.bias == "none":
            named = [name for name in core.shapes(self.hidden, self) if is_bias(name)]
        decoder = [] if self.decoder_bias or self.readout == "state" else ["decoder.bias"]
        return [f"core.{name}" for name in named] + decoder

    def fixed(self, names: Iterable[str]) -> set[str]:
        """Those of the network's weights that training leaves as they are: one-hot codes, and what is held at 0."""
        codes = {name for name in names if name.startswith("encoder.")} if self.input == "one-hot" else set()
        return codes.union(self.left_out)
