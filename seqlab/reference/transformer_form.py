"""The choices of a transformer that its weights do not say: where it normalises, its activation, how inputs enter."""

from dataclasses import dataclass

from seqlab.reference.activations import ACTIVATIONS, Activation
from seqlab.reference.core import DEFAULT, Sizes

_ATTENTION = ("query", "key", "value", "scores", "attention", "heads", "attended", "mid")


@dataclass(frozen=True)
class Form:
    """How a transformer is put together.

    ``norm`` ``first``: each part of a block reads what is normalised, and adds to the residual stream (Xiong et al.
    2020). ``last``: the residual stream is normalised behind each part (Vaswani et al. 2017). ``final_norm``: one more
    normalisation stands above all blocks. ``entry`` ``none``: no input layer, the code itself is the residual stream.
    ``positions`` ``none``: none are added, ``sinusoidal``: waves, ``learned``: vectors that the weights hold.
    """

    activation: str = "gelu-tanh"
    norm: str = "first"
    final_norm: bool = True
    entry: str = "linear"
    positions: str = "sinusoidal"

    @classmethod
    def of(cls, network: Sizes, activations: tuple[str, ...]) -> "Form":
        """Take the form from a network's settings; the activation that they leave open is the first one."""
        chosen = activations[0] if network.activation == DEFAULT else network.activation
        return cls(chosen, network.norm, network.final_norm, network.entry, network.positions)

    @property
    def acts(self) -> Activation:
        """The activation of the feed-forward network."""
        return ACTIVATIONS[self.activation]

    @property
    def symbols(self) -> tuple[str, ...]:
        """Everything that a pass computes, in order."""
        inside = ("ln1", *_ATTENTION, "ln2", "ff", "h") if self.norm == "first" else (
            *_ATTENTION, "ln1", "ff", "post", "h")
        return ("entered", *inside, *(("ln",) if self.final_norm else ()))


PLAIN = Form()
