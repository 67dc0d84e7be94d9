"""The views that leave as pages: the component's own code and its data in one document, with what was proved."""

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from html import escape
from typing import cast

from seqlab.adopt.owners_word import owner_side
from seqlab.errors import Fault
from seqlab.export.exports import Leaving
from seqlab.export.making import proofs
from seqlab.figures import components
from seqlab.figures.attention import Targets, attention_film
from seqlab.figures.attention import frames_that_fit as attention_frames
from seqlab.figures.badge import EVERYTHING, Frame, explained, proved
from seqlab.figures.film import evenly, film, film_id, frames_that_fit
from seqlab.figures.lesson import lesson
from seqlab.figures.studio import studio
from seqlab.figures.theme import DARK, FONT, LIGHT
from seqlab.reference.change_text import write
from seqlab.reference.changed import off_in
from seqlab.tasks.hello import HelloConfig
from seqlab.training.run import Run
from seqlab.training.task_input import TaskInput

MOST_FRAMES, MOST_EPOCHS = 24, 31
ATTENTION = ("query", "key", "value", "scores", "attention", "heads", "attended", "p")
SAMPLING = ("Torch has read the same text, has filtered its own logits in the same way, and has drawn with the same "
            "uniform numbers; compared are all logits, probabilities and characters of the text and of the column.")
# What asks a server for something new has no place in a file.
_QUIET = ".switches:not(.dials .switches), .again, label:has([data-dial=keep]) { display: none !important; }"
_PAGE = f"""
:root {{ color-scheme: light dark; --st-background-color: {LIGHT.background}; --st-font: {FONT};
  --ink: {LIGHT.text}; --quiet: {LIGHT.muted}; }}
@media (prefers-color-scheme: dark) {{
  :root {{ --st-background-color: {DARK.background}; --ink: {DARK.text}; --quiet: {DARK.muted}; }} }}
body {{ margin: 0 auto; padding: 20px 24px 28px; max-width: 1240px; background: var(--st-background-color);
  color: var(--ink); font: 15px/1.45 {FONT}; }}
h1 {{ font-size: 22px; margin: 0; }}
p {{ margin: 4px 0; color: var(--quiet); font-size: 13px; overflow-wrap: anywhere; }}
.part {{ margin: 12px 0; }}
"""
_MOUNT = """
const bytes = (text) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
const place = document.getElementById(PLACE), parentElement = place.attachShadow({ mode: "open" });
parentElement.append(place.querySelector("template").content);
const show = () => draw({ data: typeof DATA === "string" ? bytes(DATA) : [DATA], parentElement });
show();
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", show);
"""


@dataclass(frozen=True)
class View:
    """A component with its data, and what its badge says: the frames, the symbols it explains, what was compared."""

    component: str
    root: str
    channel: str
    data: bytes
    frames: Sequence[Frame]
    symbols: Sequence[str]
    compares: str = EVERYTHING


def explorer(leaving: Leaving) -> View:
    """The explorer: the input, what the network answers, states and gates at every snapshot."""
    run, given, network = leaving.run, leaving.given, leaving.run.config.network
    room = frames_that_fit(len(given.letters_in), network.hidden, len(run.core.views) * network.layers,
                           len(given.letters_out))
    steps = _some(run, room, MOST_FRAMES)
    traces, frames = proofs.passes(leaving, steps)
    packed = film(traces, core=run.core, steps=steps, total=run.planned, alphabet=given.letters_out,
                  inputs=given.letters_in, target=given.letters_target, delay=given.delay, channel="explorer")
    return View("explorer", "explorer", "explorer", packed, frames, run.core.views)


