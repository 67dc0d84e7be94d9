"""Attention with weights from a seed: what a person may choose, the arrays that follow, and the proof of these."""

import hashlib
from dataclasses import dataclass, replace

import numpy as np
from jaxtyping import Float

from seqlab.figures.rounding import PRECISIONS
from seqlab.reference.attention import AttentionWeights, attention, causal
from seqlab.reference.positions import sinusoids
from seqlab.ui.proof import client
from seqlab.ui.proof.proof import Proof
from seqlab.ui.proof.waiting import Pending

MOST_HEADS = 16


def divisors(width: int) -> list[int]:
    """Numbers of heads that a width can be shared among."""
    return [heads for heads in range(1, min(width, MOST_HEADS) + 1) if width % heads == 0]


@dataclass(frozen=True)
class FreeAttention:
    """One layer of attention over a sentence, with no training behind it.

    Each distinct token has a vector of its own, drawn from the seed and its text, so that another word changes nothing
    about the rest. W_q and W_k have standard deviation ``scale`` / √width, W_v and W_o 1 / √width; there are no
    biases. ``off`` lists the heads that are switched off.
    """

    tokens: tuple[str, ...]
    width: int = 16
    heads: int = 4
    scale: float = 1.0
    seed: int = 0
    causal: bool = True
    positions: bool = True
    off: tuple[int, ...] = ()

    def inputs(self, dtype: str) -> Float[np.ndarray, "batch time width"]:
        """The vectors of the tokens, with their positions where those are added."""
        x = np.stack([_token_vector(self.seed, token, self.width) for token in self.tokens])
        if self.positions:
            x = x + sinusoids(len(x), self.width, x.dtype)
        return x[None].astype(dtype)

    def weights(self, dtype: str) -> AttentionWeights:
        """The matrices; the columns of W_o that read a head that is off are zero."""
        shape = self.heads, self.width // self.heads, self.width
        W_q, W_k, W_v, W_o = (np.random.default_rng((self.seed, part)).standard_normal((self.width, self.width))
                              / np.sqrt(self.width) for part in range(4))
        W_o = W_o.copy()
        for head in self.off:
            W_o[:, head * shape[1]:(head + 1) * shape[1]] = 0.0
        each = [matrix.reshape(shape).astype(dtype) for matrix in (self.scale * W_q, self.scale * W_k, W_v)]
        return AttentionWeights(each[0], each[1], each[2], W_o.astype(dtype))

    @property
    def whole(self) -> "FreeAttention":
        """The same with all heads on."""
        return replace(self, off=())

    @property
    def shown(self) -> "tuple[FreeAttention, ...]":
        """What stands in the picture: where heads are off also the whole layer, beside which it is drawn."""
        return (self.whole, self) if self.off else (self,)

    def run(self, dtype: str) -> dict[str, np.ndarray]:
        """Every quantity in NumPy."""
        allowed = causal(len(self.tokens)) if self.causal else None
        return attention(self.inputs(dtype), self.weights(dtype), allowed)


Attentions = dict[str, dict[str, np.ndarray]]  # every quantity, by precision


def _ask(attention: FreeAttention) -> Pending[Attentions]:
    weights = attention.weights("float64")
    matrices = {"W_q": weights.W_q, "W_k": weights.W_k, "W_v": weights.W_v, "W_o": weights.W_o}
    return client.attention_layer(attention.inputs("float64"), matrices, attention.causal, PRECISIONS)


FREE_ATTENTION = Proof[FreeAttention, Attentions](
    name="free attention", remote=_ask, against="torch’s nn.MultiheadAttention",
    reference=lambda attention, precision: [attention.run(precision)],
    torch=lambda attention, answer, precision: [answer[precision]],
    weights=lambda attention, frame: max(float(np.abs(part).max()) for part in (
        attention.weights("float64").W_q, attention.weights("float64").W_k)),
    symbols=("query", "key", "value", "scores", "attention", "heads", "attended"),
    compares="The badge compares queries, keys, values, scores, weights and outputs of all heads.")


def _token_vector(seed: int, token: str, width: int) -> Float[np.ndarray, " width"]:
    spread = hashlib.blake2s(token.encode(), digest_size=8).digest()
    return np.random.default_rng((seed, int.from_bytes(spread, "little"))).standard_normal(width)
