"""Attention with every quantity in NumPy against torch's module: T = 512, 8 heads, width 256, batch 1, one thread.

    python -m tests.benchmarks.attention
"""

import os

os.environ["OPENBLAS_NUM_THREADS"] = "1"  # read when NumPy is imported

from collections.abc import Iterator

import torch
from torch import nn

from seqlab.reference.attention import attention, causal
from tests.benchmarks.agreement_attention import weights_of
from tests.benchmarks.table import Row, interleaved, show

TIME, HEADS, WIDTH = 512, 8, 256


def rows() -> Iterator[Row]:
    """Measure with and without a mask, against torch's fused kernel and against torch giving its weights back."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        for masked in (False, True):
            yield _row(masked, kept=False)
            yield _row(masked, kept=True)
    finally:
        torch.set_num_threads(threads)


def _row(masked: bool, kept: bool) -> Row:
    torch.manual_seed(0)
    module = nn.MultiheadAttention(WIDTH, HEADS, batch_first=True).eval()
    x, weights, allowed = torch.randn(1, TIME, WIDTH), weights_of(module), causal(TIME) if masked else None
    later = torch.ones(TIME, TIME, dtype=torch.bool).triu(1) if masked else None

    def theirs() -> None:
        with torch.inference_mode():
            module(x, x, x, need_weights=kept, average_attn_weights=False, attn_mask=later,
                   is_causal=masked and not kept)

    ours, other, ratio = interleaved(lambda: attention(x.numpy(), weights, allowed), theirs)
    return Row(f"attention in NumPy, every quantity / torch, {'weights returned' if kept else 'fused'}, "
               f"{'causal' if masked else 'no mask'}", ratio, unit="×",
               note=f"median of 25: {ours * 1e3:.1f} ms / {other * 1e3:.1f} ms; T = {TIME}, {HEADS} heads, "
                    f"width {WIDTH}")


if __name__ == "__main__":
    raise SystemExit(not show(list(rows())))
