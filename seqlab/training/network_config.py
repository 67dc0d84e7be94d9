"""What a network is made from: its core and that core's choices, how inputs enter it, and what gives the logits."""

from collections.abc import Iterable
from typing import Annotated, Literal

from pydantic import ConfigDict, Field, field_validator, model_validator

from seqlab.described import Described
from seqlab.reference.core import DEFAULT, core_of, cores
from seqlab.reference.pooling import Pooling
from seqlab.reference.weights import is_bias

# Settings that only some cores have (``Core.choices``), as people call them.
CHOICES = {"norm": "place of its normalisation to choose", "final_norm": "last normalisation to leave out",
           "entry": "input layer to leave out", "feed_forward": "feed-forward network whose width can be chosen"}


class Section(Described):
    """A part of a config: no infinities."""

    model_config = ConfigDict(allow_inf_nan=False)


class NetworkConfig(Section):
    """The network: model, size, input form, how its weights start, and what gives the logits."""

    model: str = "gru"
    """Which layer reads the sequence: an RNN, a GRU, an LSTM, their published variants, or a transformer."""
    hidden: Annotated[int, Field(ge=1, le=2048)] = 128
    """Numbers in the hidden state of a layer, each of them one unit; more of them remember more and take longer."""
    layers: Annotated[int, Field(ge=1, le=8)] = 1
    """Layers stacked on one another: each reads the hidden states of the one below."""
    input: Literal["one-hot", "embedding"] = "embedding"
    """How a symbol enters: as an embedding, a vector that is learned, or one-hot, a 1 in its own place among 0s."""
    embedding: Annotated[int, Field(ge=1, le=1024)] = 64
    """Numbers in the vector that stands for a symbol, where symbols are embedded."""
    spread: Annotated[float, Field(gt=0, le=10)] = 1.0
    """Standard deviation of a learned embedding at the start; where thousands of words are each read seldom, a small
    one lets what they learn stand out."""
    initialisation: str = DEFAULT
    """How the weights start: at random as torch has them, or in a way made for the task, such as a delay line, which
    holds what is read from the first update on."""
    dropout: Annotated[float, Field(ge=0, lt=1)] = 0.0
    """Share of the core's inputs and outputs that is set to 0 at random while it trains; it helps a network that
    learns its text by heart."""
    heads: Annotated[int, Field(ge=1, le=64)] = 4
    """How many patterns of attention a layer has side by side; the hidden units are shared out among them, so the
    number of heads must divide theirs."""
    positions: Literal["sinusoidal", "learned", "none"] = "sinusoidal"
    """How a transformer knows what came first, for attention alone does not: waves of sines and cosines, learned
    vectors, or not at all."""
    context: Annotated[int, Field(ge=1, le=4096)] = 128
    """Time steps of the longest sequence that a network with learned positions can ever read."""
    readout: Literal["linear", "state"] = "linear"
    """What gives the logits: a linear layer on the hidden state, or the hidden state itself."""
    pooling: Pooling = "none"
    """What the answer is read from: the last hidden state, or the running maximum or mean over time. Sequences of a
    batch are filled up to the longest of them, and a pool that reads the padding too gives a text another answer
    beside a longer one."""
    bias: Literal["none", "one", "two"] = "two"
    """Biases of a layer: torch's have two, b_ih and b_hh, where a textbook has one. Two that are trained move twice
    as fast, and count twice in the gradient's norm."""
    condition_first: bool = False
    """Which code comes first in the input vector, the condition's (such as the delay) or the symbol's: it changes
    only the order of the weights' columns."""
    activation: str = DEFAULT
    """Function that bends the sums of the core: one of the core's own, or default, its first."""
    norm: Literal["first", "last"] = "first"
    """Where a transformer normalises: first, before each part of a block, or last, behind it."""
    final_norm: bool = True
    """Whether a transformer normalises once more above all blocks."""
    entry: Literal["linear", "none"] = "linear"
    """Whether a linear layer stands before a transformer; without it the code is as wide as the hidden state."""
    feed_forward: Annotated[int, Field(ge=1, le=65536)] | None = None
    """Width inside a transformer's feed-forward network; left out, it is four times the hidden state's."""
    decoder_bias: bool = True
    """Whether the logits have a bias of their own; without, it is held at 0."""
    tied: bool = False
    """Whether the symbols' embeddings are the decoder's matrix as well: one tensor, which both uses train."""

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
