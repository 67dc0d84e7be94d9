"""Many networks of one shape in one pass: encoders, cores and decoders whose weights lie one above another."""

from dataclasses import dataclass

from jaxtyping import Float, Int
from torch import Tensor

from seqlab.models.network import SequenceNetwork
from seqlab.models.pooling import over_time
from seqlab.models.stacked import Symbols, Weights


@dataclass(frozen=True)
class StackedNetwork:
    """Networks of one shape; ``like`` is one of them, for what it is built as, not for its weights."""

    like: SequenceNetwork

    def read(self, weights: Weights, ids: Int[Tensor, "model batch time"], condition: Int[Tensor, "model batch"] | None,
             state: tuple[Tensor, ...]) -> tuple[Float[Tensor, "time model batch hidden"], tuple[Tensor, ...]]:
        """Give what the decoders read, and the last states (``model layer batch hidden`` each)."""
        run = self.like.model.stacked
        if run is None:
            raise ValueError(f"{self.like.model.name} cannot run many networks in one pass")
        name = "encoder.condition_first.weight" if self.like.encoder.condition_first else "encoder.condition.weight"
        inputs = Symbols(ids, condition, weights["encoder.symbol.weight"], weights.get(name),
                         self.like.encoder.condition_first is not None)
        core = {name.removeprefix("core."): part for name, part in weights.items() if name.startswith("core.")}
        values, after = run(self.like.core, core, inputs, state)
        return self._pooled(values), after

    def _pooled(self, values: Tensor) -> Tensor:
        if self.like.pooling == "none":
            return values
        time, models, batch, hidden = values.shape
        rows = over_time(values.permute(1, 2, 0, 3).reshape(models * batch, time, hidden), self.like.pooling)
        return rows.view(models, batch, time, hidden).permute(2, 0, 1, 3)

    def decoder(self, weights: Weights) -> tuple[Tensor | None, Tensor | None]:
        """Give W and b of the decoders; None where what they read are the logits."""
        if "decoder.bias" not in weights:
            return None, None
        return weights.get("decoder.weight", weights["encoder.symbol.weight"]), weights["decoder.bias"]
