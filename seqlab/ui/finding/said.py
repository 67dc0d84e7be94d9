"""What a label says of itself in a sentence: one source for axes, curves, columns and numbers, wherever they stand."""

from functools import cache
from importlib import import_module

from seqlab import glossary, labels
from seqlab.notation import SYMBOLS
from seqlab.registry import attributes
from seqlab.tasks import tasks
from seqlab.training.config import plain_name
from seqlab.training.setting_words import fields


@cache
def sentences() -> dict[str, str]:
    """The sentence of each label, by the label as ``glossary.bare`` leaves it; what stands first here goes before."""
    known = {glossary.bare(label): sentence for label, sentence in labels.LABELS.items()}
    for term in glossary.TERMS.values():
        for name in (term.name, *term.also):
            known.setdefault(glossary.bare(name), term.meaning)
    for symbol in SYMBOLS.values():
        sentence = f"{symbol.name[0].upper()}{symbol.name[1:]}: {symbol.meaning}."
        for name in (symbol.key, symbol.name, f"{symbol.key} {symbol.name}"):
            known.setdefault(glossary.bare(name), sentence)
    for module, found in attributes("seqlab.reference", "CORE").items():
        for core in found if isinstance(found, tuple) else (found,):
            known.setdefault(glossary.bare(core.label), (import_module(module).__doc__ or "").partition("\n")[0])
    for path, setting in (item for task in ("", *tasks()) for item in fields(task).items()):
        for name in (plain_name(path), path.rpartition(".")[2]):
            known.setdefault(glossary.bare(name), setting.description or "")
    return known


def said(label: str) -> str:
    """Say what a label such as ``Loss (nats per letter)`` means; an empty text where nothing is known of it."""
    return sentences().get(glossary.bare(label), "")
