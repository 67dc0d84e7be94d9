"""The sampling studio alone: a text drawn from random logits, which every dial shapes anew."""

import numpy as np

from seqlab.data.vocabulary import Vocabulary
from seqlab.figures.studio import SampledText
from seqlab.figures.studio import studio as pack
from seqlab.reference.sampling import Choice, draw, shape, uniforms
from seqlab.ui.widgets.sampling import studio

ALPHABET, COUNT = Vocabulary.of_text(" abcdefghijklmnopqrstuvwxyz"), 160


def sample() -> bytes:
    """Sample data: logits, the uniform numbers, what they drew, and the same at other temperatures."""
    logits = np.random.default_rng(1).normal(scale=2.5, size=(COUNT, len(ALPHABET))).astype(np.float32)
    draws = uniforms(3, COUNT)
    texts = {temperature: draw(shape(logits, Choice(temperature), ALPHABET.masked).p, draws)
             for temperature in (0.0, 0.5, 1.0, 1.5)}
    text = SampledText("the time ", ALPHABET, Choice(), 3, texts[1.0], logits, draws)
    return pack(text, {temperature: ids[:60] for temperature, ids in texts.items()}, channel="sample", play=False)


if __name__ == "__main__":
    studio(sample(), key="sample", on_choose=lambda _: None)
