"""The loss in one pass: torch's own cross-entropy says what it must be, and autograd what its gradients must be."""

import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812

from seqlab.data.batching import Batch
from seqlab.training import loss as module
from seqlab.training.loss import CrossEntropy, loss_and_correct, weighted_loss

WIDTH = 5
DECODERS = {"linear": lambda classes: nn.Linear(WIDTH, classes), "none": lambda classes: nn.Identity()}


def drawn(batch: int, time: int, classes: int, dtype: torch.dtype, weighted: str = "some") -> Batch:
    torch.manual_seed(batch + time)
    targets = torch.randint(classes, (batch, time))
    weight = {"some": torch.randint(2, (batch, time)), "none": torch.zeros(batch, time),
              "shares": torch.rand(batch, time)}[weighted].to(dtype)
    return Batch(targets, targets, weight, torch.randint(2, (batch, time)).to(dtype))


def known(logits: Tensor, batch: Batch, reduction: str) -> tuple[Tensor, Tensor]:
    """The same with torch's own parts, pass by pass."""
    each = F.cross_entropy(logits.flatten(0, 1), batch.targets.flatten(), reduction="none")
    weight = batch.weight.flatten()
    right = ((logits.argmax(-1) == batch.targets) * batch.scored).sum()
    sizes = {"mean": weight.sum().clamp(min=1), "sum": len(logits), "positions": weight.numel()}
    return each @ weight / sizes[reduction], right


@pytest.mark.parametrize("time_first", [True, False])
@pytest.mark.parametrize("kind", DECODERS)
@pytest.mark.parametrize("reduction", ["mean", "sum", "positions"])
@pytest.mark.parametrize("weighted", ["some", "none", "shares"])
@pytest.mark.parametrize(("batch", "time"), [(3, 4), (1, 1), (40, 30), (7, 1)])
def test_it_is_torch_s_cross_entropy(batch: int, time: int, weighted: str, reduction: str, kind: str,
                                     time_first: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "FEWEST", 64)  # so that the larger batch is taken in parts
    monkeypatch.setattr(module, "AT_ONCE", 100)
    classes = 6 if kind == "linear" else WIDTH
    drawn_batch = drawn(batch, time, classes, torch.float64, weighted)
    decoder = DECODERS[kind](classes).double()
    leaf = torch.randn(time, batch, WIDTH, dtype=torch.float64, requires_grad=True)
    read = leaf.transpose(0, 1) if time_first else leaf.transpose(0, 1).contiguous()
    asked = [leaf, *decoder.parameters()]
    loss, right = loss_and_correct(read, decoder, drawn_batch, reduction)
    theirs, their_right = known(decoder(read), drawn_batch, reduction)
    torch.testing.assert_close(loss, theirs, rtol=1e-13, atol=1e-13)
    assert right == their_right
    for ours, known_gradient in zip(torch.autograd.grad(3 * loss, asked), torch.autograd.grad(3 * theirs, asked),
                                    strict=True):
        torch.testing.assert_close(ours, known_gradient, rtol=0, atol=1e-13)


def test_its_gradients_are_those_of_its_values() -> None:
    torch.manual_seed(2)
    read, W, b = (torch.randn(*shape, dtype=torch.float64, requires_grad=True) for shape in ((9, 4), (3, 4), (3,)))
    targets, weight = torch.randint(3, (9,)), torch.rand(9, dtype=torch.float64)
    assert torch.autograd.gradcheck(lambda *parts: CrossEntropy.apply(*parts, targets, weight)[0], (read, W, b))
    assert torch.autograd.gradcheck(lambda y: CrossEntropy.apply(y, None, None, targets, weight)[0], (read,))


def test_single_precision_is_torch_s_to_rounding() -> None:
    batch = drawn(64, 32, 28, torch.float32)
    logits = (6 * torch.randn(64, 32, 28)).requires_grad_()
    ours, (theirs, _) = weighted_loss(logits, batch), known(logits, batch, "mean")
    assert ours.item() == pytest.approx(theirs.item(), rel=3e-6)
    for found, exact in zip(torch.autograd.grad(ours, logits), torch.autograd.grad(theirs, logits), strict=True):
        torch.testing.assert_close(found, exact, rtol=1e-5, atol=1e-9)


def test_logits_far_apart_stay_finite() -> None:
    logits = torch.tensor([[[1e4, 0.0, -1e4], [0.0, 3e38, -3e38]]], requires_grad=True)
    targets = torch.tensor([[1, 1]])
    batch = Batch(targets, targets, torch.ones(1, 2), torch.ones(1, 2))
    loss, right = loss_and_correct(logits, nn.Identity(), batch)
    assert loss.item() == pytest.approx(5000)
    assert right == 1
    gradient, = torch.autograd.grad(loss, logits)
    torch.testing.assert_close(gradient, torch.tensor([[[0.5, -0.5, 0.0], [0.0, 0.0, 0.0]]]))


def test_a_tie_is_no_right_answer() -> None:
    """Were it one, a dead network, which says the same of everything, would seem to know it all."""
    targets = torch.zeros(1, 1, dtype=torch.long)
    batch = Batch(targets, targets, torch.ones(1, 1), torch.ones(1, 1))
    assert loss_and_correct(torch.tensor([[[1.0, 1.0]]]), nn.Identity(), batch)[1] == 0
    assert loss_and_correct(torch.tensor([[[1.5, 1.0]]]), nn.Identity(), batch)[1] == 1
    assert loss_and_correct(torch.full((1, 1, 2), float("nan")), nn.Identity(), batch)[1] == 0
