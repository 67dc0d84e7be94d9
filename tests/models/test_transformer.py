import numpy as np
import pytest
import torch
from torch import nn

from seqlab.agreement import compare
from seqlab.errors import Fault
from seqlab.models import models
from seqlab.models.network import SequenceNetwork
from seqlab.models.transformer import Transformer, sinusoids
from seqlab.reference import positions as reference
from seqlab.reference.core import cores
from seqlab.tasks import Dimensions
from seqlab.training.config import NetworkConfig

BATCH, TIME, INPUT = 3, 9, 5


def made(positions: str = "sinusoidal", **settings: object) -> Transformer:
    """A transformer none of whose weights is the 0 or the 1 that it starts from."""
    torch.manual_seed(0)
    sizes = {"hidden": 12, "heads": 3, "layers": 2, "context": 10} | settings
    core = models()["transformer"].build(INPUT, NetworkConfig(model="transformer", positions=positions, **sizes))
    with torch.no_grad():
        for part in core.parameters():
            part.add_(0.2 * torch.randn_like(part))
    return core.double()


def drawn(time: int = TIME) -> torch.Tensor:
    return torch.randn(BATCH, time, INPUT, dtype=torch.float64, generator=torch.Generator().manual_seed(1))


@pytest.mark.parametrize("positions", ["sinusoidal", "learned"])
@pytest.mark.parametrize("time", [1, TIME])
@torch.inference_mode()
def test_what_trains_is_what_is_shown(positions: str, time: int) -> None:
    core = made(positions)
    trace = models()["transformer"].trace(core, drawn(time))
    torch.testing.assert_close(core(drawn(time))[0], trace["ln"], rtol=0, atol=1e-13)
    for layer, block in enumerate(core.blocks):
        ln1, heads = trace[f"ln1.{layer}"], trace[f"heads.{layer}"]
        torch.testing.assert_close(block.attention(ln1), trace[f"attended.{layer}"], rtol=0, atol=1e-13)
        # The fused kernel does not give its weights back; those that are shown must be what it used.
        shown = trace[f"attention.{layer}"] @ trace[f"value.{layer}"]
        torch.testing.assert_close(heads, shown, rtol=0, atol=1e-13)


@pytest.mark.parametrize("positions", ["sinusoidal", "learned"])
@torch.inference_mode()
def test_it_is_torchs_own_transformer(positions: str) -> None:
    core = made(positions)
    theirs = nn.TransformerEncoder(
        nn.TransformerEncoderLayer(12, 3, 48, 0.0, nn.GELU("tanh"), batch_first=True, norm_first=True), 2,
        nn.LayerNorm(12), enable_nested_tensor=False).double().eval()
    for own, other in zip(core.blocks, theirs.layers, strict=True):
        attention = own.attention
        other.self_attn.in_proj_weight.copy_(torch.cat([getattr(attention, f"W_{p}").flatten(0, 1) for p in "qkv"]))
        other.self_attn.in_proj_bias.copy_(torch.cat([getattr(attention, f"b_{p}").flatten() for p in "qkv"]))
        other.self_attn.out_proj.weight.copy_(attention.W_o)
        other.self_attn.out_proj.bias.copy_(attention.b_o)
        for mine, name in ((own.ln1, "norm1"), (own.ln2, "norm2"), (own.ff_in, "linear1"), (own.ff_out, "linear2")):
            getattr(other, name).load_state_dict(mine.state_dict())
    theirs.norm.load_state_dict(core.norm.state_dict())
    later = torch.ones(TIME, TIME, dtype=torch.bool).triu(1)
    torch.testing.assert_close(core(drawn())[0], theirs(core.enter(drawn()), mask=later), rtol=0, atol=1e-12)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("width", [1, 7, 64])
def test_positions_are_those_of_the_formula_and_made_once(width: int, dtype: torch.dtype) -> None:
    found = sinusoids(500, width, dtype, torch.device("cpu"))
    expected = reference.sinusoids(500, width, np.dtype(str(dtype).removeprefix("torch.")))
    np.testing.assert_allclose(found.numpy(), expected, atol=1e-7 if dtype == torch.float32 else 1e-12)
    assert found.dtype == dtype
    assert sinusoids(500, width, dtype, torch.device("cpu")) is found


def test_a_look_inside_does_not_spoil_the_training_after_it() -> None:
    sinusoids.cache_clear()
    network = SequenceNetwork(NetworkConfig(model="transformer", hidden=8, heads=2), Dimensions(4, 4))
    ids = torch.tensor([[0, 1, 2, 3]])
    network.trace(ids)  # in inference mode
    network(ids).sum().backward()
    assert all(part.grad is not None for part in network.parameters())


def test_every_weight_is_trained() -> None:
    core = made("learned")
    core(drawn())[0].pow(2).sum().backward()
    unmoved = {name for name, part in core.named_parameters() if part.grad is None or not part.grad.abs().sum() > 1e-12}
    # A bias of the keys adds the same to all scores of a query, which softmax does not see.
    assert unmoved == {f"blocks.{layer}.attention.b_k" for layer in range(2)}


def test_learned_positions_end_somewhere() -> None:
    core = made("learned", context=TIME)
    core(drawn())
    for run in (core, lambda x: models()["transformer"].trace(core, x)):
        with pytest.raises(Fault, match=f"learned {TIME} positions, and the sequence has {TIME + 1} steps"):
            run(drawn(TIME + 1))


def test_an_odd_width_and_a_single_unit_are_no_trouble() -> None:
    for settings in ({"hidden": 1, "heads": 1}, {"hidden": 7, "heads": 7}, {"hidden": 9, "heads": 3}):
        core = made(**settings)
        weights = {f"core.{name}": part.detach().numpy() for name, part in core.state_dict().items()}
        with torch.inference_mode():
            theirs = {name: value.numpy() for name, value in models()["transformer"].trace(core, drawn()).items()}
        assert compare(cores()["transformer"].run(drawn().numpy(), weights), theirs).largest <= 1e-12
