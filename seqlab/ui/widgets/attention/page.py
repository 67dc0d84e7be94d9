"""Multi-head attention alone: two layers of random heads over a sentence, a little surer in each of four snapshots."""

import numpy as np

from seqlab.figures.attention import Targets, attention_film
from seqlab.reference.attention import AttentionWeights, attention, causal
from seqlab.ui.widgets.attention import attention as mount

TOKENS = ("the", "cat", "sat", "on", "the", "mat")
HEADS, FEATURE, LAYERS, SNAPSHOTS = 4, 6, 2, 4


def sample() -> bytes:
    """Sample data: the quantities of each snapshot, and what it would answer."""
    return attention_film([quantities(1.0 + k) for k in range(SNAPSHOTS)], tokens=TOKENS, channel="sample", causal=True,
                          steps=[10 * k for k in range(SNAPSHOTS)], targets=Targets("abcabc", "abc"))


def quantities(strength: float) -> dict[str, np.ndarray]:
    """One pass through layers whose queries have this strength."""
    rng, width = np.random.default_rng(4), HEADS * FEATURE
    values: dict[str, np.ndarray] = {}
    for layer in range(LAYERS):
        query, key, value = rng.normal(0, 0.3, (3, HEADS, FEATURE, width))
        weights = AttentionWeights(strength * query, key, value, rng.normal(0, 0.3, (width, width)))
        passed = attention(rng.standard_normal((1, len(TOKENS), width)), weights, causal(len(TOKENS)))
        values |= {f"{name}.{layer}": array for name, array in passed.items()}
    logits = rng.standard_normal((1, len(TOKENS), 3))
    return values | {"logits": logits, "p": np.exp(logits) / np.exp(logits).sum(-1, keepdims=True)}


if __name__ == "__main__":
    mount(sample(), key="sample", on_switch=lambda _: None)
