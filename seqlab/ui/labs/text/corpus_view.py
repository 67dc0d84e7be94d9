"""What is known of a text before a network reads it: its size, beginning, characters, and what trains and validates."""

from collections import Counter
from itertools import islice
from pathlib import Path

import numpy as np
import streamlit as st

from seqlab.data import corpora
from seqlab.data.preparation import LABELS, PREPARATIONS, Losses, losses
from seqlab.data.sentences import PREPARATIONS as SENTENCES
from seqlab.data.vocabulary import UNKNOWN, counts
from seqlab.data.windows import spans
from seqlab.errors import Fault
from seqlab.figures.corpus import bars, division, lengths
from seqlab.numerals import counted
from seqlab.tasks import MOST_LETTERS, sentences, text
from seqlab.tasks.sentences import SentencesConfig
from seqlab.tasks.text import TextConfig
from seqlab.training.config import RunConfig
from seqlab.training.task_input import visible
from seqlab.ui.proof.store import PICTURES
from seqlab.ui.shell.foreign import literal
from seqlab.ui.shell.style import style
from seqlab.ui.shell.theme import is_dark
from seqlab.ui.widgets.plot import still

FIRST = 700  # characters of the beginning
NAMED = 12  # unknown characters that are named
HEIGHT = 210


def corpus_view(config: RunConfig) -> None:
    """Draw the text of a config whose text is here; raises Fault."""
    style(Path(__file__).with_name("corpus.css"))
    task = config.task_config
    (_text if isinstance(task, TextConfig) else _sentences)(task)


def _text(task: TextConfig) -> None:
    whole, prepared = (_size(task.corpus, preparation) for preparation in ("whole", task.preparation))
    st.markdown(f"**{literal(corpora.title(task.corpus))}** · {whole:,} characters, {prepared:,} as prepared · "
                f"{_known(task)}, and a mark for all others")
    _side_by_side(corpora.prepared(task.corpus, task.preparation)[:FIRST], _counted(task), task.unit)
    training, validation = spans(prepared, task.split, task.reach)
    st.html(division(prepared, training, validation, task.reach, dark=is_dark()))
    st.caption(_explained(prepared, training, validation, task) + " " + _unknown(task))
    _lost(_losses(task.corpus, task.preparation, False), LABELS[task.preparation])


def _known(task: TextConfig) -> str:
    """Say how many symbols the network knows, and how long they are in this text."""
    if task.unit == "character":
        different = len(_counted(task))
        return f"{different:,} different · the network knows {counted(len(task.letters), 'character')}"
    characters, symbols = _size(task.corpus, task.preparation), sum(map(len, text.parts(task)))
    return (f"{symbols:,} {task.unit}s of {characters / max(1, symbols):.1f} characters on average · the network knows "
            f"{len(task.tokens):,} of them")


def _explained(length: int, training: range, validation: range, task: TextConfig) -> str:
    if task.split == "position":
        return ("By position: the first nine tenths train and the last tenth validates; no character does both, and "
                "the whole text is used.")
    both = training.stop - validation.start
    unread = 1 - validation.stop / max(length, 1)
    trained, validated = (f"{len(part) - task.reach:,}" for part in (training, validation))
    return (f"As d2l: {trained} windows train and the next {validated} validate. Each begins one character "
            f"after the one before, so {both:,} characters do both, and {unread:.0%} of the text is never read.")


def _unknown(task: TextConfig) -> str:
    """Name and count the characters that validate and that the network does not know."""
    try:
        validated = "".join(text.passages(task))
    except Fault:
        return ""
    counts = task.alphabet.unknown_symbols(validated)
    if len(task.letters) == MOST_LETTERS:
        others = task.alphabet.unknown_symbols(corpora.prepared(task.corpus, task.preparation))
        return (f"The network knows the {MOST_LETTERS} most frequent characters; {len(others):,} others, which come "
                f"{sum(others.values()):,} × in the whole text, are read as the mark {UNKNOWN}.")
    if not counts:
        return f"The network knows every {task.unit} that validates it."
    share = sum(counts.values()) / max(1, len(text.parts(task)[1]))
    return (f"{_named(counts)} ({share:.2%} of what validates) never came while it trained; each is read as the mark "
            f"{UNKNOWN}.")