def attention(leaving: Leaving) -> View:
    """The heads of a transformer on the input, at every snapshot."""
    run, given, network = leaving.run, leaving.given, leaving.run.config.network
    room = attention_frames(len(given.letters_in), network.layers, network.heads, network.hidden // network.heads)
    steps = _some(run, room, MOST_FRAMES)
    traces, frames = proofs.passes(leaving, steps)
    whole = traces
    if leaving.changes:
        whole, others = proofs.passes(replace(leaving, changes=()), steps)
        frames = [one.joined(other) for one, other in zip(frames, others, strict=True)]
    packed = attention_film(traces, tokens=list(given.letters_in), steps=steps, total=run.planned,
                            channel="attention", causal=run.core.sees == "past", off=off_in(leaving.changes),
                            whole=whole, targets=Targets(given.letters_target, given.letters_out))
    return View("attention", "explorer attention", "attention", packed, frames, ATTENTION)


def hello(leaving: Leaving) -> View:
    """Every weight of a tiny network at every epoch."""
    run = leaving.run
    config = cast(HelloConfig, run.config.task_config)
    steps = _some(run, MOST_EPOCHS, MOST_EPOCHS)
    given = TaskInput(config.inputs, None, config.word, config.target, list(config.alphabet.symbols))
    traces, frames = proofs.passes(replace(leaving, given=given), steps)
    packed = lesson(traces, [leaving.weights(step) for step in steps], core=run.core, config=config, steps=steps,
                    reduction=run.config.reduction, channel="hello")
    return View("hello", "hello", "hello", packed, frames, run.core.views)


def sampling(leaving: Leaving) -> View:
    """A text drawn from the network, with its logits and draws."""
    drawn, rows, frames = proofs.text(leaving)
    packed = studio(drawn, rows, channel="sampling", play=False)
    return View("sampling", "studio", "sampling", packed, frames, ("logits", "p"), SAMPLING)


def document(leaving: Leaving, view: View) -> str:
    """Write the whole page of one view."""
    run, network = leaving.run, leaving.run.config.network
    facts = [run.core.label, f"hidden size {network.hidden}", f"{network.layers} layer(s)",
             run.config.task_spec.label, f"run {run.id}", f"step {leaving.step:,}", *map(write, leaving.changes)]
    link = f'<p>The same on a page: <a href="{escape(leaving.link)}">{escape(leaving.link)}</a></p>' if leaving.link \
        else ""
    says = {"channel": view.channel, "id": film_id(view.data), "against": "torch", "message": "",
            "symbols": explained(view.symbols), "compares": view.compares,
            "owner": None if leaving.changes else owner_side(run)} | proved(view.frames)
    return (f'<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
            f'<meta name="viewport" content="width=device-width, initial-scale=1"><title>{escape(run.name)}</title>'
            f"<style>{_PAGE}</style></head>\n<body><h1>{escape(run.name)}</h1><p>{escape(' · '.join(facts))}</p>\n"
            f"{_part('badge', 'badge', components.finite(says))}\n{_part(view.component, view.root, view.data)}\n"
            f"<p>{escape(proofs.words(view.frames[-1]))} {escape(proofs.witnesses())}</p>{link}</body></html>\n")


def _part(component: str, root: str, data: object) -> str:
    """A component in a place of its own, with its style, its script and its data."""
    script, default = components.standalone(component)
    written = base64.b64encode(data).decode() if isinstance(data, bytes) else data
    mount = f"const PLACE = {_json(component)}, DATA = {_json(written)}, draw = {default};{_MOUNT}"
    code = f"{script}\n{mount}"
    if "</script" in code or "<!--" in code:
        raise Fault("The code of this view cannot stand in an HTML file.")
    return (f'<div class="part" id="{component}"><template><style>{components.style(component)}{_QUIET}</style>'
            f'<div class="{root}"></div></template></div>\n<script type="module">\n{code}</script>')


def _json(value: object) -> str:
    """JSON that may stand in a script."""
    return json.dumps(value, ensure_ascii=False, allow_nan=False).replace("<", "\\u003c")


def _some(run: Run, room: int, most: int) -> list[int]:
    snapshots = run.snapshots()
    return [snapshots[place] for place in evenly(len(snapshots), min(room, most))]
