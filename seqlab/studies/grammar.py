"""The assignment on formal languages: which share of generated strings is valid, and what the units count."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from seqlab.data.generated import generate
from seqlab.data.grammar.quantities import DEPTH
from seqlab.reference.sampling import Choice
from seqlab.studies import Report, Study, results
from seqlab.studies.chapter.fitting import losses
from seqlab.studies.figure import Figure
from seqlab.studies.published import PUBLISHED
from seqlab.studies.results import Measured, MeasuredCurve
from seqlab.tasks.grammar import GENERATED, RECIPES
from seqlab.training.config import RunConfig
from seqlab.training.run import Run, create

NAMES = {"ndfa": "NDFA", "brackets": "brackets", "toy": "toy English by character", "words": "toy English by word"}
TEMPERATURES = (1.0, 0.9, 0.8, 0.7, 0.6, 0.5)
SEED = 1


def study(report: Report, runs: Path) -> Mapping[str, float]:
    """Train each recipe, generate strings, and compare with the grammar; stores figures, curves and samples."""
    figures: dict[str, float] = {}
    lines: dict[str, MeasuredCurve] = {}
    texts: dict[str, str] = {}
    ids: dict[str, str] = {}
    seconds = 0.0
    for recipe, name in NAMES.items():
        run = _trained(recipe, name, runs)
        seconds += run.status.seconds
        ids[recipe] = run.id
        part = measured(run, name)
        figures |= part
        lines |= {f"{name}: loss": losses(run), f"{name}: valid": _shares(run)}
        texts[name] = "\n".join(f"{'✓' if one.valid else '✗'} {one.text}" for one in [*run.samples().values()][-1])
        report(f"{name}: {part[f'{name}: valid at T = 1']:.1%} of {GENERATED:,} strings at T = 1 are valid after "
               f"{part[f'{name}: seconds']:.0f} s; KL {part[f'{name}: KL in nats a token']:.4f}")
    results.keep(runs, results.result_of("grammar", Measured(figures, lines, texts), ids, seconds))
    return figures


def _trained(recipe: str, name: str, runs: Path) -> Run:
    from seqlab.training.session import train

    run = create(runs, RunConfig(**(RECIPES[recipe].config | {"name": f"LSTM, {name}", "device": "cpu"})))
    train(run.path)
    return run


def measured(run: Run, name: str) -> dict[str, float]:
    """Generate strings at several temperatures, and compare the last weights with the grammar."""
    from seqlab.lenses.grammar import truth

    shares = {temperature: valid_share(run, temperature) for temperature in TEMPERATURES}
    best = max(TEMPERATURES, key=lambda temperature: shares[temperature])
    truth_figures = truth(str(run.path), run.newest)
    named = {f"{name}: valid at T = 1": shares[1.0], f"{name}: valid at its best temperature": shares[best],
             f"{name}: that temperature": best, f"{name}: KL in nats a token": truth_figures["held"]["kl"],
             f"{name}: loss in nats a token": truth_figures["held"]["loss"],
             f"{name}: entropy in nats a token": truth_figures["held"]["floor"], f"{name}: seconds": run.status.seconds}
    return named | _depth(truth_figures)


def valid_share(run: Run, temperature: float) -> float:
    """Share of ``GENERATED`` strings drawn at a temperature that are valid; in [0, 1]."""
    return generate(run.config.task_config.source, run.core, run.weights(), GENERATED, seed=SEED,
                    choice=Choice(temperature)).valid


def _depth(known: Mapping[str, Any]) -> dict[str, float]:
    """R² of the depth of brackets, read off each symbol of the state, by all units and by one; nothing without any."""
    named: dict[str, float] = {}
    for probe in known["probes"]:
        if probe["name"] == DEPTH:
            symbol = probe["symbol"]
            named |= {f"depth from {symbol}: R²": probe["r2"], f"depth from {symbol}: R², longer": probe["r2_longer"],
                      f"depth from {symbol}: best unit": float(probe["unit"]),
                      f"depth from {symbol}: best unit's R²": probe["unit_r2"],
                      f"depth from {symbol}: best unit's R², longer": probe["unit_r2_longer"]}
    return named


def _shares(run: Run) -> MeasuredCurve:
    columns = run.metrics()
    rows = [(step, share) for step, share in zip(columns["step"].tolist(), columns["valid"].tolist(), strict=True)
            if share == share]  # noqa: PLR0124 (NaN is what differs from itself)
    return MeasuredCurve(x=tuple(step for step, _ in rows), y=tuple(share for _, share in rows))


def _figures(recipe: str, name: str) -> tuple[Figure, ...]:
    source = f"reviews/{recipe}"
    return (Figure(f"{name}: valid at T = 1", f"{name}: valid strings at T = 1", ".1%",
                   source if source in PUBLISHED else "", more=True),
            Figure(f"{name}: KL in nats a token", f"{name}: KL in nats a token", ".4f"))


STUDY = Study("grammar", "Formal languages: NDFA, brackets, toy English", "course assignment: LSTM, embedding 32, 16 "
              "units, 150,000 strings, 3 epochs; a majority of 10 samples of NDFA was valid",
              tuple(figure for recipe, name in NAMES.items() for figure in _figures(recipe, name)), study, keeps=True)
