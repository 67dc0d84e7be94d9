"""How a network's weights start."""

from torch import nn


def initialise(core: nn.RNNBase, how: str, memory: int) -> None:
    """Set the starting weights of a recurrent core in place; ``default`` leaves torch's own."""
    if core.weight_hh_l0.is_meta:  # the weights are about to be loaded
        return
    if how == "orthogonal":
        for layer in core.all_weights:
            for block in layer[1].data.split(core.hidden_size):
                nn.init.orthogonal_(block)
