"""The curves of a run alone: a loss that falls, with validation, clipped updates and a change of the rate."""

import numpy as np

from seqlab.ui.widgets.live import live

ROWS = 200


def curves() -> dict[str, object]:
    """Sample data: rows of a run that is still going."""
    rng, steps = np.random.default_rng(0), np.arange(ROWS)
    loss = 3.2 * np.exp(-steps / 60) + 0.6 + rng.normal(0, 0.05, ROWS)
    rare = steps % 40 == 39
    columns = {"step": steps, "loss": loss, "accuracy": 1 - np.exp(-steps / 70),
               "grad_norm": np.exp(rng.normal(-1, 0.6, ROWS)), "lr": np.where(steps < 120, 0.003, 0.001),
               "tokens_per_s": np.full(ROWS, 61000.0), "clipped": (rng.uniform(size=ROWS) < 0.15).astype(float),
               "evaluation": np.where(rare, 1 - np.exp(-steps / 70), np.nan),
               "validation": np.where(rare, loss + 0.05, np.nan)}
    return {"steps": 300, "state": "training", "columns": columns, "chance": 0.04, "clip": 1.0, "perplexity": True,
            "bands": {"name": "10–90 % of 8 seeds", "tells": "Sample data", "columns": {"loss": {
                "x": [1, 60, 200], "low": [3.0, 1.6, 0.6], "high": [3.4, 2.1, 0.9]}}},
            "marks": [{"step": 120, "label": "learning rate 0.001"}], "unit": "character", "fresh": "validation"}


if __name__ == "__main__":
    live(curves(), key="sample")
