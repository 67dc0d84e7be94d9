"""Tensors that have no use: which of them do no harm, and which mean that the network is another one."""

import re
from collections.abc import Sequence

from seqlab.adopt.ends import Ends
from seqlab.adopt.parts import Arrays, size

_BUFFER = re.compile(r"(?:.*[._])?(?:pe|position_ids|attn\.bias|attn\.masked_bias|\w*mask|tril|triu|"
                     r"num_batches_tracked|inv_freq|positional_encoding)")
_NORM = re.compile(r"(?:.*[._])?(?:\w*norm\w*|ln\w*|bn\w*)\.(?:weight|bias|running_mean|running_var)", re.I)


def buffers(name: str) -> bool:
    """Whether a tensor is one that modules keep beside their weights, such as a mask."""
    return bool(_BUFFER.fullmatch(name))


def problem_of(left: Arrays, names: Sequence[str], ends: Ends, outputs: int) -> str:
    """Say in a sentence what tensors without a use mean that seqlab cannot open; empty where they do no harm.

    ``names`` are those of all tensors, in the order of the file.
    """
    before = names[:min((place for place, name in enumerate(names) if name in ends.core.names), default=0)]
    for name, array in left.items():
        shown = f"{name!r:.80} ({size(array.shape)})"
        if array.ndim >= 3:
            return (f"The tensor {shown} seems to be a convolution, which seqlab cannot open; leave it out if the "
                    "network works without it.")
        if _NORM.fullmatch(name):
            return f"The tensor {shown} seems to belong to a normalisation that such a network does not have in seqlab."
        if array.ndim == 2 and array.shape[0] == ends.core.width and not ends.codes and name in before:
            return (f"The tensor {shown} seems to be a layer before the {ends.core.label}; seqlab opens networks that "
                    "read symbols as codes or one-hot.")
        if array.ndim == 2 and array.shape[1] == outputs and f"{name.removesuffix('.weight')}.bias" in left:
            return (f"The tensor {shown} seems to be one more layer after the output layer; seqlab opens networks with "
                    "one linear layer behind the recurrent layers or blocks.")
    return ""
