"""Running text, or the beginning of a sentence, for a network that predicts the next character."""

from seqlab.data import sentences
from seqlab.data.preparation import LABELS, PREPARATIONS
from seqlab.training.run import Run
from seqlab.training.task_input import TaskInput
from seqlab.ui.runs.inputs import scored_by_next, text_field


def text_input(run: Run, key: str) -> TaskInput:
    """Draw the field; the text is prepared as the network is used to, each character is scored by the next one."""
    config = run.config.task_config
    typed = text_field(key, f"This network reads its text by {config.unit}, with {LABELS[config.preparation]}.")
    return scored_by_next(PREPARATIONS[config.preparation](typed), config.alphabet, "reads it as the mark �")


def sentence_input(run: Run, key: str) -> TaskInput:
    """Draw the field; the text follows the mark that begins a sentence, and an unknown character is left out."""
    typed = text_field(key, "The beginning of a sentence, in plain ASCII.")
    config = run.config.task_config
    plain = sentences.PREPARATIONS[config.preparation].plain
    return scored_by_next(plain(typed), config.alphabet, "leaves it out")
