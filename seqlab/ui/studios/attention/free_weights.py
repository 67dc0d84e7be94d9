"""Attention with weights from a seed: what a person may choose, the arrays that follow, and torch's word on them."""

import hashlib
from dataclasses import astuple, dataclass

import numpy as np
import streamlit as st
from jaxtyping import Float

from seqlab.agreement import Agreement, compare
from seqlab.reference.attention import AttentionWeights, attention, causal
from seqlab.reference.positions import sinusoids
from seqlab.ui.proof.passes import PRECISIONS
from seqlab.ui.proof.waiting import awaited
from seqlab.ui.shell.services import engine

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
        """The vectors of the tokens, with their positions where those are told."""
        x = np.stack([_drawn(self.seed, token, self.width) for token in self.tokens])
        if self.positions:
            x = x + sinusoids(len(x), self.width, x.dtype)
        return x[None].astype(dtype)

    def weights(self, dtype: str, off: tuple[int, ...] = ()) -> AttentionWeights:
        """The matrices; the columns of W_o that read a head that is off are zero."""
        shape = self.heads, self.width // self.heads, self.width
        W_q, W_k, W_v, W_o = (np.random.default_rng((self.seed, part)).standard_normal((self.width, self.width))
                              / np.sqrt(self.width) for part in range(4))
        W_o = W_o.copy()
        for head in off:
            W_o[:, head * shape[1]:(head + 1) * shape[1]] = 0.0
        each = [matrix.reshape(shape).astype(dtype) for matrix in (self.scale * W_q, self.scale * W_k, W_v)]
        return AttentionWeights(each[0], each[1], each[2], W_o.astype(dtype))

    def run(self, dtype: str, *, whole: bool = False) -> dict[str, np.ndarray]:
        """Every quantity in NumPy; ``whole`` with all heads on."""
        allowed = causal(len(self.tokens)) if self.causal else None
        return attention(self.inputs(dtype), self.weights(dtype, () if whole else self.off), allowed)

    def verdict(self) -> dict[str, Agreement]:
        """How torch's ``nn.MultiheadAttention`` agrees, in both precisions; waits for a worker.

        Where heads are off, on the whole layer too. Raises Fault or TimeoutError where there is no answer.
        """
        return _verdict(*astuple(self))


@st.cache_resource(max_entries=200, show_spinner=False)
def _verdict(*choice: object) -> dict[str, Agreement]:
    asked = FreeAttention(*choice)  # type: ignore[arg-type]  # the fields of such a choice, as they came
    sides = [True, False] if asked.off else [True]
    answers = [engine().ask("seqlab.lenses.attention:in_precisions", asked.inputs("float64"), _plain(asked, whole),
                            asked.causal, PRECISIONS) for whole in sides]
    ours = {precision: [asked.run(precision, whole=whole) for whole in sides] for precision in PRECISIONS}
    theirs = [awaited(answer) for answer in answers]
    return {precision: _worse([compare(mine, other[precision]) for mine, other in
                               zip(ours[precision], theirs, strict=True)]) for precision in reversed(PRECISIONS)}


def _plain(asked: FreeAttention, whole: bool) -> dict[str, np.ndarray]:
    weights = asked.weights("float64", () if whole else asked.off)
    return {"W_q": weights.W_q, "W_k": weights.W_k, "W_v": weights.W_v, "W_o": weights.W_o}


def _worse(found: list[Agreement]) -> Agreement:
    """One that fails, if there is one, else that with the largest difference."""
    return max(found, key=lambda part: (not part.holds, part.largest))


def _drawn(seed: int, token: str, width: int) -> Float[np.ndarray, " width"]:
    spread = hashlib.blake2s(token.encode(), digest_size=8).digest()
    return np.random.default_rng((seed, int.from_bytes(spread, "little"))).standard_normal(width)