def _lost(lost: Losses, preparation: str) -> None:
    """Say which letters and signs a preparation leaves nothing of, with a word before and after."""
    if lost.example is None:
        return
    parts = [f"{sum(counts.values()):,} {what} ({_named(counts)})" for what, counts in
             (("letters and digits", lost.letters), ("other signs", lost.signs)) if counts]
    before, after = lost.example
    st.caption(literal(f"Lost by “{preparation}”: {' and '.join(parts)}. For example “{before}” becomes “{after}”."))


@PICTURES.cached
def _losses(corpus: str, preparation: str, as_sentences: bool) -> Losses:
    text = corpora.prepared(corpus, "whole")
    return losses(text, SENTENCES[preparation].plain if as_sentences else PREPARATIONS[preparation])


def _named(counts: Counter[str]) -> str:
    named = ", ".join(f"{literal(visible(character))} {count:,} ×" for character, count in counts.most_common(NAMED))
    rest = len(counts) - NAMED
    return named + (f" and {rest} more" if rest > 0 else "")


def _sentences(task: SentencesConfig) -> None:
    training, validation = sentences.divided(task.corpus, task.preparation)
    sizes = _sizes(task.corpus, task.preparation)
    st.markdown(f"**{literal(corpora.title(task.corpus))}** · {counted(len(sizes), 'sentence')} of "
                f"{sizes.min()} to {sizes.max()} characters, {sizes.mean():.0f} on average · the network knows "
                f"{counted(len(task.letters), 'character')}, and marks for begin, end and padding")
    _side_by_side("\n".join(sentence.rstrip("\n") for sentence in islice(training, 8)),
                  _sentence_characters(task.corpus, task.preparation))
    still(lengths(sizes), key="sentence-lengths")
    unknown, cut = Counter(sentences.unknown_characters(task)), int((sizes > task.longest).sum())
    note = (f"{_named(unknown)} come in the sentences that validate and never in those that train; they are left out."
            if unknown else "The network knows every character that validates it.")
    copies = len(sizes) - len({*training, *validation})
    both = (f"of {copies:,} that stand there again, all copies are in the same part, so no sentence does both" if copies
            else "none does both")
    st.caption(f"{len(training):,} sentences train and {len(validation):,} validate, dealt out once in a random order; "
               f"{both}. {f'{cut:,} are cut at {task.longest} characters. ' if cut else ''}{note}")
    _lost(_losses(task.corpus, task.preparation, True), SENTENCES[task.preparation].label)


def _side_by_side(beginning: str, counts: Counter[str], unit: str = "character") -> None:
    left, right = st.columns(2, gap="medium")
    left.code(beginning, language=None, wrap_lines=True, height=HEIGHT)
    with right.container(height=HEIGHT):
        st.html(bars(counts, visible, dark=is_dark(), unit=unit))


def _size(corpus: str, preparation: str) -> int:
    return len(corpora.prepared(corpus, preparation))


@PICTURES.cached
def _counted(task: TextConfig) -> Counter[str]:
    prepared = corpora.prepared(task.corpus, task.preparation)
    return counts(prepared) if task.unit == "character" else Counter(task.alphabet.cut(prepared))


@PICTURES.cached
def _sentence_characters(corpus: str, preparation: str) -> Counter[str]:
    return counts("".join("".join(part) for part in sentences.divided(corpus, preparation)))


@PICTURES.cached
def _sizes(corpus: str, preparation: str) -> np.ndarray:
    return np.array([len(sentence) for part in sentences.divided(corpus, preparation) for sentence in part])
