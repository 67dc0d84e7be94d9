"""Multi-head self-attention: every position asks all others, or all before it, and mixes what they answer.

Source: Vaswani et al. 2017, "Attention is all you need", equation 1 and section 3.2.2.
"""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float

from seqlab.reference.activations import softmax
from seqlab.reference.edit import Edit, unchanged
from seqlab.reference.linear import matrices, product
from seqlab.reference.weights import Weights


@dataclass(frozen=True)
class AttentionWeights:
    """Weights of one attention layer, one matrix for each head; biases are None where there are none."""

    W_q: Float[np.ndarray, "head feature width"]
    W_k: Float[np.ndarray, "head feature width"]
    W_v: Float[np.ndarray, "head feature width"]
    W_o: Float[np.ndarray, "width head_feature"]
    b_q: Float[np.ndarray, "head feature"] | None = None
    b_k: Float[np.ndarray, "head feature"] | None = None
    b_v: Float[np.ndarray, "head feature"] | None = None
    b_o: Float[np.ndarray, " width"] | None = None

    @classmethod
    def of(cls, weights: Weights, prefix: str) -> "AttentionWeights":
        """Pick one layer by the prefix of its names (``core.blocks.0.attention.``); KeyError if a matrix is missing."""
        matrices = (weights[f"{prefix}W_{part}"] for part in "qkvo")
        return cls(*matrices, *(weights.get(f"{prefix}b_{part}") for part in "qkvo"))

    @property
    def W_qkv(self) -> Float[np.ndarray, "head3 feature width"]:
        """The three matrices that read x as one, as torch's module multiplies: queries first, then keys and values."""
        return np.concatenate((self.W_q, self.W_k, self.W_v))

    @property
    def b_qkv(self) -> Float[np.ndarray, "head3 feature"] | None:
        """The three biases likewise; None where there are none."""
        parts = [part for part in (self.b_q, self.b_k, self.b_v) if part is not None]
        return np.concatenate(parts) if parts else None


@dataclass
class Cache:
    """Keys and values of the positions that a layer has read, so that no position is read twice."""

    key: Float[np.ndarray, "batch head room feature"] | None = None
    value: Float[np.ndarray, "batch head room feature"] | None = None
    length: int = 0

    def joined(self, key: Float[np.ndarray, "batch head time feature"],
               value: Float[np.ndarray, "batch head time feature"]) -> tuple[np.ndarray, np.ndarray]:
        """Add those of new positions and give back all; the room doubles whenever it is used up."""
        first, self.length = self.length, self.length + key.shape[2]
        self.key, self.value = self._roomy(self.key, key), self._roomy(self.value, value)
        self.key[:, :, first:self.length], self.value[:, :, first:self.length] = key, value
        return self.key[:, :, :self.length], self.value[:, :, :self.length]

    def _roomy(self, old: np.ndarray | None, like: np.ndarray) -> np.ndarray:
        if old is not None and old.shape[2] >= self.length:
            return old
        batch, head, _, feature = like.shape
        grown = np.empty((batch, head, 2 * self.length, feature), like.dtype)
        if old is not None:
            grown[:, :, :old.shape[2]] = old
        return grown


def attention(x: Float[np.ndarray, "batch time width"], weights: AttentionWeights,
              allowed: Bool[np.ndarray, "time seen"] | None = None,
              cache: Cache | None = None, edit: Edit = unchanged) -> dict[str, np.ndarray]:
    """Run one layer and keep every quantity; ``allowed[t, j]`` says whether t may look at j (None: at everything).

    With a cache x goes on where it ends: the positions in it come first among those that can be looked at.
    ``edit`` may change each quantity before it is read; what may not be looked at gets no weight even so.
    Raises ValueError for a position that may look at nothing, and for a sequence of no time steps.

    query_t = W_q x_t + b_q, likewise key_j and value_j, for each head
    scores_tj = query_t · key_j / √feature
    attention_t = softmax over j of scores_tj where allowed, 0 elsewhere
    heads_t = Σ_j attention_tj value_j
    attended_t = W_o [heads_t of every head, one after another] + b_o

    Agrees with ``torch.nn.MultiheadAttention`` to 1e-12 in float64 (tests/test_agreement_attention.py).
    """
    if not x.size:
        raise ValueError(f"attention needs at least one sequence and one time step, got shape {x.shape}")
    query, key, value = np.split(project(x, weights.W_qkv, weights.b_qkv), 3, axis=1)
    edit(query=query, key=key, value=value)
    if cache is not None:
        key, value = cache.joined(key, value)
    scores = matrices(query * x.dtype.type(query.shape[-1] ** -0.5), key.swapaxes(-1, -2))
    edit(scores=scores)
    pattern = softmax(scores if allowed is None else scores + mask(allowed, x.dtype))
    edit(attention=pattern)
    if allowed is not None:
        pattern *= allowed
    heads = matrices(pattern, value)
    edit(heads=heads)
    attended = product(joined(heads), np.ascontiguousarray(weights.W_o.T))
    if weights.b_o is not None:
        attended += weights.b_o
    edit(attended=attended)
    return {"query": query, "key": key, "value": value, "scores": scores, "attention": pattern, "heads": heads,
            "attended": attended}


def causal(time: int, past: int = 0) -> Bool[np.ndarray, "{time} {past+time}"]:
    """Let every position look at itself and at those before it, of which ``past`` came before the first."""
    return np.tri(time, past + time, past, dtype=bool)


def mask(allowed: Bool[np.ndarray, "time seen"], dtype: np.dtype) -> Float[np.ndarray, "time seen"]:
    """Write what is added to the scores: 0 where one may look, -∞ elsewhere; ValueError where a row has no 0."""
    if not allowed.any(axis=-1).all():
        raise ValueError(f"position {allowed.any(axis=-1).argmin()} may look at nothing, so it has nothing to mix")
    return np.where(allowed, 0, -np.inf).astype(dtype)


def project(x: Float[np.ndarray, "batch time width"], weight: Float[np.ndarray, "head feature width"],
            bias: Float[np.ndarray, "head feature"] | None) -> Float[np.ndarray, "batch head time feature"]:
    """Apply each head's matrix to every position."""
    heads, feature, width = weight.shape
    flat = product(x, np.ascontiguousarray(weight.reshape(heads * feature, width).T))
    if bias is not None:
        flat += bias.reshape(-1)
    return flat.reshape(*x.shape[:2], heads, feature).swapaxes(1, 2)


def joined(heads: Float[np.ndarray, "batch head time feature"]) -> Float[np.ndarray, "batch time head_feature"]:
    """Put the outputs of all heads side by side."""
    batch, _, time, _ = heads.shape
    return heads.swapaxes(1, 2).reshape(batch, time, -1)
